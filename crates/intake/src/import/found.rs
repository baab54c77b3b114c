//! Files as they are found, before anyone asks what they are.

use super::line::Settled;
use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

/// A file in a folder, as it was when it was found; when these are the same in a later run,
/// the file is taken to be the same.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Last change, in nanoseconds since 1970.
    pub modified: i128,
}

/// One file.
#[derive(Debug)]
pub struct Found {
    /// Its path; inside an archive, the archive's path, `!/` and the member's name.
    pub path: String,
    /// For a file in a folder.
    pub stamp: Option<Stamp>,
    /// Its bytes.
    pub content: Content,
    /// Its share of the memory that readers may fill ahead.
    pub(crate) held: Option<OwnedSemaphorePermit>,
}

/// The bytes of a file, or why there are none.
#[derive(Debug)]
pub enum Content {
    /// All of them.
    Whole(Bytes),
    /// In chunks; an error ends them.
    Stream(mpsc::Receiver<Result<Bytes, Trouble>>),
    /// They were settled in an earlier run.
    Settled(Settled),
    /// They can't be read.
    Trouble(Trouble),
}

/// Why a file could not be read, before anyone asked what it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The system refused.
    #[error("the file can't be read: {detail}")]
    FileUnreadable {
        /// What the system said.
        detail: String,
    },
    /// A device, socket or pipe.
    #[error("it is not a regular file")]
    NotAFile,
    /// A symbolic link in an archive.
    #[error("it is a link; of an archive, only what is in it is taken")]
    Link,
    /// The archive is damaged from here on.
    #[error("the archive is damaged: {detail}")]
    DamagedArchive {
        /// What is wrong.
        detail: String,
    },
    /// Packed in a way that is not opened here.
    #[error("it is packed by {by}, which is not opened here: unpack it first")]
    UnknownPacking {
        /// The format.
        by: String,
    },
    /// An archive's member under a password.
    #[error("it is encrypted: unpack it first, with its password")]
    Encrypted,
    /// An archive in an archive in an archive.
    #[error("archives are opened one level deep")]
    NestedTooDeep,
    /// An archive made to fill disks.
    #[error("the archive expands further than compression can explain")]
    ExpandsTooFar,
    /// A DICOMDIR lists a file that is not there.
    #[error("a DICOMDIR lists it, but it is not there")]
    ListedButMissing,
    /// Larger than this archive is set to take.
    #[error("it is larger than this archive is set to take")]
    TooLarge,
}

impl Trouble {
    /// The code used in reports.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::FileUnreadable { .. } => "file-unreadable",
            Self::NotAFile => "not-a-file",
            Self::Link => "link",
            Self::DamagedArchive { .. } => "damaged-archive",
            Self::UnknownPacking { .. } => "unknown-packing",
            Self::Encrypted => "encrypted",
            Self::NestedTooDeep => "nested-too-deep",
            Self::ExpandsTooFar => "expands-too-far",
            Self::ListedButMissing => "listed-but-missing",
            Self::TooLarge => "too-large",
        }
    }
}
