//! A record as a resource: under its FHIR id, in its version, its references pointing at what we hold.

use super::people;
use crate::App;
use crate::http::Problem;
use clinical::When;
use records::find::FindExams;
use records::marks::DICOM_UID;
use records::timeline::RecordRow;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Elements that hold a record's patient.
const PATIENTS: [&str; 5] = ["subject", "patient", "individual", "beneficiary", "for"];

/// Turns records into resources; what references mean is looked up once.
pub(super) struct Shaper<'a> {
    app: &'a App,
    known: HashMap<(String, String, String), Option<String>>,
    persons: HashMap<i64, String>,
}

/// What is told of a version.
pub(super) struct Version<'a> {
    pub number: i64,
    pub known_at: &'a str,
    pub content: Value,
}

impl<'a> Shaper<'a> {
    pub(super) fn new(app: &'a App) -> Self {
        Self { app, known: HashMap::new(), persons: HashMap::new() }
    }

    /// The record as it holds.
    pub(super) async fn shape(&mut self, row: &RecordRow) -> Result<Value, Problem> {
        let version = Version { number: row.version, known_at: &row.known_at, content: row.content.clone() };
        self.version(row, version).await
    }

    /// The record as it held.
    pub(super) async fn version(&mut self, row: &RecordRow, version: Version<'_>) -> Result<Value, Problem> {
        let mut content = version.content;
        let begins = records::marks::facts(&content).begins;
        let mapping = self.app.records.meanings_in(&[&content]).await?;
        mapping.apply(&mut content, begins);
        self.point(&mut content).await?;
        zoned("", &mut content);
        let Value::Object(mut content) = content else { return Err(Problem::not_found("resource")) };
        if let Some(person) = row.person {
            of_person(&mut content, &self.person(person).await?);
        }
        let mut meta = match content.shift_remove("meta") {
            Some(Value::Object(meta)) => meta,
            _ => Map::new(),
        };
        meta.insert("versionId".into(), version.number.to_string().into());
        meta.insert("lastUpdated".into(), version.known_at.into());
        let mut made = Map::new();
        made.insert("resourceType".into(), row.kind.as_str().into());
        made.insert("id".into(), name(self.app, row.id).await?.into());
        made.insert("meta".into(), meta.into());
        content.shift_remove("resourceType");
        content.shift_remove("id");
        made.extend(content);
        Ok(made.into())
    }

    /// The FHIR id of a person.
    async fn person(&mut self, person: i64) -> Result<String, Problem> {
        if let Some(known) = self.persons.get(&person) {
            return Ok(known.clone());
        }
        let name = people::name(self.app, person).await?;
        self.persons.insert(person, name.clone());
        Ok(name)
    }

    /// Adds to each logical reference the address of what it means, where we hold that.
    async fn point(&mut self, content: &mut Value) -> Result<(), Problem> {
        let mut wanted = Vec::new();
        logical(content, true, &mut |_, name| {
            wanted.push(name);
            None
        });
        for name in wanted {
            if !self.known.contains_key(&name) {
                let found = self.find(&name).await?;
                self.known.insert(name, found);
            }
        }
        logical(content, true, &mut |_, name| self.known.get(&name).cloned().flatten());
        Ok(())
    }

    /// The exam of the archive that an ImagingStudy is.
    pub(super) async fn exam_of(&self, content: &Value) -> Result<Option<String>, Problem> {
        let identifiers = content["identifier"].as_array().into_iter().flatten();
        let mut uids =
            identifiers.filter(|one| one["system"] == DICOM_UID).filter_map(|one| one["value"].as_str());
        let Some(uid) = uids.next() else { return Ok(None) };
        let study = uid.strip_prefix("urn:oid:").unwrap_or(uid).to_owned();
        let find = FindExams { studies: Some(vec![study]), ..FindExams::default() };
        Ok(self.app.records.find_exams(&find, 1).await?.pop().map(|exam| exam.study))
    }

    async fn find(&self, name: &(String, String, String)) -> Result<Option<String>, Problem> {
        let (kind, system, value) = name;
        if kind == "Patient" {
            let found = self.app.records.persons_by_identifier(Some(system), value).await?;
            let Some(person) = found.first() else { return Ok(None) };
            return Ok(Some(format!("Patient/{}", people::name(self.app, *person).await?)));
        }
        if system == DICOM_UID {
            let study = value.strip_prefix("urn:oid:").unwrap_or(value).to_owned();
            let find = FindExams { studies: Some(vec![study]), ..FindExams::default() };
            if let Some(exam) = self.app.records.find_exams(&find, 1).await?.first() {
                return Ok(Some(format!("ImagingStudy/{}", exam.study)));
            }
        }
        let found = self.app.records.named(std::slice::from_ref(name)).await?;
        let Some(record) = found.get(name) else { return Ok(None) };
        Ok(Some(format!("{kind}/{}", self::name(self.app, *record).await?)))
    }
}

/// The FHIR id of a record.
pub(super) async fn name(app: &App, record: i64) -> Result<String, Problem> {
    Ok(app.records.fhir_id_of_record(record).await?.unwrap_or_else(|| record.to_string()))
}

/// Elements that hold words, whatever they look like.
const WORDS: [&str; 5] = ["valueString", "value", "text", "display", "div"];

/// A time must have a zone (R4 §2.24.0.1). One whose place nobody told gets RFC 3339's sign for that: `-00:00`.
fn zoned(name: &str, value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|item| zoned(name, item)),
        Value::Object(object) => object.iter_mut().for_each(|(name, item)| zoned(name, item)),
        Value::String(text) if !WORDS.contains(&name) && When::parse(text).is_ok() => {
            let zone = text.get(19..).unwrap_or_default().contains(['Z', '+', '-']);
            match text.len() {
                // An instant is to the second (R4 §2.24.0.1).
                10 if name == "issued" => text.push_str("T00:00:00-00:00"),
                16 => text.push_str(":00-00:00"),
                19.. if !zone => text.push_str("-00:00"),
                _ => {}
            }
        }
        _ => {}
    }
}

/// Goes through the logical references (R4 §2.3.0): what `told` answers becomes their address.
fn logical(
    value: &mut Value,
    outermost: bool,
    told: &mut impl FnMut(&Map<String, Value>, (String, String, String)) -> Option<String>,
) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|item| logical(item, false, told)),
        Value::Object(object) => {
            let address = if outermost { None } else { named(object).and_then(|name| told(object, name)) };
            if let Some(address) = address {
                object.insert("reference".into(), address.into());
            }
            object.values_mut().for_each(|item| logical(item, false, told));
        }
        _ => {}
    }
}

/// Type, system and value of a logical reference.
fn named(object: &Map<String, Value>) -> Option<(String, String, String)> {
    let identifier = object.get("identifier")?.as_object()?;
    let kind = object.get("type")?.as_str()?;
    let value = identifier.get("value")?.as_str()?;
    let system = identifier.get("system").and_then(Value::as_str).unwrap_or_default();
    Some((kind.into(), system.into(), value.into()))
}

/// Whoever is said to be the patient, it is who records know it to be by now.
fn of_person(content: &mut Map<String, Value>, person: &str) {
    for name in PATIENTS {
        if let Some(Value::Object(reference)) = content.get_mut(name)
            && reference.get("type").is_none_or(|kind| kind == "Patient")
        {
            reference.insert("reference".into(), format!("Patient/{person}").into());
            return;
        }
    }
    let without = ["Patient", "Organization", "Practitioner", "Location", "Medication"];
    let kind = content.get("resourceType").and_then(Value::as_str).unwrap_or_default();
    if !without.contains(&kind) {
        let name = if PATIENT_ELEMENT.contains(&kind) { "patient" } else { "subject" };
        content.insert(name.into(), json!({"reference": format!("Patient/{person}")}));
    }
}

/// Types whose patient is `patient`, not `subject`.
const PATIENT_ELEMENT: [&str; 9] = [
    "AllergyIntolerance",
    "Claim",
    "ClaimResponse",
    "Consent",
    "EpisodeOfCare",
    "ExplanationOfBenefit",
    "FamilyMemberHistory",
    "Immunization",
    "MolecularSequence",
];

/// What a resource's elements point at, of what we hold.
pub(super) fn pointed(resource: &Value, elements: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for element in elements {
        addresses(&resource[*element], &mut found);
    }
    found
}

fn addresses(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|item| addresses(item, found)),
        Value::Object(object) => {
            let address = object.get("reference").and_then(Value::as_str);
            found.extend(address.filter(|text| !text.starts_with('#')).map(str::to_owned));
            object.values().filter(|value| value.is_object()).for_each(|value| addresses(value, found));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_without_a_zone_say_that_nobody_knows_it() {
        let mut content = json!({"issued": "2024-01-18", "period": {"start": "2024-01-18T09:00:00", "end": "2024-01-18"},
            "effectiveDateTime": "2024-01-18T09:00:00.5Z", "valueString": "2024-01-18T09:00:00"});
        zoned("", &mut content);
        assert_eq!(content["issued"], "2024-01-18T00:00:00-00:00");
        assert_eq!(content["period"], json!({"start": "2024-01-18T09:00:00-00:00", "end": "2024-01-18"}));
        assert_eq!(content["effectiveDateTime"], "2024-01-18T09:00:00.5Z");
        assert_eq!(content["valueString"], "2024-01-18T09:00:00");
    }

    #[test]
    fn logical_references_get_an_address_and_identifiers_do_not() {
        let mut content = json!({"identifier": {"value": "own"}, "type": "x",
            "basedOn": [{"type": "ServiceRequest", "identifier": {"system": "s", "value": "1"}}]});
        logical(&mut content, true, &mut |_, (kind, system, value)| Some(format!("{kind}/{system}{value}")));
        assert_eq!(content["basedOn"][0]["reference"], "ServiceRequest/s1");
        assert!(content.get("reference").is_none());
        assert_eq!(pointed(&content, &["basedOn", "none"]), ["ServiceRequest/s1"]);
    }
}
