//! Checks the chain row by row and says where it is broken.

use super::chain::{Head, Row};
use super::writer::Audit;
use std::fmt;

/// What is wrong, and with which row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The row's content doesn't give its hash.
    Edited(i64),
    /// Rows are missing: the first and the last of them.
    Missing(i64, i64),
    /// The row doesn't name the hash of the row before it: either was replaced or moved.
    Unlinked(i64),
    /// Rows after this one were written before and are gone.
    CutAfter(i64),
    /// The row is not the one a recorded head names: the chain was made anew.
    Remade(i64),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edited(seq) => write!(f, "row {seq} was edited: its content doesn't give its hash"),
            Self::Missing(one, last) if one == last => write!(f, "row {one} was deleted"),
            Self::Missing(first, last) => write!(f, "rows {first} to {last} were deleted"),
            Self::Unlinked(seq) => {
                write!(f, "row {seq} doesn't follow the row before it: one of them was replaced or moved")
            }
            Self::CutAfter(seq) => write!(f, "rows after row {seq} were deleted"),
            Self::Remade(seq) => write!(f, "row {seq} is not the one that was recorded: the log was remade"),
        }
    }
}

/// The outcome of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Rows that were read.
    pub rows: u64,
    /// Where the chain stands; keep it elsewhere for the next check.
    pub head: Head,
    /// What is wrong, in order; nothing when the log is whole.
    pub faults: Vec<Fault>,
}

/// Rows read at once.
const PAGE: i64 = 2000;

impl Audit {
    /// Reads the whole log and checks it, also against heads that were recorded before.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn verify(&self, recorded: &[Head]) -> Result<Verdict, sqlx::Error> {
        let claimed = self.head().await?;
        let mut check = Check { recorded, last: Head::EMPTY, rows: 0, faults: Vec::new() };
        loop {
            // Rows that are appended while we read are left for the next time.
            let page = self.rows_after(check.last.seq, PAGE).await?;
            let rows = page.iter().take_while(|row| row.seq <= claimed.seq);
            let before = check.rows;
            rows.for_each(|row| check.row(row));
            if check.rows == before {
                break;
            }
        }
        check.end(claimed);
        Ok(Verdict { rows: check.rows, head: check.last, faults: check.faults })
    }
}

struct Check<'a> {
    recorded: &'a [Head],
    last: Head,
    rows: u64,
    faults: Vec<Fault>,
}

impl Check<'_> {
    fn row(&mut self, row: &Row) {
        let expected = row.expected_hash();
        if row.seq > self.last.seq + 1 {
            self.faults.push(Fault::Missing(self.last.seq + 1, row.seq - 1));
        } else if row.previous != self.last.hash.to_hex() {
            self.faults.push(Fault::Unlinked(row.seq));
        }
        if row.hash != expected.to_hex() {
            self.faults.push(Fault::Edited(row.seq));
        }
        // Go on from the hash the row claims: one edit is then one fault, not one for every later row.
        let hash = model::Sha256Digest::parse(&row.hash).unwrap_or(expected);
        if self.recorded.iter().any(|head| head.seq == row.seq && head.hash != hash) {
            self.faults.push(Fault::Remade(row.seq));
        }
        self.last = Head { seq: row.seq, hash };
        self.rows += 1;
    }

    fn end(&mut self, claimed: Head) {
        let furthest = self.recorded.iter().map(|head| head.seq).max().unwrap_or(0).max(claimed.seq);
        if self.last.seq < furthest {
            self.faults.push(Fault::CutAfter(self.last.seq));
        } else if self.last.seq == claimed.seq && self.last.hash != claimed.hash {
            self.faults.push(Fault::Remade(self.last.seq));
        }
    }
}
