//! The words: findings, places, cues of the context, titles, units, categories. Data, checked and compiled.
//!
//! [`Lexicon::builtin`] is what comes with the program; [`Lexicon::with`] adds a site's own files.

mod check;
mod compile;
mod files;
mod forms;
mod tables;

pub use check::LexiconError;
pub(crate) use tables::{Compiled, CueEntry, CueKind, Direction, FindingEntry, System};

use crate::phrases::Phrases;
use crate::words::Vocabulary;
use std::sync::Arc;

/// A file of a lexicon: its name, for errors, and its text (TOML).
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The name, as errors will tell it.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
}

/// A compiled lexicon.
#[derive(Debug)]
pub struct Lexicon {
    pub(crate) version: Arc<str>,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) phrases: Phrases,
    pub(crate) data: Compiled,
}

macro_rules! builtin {
    ($($name:literal),* $(,)?) => {
        &[$(Source { name: $name, text: include_str!(concat!("../data/", $name)) }),*]
    };
}

/// What comes with the program.
const BUILTIN: &[Source<'static>] = builtin![
    "context.toml",
    "sections.toml",
    "places.toml",
    "words.toml",
    "exams.toml",
    "units.toml",
    "categories.toml",
    "findings/general.toml",
    "findings/chest.toml",
    "findings/abdomen.toml",
    "findings/neuro.toml",
    "findings/breast.toml",
    "findings/prostate.toml",
    "findings/spine.toml",
    "findings/musculoskeletal.toml",
    "findings/vascular.toml",
];

impl Lexicon {
    /// The lexicon that comes with the program.
    ///
    /// # Errors
    /// [`LexiconError`] if its own data is wrong, which a test excludes.
    pub fn builtin() -> Result<Self, LexiconError> {
        Self::with(&[])
    }

    /// The lexicon that comes with the program and a site's own files, later ones adding to earlier ones: a finding
    /// or place that is there already gets the new terms besides.
    ///
    /// # Errors
    /// [`LexiconError`] naming the file, the entry and what to do.
    pub fn with(own: &[Source<'_>]) -> Result<Self, LexiconError> {
        let all: Vec<Source<'_>> = BUILTIN.iter().copied().chain(own.iter().copied()).collect();
        let file = files::read(&all)?;
        check::check(&file)?;
        Ok(compile::compile(&file, version(own)))
    }

    /// The version: that of the built-in data and, with own files, a mark of their content.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// All words that stand in any phrase, in small letters and in no order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.vocabulary.words()
    }

    /// The keys of all findings.
    pub fn findings(&self) -> impl Iterator<Item = &str> {
        self.data.findings.iter().map(|finding| &*finding.key)
    }
}

/// The version of the data that comes with the program.
const VERSION: &str = env!("CARGO_PKG_VERSION");

fn version(own: &[Source<'_>]) -> Arc<str> {
    if own.is_empty() {
        return VERSION.into();
    }
    format!("{VERSION}+{:08x}", mark(own)).into()
}

/// FNV-1a over names and texts: the same files always have the same mark, on every machine.
fn mark(own: &[Source<'_>]) -> u32 {
    let bytes = own.iter().flat_map(|source| source.name.bytes().chain([0]).chain(source.text.bytes()));
    bytes.fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
