//! Text cut into words, numbers and marks, each with its bytes and the number of its word in the [`Vocabulary`].

use crate::misspellings::Misspellings;
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

/// A stretch of the text in bytes, always on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One after the last byte.
    pub end: usize,
}

impl Span {
    /// As a range.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The words it covers.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }

    /// Whether the two share a byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// The number of a word in the vocabulary; [`UNKNOWN`] for all others.
pub(crate) type WordId = u32;

/// A word that stands in no phrase.
pub(crate) const UNKNOWN: WordId = 0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Letters, perhaps with digits after them (`L4`).
    Word,
    /// Digits with at most one decimal mark.
    Number,
    /// One other character.
    Mark(char),
}

/// One word, number or mark.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub start: usize,
    pub end: usize,
    pub shape: Shape,
    pub word: WordId,
    /// Line ends before it: 0 on the same line, 1 on the next, 2 after an empty line.
    pub lines: u8,
    /// Whether white space stands before it.
    pub spaced: bool,
    /// Its first letter is a capital.
    pub capital: bool,
}

impl Token {
    pub(crate) fn span(&self) -> Span {
        Span { start: self.start, end: self.end }
    }

    pub(crate) fn is(&self, mark: char) -> bool {
        self.shape == Shape::Mark(mark)
    }

    pub(crate) fn is_word(&self) -> bool {
        self.shape == Shape::Word
    }
}

/// Acronyms of three letters or more that are words in small letters too.
const WORDS: [&str; 9] = ["pad", "lad", "aids", "add", "cat", "pet", "spect", "echo", "tee"];

/// All words that stand in any phrase of the lexicon, in small letters.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    ids: FxHashMap<Box<str>, WordId>,
    /// Words that only mean something in capitals (`PE`, `US`), by number.
    acronyms: FxHashSet<WordId>,
    misspellings: Misspellings,
}

impl Vocabulary {
    /// The number of a word, a new one if it has none.
    pub(crate) fn learn(&mut self, word: &str) -> WordId {
        let next = self.ids.len() as WordId + 1;
        *self.ids.entry(word.into()).or_insert(next)
    }

    pub(crate) fn id(&self, word: &str) -> WordId {
        self.ids.get(word).copied().unwrap_or(UNKNOWN)
    }

    /// All words, in no order.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.ids.keys().map(|word| &**word)
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Notes words that mean nothing in small letters.
    pub(crate) fn set_acronyms(&mut self, words: impl Iterator<Item = WordId>) {
        self.acronyms.extend(words);
    }

    /// Whether a token is an acronym's word but is written in small letters, where others are not.
    pub(crate) fn is_no_acronym(&self, text: &str, token: &Token) -> bool {
        // `dvt` is no word; `us`, `pad`, `mi` may be.
        let short = token.end - token.start < 3 || WORDS.contains(&&text[token.start..token.end]);
        !token.capital
            && short
            && self.acronyms.contains(&token.word)
            && text[token.start..token.end].bytes().all(|b| b.is_ascii_lowercase())
    }

    /// Has long words found where one letter is wrong; once all words are learnt.
    pub(crate) fn allow_misspellings(&mut self) {
        self.misspellings = Misspellings::of(self.ids.iter().map(|(word, id)| (&**word, *id)));
    }

    /// The word that was meant, if one alone is one slip away.
    fn misspelt(&self, word: &str) -> WordId {
        self.misspellings.meant(word)
    }

    /// Cuts a text.
    pub(crate) fn cut(&self, text: &str) -> Vec<Token> {
        let mut cutter =
            Cutter { text, at: 0, tokens: Vec::with_capacity(text.len() / 5 + 4), small: String::new() };
        cutter.run(self);
        cutter.tokens
    }

    /// The numbers of the words of a phrase, new ones where it has to be; marks inside a phrase count for nothing.
    pub(crate) fn learn_phrase(&mut self, phrase: &str) -> Vec<WordId> {
        let tokens = self.cut(phrase);
        let kept = tokens.iter().filter(|token| !matches!(token.shape, Shape::Mark(mark) if !speaks(mark)));
        kept.map(|token| self.learn(&small(&phrase[token.start..token.end]))).collect()
    }
}

/// Marks that are words of phrases (`;`, `+`); hyphens, slashes and full stops are passed over.
pub(crate) fn speaks(mark: char) -> bool {
    matches!(mark, ';' | '+' | '?' | '%' | '<' | '>' | '=' | ':' | '&')
}

/// Small letters, a straight apostrophe, no possessive.
fn small(word: &str) -> String {
    word.chars().flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }).collect()
}

struct Cutter<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    small: String,
}

impl Cutter<'_> {
    fn run(&mut self, vocabulary: &Vocabulary) {
        let (mut lines, mut spaced) = (0_u8, false);
        while let Some(next) = self.peek() {
            if next.is_whitespace() {
                lines = lines.saturating_add(u8::from(next == '\n'));
                spaced = true;
                self.at += next.len_utf8();
                continue;
            }
            let start = self.at;
            let shape = self.shape(next);
            let end = self.without_possessive(start, shape);
            let word = self.id(vocabulary, start, end, shape);
            let word = match word {
                UNKNOWN if shape == Shape::Word => vocabulary.misspelt(&self.text[start..end]),
                known => known,
            };
            let capital = next.is_uppercase();
            self.tokens.push(Token {
                start,
                end: self.at,
                shape,
                word,
                lines: lines.min(2),
                spaced,
                capital,
            });
            (lines, spaced) = (0, false);
        }
    }

    fn peek(&self) -> Option<char> {
        let byte = *self.text.as_bytes().get(self.at)?;
        if byte.is_ascii() { Some(byte as char) } else { self.text[self.at..].chars().next() }
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Takes the next token and tells its shape.
    fn shape(&mut self, first: char) -> Shape {
        let decimal = first == '.' && self.byte(1).is_ascii_digit() && !self.glued_to_number();
        if first.is_ascii_digit() || decimal {
            self.take_number();
            Shape::Number
        } else if first.is_alphanumeric() {
            self.take_word();
            Shape::Word
        } else {
            self.at += first.len_utf8();
            Shape::Mark(first)
        }
    }

    /// Whether a word or number ends right here.
    fn glued_to_number(&self) -> bool {
        self.tokens.last().is_some_and(|last| last.end == self.at)
    }

    fn follows_number(&self) -> bool {
        self.tokens.last().is_some_and(|last| last.end == self.at && last.shape == Shape::Number)
    }

    fn take_number(&mut self) {
        let mut marks = 0;
        loop {
            let byte = self.byte(0);
            let mark = matches!(byte, b'.' | b',') && marks == 0 && self.byte(1).is_ascii_digit();
            if !byte.is_ascii_digit() && !mark {
                break;
            }
            marks += usize::from(mark);
            self.at += 1;
        }
    }

    fn take_word(&mut self) {
        // `11x9`: the sign between two numbers is a word of its own.
        if matches!(self.byte(0), b'x' | b'X') && self.byte(1).is_ascii_digit() && self.follows_number() {
            self.at += 1;
            return;
        }
        while let Some(next) = self.peek() {
            let inner = matches!(next, '\'' | '’') && self.letter_after(next);
            if !next.is_alphanumeric() && !inner {
                break;
            }
            self.at += next.len_utf8();
        }
    }

    fn letter_after(&self, apostrophe: char) -> bool {
        self.text[self.at + apostrophe.len_utf8()..].chars().next().is_some_and(char::is_alphabetic)
    }

    /// Where the word ends without `'s`.
    fn without_possessive(&self, start: usize, shape: Shape) -> usize {
        if shape != Shape::Word {
            return self.at;
        }
        let word = &self.text[start..self.at];
        let bare = ["'s", "’s", "'S", "’S"].iter().find_map(|end| word.strip_suffix(end));
        start + bare.map_or(word.len(), str::len)
    }

    fn id(&mut self, vocabulary: &Vocabulary, start: usize, end: usize, shape: Shape) -> WordId {
        if matches!(shape, Shape::Mark(mark) if !speaks(mark)) {
            return UNKNOWN;
        }
        self.small.clear();
        let word = &self.text[start..end];
        if word.is_ascii() {
            self.small.push_str(word);
            self.small.make_ascii_lowercase();
            return vocabulary.id(&self.small);
        }
        vocabulary.id(&small(word))
    }
}

/// The value of a number as it is written. A comma before exactly three digits parts thousands (`1,200`), any other
/// comma is a decimal mark (`1,4`).
pub(crate) fn value(number: &str) -> Option<f64> {
    match number.split_once(',') {
        Some((head, tail)) if tail.len() == 3 && head != "0" => format!("{head}{tail}").parse().ok(),
        Some((head, tail)) => format!("{head}.{tail}").parse().ok(),
        None => number.parse().ok(),
    }
}
