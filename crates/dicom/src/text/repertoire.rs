//! The sets of characters DICOM names (PS3.3 Tables C.12-2 to C.12-5), and their codes.

use encoding_rs::{
    EUC_JP, EUC_KR, Encoding, GB18030, GBK, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6,
    ISO_8859_7, ISO_8859_8, ISO_8859_15, WINDOWS_874, WINDOWS_1252, WINDOWS_1254,
};

/// A repertoire of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repertoire {
    Ascii,
    Latin1,
    Latin2,
    Latin3,
    Latin4,
    Latin5,
    Latin9,
    Cyrillic,
    Arabic,
    Greek,
    Hebrew,
    Thai,
    /// JIS X 0201: Romaji in G0, half-width Katakana in G1.
    Katakana,
    /// JIS X 0208, two bytes in G0.
    Kanji,
    /// JIS X 0212, two bytes in G0.
    SupplementaryKanji,
    /// KS X 1001, two bytes in G1.
    Hangul,
    /// GB 2312, two bytes in G1.
    Hanzi,
    Utf8,
    Gb18030,
    Gbk,
}

use Repertoire::{
    Arabic, Ascii, Cyrillic, Gb18030, Gbk, Greek, Hangul, Hanzi, Hebrew, Kanji, Katakana, Latin1, Latin2,
    Latin3, Latin4, Latin5, Latin9, SupplementaryKanji, Thai, Utf8,
};

/// Registration number and escape sequence of each repertoire of ISO 2022.
/// JIS X 0201 has two: its G0 and its G1 half.
const ESCAPES: &[(u16, Repertoire, &[u8])] = &[
    (6, Ascii, b"\x1b(B"),
    (100, Latin1, b"\x1b-A"),
    (101, Latin2, b"\x1b-B"),
    (109, Latin3, b"\x1b-C"),
    (110, Latin4, b"\x1b-D"),
    (148, Latin5, b"\x1b-M"),
    (203, Latin9, b"\x1b-b"),
    (144, Cyrillic, b"\x1b-L"),
    (127, Arabic, b"\x1b-G"),
    (126, Greek, b"\x1b-F"),
    (138, Hebrew, b"\x1b-H"),
    (166, Thai, b"\x1b-T"),
    (13, Katakana, b"\x1b)I"),
    (13, Katakana, b"\x1b(J"),
    (87, Kanji, b"\x1b$B"),
    (87, Kanji, b"\x1b$@"),
    (159, SupplementaryKanji, b"\x1b$(D"),
    (149, Hangul, b"\x1b$)C"),
    (58, Hanzi, b"\x1b$)A"),
];

impl Repertoire {
    /// Reads one term, and whether it is in the form that allows code extensions.
    pub(super) fn parse(term: &[u8]) -> (Self, bool) {
        let term = String::from_utf8_lossy(term).to_ascii_uppercase();
        let term: String = term.chars().filter(char::is_ascii_alphanumeric).collect();
        let (number, extended) = match (term.strip_prefix("ISO2022"), term.strip_prefix("ISO")) {
            (Some(rest), _) => (rest, true),
            (None, Some(rest)) => (rest, false),
            (None, None) => (term.as_str(), false),
        };
        let number = number.strip_prefix("IR").unwrap_or(number).parse().ok();
        let known = ESCAPES.iter().find(|(registered, ..)| Some(*registered) == number);
        let by_name = match term.as_str() {
            "ISOIR192" | "ISO2022IR192" | "UTF8" => Utf8,
            "GB18030" | "ISO2022GB18030" => Gb18030,
            "GBK" | "ISO2022GBK" => Gbk,
            _ => Ascii,
        };
        (known.map_or(by_name, |(_, repertoire, _)| *repertoire), extended)
    }

    /// The term as the standard spells it.
    pub(super) fn spelled(self, extended: bool) -> String {
        match (self, self.number()) {
            (Utf8, _) => "ISO_IR 192".into(),
            (Gb18030, _) => "GB18030".into(),
            (Gbk, _) => "GBK".into(),
            (Ascii, _) | (_, None) => String::new(),
            (_, Some(number)) if extended => format!("ISO 2022 IR {number}"),
            (_, Some(number)) => format!("ISO_IR {number}"),
        }
    }

    fn number(self) -> Option<u16> {
        ESCAPES.iter().find(|(_, repertoire, _)| *repertoire == self).map(|(number, ..)| *number)
    }

    /// The sequence that puts it in force: in G0 for Kanji and ASCII, else in G1.
    pub(super) fn escape(self) -> Option<&'static [u8]> {
        ESCAPES.iter().find(|(_, repertoire, _)| *repertoire == self).map(|(.., sequence)| *sequence)
    }

    /// The escape sequence at the start of some bytes: its length and what it puts in force in which half.
    pub(super) fn escaped(bytes: &[u8]) -> Option<(usize, Half, Self)> {
        let (_, repertoire, sequence) = ESCAPES.iter().find(|(.., sequence)| bytes.starts_with(sequence))?;
        let half = match (repertoire, sequence[1]) {
            (Ascii | Kanji | SupplementaryKanji, _) | (Katakana, b'(') => Half::G0,
            _ => Half::G1,
        };
        Some((sequence.len(), half, *repertoire))
    }

    /// Where its characters are.
    pub(super) const fn half(self) -> Half {
        match self {
            Ascii | Kanji | SupplementaryKanji => Half::G0,
            _ => Half::G1,
        }
    }

    /// Whether its characters take two bytes each.
    pub(super) const fn is_double(self) -> bool {
        matches!(self, Kanji | SupplementaryKanji | Hangul | Hanzi)
    }

    /// The encoding with its characters where ISO 2022 has them in G1; a superset where that is the
    /// practice, such as Windows-1252 for Latin-1.
    pub(super) fn encoding(self) -> Option<&'static Encoding> {
        Some(match self {
            Latin1 => WINDOWS_1252,
            Latin2 => ISO_8859_2,
            Latin3 => ISO_8859_3,
            Latin4 => ISO_8859_4,
            Latin5 => WINDOWS_1254,
            Latin9 => ISO_8859_15,
            Cyrillic => ISO_8859_5,
            Arabic => ISO_8859_6,
            Greek => ISO_8859_7,
            Hebrew => ISO_8859_8,
            Thai => WINDOWS_874,
            Katakana | Kanji | SupplementaryKanji => EUC_JP,
            Hangul => EUC_KR,
            Hanzi | Gbk => GBK,
            Gb18030 => GB18030,
            Ascii | Utf8 => return None,
        })
    }

    /// The character of one code, with the high bit set where it is in G1.
    pub(super) fn character(self, code: &[u8]) -> Option<char> {
        let mut euc = [0; 3];
        let bytes = match (self, code) {
            (Katakana, &[byte @ 0xA1..=0xDF]) => return char::from_u32(0xFF61 + u32::from(byte - 0xA1)),
            (Katakana, _) => return None,
            (Kanji, &[a, b]) => put(&mut euc, &[a | 0x80, b | 0x80]),
            (SupplementaryKanji, &[a, b]) => put(&mut euc, &[0x8F, a | 0x80, b | 0x80]),
            (_, code) => code,
        };
        let text = self.encoding()?.decode_without_bom_handling_and_without_replacement(bytes)?;
        let mut characters = text.chars();
        characters.next().filter(|_| characters.next().is_none())
    }

    /// The code of a character, as [`Repertoire::character`] takes it, in the first bytes.
    pub(super) fn code(self, character: char) -> Option<([u8; 2], usize)> {
        if self == Katakana {
            let katakana = matches!(character, '\u{FF61}'..='\u{FF9F}');
            return katakana.then(|| ([(u32::from(character) - 0xFF61 + 0xA1) as u8, 0], 1));
        }
        let mut utf_8 = [0; 4];
        let (bytes, _, missing) = self.encoding()?.encode(character.encode_utf8(&mut utf_8));
        match (self, bytes.as_ref()) {
            _ if missing => None,
            (Kanji, &[a @ 0xA1..=0xFF, b @ 0xA1..=0xFF]) => Some(([a & 0x7F, b & 0x7F], 2)),
            (Hangul | Hanzi, &[a @ 0xA1..=0xFF, b @ 0xA1..=0xFF]) => Some(([a, b], 2)),
            (single, &[byte @ 0xA0..=0xFF]) if !single.is_double() => Some(([byte, 0], 1)),
            _ => None,
        }
    }
}

/// The halves of the code table: bytes below and from 80.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    G0,
    G1,
}

fn put<'a>(buffer: &'a mut [u8; 3], bytes: &[u8]) -> &'a [u8] {
    let target = &mut buffer[..bytes.len()];
    target.copy_from_slice(bytes);
    target
}
