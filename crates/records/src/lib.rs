//! `records` — orders, reports, encounters and the rest of the clinical record; whose they are; and which exams
//! they belong to, with the evidence.
//!
//! Takes what sources say ([`clinical::Statement`]) in any order and as often as it likes, and the catalog's exams;
//! gives records that hold by now and every version they had, people as connected identifiers, links with rule,
//! evidence and confidence, and what waits for a person. Nothing that was said is overwritten: what holds is folded
//! from it. All of it can be dropped and made again from the archive. Parses no messages, decides nothing about who
//! may see what.
//!
//! Read in this order: `schema.sql`, [`source`], [`fold`], `people`, `desk`, `keep`, [`link`], [`find`], [`timeline`], [`context`],
//! [`queue`], [`decide`], [`search`], `reports`, [`opinions`], [`checks`], [`quality`], [`names`], [`vocabulary`].

pub mod checks;
pub mod codes;
pub mod context;
pub mod decide;
pub mod exams;
pub mod find;
pub mod fold;
pub mod holdings;
pub mod link;
pub mod marks;
pub mod medication;
pub mod names;
pub mod numbers;
pub mod opinions;
pub mod quality;
pub mod queue;
pub mod search;
pub mod source;
pub mod timeline;
pub mod vocabulary;

mod desk;
mod keep;
mod people;
mod reports;

pub use reports::{Progress, ReadingRow, Unread};
pub use source::{Sent, SourceFilter, SourceRow, Taken, Told, Took};

use store::{Ledger, MigrateError, Migration, WriteTx};

/// The records. Cheap to clone.
#[derive(Clone)]
pub struct Records {
    ledger: Ledger,
}

const TABLES: &[Migration] = &[
    Migration::both(1, include_str!("schema.sql")),
    Migration::each(2, include_str!("text_sqlite.sql"), include_str!("text_postgres.sql")),
    Migration::both(3, include_str!("terms.sql")),
    Migration::both(4, include_str!("decisions.sql")),
    Migration::both(5, include_str!("codes.sql")),
    Migration::both(6, include_str!("names.sql")),
    Migration::both(7, include_str!("fold_state.sql")),
    Migration::both(8, include_str!("elsewhere.sql")),
];

/// Tables of what reports say, and of what people say of that.
const READING: &[Migration] =
    &[Migration::both(1, include_str!("reading.sql")), Migration::both(2, include_str!("opinions.sql"))];

impl Records {
    /// Opens the records in a ledger, making or updating their tables.
    ///
    /// # Errors
    /// [`MigrateError`].
    pub async fn open(ledger: Ledger) -> Result<Self, MigrateError> {
        ledger.migrate("records", TABLES).await?;
        ledger.migrate("reports", READING).await?;
        let records = Self { ledger };
        let named = records.name_what_has_no_name().await;
        named.map_err(|source| MigrateError::Refused { room: "records".into(), version: 6, source })?;
        Ok(records)
    }

    /// The ledger they are in.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// How far a reader has come, as it said itself.
    ///
    /// # Errors
    /// The engine's.
    pub async fn cursor(&self, reader: &str) -> Result<Option<String>, sqlx::Error> {
        use sqlx::Row as _;
        let row = sqlx::query("SELECT position FROM record_cursor WHERE reader = $1")
            .bind(reader)
            .fetch_optional(self.ledger.pool())
            .await?;
        row.map(|row| row.try_get(0)).transpose()
    }

    /// Notes how far a reader has come.
    ///
    /// # Errors
    /// The engine's.
    pub async fn move_cursor(&self, reader: &str, position: &str) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        move_cursor(&mut tx, reader, position).await?;
        tx.commit().await
    }

    /// Drops all rows and cursors, to be made again from the archive and the catalog. Names keep their numbers.
    ///
    /// # Errors
    /// The engine's; nothing is dropped then.
    pub async fn clear(&self) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        sqlx::raw_sql(CLEAR).execute(&mut *tx).await?;
        tx.commit().await
    }
}

const CLEAR: &str = "DELETE FROM code_entry; DELETE FROM code_set; DELETE FROM report_doubt; DELETE FROM report_check; DELETE FROM record_unread; \
     DELETE FROM record_again; DELETE FROM record_decision; DELETE FROM record_move; DELETE FROM record_cursor; \
     DELETE FROM report_term; DELETE FROM report_opinion; DELETE FROM report_dispute; DELETE FROM report_text; DELETE FROM record_reading; DELETE FROM record_link; \
     DELETE FROM record_exam; DELETE FROM record_elsewhere; DELETE FROM record_mark; DELETE FROM record_version; DELETE FROM record_base; DELETE FROM record_statement; \
     DELETE FROM record_key; DELETE FROM record; DELETE FROM person_doubt; DELETE FROM person_edge; \
     DELETE FROM person_identifier; DELETE FROM record_left; DELETE FROM record_source;";

async fn move_cursor(tx: &mut WriteTx, reader: &str, position: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO record_cursor (reader, position) VALUES ($1, $2) \
         ON CONFLICT (reader) DO UPDATE SET position = excluded.position",
    )
    .bind(reader)
    .bind(position)
    .execute(&mut **tx)
    .await
    .map(drop)
}

/// Records' writers take turns on PostgreSQL, as SQLite's do anyway: what two sources say of one person must not
/// be folded side by side.
pub(crate) async fn take_turn(ledger: &Ledger, tx: &mut WriteTx) -> Result<(), sqlx::Error> {
    if ledger.engine() == store::Engine::Postgres {
        sqlx::raw_sql("SELECT pg_advisory_xact_lock(7206013)").execute(&mut **tx).await?;
    }
    Ok(())
}
