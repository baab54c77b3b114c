//! Patterns of what is not known: dates, telephones, numbers, addresses, people after a cue.
//! Read in this order: `numbers`, `dates`, `places`, `people`.

mod dates;
mod numbers;
mod people;
mod places;

use super::Found;
use super::fold::fold;
use super::vocabulary;
use memchr::memmem;
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

/// The patterns, built once. `regex` needs linear time, whatever the text.
pub(crate) struct Patterns {
    all: Vec<Pattern>,
}

pub(super) struct Pattern {
    pub found: Found,
    text: String,
    /// Built when a text first needs it: some cost a millisecond.
    regex: OnceLock<Option<Regex>>,
    pub needs: Needs,
    /// Whether a text in ASCII, in small letters, may have a hit: cheaper than to build the pattern and ask it.
    pub may: fn(&str) -> bool,
    /// What a hit must be beside its shape; where in the text it is then.
    pub judge: fn(&str, &Captures<'_>) -> Option<Range<usize>>,
}

/// What a text must have for the pattern to be tried at all.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    Digits(usize),
    Byte(u8),
    Letters,
}

/// A pattern as it is written.
pub(super) type Spec =
    (Found, Needs, fn(&str) -> bool, String, fn(&str, &Captures<'_>) -> Option<Range<usize>>);

/// Nothing is known of the texts that a pattern hits.
pub(super) const fn always(_: &str) -> bool {
    true
}

/// The pattern hits nothing that is written in ASCII.
pub(super) const fn never(_: &str) -> bool {
    false
}

/// Whether one of the parts is in the text.
pub(super) fn has_one(text: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| memmem::find(text.as_bytes(), part.as_bytes()).is_some())
}

/// Whether the text has so many of these bytes.
pub(super) fn has_many(text: &str, bytes: &[u8], least: usize) -> bool {
    text.bytes().filter(|byte| bytes.contains(byte)).count() >= least
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let all = specs().into_iter().map(|(found, needs, may, text, judge)| Pattern {
        found,
        text,
        regex: OnceLock::new(),
        needs,
        may,
        judge,
    });
    Patterns { all: all.collect() }
});

fn specs() -> Vec<Spec> {
    [numbers::specs(), places::specs(), dates::specs(), people::specs()].into_iter().flatten().collect()
}

/// The whole hit, or what a cue leads to: then the cue stays.
pub(super) fn as_found(_: &str, captures: &Captures<'_>) -> Option<Range<usize>> {
    captures.get(1).or_else(|| captures.get(0)).map(|hit| hit.range())
}

/// Whether a word is one that names nobody.
pub(super) fn is_word(word: &str) -> bool {
    vocabulary::is_word(&fold(word))
}

pub(super) fn is_imaging_term(word: &str) -> bool {
    vocabulary::is_imaging_term(&fold(word))
}

impl Patterns {
    pub(crate) fn get() -> &'static Self {
        &PATTERNS
    }

    /// What is found, and where; dates only if they are to go, ages only above the cap.
    pub(crate) fn find(&self, text: &str, dates: bool, age_cap: u16) -> Vec<(Range<usize>, Found)> {
        // An underscore separates words for people, but not for patterns.
        let text: Cow<'_, str> = if text.contains('_') { text.replace('_', " ").into() } else { text.into() };
        let seen = Seen::of(&text);
        let mut found = Vec::new();
        for pattern in self.all.iter().filter(|pattern| seen.may_have(pattern)) {
            if pattern.found == Found::Date && !dates {
                continue;
            }
            // The patterns are constants; a test builds them all.
            let Some(regex) = pattern.regex.get_or_init(|| Regex::new(&pattern.text).ok()) else { continue };
            let hits = regex.captures_iter(&text);
            found.extend(hits.filter_map(|hit| Some(((pattern.judge)(&text, &hit)?, pattern.found))));
        }
        if seen.digits > 1
            && age_cap > 0
            && seen.small.as_ref().is_none_or(|text| dates::may_be_age(text, age_cap))
        {
            found.extend(dates::ages(&text, age_cap));
        }
        found
    }
}

/// What a text has, looked at once.
struct Seen<'a> {
    text: &'a str,
    digits: usize,
    /// In small letters, if it is ASCII.
    small: Option<String>,
}

impl<'a> Seen<'a> {
    fn of(text: &'a str) -> Self {
        let small = text.is_ascii().then(|| text.to_ascii_lowercase());
        Self { text, digits: text.bytes().filter(u8::is_ascii_digit).count(), small }
    }

    fn may_have(&self, pattern: &Pattern) -> bool {
        self.has(pattern.needs) && self.small.as_ref().is_none_or(|text| (pattern.may)(text))
    }

    fn has(&self, needs: Needs) -> bool {
        match needs {
            Needs::Digits(least) => self.digits >= least,
            Needs::Byte(byte) => self.text.as_bytes().contains(&byte),
            Needs::Letters => self.text.len() > 4,
        }
    }
}

#[cfg(test)]
mod tests;
