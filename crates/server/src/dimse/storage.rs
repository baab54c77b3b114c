//! C-STORE (PS3.4 Annex B): a data set streams into intake as it arrives; the answer waits until
//! intake says it is durable.

use super::session::{DOOR, Session};
use bytes::Bytes;
use dicom::net::dimse::{Command, Status};
use dicom::net::negotiate::Context;
use dicom::net::{Message, NetError};
use govern::{Action, Entry, Grant, Resource, authorize};
use intake::{Incoming, IntakeError, Outcome, Reason};
use model::{Door, SopClassUid, SopInstanceUid, Source, StudyInstanceUid, Timestamp};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Exams named in one audit entry; an association that brings more gets several.
const EXAMS_PER_ENTRY: usize = 500;

/// What an association brought, for the log and the audit.
#[derive(Debug, Default)]
pub(super) struct Tally {
    grant: Option<Grant>,
    exams: BTreeSet<StudyInstanceUid>,
    stored: u64,
    held: u64,
    conflicts: u64,
    quarantined: u64,
    refused: u64,
    bytes: u64,
    recorded: u64,
}

impl Tally {
    /// Instances that came.
    pub(super) const fn instances(&self) -> u64 {
        self.recorded + self.stored + self.held + self.conflicts + self.quarantined + self.refused
    }

    /// Bytes of their data sets.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    fn count(&mut self, outcome: &Result<Outcome, IntakeError>) {
        let placed = match outcome {
            Ok(Outcome::Stored(placed)) => {
                self.stored += 1;
                Some(placed)
            }
            Ok(Outcome::AlreadyHeld(placed)) => {
                self.held += 1;
                Some(placed)
            }
            Ok(Outcome::Conflict(placed)) => {
                self.conflicts += 1;
                Some(placed)
            }
            Ok(Outcome::Quarantined(_)) => {
                self.quarantined += 1;
                None
            }
            Ok(Outcome::NotKept(_) | Outcome::OtherStudy(_)) | Err(_) => {
                self.refused += 1;
                None
            }
        };
        if let Some(placed) = placed
            && !self.exams.contains(&placed.identity.study)
        {
            self.exams.insert(placed.identity.study.clone());
        }
    }
}

/// What to answer, and why when it is no success.
type Answer = (Status, Cow<'static, str>);

impl Session {
    pub(super) async fn store(&mut self, message: Message) -> Result<(), NetError> {
        let (status, comment) = match self.begin(&message).await {
            Ok((incoming, meta)) => self.take(incoming, meta).await?,
            Err(refused) => refused,
        };
        // What was refused before its data set came is skipped by the next receive.
        self.answer(&message, status, &comment).await?;
        if self.tally.exams.len() >= EXAMS_PER_ENTRY {
            self.record_tally().await;
        }
        Ok(())
    }

    async fn begin(&mut self, message: &Message) -> Result<(Incoming, Bytes), Answer> {
        if self.door.app.govern.audit.is_failing().await {
            return Err((Status::OUT_OF_RESOURCES, "the audit log can't be written; try again".into()));
        }
        if self.tally.grant.is_none() {
            let grant = authorize(&self.caller.principal, Action::Store, &Resource::Archive);
            self.tally.grant =
                Some(grant.map_err(|_| (Status::NOT_AUTHORIZED, "this peer may not store".into()))?);
        }
        let Some(context) = self.context(message) else {
            return Err((Status::CANNOT_UNDERSTAND, "no such presentation context".into()));
        };
        let mut incoming = self.door.app.intake.begin();
        let meta = self.announce(&mut incoming, &message.command, context);
        Ok((incoming, meta.into()))
    }

    /// Tells intake what the request names, and makes the file meta information that says the same.
    fn announce(&self, incoming: &mut Incoming, command: &Command, context: &Context) -> Vec<u8> {
        let class = command.sop_class().filter(|uid| SopClassUid::parse(uid).is_ok());
        let class = class.unwrap_or_else(|| context.abstract_syntax.clone());
        let named = command.sop_instance().unwrap_or_default();
        match SopInstanceUid::parse(&named) {
            Ok(instance) => incoming.announce(instance),
            Err(error) => {
                incoming.announce_unusable(format!("Affected SOP Instance UID of the request: {error}"));
            }
        }
        // A name that breaks the rules is kept as far as a file can carry it.
        let named: String = named.chars().filter(char::is_ascii_graphic).take(64).collect();
        dicom::file_meta(&class, &named, &context.transfer_syntax, Some(&self.caller.title))
    }

    async fn take(&mut self, mut incoming: Incoming, meta: Bytes) -> Result<Answer, NetError> {
        let (mut pushed, before) = (incoming.push(meta).await, self.tally.bytes);
        while pushed.is_ok()
            && let Some(part) = self.association.fragment().await?
        {
            self.tally.bytes += part.len() as u64;
            pushed = incoming.push(part).await;
        }
        if pushed.is_ok() && self.tally.bytes == before {
            self.tally.refused += 1;
            return Ok((Status::CANNOT_UNDERSTAND, "the data set is empty".into()));
        }
        let outcome = match pushed {
            Ok(()) => incoming.finish(self.source()).await,
            Err(error) => Err(error),
        };
        self.tally.count(&outcome);
        Ok(self.judge(&outcome))
    }

    fn source(&self) -> Source {
        Source {
            door: Door::CStore,
            account: self.caller.principal.to_string(),
            peer: Some(format!("{}@{}", self.caller.title, self.remote.ip().to_canonical())),
            path: None,
            received_at: Timestamp::now(),
        }
    }

    fn judge(&self, outcome: &Result<Outcome, IntakeError>) -> Answer {
        match outcome {
            Err(error) => {
                let peer = &self.caller.principal;
                tracing::error!(%peer, error = %chain(error), "an instance was not stored");
            }
            Ok(Outcome::Quarantined(kept)) => {
                let (id, detail) = (&kept.id, &kept.detail);
                tracing::warn!(quarantine.id = %id, %detail, "an instance was quarantined");
            }
            Ok(Outcome::Conflict(placed)) => {
                let uid = &placed.identity.instance;
                tracing::warn!(sop_instance.uid = %uid, "other content came under a known SOP Instance UID");
            }
            Ok(_) => {}
        }
        answer_for(outcome)
    }

    /// Writes what the association brought into the audit log: one entry, however many instances.
    pub(super) async fn record_tally(&mut self) {
        let Some(grant) = &self.tally.grant else { return };
        let new = self.tally.instances() - self.tally.recorded;
        if new == 0 {
            return;
        }
        let mut entry = Entry::done(grant, DOOR, Timestamp::now())
            .with("aeTitle", self.caller.title.as_str())
            .with("address", self.remote.ip().to_canonical().to_string())
            .with("stored", self.tally.stored)
            .with("alreadyHeld", self.tally.held)
            .with("conflicts", self.tally.conflicts)
            .with("quarantined", self.tally.quarantined)
            .with("refused", self.tally.refused);
        for exam in std::mem::take(&mut self.tally.exams) {
            entry = entry.of(&Resource::Exam(exam));
        }
        let recorded = self.tally.instances();
        let (grant, bytes) = (self.tally.grant.take(), self.tally.bytes);
        self.tally = Tally { grant, bytes, recorded, ..Tally::default() };
        if self.door.app.govern.audit.record(entry.clone()).await.is_err() {
            // What was acknowledged is kept; that it came is written down as soon as that can be done.
            self.door.app.govern.audit.record_late(entry);
        }
    }
}

/// PS3.4 Table B.2-1. Success is told of what is held and will be found. What is kept in quarantine
/// is a failure to its sender: nobody can find or be sent it until a person has looked at it.
fn answer_for(outcome: &Result<Outcome, IntakeError>) -> Answer {
    let (status, comment) = match outcome {
        Ok(Outcome::Stored(_) | Outcome::AlreadyHeld(_)) => (Status::SUCCESS, ""),
        Ok(Outcome::Conflict(_)) => {
            (Status::DATA_SET_MISMATCH_WARNING, "kept beside other content of this SOP Instance UID")
        }
        Ok(Outcome::Quarantined(kept)) => return (status_of(kept.reason), set_aside(kept.reason)),
        Ok(Outcome::NotKept(_) | Outcome::OtherStudy(_)) => {
            (Status::CANNOT_UNDERSTAND, "there is nothing to keep in it")
        }
        Err(IntakeError::TooLarge { .. }) => {
            (Status::OUT_OF_RESOURCES, "larger than this archive is set to take")
        }
        Err(error) if error.is_full() => (Status::OUT_OF_RESOURCES, "the disk is full"),
        Err(_) => (Status::OUT_OF_RESOURCES, "could not be made durable; try again"),
    };
    (status, comment.into())
}

const fn status_of(reason: Reason) -> Status {
    match reason {
        Reason::UidMismatch => Status::DATA_SET_MISMATCH,
        _ => Status::CANNOT_UNDERSTAND,
    }
}

/// An Error Comment, of at most 64 characters (PS3.7 Table E.1-1).
fn set_aside(reason: Reason) -> Cow<'static, str> {
    match reason {
        Reason::UidMismatch => "in quarantine: the data set names another instance".into(),
        _ => format!("in quarantine: {}", reason.words()).into(),
    }
}

/// An error with its causes. None of intake's carries anything of the patient.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
