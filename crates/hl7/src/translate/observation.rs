//! OBX as an Observation.

mod value;

use super::content::Content;
use super::desk::Desk;
use super::group::{self, Group};
use super::{coded, codes, identifiers, order, people};
use crate::{Part, Segment};
use clinical::{Identifier, Told};
use serde_json::{Value, json};
use std::collections::HashMap;

/// What an observation stands under.
pub(super) struct Under {
    /// The order it was made for.
    order: Option<Identifier>,
    /// When it was made, where it doesn't say so itself.
    effective: Option<Value>,
    category: Option<&'static str>,
    based_on: Vec<Value>,
    specimen: Option<Value>,
    seen: HashMap<String, usize>,
}

impl Under {
    pub(super) fn patient() -> Self {
        let seen = HashMap::new();
        Self { order: None, effective: None, category: None, based_on: Vec::new(), specimen: None, seen }
    }

    /// The orders it was made for, where they are known better than by the keys.
    pub(super) fn based_on(&mut self, orders: Vec<Value>) {
        self.based_on = orders;
    }

    pub(super) fn order(
        keys: &[Identifier],
        effective: Option<Value>,
        category: &'static str,
        specimen: Option<Value>,
    ) -> Self {
        Self {
            order: keys.last().cloned(),
            effective,
            category: Some(category),
            based_on: keys.iter().take(2).map(|key| key.refer("ServiceRequest")).collect(),
            specimen,
            seen: HashMap::new(),
        }
    }
}

/// Observations about the patient or the visit: those before any order.
pub(super) fn of_patient(desk: &mut Desk<'_>) {
    let mut under = Under::patient();
    let segments = desk.segments();
    let before = segments.iter().take_while(|segment| !matches!(segment.id(), "ORC" | "OBR"));
    let before: Vec<_> = before.copied().collect();
    read_all(desk, &before, &mut under);
}

/// Observations that come with an order, such as weight and height.
pub(super) fn with_order(desk: &mut Desk<'_>, group: &Group<'_>, keys: &[Identifier]) {
    let mut under = Under::patient();
    under.order = keys.first().cloned();
    read_all(desk, &group.items, &mut under);
}

/// Reads all OBX among these, with the NTE behind each; gives logical references to the observations.
pub(super) fn read_all(desk: &mut Desk<'_>, segments: &[Segment<'_>], under: &mut Under) -> Vec<Value> {
    let mut made = Vec::new();
    for (at, obx) in segments.iter().enumerate().filter(|(_, segment)| segment.id() == "OBX") {
        let behind = segments[at + 1..].iter().skip_while(|segment| segment.id() == "PRT");
        let notes: Vec<_> = behind.take_while(|segment| segment.id() == "NTE").copied().collect();
        made.extend(read_one(desk, obx, &notes, under));
    }
    made
}

/// Reads one; none when it says nothing, or only names a study.
pub(super) fn read_one(
    desk: &mut Desk<'_>,
    obx: &Segment<'_>,
    notes: &[Segment<'_>],
    under: &mut Under,
) -> Option<Value> {
    if group::study_of(obx).is_some() {
        desk.take(obx);
        return None;
    }
    let code = coded::concept(obx.field(3));
    if code.is_none() && obx.field(5).is_empty() {
        desk.leave_segment(obx, "an observation without code and value", false);
        return None;
    }
    desk.take(obx);
    notes.iter().for_each(|note| desk.take(note));
    let keys = keys(desk, obx, under);
    let reference = keys.first().map(|key| key.refer("Observation"));
    let mut content = content(desk, obx, under);
    content.put("code", Some(code.unwrap_or_else(|| json!({"text": "not named"}))));
    content.list("note", notes.iter().filter_map(order::note).collect());
    desk.record(&obx.place(), keys, content, Told::Whole);
    reference
}

/// OBX-21, and: the order (else patient and time), the code, the sub-id, and which of those that are alike.
fn keys(desk: &Desk<'_>, obx: &Segment<'_>, under: &mut Under) -> Vec<Identifier> {
    let time = obx.field(14).raw();
    let mut parts = match &under.order {
        Some(order) => vec![order.system.clone(), order.value.clone()],
        None => vec![if time.is_empty() { desk.message.header().field(7).raw() } else { time }.to_owned()],
    };
    let code = obx.field(3);
    parts.extend([1, 3].map(|number| code.component(number).raw().to_owned()));
    if code.component(1).is_empty() {
        parts.push(code.component(2).raw().to_owned());
    }
    parts.push(obx.field(4).raw().to_owned());
    let alike = under.seen.entry(parts.join("|")).and_modify(|count| *count += 1).or_insert(1);
    if *alike > 1 {
        parts.push(format!("#{alike}"));
    }
    let mut keys: Vec<_> = identifiers::of_ei(obx.field(21), None).into_iter().collect();
    let parts: Vec<_> = parts.iter().map(String::as_str).collect();
    identifiers::add(&mut keys, desk.derived("OBX", &parts));
    keys
}

fn content(desk: &mut Desk<'_>, obx: &Segment<'_>, under: &Under) -> Content {
    let mut made = Content::of("Observation");
    made.list(
        "identifier",
        identifiers::of_ei(obx.field(21), None).iter().map(Identifier::to_json).collect(),
    );
    let status =
        obx.first(11).map_or("unknown", |code| codes::observation_status(&code.to_ascii_uppercase()));
    made.put("status", Some(status));
    made.list("category", under.category.map(category).into_iter().collect());
    made.put("subject", desk.subject());
    made.put("encounter", desk.encounter().filter(|_| desk.visit.is_some()));
    made.list("basedOn", under.based_on.clone());
    made.put("specimen", under.specimen.clone());
    let effective = desk.moment(obx, 14).map(|moment| String::from(moment).into());
    made.put("effectiveDateTime", effective.or_else(|| under.effective.clone()));
    made.put("issued", desk.moment(obx, 19).map(String::from));
    let people = [16, 25].into_iter().flat_map(|number| obx.field(number).repeats().take(10));
    made.list("performer", people.filter_map(people::person).collect());
    value::put(&mut made, obx);
    made.list("interpretation", obx.field(8).repeats().filter_map(interpretation).collect());
    made.put("method", coded::concept(obx.field(17)));
    made.put("bodySite", coded::concept(obx.field(20)));
    made.list("referenceRange", value::reference_range(obx).into_iter().collect());
    made
}

fn category(code: &str) -> Value {
    let system = "http://terminology.hl7.org/CodeSystem/observation-category";
    json!({"coding": [{"system": system, "code": code}]})
}

/// Table 0078, whose codes HL7 v3 took over.
fn interpretation(flag: Part<'_>) -> Option<Value> {
    let code = flag.first()?;
    let system = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
    let known =
        ["H", "HH", "L", "LL", "N", "A", "AA", "<", ">", "U", "D", "B", "W", "S", "R", "I", "POS", "NEG"];
    if known.contains(&code.as_str()) {
        return Some(json!({"coding": [{"system": system, "code": code}]}));
    }
    coded::of_table(flag, "0078")
}
