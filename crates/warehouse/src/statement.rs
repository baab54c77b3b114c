//! Statements that people write themselves: read only, answered over one version of the tables, handed out a batch at
//! a time in the form asked for, within bounds of time and memory.

mod write;

use crate::engine::AskError;
use crate::{Warehouse, WarehouseError};
use bytes::Bytes;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use futures::stream::{self, BoxStream, StreamExt as _};
use serde::Deserialize;
use std::time::{Duration, Instant};
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

/// The rows a statement means.
pub struct Answered {
    /// The version of the facts.
    pub facts: i64,
    /// What is sent, in pieces. An error on the way ends it: what was sent is not whole then.
    pub body: BoxStream<'static, Result<Bytes, StatementError>>,
}

impl Warehouse {
    /// Answers a statement over a version of the facts, the newest where none is named.
    ///
    /// # Errors
    /// [`StatementError`]; what is wrong by the first rows is told before anything is sent.
    pub async fn answer_statement(
        &self,
        sql: &str,
        facts: Option<i64>,
        form: RowForm,
        longest: Duration,
    ) -> Result<Answered, StatementError> {
        let (facts, files) = self.files_at(facts).await?;
        // A session of its own: tables that questions keep for themselves are not in it.
        let session = self.engine.over(facts, &files).map_err(WarehouseError::from)?;
        let plan = session.plan(sql).await.map_err(|error| match error {
            AskError::Engine(error) => error.into(),
            other => StatementError::Facts(other.into()),
        })?;
        let writer = Writer::begin(form, plan.schema().inner().clone())?;
        let mut rows =
            Rows { batches: plan.execute_stream().await?, writer: Some(writer), longest, left: longest };
        let first = rows.next().await.transpose()?;
        let body = stream::iter(first.map(Ok)).chain(stream::unfold(rows, |mut rows| async {
            let next = rows.next().await?;
            Some((next, rows))
        }));
        Ok(Answered { facts, body: body.boxed() })
    }
}

/// Rows on their way.
struct Rows {
    batches: SendableRecordBatchStream,
    /// None once everything is written.
    writer: Option<Writer>,
    longest: Duration,
    /// What is left of the time; that of whoever takes the rows is not counted.
    left: Duration,
}

impl Rows {
    /// The next piece that has bytes.
    async fn next(&mut self) -> Option<Result<Bytes, StatementError>> {
        loop {
            let mut writer = self.writer.take()?;
            let begun = Instant::now();
            let batch = tokio::time::timeout(self.left, self.batches.next()).await;
            self.left = self.left.saturating_sub(begun.elapsed());
            let bytes = match batch {
                Err(_) => return Some(Err(StatementError::TooLong(self.longest))),
                Ok(Some(Err(error))) => return Some(Err(error.into())),
                Ok(Some(Ok(batch))) => {
                    let bytes = tokio::task::block_in_place(|| writer.write(&batch));
                    self.writer = Some(writer);
                    bytes
                }
                Ok(None) => writer.end(),
            };
            match bytes {
                Ok(bytes) if bytes.is_empty() => {}
                other => return Some(other),
            }
        }
    }
}
