//! How the first person gets in: an administrator without a password, and a link that works once.

use crate::app::{App, OpenError};
use govern::{Entry, Outcome, Principal, Resource, Role, Roles};
use model::Timestamp;

/// The account made at the first start.
const FIRST_ACCOUNT: &str = "admin";

impl App {
    /// A one-time sign-in link while no administrator can sign in otherwise; makes the first
    /// administrator when there is none.
    ///
    /// # Errors
    /// [`OpenError`] when the account or the link can't be made.
    pub async fn first_sign_in(&self) -> Result<Option<String>, OpenError> {
        let accounts = &self.govern.accounts;
        if accounts.an_admin_can_sign_in().await? {
            return Ok(None);
        }
        let known = accounts.list().await?;
        let admin = known.into_iter().find(|account| account.enabled && account.roles.has(Role::Admin));
        let name = match admin {
            Some(admin) => admin.name,
            None => self.first_account().await?,
        };
        Ok(Some(self.sign_in_link(&name).await?.0))
    }

    async fn first_account(&self) -> Result<String, OpenError> {
        let roles = Roles::from_iter([Role::Admin]);
        let now = Timestamp::now();
        let made = self.govern.accounts.create(FIRST_ACCOUNT, &roles, now).await;
        made.map_err(OpenError::FirstAccount)?;
        let who = Principal::worker("serve");
        let entry = Entry::event(&who, "manage-accounts", "command-line", Outcome::Done, now)
            .of(&Resource::Account(FIRST_ACCOUNT.into()))
            .with("change", "created")
            .with("roles", roles.to_string());
        self.govern.audit.record(entry).await.map_err(OpenError::Audit)?;
        Ok(FIRST_ACCOUNT.into())
    }
}
