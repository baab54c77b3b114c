//! PV1 and PV2 as an Encounter.

use super::content::{Content, compact};
use super::desk::Desk;
use super::{coded, codes, identifiers, people};
use crate::Segment;
use clinical::{Identifier, Told};
use serde_json::{Value, json};

/// Reads the message's first PV1. A visit without a number is no record; its class stays with what is said about it.
pub(super) fn read(desk: &mut Desk<'_>) {
    let (Some(pv1), pv2) = (desk.one("PV1"), desk.one("PV2")) else { return };
    let class = pv1.first(2).unwrap_or_default().to_ascii_uppercase();
    desk.class = codes::class(&class).map(|(code, _)| code.into());
    let keys = keys(desk, &pv1);
    let Some(visit) = keys.first().cloned() else {
        desk.leave_segment(&pv1, "a visit without a number (PV1-19, PID-18): no record of its own", false);
        return;
    };
    desk.take(&pv1);
    pv2.iter().for_each(|pv2| desk.take(pv2));
    let content = content(desk, &pv1, pv2.as_ref(), &keys);
    desk.visit = Some(visit);
    desk.record(&pv1.place(), keys, content, Told::Change);
}

/// PV1-19, else the account of PID-18.
pub(super) fn keys(desk: &Desk<'_>, pv1: &Segment<'_>) -> Vec<Identifier> {
    let visit = identifiers::of_cx_as(pv1.field(19), "VN");
    let account = || identifiers::of_cx_as(desk.one("PID")?.field(18), "AN");
    visit.or_else(account).into_iter().collect()
}

fn content(
    desk: &mut Desk<'_>,
    pv1: &Segment<'_>,
    pv2: Option<&Segment<'_>>,
    keys: &[Identifier],
) -> Content {
    let mut encounter = Content::of("Encounter");
    encounter.list("identifier", keys.iter().map(Identifier::to_json).collect());
    let period = period(desk, pv1);
    encounter.put("status", status(desk, &period));
    encounter.put("class", class(pv1));
    encounter.fields("type", pv1.field(4), |kind| coded::of_table(kind, "0007"));
    encounter.field("serviceType", pv1.field(10), |service| coded::of_table(service, "0069"));
    encounter.put("subject", desk.subject());
    encounter.list("participant", participants(pv1));
    encounter.put("period", period);
    if let Some(pv2) = pv2 {
        encounter.fields("reasonCode", pv2.field(3), coded::concept);
    }
    encounter.put("hospitalization", hospitalization(pv1));
    encounter.list("location", locations(pv1));
    encounter
}

fn class(pv1: &Segment<'_>) -> Option<Value> {
    let code = pv1.first(2)?.to_ascii_uppercase();
    Some(match codes::class(&code) {
        Some((code, display)) => {
            let system = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
            json!({"system": system, "code": code, "display": display})
        }
        None => json!({"system": codes::v2("0004"), "code": code}),
    })
}

/// PV1-44 and PV1-45. Cancelling a discharge (A13) takes the end away.
fn period(desk: &mut Desk<'_>, pv1: &Segment<'_>) -> Option<Value> {
    let (start, end) = (desk.date_time(pv1, 44), desk.date_time(pv1, 45));
    let mut period = compact(json!({"start": start, "end": end.clone()}));
    if desk.trigger == "A13" || end == Some(Value::Null) {
        let open = period.get_or_insert_with(|| json!({}));
        open["end"] = Value::Null;
    }
    period
}

/// By the trigger (table 0003); of other messages only what a discharge tells.
fn status(desk: &Desk<'_>, period: &Option<Value>) -> Option<&'static str> {
    let ended = period.as_ref().is_some_and(|period| period["end"].is_string());
    let admission = desk.message.kind() == Ok(crate::Kind::Patient);
    let by_trigger = match desk.trigger.as_str() {
        "A03" => Some("finished"),
        "A01" | "A02" | "A04" | "A06" | "A07" | "A09" | "A12" | "A13" | "A16" | "A17" | "A22" | "A25"
        | "A33" => Some(if ended { "finished" } else { "in-progress" }),
        "A05" | "A14" => Some("planned"),
        "A10" => Some("arrived"),
        "A11" | "A27" | "A38" => Some("cancelled"),
        "A32" => Some("planned"),
        "A21" | "A53" => Some("onleave"),
        _ => None,
    };
    by_trigger.filter(|_| admission).or(ended.then_some("finished"))
}

fn participants(pv1: &Segment<'_>) -> Vec<Value> {
    const ROLES: [(usize, &str); 4] = [(7, "ATND"), (8, "REF"), (9, "CON"), (17, "ADM")];
    let people = ROLES.iter().flat_map(|(number, role)| {
        let people = pv1.field(*number).repeats().take(10).filter_map(people::person);
        people.map(move |person| json!({"type": [participation(role)], "individual": person}))
    });
    people.collect()
}

/// A role of HL7 v3's ParticipationType.
fn participation(role: &str) -> Value {
    json!({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": role}]})
}

fn hospitalization(pv1: &Segment<'_>) -> Option<Value> {
    compact(json!({
        "admitSource": coded::of_table(pv1.field(14), "0023"),
        "dischargeDisposition": coded::of_table(pv1.field(36), "0112"),
    }))
}

fn locations(pv1: &Segment<'_>) -> Vec<Value> {
    let now = people::place(pv1.field(3)).map(|place| json!({"location": place, "status": "active"}));
    let before = people::place(pv1.field(6)).map(|place| json!({"location": place, "status": "completed"}));
    now.into_iter().chain(before).collect()
}
