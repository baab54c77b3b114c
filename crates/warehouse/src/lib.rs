//! `warehouse` — columnar facts about patients, exams, reports and records, and the questions asked of them.
//!
//! Takes what the catalog and the records hold, as they tell of changes; gives tables of facts behind a snapshot
//! log that other programs read, and answers: who is in a cohort, how many, of what, why; and cohorts that are kept
//! and frozen. All facts can be dropped and made again. Decides nothing about who may ask.
//!
//! Read in this order: [`schema`], [`gather`], [`members`], [`feed`], [`shelf`], [`clean`]; then [`definition`], [`compile`],
//! [`engine`], [`cluster`], [`ask`], [`protect`], [`keep`], [`extract`], [`statement`].

pub mod ask;
pub mod clean;
pub mod cluster;
pub mod compile;
pub mod definition;
pub mod engine;
pub mod extract;
pub mod feed;
pub mod gather;
pub mod keep;
pub mod members;
mod population;
pub mod protect;
pub mod rows;
pub mod schema;
pub mod shelf;
pub mod statement;
pub mod synthetic;

use catalog::Catalog;
use engine::omop::Vocabularies;
use engine::{AskError, Engine, Place, Session};
use records::Records;
use records::vocabulary::Vocabulary;
use shelf::{Files, Shelf, ShelfError, Versions};
use sqlx::Row as _;
use std::sync::Arc;
use std::time::Duration;
use store::{Blobs, Ledger, MigrateError, Migration};
use tokio::sync::Mutex;

/// The longest a question may take.
const LONGEST: Duration = Duration::from_secs(60);

const TABLES: &[Migration] = &[
    Migration::both(1, include_str!("schema.sql")),
    Migration::both(2, include_str!("schema-population.sql")),
    Migration::both(3, include_str!("schema-members.sql")),
];

/// The warehouse. Cheap to clone.
#[derive(Clone)]
pub struct Warehouse {
    ledger: Ledger,
    catalog: Catalog,
    records: Records,
    shelf: Arc<Shelf>,
    engine: Arc<Engine>,
    /// The newest version, ready to be asked.
    newest: Arc<Mutex<Option<Arc<Session>>>>,
    key: Arc<[u8; 32]>,
    /// The words that are kept of what reports say.
    vocabulary: Arc<Vocabulary>,
    /// What codes become concepts of OMOP by.
    vocabularies: Option<Arc<Vocabularies>>,
}

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum WarehouseError {
    /// The ledger.
    #[error("the warehouse's ledger can't be read or written")]
    Ledger(#[from] sqlx::Error),
    /// The ledger's tables.
    #[error("the warehouse's ledger could not be prepared")]
    Migrate(#[from] MigrateError),
    /// The files.
    #[error("the facts can't be read or written")]
    Shelf(#[from] ShelfError),
    /// The engine.
    #[error("the question could not be answered")]
    Ask(#[from] AskError),
    /// A version that is gone.
    #[error("that version of the facts was cleaned away: freeze a cohort to keep one")]
    Cleaned,
}

impl Warehouse {
    /// Opens the warehouse: its tables in the ledger, its facts in a place for blobs.
    ///
    /// # Errors
    /// [`WarehouseError`].
    pub async fn open(
        ledger: Ledger,
        catalog: Catalog,
        records: Records,
        place: &Blobs,
    ) -> Result<Self, WarehouseError> {
        ledger.migrate("warehouse", TABLES).await?;
        let shelf = Arc::new(Shelf::open(place.objects()).await?);
        let engine = Arc::new(Engine::new(&shelf, LONGEST).map_err(AskError::from)?);
        let key = Arc::new(key(&ledger).await?);
        let newest = Arc::default();
        let vocabulary = Arc::default();
        Ok(Self { ledger, catalog, records, shelf, engine, newest, key, vocabulary, vocabularies: None })
    }

    /// The same, with words that are kept of what reports say; without, none are.
    #[must_use]
    pub fn with_vocabulary(self, vocabulary: Vocabulary) -> Self {
        Self { vocabulary: Arc::new(vocabulary), ..self }
    }

    /// The words that are kept of what reports say.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The same, with vocabularies that codes become concepts of OMOP by.
    #[must_use]
    pub fn with_concepts(self, vocabularies: Vocabularies) -> Self {
        Self { vocabularies: Some(Arc::new(vocabularies)), ..self }
    }

    /// Whether codes become concepts of OMOP.
    #[must_use]
    pub const fn has_concepts(&self) -> bool {
        self.vocabularies.is_some()
    }

    /// The same, with questions answered elsewhere.
    ///
    /// # Errors
    /// [`WarehouseError`].
    pub async fn answered_at(self, place: &Place) -> Result<Self, WarehouseError> {
        let engine = Arc::new(Engine::at(place, &self.shelf, LONGEST).await?);
        Ok(Self { engine, newest: Arc::default(), ..self })
    }

    /// The tables as they are now, and the number of that version; 0 before anything was written.
    ///
    /// # Errors
    /// [`WarehouseError`].
    pub async fn newest(&self) -> Result<Arc<Session>, WarehouseError> {
        let (version, tables) = self.version(None).await?;
        let mut newest = self.newest.lock().await;
        if let Some(session) = newest.as_ref().filter(|session| session.version == version) {
            return Ok(session.clone());
        }
        let session = Arc::new(self.engine.over(version, &self.shelf.all_files(&tables).await?)?);
        *newest = Some(session.clone());
        Ok(session)
    }

    /// The tables as they were: in a version that a frozen cohort pins, or in one that is not cleaned away yet.
    ///
    /// # Errors
    /// [`WarehouseError`], also when there is no such version any more.
    pub async fn pinned(&self, version: i64) -> Result<Session, WarehouseError> {
        Ok(self.engine.over(version, &self.files_of(version).await?)?)
    }

    /// The files of a version, of the newest where none is named, and its number.
    async fn files_at(&self, version: Option<i64>) -> Result<(i64, Files), WarehouseError> {
        let version = match version {
            Some(version) => version,
            None => self.version(None).await?.0,
        };
        Ok((version, self.files_of(version).await?))
    }

    async fn files_of(&self, version: i64) -> Result<Files, WarehouseError> {
        if let Some(pin) = self.pin(version).await? {
            return Ok(pin);
        }
        let (_, tables) = self.version(Some(version)).await?;
        Ok(self.shelf.all_files(&tables).await?)
    }

    async fn version(&self, version: Option<i64>) -> Result<(i64, Versions), WarehouseError> {
        let row = sqlx::query(
            "SELECT id, tables FROM fact_version WHERE id = $1 OR $1 = 0 ORDER BY id DESC LIMIT 1",
        )
        .bind(version.unwrap_or_default())
        .fetch_optional(self.ledger.pool())
        .await?;
        let Some(row) = row else {
            return match version {
                Some(1..) => Err(WarehouseError::Cleaned),
                _ => Ok((0, self.shelf.versions().await)),
            };
        };
        let tables: String = row.try_get(1)?;
        Ok((row.try_get(0)?, serde_json::from_str(&tables).unwrap_or_default()))
    }
}

/// The key that counts are protected with, made the first time.
async fn key(ledger: &Ledger) -> Result<[u8; 32], sqlx::Error> {
    let made: [u8; 32] = rand::random();
    let hex: String = made.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut tx = ledger.write().await?;
    sqlx::query("INSERT INTO fact_key (name, value) VALUES ('counts', $1) ON CONFLICT DO NOTHING")
        .bind(hex)
        .execute(&mut *tx)
        .await?;
    let row = sqlx::query("SELECT value FROM fact_key WHERE name = 'counts'").fetch_one(&mut *tx).await?;
    tx.commit().await?;
    let hex: String = row.try_get(0)?;
    let mut key = [0; 32];
    for (at, byte) in key.iter_mut().enumerate() {
        *byte =
            hex.get(2 * at..2 * at + 2).and_then(|two| u8::from_str_radix(two, 16).ok()).unwrap_or_default();
    }
    Ok(key)
}
