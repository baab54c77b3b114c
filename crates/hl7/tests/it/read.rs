//! Reading messages in tests.

use clinical::{Record, Said};
use hl7::{Message, Translation, names_somebody, translate};
use serde_json::Value;

/// A message of a type, with these segments behind its header; every segment of it is accounted for.
pub fn said(kind: &str, segments: &[&str]) -> Translation {
    let header = format!("MSH|^~\\&|RIS|NGH|ISO|RES|20240105101500||{kind}|C1|P|2.5.1||||||UNICODE UTF-8");
    let text = [&[header.as_str()], segments].concat().join("\r");
    checked(&Message::parse(text.as_bytes()).expect("a message"))
}

/// Translates, and checks that every segment was read or is left by its place.
pub fn checked(message: &Message) -> Translation {
    let translation = translate(message);
    let places: Vec<_> = message.segments().map(|segment| segment.place()).collect();
    let left = translation.left.iter().filter(|left| places.contains(&left.place)).count();
    assert_eq!(translation.read + left, places.len(), "{:?}", translation.left);
    assert!(!names_somebody(message) || !translation.statements.is_empty(), "a door answers success to it");
    translation
}

/// The records of a resource type.
pub fn records<'t>(translation: &'t Translation, kind: &str) -> Vec<&'t Record> {
    let records = translation.statements.iter().filter_map(|statement| match &statement.said {
        Said::Record(record) if record.kind == kind => Some(record.as_ref()),
        _ => None,
    });
    records.collect()
}

/// The only record of a resource type.
pub fn record<'t>(translation: &'t Translation, kind: &str) -> &'t Record {
    let all = records(translation, kind);
    assert_eq!(all.len(), 1, "one {kind}");
    all[0]
}

/// `system|value|kind` of each key.
pub fn keys(record: &Record) -> Vec<String> {
    let key = |key: &clinical::Identifier| {
        format!("{}|{}|{}", key.system, key.value, key.kind.as_deref().unwrap_or_default())
    };
    record.keys.iter().map(key).collect()
}

/// The text of a report's first attachment.
pub fn text(report: &Value) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let data = report["presentedForm"][0]["data"].as_str().expect("a text");
    String::from_utf8(STANDARD.decode(data).expect("base64")).expect("UTF-8")
}

pub const PID: &str = "PID|1||MRN1^^^NGH^MR||Doe^Jane||19700101|F";
