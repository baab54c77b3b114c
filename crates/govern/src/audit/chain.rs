//! The chain's rule, to be checked by anyone.
//!
//! A row's hash is the SHA-256, in hexadecimal, of the UTF-8 text of a compact JSON array:
//! `[seq,at,actor,door,action,resources,outcome,detail,previous]` where `seq` and `at`
//! (microseconds since 1970-01-01T00:00:00Z) are numbers, `resources` and `detail` are the columns'
//! texts as strings, not parsed, and `previous` is the hash of the row before; the first row's is 64 zeros.
//! Strings are escaped as RFC 8785 says. Rows are numbered from 1 without gaps.

use super::entry::Entry;
use crate::secret::digest;
use model::{Sha256Digest, Timestamp};
use serde_json::Value;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::fmt;

/// Where the chain stood at a moment: keep it elsewhere, and a later cut of the log's end shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The last row's number; 0 when there is none.
    pub seq: i64,
    /// The last row's hash; all zeros when there is none.
    pub hash: Sha256Digest,
}

impl Head {
    /// The head of an empty log.
    pub const EMPTY: Self = Self { seq: 0, hash: Sha256Digest([0; 32]) };
}

/// Written as `seq:hash`.
impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

/// The text is no head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a head is written as the row's number, a colon and 64 hexadecimal digits")]
pub struct HeadError;

impl std::str::FromStr for Head {
    type Err = HeadError;
    fn from_str(text: &str) -> Result<Self, HeadError> {
        let (seq, hash) = text.trim().split_once(':').ok_or(HeadError)?;
        let seq = seq.parse().map_err(|_| HeadError)?;
        Ok(Self { seq, hash: Sha256Digest::parse(hash).map_err(|_| HeadError)? })
    }
}

/// One row as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number, from 1.
    pub seq: i64,
    /// When it happened.
    pub at: Timestamp,
    /// Who acted.
    pub actor: String,
    /// By which door.
    pub door: String,
    /// What they did.
    pub action: String,
    /// To what: a JSON array of texts.
    pub resources: String,
    /// How it went.
    pub outcome: String,
    /// More: a JSON object.
    pub detail: String,
    /// The hash of the row before.
    pub previous: String,
    /// This row's hash.
    pub hash: String,
}

/// The columns in the order [`Row::read`] expects.
pub(crate) const COLUMNS: &str = "seq, at, actor, door, action, resources, outcome, detail, previous, hash";

impl Row {
    /// The row that follows `head`.
    pub(crate) fn after(head: Head, entry: &Entry) -> Self {
        let mut row = Self {
            seq: head.seq + 1,
            at: entry.at,
            actor: printable(&entry.actor),
            door: entry.door.into(),
            action: printable(&entry.action),
            resources: Value::from(entry.resources.clone()).to_string(),
            outcome: entry.outcome.as_str().into(),
            detail: Value::Object(entry.detail.clone()).to_string(),
            previous: head.hash.to_hex(),
            hash: String::new(),
        };
        row.hash = row.expected_hash().to_hex();
        row
    }

    /// The hash the row should have.
    #[must_use]
    pub fn expected_hash(&self) -> Sha256Digest {
        let text = Value::from(vec![
            Value::from(self.seq),
            Value::from(self.at.as_micros()),
            Value::from(self.actor.as_str()),
            Value::from(self.door.as_str()),
            Value::from(self.action.as_str()),
            Value::from(self.resources.as_str()),
            Value::from(self.outcome.as_str()),
            Value::from(self.detail.as_str()),
            Value::from(self.previous.as_str()),
        ]);
        digest(&[text.to_string().as_bytes()])
    }

    pub(crate) fn head(&self) -> Head {
        // Made by `after`, so the hash is one.
        Head { seq: self.seq, hash: self.expected_hash() }
    }

    pub(crate) fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let text = |at: usize| row.try_get::<String, _>(at);
        Ok(Self {
            seq: row.try_get(0)?,
            at: Timestamp::from_micros(row.try_get(1)?),
            actor: text(2)?,
            door: text(3)?,
            action: text(4)?,
            resources: text(5)?,
            outcome: text(6)?,
            detail: text(7)?,
            previous: text(8)?,
            hash: text(9)?,
        })
    }
}

/// PostgreSQL can't store NUL, and control characters would confuse whoever reads the log.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Principal;
    use crate::audit::Outcome;

    #[test]
    fn the_hash_can_be_made_elsewhere() {
        let who = Principal::operator("ann");
        let entry = Entry::event(&who, "sign-in", "http", Outcome::Done, Timestamp::from_micros(7));
        let row = Row::after(Head::EMPTY, &entry.with("method", "link"));
        let zeros = "0".repeat(64);
        let text = format!(
            "[1,7,\"operator:ann\",\"http\",\"sign-in\",\"[]\",\"done\",\
             \"{{\\\"method\\\":\\\"link\\\"}}\",\"{zeros}\"]"
        );
        assert_eq!(row.hash, digest(&[text.as_bytes()]).to_hex());
    }

    #[test]
    fn a_head_is_read_as_it_is_written() {
        let head = Head { seq: 12, hash: Sha256Digest([7; 32]) };
        assert_eq!(head.to_string().parse(), Ok(head));
        assert_eq!("12".parse::<Head>(), Err(HeadError));
    }
}
