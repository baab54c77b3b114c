//! VISIT_OCCURRENCE and VISIT_DETAIL as Encounters.

use super::row::{Made, Source};
use crate::values::{period, put};
use serde_json::{Value, json};

pub(super) fn visit(of: Source<'_>) -> Made {
    encounter(of, "visit_", "visit_concept_id", "visit_source_concept_id", "visit_source_value")
}

pub(super) fn detail(of: Source<'_>) -> Made {
    let names = ["visit_detail_concept_id", "visit_detail_source_concept_id", "visit_detail_source_value"];
    let mut made = encounter(of, "visit_detail_", names[0], names[1], names[2])?;
    let parent = of.other("parent_visit_detail_id", "VISIT_DETAIL", "Encounter");
    let parent = parent.or_else(|| of.other("visit_occurrence_id", "VISIT_OCCURRENCE", "Encounter"));
    for record in &mut made {
        if let (Some(parent), Value::Object(content)) = (&parent, &mut record.content) {
            content.insert("partOf".into(), parent.clone());
        }
    }
    Ok(made)
}

fn encounter(of: Source<'_>, span: &str, concept: &str, source: &str, written: &str) -> Made {
    let (start, end) = of.span(span)?;
    let mut made = of.event("Encounter", "subject", "");
    // The CDM holds what is over, or goes on.
    made.insert("status".into(), if end.is_some() { "finished" } else { "in-progress" }.into());
    made.insert("class".into(), class(of.concept(concept)));
    put(&mut made, "type", of.code(concept, source, written).map(|code| json!([code])));
    put(&mut made, "period", period(Some(&start), end.as_deref()));
    let doctor = of.other("provider_id", "PROVIDER", "Practitioner");
    put(&mut made, "participant", doctor.map(|one| json!([{"individual": one}])));
    put(&mut made, "serviceProvider", of.other("care_site_id", "CARE_SITE", "Organization"));
    let from = first(of, "admitted_from_concept_id", "admitting_source_concept_id");
    let to = first(of, "discharged_to_concept_id", "discharge_to_concept_id");
    if from.is_some() || to.is_some() {
        let mut stay = serde_json::Map::new();
        put(&mut stay, "admitSource", from);
        put(&mut stay, "dischargeDisposition", to);
        made.insert("hospitalization".into(), stay.into());
    }
    of.done(made)
}

/// A column's name in 5.4, and before.
fn first(of: Source<'_>, now: &str, before: &str) -> Option<Value> {
    of.concept_of(now).or_else(|| of.concept_of(before))
}

/// OMOP's standard visit concepts as FHIR's classes (v3-ActCode).
fn class(concept: Option<i64>) -> Value {
    let code = match concept {
        Some(9201 | 262 | 8717 | 8920 | 8971) => "IMP",
        Some(9203 | 8870 | 8668) => "EMER",
        Some(9202 | 8756 | 8940 | 581_477 | 581_479 | 38_004_207 | 32_036) => "AMB",
        Some(581_476 | 8536) => "HH",
        Some(5083 | 722_455 | 581_475) => "VR",
        Some(32_037 | 581_379 | 581_383) => "ACUTE",
        Some(42_898_160 | 8676 | 8863) => "NONAC",
        _ => {
            return json!({"system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "code": "UNK"});
        }
    };
    json!({"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": code})
}
