//! `govern` — who may, and what was disclosed: accounts, sessions, roles, the audit chain.
//! Takes a caller and what they want, gives a [`Grant`] or a [`Refusal`] with its reason.
//! Does not speak HTTP or DIMSE: the doors bring a [`Principal`] here and obey the answer.
//! Read in this order: [`principal`], [`action`], [`authorize`](mod@authorize), [`accounts`],
//! [`sessions`], [`tokens`], [`links`], [`oidc`], [`peers`], [`projects`], [`audit`].

pub mod accounts;
pub mod action;
pub mod audit;
pub mod authorize;
pub mod links;
pub mod oidc;
pub mod password;
pub mod peers;
pub mod principal;
pub mod projects;
mod schema;
pub mod secret;
pub mod sessions;
pub mod throttle;
pub mod tokens;

pub use accounts::{Account, Accounts};
pub use action::{Action, Resource};
pub use audit::{Audit, Entry, Outcome};
pub use authorize::{Grant, Refusal, authorize, permitted};
pub use links::OneTimeLinks;
pub use peers::{Peer, Peers};
pub use principal::{Kind, PeerRights, Principal, ProjectRole, Role, Roles};
pub use projects::{Project, ProjectError, ProjectTerms, Projects};
pub use secret::Secret;
pub use sessions::{SessionLife, Sessions};
pub use tokens::Tokens;

use store::{Ledger, MigrateError};

/// The room, open: everything that says who may.
#[derive(Debug, Clone)]
pub struct Govern {
    /// Local accounts.
    pub accounts: Accounts,
    /// Sessions of people in browsers.
    pub sessions: Sessions,
    /// Personal access tokens.
    pub tokens: Tokens,
    /// One-time sign-in links.
    pub links: OneTimeLinks,
    /// DIMSE peers.
    pub peers: Peers,
    /// Projects, their members, and who agreed to what.
    pub projects: Projects,
    /// The audit log.
    pub audit: Audit,
}

impl Govern {
    /// Brings the room's tables up to date and starts the audit log's writer.
    ///
    /// # Errors
    /// [`MigrateError`] when the tables can't be brought up to date.
    pub async fn open(ledger: &Ledger, life: SessionLife) -> Result<Self, MigrateError> {
        ledger.migrate_outbox().await?;
        schema::migrate(ledger).await?;
        Ok(Self {
            accounts: Accounts::new(ledger.clone()),
            sessions: Sessions::new(ledger.clone(), life),
            tokens: Tokens::new(ledger.clone()),
            links: OneTimeLinks::new(ledger.clone()),
            peers: Peers::new(ledger.clone()),
            projects: Projects::new(ledger.clone()),
            audit: Audit::start(ledger.clone()),
        })
    }
}
