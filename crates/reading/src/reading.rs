//! What reading a report gives. Everything points back at its bytes and at the rule that made it.

mod quantities;

pub use quantities::{Category, Communication, Interval, Measurement, Prior, Quantity, Recommendation};

use crate::words::Span;
use serde::Serialize;
use std::sync::Arc;

/// A report as it was read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reading {
    /// The version of the rules in the program.
    pub engine: Arc<str>,
    /// The version of the lexicon, a site's own files included.
    pub lexicon: Arc<str>,
    /// Sections, in the order of the text; together they cover it.
    pub sections: Vec<Section>,
    /// Sentences, in the order of the text.
    pub sentences: Vec<Sentence>,
    /// Findings, in the order of the text.
    pub findings: Vec<Finding>,
    /// Measurements, in the order of the text.
    pub measurements: Vec<Measurement>,
    /// Categories, in the order of the text.
    pub categories: Vec<Category>,
    /// Recommendations, in the order of the text.
    pub recommendations: Vec<Recommendation>,
    /// Who was told, in the order of the text.
    pub communications: Vec<Communication>,
}

/// A part of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// What it is for.
    pub kind: SectionKind,
    /// From its title to the next title.
    pub span: Span,
    /// Its title as written, where it has one.
    pub title: Option<Span>,
}

/// What a section is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// The name of the exam.
    Exam,
    /// Why it was asked for.
    Indication,
    /// What the patient had before.
    History,
    /// What relatives have or had.
    FamilyHistory,
    /// How it was made.
    Technique,
    /// What it is compared with.
    Comparison,
    /// What was seen.
    Findings,
    /// What it means.
    Impression,
    /// What should be done.
    Recommendation,
    /// What was added later.
    Addendum,
    /// Who signed, and when.
    Signature,
    /// Instructions to the patient: what might happen.
    Instructions,
    /// Text under no title.
    Body,
}

impl SectionKind {
    /// Whether what stands here was seen in this exam.
    #[must_use]
    pub fn is_result(self) -> bool {
        matches!(self, Self::Findings | Self::Impression | Self::Addendum | Self::Body | Self::Recommendation)
    }
}

/// A sentence or an item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// Its bytes, without the number of a list item.
    pub span: Span,
    /// The number of its section.
    pub section: usize,
}

/// What a report says of one thing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// The key in the lexicon (`pleural_effusion`).
    pub finding: Arc<str>,
    /// Keys of what it is a kind of (`effusion`), nearest first.
    pub broader: Arc<[Arc<str>]>,
    /// Where it stands.
    pub span: Span,
    /// The number of its sentence.
    pub sentence: usize,
    /// What its section is for.
    pub section: SectionKind,
    /// Asserted, denied or doubted.
    pub assertion: Assertion,
    /// When; of several that hold the first in the order of [`Temporality`].
    pub temporality: Temporality,
    /// How it compares with before, also where it is historical.
    pub change: Option<Change>,
    /// Whose it is.
    pub experiencer: Experiencer,
    /// On which side.
    pub laterality: Option<Laterality>,
    /// Keys of places in the lexicon, in the order of the text.
    pub location: Vec<Arc<str>>,
    /// How severe.
    pub severity: Option<Severity>,
    /// How the finding was recognised: `term`, `statement`, `normal` or `asked`.
    pub rule: Rule,
    /// What decided assertion, time, experiencer, side and severity.
    pub evidence: Vec<Evidence>,
    /// The version of the lexicon.
    pub lexicon: Arc<str>,
    /// The version of the rules in the program.
    pub engine: Arc<str>,
}

/// How a finding was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// By one of its terms.
    Term,
    /// By a subject and its state (`the heart is enlarged`).
    Statement,
    /// Denied because its subject was called normal.
    Normal,
    /// The caller pointed at it.
    Asked,
}

/// A word of the text that decided something, and the rule it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Key of the rule: `absent:no`, `section:history`.
    pub rule: Arc<str>,
    /// Where the deciding words stand.
    pub span: Span,
}

/// Whether it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Assertion {
    /// Denied.
    Absent,
    /// Doubted.
    Possible,
    /// Asserted.
    Present,
}

/// When it is or was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Temporality {
    /// Only spoken of in case it should happen.
    Hypothetical,
    /// Before this episode.
    Historical,
    /// It is gone.
    Resolved,
    /// It was not there before.
    New,
    /// It is larger, smaller, better or worse than before.
    Changed,
    /// It is as before.
    Unchanged,
    /// Now, and nothing more is said.
    Current,
}

/// How it compares with before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is gone.
    Resolved,
    /// It was not there.
    New,
    /// It grew or worsened.
    Increased,
    /// It shrank or got better.
    Decreased,
    /// It changed, the report does not say how.
    Changed,
    /// It is as it was.
    Unchanged,
}

/// Whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Experiencer {
    /// The patient's.
    Patient,
    /// A relative's.
    Family,
    /// Somebody else's: a donor, a contact.
    Other,
}

/// On which side of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Laterality {
    /// Left.
    Left,
    /// Right.
    Right,
    /// Both.
    Bilateral,
    /// In the middle.
    Midline,
}

/// How severe, or how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Hardly there: minimal, trace, tiny.
    Minimal,
    /// Mild, slight, small.
    Mild,
    /// Moderate.
    Moderate,
    /// Severe, marked, large, extensive.
    Severe,
}
