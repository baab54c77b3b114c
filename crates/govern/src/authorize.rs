//! The one function every door asks.

use crate::{Action, Kind, PeerRights, Principal, Resource, Role, Roles};

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

/// Says whether `who` may do `action` to `resource`.
///
/// # Errors
/// [`Refusal`] with the rule that says no and who can change it.
pub fn authorize(who: &Principal, action: Action, resource: &Resource) -> Result<Grant, Refusal> {
    let verdict = match who.kind() {
        Kind::Operator | Kind::Worker => Ok(()),
        Kind::Peer(rights) => peer_may(*rights, action),
        Kind::Account(roles) => roles_may(roles, action),
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

fn peer_may(rights: PeerRights, action: Action) -> Result<(), &'static Rule> {
    let allowed = match action {
        Action::Store => rights.may_store,
        Action::Query => rights.may_query,
        Action::Read => rights.may_retrieve,
        _ => false,
    };
    if allowed { Ok(()) } else { Err(&PEER) }
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
        Delete, Export, ManageOwnAccount, Quarantine, Query, Read, ReadAudit, Status, Store, Undelete,
    };
    match role {
        Role::Admin => true,
        Role::Broker => matches!(
            action,
            Query | Read | Store | Delete | Undelete | Quarantine | Export | ManageOwnAccount | Status
        ),
        Role::Researcher => matches!(action, ManageOwnAccount | Status),
        Role::Auditor => matches!(action, ReadAudit | ManageOwnAccount | Status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One column per role: admin, broker, researcher, auditor.
    #[rustfmt::skip]
    const MATRIX: [(Action, [bool; 4]); 14] = [
        (Action::Query,            [true, true,  false, false]),
        (Action::Read,             [true, true,  false, false]),
        (Action::Store,            [true, true,  false, false]),
        (Action::Delete,           [true, true,  false, false]),
        (Action::Undelete,         [true, true,  false, false]),
        (Action::Purge,            [true, false, false, false]),
        (Action::Quarantine,       [true, true,  false, false]),
        (Action::ManageAccounts,   [true, false, false, false]),
        (Action::ManageOwnAccount, [true, true,  true,  true ]),
        (Action::ManagePeers,      [true, false, false, false]),
        (Action::ReadAudit,        [true, false, false, true ]),
        (Action::Export,           [true, true,  false, false]),
        (Action::Operate,          [true, false, false, false]),
        (Action::Status,           [true, true,  true,  true ]),
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
