//! A part of a segment: a field, one of its repetitions, a component or a subcomponent.

use crate::{Message, escape::unescape};

/// A part of a segment as it is written, cut further on demand. Parts that aren't there are empty.
#[derive(Clone, Copy)]
pub struct Part<'m> {
    message: &'m Message,
    raw: &'m str,
}

/// No field is read with more repetitions than this.
const MOST_REPEATS: usize = 200;

impl<'m> Part<'m> {
    pub(crate) const fn new(message: &'m Message, raw: &'m str) -> Self {
        Self { message, raw }
    }

    /// As it is written, escapes and all.
    #[must_use]
    pub const fn raw(self) -> &'m str {
        self.raw
    }

    /// The repetitions that say something, the first 200 of them.
    pub fn repeats(self) -> impl Iterator<Item = Self> {
        let mark = self.message.delimiters().repetition;
        let parts = self.raw.split(move |c| Some(c) == mark);
        parts.filter(|part| !part.is_empty()).take(MOST_REPEATS).map(move |raw| Self { raw, ..self })
    }

    /// A component by its number, of the first repetition.
    #[must_use]
    pub fn component(self, number: usize) -> Self {
        let marks = self.message.delimiters();
        let first = self.cut(marks.repetition, 1);
        first.cut(Some(marks.component), number)
    }

    /// A subcomponent by its number, of the first component.
    #[must_use]
    pub fn subcomponent(self, number: usize) -> Self {
        self.component(1).cut(self.message.delimiters().subcomponent, number)
    }

    fn cut(self, mark: Option<char>, number: usize) -> Self {
        let raw = match mark {
            Some(mark) => self.raw.split(mark).nth(number.saturating_sub(1)).unwrap_or_default(),
            None if number == 1 => self.raw,
            None => "",
        };
        Self { raw, ..self }
    }

    /// True for `""`: the sender takes back what it said before (v2.9 §2.5.3).
    #[must_use]
    pub fn is_null(self) -> bool {
        self.raw == "\"\""
    }

    /// True when nothing is said.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.raw.trim().is_empty()
    }

    /// The text, without escapes and spaces around it; none when nothing is said, or `""`.
    #[must_use]
    pub fn text(self) -> Option<String> {
        let text = self.lines();
        let text = text.trim();
        (!text.is_empty() && !self.is_null()).then(|| text.into())
    }

    /// The text of the first subcomponent of the first component.
    #[must_use]
    pub fn first(self) -> Option<String> {
        self.subcomponent(1).text()
    }

    /// The text of all repetitions, one on a line each: how text is sent that has more lines than one (TX, FT).
    #[must_use]
    pub fn lines_of_repeats(self) -> String {
        let mark = self.message.delimiters().repetition;
        let lines = self.raw.split(|c| Some(c) == mark).map(|raw| Self { raw, ..self });
        let lines: Vec<_> =
            lines.map(|line| if line.is_null() { String::new() } else { line.lines() }).collect();
        lines.join("\n")
    }

    /// The text with its own lines and spaces, without escapes; line ends are `\n`.
    #[must_use]
    pub fn lines(self) -> String {
        let text = unescape(self.raw, self.message.delimiters(), self.message.charset());
        if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.into_owned() }
    }
}
