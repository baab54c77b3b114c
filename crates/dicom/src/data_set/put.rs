//! Putting values in.

use super::{DataSet, Element, Fragments, Value, get};
use crate::{Charset, Tag, Vr, dictionary, json, tags};
use bytes::Bytes;

impl DataSet {
    /// Puts text under the VR the dictionary gives (LO for unknown tags), padded to even length.
    /// Under a binary VR the text is read as numbers separated by backslashes, and what is none
    /// leaves the attribute empty.
    /// If the character set can't hold it, the whole data set is re-encoded as UTF-8 (ISO_IR 192) first.
    pub fn put_text(&mut self, tag: Tag, text: &str) {
        match dictionary::implicit_vr(tag, false) {
            vr if get::kind(vr) == get::Kind::Text => self.put_text_as(tag, vr, text),
            vr if get::kind(vr) == get::Kind::Number => self.put_bytes(tag, vr, parse_numbers(vr, text)),
            _ => self.put_text_as(tag, Vr::LO, text),
        }
    }

    /// As [`DataSet::put_text`] under a given VR.
    pub fn put_text_as(&mut self, tag: Tag, vr: Vr, text: &str) {
        let encoded = self.charset.encode(text, vr).unwrap_or_else(|| {
            self.recode(Charset::UTF_8);
            text.as_bytes().to_vec()
        });
        self.put_bytes(tag, vr, pad(encoded, vr));
    }

    /// Puts one unsigned 16-bit number (US).
    pub fn put_u16(&mut self, tag: Tag, number: u16) {
        self.put_bytes(tag, Vr::US, number.to_le_bytes().to_vec());
    }

    /// Puts one unsigned 32-bit number (UL).
    pub fn put_u32(&mut self, tag: Tag, number: u32) {
        self.put_bytes(tag, Vr::UL, number.to_le_bytes().to_vec());
    }

    /// Puts one number as FD, FL or DS, whichever the dictionary says (FD for unknown tags).
    pub fn put_f64(&mut self, tag: Tag, number: f64) {
        match dictionary::implicit_vr(tag, false) {
            Vr::DS => self.put_text_as(tag, Vr::DS, &decimal_string(number)),
            Vr::FL => self.put_bytes(tag, Vr::FL, (number as f32).to_le_bytes().to_vec()),
            _ => self.put_bytes(tag, Vr::FD, number.to_le_bytes().to_vec()),
        }
    }

    /// Puts a sequence; items without a character set of their own inherit this data set's.
    pub fn put_items(&mut self, tag: Tag, items: Vec<Self>) {
        self.insert(Element { tag, vr: Vr::SQ, value: Value::Items(items) });
    }

    /// Puts encapsulated pixel data.
    pub fn put_fragments(&mut self, tag: Tag, pixels: Fragments) {
        self.insert(Element { tag, vr: Vr::OB, value: Value::Fragments(Box::new(pixels)) });
    }

    /// Puts bytes as they are: little endian, text in the data set's character set.
    pub fn put_bytes(&mut self, tag: Tag, vr: Vr, bytes: impl Into<Bytes>) {
        self.insert(Element { tag, vr, value: Value::Bytes(bytes.into()) });
    }

    /// Re-encodes all text, nested too, into another character set and declares it.
    /// Characters that don't exist there become `?`; UTF-8 has all.
    pub fn recode(&mut self, charset: Charset) {
        self.recode_within(charset, true);
    }

    fn recode_within(&mut self, charset: Charset, declare: bool) {
        let from = self.charset;
        for element in &mut self.elements {
            match &mut element.value {
                Value::Bytes(bytes) if is_encoded(element.vr) => {
                    let text = from.decode(bytes, element.vr);
                    *bytes = pad(charset.encode_lossy(&text, element.vr), element.vr).into();
                }
                Value::Items(items) => items.iter_mut().for_each(|item| item.recode_within(charset, false)),
                _ => {}
            }
        }
        self.charset = charset;
        self.remove(tags::SPECIFIC_CHARACTER_SET);
        if declare && charset != Charset::DEFAULT {
            let terms = pad(charset.terms().into_bytes(), Vr::CS);
            self.put_bytes(tags::SPECIFIC_CHARACTER_SET, Vr::CS, terms);
        }
    }
}

impl Element {
    /// An element with text in a character set, padded to even length; `?` for what does not exist there.
    #[must_use]
    pub fn text(tag: Tag, vr: Vr, text: &str, charset: &Charset) -> Self {
        Self { tag, vr, value: Value::Bytes(pad(charset.encode_lossy(text, vr), vr).into()) }
    }
}

/// The numbers written in a text, or nothing if one of them is none.
fn parse_numbers(vr: Vr, text: &str) -> Vec<u8> {
    let values: Vec<_> = text.split('\\').map(|value| value.trim().into()).collect();
    let given = values.iter().any(|value| value != "");
    if given { json::values_to_bytes(vr, &values).unwrap_or_default() } else { Vec::new() }
}

/// VRs whose text is in the Specific Character Set (PS3.5 §6.1.2.2).
pub(crate) const fn is_encoded(vr: Vr) -> bool {
    matches!(vr, Vr::SH | Vr::LO | Vr::ST | Vr::LT | Vr::UC | Vr::UT | Vr::PN)
}

/// Even length: with a space, or a null for UIDs and binary (PS3.5 §6.2).
pub(crate) fn pad(mut bytes: Vec<u8>, vr: Vr) -> Vec<u8> {
    if bytes.len() % 2 == 1 {
        bytes.push(padding(vr));
    }
    bytes
}

/// What [`pad`] adds.
pub(crate) const fn padding(vr: Vr) -> u8 {
    match (get::kind(vr), vr) {
        (get::Kind::Text, Vr::UI) => 0,
        (get::Kind::Text, _) => b' ',
        _ => 0,
    }
}

/// At most 16 characters (PS3.5 §6.2, VR DS), as precise as they allow.
pub(crate) fn decimal_string(number: f64) -> String {
    let plain = number.to_string();
    if plain.len() <= 16 {
        return plain;
    }
    let shortened = (0..=14).rev().map(|digits| format!("{number:.digits$e}"));
    let mut fitting = shortened.filter(|text| text.len() <= 16);
    fitting.next().unwrap_or_else(|| "0".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_takes_the_dictionary_vr_and_is_padded() {
        let mut set = DataSet::new();
        set.put_text(tags::SOP_INSTANCE_UID, "1.2.3");
        set.put_text(tags::PATIENT_ID, "abc");
        let raw = |tag| set.get(tag).and_then(|e| e.value.bytes().cloned());
        assert_eq!(raw(tags::SOP_INSTANCE_UID).as_deref(), Some(&b"1.2.3\0"[..]));
        assert_eq!(raw(tags::PATIENT_ID).as_deref(), Some(&b"abc "[..]));
    }

    #[test]
    fn text_under_a_binary_vr_is_read_as_numbers() {
        let mut set = DataSet::new();
        set.put_text(tags::ROWS, "512");
        set.put_text(tags::FRAME_INCREMENT_POINTER, "00181063");
        set.put_text(tags::COLUMNS, "many");
        assert_eq!(set.get(tags::ROWS).map(|e| e.vr), Some(Vr::US));
        assert_eq!(set.int(tags::ROWS), Some(512));
        assert_eq!(set.text(tags::FRAME_INCREMENT_POINTER).as_deref(), Some("00181063"));
        assert_eq!(set.text(tags::COLUMNS).as_deref(), Some(""));
    }

    #[test]
    fn text_beyond_the_character_set_moves_the_data_set_to_utf_8() {
        let mut set = DataSet::new();
        set.put_bytes(tags::SPECIFIC_CHARACTER_SET, Vr::CS, "ISO_IR 100");
        set.put_bytes(tags::PATIENT_ID, Vr::LO, &b"M\xFCller"[..]);
        set.put_text(tags::PATIENT_NAME, "王^小東");
        assert_eq!(set.text(tags::SPECIFIC_CHARACTER_SET).as_deref(), Some("ISO_IR 192"));
        assert_eq!(set.text(tags::PATIENT_ID).as_deref(), Some("Müller"));
        assert_eq!(set.text(tags::PATIENT_NAME).as_deref(), Some("王^小東"));
    }

    #[test]
    fn items_inherit_the_character_set() {
        let mut inner = DataSet::new();
        inner.put_text(tags::CODE_MEANING, "plain");
        let mut outer = DataSet::new();
        outer.put_bytes(tags::SPECIFIC_CHARACTER_SET, Vr::CS, "ISO_IR 192");
        outer.put_items(tags::PROCEDURE_CODE_SEQUENCE, vec![inner]);
        assert_eq!(*outer.items(tags::PROCEDURE_CODE_SEQUENCE)[0].charset(), Charset::UTF_8);
    }

    #[test]
    fn decimal_strings_have_at_most_16_characters() {
        for number in [0.1 + 0.2, -1.0 / 3.0, 1e300 / 3.0, -1e-300 / 3.0, 5.0, -123456789012345.67] {
            let text = decimal_string(number);
            assert!(text.len() <= 16, "{text}");
            let back: f64 = text.parse().unwrap_or(f64::NAN);
            assert!(((back - number) / number).abs() < 1e-8, "{text}");
        }
    }
}
