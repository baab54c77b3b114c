//! Sessions of people in browsers: an opaque cookie, kept only as its hash, that ends when idle.

use crate::accounts::{roles, signed_in};
use crate::secret::Secret;
use crate::{Principal, Roles};
use model::Timestamp;
use sqlx::Row;
use store::Ledger;

const MINUTE: i64 = 60_000_000;

/// How long sessions last.
#[derive(Debug, Clone, Copy)]
pub struct SessionLife {
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u32,
    /// Minutes after which it ends whatever happens.
    pub minutes: u32,
}

/// One valid session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose it is.
    pub account: String,
    /// The account's roles now.
    pub roles: Roles,
    /// When it ends unless used again.
    pub expires_at: Timestamp,
}

impl Session {
    /// Who acts in it.
    #[must_use]
    pub fn principal(&self) -> Principal {
        Principal::account(self.account.clone(), self.roles.clone())
    }
}

/// The token a page sends back with every change, to prove the request is its own.
#[must_use]
pub fn csrf_token(session: &Secret) -> Secret {
    session.derive("csrf")
}

/// The sessions in the ledger.
#[derive(Debug, Clone)]
pub struct Sessions {
    ledger: Ledger,
    life: SessionLife,
}

impl Sessions {
    pub(crate) const fn new(ledger: Ledger, life: SessionLife) -> Self {
        Self { ledger, life }
    }

    /// Begins a session under a secret of its own. A session the browser had before ends, so that
    /// nobody can plant one beforehand.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn begin(
        &self,
        account: &str,
        before: Option<&Secret>,
        now: Timestamp,
    ) -> Result<Secret, sqlx::Error> {
        let secret = Secret::random("");
        let expires = now.as_micros() + i64::from(self.life.minutes) * MINUTE;
        let mut tx = self.ledger.write().await?;
        sqlx::query("DELETE FROM session WHERE hash = $1 OR expires_at < $2")
            .bind(before.map_or(String::new(), |before| before.hash().to_hex()))
            .bind(now.as_micros())
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "INSERT INTO session (hash, account, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)",
        )
        .bind(secret.hash().to_hex())
        .bind(account)
        .bind(now.as_micros())
        .bind(expires)
        .execute(&mut *tx)
        .await?;
        signed_in(&mut tx, account, now).await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// The session of a cookie, if it is valid; notes that it was used.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn find(&self, secret: &Secret, now: Timestamp) -> Result<Option<Session>, sqlx::Error> {
        let hash = secret.hash().to_hex();
        let row = sqlx::query(
            "SELECT s.account, a.roles, s.seen_at, s.expires_at FROM session s \
             JOIN account a ON a.name = s.account WHERE s.hash = $1 AND a.disabled_at IS NULL",
        )
        .bind(&hash)
        .fetch_optional(self.ledger.pool())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let (seen, expires): (i64, i64) = (row.try_get(2)?, row.try_get(3)?);
        let idle = i64::from(self.life.idle_minutes) * MINUTE;
        if now.as_micros() >= expires.min(seen + idle) {
            return Ok(None);
        }
        // Once a minute is often enough to know that someone is there.
        if now.as_micros() - seen >= MINUTE {
            self.touch(&hash, now).await?;
        }
        let expires_at = Timestamp::from_micros(expires.min(now.as_micros() + idle));
        let account = row.try_get(0)?;
        Ok(Some(Session { account, roles: roles(&row.try_get::<String, _>(1)?), expires_at }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn end(&self, secret: &Secret) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        sqlx::query("DELETE FROM session WHERE hash = $1")
            .bind(secret.hash().to_hex())
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    async fn touch(&self, hash: &str, now: Timestamp) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        sqlx::query("UPDATE session SET seen_at = $2 WHERE hash = $1")
            .bind(hash)
            .bind(now.as_micros())
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }
}
