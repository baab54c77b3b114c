//! SIU as Appointments, and where the order stands that is scheduled.

use super::content::Content;
use super::desk::Desk;
use super::group::{Group, Numbers};
use super::identifiers::{add, of_ei};
use super::{coded, order, people};
use crate::Segment;
use clinical::{Identifier, OrderState, Told, When};
use serde_json::{Value, json};

/// Reads the message's appointment.
pub(super) fn read(desk: &mut Desk<'_>) {
    let sch = desk.one("SCH");
    let resources = resources(desk);
    let Some(first) = sch.or_else(|| resources.first().copied()) else {
        desk.leave("MSH-9", "a schedule message without SCH", true);
        return;
    };
    let group = Group::without_order(desk.segments());
    let numbers = numbers(desk, sch.as_ref(), &group);
    let standing = standing(&desk.trigger, sch.as_ref());
    let time = time(desk, sch.as_ref(), &resources);
    let appointment = content(desk, sch.as_ref(), &resources, &standing, time.as_ref());
    let keys = keys(desk, sch.as_ref(), &numbers, time.as_ref());
    let read = ["SCH", "TQ1", "RGS", "AIS", "AIL", "AIP", "AIG", "ZDS", "IPC"];
    desk.segments().iter().filter(|one| read.contains(&one.id())).for_each(|one| desk.take(one));
    desk.record(&first.place(), keys, appointment, Told::Change);
    ordered(desk, &first, &group, &numbers, &standing, time);
}

fn resources<'m>(desk: &Desk<'m>) -> Vec<Segment<'m>> {
    let all = desk.segments();
    all.into_iter()
        .filter(|segment| matches!(segment.id(), "AIS" | "AIL" | "AIP" | "AIG"))
        .take(200)
        .collect()
}

/// SCH-26 and SCH-27, ORC and OBR where they are sent, AIS-10 never: it is a status.
fn numbers(desk: &Desk<'_>, sch: Option<&Segment<'_>>, group: &Group<'_>) -> Numbers {
    let mut numbers = group.numbers();
    if let Some(segment) = sch {
        add(&mut numbers.placer, segment.field(26).repeats().filter_map(|ei| of_ei(ei, Some("PLAC"))));
        add(&mut numbers.filler, segment.field(27).repeats().filter_map(|ei| of_ei(ei, Some("FILL"))));
    }
    for segment in [desk.one("ORC"), desk.one("OBR")].into_iter().flatten() {
        add(&mut numbers.placer, of_ei(segment.field(2), Some("PLAC")));
        add(&mut numbers.filler, of_ei(segment.field(3), Some("FILL")));
    }
    numbers
}

/// SCH-2 and SCH-1, else what else tells it apart.
fn keys(
    desk: &Desk<'_>,
    sch: Option<&Segment<'_>>,
    numbers: &Numbers,
    time: Option<&When>,
) -> Vec<Identifier> {
    let mut keys = Vec::new();
    if let Some(sch) = sch {
        add(
            &mut keys,
            [(2, "FILL"), (1, "PLAC")].iter().filter_map(|(n, kind)| of_ei(sch.field(*n), Some(kind))),
        );
    }
    if keys.is_empty() {
        let number = numbers.placer.iter().chain(&numbers.filler).next();
        let number = number.map_or_else(String::new, |number| format!("{}|{}", number.system, number.value));
        keys = desk.derived("SCH", &[&number, time.map_or("", When::as_str)]);
    }
    keys
}

struct Standing {
    status: &'static str,
    order: Option<OrderState>,
}

/// By the trigger, S12 to S26, and SCH-25 (table 0278).
fn standing(trigger: &str, sch: Option<&Segment<'_>>) -> Standing {
    let said = sch.and_then(|sch| sch.field(25).text()).unwrap_or_default().to_ascii_lowercase();
    let is = |word: &str| said.contains(word);
    let (status, order) = match trigger {
        "S15" | "S16" => ("cancelled", Some(OrderState::Cancelled)),
        "S17" => ("entered-in-error", Some(OrderState::Cancelled)),
        "S26" => ("noshow", Some(OrderState::Requested)),
        _ if is("cancel") || is("deleted") => ("cancelled", Some(OrderState::Cancelled)),
        _ if is("noshow") || is("no show") => ("noshow", Some(OrderState::Requested)),
        _ if is("arriv") => ("arrived", Some(OrderState::Arrived)),
        _ if is("check") => ("checked-in", Some(OrderState::Arrived)),
        _ if is("started") || is("in progress") => ("arrived", Some(OrderState::Arrived)),
        _ if is("complete") => ("fulfilled", Some(OrderState::Performed)),
        _ if is("wait") => ("waitlist", Some(OrderState::Requested)),
        _ if is("pending") => ("pending", Some(OrderState::Requested)),
        "S12" | "S13" | "S14" => ("booked", Some(OrderState::Scheduled)),
        _ if is("book") => ("booked", Some(OrderState::Scheduled)),
        _ => ("booked", None),
    };
    Standing { status, order }
}

/// When it begins: TQ1-7, SCH-11.4, else the first resource's own time.
fn time(desk: &mut Desk<'_>, sch: Option<&Segment<'_>>, resources: &[Segment<'_>]) -> Option<When> {
    let tq1 = desk.one("TQ1");
    let first = [tq1.map(|tq1| (tq1, 7, 1)), sch.map(|sch| (*sch, 11, 4))];
    let resources = resources.iter().map(|one| (*one, if one.id() == "AIS" { 4 } else { begins(one) }, 1));
    let places: Vec<_> = first.into_iter().flatten().chain(resources).collect();
    places.into_iter().find_map(|(segment, number, component)| {
        desk.moment_of(segment.field(number).component(component), &segment.field_place(number))
    })
}

/// The field of a resource's own time.
fn begins(resource: &Segment<'_>) -> usize {
    if resource.id() == "AIG" { 8 } else { 6 }
}

fn content(
    desk: &mut Desk<'_>,
    sch: Option<&Segment<'_>>,
    resources: &[Segment<'_>],
    standing: &Standing,
    time: Option<&When>,
) -> Content {
    let mut made = Content::of("Appointment");
    made.put("status", Some(standing.status));
    made.put("start", time.map(When::as_str));
    let end = desk.one("TQ1").and_then(|tq1| desk.moment(&tq1, 8)).map(String::from);
    let end = end.or_else(|| desk.moment_of(sch?.field(11).component(5), "SCH-11").map(String::from));
    made.put("end", end);
    if let Some(sch) = sch {
        let numbers =
            [(2, "FILL"), (1, "PLAC")].iter().filter_map(|(n, kind)| of_ei(sch.field(*n), Some(kind)));
        made.list("identifier", numbers.map(|number| number.to_json()).collect());
        made.put("appointmentType", coded::of_table(sch.field(8), "0277"));
        made.list("reasonCode", [7, 6].into_iter().filter_map(|n| coded::concept(sch.field(n))).collect());
        made.put("minutesDuration", minutes(sch));
    }
    let services = resources.iter().filter(|one| one.id() == "AIS");
    made.list("serviceType", services.filter_map(|ais| coded::concept(ais.field(3))).collect());
    made.list("participant", participants(desk, resources));
    let notes = notes(desk);
    let comment: Vec<_> = notes.iter().filter_map(|nte| nte.field(3).text()).collect();
    notes.iter().for_each(|nte| desk.take(nte));
    made.put("comment", (!comment.is_empty()).then(|| comment.join("\n")));
    made
}

/// NTE that stand behind SCH or TQ1, not behind the patient.
fn notes<'m>(desk: &Desk<'m>) -> Vec<Segment<'m>> {
    let (mut notes, mut before) = (Vec::new(), "MSH");
    for segment in desk.segments() {
        match segment.id() {
            "NTE" if matches!(before, "SCH" | "TQ1") => notes.push(segment),
            "NTE" => {}
            id => before = id,
        }
    }
    notes
}

/// SCH-9 with its unit in SCH-10.
fn minutes(sch: &Segment<'_>) -> Option<u64> {
    let number = sch.first(9)?.parse::<u64>().ok()?;
    match sch.first(10).unwrap_or_default().to_ascii_lowercase().as_str() {
        unit if unit.starts_with('h') => number.checked_mul(60),
        unit if unit.starts_with('s') => Some(number / 60).filter(|minutes| *minutes > 0),
        _ => Some(number),
    }
}

/// The patient, then people, places and things.
fn participants(desk: &Desk<'_>, resources: &[Segment<'_>]) -> Vec<Value> {
    let resource = |one: &Segment<'_>| match one.id() {
        "AIP" => people::person(one.field(3)),
        "AIL" => people::place(one.field(3)),
        "AIG" => {
            let named = one.field(3).component(2).first().or_else(|| one.first(3))?;
            Some(json!({"type": "Device", "display": named}))
        }
        _ => None,
    };
    let all = desk.subject().into_iter().chain(resources.iter().filter_map(resource));
    all.map(|actor| json!({"actor": actor, "status": "accepted"})).collect()
}

/// The order is tied by its numbers or its accession; without them only the appointment is known.
fn ordered(
    desk: &mut Desk<'_>,
    first: &Segment<'_>,
    group: &Group<'_>,
    numbers: &Numbers,
    standing: &Standing,
    time: Option<When>,
) {
    let tied =
        [&numbers.placer, &numbers.filler, &numbers.accession].into_iter().any(|known| !known.is_empty());
    let Some(state) = standing.order.filter(|_| tied) else { return };
    let keys = numbers.order_keys(desk, group);
    let mut made = Content::of("ServiceRequest");
    made.list("identifier", numbers.to_json());
    made.put("status", Some(order::status_of(state)));
    made.put("intent", Some("order"));
    made.put("subject", desk.subject());
    made.put("occurrenceDateTime", time.map(String::from));
    made.list("category", group.modality().into_iter().collect());
    let obr = desk.one("OBR").into_iter().chain(desk.one("ORC"));
    obr.collect::<Vec<_>>().iter().for_each(|segment| desk.take(segment));
    desk.record_in_state(&first.place(), keys, made, Told::Change, Some(state));
}
