//! The one query engine behind QIDO-RS and C-FIND: any level, any key, every matching of PS3.4 §C.2.2.2.
//!
//! A [`Query`] is made from an identifier (C-FIND) or from parameters (QIDO-RS). Keys with a column
//! become SQL; any other key finds candidates through the terms of fact rows and is then checked on
//! the values, and where those vary, in the instances themselves. First come the ids of one page, in an
//! order an index already has, then their rows.
//!
//! Read in this order: `parse`, `columns`, `condition`, `plan`, `page`, `attribute`, `answer`.

mod answer;
mod attribute;
mod columns;
mod condition;
mod matcher;
mod page;
mod parse;
mod plan;

pub use parse::QueryError;

use crate::Catalog;
use dicom::{DataSet, Tag};

/// What a row of the answer stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A patient.
    Patient,
    /// An exam.
    Study,
    /// A series.
    Series,
    /// An instance.
    Instance,
}

/// One attribute that is asked for, and how it must match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The attribute. Of a private one only the group and the last two digits count if `creator` is
    /// given: its block may be elsewhere in each instance.
    pub tag: Tag,
    /// The private creator.
    pub creator: Option<String>,
    /// How it must match.
    pub matching: Matching,
}

/// The kinds of matching of PS3.4 §C.2.2.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matching {
    /// Anything, also nothing: the attribute is only to be returned.
    Universal,
    /// Absent or without a value.
    Empty,
    /// One of these; `*` and `?` stand for any text and any character where the VR allows it.
    Values(Vec<String>),
    /// From and to, both inclusive; an empty one leaves that side open.
    Range(String, String),
    /// A date and the time that goes with it, as one range of moments.
    Moments(Box<Moments>),
    /// An item of a sequence that matches all of these.
    Items(Vec<Key>),
}

/// From and to, both inclusive, each a date with a time; an empty one leaves that side open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moments {
    /// The attribute that has the time; the key's has the date.
    pub time: Tag,
    /// From and to.
    pub dates: (String, String),
    /// The time of day at which the first day begins and the last one ends.
    pub times: (String, String),
}

/// Which attributes the answer has, besides the keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Include {
    /// Those that PS3.18 §10.6.3 demands for the level.
    pub defaults: bool,
    /// All that are known at the level; at instance level all of its header.
    pub all: bool,
    /// These.
    pub tags: Vec<Tag>,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// What to find.
    pub level: Level,
    /// What must match.
    pub keys: Vec<Key>,
    /// At most so many rows.
    pub limit: Option<usize>,
    /// Rows to leave out at the start.
    pub offset: usize,
    /// Person names match by their words in any order: each word of the key must begin a word of the
    /// name or sound like one (Soundex).
    pub fuzzy: bool,
    /// Ranges of a date and of the time that goes with it are one range of moments (PS3.4 §C.2.2.2.5).
    pub combined_date_time: bool,
    /// What to return.
    pub include: Include,
}

/// One row of an answer. Its text is UTF-8, declared where it isn't plain ASCII.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// (0020,000D), below patient level.
    pub study: Option<String>,
    /// (0020,000E), below study level.
    pub series: Option<String>,
    /// (0008,0018), at instance level.
    pub sop: Option<String>,
    /// The attributes.
    pub data_set: DataSet,
}

/// An answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The rows of the page.
    pub rows: Vec<Row>,
    /// Whether more follow.
    pub more: bool,
}

impl Query {
    /// Everything at a level.
    #[must_use]
    pub fn all(level: Level) -> Self {
        Self {
            level,
            keys: Vec::new(),
            limit: None,
            offset: 0,
            fuzzy: false,
            combined_date_time: false,
            include: Include::default(),
        }
    }

    /// Adds a key that must have this value.
    #[must_use]
    pub fn with(mut self, tag: Tag, value: &str) -> Self {
        self.keys.push(Key { tag, creator: None, matching: parse::matching(tag, value) });
        self
    }
}

impl Catalog {
    /// Answers a question.
    ///
    /// # Errors
    /// The engine's.
    pub async fn query(&self, query: &Query) -> Result<Found, sqlx::Error> {
        let page = page::ids(self, query).await?;
        let rows = answer::rows(self, query, &page.ids).await?;
        Ok(Found { rows, more: page.more })
    }
}
