//! How far each peer has told: a row of its own, so that a restart goes on where it stopped.

use crate::App;
use model::Timestamp;
use sqlx::Row as _;
use store::{Ledger, MigrateError, Migration};

const TABLES: &[Migration] = &[Migration::both(
    1,
    "CREATE TABLE elsewhere_progress (
        peer {text} PRIMARY KEY, first_day BIGINT, next_day BIGINT, told_at BIGINT,
        failure TEXT NOT NULL DEFAULT '', failures BIGINT NOT NULL DEFAULT 0, wished BIGINT NOT NULL DEFAULT 0);",
)];

/// How far a peer has told; days since 1970.
#[derive(Debug, Clone, Default)]
pub(crate) struct Progress {
    /// The first day that was asked for.
    pub first: Option<i64>,
    /// The next.
    pub next: Option<i64>,
    /// When it told last, in microseconds since 1970.
    pub told_at: Option<i64>,
    /// Why it did not; empty: it did.
    pub failure: String,
    /// How often in a row it did not.
    pub failures: i64,
    wished: bool,
}

impl Progress {
    /// Whether somebody wants to know the days just past now.
    pub fn is_wished(&self) -> bool {
        self.wished
    }
}

/// Makes the table.
pub(crate) async fn migrate(ledger: &Ledger) -> Result<(), MigrateError> {
    ledger.migrate("server.elsewhere", TABLES).await
}

/// How far a peer has told.
pub(crate) async fn of(app: &App, peer: &str) -> Result<Progress, sqlx::Error> {
    let row = sqlx::query(
        "SELECT first_day, next_day, told_at, failure, failures, wished FROM elsewhere_progress WHERE peer = $1",
    );
    let Some(row) = row.bind(peer).fetch_optional(app.ledger.pool()).await? else {
        return Ok(Progress::default());
    };
    Ok(Progress {
        first: row.try_get(0)?,
        next: row.try_get(1)?,
        told_at: row.try_get(2)?,
        failure: row.try_get(3)?,
        failures: row.try_get(4)?,
        wished: row.try_get::<i64, _>(5)? != 0,
    })
}

/// A day was told.
pub(super) async fn went_on(app: &App, peer: &str, first: Option<i64>, next: i64) -> Result<(), sqlx::Error> {
    let mut tx = app.ledger.write().await?;
    sqlx::query(
        "INSERT INTO elsewhere_progress (peer, first_day, next_day, told_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (peer) DO UPDATE SET first_day = excluded.first_day, next_day = excluded.next_day, \
         told_at = excluded.told_at, failure = '', failures = 0, wished = 0",
    )
    .bind(peer)
    .bind(first)
    .bind(next)
    .bind(Timestamp::now().as_micros())
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// A day was not told, for a reason without values.
pub(super) async fn failed(app: &App, peer: &str, reason: &str) -> Result<(), sqlx::Error> {
    let mut tx = app.ledger.write().await?;
    sqlx::query(
        "INSERT INTO elsewhere_progress (peer, failure, failures) VALUES ($1, $2, 1) \
         ON CONFLICT (peer) DO UPDATE SET failure = excluded.failure, failures = elsewhere_progress.failures + 1, \
         wished = 0",
    )
    .bind(peer)
    .bind(reason)
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Has the days just past asked for again as soon as may be.
pub(crate) async fn look_now(app: &App, peer: &str) -> Result<(), sqlx::Error> {
    let mut tx = app.ledger.write().await?;
    sqlx::query(
        "INSERT INTO elsewhere_progress (peer, wished) VALUES ($1, 1) \
         ON CONFLICT (peer) DO UPDATE SET wished = 1",
    )
    .bind(peer)
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Forgets how far a peer has told, and all that it told.
pub(crate) async fn forget(app: &App, peer: &str) -> Result<(), sqlx::Error> {
    let mut tx = app.ledger.write().await?;
    sqlx::query("DELETE FROM elsewhere_progress WHERE peer = $1").bind(peer).execute(&mut *tx).await?;
    tx.commit().await?;
    app.catalog.forget_elsewhere(peer).await
}
