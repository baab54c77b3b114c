//! Cohorts that are kept: a name, every version of what was asked, and who was in it when it was frozen.

mod freeze;

pub use freeze::{Frozen, FrozenRow, PairRole};

use crate::Warehouse;
use crate::definition::Definition;
use serde::Serialize;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use utoipa::ToSchema;

/// A cohort as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptCohort {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// The account that made it.
    pub owner: String,
    /// Whether others see it.
    pub shared: bool,
    /// The cohort it was made from, where it was.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub forked_from: String,
    /// Its newest version.
    pub version: i64,
    /// When that was made, as RFC 3339.
    pub changed_at: String,
}

/// A version of a cohort.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CohortVersion {
    /// Its number, from 1.
    pub version: i64,
    /// What it asks.
    pub definition: Definition,
    /// SHA-256 of that.
    pub digest: String,
    /// Who made it.
    pub made_by: String,
    /// When, as RFC 3339.
    pub made_at: String,
}

/// What a person says of a cohort.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// Whether others see it.
    pub shared: bool,
}

const COHORT: &str = "SELECT id, name, about, owner, shared, forked_from, version, changed_at FROM cohort";

impl Warehouse {
    /// Cohorts that an account sees: its own, and those that are shared; the last changed first.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn cohorts(&self, account: &str) -> Result<Vec<KeptCohort>, sqlx::Error> {
        let sql = format!(
            "{COHORT} WHERE removed_at IS NULL AND (owner = $1 OR shared = 1) ORDER BY changed_at DESC, id LIMIT 1000"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(account).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(kept).collect()
    }

    /// A cohort, if an account sees it.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn cohort(&self, id: &str, account: &str) -> Result<Option<KeptCohort>, sqlx::Error> {
        let sql = format!("{COHORT} WHERE id = $1 AND removed_at IS NULL AND (owner = $2 OR shared = 1)");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(id)
            .bind(account)
            .fetch_optional(self.ledger.pool())
            .await?;
        row.as_ref().map(kept).transpose()
    }

    /// The name of a cohort, also of one that was taken off the list.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn cohort_name(&self, id: &str) -> Result<Option<String>, sqlx::Error> {
        let row = sqlx::query("SELECT name FROM cohort WHERE id = $1").bind(id);
        row.fetch_optional(self.ledger.pool()).await?.map(|row| row.try_get(0)).transpose()
    }

    /// Every version of a cohort, the newest first.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn cohort_versions(&self, id: &str) -> Result<Vec<CohortVersion>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT version, definition, digest, made_by, made_at FROM cohort_version WHERE cohort = $1 \
             ORDER BY version DESC",
        )
        .bind(id)
        .fetch_all(self.ledger.pool())
        .await?;
        rows.iter().map(version).collect()
    }

    /// Keeps a new cohort and gives its id.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn make_cohort(
        &self,
        about: &About,
        definition: &Definition,
        forked_from: &str,
        account: &str,
        now: i64,
    ) -> Result<String, sqlx::Error> {
        let id = format!("{:012x}", rand::random::<u64>() >> 16);
        let mut tx = self.ledger.write().await?;
        sqlx::query(
            "INSERT INTO cohort (id, name, about, owner, shared, forked_from, version, changed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, 0, $7)",
        )
        .bind(&id)
        .bind(&about.name)
        .bind(&about.about)
        .bind(account)
        .bind(i64::from(about.shared))
        .bind(forked_from)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        add_version(&mut tx, &id, definition, account, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes what is said of a cohort, and keeps what it asks as a new version where that is another.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn change_cohort(
        &self,
        id: &str,
        about: &About,
        definition: &Definition,
        account: &str,
        now: i64,
    ) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        sqlx::query("UPDATE cohort SET name = $2, about = $3, shared = $4, changed_at = $5 WHERE id = $1")
            .bind(id)
            .bind(&about.name)
            .bind(&about.about)
            .bind(i64::from(about.shared))
            .bind(now)
            .execute(&mut *tx)
            .await?;
        let same = sqlx::query(
            "SELECT 1 FROM cohort c JOIN cohort_version v ON v.cohort = c.id AND v.version = c.version \
             WHERE c.id = $1 AND v.digest = $2",
        )
        .bind(id)
        .bind(definition.digest())
        .fetch_optional(&mut *tx)
        .await?;
        if same.is_none() {
            add_version(&mut tx, id, definition, account, now).await?;
        }
        tx.commit().await
    }

    /// Takes a cohort off the list. Its versions, and what was frozen of it, stay.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn remove_cohort(&self, id: &str, now: i64) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        sqlx::query("UPDATE cohort SET removed_at = $2 WHERE id = $1")
            .bind(id)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }
}

async fn add_version(
    tx: &mut store::WriteTx,
    id: &str,
    definition: &Definition,
    account: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE cohort SET version = version + 1, changed_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "INSERT INTO cohort_version (cohort, version, definition, digest, made_by, made_at) \
         SELECT id, version, $2, $3, $4, $5 FROM cohort WHERE id = $1",
    )
    .bind(id)
    .bind(serde_json::to_string(definition).unwrap_or_default())
    .bind(definition.digest())
    .bind(account)
    .bind(now)
    .execute(&mut **tx)
    .await
    .map(drop)
}

fn kept(row: &AnyRow) -> Result<KeptCohort, sqlx::Error> {
    Ok(KeptCohort {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        about: row.try_get(2)?,
        owner: row.try_get(3)?,
        shared: row.try_get::<i64, _>(4)? == 1,
        forked_from: row.try_get(5)?,
        version: row.try_get(6)?,
        changed_at: moment(row.try_get(7)?),
    })
}

fn version(row: &AnyRow) -> Result<CohortVersion, sqlx::Error> {
    let definition: String = row.try_get(1)?;
    Ok(CohortVersion {
        version: row.try_get(0)?,
        definition: serde_json::from_str(&definition)
            .map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
        digest: row.try_get(2)?,
        made_by: row.try_get(3)?,
        made_at: moment(row.try_get(4)?),
    })
}

/// A moment as RFC 3339.
fn moment(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).map(|moment| moment.to_string()).unwrap_or_default()
}
