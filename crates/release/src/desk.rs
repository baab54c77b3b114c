//! The rows of releases: asking, deciding, what was made, who received it.

mod fetches;
mod files;
mod members;

pub use fetches::{Fetch, FetchState, Fetching, StillMissing};
pub use files::{IN_PLACE, KeptFile, Receipt};
pub use members::Member;

use crate::checks::Check;
use crate::letters;
use crate::request::ReleaseRequest;
use crate::state::{self, Event, Forbidden, Standing, State};
use model::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use store::{Ledger, WriteTx, jobs};
use utoipa::ToSchema;

/// The kind of job that makes a package; its payload is the release's id.
pub const KIND: &str = "release";
/// Tries before it is given up; only what may pass by itself is tried again.
pub const ATTEMPTS: i64 = 6;

/// Releases in the ledger. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Releases {
    pub(crate) ledger: Ledger,
}

/// A policy as it was when a release was approved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PinnedPolicy {
    /// Its name.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// SHA-256 of its plain form.
    pub digest: String,
}

/// What a release is of, written down when it was asked for; the policy again when it was approved.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Pinned {
    /// The cohort.
    pub cohort: String,
    /// Its version.
    pub cohort_version: i64,
    /// Its name.
    pub cohort_name: String,
    /// The version of the facts.
    pub facts: i64,
    /// What the cohort asks.
    pub definition: Value,
    /// SHA-256 of definition, facts and members.
    pub digest: String,
    /// Patients.
    pub patients: i64,
    /// Exams.
    pub exams: i64,
    /// The project's title.
    pub project_title: String,
    /// The project's terms of use.
    pub terms: String,
    /// How many approve.
    pub needed: i64,
    /// The smallest group that may look alike.
    pub smallest_group: i64,
    /// By which policy data loses its identity.
    pub policy: PinnedPolicy,
}

/// What somebody decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Yes or no.
    pub approve: bool,
    /// Why.
    pub reason: String,
}

/// Something of the cohort that a package has not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(as = ReleaseMissing)]
pub struct Missing {
    /// patient, exam, instance, volume
    pub what: String,
    /// Why.
    pub why: String,
    /// How many.
    pub count: u64,
}

/// A package that is made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Package {
    /// SHA-256 of its list of checksums, which names every file.
    pub digest: String,
    /// Bytes of all files.
    pub bytes: u64,
    /// Files.
    pub files: u64,
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// Subjects in it.
    pub subjects: u64,
    /// Exams in it.
    pub exams: u64,
    /// Series in it.
    pub series: u64,
    /// Instances in it.
    pub instances: u64,
}

/// A release.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    /// Its id.
    pub id: String,
    /// What was asked for.
    pub request: ReleaseRequest,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// What it is of.
    pub pinned: Pinned,
    /// Where it stands.
    pub state: State,
    /// The media type of the ethics document; empty: there is none.
    pub ethics_type: String,
    /// What was looked at.
    pub checks: Vec<Check>,
    /// What is not in the package.
    pub missing: Vec<Missing>,
    /// How much of the work is done, of how much, and in words.
    pub progress: (i64, i64, String),
    /// The package.
    pub package: Option<Package>,
    /// How far fetching what was still in a PACS is; none: nobody has looked yet.
    pub fetching: Option<Fetching>,
    /// Who said that it is made without what is not here; empty: nobody.
    pub without: String,
    /// What was decided, in order.
    pub decisions: Vec<Decided>,
}

impl Release {
    /// Whether it can be received on a day.
    #[must_use]
    pub fn can_be_received(&self, today: &str) -> bool {
        self.state == State::Ready && !self.is_past(today)
    }

    /// Whether its last day is over.
    #[must_use]
    pub fn is_past(&self, today: &str) -> bool {
        self.request.expires.as_str() < today
    }

    /// When the last of those who had to approve did.
    #[must_use]
    pub fn approved_at(&self) -> Option<Timestamp> {
        self.decisions.iter().filter(|one| one.approve).map(|one| one.at).max()
    }

    fn standing(&self) -> Standing<'_> {
        Standing {
            state: self.state,
            asked_by: &self.asked_by,
            approved_by: self.decisions.iter().filter(|one| one.approve).map(|one| one.by.as_str()).collect(),
            needed: usize::try_from(self.pinned.needed).unwrap_or(1),
            stopped: self.checks.iter().any(Check::stops),
        }
    }
}

/// Why a release was not changed.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// The rules.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is none.
    #[error("there is no such release")]
    Missing,
    /// Somebody was faster.
    #[error("somebody else changed it meanwhile; look at it again")]
    Changed,
    /// The ledger.
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
}

const RELEASE: &str = "SELECT id, asked, asked_by, asked_at, pinned, state, ethics_type, checks, missing, done, total, \
     says, package, fetching, without_by FROM release";

impl Releases {
    pub(crate) const fn new(ledger: Ledger) -> Self {
        Self { ledger }
    }

    /// Enters a request and gives its id.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn ask(
        &self,
        request: &ReleaseRequest,
        pinned: &Pinned,
        checks: &[Check],
        by: &str,
        now: Timestamp,
    ) -> Result<String, sqlx::Error> {
        let id = format!("{:012x}", rand::random::<u64>() >> 16);
        let mut tx = self.ledger.write().await?;
        sqlx::query(
            "INSERT INTO release (id, asked, project, frozen, asked_by, asked_at, expires, pinned, state, checks, \
             changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'asked', $9, $6)",
        )
        .bind(&id)
        .bind(json(request)?)
        .bind(&request.project)
        .bind(&request.frozen)
        .bind(by)
        .bind(now.as_micros())
        .bind(&request.expires)
        .bind(json(pinned)?)
        .bind(json(checks)?)
        .execute(&mut *tx)
        .await?;
        step(&mut tx, &id, (by, "", "asked", ""), now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// One release.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn one(&self, id: &str) -> Result<Option<Release>, sqlx::Error> {
        let sql = format!("{RELEASE} WHERE id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(self.ledger.pool()).await?;
        let Some(row) = row else { return Ok(None) };
        let mut release = read(&row)?;
        release.decisions = self.decisions(id).await?;
        Ok(Some(release))
    }

    /// All releases, the latest first; of a project, if one is named.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn list(&self, project: Option<&str>) -> Result<Vec<Release>, sqlx::Error> {
        let sql = format!("{RELEASE} WHERE ($1 = '' OR project = $1) ORDER BY asked_at DESC, id LIMIT 2000");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(project.unwrap_or_default());
        let mut all = Vec::new();
        for row in rows.fetch_all(self.ledger.pool()).await? {
            let mut release = read(&row)?;
            release.decisions = self.decisions(&release.id).await?;
            all.push(release);
        }
        Ok(all)
    }

    async fn decisions(&self, id: &str) -> Result<Vec<Decided>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT decided_by, decided_at, approve, reason FROM release_decision WHERE release = $1 \
             ORDER BY decided_at, decided_by",
        );
        let read = |row: &AnyRow| {
            Ok(Decided {
                by: row.try_get(0)?,
                at: Timestamp::from_micros(row.try_get(1)?),
                approve: row.try_get::<i64, _>(2)? == 1,
                reason: row.try_get(3)?,
            })
        };
        rows.bind(id).fetch_all(self.ledger.pool()).await?.iter().map(read).collect()
    }

    /// Lets something happen to a release: its new state, written down with who and why. What leads to its being made
    /// puts the work in the queue in the same transaction.
    ///
    /// # Errors
    /// [`StepError`]; nothing changes then.
    pub async fn happen(
        &self,
        id: &str,
        event: Event<'_>,
        (by, why): (&str, &str),
        now: Timestamp,
    ) -> Result<State, StepError> {
        let release = self.one(id).await?.ok_or(StepError::Missing)?;
        let state = state::next(&release.standing(), event)?;
        let mut tx = self.ledger.write().await?;
        let put = sqlx::query("UPDATE release SET state = $3, changed_at = $4 WHERE id = $1 AND state = $2");
        let put = put.bind(id).bind(release.state.as_str()).bind(state.as_str()).bind(now.as_micros());
        if put.execute(&mut *tx).await?.rows_affected() == 0 {
            return Err(StepError::Changed);
        }
        if let Event::Decided { by, approve } = event {
            let decided = sqlx::query(
                "INSERT INTO release_decision (release, decided_by, decided_at, approve, reason) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            );
            let decided = decided.bind(id).bind(by).bind(now.as_micros()).bind(i64::from(approve)).bind(why);
            if decided.execute(&mut *tx).await?.rows_affected() == 0 {
                return Err(Forbidden::Twice.into());
            }
        }
        step(&mut tx, id, (by, release.state.as_str(), state.as_str(), why), now).await?;
        letters::of_change(&mut tx, &release, state, now).await?;
        if state == State::Making {
            // What is here by now is looked at anew.
            let anew = sqlx::query("UPDATE release SET fetching = '' WHERE id = $1");
            anew.bind(id).execute(&mut *tx).await?;
            jobs::enqueue_in(&mut tx, KIND, id, ATTEMPTS, now).await?;
        }
        tx.commit().await?;
        Ok(state)
    }

    /// Writes down the policy that holds from the approval on.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn pin(&self, id: &str, pinned: &Pinned) -> Result<(), sqlx::Error> {
        self.put(id, "UPDATE release SET pinned = $2 WHERE id = $1", json(pinned)?).await
    }

    /// Writes down what was looked at.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn set_checks(&self, id: &str, checks: &[Check]) -> Result<(), sqlx::Error> {
        self.put(id, "UPDATE release SET checks = $2 WHERE id = $1", json(checks)?).await
    }

    /// Writes down what a package lacks.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn set_missing(&self, id: &str, missing: &[Missing]) -> Result<(), sqlx::Error> {
        self.put(id, "UPDATE release SET missing = $2 WHERE id = $1", json(missing)?).await
    }

    /// Writes down the package; none: there is none any more.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn set_package(&self, id: &str, package: Option<&Package>) -> Result<(), sqlx::Error> {
        let text = package.map(json).transpose()?.unwrap_or_default();
        self.put(id, "UPDATE release SET package = $2 WHERE id = $1", text).await
    }

    /// Writes down that there is an ethics document of a media type.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn set_ethics(&self, id: &str, media_type: &str) -> Result<(), sqlx::Error> {
        self.put(id, "UPDATE release SET ethics_type = $2 WHERE id = $1", media_type.to_owned()).await
    }

    /// Writes down how far the work is. `false`: it is not being made any more.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn progress(&self, id: &str, done: i64, total: i64, says: &str) -> Result<bool, sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        let put = sqlx::query(
            "UPDATE release SET done = $2, total = $3, says = $4 WHERE id = $1 AND state = 'making'",
        );
        let put = put.bind(id).bind(done).bind(total).bind(says).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(put.rows_affected() == 1)
    }

    async fn put(&self, id: &str, sql: &'static str, value: String) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        sqlx::query(sql).bind(id).bind(value).execute(&mut *tx).await?;
        tx.commit().await
    }

    /// Releases in a state.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn in_state(&self, state: State) -> Result<Vec<String>, sqlx::Error> {
        let rows = sqlx::query("SELECT id FROM release WHERE state = $1 ORDER BY id").bind(state.as_str());
        rows.fetch_all(self.ledger.pool()).await?.iter().map(|row| row.try_get(0)).collect()
    }

    /// Releases that are over and have files yet.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn over_with_files(&self) -> Result<Vec<String>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT r.id FROM release r WHERE r.state IN ('refused', 'cancelled', 'expired', 'recalled') AND EXISTS \
             (SELECT 1 FROM release_file f WHERE f.release = r.id) ORDER BY r.id",
        );
        rows.fetch_all(self.ledger.pool()).await?.iter().map(|row| row.try_get(0)).collect()
    }

    /// Releases whose last day was before another one and that are not over yet.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn past(&self, today: &str) -> Result<Vec<String>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT id FROM release WHERE expires < $1 AND state IN ('asked', 'making', 'waiting', 'failed', 'ready') \
             ORDER BY id",
        );
        rows.bind(today).fetch_all(self.ledger.pool()).await?.iter().map(|row| row.try_get(0)).collect()
    }

    /// Every change of a release's state: who, from, to, why.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn steps(&self, id: &str) -> Result<Vec<[String; 4]>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT stepped_by, was, became, why FROM release_step WHERE release = $1 ORDER BY id",
        );
        let read = |row: &AnyRow| Ok([row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?]);
        rows.bind(id).fetch_all(self.ledger.pool()).await?.iter().map(read).collect()
    }
}

async fn step(
    tx: &mut WriteTx,
    id: &str,
    (by, was, became, why): (&str, &str, &str, &str),
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO release_step (release, stepped_at, stepped_by, was, became, why) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(now.as_micros())
    .bind(by)
    .bind(was)
    .bind(became)
    .bind(why)
    .execute(&mut **tx)
    .await
    .map(drop)
}

fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, sqlx::Error> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(error.into()))
}

fn parsed<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T, sqlx::Error> {
    serde_json::from_str(text).map_err(|error| sqlx::Error::Decode(error.into()))
}

fn read(row: &AnyRow) -> Result<Release, sqlx::Error> {
    let text = |at: usize| row.try_get::<String, _>(at);
    let state = State::parse(&text(5)?).ok_or_else(|| sqlx::Error::Decode("no state of a release".into()))?;
    let (package, fetching) = (text(12)?, text(13)?);
    Ok(Release {
        id: text(0)?,
        request: parsed(&text(1)?)?,
        asked_by: text(2)?,
        asked_at: Timestamp::from_micros(row.try_get(3)?),
        pinned: parsed(&text(4)?)?,
        state,
        ethics_type: text(6)?,
        checks: parsed(&text(7)?)?,
        missing: parsed(&text(8)?)?,
        progress: (row.try_get(9)?, row.try_get(10)?, text(11)?),
        package: if package.is_empty() { None } else { Some(parsed(&package)?) },
        fetching: if fetching.is_empty() { None } else { Some(parsed(&fetching)?) },
        without: text(14)?,
        decisions: Vec::new(),
    })
}
