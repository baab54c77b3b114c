//! Someone who acts: a person's account, a DIMSE peer, the operator at the machine, a worker.

use model::StudyInstanceUid;
use std::collections::BTreeSet;
use std::fmt;

/// What an account is for. An account may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Runs the installation: accounts, peers, everything.
    Admin,
    /// The imaging data manager: all work on identified images.
    Broker,
    /// Works inside projects; sees nothing identified.
    Researcher,
    /// Reads the audit log and the system's state; changes nothing.
    Auditor,
}

/// The text names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a role; the roles are admin, broker, researcher and auditor")]
pub struct RoleError(String);

impl Role {
    /// Every role, in the order they are shown.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Broker, Self::Researcher, Self::Auditor];

    /// The word used in configuration, records and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Broker => "broker",
            Self::Researcher => "researcher",
            Self::Auditor => "auditor",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Role {
    type Err = RoleError;
    fn from_str(text: &str) -> Result<Self, RoleError> {
        let found = Self::ALL.into_iter().find(|role| role.as_str() == text);
        found.ok_or_else(|| RoleError(text.chars().take(32).collect()))
    }
}

/// A set of roles; written as words joined by commas.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Roles(BTreeSet<Role>);

impl Roles {
    /// Whether the set has this role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// The roles in both sets.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).copied().collect())
    }

    /// Whether no role is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The roles in order.
    pub fn iter(&self) -> impl Iterator<Item = Role> {
        self.0.iter().copied()
    }

    /// Reads words joined by commas; the empty text is the empty set.
    ///
    /// # Errors
    /// [`RoleError`] for a word that names no role.
    pub fn parse(text: &str) -> Result<Self, RoleError> {
        text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::parse).collect()
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.iter().map(Role::as_str).collect();
        f.write_str(&words.join(","))
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().collect())
    }
}

/// What a DIMSE peer was allowed when it was entered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PeerRights {
    /// C-STORE and storage commitment.
    pub may_store: bool,
    /// C-FIND.
    pub may_query: bool,
    /// C-MOVE and C-GET.
    pub may_retrieve: bool,
}

/// How a principal is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A person's account, or a token of theirs: the roles that count now.
    Account(Roles),
    /// A token of a person's account that was handed on for one exam: it reads that exam, as long as its
    /// owner may with these roles, and nothing else.
    Guest(Roles, StudyInstanceUid),
    /// A DIMSE peer known by AE title and address or certificate.
    Peer(PeerRights),
    /// Whoever can read the data folder of this machine: the command line.
    Operator,
    /// A part of Isocenter acting for itself, such as the demo hospital.
    Worker,
}

/// What somebody is in a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProjectRole {
    /// Leads it: says who is in it, and works in it.
    Lead,
    /// Works in it: searches, looks, takes de-identified data out.
    Member,
}

impl ProjectRole {
    /// The word used in records and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Member => "member",
        }
    }

    /// Reads what [`ProjectRole::as_str`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Lead, Self::Member].into_iter().find(|role| role.as_str() == text)
    }
}

/// A place in one project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seat {
    pub project: String,
    pub role: ProjectRole,
}

/// Someone who acts. Made by the doors after they have proof of who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    name: String,
    kind: Kind,
    seat: Option<Seat>,
}

impl Principal {
    /// A person's account with the roles that count for this call.
    #[must_use]
    pub fn account(name: impl Into<String>, roles: Roles) -> Self {
        Self { name: name.into(), kind: Kind::Account(roles), seat: None }
    }

    /// Whoever holds a token of an account for one exam, with the roles of its owner that count.
    #[must_use]
    pub fn guest(name: impl Into<String>, roles: Roles, study: StudyInstanceUid) -> Self {
        Self { name: name.into(), kind: Kind::Guest(roles, study), seat: None }
    }

    /// A DIMSE peer; `name` is its entry's name.
    #[must_use]
    pub fn peer(name: impl Into<String>, rights: PeerRights) -> Self {
        Self { name: name.into(), kind: Kind::Peer(rights), seat: None }
    }

    /// The person at the machine, by the operating system's account name.
    #[must_use]
    pub fn operator(name: &str) -> Self {
        Self { name: name.into(), kind: Kind::Operator, seat: None }
    }

    /// A part of Isocenter, such as `demo` or `indexer`.
    #[must_use]
    pub fn worker(name: &str) -> Self {
        Self { name: name.into(), kind: Kind::Worker, seat: None }
    }

    /// The bare name: of the account, peer, operator or worker.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same one, acting in a project it has a place in.
    #[must_use]
    pub fn seated(mut self, project: &str, role: ProjectRole) -> Self {
        self.seat = Some(Seat { project: project.to_owned(), role });
        self
    }

    /// Its place in a project, if that is where it acts.
    pub(crate) fn role_in(&self, project: &str) -> Option<ProjectRole> {
        self.seat.as_ref().filter(|seat| seat.project == project).map(|seat| seat.role)
    }

    /// How it is known.
    #[must_use]
    pub const fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The roles that count: those of an account; the operator counts as admin; a peer and a guest have none.
    #[must_use]
    pub fn roles(&self) -> Roles {
        match &self.kind {
            Kind::Account(roles) => roles.clone(),
            Kind::Operator | Kind::Worker => Roles::from_iter([Role::Admin]),
            Kind::Peer(_) | Kind::Guest(..) => Roles::default(),
        }
    }
}

/// How the audit log names it: the name, prefixed by the kind when it isn't a person's account.
impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Account(_) => f.write_str(&self.name),
            Kind::Guest(..) => write!(f, "guest-of:{}", self.name),
            Kind::Peer(_) => write!(f, "peer:{}", self.name),
            Kind::Operator => write!(f, "operator:{}", self.name),
            Kind::Worker => write!(f, "worker:{}", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_as_they_are_written() {
        let roles: Roles = [Role::Auditor, Role::Admin].into_iter().collect();
        assert_eq!(roles.to_string(), "admin,auditor");
        assert_eq!(Roles::parse(&roles.to_string()), Ok(roles));
        assert_eq!(Roles::parse(""), Ok(Roles::default()));
        assert!(Roles::parse("admin,root").is_err());
    }

    #[test]
    fn an_account_cannot_pass_for_a_peer_in_the_log() {
        assert_eq!(Principal::peer("ct1", PeerRights::default()).to_string(), "peer:ct1");
        assert_eq!(Principal::account("ct1", Roles::default()).to_string(), "ct1");
    }
}
