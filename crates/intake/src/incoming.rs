//! One file on its way in, the same for every door.

use crate::{
    body::Body,
    budget::{Budget, Room},
    outcome::{IntakeError, Outcome, Reason},
    place,
    remembered::Remembered,
    shelf::{Known, Shelf},
};
use bytes::Bytes;
use model::{SeriesInstanceUid, Sha256Digest, SopInstanceUid, Source, StudyInstanceUid};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// What intake allows itself.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of one file held in memory; beyond, it is streamed to disk.
    pub in_memory: usize,
    /// Bytes of all files on their way in held in memory; beyond, senders wait or are streamed to disk.
    pub memory_budget: usize,
    /// Largest file taken, in bytes.
    pub largest_file: u64,
    /// Instances remembered, so that duplicates are seen without asking the catalog again.
    pub remembered_instances: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            in_memory: 4 << 20,
            memory_budget: 96 << 20,
            largest_file: 1 << 40,
            remembered_instances: 200_000,
        }
    }
}

/// What is done with a file that nothing in it makes DICOM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strangers {
    /// It is kept in quarantine: the sender claimed that it is DICOM.
    #[default]
    Quarantine,
    /// It is refused and not kept: it lay in a folder among DICOM files.
    Refuse,
}

/// The one law behind every door. Cheap to clone.
#[derive(Clone)]
pub struct Intake {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) shelf: Arc<dyn Shelf>,
    pub(crate) known: Arc<dyn Known>,
    pub(crate) remembered: Remembered,
    pub(crate) aside: tokio::sync::Mutex<place::Aside>,
    pub(crate) limits: Limits,
    budget: Budget,
}

impl Intake {
    /// Intake in front of this shelf.
    #[must_use]
    pub fn new(shelf: Arc<dyn Shelf>, known: Arc<dyn Known>, limits: Limits) -> Self {
        let remembered = Remembered::new(limits.remembered_instances);
        let budget = Budget::new(limits.memory_budget);
        let aside = tokio::sync::Mutex::default();
        Self { inner: Arc::new(Inner { shelf, known, remembered, aside, limits, budget }) }
    }

    /// Starts a file.
    #[must_use]
    pub fn begin(&self) -> Incoming {
        Incoming {
            intake: self.clone(),
            hasher: Sha256::new(),
            body: Body::Memory(Vec::new()),
            room: self.inner.budget.room(),
            length: 0,
            announced: Announced::default(),
            study: None,
            expected: None,
            strangers: Strangers::default(),
        }
    }

    /// Takes a whole file that is in memory.
    ///
    /// # Errors
    /// As [`Incoming::finish`].
    pub async fn take(&self, file: Bytes, source: Source) -> Result<Outcome, IntakeError> {
        let mut incoming = self.begin();
        incoming.push(file).await?;
        incoming.finish(source).await
    }

    /// Whether exactly this file is held.
    ///
    /// # Errors
    /// [`IntakeError::Known`] when it can't be found out.
    pub async fn holds(
        &self,
        series: &SeriesInstanceUid,
        instance: &SopInstanceUid,
        digest: &Sha256Digest,
    ) -> Result<bool, IntakeError> {
        let turn = self.inner.remembered.turn(&*self.inner.known, series, instance).await?;
        Ok(turn.held().iter().any(|held| held.digest == *digest))
    }

    /// Forgets what is held of a series; to be called when some of it is deleted, so that it is
    /// taken again when it is sent again.
    pub fn forget(&self, series: &SeriesInstanceUid) {
        self.inner.remembered.forget(series);
    }

    /// As [`Intake::forget`], for everything.
    pub fn forget_all(&self) {
        self.inner.remembered.forget_all();
    }

    /// What intake allows itself.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }
}

/// What the request says the instance is called.
#[derive(Debug, Default)]
pub(crate) enum Announced {
    /// Nothing; the file alone tells.
    #[default]
    Nothing,
    Instance(SopInstanceUid),
    /// Something that is no UID; the text says why.
    Unusable(String),
}

/// A file on its way in. Dropped unfinished, it leaves nothing behind.
pub struct Incoming {
    pub(crate) intake: Intake,
    hasher: Sha256,
    pub(crate) body: Body,
    room: Room,
    pub(crate) length: u64,
    pub(crate) announced: Announced,
    pub(crate) study: Option<StudyInstanceUid>,
    expected: Option<Sha256Digest>,
    pub(crate) strangers: Strangers,
}

impl Incoming {
    /// Says which instance the request names (C-STORE's Affected SOP Instance UID);
    /// a data set that names another one goes to quarantine.
    pub fn announce(&mut self, instance: SopInstanceUid) {
        self.announced = Announced::Instance(instance);
    }

    /// Says that the request names its instance by something that is no UID, and what is wrong with
    /// it; whatever the data set says, it goes to quarantine, where a person can try it again.
    pub fn announce_unusable(&mut self, detail: String) {
        self.announced = Announced::Unusable(detail);
    }

    /// Says which exam the request is for; an instance of another one is not kept.
    pub fn require_study(&mut self, study: StudyInstanceUid) {
        self.study = Some(study);
    }

    /// Says which SHA-256 the sender computed; a file with another one is refused.
    pub const fn expect(&mut self, digest: Sha256Digest) {
        self.expected = Some(digest);
    }

    /// Says what to do with a file that is not DICOM.
    pub const fn strangers(&mut self, strangers: Strangers) {
        self.strangers = strangers;
    }

    /// Bytes pushed so far.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Adds bytes. Waits when too much is on its way in.
    ///
    /// # Errors
    /// [`IntakeError::TooLarge`], or the shelf's when it is streamed to disk.
    pub async fn push(&mut self, bytes: Bytes) -> Result<(), IntakeError> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.length += bytes.len() as u64;
        let limit = self.intake.inner.limits.largest_file;
        if self.length > limit {
            return Err(IntakeError::TooLarge { limit });
        }
        self.hasher.update(&bytes);
        self.keep(bytes).await
    }

    async fn keep(&mut self, bytes: Bytes) -> Result<(), IntakeError> {
        let fits = matches!(self.body, Body::Memory(_)) && self.fits_in_memory().await;
        if !fits {
            self.spill().await?;
        }
        match &mut self.body {
            Body::Memory(pieces) => pieces.push(bytes),
            Body::Disk(entry) => entry.write(bytes).await?,
        }
        Ok(())
    }

    async fn fits_in_memory(&mut self) -> bool {
        match usize::try_from(self.length) {
            Ok(length) if length <= self.intake.inner.limits.in_memory => self.room.grow_to(length).await,
            _ => false,
        }
    }

    /// Moves what is in memory to disk and gives its room back.
    async fn spill(&mut self) -> Result<(), IntakeError> {
        let Body::Memory(pieces) = &mut self.body else { return Ok(()) };
        let pieces = std::mem::take(pieces);
        let mut entry = self.intake.inner.shelf.begin_large().await?;
        for piece in pieces {
            entry.write(piece).await?;
        }
        self.body = Body::Disk(entry);
        self.room.clear();
        Ok(())
    }

    /// Reads what it is, compares it with what is held, makes it durable. The outcome is true
    /// even if the power fails at the next instruction.
    ///
    /// # Errors
    /// [`IntakeError`]: nothing was acknowledged, the sender must try again.
    pub async fn finish(mut self, source: Source) -> Result<Outcome, IntakeError> {
        let digest = self.digest()?;
        if self.length == 0 {
            return Ok(Outcome::NotKept(Reason::Empty));
        }
        place::place(self, digest, source).await
    }

    /// Gives up the bytes, their digest and the room they take, for a file that is not to be an
    /// instance.
    pub(crate) fn into_body(mut self) -> Result<(Body, Sha256Digest, Room), IntakeError> {
        let digest = self.digest()?;
        Ok((self.body, digest, self.room))
    }

    /// The SHA-256 of everything pushed.
    fn digest(&mut self) -> Result<Sha256Digest, IntakeError> {
        let digest = Sha256Digest(std::mem::take(&mut self.hasher).finalize().into());
        match self.expected {
            Some(expected) if expected != digest => Err(IntakeError::Digest),
            _ => Ok(digest),
        }
    }
}
