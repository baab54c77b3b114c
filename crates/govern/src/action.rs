//! What can be asked for, and of what.

use model::{SeriesInstanceUid, SopInstanceUid, StudyInstanceUid};
use std::fmt;

/// What a caller wants to do. Every door maps its operations to these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Search identified data: QIDO, C-FIND, the exams page.
    Query,
    /// Read identified data: WADO, C-GET, C-MOVE, frames, attributes, attachments.
    Read,
    /// Bring data in: C-STORE, STOW, upload, import, fetch from a peer.
    Store,
    /// Hide an exam, series or instance behind a tombstone.
    Delete,
    /// Take a tombstone away.
    Undelete,
    /// Remove deleted data for good.
    Purge,
    /// See, retry or discard what was quarantined.
    Quarantine,
    /// Create, change and disable accounts, their roles and links.
    ManageAccounts,
    /// Make, list and revoke the caller's own tokens and password.
    ManageOwnAccount,
    /// Enter, change and remove DIMSE peers.
    ManagePeers,
    /// Read and verify the audit log.
    ReadAudit,
    /// Take identified data out in bulk: export, download, send to a peer.
    Export,
    /// Run the installation: verify, rebuild, recompress, metrics.
    Operate,
    /// See counts and the state of the system; nothing identified.
    Status,
}

impl Action {
    /// Every action, for tables and tests.
    pub const ALL: [Self; 14] = [
        Self::Query,
        Self::Read,
        Self::Store,
        Self::Delete,
        Self::Undelete,
        Self::Purge,
        Self::Quarantine,
        Self::ManageAccounts,
        Self::ManageOwnAccount,
        Self::ManagePeers,
        Self::ReadAudit,
        Self::Export,
        Self::Operate,
        Self::Status,
    ];

    /// The word used in the audit log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Read => "read",
            Self::Store => "store",
            Self::Delete => "delete",
            Self::Undelete => "undelete",
            Self::Purge => "purge",
            Self::Quarantine => "quarantine",
            Self::ManageAccounts => "manage-accounts",
            Self::ManageOwnAccount => "manage-own-account",
            Self::ManagePeers => "manage-peers",
            Self::ReadAudit => "read-audit",
            Self::Export => "export",
            Self::Operate => "operate",
            Self::Status => "status",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an action is about. Identifiers only: UIDs, entry names, never a patient's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// The archive as a whole: a search, an import, the settings.
    Archive,
    /// One exam.
    Exam(StudyInstanceUid),
    /// One series.
    Series(StudyInstanceUid, SeriesInstanceUid),
    /// One instance.
    Instance(StudyInstanceUid, SeriesInstanceUid, SopInstanceUid),
    /// One account, by name.
    Account(String),
    /// One DIMSE peer, by its entry's name.
    Peer(String),
    /// Anything else, by the name of its kind and its identifier.
    Other(&'static str, String),
}

/// How the audit log writes it: kind and identifier, e.g. `exam:1.2.3`.
impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Archive => f.write_str("archive"),
            Self::Exam(study) => write!(f, "exam:{study}"),
            Self::Series(study, series) => write!(f, "series:{study}/{series}"),
            Self::Instance(study, series, sop) => write!(f, "instance:{study}/{series}/{sop}"),
            Self::Account(name) => write!(f, "account:{name}"),
            Self::Peer(name) => write!(f, "peer:{name}"),
            Self::Other(kind, id) => write!(f, "{kind}:{id}"),
        }
    }
}
