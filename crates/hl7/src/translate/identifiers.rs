//! CX, EI and HD: numbers and who issued them.

use crate::{Part, Segment};
use clinical::Identifier;
use serde_json::{Value, json};

/// An authority as an identifier's system, and its other name: HD, or three parts of EI.
fn authority(namespace: Option<String>, universal: Option<String>, kind: Option<&str>) -> (String, String) {
    let namespace = namespace.unwrap_or_default();
    let uri = universal.as_deref().and_then(|id| uri(id, kind?));
    match (uri, universal) {
        (Some(uri), _) => (uri, namespace),
        (None, Some(universal)) if namespace.is_empty() => (universal, String::new()),
        _ => (namespace, String::new()),
    }
}

/// A universal id as a URI, by its type (table 0301).
fn uri(id: &str, kind: &str) -> Option<String> {
    match kind.to_ascii_uppercase().as_str() {
        "ISO" => Some(format!("urn:oid:{}", id.trim_start_matches("urn:oid:"))),
        "UUID" | "GUID" => Some(format!("urn:uuid:{}", id.to_ascii_lowercase())),
        "URI" | "URL" => Some(id.into()),
        "DNS" => Some(format!("urn:dns:{}", id.to_ascii_lowercase())),
        _ => None,
    }
}

fn of_hd(value: &str, hd: Part<'_>, kind: Option<&str>) -> Option<Identifier> {
    let part = |number| hd.subcomponent(number).text();
    let (system, other) = authority(part(1), part(2), part(3).as_deref());
    Some(Identifier::new(&system, value, kind)?.assigned_by(&other))
}

/// CX (v2.9 §2A.2.15): value in the first component, authority in the fourth, type in the fifth.
pub(super) fn of_cx(cx: Part<'_>) -> Option<Identifier> {
    let kind = cx.component(5).first();
    of_hd(&cx.component(1).first()?, cx.component(4), kind.as_deref())
}

/// The same, of a kind that its field says.
pub(super) fn of_cx_as(cx: Part<'_>, kind: &str) -> Option<Identifier> {
    let mut made = of_cx(cx)?;
    made.kind = Some(kind.into());
    Some(made)
}

/// EI (v2.9 §2A.2.24): value, namespace, universal id and its type.
pub(super) fn of_ei(ei: Part<'_>, kind: Option<&str>) -> Option<Identifier> {
    let part = |number| ei.component(number).first();
    let (system, other) = authority(part(2), part(3), part(4).as_deref());
    Some(Identifier::new(&system, &part(1)?, kind)?.assigned_by(&other))
}

/// A pair of numbers in one component (EIP), by subcomponents.
pub(super) fn of_eip(part: Part<'_>, kind: &str) -> Option<Identifier> {
    let sub = |number| part.subcomponent(number).text();
    let (system, other) = authority(sub(2), sub(3), sub(4).as_deref());
    Some(Identifier::new(&system, &sub(1)?, Some(kind))?.assigned_by(&other))
}

/// XCN: a person's number in the first component, its authority in the ninth.
pub(super) fn of_xcn(xcn: Part<'_>) -> Option<Identifier> {
    let kind = xcn.component(13).first();
    of_hd(&xcn.component(1).first()?, xcn.component(9), kind.as_deref())
}

/// A field's numbers of one kind, added to those that are there already, each once.
pub(super) fn add(all: &mut Vec<Identifier>, more: impl IntoIterator<Item = Identifier>) {
    for one in more {
        if !all.iter().any(|known| known.system == one.system && known.value == one.value) {
            all.push(one);
        }
    }
}

/// What identifies a DICOM study, as an ImagingStudy's identifier says it.
pub(super) fn study(uid: &str) -> Value {
    json!({"system": "urn:dicom:uid", "value": format!("urn:oid:{uid}")})
}

/// True for text that is a UID (PS3.5 §9.1).
pub(super) fn is_uid(text: &str) -> bool {
    let parts_are_numbers =
        || text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    (6..=64).contains(&text.len()) && text.contains('.') && parts_are_numbers()
}

/// A number that is known by its field alone.
pub(super) fn plain(what: &str, segment: &Segment<'_>, number: usize) -> Option<Value> {
    let value = segment.first(number)?;
    Some(json!({"type": {"text": what}, "value": value}))
}
