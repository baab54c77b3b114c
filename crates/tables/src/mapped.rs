//! Any delimited or Parquet file, with a mapping that tells what its columns are (docs/RECORDS.md).

mod cells;
mod mapping;
mod resource;

pub use mapping::{Column, Mapping, Role};

use crate::input::Input;
use crate::sheet::{BadRow, Form, Row, Sheet};
use crate::{Count, TableError};
use cells::Cells;
use clinical::{Part, Said, Statement};
use std::collections::VecDeque;

/// Reads a table by its mapping; gives the parts of each row.
pub struct Mapped<'a> {
    sheet: Sheet,
    mapping: &'a Mapping,
    scope: String,
    waiting: VecDeque<Part>,
    count: Count,
    done: bool,
}

impl<'a> Mapped<'a> {
    /// Opens the table; `scope` names the data set, for keys that mean nothing outside it.
    ///
    /// # Errors
    /// [`TableError`], as when the mapping names a column that the table hasn't.
    pub fn open(input: Box<dyn Input>, mapping: &'a Mapping, scope: &str) -> Result<Self, TableError> {
        let wanted = mapping.columns.keys().map(|name| name.to_ascii_lowercase()).collect();
        let form = Form {
            delimiter: mapping.delimiter_byte()?,
            charset: mapping.charset.clone(),
            wanted: Some(wanted),
        };
        let sheet = Sheet::open(input, &form)?;
        mapping.check_nested(&sheet.columns.nested)?;
        mapping.check(&sheet.columns.names)?;
        let mut waiting = VecDeque::new();
        let names: Vec<String> = sheet.columns.names.iter().chain(&sheet.columns.nested).cloned().collect();
        let left = mapping.unmapped(&names);
        if !left.is_empty() {
            waiting.push_back(Part::kept("header", format!("columns without a role: {}", left.join(", "))));
        }
        let scope = mapping.system.as_deref().unwrap_or(scope).trim_end_matches('/').to_owned();
        let count = Count::of(&mapping.record);
        Ok(Self { sheet, mapping, scope, waiting, count, done: false })
    }

    /// What became of the rows so far.
    #[must_use]
    pub const fn counted(&self) -> &Count {
        &self.count
    }

    fn take(&mut self, row: Result<Row, BadRow>) -> Part {
        let line = row.as_ref().map_or_else(|bad| bad.line, |row| row.line);
        let place = format!("{} {line}", self.sheet.unit());
        let made = row.map_err(|bad| bad.why.to_owned()).and_then(|row| {
            let cells = Cells { mapping: self.mapping, row: &row };
            resource::record(cells, &self.scope)
        });
        match made {
            Ok(record) => {
                self.count.read();
                Part::Said(Statement { said: Said::Record(Box::new(record)), at: None, place })
            }
            Err(why) => {
                self.count.refused();
                Part::refused(place, why)
            }
        }
    }
}

impl Iterator for Mapped<'_> {
    type Item = Result<Part, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(part) = self.waiting.pop_front() {
            return Some(Ok(part));
        }
        if self.done {
            return None;
        }
        match self.sheet.next_row() {
            Ok(Some(row)) => Some(Ok(self.take(row))),
            Ok(None) => None,
            Err(error) => {
                self.done = true;
                Some(Err(error))
            }
        }
    }
}
