//! Character sets of messages: MSH-18, table 0211, and what senders do without it.

use crate::iso2022;
use encoding_rs::{
    BIG5, EUC_KR, Encoding, GB18030, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252,
};

/// How the bytes of a message become text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charset {
    encoding: &'static Encoding,
    /// Sets are switched by ISO 2022 escape sequences within the text.
    switches: bool,
}

/// Text, how it was read, and what to tell about it.
pub(crate) struct Decoded {
    pub text: String,
    pub charset: Charset,
    /// What a person should know: a set that isn't known, bytes that are none of the set's.
    pub remark: Option<&'static str>,
}

const UNSAID: &str = "no character set is named and the text is no UTF-8: taken as Latin-1";
const UNKNOWN: &str =
    "this character set is not known here: taken as UTF-8 where it is valid, else as Latin-1";
const BROKEN: &str = "some bytes are none of the character set's and were replaced";

impl Charset {
    /// UTF-8, which what we make ourselves is in.
    pub const UTF_8: Self = Self { encoding: UTF_8, switches: false };

    /// The set of a name of table 0211, or of another usual name of it; none for those that are not known.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let plain = plain.to_ascii_uppercase();
        let switching = |encoding| Some(Self { encoding, switches: true });
        let encoding = match plain.as_str() {
            "ASCII" | "ISOIR6" | "USASCII" => WINDOWS_1252,
            "ISOIR14" | "ISOIR13" => return switching(SHIFT_JIS),
            "ISOIR87" | "ISOIR159" => return switching(ISO_2022_JP),
            "KSX1001" | "ISOIR149" => return switching(EUC_KR),
            "GB180302000" => GB18030,
            "BIG5" => BIG5,
            "UNICODE" | "UNICODEUTF8" | "UTF8" | "ISOIR192" => UTF_8,
            "UNICODEUTF16" => UTF_16BE,
            other => numbered(other).or_else(|| Encoding::for_label(name.trim().as_bytes()))?,
        };
        Some(Self { encoding, switches: false })
    }

    /// Text of bytes in this set; the flag says whether some had to be replaced.
    #[must_use]
    pub fn decode(self, bytes: &[u8], escape: Option<u8>) -> (String, bool) {
        if self.switches && (self.encoding == ISO_2022_JP || iso2022::switches(bytes)) {
            return iso2022::decode(bytes, self.encoding, escape);
        }
        let (text, broken) = self.encoding.decode_without_bom_handling(bytes);
        (text.into_owned(), broken)
    }

    /// Bytes of text, for an answer in the sender's own set. What the set has no character for becomes `?`.
    #[must_use]
    pub fn encode(self, text: &str) -> Vec<u8> {
        if self.encoding.output_encoding() != self.encoding {
            return text.as_bytes().to_vec();
        }
        let mut bytes = Vec::with_capacity(text.len());
        for character in text.chars() {
            let mut buffer = [0; 4];
            let (coded, _, failed) = self.encoding.encode(character.encode_utf8(&mut buffer));
            bytes.extend_from_slice(if failed { b"?" } else { &coded });
        }
        bytes
    }
}

/// `8859/1` and its relatives. The first is read as Windows' superset of it, as everybody does.
fn numbered(plain: &str) -> Option<&'static Encoding> {
    let digits = plain.trim_start_matches("ISO");
    let part = digits.strip_prefix("8859")?;
    match part {
        "1" => Some(WINDOWS_1252),
        _ => Encoding::for_label(format!("iso-8859-{part}").as_bytes()),
    }
}

/// Reads a message's bytes by what MSH-18 names, one name for each repetition.
pub(crate) fn decode(bytes: &[u8], names: &[String], escape: Option<u8>) -> Decoded {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        return finish(&bytes[bom..], Charset { encoding, switches: false }, escape);
    }
    let first = names.iter().find(|name| !name.is_empty());
    let Some(first) = first else { return unsaid(bytes, UNSAID) };
    let Some(mut charset) = Charset::of_name(first) else { return unsaid(bytes, UNKNOWN) };
    charset.switches |= names.len() > 1;
    if charset.encoding == WINDOWS_1252 && first.to_ascii_uppercase().contains("ASCII") && !bytes.is_ascii() {
        return unsaid(bytes, "the named character set is ASCII, the text is not: taken as Latin-1");
    }
    finish(bytes, charset, escape)
}

fn finish(bytes: &[u8], charset: Charset, escape: Option<u8>) -> Decoded {
    let (text, broken) = charset.decode(bytes, escape);
    Decoded { text, charset, remark: broken.then_some(BROKEN) }
}

fn unsaid(bytes: &[u8], otherwise: &'static str) -> Decoded {
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded {
            text: text.into(),
            charset: Charset::UTF_8,
            remark: (otherwise == UNKNOWN).then_some(UNKNOWN),
        },
        Err(_) => {
            let charset = Charset { encoding: WINDOWS_1252, switches: false };
            Decoded { text: charset.decode(bytes, None).0, charset, remark: Some(otherwise) }
        }
    }
}

/// Bytes in UTF-16 as UTF-8, when they begin as a message does in it; its lines can't be found otherwise.
pub(crate) fn from_utf16(bytes: &[u8]) -> Option<String> {
    let encoding = match bytes {
        [0xFF, 0xFE, ..] | [b'M', 0, b'S', 0, ..] => UTF_16LE,
        [0xFE, 0xFF, ..] | [0, b'M', 0, b'S', ..] => UTF_16BE,
        _ => return None,
    };
    Some(encoding.decode_with_bom_removal(bytes).0.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], names: &[&str]) -> (String, bool) {
        let names: Vec<_> = names.iter().map(ToString::to_string).collect();
        let decoded = decode(bytes, &names, Some(b'\\'));
        (decoded.text, decoded.remark.is_some())
    }

    #[test]
    fn sets_by_their_names() {
        assert_eq!(read(b"Bj\xF6rk", &["8859/1"]), ("Björk".into(), false));
        assert_eq!(read("Björk".as_bytes(), &["UNICODE UTF-8"]), ("Björk".into(), false));
        assert_eq!(read(b"\xBC\xE9", &["8859/15"]), ("Œé".into(), false));
        assert_eq!(read(b"\xC0\xDB\xB3", &["ISO IR14"]), ("ﾀﾛｳ".into(), false));
        assert_eq!(read(b"\xCD\xF5", &["GB 18030-2000"]), ("王".into(), false));
        assert_eq!(read(b"\xB1\xE8", &["KS X 1001"]), ("김".into(), false));
        assert_eq!(read(b"\xA4\xFD", &["BIG-5"]), ("王".into(), false));
        assert_eq!(read(b"\x1b$B;3ED\x1b(J^", &["ISO IR6", "ISO IR87"]), ("山田^".into(), false));
        assert_eq!(read(b"\x1b$B;3ED\x1b(B|", &["ISO IR87"]), ("山田|".into(), false));
    }

    #[test]
    fn what_is_not_named_is_guessed_and_told() {
        assert_eq!(read("é".as_bytes(), &[]), ("é".into(), false));
        assert_eq!(read(b"\xE9", &[]), ("é".into(), true));
        assert_eq!(read(b"\xE9", &["ASCII"]), ("é".into(), true));
        assert_eq!(read(b"\xE9", &["CNS 11643-1992"]), ("é".into(), true));
        assert_eq!(read(b"a\xFFb", &["UNICODE UTF-8"]), ("a\u{FFFD}b".into(), true));
    }

    #[test]
    fn answers_are_in_the_same_set() {
        let latin = Charset::of_name("8859/1");
        assert_eq!(latin.map(|set| set.encode("é山")), Some(b"\xE9?".to_vec()));
    }
}
