//! Work to be done later, claimed by one worker at a time, retried with growing pauses.

use crate::ledger::{Engine, Ledger, WriteTx};
use crate::migrate::{MigrateError, Migration};
use model::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

/// How long a claim holds without a sign of life, in microseconds; then another worker may take it.
pub const LEASE_MICROS: i64 = 10 * 60 * 1_000_000;

/// A piece of work, claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// What kind of work.
    pub kind: String,
    /// JSON.
    pub payload: String,
    /// How often it was claimed, this time included.
    pub attempts: i64,
}

/// How many jobs stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Ready or waiting for their time.
    pub waiting: i64,
    /// Claimed.
    pub running: i64,
    /// Given up after the last attempt.
    pub failed: i64,
}

const TABLES: &[Migration] = &[Migration::both(
    1,
    "CREATE TABLE job (
        id {id}, kind {text} NOT NULL, payload TEXT NOT NULL,
        state {text} NOT NULL, attempts BIGINT NOT NULL, attempts_allowed BIGINT NOT NULL,
        run_at BIGINT NOT NULL, worker TEXT, failure TEXT, finished_at BIGINT);
     CREATE INDEX job_due ON job (kind, state, run_at, id);",
)];

impl Ledger {
    /// Makes the table of jobs.
    ///
    /// # Errors
    /// [`MigrateError`].
    pub async fn migrate_jobs(&self) -> Result<(), MigrateError> {
        self.migrate("store.jobs", TABLES).await
    }

    /// Puts a job in the queue, to be tried up to `attempts_allowed` times.
    ///
    /// # Errors
    /// The engine's.
    pub async fn enqueue(
        &self,
        kind: &str,
        payload: &str,
        attempts_allowed: i64,
        run_at: Timestamp,
    ) -> Result<i64, sqlx::Error> {
        let mut tx = self.write().await?;
        let id = enqueue_in(&mut tx, kind, payload, attempts_allowed, run_at).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Claims the oldest job of a kind that is due, or whose worker went silent.
    /// `run_at` of a running job is the end of its lease.
    ///
    /// # Errors
    /// The engine's.
    pub async fn claim(&self, kind: &str, worker: &str, now: Timestamp) -> Result<Option<Job>, sqlx::Error> {
        let skip = match self.engine() {
            Engine::Sqlite => "",
            Engine::Postgres => "FOR UPDATE SKIP LOCKED",
        };
        let sql = format!(
            "UPDATE job SET state = 'running', attempts = attempts + 1, worker = $3, run_at = $4 \
             WHERE id = (SELECT id FROM job WHERE kind = $1 AND state IN ('waiting', 'running') \
             AND run_at <= $2 ORDER BY run_at, id LIMIT 1 {skip}) RETURNING id, kind, payload, attempts"
        );
        let mut tx = self.write().await?;
        // Safe: made of constants.
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(kind)
            .bind(now.as_micros())
            .bind(worker)
            .bind(now.as_micros() + LEASE_MICROS)
            .fetch_optional(&mut *tx)
            .await?;
        tx.commit().await?;
        row.as_ref().map(job).transpose()
    }

    /// A sign of life from a claimed job's worker: the claim holds for another lease.
    ///
    /// # Errors
    /// The engine's.
    pub async fn keep(&self, job: i64, now: Timestamp) -> Result<(), sqlx::Error> {
        let mut tx = self.write().await?;
        sqlx::query("UPDATE job SET run_at = $2 WHERE id = $1 AND state = 'running'")
            .bind(job)
            .bind(now.as_micros() + LEASE_MICROS)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// Marks a claimed job as done.
    ///
    /// # Errors
    /// The engine's.
    pub async fn finish(&self, job: i64, now: Timestamp) -> Result<(), sqlx::Error> {
        let mut tx = self.write().await?;
        sqlx::query("UPDATE job SET state = 'done', finished_at = $2 WHERE id = $1 AND state = 'running'")
            .bind(job)
            .bind(now.as_micros())
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// Puts a claimed job back for a later try, or gives it up after the last one allowed.
    /// The pause doubles from one second to at most an hour. `reason` must hold no patient data.
    ///
    /// # Errors
    /// The engine's.
    pub async fn fail(&self, job: &Job, reason: &str, now: Timestamp) -> Result<(), sqlx::Error> {
        let mut tx = self.write().await?;
        sqlx::query(
            "UPDATE job SET failure = $2, run_at = $3, \
             state = CASE WHEN attempts >= attempts_allowed THEN 'failed' ELSE 'waiting' END \
             WHERE id = $1 AND state = 'running'",
        )
        .bind(job.id)
        .bind(reason)
        .bind(now.as_micros() + pause_micros(job.attempts))
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// Puts a claimed job off until a moment: it waited, and that is no try.
    ///
    /// # Errors
    /// The engine's.
    pub async fn put_off(&self, job: i64, until: Timestamp) -> Result<(), sqlx::Error> {
        let mut tx = self.write().await?;
        sqlx::query(
            "UPDATE job SET state = 'waiting', run_at = $2, attempts = attempts - 1 \
             WHERE id = $1 AND state = 'running'",
        )
        .bind(job)
        .bind(until.as_micros())
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// Puts back what a worker of this name had claimed when its process ended, so that it is due at
    /// once and not when the lease is over. Only for a name that no other living process uses.
    ///
    /// # Errors
    /// The engine's.
    pub async fn put_back(&self, worker: &str, now: Timestamp) -> Result<(), sqlx::Error> {
        let mut tx = self.write().await?;
        sqlx::query("UPDATE job SET state = 'waiting', run_at = $2 WHERE worker = $1 AND state = 'running'")
            .bind(worker)
            .bind(now.as_micros())
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// Counts the jobs of a kind.
    ///
    /// # Errors
    /// The engine's.
    pub async fn job_counts(&self, kind: &str) -> Result<JobCounts, sqlx::Error> {
        let rows = sqlx::query("SELECT state, COUNT(*) FROM job WHERE kind = $1 GROUP BY state")
            .bind(kind)
            .fetch_all(self.pool())
            .await?;
        let mut counts = JobCounts::default();
        for row in rows {
            let count: i64 = row.try_get(1)?;
            match row.try_get::<String, _>(0)?.as_str() {
                "waiting" => counts.waiting = count,
                "running" => counts.running = count,
                "failed" => counts.failed = count,
                _ => {}
            }
        }
        Ok(counts)
    }
}

/// Makes the jobs of a kind and payload that wait for their moment due now, in the transaction that gives the reason.
///
/// # Errors
/// The engine's.
pub async fn hasten_in(
    tx: &mut WriteTx,
    kind: &str,
    payload: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE job SET run_at = $3 WHERE kind = $1 AND payload = $2 AND state = 'waiting'")
        .bind(kind)
        .bind(payload)
        .bind(now.as_micros())
        .execute(&mut **tx)
        .await
        .map(drop)
}

/// As [`Ledger::enqueue`], in the transaction that makes the work necessary.
///
/// # Errors
/// The engine's.
pub async fn enqueue_in(
    tx: &mut WriteTx,
    kind: &str,
    payload: &str,
    attempts_allowed: i64,
    run_at: Timestamp,
) -> Result<i64, sqlx::Error> {
    let row = sqlx::query(
        "INSERT INTO job (kind, payload, state, attempts, attempts_allowed, run_at) \
         VALUES ($1, $2, 'waiting', 0, $3, $4) RETURNING id",
    )
    .bind(kind)
    .bind(payload)
    .bind(attempts_allowed)
    .bind(run_at.as_micros())
    .fetch_one(&mut **tx)
    .await?;
    row.try_get(0)
}

fn job(row: &AnyRow) -> Result<Job, sqlx::Error> {
    Ok(Job {
        id: row.try_get(0)?,
        kind: row.try_get(1)?,
        payload: row.try_get(2)?,
        attempts: row.try_get(3)?,
    })
}

fn pause_micros(attempts: i64) -> i64 {
    let seconds = 1_i64 << attempts.clamp(0, 12);
    seconds.min(3600) * 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        assert_eq!(pause_micros(1), 2_000_000);
        assert_eq!(pause_micros(5), 32_000_000);
        assert_eq!(pause_micros(60), 3_600_000_000);
    }
}
