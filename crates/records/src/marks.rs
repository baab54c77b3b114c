//! What a record's FHIR content says of itself and names of others. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clinical::{Identifier, When};
use serde_json::Value;

/// The system of DICOM UIDs as identifiers (R4 §4.14).
pub const DICOM_UID: &str = "urn:dicom:uid";
/// The code system of modalities (PS3.16 CID 29).
pub const MODALITY: &str = "http://dicom.nema.org/resources/ontology/DCM";

/// Something a record names, by which others find it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// `accession`, `study`, `placer`, `filler`, `visit`, `code`.
    pub role: &'static str,
    /// Who issued it.
    pub system: String,
    /// The value.
    pub value: String,
}

/// What is kept in columns of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// `status`, or the code of `clinicalStatus`.
    pub status: String,
    /// A line for people.
    pub title: String,
    /// The first moment of what it is about, in microseconds.
    pub begins: Option<i64>,
    /// The moment behind its last.
    pub ends: Option<i64>,
    /// Whether it tells a time of day.
    pub timed: bool,
    /// What it names.
    pub marks: Vec<Mark>,
}

/// The elements that say when it was or is, by preference.
const PERIODS: [&str; 7] = [
    "period",
    "effectivePeriod",
    "performedPeriod",
    "onsetPeriod",
    "occurrencePeriod",
    "servicePeriod",
    "whenHandedOver",
];
const MOMENTS: [&str; 20] = [
    "effectiveDateTime",
    "effectiveInstant",
    "performedDateTime",
    "occurrenceDateTime",
    "onsetDateTime",
    "started",
    "start",
    "whenHandedOver",
    "whenPrepared",
    "dateAsserted",
    "date",
    "recordedDate",
    "authoredOn",
    "issued",
    "receivedTime",
    "dateTime",
    "birthDate",
    "recorded",
    "created",
    "assertedDate",
];

/// Reads a resource.
#[must_use]
pub fn facts(content: &Value) -> Facts {
    let (begins, ends, timed) = span(content);
    let status =
        content["status"].as_str().or_else(|| content["clinicalStatus"]["coding"][0]["code"].as_str());
    Facts {
        status: status.unwrap_or_default().into(),
        title: title(content),
        begins,
        ends,
        timed,
        marks: marks(content),
    }
}

fn span(content: &Value) -> (Option<i64>, Option<i64>, bool) {
    let when = |value: &Value| value.as_str().and_then(|text| When::parse(text).ok());
    for name in PERIODS {
        let (start, end) = (when(&content[name]["start"]), when(&content[name]["end"]));
        if start.is_some() || end.is_some() {
            let timed = start.as_ref().or(end.as_ref()).is_some_and(When::has_time);
            let first = start.as_ref().or(end.as_ref()).map(|when| when.earliest().as_micros());
            return (first, end.map(|end| end.end().as_micros()), timed);
        }
    }
    for name in MOMENTS {
        if let Some(at) = when(&content[name]) {
            let ends = ["end", "abatementDateTime"].iter().find_map(|name| when(&content[*name]));
            let end = ends.as_ref().unwrap_or(&at).end().as_micros();
            let open = content["resourceType"] == "Condition" && ends.is_none();
            return (Some(at.earliest().as_micros()), (!open).then_some(end), at.has_time());
        }
    }
    (None, None, false)
}

/// The text of a CodeableConcept.
#[must_use]
pub fn concept(value: &Value) -> Option<&str> {
    let coded = || value["coding"].as_array().into_iter().flatten().find_map(|c| c["display"].as_str());
    let code = || value["coding"].as_array().into_iter().flatten().find_map(|c| c["code"].as_str());
    value["text"].as_str().or_else(coded).or_else(code).filter(|text| !text.is_empty())
}

fn title(content: &Value) -> String {
    let named =
        ["code", "medicationCodeableConcept", "vaccineCode", "type", "serviceType"].iter().find_map(|name| {
            match &content[*name] {
                Value::Array(list) => list.iter().find_map(concept),
                one => concept(one),
            }
        });
    let other = || {
        ["class", "medicationReference", "description", "category", "name"].iter().find_map(|name| {
            match &content[*name] {
                Value::String(text) => Some(text.as_str()),
                Value::Array(list) => list.iter().find_map(concept),
                one => one["display"].as_str().or_else(|| one["code"].as_str()),
            }
        })
    };
    named.or_else(other).unwrap_or_default().chars().take(200).collect()
}

/// All identifiers in a list or alone.
fn identifiers(value: &Value) -> Vec<Identifier> {
    match value {
        Value::Array(list) => list.iter().filter_map(Identifier::of_json).collect(),
        one => Identifier::of_json(one).into_iter().collect(),
    }
}

fn marks(content: &Value) -> Vec<Mark> {
    let mut found = Vec::new();
    let resource = content["resourceType"].as_str().unwrap_or_default();
    for identifier in identifiers(&content["identifier"]) {
        found.extend(mark_of(&identifier, resource));
    }
    for (name, resource) in [
        ("basedOn", "ServiceRequest"),
        ("encounter", "Encounter"),
        ("context", "Encounter"),
        ("imagingStudy", "ImagingStudy"),
    ] {
        for reference in referred(&content[name]) {
            found.extend(mark_of(&reference, resource));
            found.push(Mark { role: "refers", system: reference.system, value: reference.value });
        }
    }
    if resource == "DiagnosticReport" {
        let named = modalities(content).into_iter();
        found.extend(named.map(|value| Mark { role: "modality", system: String::new(), value }));
    }
    for coding in codings(&content["code"]).chain(codings(&content["medicationCodeableConcept"])) {
        found.extend(coded(coding));
    }
    found.sort();
    found.dedup();
    found
}

fn codings(concept: &Value) -> impl Iterator<Item = &Value> {
    concept["coding"].as_array().into_iter().flatten()
}

fn coded(coding: &Value) -> Option<Mark> {
    let value = coding["code"].as_str()?.into();
    Some(Mark { role: "code", system: coding["system"].as_str().unwrap_or_default().into(), value })
}

/// The identifiers of a logical reference, or of several.
fn referred(value: &Value) -> Vec<Identifier> {
    match value {
        Value::Array(list) => list.iter().flat_map(referred).collect(),
        one => Identifier::of_json(&one["identifier"]).into_iter().collect(),
    }
}

fn mark_of(identifier: &Identifier, resource: &str) -> Option<Mark> {
    let uid = identifier.value.strip_prefix("urn:oid:").unwrap_or(&identifier.value);
    let (role, value) = match identifier.kind.as_deref() {
        _ if identifier.system == DICOM_UID => ("study", uid),
        Some("ACSN") => ("accession", identifier.value.as_str()),
        Some("PLAC") => ("placer", identifier.value.as_str()),
        Some("FILL") => ("filler", identifier.value.as_str()),
        Some("VN") if resource == "Encounter" => ("visit", identifier.value.as_str()),
        _ => return None,
    };
    Some(Mark { role, system: identifier.system.clone(), value: value.into() })
}

/// The modalities a record names, such as `CT`.
#[must_use]
pub fn modalities(content: &Value) -> Vec<String> {
    let direct =
        content["modality"].as_array().into_iter().flatten().filter_map(|coding| coding["code"].as_str());
    let listed = content["category"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(codings)
        .filter(|coding| coding["system"] == MODALITY)
        .filter_map(|coding| coding["code"].as_str());
    let mut found: Vec<_> = direct.chain(listed).map(str::to_uppercase).collect();
    found.sort();
    found.dedup();
    found
}

/// Words that say what was ordered, reported or done, folded.
#[must_use]
pub fn words(content: &Value) -> String {
    let parts = ["code", "bodySite", "reasonCode", "procedureCode"];
    let mut text = String::new();
    for part in parts {
        let list = match &content[part] {
            Value::Array(list) => list.as_slice(),
            one => std::slice::from_ref(one),
        };
        for concept in list.iter().filter_map(concept) {
            text.push(' ');
            text.push_str(concept);
        }
    }
    catalog::fold::fold(&text)
}

/// The plain text of a report or document: its attached texts, else its conclusion.
#[must_use]
pub fn report_text(content: &Value) -> Option<String> {
    let attachments = content["presentedForm"].as_array().into_iter().flatten();
    let documents = content["content"].as_array().into_iter().flatten().map(|part| &part["attachment"]);
    let texts: Vec<_> = attachments.chain(documents).filter_map(plain).collect();
    if !texts.is_empty() {
        return Some(texts.join("\n"));
    }
    content["conclusion"].as_str().map(Into::into)
}

fn plain(attachment: &Value) -> Option<String> {
    let plain = attachment["contentType"].as_str().is_some_and(|media| media.starts_with("text/plain"));
    let bytes = STANDARD.decode(attachment["data"].as_str().filter(|_| plain)?).ok()?;
    String::from_utf8(bytes).ok()
}

/// True for orders and reports of images: what is linked to exams.
#[must_use]
pub fn is_imaging(kind: &str, content: &Value) -> bool {
    match kind {
        "ImagingStudy" => true,
        "ServiceRequest" | "DiagnosticReport" => {
            !modalities(content).is_empty()
                || marks(content).iter().any(|mark| matches!(mark.role, "accession" | "study"))
                || radiology(content)
        }
        _ => false,
    }
}

fn radiology(content: &Value) -> bool {
    let category = content["category"].as_array().into_iter().flatten().flat_map(codings);
    let imaging = |coding: &Value| {
        matches!(
            coding["code"].as_str(),
            Some(
                "RAD"
                    | "RUS"
                    | "CT"
                    | "NMR"
                    | "CUS"
                    | "NMS"
                    | "IMG"
                    | "imaging"
                    | "363679005"
                    | "LP29684-5"
                    | "18748-4"
                    | "18726-0"
            )
        )
    };
    category.chain(codings(&content["code"])).any(imaging)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_order_names_its_numbers_and_its_study() {
        let order = json!({"resourceType": "ServiceRequest", "status": "active", "identifier": [
            {"type": {"coding": [{"code": "PLAC"}]}, "system": "NGH", "value": "PO1"},
            {"type": {"coding": [{"code": "ACSN"}]}, "value": "A1"},
            {"system": DICOM_UID, "value": "urn:oid:1.2.3"}],
            "code": {"text": "CT CHEST"}, "occurrenceDateTime": "2024-01-18T08:00:00"});
        let facts = facts(&order);
        let roles: Vec<_> = facts.marks.iter().map(|mark| (mark.role, mark.value.as_str())).collect();
        assert_eq!(roles, [("accession", "A1"), ("placer", "PO1"), ("study", "1.2.3")]);
        assert_eq!((facts.title.as_str(), facts.status.as_str(), facts.timed), ("CT CHEST", "active", true));
        assert!(is_imaging("ServiceRequest", &order));
    }

    #[test]
    fn a_condition_without_an_end_is_still_there() {
        let open = facts(&json!({"resourceType": "Condition", "onsetDateTime": "2024"}));
        assert!(open.begins.is_some() && open.ends.is_none());
        let over = facts(
            &json!({"resourceType": "Condition", "onsetDateTime": "2024", "abatementDateTime": "2025"}),
        );
        assert!(over.ends > over.begins);
    }
}
