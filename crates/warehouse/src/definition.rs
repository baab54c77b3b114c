//! A cohort definition: what a person asks, as JSON that can be kept, sent, compared and asked again in ten years.
//!
//! A definition is a tree of *criteria* joined by all, any and not. A criterion names a table of facts, tests of
//! its columns, which of the rows that fit is meant (each, the first, the last, the nth), how many there must be,
//! and what must be so around it: of the same exam, or so many days before or after.

mod controls;
mod words;

use crate::schema::{self, Table, Type};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use utoipa::ToSchema;

pub use controls::{Alike, Controls, On};

/// The version of the language that this program writes.
pub const LANGUAGE: u32 = 1;
/// Criteria of one definition.
const MOST: usize = 64;
/// Criteria within each other.
const DEEPEST: usize = 12;
/// Values of one test.
const MOST_VALUES: usize = 5_000;

/// A question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Definition {
    /// The version of the language: 1.
    pub language: u32,
    /// Which patients.
    #[schema(no_recursion)]
    pub patients: Condition,
    /// The label of the criteria whose exams are meant; none: those of every exam that is asked for, or all exams
    /// of the patients where none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exams: Option<String>,
    /// So many of the patients, chosen by chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sample>,
    /// People to compare them with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    pub controls: Option<Controls>,
}

/// A choice by chance: the same patients every time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sample {
    /// How many patients.
    pub patients: u32,
    /// Another number gives another choice.
    #[serde(default)]
    pub seed: u32,
}

/// What must hold of a patient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(no_recursion)]
pub enum Condition {
    /// All of these; of none: everybody.
    All(Vec<Condition>),
    /// At least one of these.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// The patient has this.
    Has(Box<Criterion>),
}

/// Something the patient has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(no_recursion)]
pub struct Criterion {
    /// The table of facts: `patient`, `exam`, `series`, `condition` …
    pub of: String,
    /// A name to point at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Tests that a row passes, all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<Test>,
    /// Which of a patient's rows that pass the tests, and what is asked of the same exam, is meant; none: each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pick: Option<Pick>,
    /// How many there must be at least; none: one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u32>,
    /// What must be so around it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub around: Vec<Around>,
}

/// Which of a patient's rows, by day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Pick {
    /// The first.
    First,
    /// The last.
    Last,
    /// The nth; 1 is the first.
    Nth(u32),
}

/// A test of a column. What is given must all hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Test {
    /// The column; of `series` also `attributes.` and a DICOM keyword or `ggggeeee`.
    pub field: String,
    /// It is one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub any_of: Vec<String>,
    /// It begins with one of these: a code and what is below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starts_with: Vec<String>,
    /// It has this in it, in capitals or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// Of words of a report: it says one of these, words or phrases of the lexicon; `nodul*`: a beginning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub says: Vec<String>,
    /// Beside `says`: or it speaks of one of these findings of the lexicon in whatever words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub or_findings: Vec<String>,
    /// At least; of a day an ISO date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Bound>,
    /// At most; of a day an ISO date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Bound>,
    /// Whether it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<bool>,
    /// The other way round; what is not known passes then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not: bool,
}

/// An end of a range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Bound {
    /// A number.
    Number(f64),
    /// An ISO date.
    Date(String),
}

/// What must be so around a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(no_recursion)]
pub struct Around {
    /// How near.
    pub near: Near,
    /// What is there.
    pub has: Box<Criterion>,
    /// It is not there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub absent: bool,
    /// And none of this on the days between the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without: Option<Box<Criterion>>,
}

/// How near two rows of a patient are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Near {
    /// Of the same exam.
    SameExam,
    /// So many days later, both ends counted; negative: earlier. A missing end is open.
    Days {
        /// From.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<i32>,
        /// To.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<i32>,
    },
    /// At any time.
    AnyTime,
}

/// What is wrong with a definition: where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}")]
pub struct Wrong {
    /// Where in it: `patients.all[1].has.tests[0]`.
    pub place: String,
    /// What, and what to do.
    pub what: String,
}

impl Definition {
    /// Everybody.
    #[must_use]
    pub fn everybody() -> Self {
        Self {
            language: LANGUAGE,
            patients: Condition::All(Vec::new()),
            exams: None,
            sample: None,
            controls: None,
        }
    }

    /// SHA-256 of what it says, in hexadecimal digits: two that say the same in the same words are one.
    #[must_use]
    pub fn digest(&self) -> String {
        let said = serde_json::to_vec(self).unwrap_or_default();
        Sha256::digest(&said).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Who may be a control, where there are controls.
    #[must_use]
    pub fn pool(&self) -> Option<Self> {
        self.controls.as_ref().map(|controls| controls.pool(self))
    }

    /// Looks for mistakes before anything is asked.
    ///
    /// # Errors
    /// The first one.
    pub fn check(&self) -> Result<(), Wrong> {
        let mut check = Check::default();
        if self.language != LANGUAGE {
            let what = format!("this program speaks version {LANGUAGE} of the language");
            return Err(Wrong { place: "language".into(), what });
        }
        check.condition(&self.patients, "patients", 0)?;
        self.controls.as_ref().map_or(Ok(()), Controls::check)?;
        match &self.exams {
            Some(label) if !check.labels.contains(label.as_str()) => {
                let what = format!("no criterion of exams is labelled {label:?}");
                Err(Wrong { place: "exams".into(), what })
            }
            _ => Ok(()),
        }
    }
}

#[derive(Default)]
struct Check<'a> {
    labels: BTreeSet<&'a str>,
    count: usize,
}

impl<'a> Check<'a> {
    fn condition(&mut self, condition: &'a Condition, place: &str, depth: usize) -> Result<(), Wrong> {
        if depth > DEEPEST {
            return wrong(place, format!("conditions lie more than {DEEPEST} deep: make it flatter"));
        }
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                let word = if matches!(condition, Condition::All(_)) { "all" } else { "any" };
                parts.iter().enumerate().try_for_each(|(n, part)| {
                    self.condition(part, &format!("{place}.{word}[{n}]"), depth + 1)
                })
            }
            Condition::Not(part) => self.condition(part, &format!("{place}.not"), depth + 1),
            Condition::Has(criterion) => self.criterion(criterion, &format!("{place}.has"), depth + 1),
        }
    }

    fn criterion(&mut self, criterion: &'a Criterion, place: &str, depth: usize) -> Result<(), Wrong> {
        self.count += 1;
        if self.count > MOST || depth > DEEPEST {
            return wrong(place, format!("at most {MOST} criteria, {DEEPEST} deep: ask in two steps"));
        }
        let Some(table) = schema::table(&criterion.of) else {
            let names: Vec<_> = schema::TABLES.iter().map(|table| table.name).collect();
            return wrong(
                place,
                format!("there is no table {:?}; there are {}", criterion.of, names.join(", ")),
            );
        };
        if let Some(label) = &criterion.label
            && table.is_of_exams()
        {
            self.labels.insert(label);
        }
        if !table.is_of_events() && (criterion.pick.is_some() || !criterion.around.is_empty()) {
            return wrong(
                place,
                format!("rows of {} have no day: nothing is first, or near them", table.name),
            );
        }
        if criterion.pick == Some(Pick::Nth(0)) || criterion.at_least == Some(0) {
            return wrong(place, "count from 1; to ask for none, use `not` or `absent`".into());
        }
        for (n, test) in criterion.tests.iter().enumerate() {
            test.check(table, &format!("{place}.tests[{n}]"))?;
        }
        for (n, around) in criterion.around.iter().enumerate() {
            self.around(table, around, &format!("{place}.around[{n}]"), depth + 1)?;
        }
        Ok(())
    }

    fn around(&mut self, table: &Table, around: &'a Around, place: &str, depth: usize) -> Result<(), Wrong> {
        self.criterion(&around.has, &format!("{place}.has"), depth)?;
        let other = schema::table(&around.has.of);
        if !other.is_some_and(Table::is_of_events) {
            return wrong(
                place,
                format!("rows of {} have no day: ask for them beside, not around", around.has.of),
            );
        }
        let exams = table.is_of_exams() && other.is_some_and(Table::is_of_exams);
        match around.near {
            Near::SameExam if !exams => {
                wrong(place, format!("{} or {} has no exam", table.name, around.has.of))
            }
            Near::Days { from: Some(from), to: Some(to) } if from > to => {
                wrong(place, format!("{from} days is after {to} days: exchange them"))
            }
            _ => match &around.without {
                Some(_) if around.absent || around.near == Near::SameExam => {
                    wrong(place, "`without` speaks of the days between two events that are there".into())
                }
                Some(without) => self.criterion(without, &format!("{place}.without"), depth),
                None => Ok(()),
            },
        }
    }
}

impl Test {
    fn check(&self, table: &Table, place: &str) -> Result<(), Wrong> {
        let attribute =
            self.field.strip_prefix("attributes.").filter(|_| table.column("attributes").is_some());
        let of = match (attribute, table.column(&self.field)) {
            (Some(name), _) if !is_keyword(name) => {
                return wrong(place, "name an attribute by its keyword, or by group and element".into());
            }
            (Some(_), _) => Type::Text,
            (None, Some(column)) if column.of != Type::Map => column.of,
            _ => {
                let names: Vec<_> = table.columns.iter().map(|column| column.name).collect();
                let what =
                    format!("{} has no column {:?}; it has {}", table.name, self.field, names.join(", "));
                return wrong(place, what);
            }
        };
        if self.any_of.len() + self.starts_with.len() > MOST_VALUES {
            return wrong(place, format!("at most {MOST_VALUES} values"));
        }
        if of == Type::Words || !self.says.is_empty() || !self.or_findings.is_empty() {
            return words::check(self, of, place);
        }
        let says = !self.any_of.is_empty() || !self.starts_with.is_empty() || self.contains.is_some();
        let ranges = self.min.is_some() || self.max.is_some();
        if !says && !ranges && self.known.is_none() {
            return wrong(
                place,
                "it tests nothing: give anyOf, startsWith, contains, min, max or known".into(),
            );
        }
        let text = matches!(of, Type::Text | Type::List);
        if !text && (!self.starts_with.is_empty() || self.contains.is_some()) {
            return wrong(place, format!("{} is no text: use anyOf, min or max", self.field));
        }
        for bound in self.min.iter().chain(&self.max) {
            bound.check(of, place, attribute.is_some())?;
        }
        if !text && self.any_of.iter().any(|value| value.parse::<f64>().is_err()) {
            return wrong(place, format!("{} is a number, and so must its values be", self.field));
        }
        Ok(())
    }
}

impl Bound {
    fn check(&self, of: Type, place: &str, attribute: bool) -> Result<(), Wrong> {
        let fits = match (self, of) {
            (Self::Number(value), Type::Text) => attribute && value.is_finite(),
            (Self::Number(value), Type::Id | Type::Int | Type::Number) => value.is_finite(),
            (Self::Date(day), Type::Int | Type::Date | Type::Moment) => {
                day.parse::<jiff::civil::Date>().is_ok()
            }
            _ => false,
        };
        if fits {
            Ok(())
        } else {
            wrong(place, "a bound is a number, or of days a date like 2026-01-31".into())
        }
    }
}

/// Letters and digits, and what names a private attribute.
fn is_keyword(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_.{} -".contains(c);
    !name.is_empty() && name.len() <= 200 && name.chars().all(fits)
}

fn wrong<T>(place: &str, what: String) -> Result<T, Wrong> {
    Err(Wrong { place: place.into(), what })
}
