//! What was found when the archive was last read from end to end, so that a page can tell how long ago
//! that was.

use crate::verify::Report;
use model::Timestamp;
use sqlx::Row as _;
use store::{Ledger, MigrateError, Migration};

const TABLES: &[Migration] = &[Migration::both(
    1,
    "CREATE TABLE scrub (
        id {id}, began_at BIGINT NOT NULL, ended_at BIGINT NOT NULL, everywhere BIGINT NOT NULL,
        copies BIGINT NOT NULL, entries BIGINT NOT NULL, bytes BIGINT NOT NULL,
        damaged BIGINT NOT NULL, repaired BIGINT NOT NULL, actor TEXT NOT NULL);",
)];

/// A reading of the whole archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scrub {
    pub began_at: Timestamp,
    pub ended_at: Timestamp,
    /// Whether copies in other places were read too.
    pub everywhere: bool,
    pub copies: i64,
    pub entries: i64,
    pub bytes: i64,
    /// Places that were not as they should be, and how many of them are again.
    pub damaged: i64,
    pub repaired: i64,
    pub actor: String,
}

impl Scrub {
    /// What was found by a reading that began then and ends now.
    pub fn of(verified: &Report, everywhere: bool, began_at: Timestamp, actor: &str) -> Self {
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let large = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        Self {
            began_at,
            ended_at: Timestamp::now(),
            everywhere,
            copies: large(verified.copies),
            entries: large(verified.entries),
            bytes: large(verified.bytes),
            damaged: number(verified.damage.len()),
            repaired: number(verified.damage.iter().filter(|found| found.damage.repaired).count()),
            actor: actor.to_owned(),
        }
    }
}

/// Makes the table.
pub(crate) async fn migrate(ledger: &Ledger) -> Result<(), MigrateError> {
    ledger.migrate("server.scrubs", TABLES).await
}

/// Keeps what was found.
pub(crate) async fn keep(ledger: &Ledger, scrub: &Scrub) -> Result<(), sqlx::Error> {
    let mut tx = ledger.write().await?;
    sqlx::query(
        "INSERT INTO scrub (began_at, ended_at, everywhere, copies, entries, bytes, damaged, repaired, actor) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(scrub.began_at.as_micros())
    .bind(scrub.ended_at.as_micros())
    .bind(i64::from(scrub.everywhere))
    .bind(scrub.copies)
    .bind(scrub.entries)
    .bind(scrub.bytes)
    .bind(scrub.damaged)
    .bind(scrub.repaired)
    .bind(&scrub.actor)
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// The last one, if there was any.
pub(crate) async fn last(ledger: &Ledger) -> Result<Option<Scrub>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT began_at, ended_at, everywhere, copies, entries, bytes, damaged, repaired, actor FROM scrub \
         ORDER BY id DESC LIMIT 1",
    );
    let Some(row) = row.fetch_optional(ledger.pool()).await? else { return Ok(None) };
    Ok(Some(Scrub {
        began_at: Timestamp::from_micros(row.try_get(0)?),
        ended_at: Timestamp::from_micros(row.try_get(1)?),
        everywhere: row.try_get::<i64, _>(2)? == 1,
        copies: row.try_get(3)?,
        entries: row.try_get(4)?,
        bytes: row.try_get(5)?,
        damaged: row.try_get(6)?,
        repaired: row.try_get(7)?,
        actor: row.try_get(8)?,
    }))
}
