//! R5 carried to R4, resource by resource (R5's version maps, http://hl7.org/fhir/5.0/versions.html).
//!
//! Nobody says reliably which version a resource has, so each rule looks at the elements themselves: it acts on forms
//! that R4 hasn't, and leaves everything else. What R4 has no place for is taken out and told.

mod consent;
mod rules;
mod types;

use rules::apply;
use serde_json::{Map, Value, json};

/// Carries a resource to R4; gives what could not be carried, in words.
pub(crate) fn carry(kind: &str, resource: &mut Map<String, Value>) -> Vec<String> {
    let mut lost = Vec::new();
    if kind == "Consent" && consent::is_r5(resource) {
        consent::carry(resource, &mut lost);
    }
    match kind {
        "Encounter" => reasons(resource),
        "Condition" => evidence(resource),
        _ => {}
    }
    apply(types::rules(kind), resource, "", &mut lost);
    match kind {
        "Encounter" => status(resource, "status", &ENCOUNTER),
        "MedicationStatement" => taken(resource),
        "DocumentReference" => document(resource),
        "MolecularSequence" => sequence(resource),
        _ => {}
    }
    lost
}

/// R5's encounter-status → R4's.
const ENCOUNTER: [(&str, &str); 4] = [
    ("on-hold", "onleave"),
    ("discharged", "finished"),
    ("completed", "finished"),
    ("discontinued", "cancelled"),
];

fn status(resource: &mut Map<String, Value>, element: &str, words: &[(&str, &str)]) {
    let Some(Value::String(status)) = resource.get_mut(element) else { return };
    if let Some((_, earlier)) = words.iter().find(|(later, _)| later == status) {
        *status = (*earlier).into();
    }
}

/// R5 groups an encounter's reasons by use.
fn reasons(resource: &mut Map<String, Value>) {
    let Some(Value::Array(groups)) = resource.get_mut("reason") else { return };
    let values = groups.iter_mut().filter_map(|group| group.get_mut("value")?.as_array_mut());
    let all: Vec<Value> = values.flat_map(std::mem::take).collect();
    resource.insert("reason".into(), all.into());
}

/// R4's evidence is an object with codes or details.
fn evidence(resource: &mut Map<String, Value>) {
    let Some(Value::Array(list)) = resource.get_mut("evidence") else { return };
    for item in list.iter_mut() {
        let mut made = Map::new();
        for (later, earlier) in [("concept", "code"), ("reference", "detail")] {
            if let Some(value) = item.get(later).filter(|value| value.is_object()) {
                made.insert(earlier.into(), json!([value]));
            }
        }
        if !made.is_empty() {
            *item = made.into();
        }
    }
}

/// R5's statement says apart that it was recorded and whether it is taken; R4's status says both.
fn taken(resource: &mut Map<String, Value>) {
    let adherence = resource.shift_remove("adherence");
    let code = adherence.as_ref().and_then(|said| said["code"]["coding"][0]["code"].as_str());
    if resource.get("status").is_some_and(|status| status == "recorded") {
        let status = match code {
            Some("taking" | "taking-as-directed" | "taking-not-as-directed") => "active",
            Some("stopped") => "stopped",
            Some("on-hold") => "on-hold",
            Some("not-taking") => "not-taken",
            _ => "unknown",
        };
        resource.insert("status".into(), status.into());
    }
}

/// R4 gathers in `context` what R5 has beside it.
fn document(resource: &mut Map<String, Value>) {
    if matches!(resource.get("context"), Some(Value::Object(_))) {
        return;
    }
    let mut context = Map::new();
    if let Some(Value::Array(list)) = resource.shift_remove("context") {
        context.insert("encounter".into(), list.into());
    }
    for (later, earlier) in [
        ("event", "event"),
        ("facilityType", "facilityType"),
        ("practiceSetting", "practiceSetting"),
        ("period", "period"),
        ("basedOn", "related"),
    ] {
        if let Some(value) = resource.shift_remove(later) {
            context.insert(earlier.into(), value);
        }
    }
    if let Some(Value::Array(events)) = context.get_mut("event") {
        events.iter_mut().for_each(|event| {
            if let Some(concept) = event.get_mut("concept").map(Value::take) {
                *event = concept;
            }
        });
        events.retain(|event| event.get("reference").is_none());
    }
    if !context.is_empty() {
        resource.insert("context".into(), context.into());
    }
}

/// R5 says a coordinate system in words, R4 as 0 or 1, and must.
fn sequence(resource: &mut Map<String, Value>) {
    let relative = resource.shift_remove("relative");
    let Some(relative) = relative else { return };
    let coded = &relative[0]["coordinateSystem"]["coding"][0]["code"];
    let system = if coded == "LA30270-8" || coded == "0-based" { 0 } else { 1 };
    resource.entry("coordinateSystem").or_insert(json!(system));
}
