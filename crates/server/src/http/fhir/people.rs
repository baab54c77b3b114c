//! A person as a Patient: what their Patient records say, with every identifier they are known by.

use crate::App;
use crate::http::Problem;
use records::timeline::Person;
use serde_json::{Map, Value, json};

/// The Patient who is the person of this number.
pub(super) async fn patient(app: &App, id: i64) -> Result<Option<Value>, Problem> {
    let Some(person) = app.records.person(id).await? else { return Ok(None) };
    Ok(Some(shape(&person, &name(app, person.id).await?)))
}

/// The FHIR id of a person.
pub(super) async fn name(app: &App, person: i64) -> Result<String, Problem> {
    Ok(app.records.fhir_id_of_person(person).await?.unwrap_or_else(|| person.to_string()))
}

/// Elements that only the server of the record could follow.
const ELSEWHERE: [&str; 2] = ["link", "contained"];

fn shape(person: &Person, id: &str) -> Value {
    let mut made = Map::new();
    made.insert("resourceType".into(), "Patient".into());
    made.insert("id".into(), id.into());
    made.insert("identifier".into(), person.identifiers.iter().map(identifier).collect());
    // The latest first: what it says counts, the others fill its gaps.
    for patient in person.patients.iter().filter_map(Value::as_object) {
        for (name, value) in patient.iter().filter(|(name, _)| !ELSEWHERE.contains(&name.as_str())) {
            made.entry(name.as_str()).or_insert_with(|| value.clone());
        }
    }
    let births = person.identifiers.iter().map(|one| one.birth_date.as_str());
    if let Some(birth) = births.into_iter().find_map(iso) {
        made.entry("birthDate").or_insert(birth.into());
    }
    made.into()
}

fn identifier(one: &records::timeline::PersonIdentifier) -> Value {
    let mut made = clinical::Identifier::new(&one.system, &one.value, Some(&one.kind))
        .map_or_else(|| json!({}), |identifier| identifier.to_json());
    // Who issued it is a name, not an address, where it came by HL7 or DICOM.
    if !one.system.is_empty() && !one.system.contains(':') {
        made["system"] = Value::Null;
        made["assigner"] = json!({"display": one.system});
        if let Value::Object(object) = &mut made {
            object.shift_remove("system");
        }
    }
    made
}

/// `19670412` and `1967-04-12` as FHIR writes dates.
fn iso(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (digits.len() == 8).then(|| format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]))
}
