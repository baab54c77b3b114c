//! Local accounts: names, roles, passwords. An account without a password signs in by
//! one-time link or OpenID Connect.

use crate::password::{self, PasswordError};
use crate::throttle::Throttle;
use crate::{Role, Roles};
use model::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use std::net::IpAddr;
use std::sync::Arc;
use store::Ledger;

/// One account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its name: what people type, and what the audit log says.
    pub name: String,
    /// What it is for.
    pub roles: Roles,
    /// Whether it may sign in at all.
    pub enabled: bool,
    /// Whether it has a password.
    pub has_password: bool,
    /// Whether an OpenID Connect provider vouches for it.
    pub has_oidc: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last signed in.
    pub signed_in_at: Option<Timestamp>,
}

/// Why an account can't be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The name is taken.
    #[error("there is an account `{0}` already")]
    Exists(String),
    /// No such account.
    #[error("there is no account `{0}`")]
    Unknown(String),
    /// Names appear in logs and URLs, so they are plain.
    #[error("an account's name has 1 to 64 of the characters a-z 0-9 . _ - @")]
    Name,
    /// Someone must be able to change the accounts.
    #[error("`{0}` is the last administrator; make another one first")]
    LastAdmin(String),
    /// The password.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The ledger.
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
}

/// Why a sign-in fails. It doesn't say whether the account exists.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Name or password is wrong, or the account is disabled.
    #[error("the name or the password is wrong")]
    Wrong,
    /// Too many failures before.
    #[error("too many failed sign-ins; wait {0} seconds")]
    Throttled(u64),
    /// The ledger.
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
}

/// The accounts in the ledger.
#[derive(Debug, Clone)]
pub struct Accounts {
    ledger: Ledger,
    throttle: Arc<Throttle>,
}

const COLUMNS: &str = "SELECT name, roles, password, oidc_subject, disabled_at, created_at, signed_in_at \
     FROM account";

impl Accounts {
    pub(crate) fn new(ledger: Ledger) -> Self {
        Self { ledger, throttle: Arc::default() }
    }

    /// Makes an account without a password.
    ///
    /// # Errors
    /// [`AccountError::Name`] or [`AccountError::Exists`].
    pub async fn create(&self, name: &str, roles: &Roles, now: Timestamp) -> Result<(), AccountError> {
        check_name(name)?;
        let mut tx = self.ledger.write().await?;
        let made = sqlx::query(
            "INSERT INTO account (name, roles, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(name)
        .bind(roles.to_string())
        .bind(now.as_micros())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        if made.rows_affected() == 0 { Err(AccountError::Exists(name.into())) } else { Ok(()) }
    }

    /// One account by name.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn get(&self, name: &str) -> Result<Option<Account>, sqlx::Error> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE name = $1")))
            .bind(name)
            .fetch_optional(self.ledger.pool())
            .await?;
        row.as_ref().map(account).transpose()
    }

    /// All accounts by name.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn list(&self) -> Result<Vec<Account>, sqlx::Error> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} ORDER BY name")))
            .fetch_all(self.ledger.pool())
            .await?;
        rows.iter().map(account).collect()
    }

    /// Gives an account other roles. Its sessions go on with them.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], [`AccountError::LastAdmin`].
    pub async fn set_roles(&self, name: &str, roles: &Roles) -> Result<(), AccountError> {
        let mut tx = self.ledger.write().await?;
        let changed = sqlx::query("UPDATE account SET roles = $2 WHERE name = $1")
            .bind(name)
            .bind(roles.to_string())
            .execute(&mut *tx)
            .await?;
        expect_one(changed.rows_affected(), name)?;
        keep_an_admin(&mut tx, name).await?;
        Ok(tx.commit().await?)
    }

    /// Disables or enables an account. Disabling ends its sessions; its tokens stop working.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], [`AccountError::LastAdmin`].
    pub async fn set_enabled(&self, name: &str, enabled: bool, now: Timestamp) -> Result<(), AccountError> {
        let mut tx = self.ledger.write().await?;
        let changed = sqlx::query("UPDATE account SET disabled_at = $2 WHERE name = $1")
            .bind(name)
            .bind((!enabled).then_some(now.as_micros()))
            .execute(&mut *tx)
            .await?;
        expect_one(changed.rows_affected(), name)?;
        keep_an_admin(&mut tx, name).await?;
        if !enabled {
            end_sessions(&mut tx, name).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Sets a password and ends the account's sessions.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], [`AccountError::Password`].
    pub async fn set_password(&self, name: &str, password: &str) -> Result<(), AccountError> {
        let hash = password::hash(password).await?;
        let mut tx = self.ledger.write().await?;
        let changed = sqlx::query("UPDATE account SET password = $2 WHERE name = $1")
            .bind(name)
            .bind(hash)
            .execute(&mut *tx)
            .await?;
        expect_one(changed.rows_affected(), name)?;
        end_sessions(&mut tx, name).await?;
        Ok(tx.commit().await?)
    }

    /// Checks name and password, slowly after failures.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn check_password(
        &self,
        name: &str,
        password: &str,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Account, SignInError> {
        if let Some(seconds) = self.throttle.wait(name, address, now) {
            return Err(SignInError::Throttled(seconds));
        }
        // Counted before the slow part, so that guesses at the same time don't slip through.
        self.throttle.failed(name, address, now);
        let hash = self.password_of(name).await?;
        let fits = password::verify(password, hash).await;
        match self.get(name).await? {
            Some(account) if fits && account.enabled => {
                self.throttle.succeeded(name, address);
                Ok(account)
            }
            _ => Err(SignInError::Wrong),
        }
    }

    /// Whether some enabled administrator can sign in without a link.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn an_admin_can_sign_in(&self) -> Result<bool, sqlx::Error> {
        let admin = |account: &Account| account.enabled && account.roles.has(Role::Admin);
        let accounts = self.list().await?;
        Ok(accounts.iter().any(|account| admin(account) && (account.has_password || account.has_oidc)))
    }

    async fn password_of(&self, name: &str) -> Result<Option<String>, sqlx::Error> {
        let row = sqlx::query("SELECT password FROM account WHERE name = $1")
            .bind(name)
            .fetch_optional(self.ledger.pool())
            .await?;
        row.map_or(Ok(None), |row| row.try_get(0))
    }
}

/// Notes that an account signed in.
pub(crate) async fn signed_in(tx: &mut AnyConnection, name: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE account SET signed_in_at = $2 WHERE name = $1")
        .bind(name)
        .bind(now.as_micros())
        .execute(tx)
        .await
        .map(drop)
}

pub(crate) fn check_name(name: &str) -> Result<(), AccountError> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-@".contains(&b);
    if (1..=64).contains(&name.len()) && name.bytes().all(plain) { Ok(()) } else { Err(AccountError::Name) }
}

fn expect_one(changed: u64, name: &str) -> Result<(), AccountError> {
    if changed == 1 { Ok(()) } else { Err(AccountError::Unknown(name.into())) }
}

async fn end_sessions(tx: &mut AnyConnection, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM session WHERE account = $1").bind(name).execute(tx).await.map(drop)
}

/// Refuses a change that would leave nobody to administer.
async fn keep_an_admin(tx: &mut AnyConnection, name: &str) -> Result<(), AccountError> {
    let rows = sqlx::query("SELECT roles FROM account WHERE disabled_at IS NULL").fetch_all(tx).await?;
    let is_admin = |row: &AnyRow| row.try_get(0).map(|text: String| roles(&text).has(Role::Admin));
    let admins = rows.iter().map(is_admin).collect::<Result<Vec<_>, _>>()?;
    if admins.contains(&true) { Ok(()) } else { Err(AccountError::LastAdmin(name.into())) }
}

/// Reads the roles column. A word from a later version gives no right.
pub(crate) fn roles(text: &str) -> Roles {
    text.split(',').filter_map(|word| word.parse().ok()).collect()
}

fn account(row: &AnyRow) -> Result<Account, sqlx::Error> {
    let text = |at: usize| row.try_get::<Option<String>, _>(at);
    let moment = |at: usize| row.try_get::<Option<i64>, _>(at);
    Ok(Account {
        name: row.try_get(0)?,
        roles: roles(&row.try_get::<String, _>(1)?),
        has_password: text(2)?.is_some(),
        has_oidc: text(3)?.is_some(),
        enabled: moment(4)?.is_none(),
        created_at: Timestamp::from_micros(row.try_get(5)?),
        signed_in_at: moment(6)?.map(Timestamp::from_micros),
    })
}
