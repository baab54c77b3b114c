//! The tables on a folder or in S3: Parquet files behind a Delta log, so that other programs read them as they are.
//!
//! The files of a table each hold the patients of one *bucket*: a change rewrites the buckets it touched, in one
//! commit. There are no partition columns, deletion vectors or column mappings: a version is a list of files. A table that
//! an earlier program made gets the columns it lacks when it is opened.

mod ordered;
mod sweep;

use crate::schema::{self, TABLES, Table, Type};
use crate::synthetic::is_invented;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, Encoding, ZstdLevel};
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::parquet::schema::types::ColumnPath;
use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake_core::kernel::{
    Action, Add, Remove, StructField, StructType, engine::arrow_conversion::TryIntoKernel,
};
use deltalake_core::logstore::{LogStoreRef, StorageConfig, default_logstore};
use deltalake_core::operations::create::CreateBuilder;
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::{DeltaTable, DeltaTableError};
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt as _};
use ordered::Ordered;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use tokio::sync::Mutex;
use url::Url;

/// Rows of a group in a file: enough for one to be read in one go, few enough for most to be skipped.
const GROUP: usize = 122_880;
/// Level of Zstandard: higher ones cost more than they save here.
const LEVEL: i32 = 3;

/// Why facts could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// The log of a table.
    #[error("the log of fact table {table} can't be read or written")]
    Log {
        /// Which table.
        table: &'static str,
        /// Why.
        #[source]
        source: Box<DeltaTableError>,
    },
    /// A file of a table.
    #[error("a file of fact table {table} could not be written")]
    File {
        /// Which table.
        table: &'static str,
        /// Why.
        #[source]
        source: object_store::Error,
    },
    /// A file beside the tables.
    #[error("a list beside the fact tables could not be read or written")]
    Beside(#[source] object_store::Error),
    /// Rows that are no rows of the table.
    #[error("rows could not be put into columns")]
    Rows(#[from] ArrowError),
    /// Columns that can't be written.
    #[error("columns could not be put into a file")]
    Parquet(#[from] ParquetError),
    /// The program ends.
    #[error("rows were being made when the program ended")]
    Stopped,
}

/// A file of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name below the table.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Its rows.
    pub rows: u64,
}

/// The version of each table that belong together.
pub type Versions = BTreeMap<String, u64>;

/// The files of each table.
pub type Files = BTreeMap<String, Vec<File>>;

/// All tables.
pub struct Shelf {
    objects: Arc<dyn ObjectStore>,
    tables: BTreeMap<&'static str, Mutex<DeltaTable>>,
}

impl Shelf {
    /// Opens the tables, making those that are not there.
    ///
    /// # Errors
    /// [`ShelfError::Log`].
    pub async fn open(objects: Arc<dyn ObjectStore>) -> Result<Self, ShelfError> {
        let objects: Arc<dyn ObjectStore> = Arc::new(Ordered(objects));
        let mut tables = BTreeMap::new();
        for table in TABLES.iter() {
            tables.insert(table.name, Mutex::new(open(&objects, table).await?));
        }
        Ok(Self { objects, tables })
    }

    /// Where the files are; names begin with the table's.
    #[must_use]
    pub fn objects(&self) -> Arc<dyn ObjectStore> {
        self.objects.clone()
    }

    /// Replaces all rows of some buckets, in one commit, and gives the version.
    ///
    /// # Errors
    /// [`ShelfError`]; the version before holds then.
    pub async fn replace(
        &self,
        table: &'static Table,
        buckets: &BTreeSet<i64>,
        rows: Vec<(i64, RecordBatch)>,
    ) -> Result<u64, ShelfError> {
        let mut delta = self.tables[table.name].lock().await;
        let mut gone = of_buckets(table, &delta, buckets)?;
        let mut actions = Vec::new();
        for (bucket, batch) in rows.into_iter().filter(|(_, batch)| batch.num_rows() > 0) {
            let count = batch.num_rows();
            let bytes = encoded(table, batch).await?;
            let name = name(bucket, &bytes);
            if gone.remove(&name).is_none() {
                actions.push(Action::Add(self.put(table, name, count, bytes).await?));
            }
        }
        actions.extend(gone.into_values().map(Action::Remove));
        commit(table, &mut delta, actions).await
    }

    async fn put(
        &self,
        table: &'static Table,
        name: String,
        rows: usize,
        bytes: Vec<u8>,
    ) -> Result<Add, ShelfError> {
        let size = bytes.len() as i64;
        let at = Path::from(format!("{}/{name}", table.name));
        let put = self.objects.put(&at, bytes.into()).await;
        put.map_err(|source| ShelfError::File { table: table.name, source })?;
        Ok(Add {
            path: name,
            size,
            modification_time: jiff::Timestamp::now().as_millisecond(),
            data_change: true,
            stats: Some(format!("{{\"numRecords\":{rows}}}")),
            partition_values: HashMap::new(),
            tags: None,
            deletion_vector: None,
            base_row_id: None,
            default_row_commit_version: None,
            clustering_provider: None,
        })
    }

    /// The files of a version of a table; without one, of the newest.
    ///
    /// # Errors
    /// [`ShelfError::Log`], also when the version was cleaned away.
    pub async fn files(&self, table: &'static Table, version: Option<u64>) -> Result<Vec<File>, ShelfError> {
        let delta = self.tables[table.name].lock().await;
        if version.is_none() || version == delta.version() {
            return listed(table, &delta);
        }
        let mut earlier = DeltaTable::new(delta.log_store());
        drop(delta);
        earlier.load_version(version.unwrap_or_default()).await.map_err(log(table))?;
        listed(table, &earlier)
    }

    /// The files of versions that belong together. A table that came later has none in them; without any version,
    /// the newest.
    ///
    /// # Errors
    /// [`ShelfError::Log`], also when a version was cleaned away.
    pub async fn all_files(&self, versions: &Versions) -> Result<Files, ShelfError> {
        let mut all = Files::new();
        for table in TABLES.iter() {
            let version = versions.get(table.name).copied();
            let files = match version {
                None if !versions.is_empty() => Vec::new(),
                version => self.files(table, version).await?,
            };
            all.insert(table.name.to_owned(), files);
        }
        Ok(all)
    }

    /// The highest bucket that has patients who were not invented.
    ///
    /// # Errors
    /// [`ShelfError::Log`].
    pub async fn last_bucket(&self) -> Result<i64, ShelfError> {
        let Some(patients) = schema::table("patient") else { return Ok(0) };
        let files = self.files(patients, None).await?;
        let buckets = files.iter().filter_map(|file| bucket_of_name(&file.name));
        Ok(buckets.filter(|bucket| !is_invented(*bucket)).max().unwrap_or_default())
    }

    /// Keeps a file beside the tables.
    ///
    /// # Errors
    /// [`ShelfError::Beside`].
    pub async fn keep_beside(&self, name: &str, bytes: Vec<u8>) -> Result<(), ShelfError> {
        self.objects.put(&Path::from(name), bytes.into()).await.map(drop).map_err(ShelfError::Beside)
    }

    /// Reads a file that was kept beside the tables.
    ///
    /// # Errors
    /// [`ShelfError::Beside`].
    pub async fn read_beside(&self, name: &str) -> Result<Vec<u8>, ShelfError> {
        let got = self.objects.get(&Path::from(name)).await.map_err(ShelfError::Beside)?;
        Ok(got.bytes().await.map_err(ShelfError::Beside)?.to_vec())
    }

    /// The newest version of each table.
    pub async fn versions(&self) -> Versions {
        let mut versions = Versions::new();
        for (name, table) in &self.tables {
            versions.insert((*name).to_owned(), table.lock().await.version().unwrap_or_default());
        }
        versions
    }
}

async fn open(objects: &Arc<dyn ObjectStore>, table: &'static Table) -> Result<DeltaTable, ShelfError> {
    let logs = logs(objects, table);
    let mut delta = DeltaTable::new(logs.clone());
    match delta.load().await {
        Ok(()) => with_new_columns(table, delta).await,
        Err(DeltaTableError::NotATable(_)) => create(logs, table).await,
        Err(source) => Err(log(table)(source)),
    }
}

/// Columns that the table has not yet are added behind those it has. Files that are there stay as they are: nothing is known
/// in them of a new column. Versions before know nothing of it, and what pins them reads the same rows as before.
async fn with_new_columns(table: &'static Table, delta: DeltaTable) -> Result<DeltaTable, ShelfError> {
    let known = delta.snapshot().map_err(log(table))?.schema();
    let wanted: StructType = table.schema.as_ref().try_into_kernel().map_err(ShelfError::Rows)?;
    let new: Vec<StructField> =
        wanted.fields().filter(|field| known.field(field.name()).is_none()).cloned().collect();
    if new.is_empty() {
        return Ok(delta);
    }
    delta.add_columns().with_fields(new).await.map_err(log(table))
}

fn logs(objects: &Arc<dyn ObjectStore>, table: &Table) -> LogStoreRef {
    let below = Arc::new(PrefixStore::new(objects.clone(), table.name));
    // Only its path is looked at: the store is given.
    #[expect(clippy::expect_used, reason = "the name of a table is part of a URL")]
    let at = Url::parse(&format!("memory:///{}/", table.name)).expect("a URL");
    default_logstore(below, objects.clone(), &at, &StorageConfig::default())
}

async fn create(logs: LogStoreRef, table: &'static Table) -> Result<DeltaTable, ShelfError> {
    let schema: StructType = table.schema.as_ref().try_into_kernel().map_err(ShelfError::Rows)?;
    CreateBuilder::new()
        .with_log_store(logs)
        .with_table_name(table.name)
        .with_comment(table.about)
        .with_columns(schema.fields().cloned())
        .with_save_mode(SaveMode::Ignore)
        .await
        .map_err(log(table))
}

fn log(table: &'static Table) -> impl Fn(DeltaTableError) -> ShelfError {
    move |source| ShelfError::Log { table: table.name, source: Box::new(source) }
}

/// What the names of a bucket's files begin with. The bucket of patients without a number sorts first.
fn prefix(bucket: i64) -> String {
    format!("{:010}-", bucket + 1)
}

/// A file's name. It follows from what is in it: rows that did not change are the file that is there.
fn name(bucket: i64, bytes: &[u8]) -> String {
    format!("{}{}.parquet", prefix(bucket), digest(bytes))
}

/// The bucket whose rows a file holds.
fn bucket_of_name(name: &str) -> Option<i64> {
    Some(name.split('-').next()?.parse::<i64>().ok()? - 1)
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The files of some buckets, by name.
fn of_buckets(
    table: &'static Table,
    delta: &DeltaTable,
    buckets: &BTreeSet<i64>,
) -> Result<BTreeMap<String, Remove>, ShelfError> {
    let prefixes: BTreeSet<String> = buckets.iter().map(|bucket| prefix(*bucket)).collect();
    let snapshot = delta.snapshot().map_err(log(table))?;
    let named = |name: &str| name.split_inclusive('-').next().is_some_and(|first| prefixes.contains(first));
    let files = snapshot.log_data();
    let files = files.iter().filter(|file| named(&file.path()));
    Ok(files.map(|file| (file.path().into_owned(), file.remove_action(true))).collect())
}

async fn commit(
    table: &'static Table,
    delta: &mut DeltaTable,
    actions: Vec<Action>,
) -> Result<u64, ShelfError> {
    if actions.is_empty() {
        return Ok(delta.version().unwrap_or_default());
    }
    let state = delta.snapshot().map_err(log(table))?;
    let operation = DeltaOperation::Write { mode: SaveMode::Overwrite, partition_by: None, predicate: None };
    let done = CommitBuilder::from(CommitProperties::default())
        .with_actions(actions)
        .build(Some(state), delta.log_store(), operation)
        .await
        .map_err(log(table))?;
    delta.update_state().await.map_err(log(table))?;
    Ok(done.version())
}

fn listed(table: &'static Table, delta: &DeltaTable) -> Result<Vec<File>, ShelfError> {
    let snapshot = delta.snapshot().map_err(log(table))?;
    let file = |file: deltalake_core::kernel::LogicalFileView| File {
        name: file.path().into_owned(),
        size: u64::try_from(file.size()).unwrap_or_default(),
        rows: file.num_records().unwrap_or_default() as u64,
    };
    let mut files: Vec<File> = snapshot.log_data().iter().map(file).collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// A file's bytes; made beside what waits for them, on whatever runtime.
async fn encoded(table: &'static Table, batch: RecordBatch) -> Result<Vec<u8>, ShelfError> {
    match tokio::task::spawn_blocking(move || encode(table, &batch)).await {
        Ok(made) => made,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The program ends: nobody waits for it any more.
            Err(_) => std::future::pending().await,
        },
    }
}

fn encode(table: &Table, batch: &RecordBatch) -> Result<Vec<u8>, ShelfError> {
    let level = ZstdLevel::try_new(LEVEL)?;
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(GROUP));
    // Numbers that name things seldom come twice: a dictionary of them is longer than they are, and slower to read.
    for column in table.columns.iter().filter(|column| matches!(column.of, Type::Id | Type::Moment)) {
        let path = ColumnPath::from(column.name);
        properties = properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
    }
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, table.schema.clone(), Some(properties.build()))?;
    writer.write(batch)?;
    writer.close()?;
    Ok(bytes)
}
