//! Events for the rooms to the right, written in the transaction that made them true.
//!
//! A consumer is known by name and keeps its own cursor, which it moves in the transaction of its
//! own effects: an event is handled once, or again with the same result.

use crate::ledger::{Engine, Ledger, WriteTx};
use crate::migrate::{MigrateError, Migration};
use sqlx::Row;

/// An event as its consumer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its place in the outbox; later events have larger ones.
    pub id: i64,
    /// What happened, such as `catalog.instances`.
    pub topic: String,
    /// JSON.
    pub payload: String,
}

const TABLES: &[Migration] = &[Migration::both(
    1,
    "CREATE TABLE outbox (id {id}, topic {text} NOT NULL, payload TEXT NOT NULL);
     CREATE INDEX outbox_topic ON outbox (topic, id);
     CREATE TABLE outbox_cursor (consumer {text} PRIMARY KEY, position BIGINT NOT NULL);",
)];

impl Ledger {
    /// Makes the outbox's tables.
    ///
    /// # Errors
    /// [`MigrateError`].
    pub async fn migrate_outbox(&self) -> Result<(), MigrateError> {
        self.migrate("store.outbox", TABLES).await
    }

    /// Events of a topic after a position, oldest first.
    ///
    /// # Errors
    /// The engine's.
    pub async fn events(&self, topic: &str, after: i64, limit: i64) -> Result<Vec<Event>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT id, topic, payload FROM outbox WHERE topic = $1 AND id > $2 ORDER BY id LIMIT $3",
        )
        .bind(topic)
        .bind(after)
        .bind(limit)
        .fetch_all(self.pool())
        .await?;
        rows.iter()
            .map(|row| Ok(Event { id: row.try_get(0)?, topic: row.try_get(1)?, payload: row.try_get(2)? }))
            .collect()
    }

    /// The place of the latest event of all; 0 before the first.
    ///
    /// # Errors
    /// The engine's.
    pub async fn last_event(&self) -> Result<i64, sqlx::Error> {
        let row = sqlx::query("SELECT COALESCE(MAX(id), 0) FROM outbox").fetch_one(self.pool()).await?;
        row.try_get(0)
    }

    /// How far a consumer has come; 0 before its first event.
    ///
    /// # Errors
    /// The engine's.
    pub async fn position(&self, consumer: &str) -> Result<i64, sqlx::Error> {
        let row = sqlx::query("SELECT position FROM outbox_cursor WHERE consumer = $1")
            .bind(consumer)
            .fetch_optional(self.pool())
            .await?;
        row.map_or(Ok(0), |row| row.try_get(0))
    }
}

/// Appends an event. Make it the transaction's last statement: on PostgreSQL writers take turns
/// from here to their commit, so that no event appears behind a consumer's cursor.
///
/// # Errors
/// The engine's.
pub async fn append(
    ledger: &Ledger,
    tx: &mut WriteTx,
    topic: &str,
    payload: &str,
) -> Result<(), sqlx::Error> {
    if ledger.engine() == Engine::Postgres {
        sqlx::raw_sql("SELECT pg_advisory_xact_lock(7206012)").execute(&mut **tx).await?;
    }
    sqlx::query("INSERT INTO outbox (topic, payload) VALUES ($1, $2)")
        .bind(topic)
        .bind(payload)
        .execute(&mut **tx)
        .await
        .map(drop)
}

/// Moves a consumer's cursor, in the transaction of its effects.
///
/// # Errors
/// The engine's.
pub async fn advance(tx: &mut WriteTx, consumer: &str, position: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO outbox_cursor (consumer, position) VALUES ($1, $2) \
         ON CONFLICT (consumer) DO UPDATE SET position = excluded.position",
    )
    .bind(consumer)
    .bind(position)
    .execute(&mut **tx)
    .await
    .map(drop)
}
