//! What intake needs from the rooms to its right: a [`Shelf`] that takes entries and answers
//! only when they are durable (`archive`), and [`Known`], who says what is held already (`catalog`).

use async_trait::async_trait;
use bytes::Bytes;
use dicom::Header;
use model::{SeriesInstanceUid, Sha256Digest, SopInstanceUid, Source};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// What an entry of the archive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A DICOM instance, bit for bit as it was received. `details` has `studyInstanceUid`,
    /// `seriesInstanceUid`, `sopInstanceUid`, `sopClassUid`, `transferSyntaxUid`, and
    /// `conflict: true` when it stands beside an instance of the same UID with other content.
    Instance,
    /// Any other file, tied to a patient, an exam or a project. `details` has `id`, `subject`
    /// (`patient`, `exam` or `project`), `subjectId`, `fileName`, `mediaType`.
    Attachment,
    /// Something that couldn't be taken for what it claims to be, kept for a person to look at.
    /// `details` has `id`, `reason`, `detail`, and `sopClassUid`, `sopInstanceUid` where they
    /// could be read.
    Quarantine,
    /// A decision about other entries (retry, discard, delete, restore), as JSON. `details` has
    /// `event`, such as `quarantine-discarded`; the content has all of it.
    Event,
    /// A message or file about patients, as it came: HL7 v2, FHIR, a table. `details` has `id`, `format` (see
    /// [`crate::record::Format`]), and `fileName` and `system` where they were told.
    Record,
}

impl Kind {
    /// The word used in the archive and in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Attachment => "attachment",
            Self::Quarantine => "quarantine",
            Self::Event => "event",
            Self::Record => "record",
        }
    }
}

/// One entry to append, with its whole content in memory (at most a few MiB).
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// What it is.
    pub kind: Kind,
    /// The path inside the container, such as `<study>/<series>/<sop>.dcm`: relative,
    /// made by us from parsed UIDs, never a peer's string.
    pub name: String,
    /// The digest of `content`; the shelf trusts it, `verify` checks it.
    pub digest: Sha256Digest,
    /// Where it came from.
    pub source: Source,
    /// Whatever a rebuild of the catalog needs besides the content: UIDs, reason, media type.
    pub details: Map<String, Value>,
    /// The bytes, in order.
    pub content: Vec<Bytes>,
    /// What was read of an instance, for those who follow: they need not read it again. Not kept.
    pub header: Option<Arc<Header>>,
}

impl NewEntry {
    /// Everything that is kept but the content, and the content.
    #[must_use]
    pub fn into_parts(self) -> (NewEntryHead, Vec<Bytes>) {
        let Self { kind, name, digest, source, details, content, header: _ } = self;
        (NewEntryHead { kind, name, digest, source, details }, content)
    }
}

/// Everything about an entry but its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewEntryHead {
    /// What it is.
    pub kind: Kind,
    /// The path inside the container; see [`NewEntry::name`].
    pub name: String,
    /// The digest of the content.
    pub digest: Sha256Digest,
    /// Where it came from.
    pub source: Source,
    /// Whatever a rebuild of the catalog needs besides the content.
    #[serde(default)]
    pub details: Map<String, Value>,
}

/// Names one segment of the archive, such as `2026/11/a1b2c3-000042`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SegmentId(pub String);

impl SegmentId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where the content of an entry lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Locator {
    /// The segment.
    pub segment: SegmentId,
    /// First byte of the content, from the start of the segment.
    pub offset: u64,
    /// Bytes of content.
    pub length: u64,
}

/// An entry that is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// Where its content lies.
    pub locator: Locator,
    /// The digest of its content.
    pub digest: Sha256Digest,
}

/// Why an entry was not taken. Nothing of it is kept and nothing of it will be served.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ShelfError {
    /// The disk lacks room, counting the reserve that is kept free.
    #[error("the archive is full: {needed} bytes are needed, {free} are free above the reserve")]
    Full {
        /// Bytes the write needed.
        needed: u64,
        /// Bytes that were free above the reserve.
        free: u64,
    },
    /// The disk refused a write or a flush.
    #[error("the archive could not {action}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// What the system said.
        #[source]
        source: Arc<std::io::Error>,
    },
    /// The name can't be kept: absolute, with `..`, empty or too long.
    #[error("an entry's name must be a relative path of at most {max} bytes without `..`")]
    Name {
        /// The longest name taken.
        max: usize,
    },
    /// The content given doesn't have the digest given.
    #[error("the content does not have the digest that was given for it")]
    Digest,
    /// The archive is shutting down.
    #[error("the archive is closed")]
    Closed,
}

/// A shelf entries can be appended to.
#[async_trait]
pub trait Shelf: Send + Sync {
    /// Appends one entry and returns when it is durable. Calls at the same time share one flush.
    ///
    /// # Errors
    /// [`ShelfError`]; then nothing of the entry is kept.
    async fn append(&self, entry: NewEntry) -> Result<Appended, ShelfError>;

    /// Begins an entry too big for memory; its content is streamed to disk.
    ///
    /// # Errors
    /// [`ShelfError`] when there is no room or the disk refuses.
    async fn begin_large(&self) -> Result<Box<dyn LargeEntry>, ShelfError>;

    /// Reads a part of an entry's content: `range` counts from the content's start and is cut
    /// at its end.
    ///
    /// # Errors
    /// [`ShelfError`] when nothing is held there or it can't be read.
    async fn read(&self, locator: &Locator, range: Range<u64>) -> Result<Bytes, ShelfError>;
}

/// An entry on its way to disk. Dropping it is the same as [`LargeEntry::abort`].
#[async_trait]
pub trait LargeEntry: Send {
    /// Writes the next bytes of the content.
    ///
    /// # Errors
    /// [`ShelfError`]; the entry can only be aborted then.
    async fn write(&mut self, bytes: Bytes) -> Result<(), ShelfError>;

    /// Up to `length` of the bytes written so far, from `offset` on (fewer if there are fewer).
    ///
    /// # Errors
    /// [`ShelfError`] when they can't be read back.
    async fn read_back(&mut self, offset: u64, length: usize) -> Result<Bytes, ShelfError>;

    /// Ends the content, gives the entry its head, and returns when all is durable.
    ///
    /// # Errors
    /// [`ShelfError`]; then nothing of the entry is kept.
    async fn finish(self: Box<Self>, head: NewEntryHead) -> Result<Appended, ShelfError>;

    /// Gives the entry up; nothing of it is kept.
    async fn abort(self: Box<Self>);
}

/// An instance that is held already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldInstance {
    /// Its UID.
    pub sop_instance: SopInstanceUid,
    /// SHA-256 of the file as received.
    pub digest: Sha256Digest,
    /// Where it stands.
    pub locator: Locator,
    /// Whether it is the later one of a conflict.
    pub beside: bool,
}

/// The question could not be answered.
#[derive(Debug, thiserror::Error)]
#[error("the catalog could not say what is held already")]
pub struct KnownError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Says what is held already.
#[async_trait]
pub trait Known: Send + Sync {
    /// Every file held for a series, conflicting ones too, the one that is served first; but not
    /// deleted ones, so that an exam which is sent again after its deletion is seen again.
    /// Asked once per series; intake remembers the answer and what it adds, until it is told to
    /// forget.
    ///
    /// # Errors
    /// [`KnownError`] when the catalog can't be reached.
    async fn instances_of(&self, series: &SeriesInstanceUid) -> Result<Vec<HeldInstance>, KnownError>;

    /// Where the open quarantine entry of these bytes stands, if there is one.
    ///
    /// # Errors
    /// [`KnownError`] when the catalog can't be reached.
    async fn quarantined(&self, digest: &Sha256Digest) -> Result<Option<Locator>, KnownError>;
}
