//! Character sets (PS3.5 §6.1, PS3.3 §C.12.1.1.2), code extensions of ISO 2022 included.
//! Text is decoded tolerantly, so that a wrong declaration never loses a name, and encoded strictly.

mod decode;
mod encode;
mod repertoire;

use crate::Vr;
use repertoire::Repertoire;
use std::borrow::Cow;

/// More values than any language needs; further ones are left out.
const MAX_TERMS: usize = 8;

/// The value of Specific Character Set (0008,0005). Small and `Copy`: every data set has one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Charset {
    terms: [Repertoire; MAX_TERMS],
    count: u8,
    /// Whether escape sequences may switch between the terms (“ISO 2022 …”).
    extended: bool,
}

impl Charset {
    /// ISO 646, what holds where nothing is declared.
    pub const DEFAULT: Self = Self::single(Repertoire::Ascii);
    /// UTF-8, `ISO_IR 192`.
    pub const UTF_8: Self = Self::single(Repertoire::Utf8);
    /// Latin alphabet No. 1, `ISO_IR 100`.
    pub const LATIN_1: Self = Self::single(Repertoire::Latin1);

    const fn single(term: Repertoire) -> Self {
        let mut terms = [Repertoire::Ascii; MAX_TERMS];
        terms[0] = term;
        Self { terms, count: 1, extended: false }
    }

    /// Reads the element's value. Usual misspellings are understood; a term nobody knows counts as
    /// ISO 646, which decodes what it can.
    #[must_use]
    pub fn parse(value: &[u8]) -> Self {
        let mut charset = Self { count: 0, ..Self::DEFAULT };
        for term in value.split(|b| *b == b'\\').take(MAX_TERMS) {
            let (term, extended) = Repertoire::parse(term);
            charset.terms[usize::from(charset.count)] = term;
            charset.count += 1;
            charset.extended |= extended;
        }
        charset.extended |= charset.count > 1;
        charset
    }

    /// The element's value, spelled as the standard does; empty for the default.
    #[must_use]
    pub fn terms(&self) -> String {
        let spelled: Vec<_> = self.repertoires().iter().map(|term| term.spelled(self.extended)).collect();
        spelled.join("\\")
    }

    fn repertoires(&self) -> &[Repertoire] {
        &self.terms[..usize::from(self.count)]
    }

    fn first(&self) -> Repertoire {
        self.terms[0]
    }

    /// Text without padding. Nothing is dropped: bytes that don't fit the declared character set are
    /// taken as UTF-8 if they are, else as Latin-1.
    #[must_use]
    pub fn decode(&self, bytes: &[u8], vr: Vr) -> String {
        self.decode_in(bytes, vr).into_owned()
    }

    /// As [`Charset::decode`], without copying what needs no decoding.
    #[must_use]
    pub fn decode_in<'a>(&self, bytes: &'a [u8], vr: Vr) -> Cow<'a, str> {
        decode::decode(self, trimmed(bytes, vr), vr)
    }

    /// Bytes, without padding, or `None` if a character does not exist in this set.
    #[must_use]
    pub fn encode(&self, text: &str, vr: Vr) -> Option<Vec<u8>> {
        encode::encode(self, text, vr, None)
    }

    /// Bytes, with `?` for what does not exist in this set.
    #[must_use]
    pub fn encode_lossy(&self, text: &str, vr: Vr) -> Vec<u8> {
        encode::encode(self, text, vr, Some(b'?')).unwrap_or_default()
    }
}

impl Default for Charset {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl std::fmt::Debug for Charset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Charset({})", self.terms())
    }
}

/// Without padding (PS3.5 Table 6.2-1): trailing always, leading where it has no meaning.
fn trimmed(bytes: &[u8], vr: Vr) -> &[u8] {
    let is_padding = |b: &u8| matches!(*b, b' ' | 0);
    let end = bytes.iter().rposition(|b| !is_padding(b)).map_or(0, |last| last + 1);
    if matches!(vr, Vr::LT | Vr::ST | Vr::UT | Vr::UC | Vr::UR) {
        return &bytes[..end];
    }
    let start = bytes[..end].iter().position(|b| !is_padding(b)).unwrap_or(end);
    &bytes[start..end]
}

/// After these the initial sets are in force again (PS3.5 §6.1.2.5.3).
const fn resets(byte: u8, vr: Vr) -> bool {
    match byte {
        b'\t' | b'\n' | 0x0C | b'\r' => true,
        b'\\' => !matches!(vr, Vr::LT | Vr::ST | Vr::UT | Vr::UR),
        b'^' | b'=' => matches!(vr, Vr::PN),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(terms: &str, bytes: &[u8]) -> String {
        Charset::parse(terms.as_bytes()).decode(bytes, Vr::PN)
    }

    /// The examples of PS3.5 Annexes H, I, J and K, and of the single-byte sets.
    const EXAMPLES: &[(&str, &[u8], &str)] = &[
        ("ISO_IR 100", b"Buc^J\xe9r\xf4me", "Buc^Jérôme"),
        ("ISO_IR 144", b"\xbb\xee\xda\x63\x65\xdc\xd1\xe3\xe0\xd3", "Люкceмбург"),
        ("ISO_IR 126", b"\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2", "Διονυσιος"),
        ("ISO_IR 127", b"\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1", "قباني^لنزار"),
        ("ISO_IR 138", b"\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4", "שרון^דבורה"),
        ("ISO_IR 166", b"\xb7\xb4\xca\xcd\xba", "ทดสอบ"),
        ("ISO_IR 148", b"\xdd\xfe\xf0", "İşğ"),
        ("ISO_IR 203", b"\xa4\xbd", "€œ"),
        ("ISO_IR 192", "Wang^XiaoDong=王^小東".as_bytes(), "Wang^XiaoDong=王^小東"),
        ("GB18030", b"Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab", "Wang^XiaoDong=王^小东"),
        ("GBK", b"\xcd\xf5^\xd0\xa1\xb6\xab", "王^小东"),
        (
            "\\ISO 2022 IR 87",
            b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
            "Yamada^Tarou=山田^太郎=やまだ^たろう",
        ),
        (
            "ISO 2022 IR 13\\ISO 2022 IR 87",
            b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J",
            "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
        ),
        (
            "\\ISO 2022 IR 149",
            b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
            "Hong^Gildong=洪^吉洞=홍^길동",
        ),
        ("\\ISO 2022 IR 58", b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab", "Zhang^XiaoDong=张^小东"),
        ("\\ISO 2022 IR 159", b"\x1b$(D\x30\x21\x1b(B", "丂"),
    ];

    #[test]
    fn the_examples_of_the_standard_decode() {
        for (terms, bytes, text) in EXAMPLES {
            assert_eq!(decoded(terms, bytes), *text, "{terms}");
        }
    }

    #[test]
    fn what_can_be_encoded_decodes_to_itself() {
        for (terms, bytes, text) in EXAMPLES {
            let charset = Charset::parse(terms.as_bytes());
            let Some(encoded) = charset.encode(text, Vr::PN) else {
                assert_eq!(*terms, "\\ISO 2022 IR 159", "only JIS X 0212 is read-only");
                continue;
            };
            assert_eq!(charset.decode(&encoded, Vr::PN), *text, "{terms}");
            assert_eq!(encoded.len(), bytes.len(), "{terms}: as compact as the standard's example");
        }
    }

    #[test]
    fn extensions_end_at_delimiters() {
        let charset = "ISO 2022 IR 100\\ISO 2022 IR 144";
        assert_eq!(decoded(charset, b"\xe9\x1b-L\xbb^\xe9"), "éЛ^é");
        assert_eq!(Charset::parse(charset.as_bytes()).decode(b"\x1b-L\xbb^\xbb", Vr::LO), "Л^Л");
    }

    #[test]
    fn a_forgotten_second_escape_does_not_lose_the_name() {
        assert_eq!(decoded("\\ISO 2022 IR 149", b"\x1b$)C\xc8\xab^\xb1\xe6\xb5\xbf"), "홍^길동");
    }

    #[test]
    fn wrong_declarations_are_survived() {
        assert_eq!(decoded("", "Müller".as_bytes()), "Müller");
        assert_eq!(decoded("", b"M\xfcller"), "Müller");
        assert_eq!(decoded("ISO_IR 192", b"M\xfcller"), "Müller");
        assert_eq!(decoded("nonsense", b"M\xfcller"), "Müller");
        assert_eq!(decoded("ISO-IR 144", b"\xbb"), "Л");
        assert_eq!(decoded("ISO 2022 IR100", b"\xe9"), "é");
        assert_eq!(decoded("UTF-8", "é".as_bytes()), "é");
    }

    #[test]
    fn backslashes_inside_double_bytes_are_no_separators() {
        let charset = Charset::parse(b"GB18030");
        assert_eq!(charset.decode(b"\x81\x5c\\a", Vr::LO).split('\\').count(), 2);
        let japanese = Charset::parse(b"\\ISO 2022 IR 87");
        assert_eq!(japanese.decode(b"\x1b$B\x3b\x5c\x1b(B\\b", Vr::LO).split('\\').count(), 2);
    }

    #[test]
    fn only_meaningless_spaces_are_trimmed() {
        assert_eq!(Charset::DEFAULT.decode(b"  a ", Vr::LO), "a");
        assert_eq!(Charset::DEFAULT.decode(b"  a ", Vr::LT), "  a");
    }

    #[test]
    fn terms_are_spelled_as_the_standard_does() {
        for terms in
            ["", "ISO_IR 100", "ISO_IR 192", "GB18030", "\\ISO 2022 IR 87", "ISO 2022 IR 13\\ISO 2022 IR 87"]
        {
            assert_eq!(Charset::parse(terms.as_bytes()).terms(), terms);
        }
        assert_eq!(Charset::parse(b"ISO 2022 IR 6\\ISO 2022 IR 149").terms(), "\\ISO 2022 IR 149");
    }

    #[test]
    fn what_does_not_exist_in_a_set_is_not_encoded() {
        assert_eq!(Charset::LATIN_1.encode("Łódź", Vr::PN), None);
        assert_eq!(Charset::LATIN_1.encode_lossy("Łódź", Vr::PN), b"?\xf3d?");
        assert_eq!(Charset::LATIN_1.encode("é", Vr::PN).as_deref(), Some(&b"\xe9"[..]));
        assert_eq!(Charset::LATIN_1.encode("œ", Vr::PN), None);
    }

    proptest::proptest! {
        #[test]
        fn decoding_takes_any_bytes(terms in "(ISO_IR |ISO 2022 IR |GB|)[0-9]{0,5}(\\\\ISO 2022 IR (87|149|58|159|13))?",
                                    bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..64)) {
            let charset = Charset::parse(terms.as_bytes());
            let text = charset.decode(&bytes, Vr::PN);
            proptest::prop_assert!(text.len() <= bytes.len() * 4);
        }

        #[test]
        fn utf_8_keeps_everything(text in "[^\\x00-\\x20]{0,40}") {
            let encoded = Charset::UTF_8.encode(&text, Vr::LO).unwrap_or_default();
            proptest::prop_assert_eq!(Charset::UTF_8.decode(&encoded, Vr::LO), text);
        }
    }
}
