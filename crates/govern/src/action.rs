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
    /// Draw and measure on identified images.
    Measure,
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
    /// Decide which records belong together, and who is who.
    Curate,
    /// Create, change and disable accounts, their roles and links.
    ManageAccounts,
    /// Make, list and revoke the caller's own tokens and password.
    ManageOwnAccount,
    /// Enter, change and remove DIMSE peers.
    ManagePeers,
    /// Make, change and switch the rules by which exams are sent on.
    ManageRouting,
    /// Write, try and approve the policies by which data loses its identity.
    ManagePolicies,
    /// Read and verify the audit log.
    ReadAudit,
    /// Take identified data out in bulk: export, download, send to a peer.
    Export,
    /// Run the installation: verify, rebuild, recompress, metrics.
    Operate,
    /// See counts and the state of the system; nothing identified.
    Status,
    /// Make projects, change them, enrol patients, see who they are.
    ManageProjects,
    /// Say who is in a project.
    LeadProject,
    /// Search a project, in its own pseudonymous terms.
    QueryProject,
    /// Read a project's de-identified images and attributes, and take them out.
    ReadProject,
    /// Ask who a subject is, and answer such a wish of somebody else.
    Reidentify,
    /// Ask how many there are of a kind, in counts that say nothing of anybody.
    Count,
    /// Decide what of a project leaves, take that back, and carry out that somebody withdraws.
    Release,
}

impl Action {
    /// Every action, for tables and tests.
    pub const ALL: [Self; 25] = [
        Self::Query,
        Self::Read,
        Self::Measure,
        Self::Store,
        Self::Delete,
        Self::Undelete,
        Self::Purge,
        Self::Quarantine,
        Self::Curate,
        Self::ManageAccounts,
        Self::ManageOwnAccount,
        Self::ManagePeers,
        Self::ManageRouting,
        Self::ManagePolicies,
        Self::ReadAudit,
        Self::Export,
        Self::Operate,
        Self::Status,
        Self::ManageProjects,
        Self::LeadProject,
        Self::QueryProject,
        Self::ReadProject,
        Self::Reidentify,
        Self::Count,
        Self::Release,
    ];

    /// The word used in the audit log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Read => "read",
            Self::Measure => "measure",
            Self::Store => "store",
            Self::Delete => "delete",
            Self::Undelete => "undelete",
            Self::Purge => "purge",
            Self::Quarantine => "quarantine",
            Self::Curate => "curate",
            Self::ManageAccounts => "manage-accounts",
            Self::ManageOwnAccount => "manage-own-account",
            Self::ManagePeers => "manage-peers",
            Self::ManageRouting => "manage-routing",
            Self::ManagePolicies => "manage-policies",
            Self::ReadAudit => "read-audit",
            Self::Export => "export",
            Self::Operate => "operate",
            Self::Status => "status",
            Self::ManageProjects => "manage-projects",
            Self::LeadProject => "lead-project",
            Self::QueryProject => "query-project",
            Self::ReadProject => "read-project",
            Self::Reidentify => "reidentify",
            Self::Count => "count",
            Self::Release => "release",
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
    /// A project; with a part: something in it, in the project's own terms, such as
    /// `study/2.25.1` or `subject/S-1`.
    Project(String, Option<String>),
    /// Anything else, by the name of its kind and its identifier.
    Other(&'static str, String),
}

impl Resource {
    /// The exam it is or is part of, where it is one.
    #[must_use]
    pub const fn study(&self) -> Option<&StudyInstanceUid> {
        match self {
            Self::Exam(study) | Self::Series(study, _) | Self::Instance(study, ..) => Some(study),
            Self::Archive | Self::Account(_) | Self::Peer(_) | Self::Project(..) | Self::Other(..) => None,
        }
    }
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
            Self::Project(id, None) => write!(f, "project:{id}"),
            Self::Project(id, Some(part)) => write!(f, "project:{id}/{part}"),
            Self::Other(kind, id) => write!(f, "{kind}:{id}"),
        }
    }
}
