//! `catalog` — what is on the shelves: patients, exams, series, instances and all attributes.
//!
//! Takes what the archive holds, in any order and as often as it likes, and gives rows: it answers
//! QIDO-RS and C-FIND, says where an instance lies, and remembers conflicts, quarantine, attachments
//! and deletions. All of it can be dropped and made again from the archive alone.
//! Decodes no pixels and decides nothing about who may see what.
//!
//! Read in this order: `schema/tables.sql`, [`index`], [`facts`], [`query`], [`locate`], [`exams`], [`work`],
//! [`measured`], [`elsewhere`].

pub mod anything;
pub mod arrivals;
pub mod columns;
pub mod contents;
pub mod counts;
pub mod dump;
pub mod elsewhere;
pub mod exams;
pub mod facts;
pub mod fold;
pub mod headers;
pub mod index;
pub mod kept;
pub mod linking;
pub mod locate;
pub mod lying;
pub mod measured;
pub mod patients;
pub mod query;
pub mod work;

mod extract;
mod known;
mod moment;

pub use anything::Anything;
pub use columns::{ExamColumns, SeriesColumns};
pub use contents::{Conflict, Deletion, InstanceSummary, SeriesSummary, SourceSummary};
pub use counts::{Counts, ModalityCounts, Waiting};
pub use dump::DumpError;
pub use elsewhere::ElsewhereExam;
pub use exams::{ExamFilter, ExamPage, ExamSummary, ExamsError};
pub use headers::Headers;
pub use index::{IndexError, Indexed, ToIndex};
pub use kept::{AttachedFile, Before, QuarantinedFile};
pub use linking::ExamFacts;
pub use locate::{Located, Scope};
pub use measured::{Coded, ImageMeasurement, MeasuredReport, Measurer};
pub use patients::{Identity, Patient, PatientSummary};
pub use query::{Found, Include, Key, Level, Matching, Query, QueryError, Row};
pub use work::WorkVersion;

use facts::SeenSeries;
use std::sync::{Arc, Mutex};
use store::{Engine, Ledger, MigrateError, Migration};

/// The catalog. Cheap to clone.
#[derive(Clone)]
pub struct Catalog {
    ledger: Ledger,
    seen: Arc<Mutex<SeenSeries>>,
    headers: Option<Arc<dyn Headers>>,
}

const SCHEMA: &str = include_str!("schema/tables.sql");
const WORK: &str = include_str!("schema/work.sql");
const TABLES: &[Migration] = &[
    Migration::both(1, SCHEMA),
    Migration::each(2, include_str!("schema/search_sqlite.sql"), include_str!("schema/search_postgres.sql")),
    Migration::both(3, WORK),
    Migration::both(4, include_str!("schema/arrivals.sql")),
    Migration::both(5, include_str!("schema/elsewhere.sql")),
    Migration::both(6, include_str!("schema/measured.sql")),
];

impl Catalog {
    /// Opens the catalog in a ledger, making or updating its tables.
    ///
    /// # Errors
    /// [`MigrateError`].
    pub async fn open(ledger: Ledger) -> Result<Self, MigrateError> {
        ledger.migrate_outbox().await?;
        ledger.migrate("catalog", TABLES).await?;
        Ok(Self { ledger, seen: Arc::default(), headers: None })
    }

    /// Lets queries look into the instances themselves, for attributes that vary within a series.
    #[must_use]
    pub fn with_headers(mut self, headers: Arc<dyn Headers>) -> Self {
        self.headers = Some(headers);
        self
    }

    /// The ledger it is in.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    const fn engine(&self) -> Engine {
        self.ledger.engine()
    }
}
