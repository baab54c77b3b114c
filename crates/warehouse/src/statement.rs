//! Statements that people write themselves: read only, answered over one version of the tables, handed out a batch at
//! a time in the form asked for, within bounds of time and memory.

mod write;

pub use datafusion::arrow::array::RecordBatch;
pub use datafusion::arrow::datatypes::SchemaRef;

use crate::engine::{AskError, Running, Session, columns, omop};
use crate::{Warehouse, WarehouseError};
use bytes::Bytes;
use datafusion::arrow::array::{ArrayRef, AsArray as _};
use datafusion::arrow::datatypes::{DataType, Field, Int64Type, Schema};
use datafusion::arrow::util::display::array_value_to_string;
use datafusion::common::{ParamValues, ScalarValue};
use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use futures::stream::{self, BoxStream, StreamExt as _};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use store::Blobs;
use utoipa::ToSchema;
use write::Writer;

/// The form of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RowForm {
    /// A list of objects; what is not known is null.
    #[default]
    Json,
    /// RFC 4180, with a header.
    Csv,
    /// The stream of Arrow IPC.
    Arrow,
    /// A Parquet file.
    Parquet,
}

impl RowForm {
    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Arrow => "application/vnd.apache.arrow.stream",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// Why a statement was not answered.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// It says nothing that can be answered; in the engine's words, which name what the statement names.
    #[error("{0}")]
    Statement(String),
    /// It needs more memory than questions may have.
    #[error("the statement needs more memory than it may have: ask for fewer columns, groups or sorted rows")]
    Memory,
    /// It took longer than it may.
    #[error("the statement took longer than {0:?}: ask for less, or in two steps")]
    TooLong(Duration),
    /// The facts.
    #[error(transparent)]
    Facts(#[from] WarehouseError),
}

impl From<AskError> for StatementError {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Engine(error) => error.into(),
            AskError::TooLong(longest) => Self::TooLong(longest),
            // What the cluster says of a statement is one text, whatever it means.
            AskError::Failed(..) => Self::Statement(error.to_string()),
            other => Self::Facts(other.into()),
        }
    }
}

impl From<DataFusionError> for StatementError {
    fn from(error: DataFusionError) -> Self {
        match error.find_root() {
            DataFusionError::ResourcesExhausted(_) => Self::Memory,
            DataFusionError::ObjectStore(_)
            | DataFusionError::IoError(_)
            | DataFusionError::ParquetError(_) => Self::Facts(AskError::Engine(error).into()),
            _ => Self::Statement(error.strip_backtrace()),
        }
    }
}

/// A statement that reads, and what it is asked with.
#[derive(Debug, Clone, Default)]
pub struct Statement {
    /// One SELECT.
    pub sql: String,
    /// The version of the facts; the newest where none is named.
    pub facts: Option<i64>,
    /// What stands for `$1`, `$2` and so on: one row, a column for each.
    pub values: Option<RecordBatch>,
    /// Tables that it is asked of instead of the facts, which it does not reach then.
    pub written: Option<Written>,
}

/// Tables that were written for somebody: of a version of the facts, those rows and columns that are theirs.
#[derive(Debug, Clone)]
pub struct Written {
    /// The version of the facts.
    pub facts: i64,
    /// Where the files lie.
    pub place: Blobs,
    /// The name of each table, and its Parquet file.
    pub tables: Vec<(String, String)>,
}

impl Statement {
    /// What stands for its placeholders, as text.
    #[must_use]
    pub fn told_values(&self) -> Option<Vec<String>> {
        let values = self.values.as_ref().filter(|values| values.num_rows() == 1)?;
        let told = |column: &ArrayRef| array_value_to_string(column, 0).unwrap_or_default();
        Some(values.columns().iter().map(told).collect())
    }
}

/// What a statement will give.
pub struct Described {
    /// The version of the facts.
    pub facts: i64,
    /// The columns of its rows.
    pub columns: SchemaRef,
    /// What its placeholders take, in their order.
    pub parameters: SchemaRef,
}

/// The rows a statement means, as bytes.
pub struct Answered {
    /// The version of the facts.
    pub facts: i64,
    /// What is sent, in pieces. An error on the way ends it: what was sent is not whole then.
    pub body: BoxStream<'static, Result<Bytes, StatementError>>,
}

/// The rows a statement means. Whoever drops them ends the question.
pub struct Rows {
    /// The version of the facts.
    pub facts: i64,
    /// Their columns.
    pub columns: SchemaRef,
    running: Running,
}

impl Warehouse {
    /// Says what a statement will give, without reading rows.
    ///
    /// # Errors
    /// [`StatementError`].
    pub async fn describe_statement(&self, statement: &Statement) -> Result<Described, StatementError> {
        let (session, plan) = self.planned(statement).await?;
        let facts = session.version;
        let parameters = Arc::new(parameters(&plan)?);
        Ok(Described { facts, columns: columns(&plan), parameters })
    }

    /// Begins to answer a statement.
    ///
    /// # Errors
    /// [`StatementError`].
    pub async fn open_statement(
        &self,
        statement: &Statement,
        longest: Duration,
    ) -> Result<Rows, StatementError> {
        let (session, plan) = self.planned(statement).await?;
        let columns = columns(&plan);
        let running = session.begin(plan, longest).await?;
        Ok(Rows { facts: session.version, columns, running })
    }

    /// Tables that were written for somebody, with their columns.
    ///
    /// # Errors
    /// [`StatementError`].
    pub async fn written_tables(
        &self,
        written: &Written,
    ) -> Result<Vec<(String, SchemaRef)>, StatementError> {
        let session = self.engine.over_written(written).await?;
        let mut tables = Vec::with_capacity(written.tables.len());
        for (name, _) in &written.tables {
            tables.push((name.clone(), session.columns(name).await?));
        }
        Ok(tables)
    }

    async fn planned(&self, statement: &Statement) -> Result<(Session, DataFrame), StatementError> {
        let session = match &statement.written {
            Some(written) => self.engine.over_written(written).await?,
            None => self.over_facts(statement).await?,
        };
        let plan = session.plan(&statement.sql).await?;
        let Some(values) = &statement.values else { return Ok((session, plan)) };
        Ok((session, plan.with_param_values(ParamValues::from(cells(values)?))?))
    }

    /// A session of its own: tables that questions keep for themselves are not in it.
    async fn over_facts(&self, statement: &Statement) -> Result<Session, StatementError> {
        let (facts, files) = self.files_at(statement.facts).await?;
        let session = self.engine.over(facts, &files).map_err(WarehouseError::from)?;
        if statement.sql.to_ascii_lowercase().contains(omop::SCHEMA) {
            session.add_omop(self.vocabularies.as_deref()).await?;
        }
        Ok(session)
    }
}

/// What the placeholders take, by their numbers; text where nothing tells.
fn parameters(plan: &DataFrame) -> Result<Schema, StatementError> {
    let number = |name: &str| name.trim_start_matches('$').parse::<u32>().unwrap_or(u32::MAX);
    let mut named: Vec<(String, DataType)> = plan
        .logical_plan()
        .get_parameter_types()?
        .into_iter()
        .map(|(name, of)| (name, of.unwrap_or(DataType::Utf8)))
        .collect();
    named.sort_by_key(|(name, _)| number(name));
    Ok(Schema::new(named.into_iter().map(|(name, of)| Field::new(name, of, true)).collect::<Vec<_>>()))
}

/// The one row that placeholders are filled from.
fn cells(values: &RecordBatch) -> Result<Vec<ScalarValue>, StatementError> {
    if values.num_rows() != 1 {
        let rows = values.num_rows();
        return Err(StatementError::Statement(format!(
            "a statement takes one row of parameters, not {rows}: ask once for each"
        )));
    }
    Ok(values
        .columns()
        .iter()
        .map(|column| ScalarValue::try_from_array(column, 0))
        .collect::<Result<_, _>>()?)
}

impl Rows {
    /// The next rows.
    pub async fn next(&mut self) -> Option<Result<RecordBatch, StatementError>> {
        Some(self.running.next().await?.map_err(Into::into))
    }

    /// The rows of a statement that means pairs of numbers.
    ///
    /// # Errors
    /// [`StatementError`].
    pub async fn numbers(mut self) -> Result<Vec<(i64, i64)>, StatementError> {
        let mut pairs = Vec::new();
        while let Some(batch) = self.next().await.transpose()? {
            let column = |at: usize| batch.columns().get(at)?.as_primitive_opt::<Int64Type>();
            if let (Some(one), Some(other)) = (column(0), column(1)) {
                pairs.extend(one.values().iter().copied().zip(other.values().iter().copied()));
            }
        }
        Ok(pairs)
    }

    /// The same as bytes, in the form asked for.
    ///
    /// # Errors
    /// [`StatementError`]; what is wrong by the first rows is told before anything is sent.
    pub async fn written(self, form: RowForm) -> Result<Answered, StatementError> {
        let facts = self.facts;
        let writer = Writer::begin(form, self.columns.clone())?;
        let mut writing = Writing { rows: self, writer: Some(writer) };
        let first = writing.next().await.transpose()?;
        let body = stream::iter(first.map(Ok)).chain(stream::unfold(writing, |mut writing| async {
            let next = writing.next().await?;
            Some((next, writing))
        }));
        Ok(Answered { facts, body: body.boxed() })
    }
}

/// Rows on their way into bytes.
struct Writing {
    rows: Rows,
    /// None once everything is written.
    writer: Option<Writer>,
}

impl Writing {
    /// The next piece that has bytes.
    async fn next(&mut self) -> Option<Result<Bytes, StatementError>> {
        loop {
            let mut writer = self.writer.take()?;
            let bytes = match self.rows.next().await {
                Some(Err(error)) => return Some(Err(error)),
                Some(Ok(batch)) => {
                    let bytes = tokio::task::block_in_place(|| writer.write(&batch));
                    self.writer = Some(writer);
                    bytes
                }
                None => writer.end(),
            };
            match bytes {
                Ok(bytes) if bytes.is_empty() => {}
                other => return Some(other),
            }
        }
    }
}
