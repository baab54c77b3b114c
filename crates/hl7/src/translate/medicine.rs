//! RXO, RXE, RXD and RXA with what belongs to them: what was asked for, handed out and given.

mod dosage;

use super::content::{Content, annotation};
use super::desk::Desk;
use super::group::Group;
use super::identifiers::{add, of_ei};
use super::{coded, observation, order, people};
use crate::{Part, Segment};
use clinical::{Identifier, Told};
use dosage::quantity;
use serde_json::{Value, json};

/// One order with all that is told of it.
struct Medicines<'m> {
    orc: Option<Segment<'m>>,
    /// TQ1 before the first medicine.
    timing: Option<Segment<'m>>,
    parts: Vec<Medicine<'m>>,
    observations: Vec<Segment<'m>>,
}

/// RXO, RXE, RXD or RXA, and what follows it.
struct Medicine<'m> {
    head: Segment<'m>,
    items: Vec<Segment<'m>>,
}

const HEADS: [&str; 4] = ["RXO", "RXE", "RXD", "RXA"];
/// What may follow a medicine, or the order's ORC.
const PARTS: [&str; 5] = ["RXR", "RXC", "NTE", "TQ1", "TQ2"];

/// Reads every order of medicines. Whether there was any.
pub(super) fn read(desk: &mut Desk<'_>) -> bool {
    let groups = groups(desk);
    let any = !groups.is_empty();
    groups.iter().for_each(|group| read_one(desk, group));
    any
}

fn groups<'m>(desk: &Desk<'m>) -> Vec<Medicines<'m>> {
    let mut groups: Vec<Medicines<'m>> = Vec::new();
    let mut open = false;
    for segment in desk.segments() {
        match segment.id() {
            "ORC" => {
                groups.push(Medicines::of(Some(segment)));
                open = true;
            }
            // An OBR's items are another's.
            "OBR" => open = false,
            head if HEADS.contains(&head) => {
                if !open {
                    groups.push(Medicines::of(None));
                    open = true;
                }
                if let Some(group) = groups.last_mut() {
                    group.parts.push(Medicine { head: segment, items: Vec::new() });
                }
            }
            _ => {
                if let Some(group) = groups.last_mut().filter(|_| open) {
                    group.add(segment);
                }
            }
        }
    }
    groups.retain(|group| !group.parts.is_empty());
    groups
}

impl<'m> Medicine<'m> {
    fn item(&self, id: &str) -> Option<Segment<'m>> {
        self.items.iter().find(|item| item.id() == id).copied()
    }

    /// RXC: bases and additives in words; NTE.
    fn notes(&self) -> Vec<Value> {
        let components = self.items.iter().filter(|item| item.id() == "RXC").filter_map(component);
        let notes = self.items.iter().filter(|item| item.id() == "NTE").filter_map(order::note);
        components.map(|words| annotation(&words)).chain(notes).collect()
    }
}

/// A base or an additive with its amount.
fn component(rxc: &Segment<'_>) -> Option<String> {
    let what = if rxc.first(1).as_deref() == Some("B") { "base" } else { "additive" };
    let concept = coded::concept(rxc.field(2))?;
    let name = concept["text"].as_str().or_else(|| concept["coding"][0]["code"].as_str())?.to_owned();
    let unit = rxc.field(4);
    let unit = unit.component(2).first().or_else(|| unit.first()).unwrap_or_default();
    let amount = rxc.first(3).map_or_else(String::new, |amount| format!(" {amount} {unit}"));
    Some(format!("{what}: {name}{}", amount.trim_end()))
}

impl<'m> Medicines<'m> {
    const fn of(orc: Option<Segment<'m>>) -> Self {
        Self { orc, timing: None, parts: Vec::new(), observations: Vec::new() }
    }

    fn add(&mut self, segment: Segment<'m>) {
        match (segment.id(), self.parts.last_mut()) {
            ("OBX", _) => self.observations.push(segment),
            // A note behind an observation is the observation's.
            ("NTE", _) if !self.observations.is_empty() => self.observations.push(segment),
            (id, Some(part)) if PARTS.contains(&id) => part.items.push(segment),
            ("TQ1", None) if self.timing.is_none() => self.timing = Some(segment),
            _ => {}
        }
    }

    fn part(&self, id: &str) -> Option<&Medicine<'m>> {
        self.parts.iter().find(|part| part.head.id() == id)
    }

    /// The encoded order before the plain one.
    fn ordered(&self) -> Option<&Medicine<'m>> {
        self.part("RXE").or_else(|| self.part("RXO"))
    }

    fn tq1(&self) -> Option<Segment<'m>> {
        let own = || self.parts.iter().find_map(|part| part.item("TQ1"));
        self.timing.or_else(own)
    }

    /// Placer and filler number; none when the order has neither.
    fn numbers(&self) -> Vec<Identifier> {
        let mut keys = Vec::new();
        if let Some(orc) = self.orc {
            add(&mut keys, of_ei(orc.field(2), Some("PLAC")));
            add(&mut keys, of_ei(orc.field(3), Some("FILL")));
        }
        keys
    }

    /// RXE-15, RXD-7: known at the pharmacy alone, so it is no key.
    fn prescription(&self) -> Option<Value> {
        let encoded = self.part("RXE").and_then(|part| part.head.first(15));
        let number = encoded.or_else(|| self.part("RXD").and_then(|part| part.head.first(7)))?;
        Some(json!({"type": {"text": "prescription number"}, "value": number}))
    }

    fn take(&self, desk: &mut Desk<'_>) {
        self.orc.iter().chain(self.timing.iter()).for_each(|segment| desk.take(segment));
        for part in &self.parts {
            desk.take(&part.head);
            part.items.iter().for_each(|item| desk.take(item));
        }
    }
}

/// The field a medicine's code is in.
fn code_of<'m>(head: &Segment<'m>) -> Part<'m> {
    head.field(match head.id() {
        "RXO" => 1,
        "RXA" => 5,
        _ => 2,
    })
}

/// The code, else the words of the instructions: how an order is written that has no code (RXO-6, RXE-7).
fn concept(part: &Medicine<'_>) -> Option<Value> {
    let words = |number: usize| coded::concept(part.head.field(number));
    coded::concept(code_of(&part.head)).or_else(|| match part.head.id() {
        "RXO" => words(10).or_else(|| words(6)).or_else(|| words(7)),
        "RXE" => words(31),
        _ => None,
    })
}

fn read_one(desk: &mut Desk<'_>, group: &Medicines<'_>) {
    group.take(desk);
    let keys = group.numbers();
    let request = group.ordered().and_then(|part| request(desk, group, part, &keys));
    for part in &group.parts {
        match part.head.id() {
            "RXD" => dispense(desk, group, part, request.as_ref()),
            "RXA" => administration(desk, group, part, request.as_ref()),
            _ => {}
        }
    }
    let observed = Group::without_order(group.observations.clone());
    observation::with_order(desk, &observed, &keys);
}

/// Where an order stands: ORC-1 (table 0119), else ORC-5 (table 0038). What is handed out or given is of an order that
/// goes on.
fn status(orc: Option<Segment<'_>>) -> &'static str {
    let said = |number| orc.and_then(|orc| orc.first(number)).unwrap_or_default().to_ascii_uppercase();
    match said(1).as_str() {
        "CA" | "OC" | "CR" | "UA" => return "cancelled",
        "DC" | "OD" | "DR" | "RP" | "RQ" => return "stopped",
        "DE" => return "entered-in-error",
        "HD" | "OH" | "HR" => return "on-hold",
        _ => {}
    }
    match said(5).as_str() {
        "CA" => "cancelled",
        "DC" | "RP" => "stopped",
        "CM" => "completed",
        "HD" => "on-hold",
        "ER" => "entered-in-error",
        _ => "active",
    }
}

/// An order; gives a logical reference to it.
fn request(
    desk: &mut Desk<'_>,
    group: &Medicines<'_>,
    part: &Medicine<'_>,
    keys: &[Identifier],
) -> Option<Value> {
    let head = part.head;
    let Some(concept) = concept(part) else {
        desk.leave(&head.field_place(if head.id() == "RXO" { 1 } else { 2 }), "it names no medicine", true);
        return None;
    };
    let encoded = head.id() == "RXE";
    let mut made = Content::of("MedicationRequest");
    let numbers = keys.iter().map(Identifier::to_json);
    made.list("identifier", numbers.chain(group.prescription()).collect());
    made.put("status", Some(status(group.orc)));
    made.put("intent", Some("order"));
    made.put("medicationCodeableConcept", Some(concept.clone()));
    made.put("subject", desk.subject());
    made.put("encounter", desk.encounter());
    let authored = group.orc.and_then(|orc| desk.date_time(&orc, 9));
    let authored = authored.or_else(|| if encoded { desk.date_time(&head, 32) } else { None });
    let day = authored.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
    made.put("authoredOn", authored);
    made.put("requester", group.orc.and_then(|orc| people::person(orc.field(12))));
    made.put("groupIdentifier", group.orc.and_then(|orc| of_ei(orc.field(4), None)).map(|one| one.to_json()));
    made.fields("reasonCode", head.field(if encoded { 27 } else { 20 }), coded::concept);
    made.list("note", part.notes());
    made.list("dosageInstruction", dosage::ordered(desk, group.orc, group.tq1(), part).into_iter().collect());
    let (amount, refills) = if encoded { (10, 12) } else { (11, 13) };
    let supply = json!({
        "numberOfRepeatsAllowed": head.first(refills).and_then(|text| text.parse::<u32>().ok()),
        "quantity": quantity(head.field(amount), head.field(amount + 1)),
    });
    made.put("dispenseRequest", super::content::compact(supply));
    let keys = match keys {
        [] => desk.derived("RX", &[&name_of(&concept), &day]),
        known => known.to_vec(),
    };
    let reference = keys.first().map(|key| key.refer("MedicationRequest"));
    desk.record(&head.place(), keys, made, Told::Change);
    reference
}

/// What a medicine is called in a key.
fn name_of(concept: &Value) -> String {
    let code = concept["coding"][0]["code"].as_str();
    code.or_else(|| concept["text"].as_str()).unwrap_or_default().to_owned()
}

/// The key of something done for an order: the order, its medicine, when, and the sender's counters.
fn done_keys(
    desk: &Desk<'_>,
    group: &Medicines<'_>,
    part: &Medicine<'_>,
    concept: &Value,
    counters: &[usize],
) -> Vec<Identifier> {
    let head = &part.head;
    let order = group.numbers().first().map(|key| format!("{}|{}", key.system, key.value));
    let order = order.or_else(|| head.first(7).filter(|_| head.id() == "RXD"));
    let mut parts = vec![order.unwrap_or_default(), name_of(concept)];
    parts.extend(counters.iter().map(|number| head.field(*number).raw().to_owned()));
    let parts: Vec<_> = parts.iter().map(String::as_str).collect();
    desk.derived(head.id(), &parts)
}

/// The order a thing was done for, where the message doesn't tell it anew.
fn prescribed(group: &Medicines<'_>, request: Option<&Value>) -> Option<Value> {
    let named = || group.numbers().first().map(|key| key.refer("MedicationRequest"));
    request.cloned().or_else(named)
}

fn dispense(desk: &mut Desk<'_>, group: &Medicines<'_>, part: &Medicine<'_>, request: Option<&Value>) {
    let head = part.head;
    let Some(concept) = concept(part) else {
        return desk.leave(&head.field_place(2), "it names no medicine", true);
    };
    let mut made = Content::of("MedicationDispense");
    made.list("identifier", group.prescription().into_iter().collect());
    let cancelled = matches!(status(group.orc), "cancelled" | "entered-in-error");
    made.put("status", Some(if cancelled { status(group.orc) } else { "completed" }));
    made.put("medicationCodeableConcept", Some(concept.clone()));
    made.put("subject", desk.subject());
    made.put("context", desk.encounter().filter(|_| desk.visit.is_some()));
    let people = head.field(10).repeats().take(10).filter_map(people::person);
    made.list("performer", people.map(|person| json!({"actor": person})).collect());
    made.list("authorizingPrescription", prescribed(group, request).into_iter().collect());
    made.put("quantity", quantity(head.field(4), head.field(5)));
    made.put("whenHandedOver", desk.date_time(&head, 3));
    let told = head.field(9).repeats().filter_map(Part::text).map(|text| annotation(&text));
    made.list("note", told.chain(part.notes()).collect());
    let instructed = group.ordered().and_then(|part| dosage::ordered(desk, group.orc, group.tq1(), part));
    let instructed = instructed.or_else(|| dosage::route_alone(part));
    made.list("dosageInstruction", instructed.into_iter().collect());
    let keys = done_keys(desk, group, part, &concept, &[1, 3]);
    desk.record(&head.place(), keys, made, Told::Whole);
}

/// RXA-20 (table 0322) and RXA-21 (table 0323).
fn given(rxa: &Segment<'_>) -> &'static str {
    match (rxa.first(21).as_deref(), rxa.first(20).as_deref()) {
        (Some("D"), _) => "entered-in-error",
        (_, Some("RE" | "NA")) => "not-done",
        _ => "completed",
    }
}

fn administration(desk: &mut Desk<'_>, group: &Medicines<'_>, part: &Medicine<'_>, request: Option<&Value>) {
    let head = part.head;
    let Some(concept) = concept(part) else {
        return desk.leave(&head.field_place(5), "it names no medicine", true);
    };
    let mut made = Content::of("MedicationAdministration");
    made.put("status", Some(given(&head)));
    made.fields("statusReason", head.field(18), coded::concept);
    made.put("medicationCodeableConcept", Some(concept.clone()));
    made.put("subject", desk.subject());
    made.put("context", desk.encounter().filter(|_| desk.visit.is_some()));
    let (start, end) = (desk.moment(&head, 3).map(String::from), desk.moment(&head, 4).map(String::from));
    match (start, end) {
        (Some(start), Some(end)) if start != end => {
            made.put("effectivePeriod", Some(json!({"start": start, "end": end})));
        }
        (start, end) => made.put("effectiveDateTime", start.or(end)),
    }
    let people = head.field(10).repeats().take(10).filter_map(people::person);
    made.list("performer", people.map(|person| json!({"actor": person})).collect());
    made.fields("reasonCode", head.field(19), coded::concept);
    made.put("request", prescribed(group, request));
    let told = head.field(9).repeats().filter_map(coded::concept);
    let told = told
        .filter_map(|one| one["text"].as_str().or_else(|| one["coding"][0]["code"].as_str()).map(annotation));
    made.list("note", told.collect::<Vec<_>>().into_iter().chain(part.notes()).collect());
    made.put("dosage", dosage::given(part));
    let keys = done_keys(desk, group, part, &concept, &[1, 2, 3]);
    desk.record(&head.place(), keys, made, Told::Whole);
}
