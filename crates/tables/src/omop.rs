//! An OMOP CDM 5.4 as a folder of tables (<https://ohdsi.github.io/CommonDataModel/cdm54.html>).
//!
//! Read three times: which concepts are used, what they mean, and then each row. A row is known by
//! `SCOPE/TABLE` and its primary key; persons by their source value too.

pub(crate) mod concepts;
mod drugs;
mod events;
mod images;
mod measures;
mod notes;
mod people;
mod row;
mod visits;

use crate::ids::IdSet;
use crate::input::Input;
use crate::sheet::{BadRow, Form, Row, Sheet};
use crate::{Count, TableError};
use clinical::{Part, Record, Said, Statement};
use concepts::Concepts;
use row::Source;
use std::collections::VecDeque;
use std::io;

/// A file of the folder.
pub struct Table<'a> {
    /// Its name, as it stands in the folder.
    pub name: String,
    /// Opens it; more than once.
    pub open: Box<dyn Fn() -> io::Result<Box<dyn Input>> + 'a>,
}

/// A table of the CDM: its name, its primary key, why it is not read.
#[derive(Debug, Clone, Copy)]
struct Kind {
    name: &'static str,
    key: &'static str,
    kept: Option<&'static str>,
}

fn kinds() -> impl Iterator<Item = Kind> {
    let lines = include_str!("../data/omop.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let mut cells = line.split('\t');
        let (name, key, kept) = (cells.next()?, cells.next()?, cells.next()?);
        Some(Kind { name, key, kept: (kept != "-").then_some(kept) })
    })
}

/// The CDM's name of a file (`2024/person.csv` is PERSON), if it has one.
#[must_use]
pub fn table_of(file: &str) -> Option<&'static str> {
    let name = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let (stem, kind) = name.rsplit_once('.').unwrap_or((name, "csv"));
    let fits = ["csv", "tsv", "txt", "parquet"].iter().any(|one| kind.eq_ignore_ascii_case(one));
    kinds().find(|one| fits && one.name.eq_ignore_ascii_case(stem)).map(|kind| kind.name)
}

/// Reads a CDM; gives the parts of each row, table after table.
pub struct Omop<'a> {
    tables: VecDeque<(Kind, Table<'a>)>,
    scope: String,
    concepts: Concepts,
    persons: IdSet,
    waiting: VecDeque<Part>,
    current: Option<(Kind, Sheet, IdSet)>,
    counts: Vec<Count>,
}

impl<'a> Omop<'a> {
    /// Looks through the tables once; `scope` names the data set, for ids that mean nothing outside it.
    ///
    /// # Errors
    /// [`TableError`] when there is no PERSON table or CONCEPT can't be read.
    pub fn open(tables: Vec<Table<'a>>, scope: &str) -> Result<Self, TableError> {
        let mut waiting = VecDeque::new();
        let mut known = Vec::new();
        for table in tables {
            match kinds().enumerate().find(|(_, kind)| Some(kind.name) == table_of(&table.name)) {
                Some((order, kind)) => known.push((order, kind, table)),
                None => waiting.push_back(Part::kept(table.name, "not a table of OMOP CDM 5.4")),
            }
        }
        known.sort_by_key(|(order, _, _)| *order);
        let known: Vec<_> = known.into_iter().map(|(_, kind, table)| (kind, table)).collect();
        if !known.iter().any(|(kind, _)| kind.name == "PERSON") {
            return Err(TableError::NoPerson);
        }
        let concepts = used_concepts(&known)?;
        Ok(Self {
            tables: known.into(),
            scope: scope.trim_end_matches('/').into(),
            concepts,
            persons: IdSet::default(),
            waiting,
            current: None,
            counts: Vec::new(),
        })
    }

    /// What became of the rows so far, by table.
    #[must_use]
    pub fn counts(&self) -> &[Count] {
        &self.counts
    }

    fn fill(&mut self) -> Result<bool, TableError> {
        let Some((kind, mut sheet, mut keys)) = self.current.take() else { return self.next_table() };
        let Some(row) = sheet.next_row()? else {
            if let (Some(why), Some(count)) = (kind.kept, self.counts.last()) {
                self.waiting.push_back(Part::kept(kind.name, format!("{} rows kept: {why}", count.rows)));
            }
            return Ok(true);
        };
        self.take(kind, row, &mut keys);
        self.current = Some((kind, sheet, keys));
        Ok(true)
    }

    /// A table that can't be read as a whole costs only itself.
    fn next_table(&mut self) -> Result<bool, TableError> {
        let Some((kind, table)) = self.tables.pop_front() else { return Ok(false) };
        let opened = (table.open)().map_err(TableError::from);
        match opened.and_then(|input| Sheet::open(input, &Form::default())) {
            Ok(sheet) => {
                if self.counts.last().is_none_or(|count| count.table != kind.name) {
                    self.counts.push(Count::of(kind.name));
                }
                let missing = kind.kept.is_none() && !sheet.columns.has(kind.key);
                if let Some(nested) = sheet.columns.nested.first() {
                    let why = format!(
                        "the column {nested} holds lists or groups, which no CDM has; all of it is left"
                    );
                    self.waiting.push_back(Part::refused(kind.name, why));
                } else if missing {
                    let why = format!("the table has no column {}; all of it is left", kind.key);
                    self.waiting.push_back(Part::refused(kind.name, why));
                } else {
                    self.current = Some((kind, sheet, IdSet::default()));
                }
            }
            Err(error @ TableError::Io(_)) => return Err(error),
            Err(error) => self.waiting.push_back(Part::refused(kind.name, error.to_string())),
        }
        Ok(true)
    }

    fn take(&mut self, kind: Kind, row: Result<Row, BadRow>, keys: &mut IdSet) {
        let Some(mut count) = self.counts.pop() else { return };
        if kind.kept.is_some() {
            count.kept();
            self.counts.push(count);
            return;
        }
        let line = row.as_ref().map_or_else(|bad| bad.line, |row| row.line);
        let place = format!("{}:{line}", kind.name);
        match row.map_err(|bad| bad.why).and_then(|row| self.records(kind, &row, keys)) {
            Ok(records) => {
                count.read();
                self.waiting.extend(records.into_iter().map(|record| said(record, &place)));
            }
            Err(why) => {
                count.refused();
                self.waiting.push_back(Part::refused(place, why));
            }
        }
        self.counts.push(count);
    }

    fn records(&mut self, kind: Kind, row: &Row, keys: &mut IdSet) -> Result<Vec<Record>, &'static str> {
        let id = row.get(kind.key).ok_or("no primary key")?;
        let number = id.parse::<i64>().map_err(|_| "a primary key that is no integer")?;
        let source = Source { scope: &self.scope, concepts: &self.concepts, table: kind.name, id, row };
        if ["PROVIDER", "CARE_SITE", "PERSON"].contains(&kind.name) {
            let made = source.record()?;
            if !keys.insert(number) {
                return Err("a primary key that an earlier row has");
            }
            if kind.name == "PERSON" {
                self.persons.insert(number);
            }
            return Ok(made);
        }
        let person = row.get("person_id").ok_or("no person_id")?;
        let person = person.parse::<i64>().map_err(|_| "a person_id that is no integer")?;
        if !self.persons.contains(person) {
            return Err("a person_id that PERSON hasn't");
        }
        let made = source.record()?;
        if keys.insert(number) { Ok(made) } else { Err("a primary key that an earlier row has") }
    }
}

fn said(record: Record, place: &str) -> Part {
    Part::Said(Statement { said: Said::Record(Box::new(record)), at: None, place: place.into() })
}

/// What the concepts mean that the tables use.
fn used_concepts(tables: &[(Kind, Table<'_>)]) -> Result<Concepts, TableError> {
    let vocabulary = tables.iter().find(|(kind, _)| kind.name == "CONCEPT");
    let Some((_, vocabulary)) = vocabulary else { return Ok(Concepts::default()) };
    let mut used = IdSet::default();
    for (_, table) in tables.iter().filter(|(kind, _)| kind.kept.is_none()) {
        // What is wrong with it is told when its turn comes.
        if let Ok(sheet) = Sheet::open((table.open)()?, &Form::default()) {
            let _wrong = concepts::used(sheet, &mut used);
        }
    }
    let sheet = Sheet::open((vocabulary.open)()?, &Form::default())?;
    Concepts::read(sheet, &used)
}

impl Iterator for Omop<'_> {
    type Item = Result<Part, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(part) = self.waiting.pop_front() {
                return Some(Ok(part));
            }
            match self.fill() {
                Ok(true) => {}
                Ok(false) => return None,
                // The rest of this table can't be read; the others can.
                Err(error @ TableError::Parquet(_)) => {
                    let table = self.counts.last().map_or("", |count| count.table.as_str());
                    return Some(Ok(Part::refused(table, error.to_string())));
                }
                Err(TableError::TooLong { line }) => {
                    let table = self.counts.last().map_or("", |count| count.table.as_str());
                    let why = TableError::TooLong { line }.to_string();
                    return Some(Ok(Part::refused(format!("{table}:{}", line + 1), why)));
                }
                Err(error) => {
                    self.tables.clear();
                    return Some(Err(error));
                }
            }
        }
    }
}
