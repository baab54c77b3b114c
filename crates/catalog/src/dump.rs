//! The catalog's rows as plain files: one JSON object a line, and a description of the tables.

use crate::Catalog;
use futures::TryStreamExt;
use serde_json::{Map, Value, json};
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{Column, Row, TypeInfo, ValueRef};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// The tables that are written, and what one row of each is.
pub const TABLES: [(&str, &str); 10] = [
    ("patient", "one patient, as the images name them"),
    ("study", "one exam; `patient` is the patient's id"),
    ("series", "one series; `study` is the exam's id; `head` is its attributes, packed"),
    (
        "instance",
        "one instance; `series` is the series' id; `segment`, `position` and `length` say where it lies",
    ),
    ("fact", "the distinct values of all attributes of a series, one to a line"),
    ("exam_source", "which door brought an exam, by whom"),
    ("conflict", "another file under a SOP Instance UID that is held already"),
    ("quarantine", "a file that could not be taken, and what became of it"),
    ("attachment", "a file attached to a patient, an exam or a project"),
    ("tombstone", "a deletion, until it is purged or restored"),
];

/// Why the rows could not be written out.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    /// The engine's.
    #[error("the catalog could not be read")]
    Read(#[from] sqlx::Error),
    /// The disk's.
    #[error("the catalog's rows could not be written")]
    Write(#[from] io::Error),
}

impl Catalog {
    /// Writes each of [`TABLES`] to `<table>.jsonl` in a folder, and `schema.json` about them.
    /// Gives the number of rows.
    ///
    /// # Errors
    /// [`DumpError`].
    pub async fn dump(&self, folder: &Path) -> Result<u64, DumpError> {
        std::fs::create_dir_all(folder)?;
        let (mut schema, mut rows) = (Map::new(), 0);
        for (table, about) in TABLES {
            let (count, columns) = self.dump_table(table, &folder.join(format!("{table}.jsonl"))).await?;
            rows += count;
            let described = json!({ "about": about, "rows": count, "columns": columns });
            schema.insert(table.to_owned(), described);
        }
        let schema = json!({
            "about": "Each file has one JSON object a line, one for each row. Times are microseconds \
                      since 1970 in UTC; bytes are in hexadecimal; -1 or empty means unknown where noted.",
            "tables": schema,
        });
        std::fs::write(folder.join("schema.json"), format!("{schema:#}\n"))?;
        Ok(rows)
    }

    async fn dump_table(&self, table: &str, path: &Path) -> Result<(u64, Map<String, Value>), DumpError> {
        let mut file = BufWriter::new(std::fs::File::create_new(path)?);
        let (mut count, mut columns) = (0, Map::new());
        // Safe: the name is one of our constants.
        let sql = sqlx::AssertSqlSafe(format!("SELECT * FROM {table}"));
        let mut rows = sqlx::query(sql).fetch(self.ledger.pool());
        while let Some(row) = rows.try_next().await? {
            let object = object(&row)?;
            describe(&row, &mut columns)?;
            serde_json::to_writer(&mut file, &object).map_err(io::Error::from)?;
            file.write_all(b"\n")?;
            count += 1;
        }
        file.flush()?;
        Ok((count, columns))
    }
}

fn object(row: &AnyRow) -> Result<Map<String, Value>, sqlx::Error> {
    let columns = row.columns().iter();
    columns.map(|column| Ok((column.name().to_owned(), value(row, column.ordinal())?))).collect()
}

fn value(row: &AnyRow, at: usize) -> Result<Value, sqlx::Error> {
    let raw = row.try_get_raw(at)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    Ok(match raw.type_info().kind() {
        AnyTypeInfoKind::Bool => row.try_get::<bool, _>(at)?.into(),
        AnyTypeInfoKind::SmallInt | AnyTypeInfoKind::Integer | AnyTypeInfoKind::BigInt => {
            row.try_get::<i64, _>(at)?.into()
        }
        AnyTypeInfoKind::Real | AnyTypeInfoKind::Double => row.try_get::<f64, _>(at)?.into(),
        AnyTypeInfoKind::Blob => hexadecimal(&row.try_get::<Vec<u8>, _>(at)?).into(),
        _ => row.try_get::<String, _>(at)?.into(),
    })
}

/// Notes the type of each column, as soon as a row has a value there.
fn describe(row: &AnyRow, columns: &mut Map<String, Value>) -> Result<(), sqlx::Error> {
    for column in row.columns() {
        let raw = row.try_get_raw(column.ordinal())?;
        let known = columns.entry(column.name()).or_insert(Value::Null);
        if known.is_null() && !raw.is_null() {
            *known = raw.type_info().name().to_lowercase().into();
        }
    }
    Ok(())
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a String can't fail
        text
    })
}
