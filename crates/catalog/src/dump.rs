//! The catalog's rows as plain files: one JSON object a line, and a description of the tables.

use crate::{Catalog, SCHEMA, WORK};
use futures::TryStreamExt;
use serde_json::{Map, Value, json};
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{Row, ValueRef};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// The tables that are written, and what one row of each is.
pub const TABLES: [(&str, &str); 11] = [
    ("patient", "one patient, as the images name them"),
    ("study", "one exam; `patient` is the patient's id"),
    ("series", "one series; `study` is the exam's id; `head` is its attributes, packed"),
    (
        "instance",
        "one instance; `series` is the series' id; `segment`, `position` and `length` say where it lies; \
         `deleted` is the id of the tombstone that hides it, -1 for work that a newer version replaced, or 0",
    ),
    ("fact", "the distinct values of all attributes of a series, one to a line"),
    ("exam_source", "which door brought an exam, by whom"),
    ("conflict", "another file under a SOP Instance UID that is held already"),
    ("quarantine", "a file that could not be taken, and what became of it"),
    ("attachment", "a file attached to a patient, an exam or a project"),
    ("tombstone", "a deletion, until it is purged or restored"),
    ("work_version", "a version of someone's work on an exam; `sop_uid` is the instance that keeps it"),
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
            let columns: Vec<_> = columns.iter().map(Column::described).collect();
            let described = json!({ "about": about, "rows": count, "columns": columns });
            schema.insert(table.to_owned(), described);
        }
        let schema = json!({
            "about": "Each file has one JSON object a line, one for each row. Times are microseconds \
                      since 1970 in UTC, dates numbers like 20260131 (0: none); bytes are in hexadecimal.",
            "tables": schema,
        });
        std::fs::write(folder.join("schema.json"), format!("{schema:#}\n"))?;
        Ok(rows)
    }

    async fn dump_table(&self, table: &str, path: &Path) -> Result<(u64, Vec<Column>), DumpError> {
        let mut file = BufWriter::new(std::fs::File::create_new(path)?);
        let (mut count, columns) = (0, columns(table));
        let names: Vec<_> = columns.iter().map(|column| column.name).collect();
        // Safe: all names are our own schema's.
        let sql = sqlx::AssertSqlSafe(format!("SELECT {} FROM {table}", names.join(", ")));
        let mut rows = sqlx::query(sql).fetch(self.ledger.pool());
        while let Some(row) = rows.try_next().await? {
            let object = object(&row, &columns)?;
            serde_json::to_writer(&mut file, &object).map_err(io::Error::from)?;
            file.write_all(b"\n")?;
            count += 1;
        }
        file.flush()?;
        file.get_ref().sync_all()?;
        Ok((count, columns))
    }
}

/// A column as the schema declares it, the same for every engine. What an engine adds for its own searches
/// isn't written out.
struct Column {
    name: &'static str,
    /// `integer`, `text` or `bytes`.
    kind: &'static str,
    /// Whether a row may have none.
    optional: bool,
}

impl Column {
    fn described(&self) -> Value {
        json!({ "name": self.name, "type": self.kind, "optional": self.optional })
    }
}

/// The columns of a table, read from the text it is made with.
fn columns(table: &str) -> Vec<Column> {
    let begin = format!("CREATE TABLE {table} (");
    let found = [SCHEMA, WORK].into_iter().find_map(|schema| schema.split_once(&begin));
    let body = found.map_or("", |(_, rest)| rest);
    body.lines().take_while(|line| !line.starts_with(')')).filter_map(column).collect()
}

fn column(line: &'static str) -> Option<Column> {
    let (name, declared) = line.trim().split_once(' ')?;
    let kind = match declared.split([' ', ',']).next()? {
        "{id}" | "BIGINT" => "integer",
        "{text}" | "TEXT" => "text",
        "{bytes}" => "bytes",
        _ => return None, // a constraint or a comment
    };
    let optional = !["{id}", "NOT NULL", "PRIMARY KEY"].iter().any(|mark| declared.contains(mark));
    Some(Column { name, kind, optional })
}

fn object(row: &AnyRow, columns: &[Column]) -> Result<Map<String, Value>, sqlx::Error> {
    let named = columns.iter().enumerate();
    named.map(|(at, column)| Ok((column.name.to_owned(), value(row, at)?))).collect()
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

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a String can't fail
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_written_out_is_described_by_its_schema() {
        for (table, _) in TABLES {
            assert!(columns(table).len() > 2, "{table}");
        }
        let fact = columns("fact");
        assert_eq!(fact.iter().map(|column| column.name).collect::<Vec<_>>(), ["id", "series", "facts"]);
        let instance = columns("instance");
        let about = |name| instance.iter().find(|column| column.name == name).map(|c| (c.kind, c.optional));
        assert_eq!(about("frames"), Some(("integer", true)));
        assert_eq!(about("sop_uid"), Some(("text", false)));
        assert_eq!(instance.len(), 18);
    }
}
