//! Text to bytes.

use super::repertoire::{Half, Repertoire};
use super::{Charset, resets};
use crate::Vr;

/// `instead` stands for what can't be encoded; without it there is then no result.
pub(super) fn encode(charset: &Charset, text: &str, vr: Vr, instead: Option<u8>) -> Option<Vec<u8>> {
    if text.is_ascii() || charset.first() == Repertoire::Utf8 {
        return Some(text.as_bytes().to_vec());
    }
    if let (Repertoire::Gb18030 | Repertoire::Gbk, Some(encoding)) =
        (charset.first(), charset.first().encoding())
    {
        let (bytes, _, missing) = encoding.encode(text);
        return match instead {
            _ if !missing => Some(bytes.into_owned()),
            Some(_) => Some(text.chars().flat_map(|c| whole(encoding, c)).collect()),
            None => None,
        };
    }
    let mut encoder = Encoder::new(charset, vr);
    for character in text.chars() {
        if !encoder.push(character) {
            encoder.push(char::from(instead?));
        }
    }
    Some(encoder.finish())
}

fn whole(encoding: &'static encoding_rs::Encoding, character: char) -> Vec<u8> {
    let mut buffer = [0; 4];
    let (bytes, _, missing) = encoding.encode(character.encode_utf8(&mut buffer));
    if missing { b"?".to_vec() } else { bytes.into_owned() }
}

/// An encoder of ISO 2022 (PS3.5 §6.1.2.5): switches sets as little as the rules allow.
struct Encoder<'a> {
    charset: &'a Charset,
    vr: Vr,
    g0: Repertoire,
    g1: Option<Repertoire>,
    out: Vec<u8>,
}

impl<'a> Encoder<'a> {
    fn new(charset: &'a Charset, vr: Vr) -> Self {
        let mut encoder = Self { charset, vr, g0: Repertoire::Ascii, g1: None, out: Vec::new() };
        encoder.reset();
        encoder
    }

    fn reset(&mut self) {
        let first = self.charset.first();
        self.g0 = Repertoire::Ascii;
        self.g1 = (first.half() == Half::G1).then_some(first);
    }

    /// False if no set of the character set has the character.
    fn push(&mut self, character: char) -> bool {
        if character.is_ascii() {
            self.back_to_ascii();
            self.out.push(character as u8);
            if resets(character as u8, self.vr) {
                self.reset();
            }
            return true;
        }
        let in_force = [Some(self.g0), self.g1];
        let declared = self.charset.repertoires().iter().copied().map(Some);
        let candidates = in_force.into_iter().chain(declared).flatten();
        let found = candidates.filter_map(|r| Some((r, r.code(character)?))).next();
        let Some((repertoire, (code, size))) = found else {
            return false;
        };
        self.put_in_force(repertoire);
        self.out.extend_from_slice(&code[..size]);
        true
    }

    fn put_in_force(&mut self, repertoire: Repertoire) {
        let in_force = match repertoire.half() {
            Half::G0 => std::mem::replace(&mut self.g0, repertoire) == repertoire,
            Half::G1 => self.g1.replace(repertoire) == Some(repertoire),
        };
        if !in_force {
            self.out.extend_from_slice(repertoire.escape().unwrap_or_default());
        }
    }

    /// Where the first value is JIS X 0201, its Romaji is what G0 starts with.
    fn back_to_ascii(&mut self) {
        if std::mem::replace(&mut self.g0, Repertoire::Ascii) == Repertoire::Ascii {
            return;
        }
        let romaji = self.charset.first() == Repertoire::Katakana;
        self.out.extend_from_slice(if romaji { b"\x1b(J" } else { b"\x1b(B" });
    }

    fn finish(mut self) -> Vec<u8> {
        self.back_to_ascii();
        self.out
    }
}
