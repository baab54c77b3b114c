//! Mapping tables: which code of one system means which of another. Data that a site brings.

use crate::When;

/// A code in its system.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code {
    /// The system as records name it: a URI, or a source's own name. Empty: whatever system it is told in.
    pub system: String,
    /// The code as it is written.
    pub code: String,
}

/// One line of a mapping table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// What is received.
    pub source: Code,
    /// What it means.
    pub target: Code,
    /// The target's words.
    pub display: String,
    /// The first day it holds; always, when none.
    pub from: Option<When>,
    /// The last day it holds.
    pub to: Option<When>,
}

/// What became of a line, entry or relationship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MapPart {
    /// It maps a code.
    Mapped(Mapped),
    /// It does not, and why; `place` holds no value of it.
    Left(crate::Left),
}
