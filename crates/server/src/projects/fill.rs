//! Making a subject's rows: what may be used of its originals is passed through the wall once, its new header is
//! indexed in the project's catalog, and the result is let go of again.
//!
//! What is known of the subject's people comes from all its objects together. When that grows, text that was cleaned
//! with less is made anew: a new generation begins and the rows of the old one are forgotten first.

use super::kept::LARGEST;
use super::room::Open;
use super::through::{BEGINNING, place};
use super::{ProjectsError, decisions, withheld};
use crate::App;
use archive::{HeaderError, ReadError};
use bytes::Bytes;
use catalog::{IndexError, Level, Located, Query, Scope, ToIndex};
use deid::pixels::ImageKind;
use deid::{Deidentified, Known, Reason, Withheld};
use dicom::tags;
use futures::TryStreamExt as _;
use intake::{Kind, Locator, NewEntryHead};
use model::{Door, Phi, Sha256Digest, Source, StudyInstanceUid, Timestamp};
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;
use std::sync::Arc;
use vault::{Enrolled, Vault};

/// Objects made before their rows are written.
const BATCH: usize = 64;

/// Why a subject's rows were not made; it is tried again.
#[derive(Debug, thiserror::Error)]
pub(super) enum FillError {
    #[error(transparent)]
    Projects(#[from] ProjectsError),
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error("the archive could not be read")]
    Read(#[from] ReadError),
    #[error("the work was given up because the process is stopping")]
    Stopped,
}

/// The originals of the patient's exams that belong to the project.
pub(super) async fn originals(app: &App, enrolled: &Enrolled) -> Result<Vec<Located>, FillError> {
    let person = enrolled.person.reveal();
    let mut exams = Vec::new();
    // Any of the patient's exams leads to the others; the one it was enrolled by may be gone.
    for exam in std::iter::once(&person.exam).chain(&person.exams) {
        let Ok(study) = StudyInstanceUid::parse(exam) else { continue };
        if let Some(patient) = app.catalog.patient_of(&study).await? {
            exams = patient.exams.into_iter().map(|exam| exam.study).collect();
            break;
        }
    }
    exams.retain(|exam| person.exams.is_empty() || person.exams.contains(exam));
    let mut originals = Vec::new();
    for exam in exams {
        let Ok(study) = StudyInstanceUid::parse(&exam) else { continue };
        originals.extend(app.catalog.locate(&Scope::Study(study)).await?);
    }
    Ok(originals)
}

/// A subject's exams as they are in the project.
pub(super) async fn studies(open: &Open, code: &str) -> Result<Vec<StudyInstanceUid>, FillError> {
    let query = Query::all(Level::Study).with(tags::PATIENT_ID, code);
    let found = open.room.catalog.query(&query).await?;
    let studies = found.rows.into_iter().filter_map(|row| row.study);
    Ok(studies.filter_map(|study| StudyInstanceUid::parse(&study).ok()).collect())
}

/// A subject on its way into a project.
struct Filling<'a> {
    app: &'a App,
    vault: &'a Vault,
    open: Arc<Open>,
    project: &'a str,
    code: &'a str,
}

/// Makes the rows of a subject say what may be seen of it now.
pub(super) async fn subject(app: &App, project: &str, code: &str) -> Result<(), FillError> {
    make(app, project, code, true).await
}

/// As [`subject`], without making anything: what may no longer be seen is gone when this returns.
pub(super) async fn settle(app: &App, project: &str, code: &str) -> Result<(), FillError> {
    make(app, project, code, false).await
}

async fn make(app: &App, project: &str, code: &str, all: bool) -> Result<(), FillError> {
    let Some(of) = app.govern.projects.get(project).await? else { return Ok(()) };
    let vault = app.projects.vault()?;
    let open = app.projects.get(app, &of).await?;
    let turn = Arc::clone(&open);
    let _turn = turn.filling.lock().await;
    let filling = Filling { app, vault, open, project, code };
    let subject = app.govern.projects.subject(project, code).await?;
    let enrolled = vault.subject(project, code).await?;
    match (enrolled, subject) {
        (Some(enrolled), Some(subject)) if subject.may_be_used(&of) => match all {
            true => filling.fill(&enrolled).await,
            false => filling.drop_what_is_gone(&enrolled).await,
        },
        _ => filling.forget().await,
    }
}

impl Filling<'_> {
    /// Nothing of the subject is to be seen.
    async fn forget(&self) -> Result<(), FillError> {
        let studies = studies(&self.open, self.code).await?;
        self.open.room.catalog.forget(&uids(&studies)).await?;
        withheld::forget(self.app, self.project, self.code).await?;
        Ok(())
    }

    /// Exams of which an original is gone are not seen until they are made anew.
    async fn drop_what_is_gone(&self, enrolled: &Enrolled) -> Result<(), FillError> {
        self.there(&originals(self.app, enrolled).await?, enrolled.generation).await.map(drop)
    }

    async fn fill(&self, enrolled: &Enrolled) -> Result<(), FillError> {
        let originals = originals(self.app, enrolled).await?;
        let known = self.survey(&originals).await?;
        let generation = self.generation(enrolled, &known).await?;
        let there = self.there(&originals, generation).await?;
        let missing: Vec<Located> =
            originals.into_iter().filter(|one| !there.contains(&self.open.wall.new_uid(&one.sop))).collect();
        let known = Arc::new(known);
        for batch in missing.chunks(BATCH) {
            self.batch(batch, &known, generation).await?;
        }
        Ok(())
    }

    /// What all originals say of their people.
    async fn survey(&self, originals: &[Located]) -> Result<Known, FillError> {
        let mut known = Known::default();
        for one in originals {
            match self.app.archive.header(&one.locator).await {
                Ok(header) => known.add(&self.open.wall.survey(&header).known),
                Err(HeaderError::Read(error)) => return Err(error.into()),
                // The wall will say so when the object is passed through.
                Err(HeaderError::Dicom(_)) => {}
            }
        }
        Ok(known)
    }

    /// The generation of what is made now. Knowing more than before begins a new one.
    async fn generation(&self, enrolled: &Enrolled, known: &Known) -> Result<i64, FillError> {
        let now = known.to_bytes();
        let before = self.vault.known(self.project, self.code).await?;
        if before.is_some_and(|before| before.reveal() == now.reveal()) {
            return Ok(enrolled.generation);
        }
        self.forget().await?;
        Ok(self.vault.set_known(self.project, self.code, &now).await?)
    }

    /// The UIDs of what is made already. An exam of which an original is gone, or which is of another generation, is
    /// made anew.
    async fn there(&self, originals: &[Located], generation: i64) -> Result<HashSet<String>, FillError> {
        let wanted: HashSet<String> = originals.iter().map(|one| self.open.wall.new_uid(&one.sop)).collect();
        let mut there = withheld::uids(self.app, self.project, self.code).await?;
        let mut stale = Vec::new();
        for study in studies(&self.open, self.code).await? {
            let located = self.open.room.catalog.locate(&Scope::Study(study.clone())).await?;
            let is_now =
                |one: &Located| wanted.contains(&one.sop) && one.locator.offset == generation.cast_unsigned();
            match located.iter().all(is_now) {
                true => there.extend(located.into_iter().map(|one| one.sop)),
                false => stale.push(study),
            }
        }
        self.open.room.catalog.forget(&uids(&stale)).await?;
        Ok(there)
    }

    async fn batch(&self, batch: &[Located], known: &Arc<Known>, generation: i64) -> Result<(), FillError> {
        let (mut items, mut pairs) = (Vec::new(), Vec::new());
        for one in batch {
            let new = self.open.wall.new_uid(&one.sop);
            pairs.push((new.clone(), Phi::new(one.sop.clone())));
            match self.pass(one, known).await? {
                Ok(passed) if passed.code == self.code => items.extend(passed.row(generation)),
                Ok(_) => self.withhold(one, &new, ("other-subject", OTHER_SUBJECT), generation).await?,
                Err(Withheld { reason }) => {
                    self.withhold(one, &new, (reason.code(), &reason.to_string()), generation).await?;
                }
            }
        }
        self.vault.keep_uids(self.project, self.code, &pairs).await?;
        self.open.room.catalog.index(&items, None).await?;
        Ok(())
    }

    async fn pass(&self, one: &Located, known: &Arc<Known>) -> Result<Result<Passed, Withheld>, FillError> {
        if let Some(passed) = self.pass_head(&one.locator, known).await? {
            return Ok(Ok(passed));
        }
        if one.locator.length > LARGEST {
            return Ok(Err(Reason::TooLarge.into()));
        }
        let bytes = self.app.archive.read_all(&one.locator).await?;
        let (wall, known) = (Arc::clone(&self.open.wall), Arc::clone(known));
        let passing = tokio::task::spawn_blocking(move || wall.deidentify(&bytes, &known).map(Passed::whole));
        passing.await.map_err(|_| FillError::Stopped)
    }

    /// A large original whose pixels nobody looks at: they are only counted and hashed.
    async fn pass_head(&self, original: &Locator, known: &Arc<Known>) -> Result<Option<Passed>, FillError> {
        if original.length <= BEGINNING {
            return Ok(None);
        }
        let bytes = self.app.archive.read(original, 0..BEGINNING).await?;
        let (wall, known, length) = (Arc::clone(&self.open.wall), Arc::clone(known), original.length);
        let passing = tokio::task::spawn_blocking(move || wall.deidentify_head(&bytes, length, &known));
        let Some(head) = passing.await.map_err(|_| FillError::Stopped)? else { return Ok(None) };
        let bytes = head.object().to_bytes();
        let mut hash = Sha256::new_with_prefix(&bytes);
        let mut pixels = std::pin::pin!(self.app.archive.stream(original, head.rest()));
        while let Some(piece) = pixels.try_next().await? {
            hash.update(&piece);
        }
        let length = bytes.len() as u64 + head.rest().end - head.rest().start;
        Ok(Some(Passed::new(head.object(), bytes, length, Sha256Digest(hash.finalize().into()))))
    }

    async fn withhold(
        &self,
        one: &Located,
        uid: &str,
        (reason, detail): (&str, &str),
        generation: i64,
    ) -> Result<(), FillError> {
        let kind = match self.app.archive.header(&one.locator).await {
            Ok(header) => ImageKind::of(&header.data_set),
            Err(_) => ImageKind::default(),
        };
        let row = withheld::Row {
            sop: uid.to_owned(),
            code: self.code.to_owned(),
            reason: reason.to_owned(),
            detail: detail.to_owned(),
            kind: decisions::kind_text(&kind),
            modality: kind.modality,
            sop_class: one.sop_class.clone(),
            at: Timestamp::now(),
        };
        Ok(withheld::keep(self.app, self.project, &row, generation).await?)
    }
}

fn uids(studies: &[StudyInstanceUid]) -> Vec<String> {
    studies.iter().map(|study| study.as_str().to_owned()).collect()
}

const OTHER_SUBJECT: &str = "it names another patient than the exam it is filed under";

/// An object that the wall let through, of which a row can be made.
struct Passed {
    code: String,
    instance: String,
    /// As much of it as stands before its pixels.
    bytes: Bytes,
    length: u64,
    digest: Sha256Digest,
}

impl Passed {
    fn new(done: &Deidentified, bytes: Vec<u8>, length: u64, digest: Sha256Digest) -> Self {
        let (code, instance) = (done.code().to_owned(), done.instance().to_owned());
        Self { code, instance, bytes: bytes.into(), length, digest }
    }

    #[expect(clippy::needless_pass_by_value, reason = "so that `map` takes it")]
    fn whole(done: Deidentified) -> Self {
        let bytes = done.to_bytes();
        let (length, digest) = (bytes.len() as u64, Sha256Digest(Sha256::digest(&bytes).into()));
        Self::new(&done, bytes, length, digest)
    }

    fn row(self, generation: i64) -> Option<ToIndex> {
        let header = dicom::read_header_prefix(&self.bytes, self.length).ok()?;
        let source = Source {
            door: Door::Made,
            account: "deid".to_owned(),
            peer: None,
            path: None,
            // When the original arrived would tell when the person was here. Later generations count as earlier, so
            // that they describe the exam.
            received_at: Timestamp::from_micros(-generation),
        };
        let head = NewEntryHead {
            kind: Kind::Instance,
            name: String::new(),
            digest: self.digest,
            source,
            details: serde_json::Map::new(),
        };
        let locator = place(&self.instance, generation, self.length);
        Some(ToIndex { head, locator, header: Some(Arc::new(header)) })
    }
}
