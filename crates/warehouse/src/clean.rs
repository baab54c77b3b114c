//! Cleaning: versions of the facts that nobody needs any more, and people who withdrew.
//!
//! A version stays for a while after another took its place, so that questions and programs that read its files end
//! well. A frozen cohort pins its version longer than the log remembers it: as a list of files. Who withdraws is out
//! of the newest version at once; when the time for it has come, no version and no frozen list holds them any more.

use crate::feed::mark;
use crate::gather::bucket_of;
use crate::shelf::{Files, ShelfError};
use crate::{Warehouse, WarehouseError};
use datafusion::arrow::array::{AsArray as _, BooleanArray, RecordBatch};
use datafusion::arrow::compute::filter_record_batch;
use datafusion::arrow::datatypes::Int64Type;
use datafusion::arrow::error::ArrowError;
use sqlx::Row as _;
use std::collections::HashSet;
use std::time::Duration;

/// How long what is not needed stays.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// A version after another took its place.
    pub versions: Duration,
    /// Rows of somebody who withdrew, in versions from before.
    pub withdrawn: Duration,
    /// A file after it was written, whoever needs it: a commit may be on its way.
    pub files: Duration,
}

/// What was cleaned away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Versions.
    pub versions: u64,
    /// Files.
    pub files: usize,
    /// People of whom nothing is left.
    pub people: usize,
}

impl Warehouse {
    /// Takes somebody out of the facts: their rows are made away with at the next [`Self::refresh`], and in versions
    /// from before by [`Self::clean`].
    ///
    /// # Errors
    /// The ledger's.
    pub async fn withdraw(&self, patient: i64, now: i64) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        sqlx::query("INSERT INTO fact_withdrawn (patient, since) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(patient)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        mark(&mut tx, [bucket_of(patient)], now).await?;
        tx.commit().await
    }

    /// Everybody who withdrew.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn withdrawn(&self) -> Result<HashSet<i64>, sqlx::Error> {
        let rows = sqlx::query("SELECT patient FROM fact_withdrawn").fetch_all(self.ledger.pool()).await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    }

    /// Since when nothing is left of somebody who withdrew, in microseconds since 1970; none while something is.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn gone_since(&self, patient: i64) -> Result<Option<i64>, sqlx::Error> {
        let row = sqlx::query("SELECT gone_at FROM fact_withdrawn WHERE patient = $1")
            .bind(patient)
            .fetch_optional(self.ledger.pool())
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?.flatten())
    }

    /// Cleans away what its time has come for.
    ///
    /// # Errors
    /// [`WarehouseError`]; what was not cleaned is the next time.
    pub async fn clean(&self, terms: Terms, now: i64) -> Result<Cleaned, WarehouseError> {
        let leaving = self.leaving(now - micros(terms.withdrawn)).await?;
        let mut cleaned = Cleaned { people: leaving.len(), ..Cleaned::default() };
        // Whoever leaves leaves every version but the newest, which was made without them.
        let superseded = if leaving.is_empty() { now - micros(terms.versions) } else { now };
        cleaned.versions = self.drop_versions(superseded).await?;
        if !leaving.is_empty() {
            self.leave_pins(&leaving).await?;
            self.strike(&leaving).await?;
        }
        let pinned = self.pinned_files().await?;
        cleaned.files = self.shelf.sweep(&pinned, superseded, now - micros(terms.files)).await?;
        if !leaving.is_empty() {
            self.gone(&leaving, now).await?;
        }
        Ok(cleaned)
    }

    /// Who withdrew before a moment and is still in some version. Whose bucket waits to be made again, waits too.
    async fn leaving(&self, before: i64) -> Result<HashSet<i64>, sqlx::Error> {
        let rows = sqlx::query("SELECT bucket FROM fact_bucket").fetch_all(self.ledger.pool()).await?;
        let waiting: HashSet<i64> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        let rows = sqlx::query("SELECT patient FROM fact_withdrawn WHERE gone_at IS NULL AND since <= $1")
            .bind(before)
            .fetch_all(self.ledger.pool())
            .await?;
        let people: HashSet<i64> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        Ok(people.into_iter().filter(|patient| !waiting.contains(&bucket_of(*patient))).collect())
    }

    async fn gone(&self, people: &HashSet<i64>, now: i64) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        for patient in people {
            sqlx::query("UPDATE fact_withdrawn SET gone_at = $2 WHERE patient = $1")
                .bind(patient)
                .bind(now)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await
    }

    /// Forgets versions that others took the place of before a moment.
    async fn drop_versions(&self, before: i64) -> Result<u64, sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        let gone = sqlx::query(
            "DELETE FROM fact_version WHERE EXISTS \
             (SELECT 1 FROM fact_version later WHERE later.id > fact_version.id AND later.made_at <= $1)",
        )
        .bind(before)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(gone.rows_affected())
    }

    /// The names of files, each below its table, that pins need.
    async fn pinned_files(&self) -> Result<HashSet<String>, ShelfError> {
        let mut names = HashSet::new();
        for version in self.pins().await? {
            let files = self.pin(version).await?.unwrap_or_default().into_iter();
            names.extend(files.flat_map(|(table, files)| {
                files.into_iter().map(move |file| format!("{table}/{}", file.name))
            }));
        }
        Ok(names)
    }

    /// The versions that are pinned.
    async fn pins(&self) -> Result<Vec<i64>, ShelfError> {
        let names = self.shelf.names_beside("pins").await?;
        Ok(names.iter().filter_map(|name| name.strip_suffix(".json")?.parse().ok()).collect())
    }

    /// The files of a version that is pinned.
    pub(crate) async fn pin(&self, version: i64) -> Result<Option<Files>, ShelfError> {
        let bytes = self.shelf.find_beside(&pin(version)).await?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    pub(crate) async fn set_pin(&self, version: i64, files: &Files) -> Result<(), ShelfError> {
        self.shelf.keep_beside(&pin(version), serde_json::to_vec(files).unwrap_or_default()).await
    }

    /// Takes people out of the versions that are pinned.
    async fn leave_pins(&self, people: &HashSet<i64>) -> Result<(), WarehouseError> {
        for version in self.pins().await? {
            let Some(mut files) = self.pin(version).await? else { continue };
            if self.shelf.rewrite(&mut files, people).await? {
                self.set_pin(version, &files).await?;
            }
        }
        Ok(())
    }
}

fn pin(version: i64) -> String {
    format!("pins/{version}.json")
}

fn micros(of: Duration) -> i64 {
    i64::try_from(of.as_micros()).unwrap_or(i64::MAX)
}

/// Rows without those of some people.
///
/// # Errors
/// The columns'.
pub(crate) fn without(rows: &RecordBatch, people: &HashSet<i64>) -> Result<RecordBatch, ArrowError> {
    let column = rows.column_by_name("patient").and_then(|column| column.as_primitive_opt::<Int64Type>());
    let Some(patients) = column.filter(|_| !people.is_empty()) else { return Ok(rows.clone()) };
    let stay: BooleanArray = patients
        .iter()
        .map(|patient| Some(!patient.is_some_and(|number| people.contains(&number))))
        .collect();
    filter_record_batch(rows, &stay)
}
