//! Transfers: exams sent to or fetched from a peer, as jobs that survive a restart and take up where
//! they stopped. Each has a row that tells how far it is.
//! Read in this order: this file, [`work`], [`send`], [`folder`], [`fetch`].

mod fetch;
mod folder;
mod send;
mod work;

pub(super) use work::work;

use crate::App;
use catalog::Located;
use model::{SeriesInstanceUid, StudyInstanceUid, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use std::collections::HashSet;
use store::{Ledger, MigrateError, Migration, WriteTx, jobs};

/// The kind of job in the ledger.
const KIND: &str = "transfer";

/// Tries before a transfer is given up: with growing pauses, about two hours.
const ATTEMPTS: i64 = 13;

const TABLES: &[Migration] = &[
    Migration::both(1, FIRST),
    Migration::both(
        2,
        "ALTER TABLE transfer ADD COLUMN only_sops TEXT;
         ALTER TABLE transfer ADD COLUMN rule BIGINT;",
    ),
    Migration::both(3, "ALTER TABLE transfer ADD COLUMN project TEXT;"),
];

const FIRST: &str = "CREATE TABLE transfer (
        id {id}, direction {text} NOT NULL, peer {text} NOT NULL, study {text} NOT NULL, series {text},
        rate BIGINT NOT NULL, state {text} NOT NULL, done BIGINT NOT NULL, failed BIGINT NOT NULL,
        total BIGINT NOT NULL, reason TEXT, actor TEXT NOT NULL,
        created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL);";

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
    /// These instances alone, by SOP Instance UID.
    pub only: Option<Vec<String>>,
    /// The routing rule that asked for it.
    pub rule: Option<i64>,
    /// The project whose exam it is, de-identified; `study` and `only` are then in its terms.
    pub project: Option<String>,
}

/// A transfer and how far it is.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Transfer {
    pub id: i64,
    pub direction: Direction,
    /// The peer's entry; `folder:` and a name: a folder of the configuration.
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
    /// The routing rule that asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<i64>,
    /// The project whose exam it is, de-identified; the UIDs are then the project's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    #[serde(skip)]
    rate: u32,
    /// These instances alone, as JSON.
    #[serde(skip)]
    only: Option<String>,
}

impl Transfer {
    /// Those that it is about.
    fn only(&self, located: Vec<Located>) -> Vec<Located> {
        let only: Option<HashSet<String>> =
            self.only.as_deref().and_then(|only| serde_json::from_str(only).ok());
        match only {
            Some(only) => located.into_iter().filter(|one| only.contains(&one.sop)).collect(),
            None => located,
        }
    }
}

/// Makes the tables.
pub(crate) async fn migrate(ledger: &Ledger) -> Result<(), MigrateError> {
    ledger.migrate("server.transfers", TABLES).await
}

/// Puts a transfer in the queue.
pub(crate) async fn begin(app: &App, new: &NewTransfer) -> Result<Transfer, sqlx::Error> {
    let mut tx = app.ledger.write().await?;
    let id = begin_in(&mut tx, new, Timestamp::now()).await?;
    tx.commit().await?;
    app.transfers.notify_one();
    one(app, id).await?.ok_or(sqlx::Error::RowNotFound)
}

/// The same in a transaction; whoever works them off is told afterwards.
pub(crate) async fn begin_in(
    tx: &mut WriteTx,
    new: &NewTransfer,
    now: Timestamp,
) -> Result<i64, sqlx::Error> {
    let only = new.only.as_ref().map(|only| serde_json::Value::from(only.clone()).to_string());
    let row = sqlx::query(
        "INSERT INTO transfer (direction, peer, study, series, rate, state, done, failed, total, actor, \
         created_at, updated_at, only_sops, rule, project) \
         VALUES ($1, $2, $3, $4, $5, 'waiting', 0, 0, $8, $6, $7, $7, $9, $10, $11) RETURNING id",
    )
    .bind(if new.direction == Direction::Send { "send" } else { "fetch" })
    .bind(&new.peer)
    .bind(new.study.as_str())
    .bind(new.series.as_ref().map(|uid| uid.as_str().to_owned()))
    .bind(i64::from(new.rate))
    .bind(&new.actor)
    .bind(now.as_micros())
    .bind(new.only.as_ref().map_or(0, |only| i64::try_from(only.len()).unwrap_or(i64::MAX)))
    .bind(only)
    .bind(new.rule)
    .bind(new.project.as_deref())
    .fetch_one(&mut **tx)
    .await?;
    let id: i64 = row.try_get(0)?;
    jobs::enqueue_in(tx, KIND, &id.to_string(), ATTEMPTS, now).await?;
    Ok(id)
}

/// Puts one that failed or was cancelled in the queue again: all of it, since the peer may have lost what it took.
///
/// # Errors
/// [`RetryError::UnderWay`] when it has not ended, or ended well.
pub(crate) async fn retry(app: &App, id: i64) -> Result<Transfer, RetryError> {
    let now = Timestamp::now();
    let mut tx = app.ledger.write().await?;
    let changed = sqlx::query(
        "UPDATE transfer SET state = 'waiting', reason = NULL, done = 0, failed = 0, updated_at = $2 \
         WHERE id = $1 AND state IN ('failed', 'cancelled')",
    );
    let changed = changed.bind(id).bind(now.as_micros()).execute(&mut *tx).await?;
    if changed.rows_affected() == 0 {
        return Err(RetryError::UnderWay);
    }
    jobs::enqueue_in(&mut tx, KIND, &id.to_string(), ATTEMPTS, now).await?;
    tx.commit().await?;
    app.transfers.notify_one();
    Ok(one(app, id).await?.ok_or(sqlx::Error::RowNotFound)?)
}

/// Why a transfer can't be tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RetryError {
    /// There is nothing to try again.
    #[error("the transfer waits, is under way or is done")]
    UnderWay,
    /// The ledger.
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
}

const COLUMNS: &str = "SELECT id, direction, peer, study, series, state, done, failed, total, reason, actor, \
     created_at, updated_at, rate, rule, only_sops, project FROM transfer";

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

/// Microseconds after which a transfer that failed is no news any more: a week.
const NEWS_MICROS: i64 = 7 * 86_400_000_000;

/// Transfers that were given up or wait after a failure, of the last week, unless a later one of the same
/// came through: each peer and why.
pub(crate) async fn stuck(app: &App, now: Timestamp) -> Result<Vec<String>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT t.direction, t.peer, t.reason FROM transfer t WHERE t.updated_at >= $1 AND \
         (t.state = 'failed' OR (t.state = 'waiting' AND t.reason IS NOT NULL)) AND NOT EXISTS \
         (SELECT 1 FROM transfer l WHERE l.study = t.study AND l.peer = t.peer AND l.direction = t.direction \
         AND l.id > t.id AND l.state = 'done') ORDER BY t.id DESC LIMIT 100",
    );
    let mut told = Vec::new();
    for row in rows.bind(now.as_micros() - NEWS_MICROS).fetch_all(app.ledger.pool()).await? {
        let (direction, peer, reason): (String, String, Option<String>) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let way = if direction == "send" { "to" } else { "from" };
        told.push(format!("{way} {peer}: {}", reason.unwrap_or_default()));
    }
    Ok(told)
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
        rule: row.try_get(14)?,
        only: row.try_get(15)?,
        project: row.try_get(16)?,
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
