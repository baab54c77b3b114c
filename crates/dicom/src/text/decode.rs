//! Bytes to text.

use super::repertoire::{Half, Repertoire};
use super::{Charset, resets};
use crate::Vr;
use encoding_rs::WINDOWS_1252;
use memchr::memchr;
use std::borrow::Cow;

pub(super) fn decode<'a>(charset: &Charset, bytes: &'a [u8], vr: Vr) -> Cow<'a, str> {
    // Whatever is declared, ASCII without escapes means itself.
    let ascii = Some(bytes).filter(|bytes| bytes.is_ascii() && memchr(0x1B, bytes).is_none());
    if let Some(text) = ascii.and_then(|ascii| std::str::from_utf8(ascii).ok()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(match charset.first() {
        Repertoire::Utf8 => utf_8(bytes),
        Repertoire::Gb18030 | Repertoire::Gbk => chinese(bytes),
        Repertoire::Ascii if !charset.extended && memchr(0x1B, bytes).is_none() => undeclared(bytes),
        _ => Decoder::new(charset, vr).decode(bytes),
    })
}

/// UTF-8 as declared; where not one character bears that out, Latin-1.
fn utf_8(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let proven = text.chars().any(|c| !c.is_ascii() && c != char::REPLACEMENT_CHARACTER);
    if proven { text.into_owned() } else { undeclared(bytes) }
}

/// GBK is a part of GB 18030.
fn chinese(bytes: &[u8]) -> String {
    encoding_rs::GB18030.decode_without_bom_handling(bytes).0.into_owned()
}

fn undeclared(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// A decoder of ISO 2022 (PS3.5 §6.1.2.5).
struct Decoder {
    vr: Vr,
    /// What the first value of Specific Character Set puts in force.
    initial: (Repertoire, Option<Repertoire>),
    /// For bytes of a G1 nobody put in force: the only set that could be meant.
    fallback: Repertoire,
    g0: Repertoire,
    g1: Option<Repertoire>,
}

impl Decoder {
    fn new(charset: &Charset, vr: Vr) -> Self {
        let first = charset.first();
        let initial = match first.half() {
            Half::G0 => (Repertoire::Ascii, None),
            Half::G1 => (Repertoire::Ascii, Some(first)),
        };
        let others = charset.repertoires().iter().skip(1).copied();
        let fallback = others.into_iter().find(|term| term.half() == Half::G1).unwrap_or(Repertoire::Latin1);
        Self { vr, initial, fallback, g0: initial.0, g1: initial.1 }
    }

    fn decode(&mut self, mut bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len() * 2);
        while let Some(&first) = bytes.first() {
            let used = match first {
                0x1B => self.escape(bytes),
                0x80.. => self.high(bytes, &mut text),
                0x21..=0x7E if self.g0.is_double() => self.low_pair(bytes, &mut text),
                _ => self.ascii(first, &mut text),
            };
            bytes = &bytes[used..];
        }
        text
    }

    /// A sequence nobody knows is left out up to its escape character.
    fn escape(&mut self, bytes: &[u8]) -> usize {
        let Some((length, half, repertoire)) = Repertoire::escaped(bytes) else {
            return 1;
        };
        match half {
            // Romaji is ASCII but for two signs, which DICOM uses as ASCII has them.
            Half::G0 if repertoire == Repertoire::Katakana => self.g0 = Repertoire::Ascii,
            Half::G0 => self.g0 = repertoire,
            Half::G1 => self.g1 = Some(repertoire),
        }
        length
    }

    fn ascii(&mut self, byte: u8, text: &mut String) -> usize {
        text.push(char::from(byte));
        if resets(byte, self.vr) {
            (self.g0, self.g1) = self.initial;
        }
        1
    }

    fn low_pair(&self, bytes: &[u8], text: &mut String) -> usize {
        let pair = bytes.get(..2).and_then(|pair| self.g0.character(pair));
        text.push(pair.unwrap_or(char::REPLACEMENT_CHARACTER));
        bytes.len().min(2)
    }

    fn high(&self, bytes: &[u8], text: &mut String) -> usize {
        let repertoire = self.g1.unwrap_or(self.fallback);
        let size = if repertoire.is_double() { 2 } else { 1 };
        match bytes.get(..size).and_then(|code| repertoire.character(code)) {
            Some(character) => {
                text.push(character);
                size
            }
            None => {
                text.push(char::REPLACEMENT_CHARACTER);
                1
            }
        }
    }
}
