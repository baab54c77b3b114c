//! Exams of a release that were still in a PACS: which, from whom, and how far each is.

use super::{Releases, json};
use model::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use store::jobs;
use utoipa::ToSchema;

/// Where the fetching of an exam stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchState {
    /// It is to be fetched.
    Waiting,
    /// A transfer is on its way.
    Running,
    /// All of it is here.
    Here,
    /// The transfer ended, and not all came.
    Short,
    /// The patient withdrew: it is not fetched.
    Left,
}

impl FetchState {
    const ALL: [Self; 5] = [Self::Waiting, Self::Running, Self::Here, Self::Short, Self::Left];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Here => "here",
            Self::Short => "short",
            Self::Left => "left",
        }
    }

    /// Whether nothing more is waited for.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}

/// An exam of a release that a peer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// (0020,000D)
    pub study: String,
    /// Whose.
    pub patient: i64,
    /// The peer's entry.
    pub peer: String,
    /// Instances the peer told of; 0: it did not tell.
    pub told: i64,
    /// The transfer that was last begun.
    pub transfer: Option<i64>,
    /// Where it stands.
    pub state: FetchState,
    /// Why it waits or fell short, in words without a value.
    pub why: String,
    /// When it is tried again.
    pub again_at: Timestamp,
}

/// How far fetching what was still in a PACS is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReleaseFetching)]
pub struct Fetching {
    /// Exams that were to be fetched.
    pub wanted: u64,
    /// Those of them that are here.
    pub here: u64,
    /// What is still missing, by peer and reason; for who decides.
    pub missing: Vec<StillMissing>,
    /// Who said that the package is made without what is missing.
    #[serde(default)]
    pub without: Option<String>,
}

/// Exams that are still missing for one reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReleaseStillMissing)]
pub struct StillMissing {
    /// The peer that holds them.
    pub peer: String,
    /// Why they are not here.
    pub why: String,
    /// When it goes on, RFC 3339; null: it does by itself, or nothing more is waited for.
    pub until: Option<String>,
    /// How many exams.
    pub count: u64,
    /// Whether they are waited for.
    pub waits: bool,
}

const FETCH: &str = "SELECT study, patient, peer, told, transfer, state, why, again_at FROM release_fetch";

impl Releases {
    /// What is fetched for a release, by study.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn fetches(&self, id: &str) -> Result<Vec<Fetch>, sqlx::Error> {
        let sql = format!("{FETCH} WHERE release = $1 ORDER BY study");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(read).collect()
    }

    /// Writes down what is to be fetched; what is known of already stays as it is.
    ///
    /// # Errors
    /// The ledger's; nothing is written then.
    pub async fn plan_fetches(&self, id: &str, all: &[Fetch]) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        for one in all {
            sqlx::query(
                "INSERT INTO release_fetch (release, study, patient, peer, told, state) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (release, study) DO NOTHING",
            )
            .bind(id)
            .bind(&one.study)
            .bind(one.patient)
            .bind(&one.peer)
            .bind(one.told)
            .bind(one.state.as_str())
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await
    }

    /// Writes down how far the fetching of an exam is.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn put_fetch(&self, id: &str, one: &Fetch) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        sqlx::query(
            "UPDATE release_fetch SET peer = $3, told = $4, transfer = $5, state = $6, why = $7, again_at = $8 \
             WHERE release = $1 AND study = $2",
        )
        .bind(id)
        .bind(&one.study)
        .bind(&one.peer)
        .bind(one.told)
        .bind(one.transfer)
        .bind(one.state.as_str())
        .bind(&one.why)
        .bind(one.again_at.as_micros())
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// How many exams are on their way from a peer, for all releases: its rate is kept for all together.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn fetching_from(&self, peer: &str) -> Result<i64, sqlx::Error> {
        let sql = "SELECT COUNT(*) FROM release_fetch f JOIN release r ON r.id = f.release \
                   WHERE f.peer = $1 AND f.state = 'running' AND r.state = 'making'";
        sqlx::query(sql).bind(peer).fetch_one(self.ledger.pool()).await?.try_get(0)
    }

    /// Writes down how far all of it is.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn set_fetching(&self, id: &str, fetching: &Fetching) -> Result<(), sqlx::Error> {
        self.put(id, "UPDATE release SET fetching = $2 WHERE id = $1", json(fetching)?).await
    }

    /// Somebody says that a package is made without what is not here. `false`: it is not being made.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn make_without(&self, id: &str, by: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        let put = sqlx::query("UPDATE release SET without_by = $2 WHERE id = $1 AND state = 'making'");
        if put.bind(id).bind(by).execute(&mut *tx).await?.rows_affected() == 0 {
            return Ok(false);
        }
        super::step(&mut tx, id, (by, "making", "making", "without what is still in a PACS"), now).await?;
        jobs::hasten_in(&mut tx, super::KIND, id, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

fn read(row: &AnyRow) -> Result<Fetch, sqlx::Error> {
    let state: String = row.try_get(5)?;
    let state = FetchState::ALL.into_iter().find(|one| one.as_str() == state);
    Ok(Fetch {
        study: row.try_get(0)?,
        patient: row.try_get(1)?,
        peer: row.try_get(2)?,
        told: row.try_get(3)?,
        transfer: row.try_get(4)?,
        state: state.ok_or_else(|| sqlx::Error::Decode("no state of a fetch".into()))?,
        why: row.try_get(6)?,
        again_at: Timestamp::from_micros(row.try_get(7)?),
    })
}
