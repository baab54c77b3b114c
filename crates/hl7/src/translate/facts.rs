//! AL1, DG1 and PR1: allergies, diagnoses, procedures.

use super::content::{Content, annotation};
use super::desk::Desk;
use super::{coded, identifiers, people};
use crate::Segment;
use clinical::{Identifier, Told};
use serde_json::{Value, json};

/// Reads all of them.
pub(super) fn read(desk: &mut Desk<'_>) {
    desk.unread("AL1").iter().for_each(|al1| allergy(desk, al1));
    desk.unread("DG1").iter().for_each(|dg1| diagnosis(desk, dg1));
    desk.unread("PR1").iter().for_each(|pr1| procedure(desk, pr1));
}

/// What a code is called in a key: its code, else its words.
fn named(segment: &Segment<'_>, number: usize) -> Option<String> {
    let field = segment.field(number);
    field.component(1).first().or_else(|| field.component(2).first())
}

fn allergy(desk: &mut Desk<'_>, al1: &Segment<'_>) {
    let Some(name) = named(al1, 3) else {
        desk.leave_segment(al1, "it names no allergen (AL1-3)", true);
        return;
    };
    desk.take(al1);
    let mut allergy = Content::of("AllergyIntolerance");
    let code = al1.first(2).unwrap_or_default();
    let category = match code.as_str() {
        "DA" | "DRUG" => Some("medication"),
        "FA" => Some("food"),
        "EA" | "AA" | "PA" | "LA" => Some("environment"),
        _ => None,
    };
    allergy.list("category", category.into_iter().map(Value::from).collect());
    allergy.field("criticality", al1.field(4), |severity| Some(criticality(&severity.first()?).into()));
    allergy.field("code", al1.field(3), coded::concept);
    allergy.put("patient", desk.subject());
    allergy.put("onsetDateTime", desk.date_time(al1, 6));
    let reactions = al1.field(5).repeats().filter_map(crate::Part::text);
    allergy.list("reaction", reactions.map(|text| json!({"manifestation": [{"text": text}]})).collect());
    let keys = desk.derived("AL1", &[&name]);
    desk.record(&al1.place(), keys, allergy, Told::Change);
}

/// Table 0128.
fn criticality(severity: &str) -> &'static str {
    match severity {
        "SV" => "high",
        "MI" | "MO" => "low",
        _ => "unable-to-assess",
    }
}

fn diagnosis(desk: &mut Desk<'_>, dg1: &Segment<'_>) {
    let words = dg1.field(4).text();
    let Some(name) = named(dg1, 3).or_else(|| words.clone()) else {
        desk.leave_segment(dg1, "it names no diagnosis (DG1-3, DG1-4)", true);
        return;
    };
    desk.take(dg1);
    let mut condition = Content::of("Condition");
    let number = identifiers::of_ei(dg1.field(20), None);
    condition.list("identifier", number.iter().map(Identifier::to_json).collect());
    condition.put("verificationStatus", verification(dg1));
    let kind = dg1.first(6);
    condition.list("category", vec![diagnosis_category()]);
    let code = coded::concept(dg1.field(3)).or_else(|| words.as_ref().map(|words| json!({"text": words})));
    condition.put("code", code);
    condition.put("subject", desk.subject());
    condition.put("encounter", desk.encounter().filter(|_| desk.visit.is_some()));
    condition.put("onsetDateTime", desk.date_time(dg1, 5));
    condition.put("recordedDate", desk.date_time(dg1, 19));
    condition.field("asserter", dg1.field(16), people::person);
    condition.list("note", kind.iter().map(|kind| annotation(&format!("diagnosis type {kind}"))).collect());
    let visit = desk.visit.as_ref().map_or_else(String::new, |visit| visit.value.clone());
    let mut keys: Vec<_> = number.into_iter().collect();
    identifiers::add(&mut keys, desk.derived("DG1", &[&visit, &name]));
    desk.record(&dg1.place(), keys, condition, Told::Change);
}

fn diagnosis_category() -> Value {
    let system = "http://terminology.hl7.org/CodeSystem/condition-category";
    json!({"coding": [{"system": system, "code": "encounter-diagnosis"}]})
}

/// DG1-21: deleted diagnoses were wrong; DG1-6: working ones are provisional.
fn verification(dg1: &Segment<'_>) -> Option<Value> {
    let code = match (dg1.first(21).as_deref(), dg1.first(6).as_deref()) {
        (Some("D"), _) => "entered-in-error",
        (_, Some("W")) => "provisional",
        (_, Some("F")) => "confirmed",
        _ => return None,
    };
    let system = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
    Some(json!({"coding": [{"system": system, "code": code}]}))
}

fn procedure(desk: &mut Desk<'_>, pr1: &Segment<'_>) {
    let words = pr1.field(4).text();
    let Some(name) = named(pr1, 3).or_else(|| words.clone()) else {
        desk.leave_segment(pr1, "it names no procedure (PR1-3, PR1-4)", true);
        return;
    };
    desk.take(pr1);
    let mut procedure = Content::of("Procedure");
    let number = identifiers::of_ei(pr1.field(19), None);
    procedure.list("identifier", number.iter().map(Identifier::to_json).collect());
    procedure.put(
        "status",
        Some(if pr1.first(20).as_deref() == Some("D") { "entered-in-error" } else { "completed" }),
    );
    let code = coded::concept(pr1.field(3)).or_else(|| words.as_ref().map(|words| json!({"text": words})));
    procedure.put("code", code);
    procedure.put("subject", desk.subject());
    procedure.put("encounter", desk.encounter().filter(|_| desk.visit.is_some()));
    let performed = desk.date_time(pr1, 5);
    let day = performed.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
    procedure.put("performedDateTime", performed);
    let performers = [11, 8, 12].into_iter().flat_map(|number| pr1.field(number).repeats().take(10));
    let performers = performers.filter_map(people::person).map(|person| json!({"actor": person}));
    procedure.list("performer", performers.collect());
    procedure.fields("reasonCode", pr1.field(15), coded::concept);
    let mut keys: Vec<_> = number.into_iter().collect();
    identifiers::add(&mut keys, desk.derived("PR1", &[&name, &day]));
    desk.record(&pr1.place(), keys, procedure, Told::Change);
}
