//! The engine: DataFusion in this process, over the files of one version of the tables.

use crate::schema::{TABLES, Table};
use crate::shelf::{Files, Shelf, ShelfError};
use datafusion::arrow::array::RecordBatch;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::MemTable;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::error::DataFusionError;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::prelude::{SQLOptions, SessionConfig, SessionContext};
use futures::TryStreamExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use url::Url;

/// Bytes that questions may hold at once; beyond them they spill to disk or are refused.
const MEMORY: usize = 2 << 30;
/// Bytes of one answer that are kept as a table.
const KEPT: usize = 512 << 20;

/// Why a question was not answered.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The tables.
    #[error("the facts can't be read")]
    Shelf(#[from] ShelfError),
    /// The engine.
    #[error("the question could not be answered")]
    Engine(#[from] DataFusionError),
    /// It took longer than it may.
    #[error("the question took longer than {0:?}: ask for less, or in two steps")]
    TooLong(Duration),
}

/// What answers questions.
pub struct Engine {
    runtime: Arc<RuntimeEnv>,
    longest: Duration,
}

impl Engine {
    /// An engine over tables.
    ///
    /// # Errors
    /// The engine's.
    pub fn new(shelf: &Shelf, longest: Duration) -> Result<Self, DataFusionError> {
        let pool = Arc::new(FairSpillPool::new(MEMORY));
        let runtime = RuntimeEnvBuilder::new().with_memory_pool(pool).build_arc()?;
        runtime.register_object_store(&root(), shelf.objects());
        Ok(Self { runtime, longest })
    }

    /// The tables made of some files; `version` is the number that the session goes by.
    ///
    /// # Errors
    /// [`AskError`].
    pub fn over(&self, version: i64, files: &Files) -> Result<Session, AskError> {
        let mut config = SessionConfig::new().with_information_schema(true);
        let options = config.options_mut();
        options.sql_parser.enable_ident_normalization = true;
        options.execution.collect_statistics = true;
        let context = SessionContext::new_with_config_rt(config, self.runtime.clone());
        for table in TABLES.iter() {
            let files = files.get(table.name).into_iter().flatten();
            let names = files.map(|file| at(table, &file.name)).collect::<Result<Vec<_>, _>>()?;
            let provider: Arc<dyn datafusion::catalog::TableProvider> = if names.is_empty() {
                Arc::new(MemTable::try_new(table.schema.clone(), vec![Vec::new()])?)
            } else {
                let options =
                    ListingOptions::new(Arc::new(ParquetFormat::default())).with_file_extension(".parquet");
                let listing = ListingTableConfig::new_with_multi_paths(names)
                    .with_listing_options(options)
                    .with_schema(table.schema.clone());
                Arc::new(ListingTable::try_new(listing)?)
            };
            context.register_table(table.name, provider)?;
        }
        Ok(Session { version, context, longest: self.longest, kept: AtomicU64::new(0) })
    }
}

/// Tables of some versions, ready to be asked.
pub struct Session {
    /// The number of the versions together; 0 before anything was written.
    pub version: i64,
    context: SessionContext,
    longest: Duration,
    kept: AtomicU64,
}

/// An answer that is kept as a table while it is needed.
pub struct Kept {
    name: String,
    context: SessionContext,
}

impl Kept {
    /// The table's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // It is there: nobody else knows its name.
        let _ = self.context.deregister_table(self.name.as_str());
    }
}

impl Session {
    /// Answers one statement that reads.
    ///
    /// # Errors
    /// [`AskError`]; a statement that would change anything is refused.
    pub async fn ask(&self, sql: &str) -> Result<Vec<RecordBatch>, AskError> {
        let answer = self.plan(sql).await?.collect();
        tokio::time::timeout(self.longest, answer)
            .await
            .map_err(|_| AskError::TooLong(self.longest))?
            .map_err(Into::into)
    }

    /// A statement that reads, planned.
    ///
    /// # Errors
    /// [`AskError::Engine`].
    pub async fn plan(&self, sql: &str) -> Result<DataFrame, AskError> {
        let reads =
            SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        Ok(self.context.sql_with_options(sql, reads).await?)
    }

    /// Letters that no name of a table begins with yet.
    #[must_use]
    pub fn fresh(&self) -> String {
        format!("kept_{}_", self.kept.fetch_add(1, Ordering::Relaxed))
    }

    /// Answers a statement and keeps the answer as a table; one that is too large is answered when it is read.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn keep(&self, name: String, sql: &str) -> Result<Kept, AskError> {
        let plan = self.plan(sql).await?;
        let schema = plan.schema().inner().clone();
        let answer = tokio::time::timeout(self.longest, collected(plan)).await;
        let Some(batches) = answer.map_err(|_| AskError::TooLong(self.longest))?? else {
            return self.name(name, sql).await;
        };
        self.context.register_table(name.as_str(), Arc::new(MemTable::try_new(schema, vec![batches])?))?;
        Ok(Kept { name, context: self.context.clone() })
    }

    /// Keeps a statement as a table that is answered when it is read.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn name(&self, name: String, sql: &str) -> Result<Kept, AskError> {
        self.context.register_table(name.as_str(), self.plan(sql).await?.into_view())?;
        Ok(Kept { name, context: self.context.clone() })
    }
}

/// The rows of an answer, unless they are too many to be kept.
async fn collected(plan: DataFrame) -> Result<Option<Vec<RecordBatch>>, DataFusionError> {
    let mut rows = plan.execute_stream().await?;
    let (mut batches, mut bytes) = (Vec::new(), 0);
    while let Some(batch) = rows.try_next().await? {
        bytes += batch.get_array_memory_size();
        if bytes > KEPT {
            return Ok(None);
        }
        batches.push(batch);
    }
    Ok(Some(batches))
}

#[expect(clippy::expect_used, reason = "a constant")]
fn root() -> Url {
    Url::parse("facts://tables/").expect("a URL")
}

fn at(table: &Table, name: &str) -> Result<ListingTableUrl, DataFusionError> {
    ListingTableUrl::parse(format!("{}{}/{name}", root(), table.name))
}
