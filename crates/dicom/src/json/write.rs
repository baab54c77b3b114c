//! Data set to JSON, written straight into a buffer.

use crate::bulk::BulkOptions;
use crate::data_set::{Number, ascii_values, is_single, numbers};
use crate::{DataSet, Element, Tag, Value, Vr, tags};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::Write as _;

pub(super) struct Writer<'a> {
    pub bulk: &'a BulkOptions<'a>,
    /// The items around.
    pub path: Vec<(Tag, usize)>,
    pub out: &'a mut Vec<u8>,
}

impl Writer<'_> {
    pub(super) fn object(&mut self, data_set: &DataSet) {
        self.raw("{");
        let mut first = true;
        for element in data_set.iter().filter(|element| element.tag.1 != 0) {
            self.separate(&mut first);
            self.element(data_set, element);
        }
        self.pixel_data_elsewhere(data_set, &mut first);
        self.raw("}");
    }

    fn pixel_data_elsewhere(&mut self, data_set: &DataSet, first: &mut bool) {
        let Some((tag, vr)) = self.bulk.pixel_data.filter(|_| self.path.is_empty()) else {
            return;
        };
        if !data_set.contains(tag) {
            self.separate(first);
            self.key(tag, vr);
            if let Some(uri) = self.bulk.uri_of(&[], tag) {
                self.reference(&uri);
            }
            self.raw("}");
        }
    }

    fn element(&mut self, data_set: &DataSet, element: &Element) {
        self.key(element.tag, element.vr);
        if let Some(uri) = self.bulk.reference(&self.path, element) {
            self.reference(&uri);
        } else {
            match &element.value {
                // The text of the result is UTF-8, whatever it was.
                Value::Bytes(bytes) if element.tag == tags::SPECIFIC_CHARACTER_SET && !bytes.is_empty() => {
                    self.raw(r#","Value":["ISO_IR 192"]"#);
                }
                Value::Bytes(bytes) if !bytes.is_empty() => self.bytes(data_set, element, bytes),
                Value::Items(items) if !items.is_empty() => self.items(element.tag, items),
                Value::Bytes(_) | Value::Items(_) | Value::Fragments(_) => {}
            }
        }
        self.raw("}");
    }

    fn items(&mut self, tag: Tag, items: &[DataSet]) {
        self.raw(r#","Value":["#);
        let mut first = true;
        for (index, item) in items.iter().enumerate() {
            self.separate(&mut first);
            self.path.push((tag, index));
            self.object(item);
            self.path.pop();
        }
        self.raw("]");
    }

    fn bytes(&mut self, data_set: &DataSet, element: &Element, bytes: &[u8]) {
        use Vr::{AT, DS, FD, FL, IS, OB, OD, OF, OL, OV, OW, SL, SQ, SS, SV, UL, UN, US, UV};
        match element.vr {
            OB | OD | OF | OL | OV | OW | UN | SQ => self.base64(bytes),
            AT | FD | FL | SL | SS | SV | UL | US | UV => self.numbers(element.vr, bytes),
            DS | IS => self.numeric_strings(element.vr, bytes),
            vr => {
                let text = data_set.charset().decode_in(bytes, vr);
                self.texts(vr, &text);
            }
        }
    }

    fn base64(&mut self, bytes: &[u8]) {
        self.raw(r#","InlineBinary":""#);
        let start = self.out.len();
        self.out.resize(start + bytes.len().div_ceil(3) * 4, 0);
        // The buffer has the exact size.
        let written = STANDARD.encode_slice(bytes, &mut self.out[start..]).unwrap_or(0);
        self.out.truncate(start + written);
        self.raw("\"");
    }

    fn numbers(&mut self, vr: Vr, bytes: &[u8]) {
        self.raw(r#","Value":["#);
        let mut first = true;
        for number in numbers(vr, bytes) {
            self.separate(&mut first);
            self.number(number);
        }
        self.raw("]");
    }

    fn number(&mut self, number: Number) {
        /// Beyond these, readers that use doubles lose digits (PS3.18 §F.2.3).
        const SAFE: u64 = 1 << 53;
        match number {
            Number::Int(n) if n.unsigned_abs() <= SAFE => self.display(n),
            Number::Unsigned(n) if n <= SAFE => self.display(n),
            Number::Single(n) if n.is_finite() => self.debug(n),
            Number::Double(n) if n.is_finite() => self.debug(n),
            Number::Single(n) => self.not_finite(n.into()),
            Number::Double(n) => self.not_finite(n),
            other => {
                self.raw("\"");
                self.display(other);
                self.raw("\"");
            }
        }
    }

    fn not_finite(&mut self, number: f64) {
        self.raw(match number {
            n if n.is_nan() => r#""NaN""#,
            n if n > 0.0 => r#""inf""#,
            _ => r#""-inf""#,
        });
    }

    fn numeric_strings(&mut self, vr: Vr, bytes: &[u8]) {
        if bytes.iter().all(|b| matches!(b, b' ' | 0)) {
            return;
        }
        self.raw(r#","Value":["#);
        let mut first = true;
        for text in ascii_values(bytes) {
            self.separate(&mut first);
            self.numeric_string(vr, text);
        }
        self.raw("]");
    }

    /// As it is written, if JSON writes numbers so; else converted; else as text.
    fn numeric_string(&mut self, vr: Vr, text: &str) {
        let integer = text.strip_prefix('+').unwrap_or(text).parse::<i64>();
        match (vr, text.parse::<f64>()) {
            _ if text.is_empty() => self.raw("null"),
            _ if is_json_number(text) => self.raw(text),
            (Vr::IS, _) if integer.is_ok() => self.display(integer.unwrap_or_default()),
            (Vr::DS, Ok(number)) if number.is_finite() => self.debug(number),
            _ => self.string(text),
        }
    }

    fn texts(&mut self, vr: Vr, text: &str) {
        if text.is_empty() {
            return;
        }
        self.raw(r#","Value":["#);
        if is_single(vr) {
            self.string(text);
        } else {
            let mut first = true;
            for value in text.split('\\') {
                self.separate(&mut first);
                self.text(vr, value.trim_matches([' ', '\0']));
            }
        }
        self.raw("]");
    }

    fn text(&mut self, vr: Vr, value: &str) {
        match vr {
            _ if value.is_empty() => self.raw("null"),
            Vr::PN => self.person_name(value),
            _ => self.string(value),
        }
    }

    fn person_name(&mut self, value: &str) {
        const GROUPS: [&str; 3] = [r#""Alphabetic":"#, r#""Ideographic":"#, r#""Phonetic":"#];
        self.raw("{");
        let mut first = true;
        for (group, name) in GROUPS.iter().zip(value.splitn(3, '=')) {
            let name = name.trim_matches(' ');
            if !name.is_empty() {
                self.separate(&mut first);
                self.raw(group);
                self.string(name);
            }
        }
        self.raw("}");
    }

    fn reference(&mut self, uri: &str) {
        self.raw(r#","BulkDataURI":"#);
        self.string(uri);
    }

    fn key(&mut self, tag: Tag, vr: Vr) {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        let mut key = *br#""00000000":{"vr":"XX""#;
        let number = u32::from(tag.0) << 16 | u32::from(tag.1);
        for (digit, byte) in key[1..9].iter_mut().enumerate() {
            *byte = HEX[(number >> (28 - 4 * digit)) as usize & 15];
        }
        key[18..20].copy_from_slice(&vr.to_bytes());
        self.out.extend_from_slice(&key);
    }

    fn string(&mut self, text: &str) {
        self.raw("\"");
        let mut plain = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte >= 0x20 && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.raw(&text[plain..at]);
            plain = at + 1;
            match byte {
                b'"' => self.raw("\\\""),
                b'\\' => self.raw("\\\\"),
                b'\n' => self.raw("\\n"),
                b'\r' => self.raw("\\r"),
                b'\t' => self.raw("\\t"),
                control => self.formatted(format_args!("\\u{control:04x}")),
            }
        }
        self.raw(&text[plain..]);
        self.raw("\"");
    }

    fn separate(&mut self, first: &mut bool) {
        if !std::mem::replace(first, false) {
            self.raw(",");
        }
    }

    fn display(&mut self, value: impl std::fmt::Display) {
        self.formatted(format_args!("{value}"));
    }

    /// The shortest digits that read back the same, with an exponent where that is shorter.
    fn debug(&mut self, value: impl std::fmt::Debug) {
        self.formatted(format_args!("{value:?}"));
    }

    fn formatted(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a vector does not fail.
        let _: std::io::Result<()> = self.out.write_fmt(text);
    }

    fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }
}

/// The grammar of RFC 8259 §6.
fn is_json_number(text: &str) -> bool {
    let digits = |s: &[u8]| s.iter().take_while(|b| b.is_ascii_digit()).count();
    let bytes = text.as_bytes();
    let mut rest = bytes.strip_prefix(b"-").unwrap_or(bytes);
    match digits(rest) {
        0 => return false,
        whole if whole > 1 && rest[0] == b'0' => return false,
        whole => rest = &rest[whole..],
    }
    if let Some(fraction) = rest.strip_prefix(b".") {
        match digits(fraction) {
            0 => return false,
            length => rest = &fraction[length..],
        }
    }
    if let Some(exponent) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) {
        let unsigned =
            exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        return digits(unsigned) > 0 && digits(unsigned) == unsigned.len();
    }
    rest.is_empty()
}
