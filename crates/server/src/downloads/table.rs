//! The rows of downloads.

use super::{Form, Wanted};
use crate::App;
use model::Timestamp;
use serde::Serialize;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use store::{Ledger, MigrateError, Migration};

/// The kind of job in the ledger.
pub(super) const KIND: &str = "download";
/// Tries before it is given up; only what may pass by itself is tried again.
pub(super) const ATTEMPTS: i64 = 5;

const TABLES: &[Migration] = &[Migration::both(
    1,
    "CREATE TABLE download (
        id {id}, owner {text} NOT NULL, form {text} NOT NULL, wanted TEXT NOT NULL, state {text} NOT NULL,
        done BIGINT NOT NULL, total BIGINT NOT NULL, written BIGINT NOT NULL, reason TEXT,
        created_at BIGINT NOT NULL, started_at BIGINT, ended_at BIGINT, expires_at BIGINT);
     CREATE INDEX download_owner ON download (owner, id);",
)];

/// A download and how far it is.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Download {
    pub id: i64,
    pub form: Form,
    /// How many exams and series were asked for.
    pub parts: usize,
    /// The exam, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub study_instance_uid: Option<String>,
    /// waiting, running, done, failed, cancelled, expired
    pub state: String,
    /// Instances that are in it.
    pub completed: i64,
    /// Instances in all; 0 until they are counted.
    pub total: i64,
    /// Bytes of the file so far.
    pub bytes: i64,
    /// Why it waits or failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// When the file is removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    #[serde(skip)]
    pub owner: String,
    #[serde(skip)]
    pub wanted: Wanted,
}

/// Makes the table.
pub(crate) async fn migrate(ledger: &Ledger) -> Result<(), MigrateError> {
    ledger.migrate("server.downloads", TABLES).await
}

/// Puts a download in the queue.
pub(crate) async fn begin(app: &App, owner: &str, wanted: &Wanted) -> Result<Download, sqlx::Error> {
    let now = Timestamp::now();
    let text = serde_json::to_string(wanted).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let mut tx = app.ledger.write().await?;
    let row = sqlx::query(
        "INSERT INTO download (owner, form, wanted, state, done, total, written, created_at) \
         VALUES ($1, $2, $3, 'waiting', 0, 0, 0, $4) RETURNING id",
    )
    .bind(owner)
    .bind(word(wanted.form))
    .bind(text)
    .bind(now.as_micros())
    .fetch_one(&mut *tx)
    .await?;
    let id: i64 = row.try_get(0)?;
    tx.commit().await?;
    app.ledger.enqueue(KIND, &id.to_string(), ATTEMPTS, now).await?;
    app.downloads.notify_one();
    one(app, id).await?.ok_or(sqlx::Error::RowNotFound)
}

/// Puts in the queue again what has no end: a process may have stopped between the row and its job. A job
/// more than needed finds nothing left to do.
pub(super) async fn take_up(app: &App) -> Result<(), sqlx::Error> {
    let sql = "SELECT id FROM download WHERE state IN ('waiting', 'running') ORDER BY id";
    for row in sqlx::query(sql).fetch_all(app.ledger.pool()).await? {
        let id: i64 = row.try_get(0)?;
        app.ledger.enqueue(KIND, &id.to_string(), ATTEMPTS, Timestamp::now()).await?;
    }
    Ok(())
}

const fn word(form: Form) -> &'static str {
    match form {
        Form::Dicom => "dicom",
        Form::Nifti => "nifti",
        Form::Csv => "csv",
    }
}

const COLUMNS: &str = "SELECT id, owner, wanted, state, done, total, written, reason, created_at, started_at, \
     ended_at, expires_at FROM download";

/// The downloads of an owner, newest first.
pub(crate) async fn list(app: &App, owner: &str) -> Result<Vec<Download>, sqlx::Error> {
    let sql = format!("{COLUMNS} WHERE owner = $1 ORDER BY id DESC LIMIT 200");
    // Safe: made of constants.
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(owner).fetch_all(app.ledger.pool()).await?;
    rows.iter().map(download).collect()
}

/// One download.
pub(crate) async fn one(app: &App, id: i64) -> Result<Option<Download>, sqlx::Error> {
    let sql = format!("{COLUMNS} WHERE id = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(app.ledger.pool()).await?;
    row.as_ref().map(download).transpose()
}

fn download(row: &AnyRow) -> Result<Download, sqlx::Error> {
    let moment = |at: usize| -> Result<Option<String>, sqlx::Error> {
        let micros: Option<i64> = row.try_get(at)?;
        Ok(micros.map(|micros| Timestamp::from_micros(micros).to_string()))
    };
    let text: String = row.try_get(2)?;
    let wanted: Wanted = serde_json::from_str(&text).map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(Download {
        id: row.try_get(0)?,
        owner: row.try_get(1)?,
        form: wanted.form,
        parts: wanted.parts.len(),
        study_instance_uid: wanted.only_exam().map(ToOwned::to_owned),
        state: row.try_get(3)?,
        completed: row.try_get(4)?,
        total: row.try_get(5)?,
        bytes: row.try_get(6)?,
        reason: row.try_get(7)?,
        created_at: moment(8)?.unwrap_or_default(),
        started_at: moment(9)?,
        ended_at: moment(10)?,
        expires_at: moment(11)?,
        wanted,
    })
}

/// What changes in a row while it is made.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Progress {
    pub done: i64,
    pub total: i64,
    pub written: i64,
}

/// Writes down how far it is. `false` when it was cancelled or removed meanwhile.
pub(super) async fn note(app: &App, id: i64, progress: Progress) -> Result<bool, sqlx::Error> {
    let mut tx = app.ledger.write().await?;
    let changed = sqlx::query(
        "UPDATE download SET state = 'running', done = $2, total = $3, written = $4, reason = NULL, \
         started_at = COALESCE(started_at, $5) WHERE id = $1 AND state IN ('waiting', 'running')",
    )
    .bind(id)
    .bind(progress.done)
    .bind(progress.total)
    .bind(progress.written)
    .bind(Timestamp::now().as_micros())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(changed.rows_affected() == 1)
}

/// Writes down where a running one stands now: done with its file kept until a time, failed, or to be
/// tried again. `false` when it was cancelled or removed meanwhile.
pub(super) async fn settle(
    app: &App,
    id: i64,
    state: &str,
    reason: Option<&str>,
    expires_at: Option<Timestamp>,
) -> Result<bool, sqlx::Error> {
    let ended = (state != "waiting").then(|| Timestamp::now().as_micros());
    let mut tx = app.ledger.write().await?;
    let changed = sqlx::query(
        "UPDATE download SET state = $2, reason = $3, ended_at = $4, expires_at = $5, \
         started_at = CASE WHEN $2 = 'waiting' THEN NULL ELSE started_at END \
         WHERE id = $1 AND state IN ('waiting', 'running')",
    )
    .bind(id)
    .bind(state)
    .bind(reason)
    .bind(ended)
    .bind(expires_at.map(Timestamp::as_micros))
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(changed.rows_affected() == 1)
}

/// Why a download can't be ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EndError {
    /// The ledger.
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    /// The disk.
    #[error("the file could not be removed")]
    Remove(#[from] std::io::Error),
}

/// Cancels one that waits or runs, and forgets one that has ended; its file is removed.
pub(crate) async fn end(app: &App, download: &Download) -> Result<(), EndError> {
    let running = matches!(download.state.as_str(), "waiting" | "running");
    let mut tx = app.ledger.write().await?;
    let sql = match running {
        true => {
            "UPDATE download SET state = 'cancelled', ended_at = $2 WHERE id = $1 \
                 AND state IN ('waiting', 'running')"
        }
        false => "DELETE FROM download WHERE id = $1 AND $2 > 0 AND state NOT IN ('waiting', 'running')",
    };
    sqlx::query(sql).bind(download.id).bind(Timestamp::now().as_micros()).execute(&mut *tx).await?;
    tx.commit().await?;
    super::work::remove(app, download.id).await?;
    app.download_ended.notify_waiters();
    Ok(())
}

/// Marks those whose time is over.
pub(super) async fn expire(app: &App, now: Timestamp) -> Result<(), sqlx::Error> {
    let mut tx = app.ledger.write().await?;
    sqlx::query("UPDATE download SET state = 'expired' WHERE state = 'done' AND expires_at <= $1")
        .bind(now.as_micros())
        .execute(&mut *tx)
        .await?;
    // Their rows go after a month, as do those that failed or were cancelled.
    sqlx::query("DELETE FROM download WHERE ended_at <= $1 AND state NOT IN ('done', 'waiting', 'running')")
        .bind(now.as_micros() - 30 * 24 * 3_600_000_000)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// Whether a file of this download has a reason to lie about.
pub(super) async fn has_file(app: &App, id: i64) -> Result<bool, sqlx::Error> {
    let sql = "SELECT 1 FROM download WHERE id = $1 AND state IN ('done', 'running', 'waiting')";
    Ok(sqlx::query(sql).bind(id).fetch_optional(app.ledger.pool()).await?.is_some())
}
