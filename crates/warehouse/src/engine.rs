//! The engine: DataFusion over the files of one version of the tables, in this process or on a cluster. Which of the two
//! is decided here and nowhere else; the statements are the same.

mod client;
pub mod omop;
mod place;
mod running;

pub use place::{PORT, Place, PlaceError};
pub(crate) use running::Running;

use crate::schema::TABLES;
use crate::shelf::{Files, Shelf, ShelfError};
use crate::statement::Written;
use client::{Cluster, KEPT, KeptFile};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::MemTable;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::error::DataFusionError;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::prelude::{ParquetReadOptions, SQLOptions, SessionConfig, SessionContext};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use url::Url;

/// Bytes that questions may hold at once; beyond them they spill to disk or are refused.
pub(crate) const MEMORY: usize = 2 << 30;
/// Bytes of one answer that are kept as a table.
const LARGEST_KEPT: usize = 512 << 20;

/// The catalog that the tables are in, as `information_schema` and drivers name it.
pub const CATALOG: &str = "isocenter";
/// The schema that the tables are in.
pub const SCHEMA: &str = "facts";

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
    /// Nobody is there who answers.
    #[error("no scheduler answers at {0}: see that one runs there (isocenter serve --roles scheduler)")]
    NoCluster(Place),
    /// More than can be paired.
    #[error(
        "{0} are too many to be paired with controls, {1} at once: narrow the question, or make a sample"
    )]
    TooMany(usize, usize),
    /// The cluster tried.
    #[error("the cluster could not answer, tried {0} times: {1}")]
    Failed(u32, DataFusionError),
}

/// What answers questions.
pub struct Engine {
    runtime: Arc<RuntimeEnv>,
    longest: Duration,
    /// Where they are answered, if not in this process.
    cluster: Option<Arc<Cluster>>,
}

impl Engine {
    /// An engine over tables, in this process.
    ///
    /// # Errors
    /// The engine's.
    pub fn new(shelf: &Shelf, longest: Duration) -> Result<Self, DataFusionError> {
        let pool = Arc::new(FairSpillPool::new(MEMORY));
        let runtime = RuntimeEnvBuilder::new().with_memory_pool(pool).build_arc()?;
        runtime.register_object_store(&root(), shelf.objects());
        Ok(Self { runtime, longest, cluster: None })
    }

    /// An engine over tables, wherever it is to be. That a cluster is not there yet is told by the questions.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn at(place: &Place, shelf: &Shelf, longest: Duration) -> Result<Self, AskError> {
        let here = Self::new(shelf, longest)?;
        let Place::Cluster { host, port } = place else { return Ok(here) };
        let cluster = Cluster::new(host, *port, shelf);
        cluster.clear().await?;
        cluster.keep_empty(&TABLES).await?;
        Ok(Self { cluster: Some(Arc::new(cluster)), ..here })
    }

    /// The tables made of some files; `version` is the number that the session goes by.
    ///
    /// # Errors
    /// [`AskError`].
    pub fn over(&self, version: i64, files: &Files) -> Result<Session, AskError> {
        let context = self.context()?;
        for table in TABLES.iter() {
            let files = files.get(table.name).into_iter().flatten();
            let mut names = files.map(|file| at(table.name, &file.name)).collect::<Result<Vec<_>, _>>()?;
            if names.is_empty() && self.cluster.is_some() {
                names.push(at(KEPT, &client::empty(table))?);
            }
            context.register_table(table.name, provider(names, table.schema.clone())?)?;
        }
        let cluster = self.cluster.clone();
        Ok(Session { version, context, longest: self.longest, kept: AtomicU64::new(0), cluster })
    }

    /// Tables that were written for somebody. They are small beside the facts and lie elsewhere: they are asked in this
    /// process, wherever the facts are.
    pub(crate) async fn over_written(&self, written: &Written) -> Result<Session, AskError> {
        let context = SessionContext::new_with_config_rt(config(), self.runtime.clone());
        context.register_object_store(&written_root(), written.place.objects());
        for (name, file) in &written.tables {
            let path = format!("{}{file}", written_root());
            context.register_parquet(name.as_str(), path, ParquetReadOptions::default()).await?;
        }
        let (version, longest) = (written.facts, self.longest);
        Ok(Session { version, context, longest, kept: AtomicU64::new(0), cluster: None })
    }

    fn context(&self) -> Result<SessionContext, DataFusionError> {
        match &self.cluster {
            None => Ok(SessionContext::new_with_config_rt(config(), self.runtime.clone())),
            Some(cluster) => cluster.context(config(), self.runtime.clone()),
        }
    }
}

fn config() -> SessionConfig {
    let mut config =
        SessionConfig::new().with_information_schema(true).with_default_catalog_and_schema(CATALOG, SCHEMA);
    let options = config.options_mut();
    options.sql_parser.enable_ident_normalization = true;
    options.execution.collect_statistics = true;
    config
}

/// A table over files; an empty one where there are none.
fn provider(
    files: Vec<ListingTableUrl>,
    schema: SchemaRef,
) -> Result<Arc<dyn TableProvider>, DataFusionError> {
    if files.is_empty() {
        return Ok(Arc::new(MemTable::try_new(schema, vec![Vec::new()])?));
    }
    let options = ListingOptions::new(Arc::new(ParquetFormat::default())).with_file_extension(".parquet");
    let listing =
        ListingTableConfig::new_with_multi_paths(files).with_listing_options(options).with_schema(schema);
    Ok(Arc::new(ListingTable::try_new(listing)?))
}

/// Tables of some versions, ready to be asked.
pub struct Session {
    /// The number of the versions together; 0 before anything was written.
    pub version: i64,
    context: SessionContext,
    longest: Duration,
    kept: AtomicU64,
    cluster: Option<Arc<Cluster>>,
}

/// An answer that is kept as a table while it is needed.
pub struct Kept {
    name: String,
    context: SessionContext,
    /// Where it lies, for a cluster.
    _file: Option<KeptFile>,
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
        self.begin(self.plan(sql).await?, self.longest).await?.collect().await
    }

    /// Begins to answer a plan, within some time.
    pub(crate) async fn begin(&self, plan: DataFrame, longest: Duration) -> Result<Running, AskError> {
        Running::begin(plan, self.cluster.clone(), longest).await
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

    /// The columns of a table.
    pub(crate) async fn columns(&self, table: &str) -> Result<SchemaRef, AskError> {
        Ok(self.context.table(table).await?.schema().inner().clone())
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
        let schema = columns(&plan);
        let Some(batches) = self.begin(plan, self.longest).await?.collect_up_to(LARGEST_KEPT).await? else {
            return self.name(name, sql).await;
        };
        let (table, file) = match &self.cluster {
            None => (Arc::new(MemTable::try_new(schema, vec![batches])?) as Arc<dyn TableProvider>, None),
            Some(cluster) => {
                let file = cluster.keep(schema.clone(), &batches).await?;
                (provider(vec![at(KEPT, file.name())?], schema)?, Some(file))
            }
        };
        self.context.register_table(name.as_str(), table)?;
        Ok(Kept { name, context: self.context.clone(), _file: file })
    }

    /// Keeps a statement as a table that is answered when it is read.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn name(&self, name: String, sql: &str) -> Result<Kept, AskError> {
        self.context.register_table(name.as_str(), self.plan(sql).await?.into_view())?;
        Ok(Kept { name, context: self.context.clone(), _file: None })
    }
}

/// The columns that the rows of a plan have. As it is written, a plan doesn't know yet that the whole numbers of a CASE,
/// say, become those of its widest branch; one with placeholders stays as it is written.
pub(crate) fn columns(plan: &DataFrame) -> SchemaRef {
    let made = plan.clone().into_optimized_plan();
    let schema = made.as_ref().map_or_else(|_| plan.schema(), |plan| plan.schema().as_ref());
    schema.inner().clone()
}

/// Where the engine takes the tables to be, on whatever they lie.
#[expect(clippy::expect_used, reason = "a constant")]
pub(crate) fn root() -> Url {
    Url::parse("facts://tables/").expect("a URL")
}

/// Where the engine takes written tables to be.
#[expect(clippy::expect_used, reason = "a constant")]
fn written_root() -> Url {
    Url::parse("written://tables/").expect("a URL")
}

fn at(folder: &str, name: &str) -> Result<ListingTableUrl, DataFusionError> {
    ListingTableUrl::parse(format!("{}{folder}/{name}", root()))
}
