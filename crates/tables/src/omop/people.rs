//! PERSON, DEATH, PROVIDER and CARE_SITE.

use super::row::{Made, Source};
use crate::values::{self, NO_DATE, put};
use clinical::{Identifier, Record, Told, When};
use serde_json::{Map, Value, json};

const RACE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
const ETHNICITY: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity";

pub(super) fn person(of: Source<'_>) -> Made {
    let keys = of.key("PERSON", of.id).into_iter().chain(written(of, "person_source_value"));
    let keys: Vec<Identifier> = keys.collect();
    let mut made = Map::new();
    made.insert("resourceType".into(), "Patient".into());
    made.insert("identifier".into(), keys.iter().map(Identifier::to_json).collect());
    made.insert("gender".into(), gender(of).into());
    put(&mut made, "birthDate", birth(of)?);
    let more: Vec<_> = [(RACE, "race"), (ETHNICITY, "ethnicity")]
        .into_iter()
        .filter_map(|(url, name)| {
            let text = spoken(of, name)?;
            Some(json!({"url": url, "extension": [{"url": "text", "valueString": text}]}))
        })
        .collect();
    put(&mut made, "extension", (!more.is_empty()).then_some(more));
    put(&mut made, "managingOrganization", of.other("care_site_id", "CARE_SITE", "Organization"));
    let doctor = of.other("provider_id", "PROVIDER", "Practitioner");
    put(&mut made, "generalPractitioner", doctor.map(|one| json!([one])));
    let patient = keys.clone();
    Ok(vec![record("Patient", keys, patient, made)])
}

fn record(
    kind: &str,
    keys: Vec<Identifier>,
    patient: Vec<Identifier>,
    content: Map<String, Value>,
) -> Record {
    Record { kind: kind.into(), keys, patient, content: content.into(), told: Told::Whole, state: None }
}

/// A number or name of the source, which is the source's own.
fn written(of: Source<'_>, column: &str) -> Option<Identifier> {
    Identifier::new(&format!("{}/{column}", of.scope), of.get(column)?, None)
}

/// OMOP's standard concepts of gender.
fn gender(of: Source<'_>) -> &'static str {
    let said = of.get("gender_source_value").unwrap_or_default().to_ascii_lowercase();
    match (of.concept("gender_concept_id"), said.as_str()) {
        (Some(8507), _) | (None, "m" | "male") => "male",
        (Some(8532), _) | (None, "f" | "female") => "female",
        (Some(8521), _) | (None, "o" | "other") => "other",
        _ => "unknown",
    }
}

fn birth(of: Source<'_>) -> Result<Option<String>, &'static str> {
    let part = |column: &str| of.get(column).map(|text| text.parse::<u16>().map_err(|_| NO_DATE)).transpose();
    let made = match (part("year_of_birth")?, part("month_of_birth")?, part("day_of_birth")?) {
        (None, _, _) => return values::moment(None, of.get("birth_datetime")).map(|when| when.map(day_of)),
        (Some(year), None, _) => format!("{year:04}"),
        (Some(year), Some(month), None) => format!("{year:04}-{month:02}"),
        (Some(year), Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
    };
    When::parse(&made).map(|_| Some(made)).map_err(|_| NO_DATE)
}

fn day_of(moment: String) -> String {
    moment.split('T').next().map(str::to_owned).unwrap_or(moment)
}

fn spoken(of: Source<'_>, name: &str) -> Option<String> {
    let concept = of.concept(&format!("{name}_concept_id")).and_then(|id| of.concepts.get(id));
    let written = of.get(if name == "race" { "race_source_value" } else { "ethnicity_source_value" });
    concept.map(|concept| concept.name.clone()).or_else(|| written.map(str::to_owned))
}

/// Says of the patient when they died; the rest of the patient stays.
pub(super) fn death(of: Source<'_>) -> Made {
    let when = of.moment("death_date", "death_datetime")?;
    let keys: Vec<_> = of.patient().into_iter().collect();
    let mut made = Map::new();
    made.insert("resourceType".into(), "Patient".into());
    made.insert("deceasedDateTime".into(), when.into());
    let patient = keys.clone();
    let mut record = record("Patient", keys, patient, made);
    record.told = Told::Change;
    Ok(vec![record])
}

pub(super) fn provider(of: Source<'_>) -> Made {
    let npi =
        of.get("npi").and_then(|npi| Identifier::new("http://hl7.org/fhir/sid/us-npi", npi, Some("NPI")));
    let own = of.key("PROVIDER", of.id).into_iter().chain(written(of, "provider_source_value"));
    let keys: Vec<_> = own.chain(npi).collect();
    let mut made = Map::new();
    made.insert("resourceType".into(), "Practitioner".into());
    made.insert("identifier".into(), keys.iter().map(Identifier::to_json).collect());
    put(&mut made, "name", of.get("provider_name").map(|name| json!([{"text": name}])));
    let specialty = of.code("specialty_concept_id", "specialty_source_concept_id", "specialty_source_value");
    put(&mut made, "qualification", specialty.map(|code| json!([{"code": code}])));
    Ok(vec![record("Practitioner", keys, Vec::new(), made)])
}

pub(super) fn care_site(of: Source<'_>) -> Made {
    let own = of.key("CARE_SITE", of.id).into_iter().chain(written(of, "care_site_source_value"));
    let keys: Vec<_> = own.collect();
    let mut made = Map::new();
    made.insert("resourceType".into(), "Organization".into());
    made.insert("identifier".into(), keys.iter().map(Identifier::to_json).collect());
    put(&mut made, "name", of.get("care_site_name"));
    put(&mut made, "type", of.concept_of("place_of_service_concept_id").map(|code| json!([code])));
    Ok(vec![record("Organization", keys, Vec::new(), made)])
}
