//! What became of something that came to a door.

use crate::shelf::{KnownError, Locator, ShelfError};
use model::{
    SeriesInstanceUid, Sha256Digest, SopClassUid, SopInstanceUid, StudyInstanceUid, TransferSyntaxUid,
};

/// The names an instance carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// (0020,000D)
    pub study: StudyInstanceUid,
    /// (0020,000E)
    pub series: SeriesInstanceUid,
    /// (0008,0018)
    pub instance: SopInstanceUid,
    /// (0008,0016)
    pub sop_class: SopClassUid,
    /// (0002,0010)
    pub transfer_syntax: TransferSyntaxUid,
}

/// An instance and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its names.
    pub identity: Identity,
    /// SHA-256 of the file that was sent.
    pub digest: Sha256Digest,
    /// Where the bytes stand; for [`Outcome::AlreadyHeld`] the ones held before.
    pub locator: Locator,
}

/// Something kept aside because it could not be taken for an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Its id on the quarantine page: the first 32 digits of its SHA-256, so that a sender who
    /// tries again does not fill the page.
    pub id: String,
    /// Why, as a code.
    pub reason: Reason,
    /// Why, as a sentence without anything about the patient.
    pub detail: String,
    /// (0008,0016), when it could be read.
    pub sop_class: Option<SopClassUid>,
    /// (0008,0018), when it could be read.
    pub instance: Option<SopInstanceUid>,
    /// SHA-256 of the bytes.
    pub digest: Sha256Digest,
    /// Where they stand.
    pub locator: Locator,
}

/// What became of one file. In every case but the last two the bytes are durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// New, and durable.
    Stored(Placed),
    /// The same instance was held already; nothing was added.
    AlreadyHeld(Placed),
    /// Another file is held under the same SOP Instance UID. This one stands beside it, since now or
    /// since it was sent before.
    Conflict(Placed),
    /// Kept aside for someone to look at.
    Quarantined(Quarantined),
    /// Of another exam than the request is for, and not kept.
    OtherStudy(Identity),
    /// Read, and rightly not kept, for the reason said.
    NotKept(Reason),
}

impl Outcome {
    /// The instance, when it is held now.
    #[must_use]
    pub const fn placed(&self) -> Option<&Placed> {
        match self {
            Self::Stored(placed) | Self::AlreadyHeld(placed) | Self::Conflict(placed) => Some(placed),
            _ => None,
        }
    }
}

/// Why a file is not an instance we can take. Codes are part of the API: they never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// No bytes at all.
    Empty,
    /// Nothing in it looks like DICOM.
    NotDicom,
    /// A DICOMDIR: a list of other files, nothing to keep.
    Dicomdir,
    /// The file ends inside an element or item.
    Truncated,
    /// The structure can't be followed safely.
    Unreadable,
    /// No SOP Class UID.
    MissingSopClassUid,
    /// No SOP Instance UID.
    MissingSopInstanceUid,
    /// No Study Instance UID.
    MissingStudyInstanceUid,
    /// No Series Instance UID.
    MissingSeriesInstanceUid,
    /// A UID that breaks PS3.5 §9.1.
    InvalidUid,
    /// The request is for another exam.
    OtherStudy,
    /// The file meta information or the request names another instance than the data set.
    UidMismatch,
}

impl Reason {
    /// The code used in the archive, the API and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotDicom => "not-dicom",
            Self::Dicomdir => "dicomdir",
            Self::Truncated => "truncated",
            Self::Unreadable => "unreadable",
            Self::MissingSopClassUid => "missing-sop-class-uid",
            Self::MissingSopInstanceUid => "missing-sop-instance-uid",
            Self::MissingStudyInstanceUid => "missing-study-instance-uid",
            Self::MissingSeriesInstanceUid => "missing-series-instance-uid",
            Self::InvalidUid => "invalid-uid",
            Self::OtherStudy => "other-study",
            Self::UidMismatch => "uid-mismatch",
        }
    }

    /// Every reason, for tables.
    pub const ALL: [Self; 12] = [
        Self::Empty,
        Self::NotDicom,
        Self::Dicomdir,
        Self::Truncated,
        Self::Unreadable,
        Self::MissingSopClassUid,
        Self::MissingSopInstanceUid,
        Self::MissingStudyInstanceUid,
        Self::MissingSeriesInstanceUid,
        Self::InvalidUid,
        Self::OtherStudy,
        Self::UidMismatch,
    ];

    /// The reason of a code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == code)
    }

    /// What a person can do about it.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Empty => "Send it again from where it came, or discard it.",
            Self::NotDicom => "Attach it to an exam if it belongs to one, or discard it.",
            Self::Dicomdir => "Import the folder it lies in: the images it lists are taken one by one.",
            Self::Truncated => "Have the sender send it again; the rest of it did not come.",
            Self::Unreadable => {
                "Have the sender make it again; if other programs read it, download it and report it to us."
            }
            Self::MissingSopClassUid
            | Self::MissingSopInstanceUid
            | Self::MissingStudyInstanceUid
            | Self::MissingSeriesInstanceUid => {
                "Without it nobody can say what it is a part of. Have the sender fill it in and send it again."
            }
            Self::InvalidUid => {
                "Have the sender mend the UID (1 to 64 digits and dots, no part with a leading zero) and send it again."
            }
            Self::OtherStudy => "Send it again to the exam it says it is of, or without naming an exam.",
            Self::UidMismatch => {
                "The sender changed one and not the other. Have it mended there and sent again."
            }
        }
    }

    /// The same in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Empty => "the file is empty",
            Self::NotDicom => "nothing in it looks like DICOM",
            Self::Dicomdir => "a DICOMDIR only lists other files",
            Self::Truncated => "the file is cut short",
            Self::Unreadable => "its structure can't be followed safely",
            Self::MissingSopClassUid => "it has no SOP Class UID",
            Self::MissingSopInstanceUid => "it has no SOP Instance UID",
            Self::MissingStudyInstanceUid => "it has no Study Instance UID",
            Self::MissingSeriesInstanceUid => "it has no Series Instance UID",
            Self::InvalidUid => "one of its UIDs breaks the rules for UIDs",
            Self::OtherStudy => "the request is for another exam",
            Self::UidMismatch => "the request names another instance than the data set",
        }
    }
}

/// Why nothing could be done with a file; the sender must try again.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The archive can't take it.
    #[error("the file could not be made durable")]
    Shelf(#[from] ShelfError),
    /// What is held already could not be found out.
    #[error("the file could not be compared with what is held")]
    Known(#[from] KnownError),
    /// It is larger than the limit and was not kept.
    #[error("the file is larger than the {limit} bytes this archive is set to take")]
    TooLarge {
        /// Bytes allowed.
        limit: u64,
    },
    /// It was damaged on its way and was not kept.
    #[error("the file does not have the SHA-256 that the sender gave")]
    Digest,
}

impl IntakeError {
    /// Whether the disk is full, which doors answer with a status of its own.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        matches!(self, Self::Shelf(ShelfError::Full { .. }))
    }
}
