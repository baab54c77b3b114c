//! Data set to XML.

use crate::bulk::BulkOptions;
use crate::data_set::{Kind, ascii_values, is_single, kind, numbers};
use crate::{DataSet, Element, Tag, Value, Vr, dictionary, tags};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::Write as _;

pub(super) const NAMESPACE: &str = "http://dicom.nema.org/PS3.19/models/NativeDICOM";
pub(super) const GROUPS: [&str; 3] = ["Alphabetic", "Ideographic", "Phonetic"];
pub(super) const PARTS: [&str; 5] = ["FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix"];

pub(super) struct Writer<'a> {
    pub bulk: &'a BulkOptions<'a>,
    /// The items around.
    pub path: Vec<(Tag, usize)>,
    pub out: &'a mut Vec<u8>,
}

impl Writer<'_> {
    pub(super) fn document(&mut self, data_set: &DataSet) {
        self.raw(r#"<?xml version="1.0" encoding="UTF-8"?>"#);
        self.formatted(format_args!(r#"<NativeDicomModel xmlns="{NAMESPACE}" xml:space="preserve">"#));
        self.attributes(data_set);
        if let Some((tag, vr)) = self.bulk.pixel_data.filter(|(tag, _)| !data_set.contains(*tag)) {
            self.start(data_set, tag, vr);
            if let Some(uri) = self.bulk.uri_of(&[], tag) {
                self.reference(&uri);
            }
            self.raw("</DicomAttribute>");
        }
        self.raw("</NativeDicomModel>");
    }

    fn attributes(&mut self, data_set: &DataSet) {
        for element in data_set.iter().filter(|element| element.tag.1 != 0) {
            self.start(data_set, element.tag, element.vr);
            self.content(data_set, element);
            self.raw("</DicomAttribute>");
        }
    }

    /// A private element is named by its creator, not by the block it happens to be in.
    fn start(&mut self, data_set: &DataSet, tag: Tag, vr: Vr) {
        let creator = data_set.private_creator(tag);
        let shown = if creator.is_some() { Tag(tag.0, tag.1 & 0xFF) } else { tag };
        self.formatted(format_args!(r#"<DicomAttribute tag="{:04X}{:04X}" vr="{vr}""#, shown.0, shown.1));
        if let Some(keyword) = dictionary::keyword(tag) {
            self.formatted(format_args!(r#" keyword="{keyword}""#));
        }
        if let Some(creator) = creator {
            self.raw(r#" privateCreator=""#);
            self.escaped(&creator);
            self.raw("\"");
        }
        self.raw(">");
    }

    fn content(&mut self, data_set: &DataSet, element: &Element) {
        if let Some(uri) = self.bulk.reference(&self.path, element) {
            return self.reference(&uri);
        }
        match &element.value {
            Value::Bytes(bytes) if bytes.is_empty() => {}
            // The text of the result is UTF-8, whatever it was.
            Value::Bytes(_) if element.tag == tags::SPECIFIC_CHARACTER_SET => self.value(1, "ISO_IR 192"),
            Value::Bytes(bytes) => self.bytes(data_set, element.vr, bytes),
            Value::Items(items) => self.items(element.tag, items),
            Value::Fragments(_) => {}
        }
    }

    fn items(&mut self, tag: Tag, items: &[DataSet]) {
        for (index, item) in items.iter().enumerate() {
            self.formatted(format_args!(r#"<Item number="{}">"#, index + 1));
            self.path.push((tag, index));
            self.attributes(item);
            self.path.pop();
            self.raw("</Item>");
        }
    }

    fn bytes(&mut self, data_set: &DataSet, vr: Vr, bytes: &[u8]) {
        match (kind(vr), vr) {
            (Kind::Other, _) => {
                self.formatted(format_args!("<InlineBinary>{}</InlineBinary>", STANDARD.encode(bytes)));
            }
            (Kind::Number, _) => {
                for (number, value) in (1..).zip(numbers(vr, bytes)) {
                    self.formatted(format_args!(r#"<Value number="{number}">{value}</Value>"#));
                }
            }
            (Kind::Text, Vr::DS | Vr::IS) => {
                for (number, value) in (1..).zip(ascii_values(bytes)) {
                    self.value(number, value);
                }
            }
            (Kind::Text, _) => {
                let text = data_set.charset().decode_in(bytes, vr);
                self.texts(vr, &text);
            }
        }
    }

    fn texts(&mut self, vr: Vr, text: &str) {
        if is_single(vr) {
            return self.value(1, text);
        }
        for (number, value) in (1..).zip(text.split('\\')) {
            match value.trim_matches([' ', '\0']) {
                name if vr == Vr::PN => self.person_name(number, name),
                value => self.value(number, value),
            }
        }
    }

    /// Empty values are left out; the numbers of the others show where they were.
    fn value(&mut self, number: usize, value: &str) {
        if !value.is_empty() {
            self.formatted(format_args!(r#"<Value number="{number}">"#));
            self.escaped(value);
            self.raw("</Value>");
        }
    }

    fn person_name(&mut self, number: usize, name: &str) {
        if name.is_empty() {
            return;
        }
        self.formatted(format_args!(r#"<PersonName number="{number}">"#));
        for (group, text) in GROUPS.iter().zip(name.splitn(3, '=')).filter(|(_, text)| !text.is_empty()) {
            self.formatted(format_args!("<{group}>"));
            for (part, text) in PARTS.iter().zip(text.splitn(5, '^')).filter(|(_, text)| !text.is_empty()) {
                self.formatted(format_args!("<{part}>"));
                self.escaped(text);
                self.formatted(format_args!("</{part}>"));
            }
            self.formatted(format_args!("</{group}>"));
        }
        self.raw("</PersonName>");
    }

    fn reference(&mut self, uri: &str) {
        self.raw(r#"<BulkData uri=""#);
        self.escaped(&uri.replace('"', "%22"));
        self.raw(r#""/>"#);
    }

    /// Control characters that XML 1.0 does not have are left out.
    fn escaped(&mut self, text: &str) {
        let mut plain = 0;
        for (at, byte) in text.bytes().enumerate() {
            let instead = match byte {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'\r' => "&#13;",
                b'\t' | b'\n' | 0x20.. => continue,
                _ => "",
            };
            self.raw(&text[plain..at]);
            self.raw(instead);
            plain = at + 1;
        }
        self.raw(&text[plain..]);
    }

    fn formatted(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a vector does not fail.
        let _: std::io::Result<()> = self.out.write_fmt(text);
    }

    fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }
}
