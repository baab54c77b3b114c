//! Rows on their way into a table: cells become columns, ordered as the table is.

use crate::schema::{Column, Table, Type};
use datafusion::arrow::array::{
    ArrayRef, Date32Builder, Float64Builder, Int32Builder, Int64Builder, MapBuilder, MapFieldNames,
    RecordBatch, StringBuilder, TimestampMicrosecondBuilder,
};
use datafusion::arrow::compute::{SortColumn, lexsort_to_indices, take_record_batch};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;
use std::borrow::Cow;
use std::sync::Arc;

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing is known.
    #[default]
    Null,
    /// A whole number: ids, counts, days, microseconds.
    Int(i64),
    /// A number.
    Number(f64),
    /// Text.
    Text(Cow<'static, str>),
    /// Names and values.
    Map(Vec<(String, String)>),
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        if value.is_finite() { Self::Number(value) } else { Self::Null }
    }
}

impl From<String> for Cell {
    /// An empty text says nothing.
    fn from(value: String) -> Self {
        if value.is_empty() { Self::Null } else { Self::Text(value.into()) }
    }
}

impl From<&'static str> for Cell {
    fn from(value: &'static str) -> Self {
        if value.is_empty() { Self::Null } else { Self::Text(value.into()) }
    }
}

impl Cell {
    /// Texts of a list column; none: nothing is known.
    pub fn list<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        let mut all = String::from("|");
        for text in texts {
            all.extend(text.as_ref().chars().filter(|c| *c != '|'));
            all.push('|');
        }
        if all.len() == 1 { Self::Null } else { Self::Text(all.into()) }
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Rows of one table, not yet in order.
pub struct Rows {
    table: &'static Table,
    columns: Vec<Builder>,
    len: usize,
}

impl Rows {
    /// No rows.
    #[must_use]
    pub fn of(table: &'static Table) -> Self {
        Self { table, columns: table.columns.iter().map(Builder::of).collect(), len: 0 }
    }

    /// Which table they are of.
    #[must_use]
    pub const fn table(&self) -> &'static Table {
        self.table
    }

    /// How many.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a row: a cell for each column, in the table's order. Missing ones at the end are empty.
    pub fn push(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let mut cells = cells.into_iter();
        for column in &mut self.columns {
            column.push(cells.next().unwrap_or_default());
        }
        debug_assert!(cells.next().is_none(), "more cells than {} has columns", self.table.name);
        self.len += 1;
    }

    /// The rows in the table's order.
    ///
    /// # Errors
    /// When a column that must be told is not.
    pub fn finish(self) -> Result<RecordBatch, ArrowError> {
        let arrays = self.columns.into_iter().map(Builder::finish).collect();
        let batch = RecordBatch::try_new(self.table.schema.clone(), arrays)?;
        let by = self.table.order.iter().filter_map(|name| batch.column_by_name(name));
        let by: Vec<_> = by.map(|values| SortColumn { values: values.clone(), options: None }).collect();
        take_record_batch(&batch, &lexsort_to_indices(&by, None)?)
    }
}

/// Rows of any columns, in the order they are given.
pub(crate) fn batch(
    columns: &[Column],
    schema: &SchemaRef,
    rows: &[Vec<Cell>],
) -> Result<RecordBatch, ArrowError> {
    let mut builders: Vec<Builder> = columns.iter().map(Builder::of).collect();
    for row in rows {
        for (at, builder) in builders.iter_mut().enumerate() {
            builder.push(row.get(at).cloned().unwrap_or_default());
        }
    }
    RecordBatch::try_new(schema.clone(), builders.into_iter().map(Builder::finish).collect())
}

enum Builder {
    Id(Int64Builder),
    Int(Int32Builder),
    Number(Float64Builder),
    Text(StringBuilder),
    Date(Date32Builder),
    Moment(TimestampMicrosecondBuilder),
    Map(Box<MapBuilder<StringBuilder, StringBuilder>>),
}

impl Builder {
    fn of(column: &Column) -> Self {
        match column.of {
            Type::Id => Self::Id(Int64Builder::new()),
            Type::Int => Self::Int(Int32Builder::new()),
            Type::Number => Self::Number(Float64Builder::new()),
            Type::Text | Type::List | Type::Words => Self::Text(StringBuilder::new()),
            Type::Date => Self::Date(Date32Builder::new()),
            Type::Moment => Self::Moment(TimestampMicrosecondBuilder::new().with_timezone("UTC")),
            Type::Map => Self::Map(Box::new(map())),
        }
    }

    /// A cell of another type than the column's says nothing.
    fn push(&mut self, cell: Cell) {
        match (self, cell) {
            (Self::Id(to), Cell::Int(value)) => to.append_value(value),
            (Self::Id(to), _) => to.append_null(),
            (Self::Int(to), Cell::Int(value)) => to.append_option(i32::try_from(value).ok()),
            (Self::Int(to), _) => to.append_null(),
            (Self::Number(to), Cell::Number(value)) => to.append_value(value),
            (Self::Number(to), Cell::Int(value)) => to.append_value(value as f64),
            (Self::Number(to), _) => to.append_null(),
            (Self::Text(to), Cell::Text(value)) => to.append_value(value),
            (Self::Text(to), _) => to.append_null(),
            (Self::Date(to), Cell::Int(value)) => to.append_option(i32::try_from(value).ok()),
            (Self::Date(to), _) => to.append_null(),
            (Self::Moment(to), Cell::Int(value)) => to.append_value(value),
            (Self::Moment(to), _) => to.append_null(),
            (Self::Map(to), Cell::Map(pairs)) => append(to, &pairs),
            (Self::Map(to), _) => append(to, &[]),
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            Self::Id(mut of) => Arc::new(of.finish()),
            Self::Int(mut of) => Arc::new(of.finish()),
            Self::Number(mut of) => Arc::new(of.finish()),
            Self::Text(mut of) => Arc::new(of.finish()),
            Self::Date(mut of) => Arc::new(of.finish()),
            Self::Moment(mut of) => Arc::new(of.finish()),
            Self::Map(mut of) => Arc::new(of.finish()),
        }
    }
}

fn map() -> MapBuilder<StringBuilder, StringBuilder> {
    let names = MapFieldNames { entry: "key_value".into(), key: "key".into(), value: "value".into() };
    MapBuilder::new(Some(names), StringBuilder::new(), StringBuilder::new())
}

fn append(to: &mut MapBuilder<StringBuilder, StringBuilder>, pairs: &[(String, String)]) {
    for (key, value) in pairs {
        to.keys().append_value(key);
        to.values().append_value(value);
    }
    // Keys and values were given in pairs: it can't fail.
    let _ = to.append(true);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::table;
    use datafusion::arrow::array::AsArray;
    use datafusion::arrow::datatypes::Int64Type;

    #[test]
    fn rows_are_put_in_the_tables_order() {
        let mut rows = Rows::of(table("condition").expect("a table"));
        for (patient, code) in [(1_i64, "J18"), (2, "C34"), (3, "C34")] {
            let empty = || Cell::Null;
            let cells =
                [patient.into(), patient.into(), empty(), empty(), empty(), empty(), empty(), code.into()];
            rows.push(cells);
        }
        let batch = rows.finish().expect("rows");
        assert_eq!(batch.column(0).as_primitive::<Int64Type>().values(), &[2, 3, 1]);
    }

    #[test]
    fn every_table_can_be_filled() {
        for table in crate::schema::TABLES.iter() {
            let mut rows = Rows::of(table);
            rows.push(table.columns.iter().map(|column| match column.of {
                Type::Id | Type::Int | Type::Date | Type::Moment => Cell::Int(7),
                Type::Number => Cell::Number(1.5),
                Type::Text | Type::List | Type::Words => Cell::Text("x".into()),
                Type::Map => Cell::Map(vec![("k".into(), "v".into())]),
            }));
            let batch = rows.finish().expect("a row");
            assert!(batch.columns().iter().all(|column| column.null_count() == 0), "{}", table.name);
        }
    }
}
