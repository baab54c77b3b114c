//! ORC, OBR, TQ1, IPC and ZDS as ServiceRequests.

use super::content::{Content, annotation};
use super::desk::Desk;
use super::group::{self, Group, Numbers};
use super::{coded, observation, order_state, people, specimen};
use crate::Segment;
use clinical::{OrderState, Told, When};
use serde_json::{Value, json};

/// What an order reads besides ORC and OBR.
const PARTS: [&str; 5] = ["TQ1", "IPC", "ZDS", "NTE", "OBX"];

/// Reads every order of an order message.
pub(super) fn read(desk: &mut Desk<'_>) {
    let groups = group::groups(desk);
    if groups.is_empty() {
        desk.leave("MSH-9", "an order message without an order", true);
    }
    observation::of_patient(desk);
    groups.iter().for_each(|group| read_one(desk, group));
}

fn read_one(desk: &mut Desk<'_>, group: &Group<'_>) {
    if group.obr.is_none() && group.items.iter().any(|item| item.id().starts_with("RX")) {
        return; // medicines, which are read as such
    }
    let numbers = group.numbers();
    let keys = numbers.order_keys(desk, group);
    specimen::read(desk, group);
    observation::with_order(desk, group, &keys);
    let time = time(desk, group);
    let standing = order_state::of(group.orc, group.obr, time.is_some());
    let mut order = content(desk, group, &numbers);
    order.put("status", Some(standing.status));
    order.put("occurrenceDateTime", time.map(String::from));
    group.take(desk, &PARTS);
    desk.record_in_state(&group.place(), keys, order, Told::Change, standing.state);
}

/// Says that the order of a result or document was reported, and by which numbers it is known.
pub(super) fn reported(
    desk: &mut Desk<'_>,
    place: &str,
    group: &Group<'_>,
    numbers: &Numbers,
    state: OrderState,
    status: &str,
) {
    let keys = numbers.order_keys(desk, group);
    let mut order = content(desk, group, numbers);
    order.put("status", Some(status));
    desk.record_in_state(place, keys, order, Told::Change, Some(state));
}

/// FHIR's word for a state that an appointment tells.
pub(super) const fn status_of(state: OrderState) -> &'static str {
    match state {
        OrderState::Cancelled | OrderState::Discontinued => "revoked",
        OrderState::Performed | OrderState::Reported => "completed",
        _ => "active",
    }
}

/// When it is to be done: OBR-36, OBR-27.4, TQ1-7, ORC-7.4, OBR-6.
fn time(desk: &mut Desk<'_>, group: &Group<'_>) -> Option<When> {
    let tq1 = group.item("TQ1");
    let places = [(group.obr, 36, 1), (group.obr, 27, 4), (tq1, 7, 1), (group.orc, 7, 4), (group.obr, 6, 1)];
    places.into_iter().find_map(|(segment, number, component)| {
        let segment = segment?;
        desk.moment_of(segment.field(number).component(component), &segment.field_place(number))
    })
}

fn content(desk: &mut Desk<'_>, group: &Group<'_>, numbers: &Numbers) -> Content {
    let mut order = Content::of("ServiceRequest");
    order.list("identifier", numbers.to_json());
    order.put("intent", Some("order"));
    order.list("category", group.modality().into_iter().collect());
    order.put("priority", priority(group));
    order.put("subject", desk.subject());
    order.put("encounter", desk.encounter());
    if let Some(orc) = group.orc {
        order.put("requisition", super::identifiers::of_ei(orc.field(4), None).map(|group| group.to_json()));
        order.put("authoredOn", desk.date_time(&orc, 9));
    }
    if let Some(obr) = group.obr {
        of_obr(&mut order, &obr);
    }
    order.put("requester", requester(group));
    order.list("note", notes(group));
    order
}

fn of_obr(order: &mut Content, obr: &Segment<'_>) {
    order.put("code", code(obr));
    let details = [44, 45, 46, 47].into_iter().flat_map(|number| obr.field(number).repeats().take(20));
    order.list("orderDetail", details.filter_map(coded::concept).collect());
    order.list("bodySite", body_site(obr).into_iter().collect());
    order.list("reasonCode", reasons(obr));
    order.list("performer", people::person_in_component(obr.field(34)).into_iter().collect());
}

/// OBR-4, else what OBR-44 says was done.
pub(super) fn code(obr: &Segment<'_>) -> Option<Value> {
    coded::concept(obr.field(4)).or_else(|| coded::concept(obr.field(44)))
}

/// OBR-15.4, where imaging senders put body part and side.
fn body_site(obr: &Segment<'_>) -> Option<Value> {
    let source = obr.field(15);
    let site = source.component(4);
    let (code, words) = (site.subcomponent(1).text(), site.subcomponent(2).text());
    match (code, words) {
        (Some(code), Some(words)) => {
            Some(json!({"coding": [{"code": code, "display": words}], "text": words}))
        }
        (Some(text), None) | (None, Some(text)) => Some(json!({"text": text})),
        (None, None) => None,
    }
}

/// OBR-31, and what is told of the patient's state (OBR-13).
fn reasons(obr: &Segment<'_>) -> Vec<Value> {
    let coded = obr.field(31).repeats().filter_map(coded::concept);
    let told = obr.field(13).text().map(|text| json!({"text": text}));
    coded.chain(told).collect()
}

/// TQ1-9, OBR-27.6, ORC-7.6, OBR-5, by table 0485.
fn priority(group: &Group<'_>) -> Option<&'static str> {
    let tq1 = group.item("TQ1").and_then(|tq1| tq1.first(9));
    let sixth = |segment: Option<Segment<'_>>, number: usize| segment?.field(number).component(6).first();
    let code = tq1.or_else(|| sixth(group.obr, 27)).or_else(|| sixth(group.orc, 7));
    let code = code.or_else(|| group.obr?.first(5))?;
    Some(match code.to_ascii_uppercase().chars().next()? {
        'S' => "stat",
        'A' => "asap",
        'R' => "routine",
        'T' | 'U' | 'P' => "urgent",
        _ => return None,
    })
}

fn requester(group: &Group<'_>) -> Option<Value> {
    let by_order = group.orc.and_then(|orc| people::person(orc.field(12)));
    by_order.or_else(|| people::person(group.obr?.field(16)))
}

/// NTE that belong to the order itself, not to an observation.
fn notes(group: &Group<'_>) -> Vec<Value> {
    let own = group.items.iter().take_while(|item| item.id() != "OBX").filter(|item| item.id() == "NTE");
    own.filter_map(note).collect()
}

/// NTE-3.
pub(super) fn note(nte: &Segment<'_>) -> Option<Value> {
    let text = nte.field(3).lines_of_repeats();
    (!text.trim().is_empty()).then(|| annotation(text.trim()))
}
