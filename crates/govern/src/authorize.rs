//! The one function every door asks.

use crate::{Action, Kind, PeerRights, Principal, ProjectRole, Resource, Role, Roles};
use model::StudyInstanceUid;

/// Proof that [`authorize`] said yes: who, what, of what. Only made here; it feeds the audit log.
#[must_use = "a granted action is recorded in the audit log"]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    actor: String,
    action: Action,
    resource: String,
}

impl Grant {
    /// Who acts, as the audit log names them.
    #[must_use]
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// What was granted.
    #[must_use]
    pub const fn action(&self) -> Action {
        self.action
    }

    /// Of what, as the audit log writes it.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }
}

/// Why not, and who can change it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{actor} may not {action}: {reason} (rule `{rule}`). {remedy}")]
pub struct Refusal {
    /// Who asked.
    pub actor: String,
    /// What for.
    pub action: Action,
    /// The rule's name, stable for scripts.
    pub rule: &'static str,
    /// The rule in words.
    pub reason: &'static str,
    /// Who can change it, in words.
    pub remedy: &'static str,
}

/// A rule that refuses.
struct Rule {
    name: &'static str,
    reason: &'static str,
    remedy: &'static str,
}

const NO_ROLE: Rule = Rule {
    name: "account-without-role",
    reason: "the account or token has no role",
    remedy: "An administrator can give it one.",
};
const RESEARCHER: Rule = Rule {
    name: "researcher-sees-nothing-identified",
    reason: "researchers work on de-identified data inside a project",
    remedy: "An administrator can give the broker role to an account that must see identified images.",
};
const AUDITOR: Rule = Rule {
    name: "auditor-reads-audit-only",
    reason: "auditors read the audit log and the system's state, not images",
    remedy: "An administrator can give the account another role.",
};
const BROKER: Rule = Rule {
    name: "administrators-only",
    reason: "this belongs to running the installation",
    remedy: "An administrator can do it, or give the admin role.",
};
const PEER: Rule = Rule {
    name: "peer-without-right",
    reason: "the peer's entry does not allow this",
    remedy: "An administrator can change the peer's entry.",
};
const GUEST: Rule = Rule {
    name: "guest-reads-one-exam",
    reason: "the token was handed on to read one exam, and nothing else",
    remedy: "Whoever gave it can give one for another exam; an administrator can give an account.",
};

const NO_SEAT: Rule = Rule {
    name: "members-only",
    reason: "only members of the project see what is in it",
    remedy: "Whoever leads the project, or a broker, can add the account or the peer to it.",
};

/// Says whether `who` may do `action` to `resource`.
///
/// # Errors
/// [`Refusal`] with the rule that says no and who can change it.
pub fn authorize(who: &Principal, action: Action, resource: &Resource) -> Result<Grant, Refusal> {
    let verdict = match who.kind() {
        Kind::Operator | Kind::Worker => Ok(()),
        Kind::Peer(rights) => peer_may(*rights, action, seat(who, resource)),
        Kind::Account(roles) => account_may(roles, action, resource, seat(who, resource)),
        Kind::Guest(roles, study) => guest_may(roles, study, action, resource),
    };
    match verdict {
        Ok(()) => Ok(Grant { actor: who.to_string(), action, resource: resource.to_string() }),
        Err(rule) => Err(refusal(who, action, rule)),
    }
}

/// What `who` may, as far as it doesn't depend on what it is done to: for pages that offer only that.
/// Every door still asks [`authorize`] for the thing itself.
#[must_use]
pub fn permitted(who: &Principal) -> Vec<Action> {
    Action::ALL.into_iter().filter(|action| authorize(who, *action, &Resource::Archive).is_ok()).collect()
}

fn refusal(who: &Principal, action: Action, rule: &Rule) -> Refusal {
    let Rule { name, reason, remedy } = *rule;
    Refusal { actor: who.to_string(), action, rule: name, reason, remedy }
}

/// What the caller is in the project that the resource belongs to.
fn seat(who: &Principal, resource: &Resource) -> Option<ProjectRole> {
    match resource {
        Resource::Project(project, _) => who.role_in(project),
        _ => None,
    }
}

/// The table of places in a project.
const fn seat_may(role: ProjectRole, action: Action) -> bool {
    match action {
        Action::QueryProject | Action::ReadProject => true,
        Action::LeadProject => matches!(role, ProjectRole::Lead),
        _ => false,
    }
}

fn account_may(
    roles: &Roles,
    action: Action,
    resource: &Resource,
    seat: Option<ProjectRole>,
) -> Result<(), &'static Rule> {
    let seated = seat.is_some_and(|role| seat_may(role, action));
    let of_projects = matches!(resource, Resource::Project(..));
    match roles_may(roles, action) {
        Err(_) if seated => Ok(()),
        Err(_) if of_projects && seat_may(ProjectRole::Lead, action) => Err(&NO_SEAT),
        verdict => verdict,
    }
}

fn peer_may(rights: PeerRights, action: Action, seat: Option<ProjectRole>) -> Result<(), &'static Rule> {
    let allowed = match action {
        Action::QueryProject => rights.may_query && seat.is_some(),
        Action::ReadProject => rights.may_retrieve && seat.is_some(),
        Action::Store => rights.may_store,
        Action::Query => rights.may_query,
        Action::Read => rights.may_retrieve,
        _ => false,
    };
    if allowed { Ok(()) } else { Err(&PEER) }
}

/// Reading, and finding within the exam: what a viewer needs. A guest may nothing its host may not.
fn guest_may(
    roles: &Roles,
    study: &StudyInstanceUid,
    action: Action,
    resource: &Resource,
) -> Result<(), &'static Rule> {
    let reads = matches!(action, Action::Read | Action::Query);
    if reads && resource.study() == Some(study) { roles_may(roles, action) } else { Err(&GUEST) }
}

fn roles_may(roles: &Roles, action: Action) -> Result<(), &'static Rule> {
    if roles.iter().any(|role| role_may(role, action)) {
        return Ok(());
    }
    // The role that comes nearest to the action gives the clearest reason.
    Err(if roles.has(Role::Broker) {
        &BROKER
    } else if roles.has(Role::Researcher) {
        &RESEARCHER
    } else if roles.has(Role::Auditor) {
        &AUDITOR
    } else {
        &NO_ROLE
    })
}

/// The table of roles and actions. Unlisted: no.
const fn role_may(role: Role, action: Action) -> bool {
    use Action::{
        Count, Curate, Delete, Export, LeadProject, ManageOwnAccount, ManagePolicies, ManageProjects,
        ManageRouting, Measure, Quarantine, Query, QueryProject, Read, ReadAudit, ReadProject, Reidentify,
        Release, Status, Store, Undelete,
    };
    match role {
        Role::Admin => true,
        Role::Broker => matches!(
            action,
            Query
                | Read
                | Measure
                | Store
                | Delete
                | Undelete
                | Quarantine
                | Curate
                | Export
                | ManageRouting
                | ManageProjects
                | LeadProject
                | QueryProject
                | ReadProject
                | Reidentify
                | ManagePolicies
                | ManageOwnAccount
                | Status
                | Count
                | Release
        ),
        Role::Researcher => matches!(action, ManageOwnAccount | Status | Count),
        Role::Auditor => matches!(action, ReadAudit | ManageOwnAccount | Status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One column per role: admin, broker, researcher, auditor.
    #[rustfmt::skip]
    const MATRIX: [(Action, [bool; 4]); 25] = [
        (Action::Query,            [true, true,  false, false]),
        (Action::Read,             [true, true,  false, false]),
        (Action::Measure,          [true, true,  false, false]),
        (Action::Store,            [true, true,  false, false]),
        (Action::Delete,           [true, true,  false, false]),
        (Action::Undelete,         [true, true,  false, false]),
        (Action::Purge,            [true, false, false, false]),
        (Action::Quarantine,       [true, true,  false, false]),
        (Action::Curate,           [true, true,  false, false]),
        (Action::ManageAccounts,   [true, false, false, false]),
        (Action::ManageOwnAccount, [true, true,  true,  true ]),
        (Action::ManagePeers,      [true, false, false, false]),
        (Action::ManageRouting,    [true, true,  false, false]),
        (Action::ManagePolicies,   [true, true,  false, false]),
        (Action::ReadAudit,        [true, false, false, true ]),
        (Action::Export,           [true, true,  false, false]),
        (Action::Operate,          [true, false, false, false]),
        (Action::Status,           [true, true,  true,  true ]),
        (Action::ManageProjects,   [true, true,  false, false]),
        (Action::LeadProject,      [true, true,  false, false]),
        (Action::QueryProject,     [true, true,  false, false]),
        (Action::ReadProject,      [true, true,  false, false]),
        (Action::Reidentify,       [true, true,  false, false]),
        (Action::Count,            [true, true,  true,  false]),
        (Action::Release,          [true, true,  false, false]),
    ];

    #[test]
    fn every_role_may_exactly_what_the_table_says() {
        for (action, expected) in MATRIX {
            for (role, may) in Role::ALL.into_iter().zip(expected) {
                let who = Principal::account("ann", [role].into_iter().collect());
                assert_eq!(authorize(&who, action, &Resource::Archive).is_ok(), may, "{role} {action}");
            }
        }
        assert_eq!(MATRIX.map(|(action, _)| action), Action::ALL);
    }

    #[test]
    fn what_is_permitted_is_what_would_be_granted() {
        let who = Principal::account("otto", Roles::from_iter([Role::Auditor]));
        assert_eq!(permitted(&who), [Action::ManageOwnAccount, Action::ReadAudit, Action::Status]);
        assert_eq!(permitted(&Principal::account("ann", Roles::default())), []);
    }

    #[test]
    fn an_account_without_role_may_nothing() {
        let who = Principal::account("ann", Roles::default());
        for action in Action::ALL {
            let refusal = authorize(&who, action, &Resource::Archive).expect_err("no role");
            assert_eq!(refusal.rule, "account-without-role");
        }
    }

    #[test]
    fn a_peer_may_what_its_entry_says() {
        let store_only = PeerRights { may_store: true, ..PeerRights::default() };
        let who = Principal::peer("ct1", store_only);
        let allowed: Vec<_> =
            Action::ALL.into_iter().filter(|a| authorize(&who, *a, &Resource::Archive).is_ok()).collect();
        assert_eq!(allowed, [Action::Store]);
    }

    #[test]
    fn a_member_works_in_its_project_alone_and_a_lead_says_who_is_in_it() {
        let in_project = |name: &str| Resource::Project(name.into(), Some("study/2.25.1".into()));
        let may = |who: &Principal, resource: &Resource| -> Vec<Action> {
            Action::ALL.into_iter().filter(|action| authorize(who, *action, resource).is_ok()).collect()
        };
        let researcher = Principal::account("ann", Roles::from_iter([Role::Researcher]));
        let own = [Action::ManageOwnAccount, Action::Status, Action::Count];
        let works = [Action::QueryProject, Action::ReadProject];
        let member = researcher.clone().seated("trial", ProjectRole::Member);
        let lead = researcher.clone().seated("trial", ProjectRole::Lead);
        let of_member = [&own[..2], &works, &own[2..]].concat();
        assert_eq!(may(&member, &in_project("trial")), of_member);
        let of_lead = [&own[..2], &[Action::LeadProject], &works, &own[2..]].concat();
        assert_eq!(may(&lead, &in_project("trial")), of_lead);
        assert_eq!(may(&member, &in_project("other")), own);
        assert_eq!(may(&member, &Resource::Archive), own);
        let refusal = authorize(&researcher, Action::ReadProject, &in_project("trial")).expect_err("no seat");
        assert_eq!(refusal.rule, "members-only");
    }

    #[test]
    fn a_peer_reads_a_project_with_a_place_in_it_and_the_right() {
        let rights = PeerRights { may_query: true, ..PeerRights::default() };
        let project = Resource::Project("trial".into(), None);
        let peer = Principal::peer("ws", rights);
        assert!(authorize(&peer, Action::QueryProject, &project).is_err());
        let peer = peer.seated("trial", ProjectRole::Member);
        assert!(authorize(&peer, Action::QueryProject, &project).is_ok());
        assert!(authorize(&peer, Action::ReadProject, &project).is_err());
        assert!(authorize(&peer, Action::LeadProject, &project).is_err());
    }

    #[test]
    fn a_guest_reads_one_exam_and_only_while_its_host_may() {
        let uid = |text| StudyInstanceUid::parse(text).expect("a UID");
        let guest = |role| Principal::guest("ann", Roles::from_iter([role]), uid("1.2.3"));
        for action in Action::ALL {
            let may = |resource| authorize(&guest(Role::Admin), action, &resource).is_ok();
            let reads = matches!(action, Action::Read | Action::Query);
            assert_eq!(may(Resource::Exam(uid("1.2.3"))), reads, "{action}");
            assert!(!may(Resource::Exam(uid("1.2.4"))), "{action}");
            assert!(!may(Resource::Archive), "{action}");
            assert!(!may(Resource::Other("patient-of", "1.2.3".into())), "{action}");
        }
        let exam = Resource::Exam(uid("1.2.3"));
        assert!(authorize(&guest(Role::Researcher), Action::Read, &exam).is_err());
        assert_eq!(permitted(&guest(Role::Admin)), []);
    }

    #[test]
    fn a_refusal_names_its_rule_and_who_can_change_it() {
        let who = Principal::account("ann", Roles::from_iter([Role::Researcher]));
        let refusal = authorize(&who, Action::Read, &Resource::Archive).expect_err("researcher");
        assert_eq!(
            refusal.to_string(),
            "ann may not read: researchers work on de-identified data inside a project \
             (rule `researcher-sees-nothing-identified`). An administrator can give the broker role to \
             an account that must see identified images."
        );
    }
}
