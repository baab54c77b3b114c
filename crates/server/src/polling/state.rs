//! How far we are with each server, in the ledger.

use model::Timestamp;
use sqlx::Row as _;
use store::{Ledger, MigrateError, Migration};

const TABLES: &[Migration] = &[Migration::both(
    1,
    "CREATE TABLE poll_server (
        name {text} PRIMARY KEY, rounds BIGINT NOT NULL DEFAULT 0, started_at BIGINT, ended_at BIGINT,
        succeeded_at BIGINT, error TEXT NOT NULL DEFAULT '', error_at BIGINT, pages BIGINT NOT NULL DEFAULT 0,
        resources BIGINT NOT NULL DEFAULT 0);
     CREATE TABLE poll_cursor (
        name {text} NOT NULL, url {text} NOT NULL, kind {text} NOT NULL, since {text} NOT NULL DEFAULT '',
        next TEXT NOT NULL DEFAULT '', upto {text} NOT NULL DEFAULT '', PRIMARY KEY (name, url, kind));",
)];

/// Makes or updates the tables.
///
/// # Errors
/// [`MigrateError`].
pub(crate) async fn migrate(ledger: &Ledger) -> Result<(), MigrateError> {
    ledger.migrate("polling", TABLES).await
}

/// How it stands with a server. Moments are microseconds since 1970.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ServerState {
    /// Rounds that have ended.
    pub rounds: i64,
    /// When the last began.
    pub started_at: Option<i64>,
    /// When the last ended.
    pub ended_at: Option<i64>,
    /// When one went well.
    pub succeeded_at: Option<i64>,
    /// Why the last didn't; empty: it did.
    pub error: String,
    /// When one last didn't.
    pub error_at: Option<i64>,
    /// Pages and files that were kept, ever.
    pub pages: i64,
    /// Resources in them.
    pub resources: i64,
}

/// Where we are with one resource type, or with an export.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// What was changed since then is wanted; empty: everything.
    pub since: String,
    /// The page to go on with; empty: none is under way.
    pub next: String,
    /// `since` of the next round, once this one has ended.
    pub upto: String,
}

/// How it stands.
///
/// # Errors
/// The ledger's.
pub(crate) async fn of(ledger: &Ledger, name: &str) -> Result<ServerState, sqlx::Error> {
    let row = sqlx::query(
        "SELECT rounds, started_at, ended_at, succeeded_at, error, error_at, pages, resources FROM poll_server WHERE name = $1",
    )
    .bind(name)
    .fetch_optional(ledger.pool())
    .await?;
    let Some(row) = row else { return Ok(ServerState::default()) };
    Ok(ServerState {
        rounds: row.try_get(0)?,
        started_at: row.try_get(1)?,
        ended_at: row.try_get(2)?,
        succeeded_at: row.try_get(3)?,
        error: row.try_get(4)?,
        error_at: row.try_get(5)?,
        pages: row.try_get(6)?,
        resources: row.try_get(7)?,
    })
}

/// Notes that a round begins.
///
/// # Errors
/// The ledger's.
pub(super) async fn begin(ledger: &Ledger, name: &str) -> Result<(), sqlx::Error> {
    let mut tx = ledger.write().await?;
    sqlx::query(
        "INSERT INTO poll_server (name, started_at) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET started_at = excluded.started_at",
    )
    .bind(name)
    .bind(Timestamp::now().as_micros())
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Notes that a round has ended, and why not well.
///
/// # Errors
/// The ledger's.
pub(super) async fn end(ledger: &Ledger, name: &str, error: Option<&str>) -> Result<(), sqlx::Error> {
    let mut tx = ledger.write().await?;
    let outcome = if error.is_some() { "error = $2, error_at = $3" } else { "error = $2, succeeded_at = $3" };
    let sql = format!("UPDATE poll_server SET rounds = rounds + 1, ended_at = $3, {outcome} WHERE name = $1");
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(name)
        .bind(error.unwrap_or_default())
        .bind(Timestamp::now().as_micros())
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// Where we are with a resource type.
///
/// # Errors
/// The ledger's.
pub(super) async fn cursor(
    ledger: &Ledger,
    name: &str,
    url: &str,
    kind: &str,
) -> Result<Cursor, sqlx::Error> {
    let row =
        sqlx::query("SELECT since, next, upto FROM poll_cursor WHERE name = $1 AND url = $2 AND kind = $3")
            .bind(name)
            .bind(url)
            .bind(kind)
            .fetch_optional(ledger.pool())
            .await?;
    let Some(row) = row else { return Ok(Cursor::default()) };
    Ok(Cursor { since: row.try_get(0)?, next: row.try_get(1)?, upto: row.try_get(2)? })
}

/// Moves on, once what lies behind is durable; `resources` came with it.
///
/// # Errors
/// The ledger's.
pub(super) async fn move_on(
    ledger: &Ledger,
    (name, url, kind): (&str, &str, &str),
    cursor: &Cursor,
    resources: Option<i64>,
) -> Result<(), sqlx::Error> {
    let mut tx = ledger.write().await?;
    sqlx::query(
        "INSERT INTO poll_cursor (name, url, kind, since, next, upto) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (name, url, kind) DO UPDATE SET since = excluded.since, next = excluded.next, upto = excluded.upto",
    )
    .bind(name)
    .bind(url)
    .bind(kind)
    .bind(&cursor.since)
    .bind(&cursor.next)
    .bind(&cursor.upto)
    .execute(&mut *tx)
    .await?;
    if let Some(resources) = resources {
        sqlx::query("UPDATE poll_server SET pages = pages + 1, resources = resources + $2 WHERE name = $1")
            .bind(name)
            .bind(resources)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await
}
