//! Where sentences begin: after full stops that are none of abbreviations, at items of lists, at titles, and where a
//! line ends early. Lines that were only wrapped are joined.

use crate::phrases::{Match, Meaning, Word};
use crate::words::{Shape, Token};

/// What sentences are found in.
pub(crate) struct Lines<'a> {
    pub text: &'a str,
    pub tokens: &'a [Token],
    /// Bits of [`Word`] groups by token.
    pub flags: &'a [u64],
    /// The longest line, in bytes: where the writer's program wraps.
    width: usize,
    /// No capitals at all: small letters at the start of a line say nothing.
    all_small: bool,
    /// No line ends with a full stop: each is a sentence, unless it plainly goes on.
    unpunctuated: bool,
}

/// Bits of the word groups each token begins or continues.
pub(crate) fn flags(tokens: &[Token], matches: &[Match]) -> Vec<u64> {
    let mut flags = vec![0; tokens.len()];
    for found in matches {
        if let Meaning::Word(word) = found.meaning {
            flags[found.start..found.end].iter_mut().for_each(|bits| *bits |= 1 << word as u64);
        }
    }
    flags
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str, tokens: &'a [Token], flags: &'a [u64]) -> Self {
        let width = text.lines().map(|line| line.trim_end().len()).max().unwrap_or(0);
        let all_small = !tokens.iter().any(|token| token.capital);
        Self { text, tokens, flags, width, all_small, unpunctuated: is_unpunctuated(text) }
    }

    pub(crate) fn is(&self, at: usize, word: Word) -> bool {
        self.flags.get(at).is_some_and(|bits| bits & (1 << word as u64) != 0)
    }

    /// Whether a sentence or an item begins at this token, seen from its left.
    pub(crate) fn begins(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        match token.lines {
            _ if at == 0 => true,
            2.. => true,
            1 => self.line_begins_sentence(at),
            _ => self.ends(at - 1),
        }
    }

    fn line_begins_sentence(&self, at: usize) -> bool {
        if self.ends(at - 1) || self.bullet(at) > 0 || self.label(at).is_some() {
            return true;
        }
        let goes_on = [Word::And, Word::Or, Word::Article, Word::With, Word::Approximately, Word::Title];
        let before = &self.tokens[at - 1];
        if before.is(',') || before.is('-') || goes_on.iter().any(|word| self.is(at - 1, *word)) {
            return false;
        }
        let token = &self.tokens[at];
        let opens = token.capital || self.all_small || !token.is_word();
        opens && self.unpunctuated || (opens || self.unpunctuated) && self.line_ended_early(at)
    }

    /// Whether the first word of this line had found room on the line before.
    fn line_ended_early(&self, at: usize) -> bool {
        let before = self.tokens[at - 1].end;
        let line = before - self.text[..before].rfind('\n').map_or(0, |end| end + 1);
        let word = self.tokens[at].end - self.tokens[at].start;
        self.width < 40 || line + word + 4 < self.width
    }

    /// Whether the token is a mark that ends a sentence.
    fn ends(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        match token.shape {
            Shape::Mark('.') => self.full_stop(at),
            // `? pneumonia` asks; it does not end.
            Shape::Mark('?') if self.begins(at) || token.spaced && self.asks(at) => false,
            Shape::Mark('!' | '?') => self.tokens.get(at + 1).is_none_or(|next| next.spaced),
            _ => false,
        }
    }

    /// `consolidation ? effusion`: the mark stands before what it asks.
    fn asks(&self, at: usize) -> bool {
        self.tokens.get(at + 1).is_some_and(|next| next.is_word() && next.lines == 0)
    }

    fn full_stop(&self, at: usize) -> bool {
        let Some(next) = self.tokens.get(at + 1) else { return true };
        if !next.spaced {
            return self.forgotten_space(at, next);
        }
        if at == 0 || self.is_initial(at - 1) || self.list_number(at) || self.is(at - 1, Word::Title) {
            return false;
        }
        let opens = next.capital || self.all_small && next.lines > 0;
        opens || !(self.is(at - 1, Word::Abbreviation) || self.acronym(at))
    }

    /// `nodule.The`, but not `e.g` or `v2.1`.
    fn forgotten_space(&self, at: usize, next: &Token) -> bool {
        let before = at.checked_sub(1).map(|before| &self.tokens[before]);
        next.capital
            && next.end - next.start > 1
            && before.is_some_and(|word| word.is_word() && word.end - word.start > 1)
    }

    /// `Dr. A.`: one capital after a title or after another one.
    fn is_initial(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        if token.end - token.start != 1 || !token.capital || at == 0 {
            return false;
        }
        let before = if self.tokens[at - 1].is('.') { at.checked_sub(2) } else { Some(at - 1) };
        before.is_some_and(|before| self.is(before, Word::Title))
    }

    /// The stop after the number of a list item.
    fn list_number(&self, at: usize) -> bool {
        self.tokens[at - 1].shape == Shape::Number
            && (at == 1 || self.begins(at - 1))
            && self.bullet(at - 1) > 0
    }

    /// `p.m.`
    fn acronym(&self, at: usize) -> bool {
        let single =
            |at: usize| self.tokens[at].is_word() && self.tokens[at].end - self.tokens[at].start == 1;
        at >= 3 && single(at - 1) && self.tokens[at - 2].is('.') && single(at - 3)
    }

    /// How many tokens the mark of a list item has here: `1.`, `(a)`, `-`, `•`, and marks of rich text.
    pub(crate) fn bullet(&self, at: usize) -> usize {
        let mark = |at: usize, marks: &[char]| {
            self.tokens
                .get(at)
                .is_some_and(|token| marks.iter().any(|mark| token.is(*mark)) && token.lines == 0)
        };
        let Some(token) = self.tokens.get(at) else { return 0 };
        let spaced_after =
            |at: usize| self.tokens.get(at).is_some_and(|token| token.spaced && token.lines < 2);
        let short = token.end - token.start <= 2 && matches!(token.shape, Shape::Number);
        let letter = token.is_word() && token.end - token.start == 1;
        match token.shape {
            Shape::Mark('-' | '–' | '—' | '*' | '•' | '·' | '>' | '#' | '▪' | '●' | '◦') => 1,
            Shape::Mark('(') if mark(at + 2, &[')']) && spaced_after(at + 3) => 3,
            _ if short && mark(at + 1, &['.', ')', ':']) && spaced_after(at + 2) => 2,
            _ if letter && mark(at + 1, &[')']) && spaced_after(at + 2) => 2,
            _ => 0,
        }
    }

    /// Where the label that begins here has its colon (`Liver:`), if it does.
    pub(crate) fn label(&self, at: usize) -> Option<usize> {
        for (colon, token) in self.tokens.iter().enumerate().skip(at).take(10) {
            match token.shape {
                _ if colon > at && token.lines > 0 => return None,
                Shape::Mark(':') => return (colon > at).then_some(colon),
                Shape::Mark('.' | ',' | ';' | '?') => return None,
                Shape::Number
                    if self.tokens.get(colon + 1).is_some_and(|next| next.is(':') && !next.spaced) =>
                {
                    // `14:32` is a time.
                    let digits = self.tokens.get(colon + 2);
                    if digits.is_some_and(|next| next.shape == Shape::Number && !next.spaced) {
                        return None;
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// All letters of these tokens are capitals.
    pub(crate) fn in_capitals(&self, from: usize, to: usize) -> bool {
        let text = &self.text[self.tokens[from].start..self.tokens[to - 1].end];
        text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
    }
}

/// Dictation without marks: several lines, none of which ends with one.
fn is_unpunctuated(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let several = lines.clone().nth(2).is_some();
    several && !lines.any(|line| line.ends_with(['.', ';', ',', '!']))
}
