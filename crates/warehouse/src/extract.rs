//! Rows taken out: all of some patients at the version of the facts that a cohort was frozen at, and tables written
//! for others, as Parquet and as CSV. What may leave is decided elsewhere.

use crate::engine::{AskError, Session};
use crate::keep::Frozen;
use crate::rows::{Cell, batch};
use crate::schema::{self, Column, Table, Type};
use crate::shelf::ShelfError;
use crate::{Warehouse, WarehouseError};
use datafusion::arrow::array::{
    Array as _, ArrayRef, AsArray as _, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch,
    TimestampMicrosecondArray,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Schema, SchemaRef};
use datafusion::error::DataFusionError;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::file::properties::WriterProperties;
use jiff::ToSpan as _;
use jiff::civil::Date;
use sqlx::Row as _;
use std::io::Write;
use std::sync::Arc;

/// Level of Zstandard, as the tables of facts have it.
const LEVEL: i32 = 3;

impl Warehouse {
    /// The frozen cohorts that a patient, or one of some exams, is a member of.
    ///
    /// # Errors
    /// [`WarehouseError`].
    pub async fn frozen_with(&self, patient: i64, studies: &[String]) -> Result<Vec<Frozen>, WarehouseError> {
        let rows = sqlx::query("SELECT id FROM cohort_frozen ORDER BY made_at, id");
        let mut found = Vec::new();
        for row in rows.fetch_all(self.ledger.pool()).await? {
            let Some(frozen) = self.frozen(&row.try_get::<String, _>(0)?).await? else { continue };
            let is_of = |study: &Option<String>| study.as_ref().is_some_and(|study| studies.contains(study));
            let members = self.members(&frozen).await?;
            if members.iter().any(|member| member.patient == patient || is_of(&member.study)) {
                found.push(frozen);
            }
        }
        Ok(found)
    }
}

impl Session {
    /// All rows of a table of some patients, a cell for each column. Maps are left out.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn rows_of(&self, table: &Table, patients: &[i64]) -> Result<Vec<Vec<Cell>>, AskError> {
        if patients.is_empty() {
            return Ok(Vec::new());
        }
        let named: Vec<&Column> = table.columns.iter().filter(|column| column.of != Type::Map).collect();
        let columns: Vec<String> = named.iter().map(|column| format!("\"{}\"", column.name)).collect();
        let ids: Vec<String> = patients.iter().map(ToString::to_string).collect();
        let sql = format!(
            "SELECT {} FROM \"{}\" WHERE patient IN ({})",
            columns.join(", "),
            table.name,
            ids.join(", ")
        );
        let mut rows = Vec::new();
        for batch in self.ask(&sql).await? {
            rows.extend(cells(table, &batch)?);
        }
        Ok(rows)
    }
}

fn cells(table: &Table, batch: &RecordBatch) -> Result<Vec<Vec<Cell>>, DataFusionError> {
    let mut rows = vec![Vec::with_capacity(table.columns.len()); batch.num_rows()];
    for column in &table.columns {
        let Some(values) = batch.column_by_name(column.name) else {
            rows.iter_mut().for_each(|row| row.push(Cell::Null));
            continue;
        };
        let read = reader(column.of, values)?;
        for (at, row) in rows.iter_mut().enumerate() {
            row.push(if values.is_null(at) { Cell::Null } else { read(at) });
        }
    }
    Ok(rows)
}

/// What reads a column's values, whatever the engine keeps them in.
fn reader(of: Type, values: &ArrayRef) -> Result<Box<dyn Fn(usize) -> Cell>, DataFusionError> {
    let plain = |to: &DataType| cast(values, to);
    Ok(match of {
        Type::Id => {
            let of: Int64Array = plain(&DataType::Int64)?.as_primitive().clone();
            Box::new(move |at| Cell::Int(of.value(at)))
        }
        Type::Int => {
            let of: Int32Array = plain(&DataType::Int32)?.as_primitive().clone();
            Box::new(move |at| Cell::Int(of.value(at).into()))
        }
        Type::Number => {
            let of: Float64Array = plain(&DataType::Float64)?.as_primitive().clone();
            Box::new(move |at| Cell::Number(of.value(at)))
        }
        Type::Date => {
            let of: Date32Array = plain(&DataType::Date32)?.as_primitive().clone();
            Box::new(move |at| Cell::Int(of.value(at).into()))
        }
        Type::Moment => {
            let of: TimestampMicrosecondArray = values.as_primitive().clone();
            Box::new(move |at| Cell::Int(of.value(at)))
        }
        Type::Text | Type::List | Type::Words => {
            let of = plain(&DataType::Utf8)?.as_string::<i32>().clone();
            Box::new(move |at| of.value(at).to_owned().into())
        }
        Type::Map => Box::new(|_| Cell::Null),
    })
}

/// A table on its way out: the same rows as Parquet and as CSV.
pub struct Sheet<P: Write + Send, C: Write> {
    columns: Vec<Column>,
    schema: SchemaRef,
    parquet: ArrowWriter<P>,
    csv: C,
    /// Rows so far.
    pub rows: u64,
}

impl<P: Write + Send, C: Write> Sheet<P, C> {
    /// Begins a table.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub fn begin(columns: &[Column], parquet: P, mut csv: C) -> Result<Self, SheetError> {
        let schema = Arc::new(Schema::new(columns.iter().map(schema::field).collect::<Vec<_>>()));
        let level = ZstdLevel::try_new(LEVEL).map_err(ShelfError::from)?;
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
        let parquet =
            ArrowWriter::try_new(parquet, schema.clone(), Some(properties)).map_err(ShelfError::from)?;
        let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
        writeln!(csv, "{}", names.join(","))?;
        Ok(Self { columns: columns.to_vec(), schema, parquet, csv, rows: 0 })
    }

    /// Adds rows, a cell for each column.
    ///
    /// # Errors
    /// [`SheetError`].
    pub fn push(&mut self, rows: &[Vec<Cell>]) -> Result<(), SheetError> {
        if rows.is_empty() {
            return Ok(());
        }
        let batch = batch(&self.columns, &self.schema, rows).map_err(ShelfError::from)?;
        self.parquet.write(&batch).map_err(ShelfError::from)?;
        for row in rows {
            writeln!(self.csv, "{}", line(&self.columns, row))?;
        }
        self.rows += rows.len() as u64;
        Ok(())
    }

    /// Ends it, and gives back what it was written to.
    ///
    /// # Errors
    /// [`SheetError`].
    pub fn end(mut self) -> Result<(P, C), SheetError> {
        self.csv.flush()?;
        Ok((self.parquet.into_inner().map_err(ShelfError::from)?, self.csv))
    }
}

/// Why a table was not written.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// Its columns.
    #[error("a table could not be put into columns")]
    Columns(#[from] ShelfError),
    /// Its file.
    #[error("a table could not be written")]
    Write(#[from] std::io::Error),
}

/// A row as CSV (RFC 4180), days and moments as ISO 8601.
#[must_use]
pub fn line(columns: &[Column], row: &[Cell]) -> String {
    let fields = columns.iter().zip(row).map(|(column, cell)| field(column.of, cell));
    fields.collect::<Vec<_>>().join(",")
}

fn field(of: Type, cell: &Cell) -> String {
    match (of, cell) {
        (_, Cell::Null | Cell::Map(_)) => String::new(),
        (Type::Date, Cell::Int(day)) => date_of(*day).map(|date| date.to_string()).unwrap_or_default(),
        (Type::Moment, Cell::Int(micros)) => {
            jiff::Timestamp::from_microsecond(*micros).map(|at| at.to_string()).unwrap_or_default()
        }
        (_, Cell::Int(value)) => value.to_string(),
        (_, Cell::Number(value)) => value.to_string(),
        (_, Cell::Text(text)) => quoted(text),
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// The day of a number of days since 1970-01-01.
#[must_use]
pub fn date_of(day: i64) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(day.days()).ok()
}

/// The days from 1970-01-01 to a day.
#[must_use]
pub fn day_of(date: Date) -> i64 {
    Date::constant(1970, 1, 1).until(date).map_or(0, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        Column { name: "subject", of: Type::Text, about: "" },
        Column { name: "date", of: Type::Date, about: "" },
        Column { name: "value", of: Type::Number, about: "" },
    ];

    #[test]
    fn the_same_rows_are_the_same_bytes() {
        let rows = [vec![Cell::Text("S-1, \"x\"".into()), Cell::Int(19_723), Cell::Number(1.5)], vec![]];
        let made = || {
            let mut sheet = Sheet::begin(&COLUMNS, Vec::new(), Vec::new()).expect("begun");
            sheet.push(&rows).expect("rows");
            assert_eq!(sheet.rows, 2);
            sheet.end().expect("ended")
        };
        assert_eq!(made(), made());
        assert_eq!(
            String::from_utf8(made().1).expect("text"),
            "subject,date,value\n\"S-1, \"\"x\"\"\",2024-01-01,1.5\n\n"
        );
    }

    #[test]
    fn days_are_counted_both_ways() {
        for day in [-40_000, -1, 0, 1, 19_723] {
            assert_eq!(date_of(day).map(day_of), Some(day));
        }
    }
}
