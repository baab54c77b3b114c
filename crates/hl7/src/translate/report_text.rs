//! A report from its observations: text in order, sections by their codes, the impression, attached documents.

use crate::Segment;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

/// What a report's observations hold together.
#[derive(Default)]
pub(super) struct Text {
    lines: Vec<String>,
    impression: Vec<String>,
    heading: Option<&'static str>,
    /// There is text that is no addendum.
    pub body: bool,
    /// There is an addendum.
    pub addendum: bool,
    /// An observation says it corrects an earlier one.
    pub corrected: bool,
    /// Documents: PDF, CDA, addresses.
    pub documents: Vec<Value>,
}

const IMPRESSION: &str = "IMPRESSION";
const ADDENDUM: &str = "ADDENDUM";

impl Text {
    /// Takes an observation that is text or a document; false for any other.
    pub(super) fn take(&mut self, obx: &Segment<'_>) -> bool {
        match obx.first(2).unwrap_or_default().to_ascii_uppercase().as_str() {
            "TX" | "FT" | "ST" | "" => self.take_text(obx),
            "ED" => self.documents.extend(encapsulated(obx)),
            "RP" => self.documents.extend(pointer(obx)),
            _ => return false,
        }
        self.corrected |= obx.first(11).is_some_and(|status| status.eq_ignore_ascii_case("C"));
        true
    }

    fn take_text(&mut self, obx: &Segment<'_>) {
        let text = obx.field(5).lines_of_repeats(); // an empty observation is an empty line
        self.begin(heading(obx), &text);
        if self.heading == Some(IMPRESSION) {
            self.impression.push(text.clone());
        }
        let (said, addendum) = (!text.trim().is_empty(), self.heading == Some(ADDENDUM));
        self.addendum |= said && addendum;
        self.body |= said && !addendum;
        self.lines.push(text);
    }

    /// Adds a note as lines of the text.
    pub(super) fn take_note(&mut self, nte: &Segment<'_>) {
        let text = nte.field(3).lines_of_repeats();
        self.body |= !text.trim().is_empty();
        self.lines.push(text);
    }

    /// Begins a section where the code says so and the text doesn't.
    fn begin(&mut self, heading: Option<&'static str>, text: &str) {
        if heading == self.heading {
            return;
        }
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        let first: String = text.trim_start().chars().take(20).collect();
        let first = first.to_ascii_uppercase();
        if let Some(heading) = heading.filter(|heading| !first.starts_with(heading.trim_end_matches('S'))) {
            self.lines.push(format!("{heading}:"));
        }
        self.heading = heading;
    }

    /// The whole text; none when there is none.
    pub(super) fn whole(&self) -> Option<String> {
        let text = self.lines.join("\n");
        let text = text.trim_matches('\n');
        (!text.trim().is_empty()).then(|| text.into())
    }

    pub(super) fn impression(&self) -> Option<String> {
        let text = self.impression.join("\n");
        (!text.trim().is_empty()).then(|| text.trim().into())
    }

    /// All of it as attachments, the text first.
    pub(super) fn attachments(&self) -> Vec<Value> {
        let text = self.whole().map(|text| {
            json!({"contentType": "text/plain; charset=utf-8", "data": STANDARD.encode(text.as_bytes())})
        });
        text.into_iter().chain(self.documents.iter().cloned()).collect()
    }
}

/// True when an observation's code is one that report text is sent under.
pub(super) fn is_report_code(obx: &Segment<'_>) -> bool {
    let code = obx.field(3).component(1);
    let suffix = matches!(code.subcomponent(2).text().as_deref(), Some("GDT" | "IMP" | "ADT" | "REC"));
    suffix
        || matches!(code.first().as_deref(), Some("18748-4" | "GDT" | "IMP"))
        || by_loinc(code.first()).is_some()
}

/// The section an observation belongs to: by the suffix of its code (v2.9 §7.1.4), its code, or what it is called.
fn heading(obx: &Segment<'_>) -> Option<&'static str> {
    let code = obx.field(3).component(1);
    let suffix = match code.subcomponent(2).text().as_deref() {
        Some("IMP") => Some(IMPRESSION),
        Some("ADT") => Some(ADDENDUM),
        Some("REC") => Some("RECOMMENDATION"),
        Some("GDT") => return None,
        _ => None,
    };
    suffix.or_else(|| by_loinc(code.first())).or_else(|| by_words(obx))
}

fn by_loinc(code: Option<String>) -> Option<&'static str> {
    Some(match code?.as_str() {
        "19005-8" | "55110-1" | "121072" | "121076" | "IMP" => IMPRESSION,
        "59776-5" | "859776-5" | "18782-3" | "121070" => "FINDINGS",
        "18785-6" | "59768-2" | "121109" => "INDICATION",
        "11329-0" | "121060" => "HISTORY",
        "55111-9" | "121064" => "TECHNIQUE",
        "55114-3" | "18834-2" => "COMPARISON",
        "18783-1" | "121074" => "RECOMMENDATION",
        "55107-7" => ADDENDUM,
        _ => return None,
    })
}

fn by_words(obx: &Segment<'_>) -> Option<&'static str> {
    const WORDS: [(&str, &str); 9] = [
        ("IMPRESSION", IMPRESSION),
        ("CONCLUSION", IMPRESSION),
        ("FINDING", "FINDINGS"),
        ("INDICATION", "INDICATION"),
        ("HISTORY", "HISTORY"),
        ("TECHNIQUE", "TECHNIQUE"),
        ("COMPARISON", "COMPARISON"),
        ("RECOMMENDATION", "RECOMMENDATION"),
        ("ADDENDUM", ADDENDUM),
    ];
    let code = obx.field(3);
    let said = code.component(2).first().or_else(|| code.component(1).first())?.to_ascii_uppercase();
    WORDS.iter().find(|(word, _)| said.starts_with(word)).map(|(_, heading)| *heading)
}

/// ED (v2.9 §2A.2.23): application, type, subtype, encoding, data.
fn encapsulated(obx: &Segment<'_>) -> Option<Value> {
    let value = obx.field(5);
    let part = |number| value.component(number).first().unwrap_or_default();
    let content_type = media_type(&part(2), &part(3));
    let data = value.component(5).lines();
    let data = match part(4).to_ascii_lowercase().as_str() {
        _ if data.trim().is_empty() => return None,
        "base64" => data.split_whitespace().collect(),
        "hex" => STANDARD.encode(bytes(&data)?),
        _ => STANDARD.encode(data.as_bytes()),
    };
    Some(json!({"contentType": content_type, "data": data, "title": obx.field(3).component(2).first()}))
        .and_then(super::content::compact)
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<_>> = hex.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16)).collect();
    Some(digits?.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | *digit as u8)).collect())
}

/// Table 0834 and table 0291 as a media type.
fn media_type(kind: &str, subtype: &str) -> String {
    let (kind, subtype) = (kind.to_ascii_lowercase(), subtype.to_ascii_lowercase());
    match (kind.as_str(), subtype.as_str()) {
        (_, "pdf") => "application/pdf".into(),
        (_, "x-hl7-cda-level-one" | "cda" | "xml") => "text/xml".into(),
        (_, "html") => "text/html".into(),
        (_, "rtf") => "text/rtf".into(),
        ("text" | "txt" | "tx", "" | "plain" | "ascii") => "text/plain".into(),
        ("" | "ap", subtype) if !subtype.is_empty() => format!("application/{subtype}"),
        ("im", subtype) if !subtype.is_empty() => format!("image/{subtype}"),
        ("", _) => "application/octet-stream".into(),
        (kind, "") => format!("{kind}/octet-stream"),
        (kind, subtype) => format!("{kind}/{subtype}"),
    }
}

/// RP (v2.9 §2A.2.65): an address, its application, type and subtype.
fn pointer(obx: &Segment<'_>) -> Option<Value> {
    let value = obx.field(5);
    let address = value.component(1).text().filter(|address| address.contains("://"))?;
    let part = |number| value.component(number).first();
    let content_type = part(4).map(|subtype| media_type(&part(3).unwrap_or_default(), &subtype));
    super::content::compact(json!({"contentType": content_type, "url": address}))
}
