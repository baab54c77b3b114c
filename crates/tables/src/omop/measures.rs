//! MEASUREMENT and OBSERVATION as Observations.

use super::row::{Made, Source};
use crate::values::{self, put};
use serde_json::{Map, Value, json};

pub(super) fn measurement(of: Source<'_>) -> Made {
    let when = of.moment("measurement_date", "measurement_datetime")?;
    let mut made = of.event("Observation", "subject", "encounter");
    made.insert("status".into(), "final".into());
    let names = ["measurement_concept_id", "measurement_source_concept_id", "measurement_source_value"];
    let code = of.code(names[0], names[1], names[2]);
    made.insert("code".into(), code.ok_or("neither a concept nor a source value")?);
    made.insert("effectiveDateTime".into(), when.into());
    value(of, &mut made);
    put(&mut made, "referenceRange", range(of));
    performer(of, &mut made);
    if let Some(event) = of.get("measurement_event_id").filter(|id| *id != "0") {
        put(&mut made, "partOf", source_of(of, "meas_event_field_concept_id", event));
    }
    of.done(made)
}

pub(super) fn observation(of: Source<'_>) -> Made {
    let when = of.moment("observation_date", "observation_datetime")?;
    let mut made = of.event("Observation", "subject", "encounter");
    made.insert("status".into(), "final".into());
    let names = ["observation_concept_id", "observation_source_concept_id", "observation_source_value"];
    let code = of.code(names[0], names[1], names[2]);
    made.insert("code".into(), code.ok_or("neither a concept nor a source value")?);
    made.insert("effectiveDateTime".into(), when.into());
    value(of, &mut made);
    let qualifier = of.code("qualifier_concept_id", "", "qualifier_source_value");
    let component =
        qualifier.map(|code| json!([{"code": {"text": "qualifier"}, "valueCodeableConcept": code}]));
    put(&mut made, "component", component);
    performer(of, &mut made);
    of.done(made)
}

fn performer(of: Source<'_>, made: &mut Map<String, Value>) {
    let doctor = of.other("provider_id", "PROVIDER", "Practitioner");
    put(made, "performer", doctor.map(|one| json!([one])));
}

/// A number, a concept or words, the first there is.
fn value(of: Source<'_>, made: &mut Map<String, Value>) {
    if let Some(mut quantity) = of.quantity("value_as_number", "unit_concept_id", "unit_source_value") {
        if let Some(comparator) = of.concept("operator_concept_id").and_then(comparator) {
            quantity["comparator"] = comparator.into();
        }
        made.insert("valueQuantity".into(), quantity);
    } else if let Some(code) = of.concept_of("value_as_concept_id") {
        made.insert("valueCodeableConcept".into(), code);
    } else {
        let words = of.get("value_as_string").or_else(|| of.get("value_source_value"));
        put(made, "valueString", words);
    }
}

/// OMOP's concepts of `<`, `<=`, `>`, `>=`; FHIR has none for `=`.
fn comparator(concept: i64) -> Option<&'static str> {
    match concept {
        4_171_756 => Some("<"),
        4_171_754 => Some("<="),
        4_172_704 => Some(">"),
        4_171_755 => Some(">="),
        _ => None,
    }
}

fn range(of: Source<'_>) -> Option<Value> {
    let mut made = Map::new();
    for (column, name) in [("range_low", "low"), ("range_high", "high")] {
        put(&mut made, name, of.quantity(column, "unit_concept_id", "unit_source_value"));
    }
    (!made.is_empty()).then(|| json!([made]))
}

/// What a measurement was made at: the table that a field concept means.
fn source_of(of: Source<'_>, field: &str, id: &str) -> Option<Value> {
    let (table, kind) = match of.concept(field)? {
        1_147_082 => ("PROCEDURE_OCCURRENCE", "Procedure"),
        1_147_094 => ("DRUG_EXPOSURE", "MedicationAdministration"),
        _ => return None,
    };
    of.key(table, id).map(|key| json!([values::refer(kind, &key)]))
}
