//! The words of the lexicon, and what is left of a text when all others are taken out: names, numbers and places are
//! none of them.

use crate::search::words;
use reading::Lexicon;
use std::collections::BTreeSet;
use std::ops::Bound;

/// What stands for words that are none of the vocabulary's.
const GAP: &str = "_";

/// The words of a lexicon, folded as reports are searched.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    words: BTreeSet<String>,
}

/// Words that follow each other in a text; the last may be a beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Folded.
    pub words: Vec<String>,
    /// Whether the last is a beginning.
    pub begins: bool,
}

impl Phrase {
    /// Takes a phrase apart: `ground glass`, `nodul*`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self { words: words(text), begins: text.trim_end().ends_with('*') }
    }
}

impl Vocabulary {
    /// The words of a lexicon. Numbers are left out: they may be days, ages or those of people.
    #[must_use]
    pub fn of(lexicon: &Lexicon) -> Self {
        let all = lexicon.words().flat_map(words).filter(|word| word.chars().any(char::is_alphabetic));
        Self { words: all.collect() }
    }

    /// Whether it has a word, folded.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Words that begin so, folded, by the alphabet.
    pub fn beginning<'a>(&'a self, with: &'a str) -> impl Iterator<Item = &'a str> {
        let from = self.words.range::<str, _>((Bound::Included(with), Bound::Unbounded));
        from.map(String::as_str).take_while(move |word| word.starts_with(with))
    }

    /// The first word of a phrase that it has not, counted from 0.
    #[must_use]
    pub fn unknown(&self, phrase: &Phrase) -> Option<usize> {
        let last = phrase.words.len().saturating_sub(1);
        let known = |at: usize, word: &str| {
            if phrase.begins && at == last { self.beginning(word).next().is_some() } else { self.has(word) }
        };
        phrase.words.iter().enumerate().position(|(at, word)| !known(at, word))
    }

    /// Its words of a text, in order and with blanks around each, one `_` for what lies between them:
    /// ` nodule in _ left upper lobe _ `. Nothing of a text without any.
    #[must_use]
    pub fn only(&self, text: &str) -> Option<String> {
        let mut told = String::from(" ");
        let (mut any, mut gap) = (false, false);
        for word in words(text) {
            let known = self.has(&word);
            if !known && gap {
                continue;
            }
            told.push_str(if known { &word } else { GAP });
            told.push(' ');
            any |= known;
            gap = !known;
        }
        any.then_some(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        Vocabulary::of(&Lexicon::builtin().expect("a lexicon"))
    }

    #[test]
    fn names_and_numbers_are_taken_out_and_a_phrase_stays_one() {
        let told = vocabulary()
            .only("Mr. Featherstonehaugh, MRN 4711007, 12.03.2021: Ground-glass opacity.")
            .expect("words");
        assert!(told.ends_with(" _ ground glass opacity "), "{told}");
        for gone in ["featherstonehaugh", "4711007", "2021"] {
            assert!(!told.contains(gone), "{told}");
        }
    }

    #[test]
    fn a_text_without_any_of_its_words_says_nothing() {
        assert_eq!(vocabulary().only("Featherstonehaugh 4711007"), None);
        assert_eq!(Vocabulary::default().only("a nodule"), None);
    }

    #[test]
    fn an_unknown_word_of_a_phrase_is_found_and_a_beginning_is_known() {
        let unknown = |text| vocabulary().unknown(&Phrase::of(text));
        assert_eq!(unknown("ground glass"), None);
        assert_eq!(unknown("Nodul*"), None);
        assert_eq!(unknown("nodul"), Some(0));
        assert_eq!(unknown("nodule Featherstonehaugh"), Some(1));
        assert_eq!(unknown("Feathersto*"), Some(0));
    }
}
