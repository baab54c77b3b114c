//! Sets switched within the text: ISO 2022 escape sequences, and HL7's own spelling of them (`\C2842\`, `\M2442\`,
//! v2.9 §2.7.3). Each line begins in the first set again, as the standard asks of delimiters.

use encoding_rs::{EUC_JP, EUC_KR, Encoding, ISO_2022_JP, WINDOWS_1252};
use std::borrow::Cow;

/// What the bytes up to the next switch are.
#[derive(Clone, Copy, PartialEq)]
enum Set {
    /// The first set; ASCII in its lower half.
    Base,
    /// JIS X 0208: pairs of 7-bit bytes.
    Kanji,
    /// JIS X 0212: pairs of 7-bit bytes.
    MoreKanji,
    /// The katakana of JIS X 0201 in 7 bits.
    Kana,
    /// KS X 1001 in the upper half.
    Korean,
}

/// True when there may be a switch in them.
pub(crate) fn switches(bytes: &[u8]) -> bool {
    bytes.contains(&0x1B)
        || bytes.windows(4).any(|four| matches!(four[1], b'C' | b'M') && hex(four[2]).is_some())
}

/// Text of bytes with switches; the flag says whether some had to be replaced.
pub(crate) fn decode(bytes: &[u8], base: &'static Encoding, escape: Option<u8>) -> (String, bool) {
    let base = if base == ISO_2022_JP { WINDOWS_1252 } else { base };
    let mut made = Made { text: String::with_capacity(bytes.len()), broken: false, base };
    let (mut set, mut from, mut at) = (Set::Base, 0, 0);
    while at < bytes.len() {
        if let Some((next, length)) = switch(&bytes[at..], escape) {
            made.add(&bytes[from..at], set);
            (set, at) = (next, at + length);
            from = at;
        } else if matches!(bytes[at], b'\r' | b'\n') {
            made.add(&bytes[from..at], set);
            (set, from) = (Set::Base, at);
            at += 1;
        } else {
            at += 1;
        }
    }
    made.add(&bytes[from..], set);
    (made.text, made.broken)
}

struct Made {
    text: String,
    broken: bool,
    base: &'static Encoding,
}

impl Made {
    fn add(&mut self, run: &[u8], set: Set) {
        // EUC holds the same characters with the high bit set, some behind a byte that names their set.
        let raised = |prefix: &[u8], width: usize| -> Vec<u8> {
            let pairs = run.chunks(width);
            pairs.flat_map(|pair| prefix.iter().copied().chain(pair.iter().map(|byte| byte | 0x80))).collect()
        };
        let (encoding, bytes) = match set {
            Set::Base => (self.base, run.into()),
            Set::Kanji => (EUC_JP, raised(&[], 2).into()),
            Set::MoreKanji => (EUC_JP, raised(&[0x8F], 2).into()),
            Set::Kana => (EUC_JP, raised(&[0x8E], 1).into()),
            Set::Korean => (EUC_KR, Cow::Borrowed(run)),
        };
        let (text, broken) = encoding.decode_without_bom_handling(&bytes);
        self.text.push_str(&text);
        self.broken |= broken;
    }
}

/// The set that is switched to here, and how long the switch is.
fn switch(bytes: &[u8], escape: Option<u8>) -> Option<(Set, usize)> {
    match bytes.first()? {
        0x1B => [3, 2].into_iter().find_map(|length| Some((designated(bytes.get(1..=length)?)?, 1 + length))),
        mark if Some(*mark) == escape => spelled(bytes, *mark),
        _ => None,
    }
}

/// `\Cxxyy\` and `\Mxxyyzz\`: the bytes behind ESC in hexadecimal.
fn spelled(bytes: &[u8], mark: u8) -> Option<(Set, usize)> {
    if !matches!(bytes.get(1)?, b'C' | b'M') {
        return None;
    }
    let digits = bytes[2..].iter().take(7).position(|byte| *byte == mark)?;
    let coded: Option<Vec<u8>> =
        bytes[2..2 + digits].chunks(2).map(|pair| Some(hex(pair[0])? << 4 | hex(*pair.get(1)?)?)).collect();
    Some((designated(&coded?)?, digits + 3))
}

fn designated(sequence: &[u8]) -> Option<Set> {
    match sequence {
        b"(B" | b"(J" | b")J" | b"-A" => Some(Set::Base),
        b"$B" | b"$@" => Some(Set::Kanji),
        b"$(D" => Some(Set::MoreKanji),
        b"(I" => Some(Set::Kana),
        b")I" => Some(Set::Base),
        b"$)C" => Some(Set::Korean),
        _ => None,
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> String {
        decode(bytes, ISO_2022_JP, Some(b'\\')).0
    }

    #[test]
    fn switches_are_followed() {
        assert_eq!(read(b"YAMADA^\x1b$B;3ED\x1b(B^x"), "YAMADA^山田^x");
        assert_eq!(read(b"\x1b$B;3\rPID|1"), "山\rPID|1");
        assert_eq!(read(b"\\M2442\\;3ED\\C2842\\^x"), "山田^x");
        assert_eq!(read(b"\x1b$(D0!\x1b(B."), "丂.");
        assert_eq!(read(b"\x1b(I@[3\x1b(B."), "ﾀﾛｳ.");
        assert_eq!(read(b"\x1b$)C\xb1\xe8"), "김");
    }

    #[test]
    fn what_is_no_switch_stays() {
        assert_eq!(read(b"C:\\Cabs\\M"), "C:\\Cabs\\M");
        assert_eq!(read(b"\x1bZ"), "\u{1b}Z");
    }
}
