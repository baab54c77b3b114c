//! Personal access tokens: for scripts, with some of their owner's roles and an end.

use crate::accounts::roles;
use crate::secret::Secret;
use crate::{Principal, Roles};
use model::{StudyInstanceUid, Timestamp};
use sqlx::Row;
use sqlx::any::AnyRow;
use store::Ledger;

/// What every token begins with, so that scanners for leaked secrets know it.
pub const PREFIX: &str = "iso_";

const MINUTE: i64 = 60_000_000;

/// One token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Names it in lists and in the audit log; not secret.
    pub id: String,
    /// Whose it is.
    pub account: String,
    /// What its owner calls it.
    pub label: String,
    /// The roles it may use at most; those its owner has lost don't count.
    pub roles: Roles,
    /// The one exam it reads, for one that is handed on; `None`: it acts as its owner does.
    pub study: Option<StudyInstanceUid>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
}

/// What a new token shall be.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What its owner calls it; at most 100 characters are kept.
    pub label: String,
    /// The roles it may use at most.
    pub roles: Roles,
    /// The one exam it reads, for one that is handed on.
    pub study: Option<StudyInstanceUid>,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// A valid token was presented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// The token's id.
    pub id: String,
    /// Who acts: the owner with the roles both have.
    pub principal: Principal,
}

/// The tokens in the ledger.
#[derive(Debug, Clone)]
pub struct Tokens {
    ledger: Ledger,
}

impl Tokens {
    pub(crate) const fn new(ledger: Ledger) -> Self {
        Self { ledger }
    }

    /// Makes a token; its secret is shown this once.
    ///
    /// # Errors
    /// The ledger's, also when there is no such account.
    pub async fn create(
        &self,
        account: &str,
        new: &NewToken,
        now: Timestamp,
    ) -> Result<(String, Secret), sqlx::Error> {
        let secret = Secret::random(PREFIX);
        let id = secret.hash().to_hex()[..12].to_owned();
        let mut tx = self.ledger.write().await?;
        sqlx::query(
            "INSERT INTO token (id, hash, account, label, roles, created_at, expires_at, study) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(&id)
        .bind(secret.hash().to_hex())
        .bind(account)
        .bind(new.label.chars().filter(|c| !c.is_control()).take(100).collect::<String>())
        .bind(new.roles.to_string())
        .bind(now.as_micros())
        .bind(new.expires_at.as_micros())
        .bind(new.study.as_ref().map(|study| study.as_str().to_owned()))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok((id, secret))
    }

    /// Who a presented secret stands for, if it is a valid token; notes that it was used.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn find(&self, secret: &Secret, now: Timestamp) -> Result<Option<Presented>, sqlx::Error> {
        let row = sqlx::query(
            "SELECT t.id, t.account, t.roles, a.roles, t.used_at, t.study FROM token t \
             JOIN account a ON a.name = t.account \
             WHERE t.hash = $1 AND t.expires_at > $2 AND a.disabled_at IS NULL",
        )
        .bind(secret.hash().to_hex())
        .bind(now.as_micros())
        .fetch_optional(self.ledger.pool())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let id: String = row.try_get(0)?;
        let used: Option<i64> = row.try_get(4)?;
        if used.is_none_or(|used| now.as_micros() - used >= MINUTE) {
            self.touch(&id, now).await?;
        }
        let text = |at: usize| row.try_get::<String, _>(at);
        let both = roles(&text(2)?).and(&roles(&text(3)?));
        let principal = match study(row.try_get(5)?)? {
            Some(study) => Principal::guest(text(1)?, both, study),
            None => Principal::account(text(1)?, both),
        };
        Ok(Some(Presented { id, principal }))
    }

    /// The tokens of an account, newest first.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn list(&self, account: &str) -> Result<Vec<Token>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT id, account, label, roles, created_at, expires_at, used_at, study FROM token \
             WHERE account = $1 ORDER BY created_at DESC, id",
        )
        .bind(account)
        .fetch_all(self.ledger.pool())
        .await?;
        rows.iter().map(token).collect()
    }

    /// Revokes a token of an account; says whether there was one.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn revoke(&self, account: &str, id: &str) -> Result<bool, sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        let gone = sqlx::query("DELETE FROM token WHERE account = $1 AND id = $2")
            .bind(account)
            .bind(id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(gone.rows_affected() == 1)
    }

    async fn touch(&self, id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        sqlx::query("UPDATE token SET used_at = $2 WHERE id = $1")
            .bind(id)
            .bind(now.as_micros())
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }
}

/// One that can't be read is an error: a token without its exam would be its owner's whole account.
fn study(text: Option<String>) -> Result<Option<StudyInstanceUid>, sqlx::Error> {
    let parsed = text.map(|text| StudyInstanceUid::parse(&text)).transpose();
    parsed.map_err(|error| sqlx::Error::Decode(error.into()))
}

fn token(row: &AnyRow) -> Result<Token, sqlx::Error> {
    Ok(Token {
        id: row.try_get(0)?,
        account: row.try_get(1)?,
        label: row.try_get(2)?,
        roles: roles(&row.try_get::<String, _>(3)?),
        study: study(row.try_get(7)?)?,
        created_at: Timestamp::from_micros(row.try_get(4)?),
        expires_at: Timestamp::from_micros(row.try_get(5)?),
        used_at: row.try_get::<Option<i64>, _>(6)?.map(Timestamp::from_micros),
    })
}
