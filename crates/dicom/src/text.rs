//! Character sets (PS3.5 §6.1, PS3.3 §C.12.1.1.2): text is decoded tolerantly, so that a wrong
//! declaration never loses a name, and encoded strictly.

use crate::Vr;

/// The value of Specific Character Set (0008,0005).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Charset {
    utf_8: bool,
}

impl Charset {
    /// ISO 646, what holds where nothing is declared.
    pub const DEFAULT: Self = Self { utf_8: false };
    /// UTF-8, ISO_IR 192.
    pub const UTF_8: Self = Self { utf_8: true };

    /// Reads the element's value.
    #[must_use]
    pub fn parse(value: &[u8]) -> Self {
        Self { utf_8: value.trim_ascii() == b"ISO_IR 192" }
    }

    /// The element's value.
    #[must_use]
    pub fn terms(&self) -> String {
        if self.utf_8 { "ISO_IR 192".into() } else { String::new() }
    }

    /// Text without padding.
    #[must_use]
    pub fn decode(&self, bytes: &[u8], _vr: Vr) -> String {
        let text =
            String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| bytes.iter().map(|b| *b as char).collect());
        text.trim_matches([' ', '\0']).to_owned()
    }

    /// Bytes, or `None` if a character does not exist in this set.
    #[must_use]
    pub fn encode(&self, text: &str, _vr: Vr) -> Option<Vec<u8>> {
        (self.utf_8 || text.is_ascii()).then(|| text.as_bytes().to_vec())
    }

    /// Bytes, with `?` for what does not exist in this set.
    #[must_use]
    pub fn encode_lossy(&self, text: &str, vr: Vr) -> Vec<u8> {
        self.encode(text, vr)
            .unwrap_or_else(|| text.chars().map(|c| if c.is_ascii() { c as u8 } else { b'?' }).collect())
    }
}
