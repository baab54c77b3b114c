//! Transfers: exams sent to or fetched from a peer, as jobs that survive a restart and take up where
//! they stopped. Each has a row that tells how far it is.
//! Read in this order: this file, [`work`], [`send`], [`fetch`].

mod fetch;
mod send;
mod work;

pub(super) use work::work;

use crate::App;
use model::{SeriesInstanceUid, StudyInstanceUid, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use store::{Ledger, MigrateError, Migration};

/// The kind of job in the ledger.
const KIND: &str = "transfer";

/// Tries before a transfer is given up: with growing pauses, about two hours.
const ATTEMPTS: i64 = 13;

const TABLES: &[Migration] = &[Migration::both(
    1,
    "CREATE TABLE transfer (
        id {id}, direction {text} NOT NULL, peer {text} NOT NULL, study {text} NOT NULL, series {text},
        rate BIGINT NOT NULL, state {text} NOT NULL, done BIGINT NOT NULL, failed BIGINT NOT NULL,
        total BIGINT NOT NULL, reason TEXT, actor TEXT NOT NULL,
        created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL);",
)];

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    /// From us to the peer.
    Send,
    /// From the peer to us.
    Fetch,
}

/// A transfer that is asked for.
#[derive(Debug, Clone)]
pub(crate) struct NewTransfer {
    pub direction: Direction,
    pub peer: String,
    pub study: StudyInstanceUid,
    pub series: Option<SeriesInstanceUid>,
    /// Instances a second at most; 0: as fast as it goes.
    pub rate: u32,
    pub actor: String,
}

/// A transfer and how far it is.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Transfer {
    pub id: i64,
    pub direction: Direction,
    /// The peer's entry.
    pub peer: String,
    pub study_instance_uid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series_instance_uid: Option<String>,
    /// waiting, running, done, failed, cancelled
    pub state: String,
    /// Instances that arrived.
    pub completed: i64,
    /// Instances that did not.
    pub failed: i64,
    /// Instances in all, as far as is known.
    pub total: i64,
    /// Why it waits or failed, or who cancelled it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who asked for it.
    pub asked_by: String,
    pub created_at: String,
    pub updated_at: String,
    #[serde(skip)]
    rate: u32,
}

/// Makes the tables.
pub(super) async fn migrate(ledger: &Ledger) -> Result<(), MigrateError> {
    ledger.migrate("server.transfers", TABLES).await
}

/// Puts a transfer in the queue.
pub(crate) async fn begin(app: &App, new: &NewTransfer) -> Result<Transfer, sqlx::Error> {
    let now = Timestamp::now();
    let mut tx = app.ledger.write().await?;
    let row = sqlx::query(
        "INSERT INTO transfer (direction, peer, study, series, rate, state, done, failed, total, actor, \
         created_at, updated_at) VALUES ($1, $2, $3, $4, $5, 'waiting', 0, 0, 0, $6, $7, $7) RETURNING id",
    )
    .bind(if new.direction == Direction::Send { "send" } else { "fetch" })
    .bind(&new.peer)
    .bind(new.study.as_str())
    .bind(new.series.as_ref().map(|uid| uid.as_str().to_owned()))
    .bind(i64::from(new.rate))
    .bind(&new.actor)
    .bind(now.as_micros())
    .fetch_one(&mut *tx)
    .await?;
    let id: i64 = row.try_get(0)?;
    tx.commit().await?;
    app.ledger.enqueue(KIND, &id.to_string(), ATTEMPTS, now).await?;
    app.transfers.notify_one();
    one(app, id).await?.ok_or(sqlx::Error::RowNotFound)
}

const COLUMNS: &str = "SELECT id, direction, peer, study, series, state, done, failed, total, reason, actor, \
     created_at, updated_at, rate FROM transfer";

/// The latest transfers, newest first.
pub(crate) async fn list(app: &App, limit: i64) -> Result<Vec<Transfer>, sqlx::Error> {
    let sql = format!("{COLUMNS} ORDER BY id DESC LIMIT $1");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(limit).fetch_all(app.ledger.pool()).await?;
    rows.iter().map(transfer).collect()
}

/// One transfer.
pub(crate) async fn one(app: &App, id: i64) -> Result<Option<Transfer>, sqlx::Error> {
    let sql = format!("{COLUMNS} WHERE id = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(app.ledger.pool()).await?;
    row.as_ref().map(transfer).transpose()
}

fn transfer(row: &sqlx::any::AnyRow) -> Result<Transfer, sqlx::Error> {
    let moment = |at| row.try_get(at).map(|micros| Timestamp::from_micros(micros).to_string());
    let direction: String = row.try_get(1)?;
    Ok(Transfer {
        id: row.try_get(0)?,
        direction: if direction == "send" { Direction::Send } else { Direction::Fetch },
        peer: row.try_get(2)?,
        study_instance_uid: row.try_get(3)?,
        series_instance_uid: row.try_get(4)?,
        state: row.try_get(5)?,
        completed: row.try_get(6)?,
        failed: row.try_get(7)?,
        total: row.try_get(8)?,
        reason: row.try_get(9)?,
        asked_by: row.try_get(10)?,
        created_at: moment(11)?,
        updated_at: moment(12)?,
        rate: u32::try_from(row.try_get::<i64, _>(13)?).unwrap_or(0),
    })
}

/// Why a transfer can't be cancelled.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CancelError {
    /// It ended before.
    #[error("the transfer has ended already")]
    Ended,
    /// The ledger.
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
}

/// Cancels a transfer that waits or runs: whoever carries it out stops within moments. What has
/// arrived stays where it is, and the row goes on telling how much that was.
///
/// # Errors
/// [`CancelError::Ended`] when there is nothing left to stop.
pub(crate) async fn cancel(app: &App, id: i64, by: &str) -> Result<Transfer, CancelError> {
    let mut tx = app.ledger.write().await?;
    let changed = sqlx::query(
        "UPDATE transfer SET state = 'cancelled', reason = $2, updated_at = $3 \
         WHERE id = $1 AND state IN ('waiting', 'running')",
    )
    .bind(id)
    .bind(format!("cancelled by {by}"))
    .bind(Timestamp::now().as_micros())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    if changed.rows_affected() == 0 {
        return Err(CancelError::Ended);
    }
    app.transfer_cancelled.notify_waiters();
    Ok(one(app, id).await?.ok_or(sqlx::Error::RowNotFound)?)
}

/// Writes down how far it is. One that was cancelled meanwhile stays cancelled.
async fn note(app: &App, transfer: &Transfer) -> Result<(), sqlx::Error> {
    let mut tx = app.ledger.write().await?;
    sqlx::query(
        "UPDATE transfer SET done = $3, failed = $4, total = $5, updated_at = $7, \
         reason = CASE WHEN state = 'cancelled' THEN reason ELSE $6 END, \
         state = CASE WHEN state = 'cancelled' THEN state ELSE $2 END WHERE id = $1",
    )
    .bind(transfer.id)
    .bind(&transfer.state)
    .bind(transfer.completed)
    .bind(transfer.failed)
    .bind(transfer.total)
    .bind(transfer.reason.clone())
    .bind(Timestamp::now().as_micros())
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
