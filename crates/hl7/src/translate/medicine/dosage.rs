//! How much, how often, which way: RXO, RXE and RXA with RXR, TQ1 and the older ORC-7 and RXE-1.

use super::super::coded;
use super::super::content::compact;
use super::super::desk::Desk;
use super::Medicine;
use crate::{Part, Segment};
use clinical::When;
use serde_json::{Number, Value, json};

/// An amount with its unit; RXA-6's 999 means that nobody knows it (v2.9 §4A.4.7.6).
pub(super) fn quantity(amount: Part<'_>, unit: Part<'_>) -> Option<Value> {
    let text = amount.first().filter(|text| text != "999")?;
    let value = text.parse::<i64>().ok().map(Number::from);
    let value = value.or_else(|| Number::from_f64(text.parse().ok()?))?;
    let name = unit.component(2).first().or_else(|| unit.first());
    let ucum = unit.component(3).first().filter(|system| system.eq_ignore_ascii_case("UCUM"));
    let system = ucum.as_ref().map(|_| "http://unitsofmeasure.org");
    let code = ucum.and_then(|_| unit.component(1).first());
    compact(json!({"value": value, "unit": name, "system": system, "code": code}))
}

/// The dosage of an order.
pub(super) fn ordered(
    desk: &mut Desk<'_>,
    orc: Option<Segment<'_>>,
    tq1: Option<Segment<'_>>,
    part: &Medicine<'_>,
) -> Option<Value> {
    let head = part.head;
    let (low, high, unit) = if head.id() == "RXE" { (3, 4, 5) } else { (2, 3, 4) };
    let unit = head.field(unit);
    let (low, high) = (quantity(head.field(low), unit), quantity(head.field(high), unit));
    let dose = match (low, high) {
        (Some(low), Some(high)) if low != high => Some(json!([{"doseRange": {"low": low, "high": high}}])),
        (Some(one), _) | (None, Some(one)) => Some(json!([{"doseQuantity": one}])),
        (None, None) => None,
    };
    let old = [orc.map(|orc| orc.field(7)), (head.id() == "RXE").then(|| head.field(1))];
    let old: Vec<_> = old.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let often = tq1.and_then(|tq1| often(tq1.field(3)));
    let often = often.or_else(|| old.iter().find_map(|timing| often_of(*timing)));
    let told: Vec<_> = head.field(7).repeats().filter_map(words).collect();
    let text = (!told.is_empty()).then(|| told.join(" "));
    let text = text.or_else(|| tq1.and_then(|tq1| tq1.field(11).text()));
    let text = text.or_else(|| old.iter().find_map(|timing| timing.component(8).first()));
    let text = text.or_else(|| made_up(&dose, often.as_deref()));
    let period = period(desk, tq1, &old);
    let repeat = period.map(|period| json!({"boundsPeriod": period}));
    let timing = compact(json!({"repeat": repeat, "code": often.map(|often| json!({"text": often}))}));
    let mut made = json!({"text": text, "timing": timing, "doseAndRate": dose});
    route(part, &mut made);
    compact(made)
}

/// The way a medicine was handed out for, where nothing else is told.
pub(super) fn route_alone(part: &Medicine<'_>) -> Option<Value> {
    let mut made = json!({});
    route(part, &mut made);
    compact(made)
}

/// What was given.
pub(super) fn given(part: &Medicine<'_>) -> Option<Value> {
    let head = part.head;
    let dose = quantity(head.field(6), head.field(7));
    let mut made = json!({"dose": dose});
    route(part, &mut made);
    compact(made)
}

/// RXR.
fn route(part: &Medicine<'_>, made: &mut Value) {
    let Some(rxr) = part.item("RXR") else { return };
    for (name, number) in [("route", 1), ("site", 2), ("method", 4)] {
        if let Some(concept) = coded::concept(rxr.field(number)) {
            made[name] = concept;
        }
    }
}

fn words(part: Part<'_>) -> Option<String> {
    let concept = coded::concept(part)?;
    let said = concept["text"].as_str().or_else(|| concept["coding"][0]["code"].as_str());
    said.map(str::to_owned)
}

/// RPT: a code, or words of it (v2.9 §2A.2.65).
fn often(pattern: Part<'_>) -> Option<String> {
    let code = pattern.component(1);
    code.subcomponent(2).text().or_else(|| code.first())
}

/// TQ-2: the pattern, with its times.
fn often_of(timing: Part<'_>) -> Option<String> {
    let interval = timing.component(2);
    let (pattern, times) = (interval.subcomponent(1).text()?, interval.subcomponent(2).text());
    Some(times.map_or_else(|| pattern.clone(), |times| format!("{pattern} {times}")))
}

fn made_up(dose: &Option<Value>, often: Option<&str>) -> Option<String> {
    let quantity = &dose.as_ref()?[0]["doseQuantity"];
    let number = quantity["value"].as_number()?;
    let unit = quantity["unit"].as_str().unwrap_or_default();
    Some([&number.to_string(), unit, often.unwrap_or_default()].join(" ").trim().replace("  ", " "))
}

/// TQ1-7 and 8, else TQ-4 and 5.
fn period(desk: &mut Desk<'_>, tq1: Option<Segment<'_>>, old: &[Part<'_>]) -> Option<Value> {
    let told = tq1.map(|tq1| (desk.moment(&tq1, 7), desk.moment(&tq1, 8)));
    let at = |timing: &Part<'_>, number| When::parse_hl7(&timing.component(number).first()?).ok();
    let older = || old.iter().map(|timing| (at(timing, 4), at(timing, 5))).find(|pair| pair.0.is_some());
    let (start, end) = told.filter(|(start, end)| start.is_some() || end.is_some()).or_else(older)?;
    compact(json!({"start": start.map(String::from), "end": end.map(String::from)}))
}
