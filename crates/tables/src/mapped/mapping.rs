//! The mapping file.

use super::resource::RECORDS;
use crate::TableError;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a table's columns are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The FHIR resource type that a row becomes.
    pub record: String,
    /// Names the data set: keys of its rows mean nothing outside it. The caller's when absent.
    pub system: Option<String>,
    /// Found when absent.
    pub delimiter: Option<String>,
    /// UTF-8 when absent.
    pub charset: Option<String>,
    /// What stands before the fraction: `.` or `,`.
    #[serde(default = "point")]
    pub decimal: char,
    /// How dates are written, by `strftime`'s letters; FHIR's and ISO 8601's way when absent.
    #[serde(default)]
    pub dates: Vec<String>,
    /// Of every row that doesn't say so itself.
    pub status: Option<String>,
    /// By the header's names.
    pub columns: BTreeMap<String, Column>,
}

const fn point() -> char {
    '.'
}

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Written")]
pub struct Column {
    /// Its role.
    pub role: Role,
    /// Whose numbers or codes these are: a patient's authority, a code system.
    pub system: Option<String>,
    /// How this column writes dates, before the mapping's own ways.
    pub format: Option<String>,
    /// Other words for what stands there.
    pub values: BTreeMap<String, String>,
}

/// A role by its name alone, or with more.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Role(Role),
    Whole(Whole),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    role: Role,
    system: Option<String>,
    format: Option<String>,
    #[serde(default)]
    values: BTreeMap<String, String>,
}

impl From<Written> for Column {
    fn from(written: Written) -> Self {
        match written {
            Written::Role(role) => Self { role, system: None, format: None, values: BTreeMap::new() },
            Written::Whole(Whole { role, system, format, values }) => Self { role, system, format, values },
        }
    }
}

/// What a column may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The patient's number.
    Patient,
    /// Who issued the patient's number; before the `system` of that column.
    Authority,
    /// The row's own number.
    Key,
    /// A code of what it is about.
    Code,
    /// Its name in words.
    Display,
    /// Which code system a code is of; before the `system` of that column.
    CodeSystem,
    /// A result.
    Value,
    /// Its unit, as UCUM where it can be.
    Unit,
    /// When it was, or began.
    Date,
    /// When it ended.
    End,
    /// The accession number of an exam.
    Accession,
    /// The number of an order.
    Order,
    /// The number of a visit.
    Visit,
    /// The status, in FHIR's words (or by `values`).
    Status,
    /// A report or a note in full.
    Text,
    /// A remark.
    Note,
    /// A family name.
    Family,
    /// Given names.
    Given,
    /// A birth date.
    Birth,
    /// A gender, in FHIR's words (or by `values`).
    Gender,
    /// Nothing that is read.
    Ignored,
}

impl Mapping {
    /// Reads a mapping file (TOML).
    ///
    /// # Errors
    /// [`TableError::Mapping`], with what is wrong where.
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let made: Self = toml::from_str(text).map_err(|error| TableError::Mapping(error.to_string()))?;
        if !RECORDS.contains(&made.record.as_str()) {
            let hint = near(&made.record, RECORDS.iter().copied());
            let known = RECORDS.join(", ");
            return Err(TableError::Mapping(format!("record: `{}` is none of {known}{hint}", made.record)));
        }
        if made.column(Role::Patient).is_none() {
            return Err(TableError::Mapping("columns: none has the role `patient`".into()));
        }
        made.delimiter_byte()?;
        Ok(made)
    }

    pub(super) fn delimiter_byte(&self) -> Result<Option<u8>, TableError> {
        match self.delimiter.as_deref().map(str::as_bytes) {
            None => Ok(None),
            Some([byte]) if byte.is_ascii() => Ok(Some(*byte)),
            Some(_) => Err(TableError::Mapping("delimiter: one ASCII character is meant".into())),
        }
    }

    /// The first column with a role.
    pub(super) fn column(&self, role: Role) -> Option<(&str, &Column)> {
        self.all(role).next()
    }

    pub(super) fn all(&self, role: Role) -> impl Iterator<Item = (&str, &Column)> {
        self.columns
            .iter()
            .filter(move |(_, column)| column.role == role)
            .map(|(name, one)| (name.as_str(), one))
    }

    /// A cell is one value.
    pub(super) fn check_nested(&self, nested: &[String]) -> Result<(), TableError> {
        let named = |one: &&String| self.columns.keys().any(|name| one.eq_ignore_ascii_case(name));
        let Some(name) = nested.iter().find(named) else { return Ok(()) };
        let why = "holds lists or groups; a cell is one value, so write it as columns of its own";
        Err(TableError::Mapping(format!("the column `{name}` {why}")))
    }

    /// Compares with a table's header.
    pub(super) fn check(&self, header: &[String]) -> Result<(), TableError> {
        let has = |name: &str| header.iter().any(|one| one.eq_ignore_ascii_case(name));
        let Some(missing) = self.columns.keys().find(|name| !has(name)) else { return Ok(()) };
        let hint = near(missing, header.iter().map(String::as_str));
        Err(TableError::Mapping(format!("unknown column `{missing}`: the table has none of this name{hint}")))
    }

    /// Columns of a header that have no role.
    pub(super) fn unmapped(&self, header: &[String]) -> Vec<String> {
        let named = |one: &&String| self.columns.keys().any(|name| one.eq_ignore_ascii_case(name));
        header.iter().filter(|one| !named(one)).cloned().collect()
    }
}

/// `, did you mean …?`, when something is written nearly so.
fn near<'a>(name: &str, others: impl Iterator<Item = &'a str>) -> String {
    let wanted = name.to_ascii_lowercase();
    let closest = others.map(|one| (distance(&wanted, &one.to_ascii_lowercase()), one)).min();
    match closest {
        Some((steps, one)) if steps <= 1 + name.len() / 4 => format!("; did you mean `{one}`?"),
        _ => String::new(),
    }
}

/// How many letters must be changed, added or left out.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, one) in left.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], at + 1);
        for (column, other) in right.iter().enumerate() {
            let swap = corner + usize::from(one != *other);
            corner = row[column + 1];
            row[column + 1] = swap.min(corner + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}
