//! `reading` — what a radiology report says: sections, sentences, findings with their context, measurements,
//! categories, recommendations, and who was told.
//!
//! Takes text and a [`Lexicon`], gives a [`Reading`] whose every part points back at its bytes, at the rule that made
//! it, and at the versions of the lexicon and of these rules. It reads no files, knows no patients and learns nothing:
//! the same text with the same lexicon is always read the same. Rules are data (`data/`), a site adds its own.
//!
//! Read in this order: `reading`, `words`, `misspellings`, `phrases`, `lexicon`, `sentences`, `sections`, `context`, `surroundings`,
//! `findings`, `measures`, `growth`, `categories`, `recommendations`, `reader`, `summary`, [`opinion`].

mod categories;
mod communications;
mod context;
mod findings;
mod growth;
mod lexicon;
mod measures;
mod misspellings;
pub mod opinion;
mod phrases;
mod reader;
mod reading;
mod recommendations;
mod sections;
mod sentences;
mod summary;
mod surroundings;
mod words;

pub use lexicon::{Lexicon, LexiconError, Source};
pub use reader::{ENGINE, Reader};
pub use reading::{
    Assertion, Category, Change, Communication, Evidence, Experiencer, Finding, Interval, Laterality,
    Measurement, Prior, Quantity, Reading, Recommendation, Rule, Section, SectionKind, Sentence, Severity,
    Temporality,
};
pub use summary::{Conclusion, Summary, millimetres};
pub use words::Span;
