//! One file on its way in, the same for every door.

use crate::{
    outcome::{IntakeError, Outcome, Reason},
    shelf::{Known, Shelf},
};
use bytes::Bytes;
use model::{SopClassUid, SopInstanceUid, Source};
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

/// The one law behind every door. Cheap to clone.
#[derive(Clone)]
pub struct Intake {
    inner: Arc<Inner>,
}

struct Inner {
    #[expect(dead_code, reason = "used when instances are read")]
    shelf: Arc<dyn Shelf>,
    #[expect(dead_code, reason = "used when instances are read")]
    known: Arc<dyn Known>,
    limits: Limits,
}

impl Intake {
    /// Intake in front of this shelf.
    #[must_use]
    pub fn new(shelf: Arc<dyn Shelf>, known: Arc<dyn Known>, limits: Limits) -> Self {
        Self { inner: Arc::new(Inner { shelf, known, limits }) }
    }

    /// Starts a file.
    #[must_use]
    pub fn begin(&self) -> Incoming {
        Incoming {
            intake: self.clone(),
            hasher: Sha256::new(),
            pieces: Vec::new(),
            length: 0,
            announced: None,
        }
    }
}

/// A file on its way in. Dropped unfinished, it leaves nothing behind.
pub struct Incoming {
    intake: Intake,
    hasher: Sha256,
    pieces: Vec<Bytes>,
    length: u64,
    announced: Option<(SopClassUid, SopInstanceUid)>,
}

impl Incoming {
    /// Says which instance the request names (C-STORE's Affected SOP Class and Instance UID);
    /// a data set that names another one goes to quarantine.
    pub fn announce(&mut self, sop_class: SopClassUid, instance: SopInstanceUid) {
        self.announced = Some((sop_class, instance));
    }

    /// Adds bytes. Waits when too much is on its way in.
    ///
    /// # Errors
    /// [`IntakeError::TooLarge`], or the shelf's when it is streamed to disk.
    pub async fn push(&mut self, bytes: Bytes) -> Result<(), IntakeError> {
        self.length += bytes.len() as u64;
        let limit = self.intake.inner.limits.largest_file;
        if self.length > limit {
            return Err(IntakeError::TooLarge { limit });
        }
        self.hasher.update(&bytes);
        self.pieces.push(bytes);
        Ok(())
    }

    /// Reads what it is, compares it with what is held, makes it durable. The outcome is true
    /// even if the power fails at the next instruction.
    ///
    /// # Errors
    /// [`IntakeError`]: nothing was acknowledged, the sender must try again.
    pub async fn finish(self, _source: Source) -> Result<Outcome, IntakeError> {
        Ok(Outcome::NotKept(Reason::Empty))
    }
}
