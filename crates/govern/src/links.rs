//! One-time sign-in links: how the first person gets in, and whoever forgot a password.

use crate::secret::Secret;
use model::Timestamp;
use sqlx::Row;
use store::Ledger;

/// The links in the ledger.
#[derive(Debug, Clone)]
pub struct OneTimeLinks {
    ledger: Ledger,
}

impl OneTimeLinks {
    pub(crate) const fn new(ledger: Ledger) -> Self {
        Self { ledger }
    }

    /// Makes a link's secret for an account, good until `expires_at`.
    ///
    /// # Errors
    /// The ledger's, also when there is no such account.
    pub async fn create(&self, account: &str, expires_at: Timestamp) -> Result<Secret, sqlx::Error> {
        let secret = Secret::random("");
        let mut tx = self.ledger.write().await?;
        sqlx::query("INSERT INTO sign_in_link (hash, account, expires_at) VALUES ($1, $2, $3)")
            .bind(secret.hash().to_hex())
            .bind(account)
            .bind(expires_at.as_micros())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Uses a link up: gives its account, once, if it is still good and the account enabled.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn redeem(&self, secret: &Secret, now: Timestamp) -> Result<Option<String>, sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        let row = sqlx::query("DELETE FROM sign_in_link WHERE hash = $1 RETURNING account, expires_at")
            .bind(secret.hash().to_hex())
            .fetch_optional(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM sign_in_link WHERE expires_at <= $1")
            .bind(now.as_micros())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        let Some(row) = row else { return Ok(None) };
        let (account, expires): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        let enabled = sqlx::query("SELECT 1 FROM account WHERE name = $1 AND disabled_at IS NULL")
            .bind(&account)
            .fetch_optional(self.ledger.pool())
            .await?;
        Ok((enabled.is_some() && now.as_micros() < expires).then_some(account))
    }
}
