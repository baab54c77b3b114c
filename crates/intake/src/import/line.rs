//! What became of each file of an import, and the sum of it.

use super::found::{Stamp, Trouble};
use crate::{
    attach::Attached,
    outcome::{Outcome, Placed, Reason},
    sniff::packed_by,
};
use model::{SeriesInstanceUid, Sha256Digest, SopInstanceUid, StudyInstanceUid};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// New, and durable.
    Stored,
    /// Held before.
    AlreadyHeld,
    /// Durable beside another file of the same SOP Instance UID.
    Conflict,
    /// Durable in quarantine.
    Quarantined,
    /// Durable as an attachment.
    Attached,
    /// Read, with nothing in it to keep: a DICOMDIR.
    Ignored,
    /// Not kept, for a reason.
    Refused,
}

impl Verdict {
    /// The word used in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::AlreadyHeld => "alreadyHeld",
            Self::Conflict => "conflict",
            Self::Quarantined => "quarantined",
            Self::Attached => "attached",
            Self::Ignored => "ignored",
            Self::Refused => "refused",
        }
    }
}

/// A verdict with what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settled {
    /// What became of it.
    pub outcome: Verdict,
    /// Why, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why, as a sentence without anything about the patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// (0020,000D)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study_instance_uid: Option<StudyInstanceUid>,
    /// (0020,000E)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series_instance_uid: Option<SeriesInstanceUid>,
    /// (0008,0018)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sop_instance_uid: Option<SopInstanceUid>,
    /// SHA-256 of the bytes, where all were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Sha256Digest>,
    /// The id in quarantine or among the attachments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

impl Settled {
    fn bare(outcome: Verdict) -> Self {
        Self {
            outcome,
            reason: None,
            detail: None,
            study_instance_uid: None,
            series_instance_uid: None,
            sop_instance_uid: None,
            sha256: None,
            id: None,
        }
    }

    fn placed(outcome: Verdict, placed: &Placed) -> Self {
        let identity = &placed.identity;
        Self {
            study_instance_uid: Some(identity.study.clone()),
            series_instance_uid: Some(identity.series.clone()),
            sop_instance_uid: Some(identity.instance.clone()),
            sha256: Some(placed.digest),
            ..Self::bare(outcome)
        }
    }

    /// What intake says.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Stored(placed) => Self::placed(Verdict::Stored, placed),
            Outcome::AlreadyHeld(placed) => Self::placed(Verdict::AlreadyHeld, placed),
            Outcome::Conflict(placed) => Self::placed(Verdict::Conflict, placed),
            Outcome::Quarantined(aside) => Self {
                reason: Some(aside.reason.as_str().into()),
                detail: Some(aside.detail.clone()),
                sop_instance_uid: aside.instance.clone(),
                sha256: Some(aside.digest),
                id: Some(aside.id.clone()),
                ..Self::bare(Verdict::Quarantined)
            },
            Outcome::OtherStudy(_) => Self::because(Verdict::Refused, Reason::OtherStudy),
            Outcome::NotKept(Reason::Dicomdir) => Self::because(Verdict::Ignored, Reason::Dicomdir),
            Outcome::NotKept(reason) => Self::because(Verdict::Refused, *reason),
        }
    }

    fn because(outcome: Verdict, reason: Reason) -> Self {
        let (reason, detail) = (Some(reason.as_str().into()), Some(reason.words().into()));
        Self { reason, detail, ..Self::bare(outcome) }
    }

    /// A file that nothing makes DICOM; `first` are its first bytes.
    #[must_use]
    pub fn not_dicom(first: &[u8]) -> Self {
        match packed_by(first) {
            Some(by) => Self::refused(Trouble::UnknownPacking { by: by.into() }),
            None => Self::because(Verdict::Refused, Reason::NotDicom),
        }
    }

    /// A file that could not be read.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "it is used up")]
    pub fn refused(trouble: Trouble) -> Self {
        let (reason, detail) = (Some(trouble.as_str().into()), Some(trouble.to_string()));
        Self { reason, detail, ..Self::bare(Verdict::Refused) }
    }

    /// A file that was attached.
    #[must_use]
    pub fn attached(attached: &Attached) -> Self {
        Self { sha256: Some(attached.digest), id: Some(attached.id.clone()), ..Self::bare(Verdict::Attached) }
    }

    /// A file that a server says it has attached.
    #[must_use]
    pub fn attached_as(id: &str, sha256: &str) -> Self {
        let sha256 = Sha256Digest::parse(sha256).ok();
        Self { sha256, id: Some(id.into()), ..Self::bare(Verdict::Attached) }
    }

    /// The same file once more.
    #[must_use]
    pub fn again(self) -> Self {
        match self.outcome {
            Verdict::Stored => Self { outcome: Verdict::AlreadyHeld, ..self },
            _ => self,
        }
    }
}

/// One file of an import.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// Its path.
    pub path: String,
    /// Bytes, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// What became of it.
    #[serde(flatten)]
    pub settled: Settled,
    /// Whether it was not read again, because an earlier run had settled it.
    #[serde(skip)]
    pub again: bool,
    /// For the journal.
    #[serde(skip)]
    pub(crate) stamp: Option<Stamp>,
}

impl Line {
    /// A line without a stamp.
    #[must_use]
    pub const fn new(path: String, size: Option<u64>, settled: Settled) -> Self {
        Self { path, size, settled, again: false, stamp: None }
    }
}

/// How many files came to which end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// All files.
    pub files: u64,
    /// Bytes of all files whose size is known.
    pub bytes: u64,
    /// Files by verdict.
    pub outcomes: BTreeMap<Verdict, u64>,
    /// Files in quarantine and refused files by reason.
    pub reasons: BTreeMap<Verdict, BTreeMap<String, u64>>,
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, line: &Line) {
        self.files += 1;
        self.bytes += line.size.unwrap_or(0);
        let Settled { outcome, reason, .. } = &line.settled;
        *self.outcomes.entry(*outcome).or_default() += 1;
        if let Some(reason) = reason {
            *self.reasons.entry(*outcome).or_default().entry(reason.clone()).or_default() += 1;
        }
    }

    /// How many came to this end.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> u64 {
        self.outcomes.get(&verdict).copied().unwrap_or(0)
    }

    /// Whether someone should look: a conflict, something in quarantine, a file that should have
    /// been taken and was not.
    #[must_use]
    pub fn needs_a_look(&self) -> bool {
        let strangers = self.reasons.get(&Verdict::Refused).and_then(|r| r.get(Reason::NotDicom.as_str()));
        self.count(Verdict::Conflict) > 0
            || self.count(Verdict::Quarantined) > 0
            || self.count(Verdict::Refused) > strangers.copied().unwrap_or(0)
    }
}
