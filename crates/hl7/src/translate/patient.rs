//! PID as a Patient.

use super::content::Content;
use super::desk::Desk;
use super::{coded, codes, identifiers, people};
use crate::Segment;
use clinical::{Identifier, Told};
use serde_json::{Value, json};

/// No person has more numbers than this.
const MOST_IDENTIFIERS: usize = 50;

/// Reads the message's first PID: whose all of it is.
pub(super) fn read(desk: &mut Desk<'_>) {
    if let Some(pid) = desk.one("PID") {
        read_one(desk, &pid);
    }
}

/// Reads one PID, which becomes the message's patient.
pub(super) fn read_one(desk: &mut Desk<'_>, pid: &Segment<'_>) {
    desk.patient = keys(pid);
    if desk.patient.is_empty() {
        desk.leave_segment(pid, "a patient without any identifier (PID-3)", true);
        return;
    }
    if pid.field(3).repeats().count() > MOST_IDENTIFIERS {
        desk.leave(&pid.field_place(3), "more than 50 identifiers; the others are not read", true);
    }
    desk.take(pid);
    let content = content(desk, pid);
    desk.record(&pid.place(), desk.patient.clone(), content, Told::Change);
}

/// The names a patient is known by: PID-3, the record numbers first; PID-2 and PID-4 when there is no other; PID-19.
pub(super) fn keys(pid: &Segment<'_>) -> Vec<Identifier> {
    let mut keys = Vec::new();
    let listed = pid.field(3).repeats().filter_map(identifiers::of_cx).take(MOST_IDENTIFIERS);
    identifiers::add(&mut keys, listed);
    if keys.is_empty() {
        let older = [2, 4].map(|number| identifiers::of_cx(pid.field(number)));
        identifiers::add(&mut keys, older.into_iter().flatten());
    }
    keys.sort_by_key(|key| !(key.is("MR") || key.is("PI")));
    identifiers::add(&mut keys, social_security(pid));
    keys
}

fn social_security(pid: &Segment<'_>) -> Option<Identifier> {
    let mut number = identifiers::of_cx_as(pid.field(19), "SS")?;
    if number.system.is_empty() {
        number.system = "http://hl7.org/fhir/sid/us-ssn".into();
    }
    Some(number)
}

fn content(desk: &mut Desk<'_>, pid: &Segment<'_>) -> Content {
    let mut patient = Content::of("Patient");
    patient.list("identifier", numbers(desk, pid));
    patient.fields("name", pid.field(5), people::name);
    patient
        .field("gender", pid.field(8), |sex| Some(codes::gender(&sex.first()?.to_ascii_uppercase()).into()));
    patient.put("birthDate", birth_date(desk, pid));
    patient.fields("address", pid.field(11), people::address);
    contacts(&mut patient, pid);
    patient.fields("communication", pid.field(15), |language| {
        Some(json!({"language": coded::of_table(language, "0296")?, "preferred": true}))
    });
    patient.field("maritalStatus", pid.field(16), |status| coded::of_table(status, "0002"));
    births(&mut patient, pid);
    deceased(desk, &mut patient, pid);
    patient
}

/// All numbers: those it is known by, the older ones, and its account.
fn numbers(desk: &Desk<'_>, pid: &Segment<'_>) -> Vec<Value> {
    let mut all = desk.patient.clone();
    let older = [2, 4].map(|number| pid.field(number).repeats().find_map(identifiers::of_cx));
    let known =
        |one: &Identifier| !one.system.is_empty() || !desk.patient.iter().any(|key| key.value == one.value);
    identifiers::add(&mut all, older.into_iter().flatten().filter(known));
    identifiers::add(&mut all, identifiers::of_cx_as(pid.field(18), "AN"));
    all.iter().map(Identifier::to_json).collect()
}

fn birth_date(desk: &mut Desk<'_>, pid: &Segment<'_>) -> Option<Value> {
    let moment = desk.date_time(pid, 7)?;
    Some(moment.as_str().map_or(Value::Null, |text| text.split('T').next().into()))
}

fn contacts(patient: &mut Content, pid: &Segment<'_>) {
    let of = |number: usize, usual| {
        pid.field(number).repeats().filter_map(move |xtn| people::contact(xtn, Some(usual)))
    };
    let all: Vec<_> = of(13, "home").chain(of(14, "work")).collect();
    let taken_away = all.is_empty() && pid.field(13).is_null();
    patient.put("telecom", taken_away.then_some(Value::Null));
    patient.list("telecom", all);
}

/// PID-24 and PID-25: one of several, and which.
fn births(patient: &mut Content, pid: &Segment<'_>) {
    let order = pid.first(25).and_then(|order| order.parse::<u32>().ok());
    match (pid.first(24).as_deref(), order) {
        (Some("N"), _) => patient.put("multipleBirthBoolean", Some(false)),
        (_, Some(order)) => patient.put("multipleBirthInteger", Some(order)),
        (Some("Y"), None) => patient.put("multipleBirthBoolean", Some(true)),
        _ => {}
    }
}

/// PID-29 and PID-30: a time of death, or that there was one.
fn deceased(desk: &mut Desk<'_>, patient: &mut Content, pid: &Segment<'_>) {
    match (desk.date_time(pid, 29), pid.first(30).as_deref()) {
        (Some(Value::String(moment)), _) => patient.put("deceasedDateTime", Some(moment)),
        (_, Some("Y")) => patient.put("deceasedBoolean", Some(true)),
        (_, Some("N")) => patient.put("deceasedBoolean", Some(false)),
        (Some(Value::Null), _) => patient.put("deceasedDateTime", Some(Value::Null)),
        _ => {}
    }
}
