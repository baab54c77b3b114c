//! Batches of rows in one of several forms, as bytes that can be sent on at once.

use super::{RowForm, StatementError};
use bytes::Bytes;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::csv;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc::writer::StreamWriter;
use datafusion::arrow::json::writer::{JsonArray, Writer as JsonWriter, WriterBuilder};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::errors::ParquetError;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// What was written and not sent yet.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn take(&self) -> Bytes {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Form {
    Json(JsonWriter<Written, JsonArray>),
    Csv(Box<csv::Writer<Written>>),
    Arrow(Box<StreamWriter<Written>>),
    Parquet(Box<ArrowWriter<Written>>),
}

/// Writes rows of one shape.
pub(super) struct Writer {
    form: Form,
    written: Written,
}

impl Writer {
    /// Begins; the names of columns are told even where there is no row.
    pub(super) fn begin(form: RowForm, schema: SchemaRef) -> Result<Self, StatementError> {
        let written = Written::default();
        let to = written.clone();
        let form = match form {
            RowForm::Json => Form::Json(WriterBuilder::new().with_explicit_nulls(true).build(to)),
            RowForm::Csv => {
                let mut writer = csv::Writer::new(to);
                writer.write(&RecordBatch::new_empty(schema))?;
                Form::Csv(Box::new(writer))
            }
            RowForm::Arrow => Form::Arrow(Box::new(StreamWriter::try_new(to, &schema)?)),
            RowForm::Parquet => Form::Parquet(Box::new(ArrowWriter::try_new(to, schema, None)?)),
        };
        Ok(Self { form, written })
    }

    /// Adds rows, and gives what can be sent.
    pub(super) fn write(&mut self, rows: &RecordBatch) -> Result<Bytes, StatementError> {
        match &mut self.form {
            Form::Json(writer) => writer.write(rows)?,
            Form::Csv(writer) => writer.write(rows)?,
            Form::Arrow(writer) => writer.write(rows)?,
            Form::Parquet(writer) => writer.write(rows)?,
        }
        Ok(self.written.take())
    }

    /// Ends it, and gives the rest.
    pub(super) fn end(self) -> Result<Bytes, StatementError> {
        match self.form {
            Form::Json(mut writer) => writer.finish()?,
            Form::Csv(writer) => drop(writer),
            Form::Arrow(mut writer) => writer.finish()?,
            Form::Parquet(writer) => drop(writer.close()?),
        }
        Ok(self.written.take())
    }
}

/// Values that the form can't hold: the statement must ask for them otherwise.
impl From<ArrowError> for StatementError {
    fn from(error: ArrowError) -> Self {
        Self::Statement(error.to_string())
    }
}

impl From<ParquetError> for StatementError {
    fn from(error: ParquetError) -> Self {
        Self::Statement(error.to_string())
    }
}
