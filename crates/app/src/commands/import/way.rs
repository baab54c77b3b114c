//! Where a command's files go: through a running server, or to intake itself.

use super::through_server::ServerSink;
use crate::connection::{Connection, operator};
use govern::{Action, Entry, Grant, Principal, Resource};
use intake::Subject;
use intake::import::{IntakeSink, Sink, Tally, Verdict};
use model::{StudyInstanceUid, Timestamp};
use server::App;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Exams named in the audit entry; an import of more names these and their number.
const EXAMS_AUDITED: usize = 200;

/// A way for files; authorized when it is opened, recorded in the audit log when it ends.
pub(in crate::commands) enum Way {
    /// Through a running server's upload door.
    Server(Arc<ServerSink>),
    /// To intake, in this process.
    Rooms(Arc<App>, Grant, Arc<IntakeSink>),
}

impl Way {
    /// Through the server when one runs, else to the rooms this process has opened.
    /// Files that are not DICOM are attached to `attach_to`, if it is given.
    pub async fn open(connection: &Connection, attach_to: Option<Subject>) -> anyhow::Result<Self> {
        match connection.rooms() {
            Some(app) => Self::rooms(app, attach_to),
            None => Ok(Self::Server(Arc::new(ServerSink::begin(connection.requests(), attach_to).await?))),
        }
    }

    /// To the rooms of a server in this process.
    pub fn rooms(app: &Arc<App>, attach_to: Option<Subject>) -> anyhow::Result<Self> {
        let who = Principal::operator(&operator());
        let grant = govern::authorize(&who, Action::Store, &Resource::Archive)?;
        let sink = IntakeSink::new(app.intake.clone(), grant.actor().into(), attach_to);
        Ok(Self::Rooms(Arc::clone(app), grant, Arc::new(sink)))
    }

    /// What takes the files.
    pub fn sink(&self) -> Arc<dyn Sink> {
        match self {
            Self::Server(sink) => sink.clone(),
            Self::Rooms(_, _, sink) => sink.clone(),
        }
    }

    /// Records what came in.
    pub async fn end(&self, tally: &Tally, studies: &BTreeSet<StudyInstanceUid>) -> anyhow::Result<()> {
        match self {
            Self::Server(sink) => sink.end().await,
            Self::Rooms(app, grant, _) => Ok(app.govern.audit.record(entry(grant, tally, studies)).await?),
        }
    }
}

fn entry(grant: &Grant, tally: &Tally, studies: &BTreeSet<StudyInstanceUid>) -> Entry {
    let entry = Entry::done(grant, "command-line", Timestamp::now())
        .with("files", tally.files)
        .with("stored", tally.count(Verdict::Stored))
        .with("alreadyHeld", tally.count(Verdict::AlreadyHeld))
        .with("conflicts", tally.count(Verdict::Conflict))
        .with("quarantined", tally.count(Verdict::Quarantined))
        .with("attached", tally.count(Verdict::Attached))
        .with("refused", tally.count(Verdict::Refused))
        .with("exams", studies.len());
    let named = studies.iter().take(EXAMS_AUDITED);
    named.fold(entry, |entry, study| entry.of(&Resource::Exam(study.clone())))
}
