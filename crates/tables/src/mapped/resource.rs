//! A row as a record.

use super::cells::Cells;
use super::mapping::Role;
use crate::values::{self, attachment, period, put};
use clinical::identifier::TYPES;
use clinical::{Identifier, OrderState, Record, Told};
use serde_json::{Map, Value, json};

/// What a row may become.
pub(super) const RECORDS: [&str; 10] = [
    "Patient",
    "Observation",
    "Condition",
    "Procedure",
    "Encounter",
    "MedicationStatement",
    "MedicationRequest",
    "ServiceRequest",
    "DiagnosticReport",
    "DocumentReference",
];

/// The record that a row means.
pub(super) fn record(of: Cells<'_>, scope: &str) -> Result<Record, String> {
    let kind = of.mapping.record.as_str();
    let patient = patient(of, scope).ok_or("no patient")?;
    let start = of.date(Role::Date)?;
    let end = of.date(Role::End)?;
    if values::is_after(start.as_deref(), end.as_deref()) {
        return Err("it ends before it starts".into());
    }
    let keys = keys(of, scope, kind, &patient, start.as_deref())?;
    let mut made = Map::new();
    made.insert("resourceType".into(), kind.into());
    made.insert("identifier".into(), identifiers(of, &keys));
    let time = Time { start: start.as_deref(), end: end.as_deref() };
    if kind == "Patient" {
        person(of, &mut made)?;
    } else {
        made.insert("subject".into(), values::refer("Patient", &patient));
        about(of, kind, &mut made, time, scope)?;
    }
    let state = (kind == "ServiceRequest").then_some(OrderState::Requested);
    Ok(Record {
        kind: kind.into(),
        keys,
        patient: vec![patient],
        content: made.into(),
        told: Told::Whole,
        state,
    })
}

#[derive(Clone, Copy)]
struct Time<'a> {
    start: Option<&'a str>,
    end: Option<&'a str>,
}

fn patient(of: Cells<'_>, scope: &str) -> Option<Identifier> {
    let (value, column) = of.found(Role::Patient)?;
    let system = of.get(Role::Authority).or(column.system.as_deref()).unwrap_or(scope);
    Identifier::new(system, value, Some("MR"))
}

/// What the row is known by: its key, or else whose it is, when and what.
fn keys(
    of: Cells<'_>,
    scope: &str,
    kind: &str,
    patient: &Identifier,
    start: Option<&str>,
) -> Result<Vec<Identifier>, String> {
    if kind == "Patient" {
        return Ok(vec![patient.clone()]);
    }
    let own = format!("{scope}/{kind}");
    let key = match of.found(Role::Key) {
        Some((key, column)) => Identifier::new(column.system.as_deref().unwrap_or(&own), key, None),
        None if of.mapping.column(Role::Key).is_some() => return Err("no key".into()),
        None => {
            let parts = [
                Some(patient.system.as_str()),
                Some(&patient.value),
                start,
                of.get(Role::Code).or_else(|| of.get(Role::Display)),
                of.get(Role::Accession),
                of.get(Role::Order),
            ];
            let named = parts.map(|part| part.unwrap_or_default().replace('|', "/")).join("|");
            Identifier::new(&own, &named, None)
        }
    };
    let order = of.get(Role::Order).filter(|_| kind == "ServiceRequest");
    let order = order.and_then(|order| Identifier::new(scope, order, Some("PLAC")));
    Ok(key.into_iter().chain(order).collect())
}

fn identifiers(of: Cells<'_>, keys: &[Identifier]) -> Value {
    let accession = of
        .get(Role::Accession)
        .map(|number| json!({"type": {"coding": [{"system": TYPES, "code": "ACSN"}]}, "value": number}));
    keys.iter().map(Identifier::to_json).chain(accession).collect()
}

fn person(of: Cells<'_>, made: &mut Map<String, Value>) -> Result<(), String> {
    let mut name = Map::new();
    put(&mut name, "family", of.get(Role::Family));
    let given = of.get(Role::Given).map(|given| given.split_whitespace().collect::<Vec<_>>());
    put(&mut name, "given", given);
    put(made, "name", (!name.is_empty()).then(|| json!([name])));
    if let Some(gender) = of.get(Role::Gender) {
        let gender = match gender.to_ascii_lowercase().as_str() {
            "male" | "m" => "male",
            "female" | "f" => "female",
            "other" | "o" => "other",
            "unknown" | "u" => "unknown",
            _ => return Err("a gender that is none of male, female, other, unknown; use `values`".into()),
        };
        made.insert("gender".into(), gender.into());
    }
    let birth = of.date(Role::Birth)?;
    put(made, "birthDate", birth.map(|when| when.chars().take(10).collect::<String>()));
    Ok(())
}

fn about(
    of: Cells<'_>,
    kind: &str,
    made: &mut Map<String, Value>,
    time: Time<'_>,
    scope: &str,
) -> Result<(), String> {
    let status = |otherwise: &str| -> Value {
        of.get(Role::Status).or(of.mapping.status.as_deref()).unwrap_or(otherwise).into()
    };
    let code = of.code();
    match kind {
        "Observation" => {
            made.insert("status".into(), status("final"));
            made.insert("code".into(), code.ok_or("no code")?);
            when(made, "effective", time);
            if let Some((name, value)) = of.value() {
                made.insert(name.into(), value);
            }
        }
        "Condition" => {
            put(made, "code", code);
            put(made, "onsetDateTime", time.start);
            put(made, "abatementDateTime", time.end);
        }
        "Procedure" => {
            made.insert("status".into(), status("completed"));
            put(made, "code", code);
            when(made, "performed", time);
        }
        "Encounter" => encounter(of, made, code, time, status("unknown")),
        "MedicationStatement" | "MedicationRequest" => {
            made.insert("status".into(), status("unknown"));
            made.insert("medicationCodeableConcept".into(), code.ok_or("no code")?);
            medication(of, kind, made, time);
        }
        "ServiceRequest" => {
            made.insert("status".into(), status("active"));
            made.insert("intent".into(), "order".into());
            put(made, "code", code);
            put(made, "authoredOn", time.start);
        }
        "DiagnosticReport" => report(of, made, code, time, status("final"))?,
        _ => document(of, made, code, time, status("current"))?,
    }
    if !["Encounter", "DocumentReference", "DiagnosticReport"].contains(&kind) {
        put(made, "note", of.get(Role::Note).map(|text| json!([{"text": text}])));
    }
    let visit =
        of.get(Role::Visit).and_then(|visit| Identifier::new(&format!("{scope}/Encounter"), visit, None));
    let place = match kind {
        "Encounter" | "DocumentReference" => return Ok(()),
        "MedicationStatement" => "context",
        _ => "encounter",
    };
    put(made, place, visit.map(|visit| values::refer("Encounter", &visit)));
    Ok(())
}

fn when(made: &mut Map<String, Value>, name: &str, time: Time<'_>) {
    match time.end {
        Some(_) => put(made, &format!("{name}Period"), period(time.start, time.end)),
        None => put(made, &format!("{name}DateTime"), time.start),
    }
}

fn encounter(
    of: Cells<'_>,
    made: &mut Map<String, Value>,
    code: Option<Value>,
    time: Time<'_>,
    status: Value,
) {
    const CLASSES: [&str; 9] = ["IMP", "AMB", "EMER", "ACUTE", "NONAC", "OBSENC", "SS", "VR", "HH"];
    made.insert("status".into(), status);
    let class = of.get(Role::Code).filter(|code| CLASSES.contains(code));
    let (system, class) = class.map_or(("v3-NullFlavor", "UNK"), |class| ("v3-ActCode", class));
    let system = format!("http://terminology.hl7.org/CodeSystem/{system}");
    made.insert("class".into(), json!({"system": system, "code": class}));
    put(made, "type", code.map(|code| json!([code])));
    put(made, "period", period(time.start, time.end));
}

fn medication(of: Cells<'_>, kind: &str, made: &mut Map<String, Value>, time: Time<'_>) {
    let dose = match (of.get(Role::Value), of.get(Role::Unit)) {
        (Some(dose), Some(unit)) => Some(format!("{dose} {unit}")),
        (dose, _) => dose.map(str::to_owned),
    };
    let dosage = dose.map(|text| json!([{"text": text}]));
    if kind == "MedicationRequest" {
        made.insert("intent".into(), "order".into());
        put(made, "authoredOn", time.start);
        put(made, "dosageInstruction", dosage);
    } else {
        put(made, "effectivePeriod", period(time.start, time.end));
        put(made, "dosage", dosage);
    }
}

fn report(
    of: Cells<'_>,
    made: &mut Map<String, Value>,
    code: Option<Value>,
    time: Time<'_>,
    status: Value,
) -> Result<(), String> {
    made.insert("status".into(), status);
    let imaging = json!({"coding": [{"system": "http://loinc.org", "code": "18748-4"}]});
    made.insert("code".into(), code.unwrap_or(imaging));
    when(made, "effective", time);
    put(made, "conclusion", of.get(Role::Note));
    let text = of.get(Role::Text).or_else(|| of.get(Role::Note)).ok_or("a report without text")?;
    made.insert("presentedForm".into(), json!([attachment(text, None)]));
    Ok(())
}

fn document(
    of: Cells<'_>,
    made: &mut Map<String, Value>,
    code: Option<Value>,
    time: Time<'_>,
    status: Value,
) -> Result<(), String> {
    made.insert("status".into(), status);
    put(made, "type", code);
    put(made, "date", time.start);
    put(made, "description", of.get(Role::Note));
    let text = of.get(Role::Text).ok_or("a document without text")?;
    made.insert("content".into(), json!([{"attachment": attachment(text, None)}]));
    Ok(())
}
