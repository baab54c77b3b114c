//! Indexing: a batch of what the archive holds becomes rows, in one transaction.
//!
//! Any order, any number of times: an instance is known by its SOP Instance UID and digest, the first
//! to be indexed stays, other content under the same UID is a conflict beside it. What describes a
//! patient, exam or series is taken from the instance that arrived first, so rows don't depend on the
//! order of indexing. The cursor and the outbox's event are in the same transaction.

mod batch;
mod events;
mod fact_rows;
mod forget;
mod kept;
mod refresh;
mod upsert;
mod work;

pub use events::{DELETED, PURGED, RESTORED};
pub(crate) use refresh::{Touched, refresh};

use crate::Catalog;
use batch::Batch;
use dicom::Header;
use intake::{Kind, Locator, NewEntryHead};
use serde_json::json;
use std::sync::Arc;
use store::{Engine, WriteTx, outbox};

/// The outbox's topic for exams that gained instances.
pub const TOPIC: &str = "catalog.exams";
/// The outbox's topic for exams of which something was deleted, restored or purged.
pub const DECIDED: &str = "catalog.decided";
/// The outbox's topic for messages and files about patients: `records` reads them.
pub const RECORDS: &str = "catalog.records";
/// Most entries of one batch: beyond it nothing is gained.
pub const BATCH: usize = 1000;

/// Something durable in the archive.
#[derive(Debug, Clone)]
pub struct ToIndex {
    /// What it is and where it came from.
    pub head: NewEntryHead,
    /// Where its content lies.
    pub locator: Locator,
    /// Of an instance, its header.
    pub header: Option<Arc<Header>>,
}

/// What a batch came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Indexed {
    /// New instances.
    pub added: usize,
    /// Instances and conflicts that were there already.
    pub known: usize,
    /// Files with other content under a UID that was there, seen for the first time.
    pub conflicts: usize,
    /// Attachments, quarantined files and decisions.
    pub others: usize,
    /// Instances without the UIDs that place them; nothing can be done with these.
    pub unplaced: usize,
}

/// The batch was not indexed; nothing of it was written.
#[derive(Debug, thiserror::Error)]
#[error("the catalog could not be written")]
pub struct IndexError(#[from] sqlx::Error);

impl Catalog {
    /// Indexes a batch and moves the cursor of a reader, in one transaction.
    /// Another process's indexing is waited for.
    ///
    /// # Errors
    /// [`IndexError`]; nothing was written then and the batch can be tried again.
    pub async fn index(
        &self,
        items: &[ToIndex],
        cursor: Option<(&str, &str)>,
    ) -> Result<Indexed, IndexError> {
        let mut batch = Batch::of(items);
        let mut tx = self.ledger.write().await?;
        take_turn(self.engine(), &mut tx).await?;
        let (result, touched) = self.write_batch(&mut tx, &mut batch).await?;
        if let Some((reader, position)) = cursor {
            set_cursor(&mut tx, reader, position).await?;
        }
        self.tell_decided(&mut tx, &touched).await?;
        self.tell(&mut tx, &batch).await?;
        self.tell_records(&mut tx, &batch).await?;
        tx.commit().await?;
        self.remember(batch);
        Ok(result)
    }

    async fn write_batch(
        &self,
        tx: &mut WriteTx,
        batch: &mut Batch<'_>,
    ) -> Result<(Indexed, Touched), sqlx::Error> {
        let engine = self.engine();
        let mut result = Indexed { unplaced: batch.unplaced, ..Indexed::default() };
        let mut touched = Touched::default();
        if !batch.instances.is_empty() {
            upsert::patients_and_exams(engine, tx, batch, &mut touched).await?;
            upsert::series(engine, tx, batch).await?;
            result.added = upsert::instances(engine, tx, batch, &mut touched).await?;
            fact_rows::write(self, tx, batch).await?;
        }
        result.conflicts = upsert::conflicts(engine, tx, batch).await?;
        let all = batch.instances.len() + batch.rest.len() + batch.noted_conflicts.len();
        result.known = all.saturating_sub(result.added + result.conflicts);
        events::bury_late_arrivals(engine, tx, batch, &mut touched).await?;
        for item in &batch.others {
            self.index_other(tx, item, &mut touched).await?;
            result.others += 1;
        }
        work::versions(engine, tx, batch, &mut touched).await?;
        refresh(engine, tx, &touched).await?;
        Ok((result, touched))
    }

    async fn index_other(
        &self,
        tx: &mut WriteTx,
        item: &ToIndex,
        touched: &mut Touched,
    ) -> Result<(), sqlx::Error> {
        match item.head.kind {
            Kind::Attachment => kept::attachment(tx, item).await,
            Kind::Quarantine => kept::quarantine(tx, item).await,
            Kind::Event => events::apply(self.engine(), tx, item, touched).await,
            Kind::Instance | Kind::Record => Ok(()),
        }
    }

    /// Says which exams gained instances.
    async fn tell(&self, tx: &mut WriteTx, batch: &Batch<'_>) -> Result<(), sqlx::Error> {
        if batch.gained.is_empty() {
            return Ok(());
        }
        let exams: Vec<_> = batch
            .gained
            .iter()
            .map(|(uid, instances)| json!({"studyInstanceUid": uid, "instances": instances}))
            .collect();
        outbox::append(&self.ledger, tx, TOPIC, &json!({ "exams": exams }).to_string()).await
    }

    /// Says which exams lost something, or have it back.
    async fn tell_decided(&self, tx: &mut WriteTx, touched: &Touched) -> Result<(), sqlx::Error> {
        if touched.decided.is_empty() {
            return Ok(());
        }
        outbox::append(&self.ledger, tx, DECIDED, &json!({ "exams": touched.decided }).to_string()).await
    }

    /// Hands messages and files about patients on, each with where it stands.
    async fn tell_records(&self, tx: &mut WriteTx, batch: &Batch<'_>) -> Result<(), sqlx::Error> {
        let records: Vec<_> = batch
            .others
            .iter()
            .filter(|item| item.head.kind == Kind::Record)
            .map(|item| json!({"head": item.head, "locator": item.locator}))
            .collect();
        if records.is_empty() {
            return Ok(());
        }
        outbox::append(&self.ledger, tx, RECORDS, &json!({ "records": records }).to_string()).await
    }

    fn remember(&self, batch: Batch<'_>) {
        if let Ok(mut seen) = self.seen.lock() {
            seen.put(batch.seen);
        }
    }

    /// How far a reader has come, as it said itself.
    ///
    /// # Errors
    /// The engine's.
    pub async fn cursor(&self, reader: &str) -> Result<Option<String>, sqlx::Error> {
        use sqlx::Row;
        let row = sqlx::query("SELECT position FROM catalog_cursor WHERE reader = $1")
            .bind(reader)
            .fetch_optional(self.ledger.pool())
            .await?;
        row.map(|row| row.try_get(0)).transpose()
    }

    /// Drops all rows and cursors, to be made again from the archive.
    ///
    /// # Errors
    /// The engine's; nothing is dropped then.
    pub async fn clear(&self) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        take_turn(self.engine(), &mut tx).await?;
        sqlx::raw_sql(CLEAR).execute(&mut *tx).await?;
        let search = self.engine().pick(
            "DELETE FROM study_text; DELETE FROM study_name; DELETE FROM fact_text;",
            "DELETE FROM fact_term;",
        );
        sqlx::raw_sql(search).execute(&mut *tx).await?;
        tx.commit().await?;
        if let Ok(mut seen) = self.seen.lock() {
            seen.clear();
        }
        Ok(())
    }
}

const CLEAR: &str = "DELETE FROM catalog_cursor; DELETE FROM work_version; DELETE FROM tombstone; DELETE FROM attachment; \
     DELETE FROM quarantine; DELETE FROM conflict; DELETE FROM exam_source; DELETE FROM fact; \
     DELETE FROM measured; \
     DELETE FROM instance; DELETE FROM series; DELETE FROM study_token; DELETE FROM day_count; \
     DELETE FROM study_day; DELETE FROM study; DELETE FROM patient;";

/// On PostgreSQL indexers take turns. One is faster than any archive, and so there are no deadlocks
/// and no rows half seen. SQLite has one writer anyway.
pub(crate) async fn take_turn(engine: Engine, tx: &mut WriteTx) -> Result<(), sqlx::Error> {
    if engine == Engine::Postgres {
        sqlx::raw_sql("SELECT pg_advisory_xact_lock(7206013)").execute(&mut **tx).await?;
    }
    Ok(())
}

async fn set_cursor(tx: &mut WriteTx, reader: &str, position: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO catalog_cursor (reader, position) VALUES ($1, $2) \
         ON CONFLICT (reader) DO UPDATE SET position = excluded.position",
    )
    .bind(reader)
    .bind(position)
    .execute(&mut **tx)
    .await
    .map(drop)
}
