//! OBX-2, OBX-5, OBX-6 and OBX-7: what was observed, in which unit, and what is usual.

use super::super::content::{Content, compact};
use super::super::{coded, codes};
use crate::{Part, Segment};
use clinical::When;
use serde_json::{Number, Value, json};

/// Puts the value. Several values of one observation become components of it; several lines of text one text.
pub(super) fn put(made: &mut Content, obx: &Segment<'_>) {
    let kind = obx.first(2).unwrap_or_default().to_ascii_uppercase();
    let values: Vec<_> = obx.field(5).repeats().filter(|value| !value.is_null()).collect();
    match values.as_slice() {
        [] => {}
        [one] => {
            if let Some((key, value)) = of(&kind, *one, obx.field(6)) {
                made.put(key, Some(value));
            }
        }
        _ if matches!(kind.as_str(), "TX" | "FT" | "ST" | "") => {
            made.put("valueString", Some(obx.field(5).lines_of_repeats()));
        }
        several => {
            made.list("component", several.iter().filter_map(|one| component(&kind, *one, obx)).collect());
        }
    }
}

fn component(kind: &str, value: Part<'_>, obx: &Segment<'_>) -> Option<Value> {
    let (key, value) = of(kind, value, obx.field(6))?;
    let mut component = json!({"code": coded::concept(obx.field(3))});
    component[key] = value;
    compact(component)
}

/// Element and value, by the data type.
fn of(kind: &str, value: Part<'_>, unit: Part<'_>) -> Option<(&'static str, Value)> {
    let text = value.text()?;
    let made = match kind {
        "NM" => quantity(&text, unit).map(|made| ("valueQuantity", made)),
        "SN" => structured(value, unit),
        "NR" => range(value.component(1), value.component(2), unit).map(|made| ("valueRange", made)),
        "CE" | "CWE" | "CNE" | "CF" => coded::concept(value).map(|made| ("valueCodeableConcept", made)),
        "IS" | "ID" => Some(("valueCodeableConcept", json!({"coding": [{"code": text}], "text": text}))),
        "DT" | "TS" | "DTM" => moment(value).map(|made| ("valueDateTime", made)),
        "TM" => time(&text).map(|made| ("valueTime", made)),
        "TX" | "FT" => return Some(("valueString", value.lines().trim().into())),
        _ => None,
    };
    Some(made.unwrap_or(("valueString", text.into())))
}

/// A number, with a comparator before it where a sender writes one.
fn quantity(text: &str, unit: Part<'_>) -> Option<Value> {
    let comparator = ["<=", ">=", "<", ">"].into_iter().find(|mark| text.starts_with(mark));
    let value = number(text[comparator.map_or(0, str::len)..].trim())?;
    quantity_of(comparator, &value, unit)
}

fn quantity_of(comparator: Option<&str>, value: &Number, unit: Part<'_>) -> Option<Value> {
    let name = unit.component(2).first().or_else(|| unit.first());
    let system = unit.component(3).first().map(|name| codes::system(&name));
    let ucum = system.filter(|system| system == "http://unitsofmeasure.org");
    let code = ucum.as_ref().and_then(|_| unit.component(1).first());
    compact(json!({"value": value, "comparator": comparator, "unit": name, "system": ucum, "code": code}))
}

/// A number as it was written: whole ones stay whole.
fn number(text: &str) -> Option<Number> {
    let plain = text.strip_prefix('+').unwrap_or(text);
    if !plain.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) {
        return None;
    }
    let whole = plain.parse::<i64>().ok().map(Number::from);
    whole.or_else(|| Number::from_f64(plain.parse().ok()?))
}

/// SN (v2.9 §2A.2.71): `<^7`, `^1^:^128`, `^2^-^4`, `^3^+`.
fn structured(value: Part<'_>, unit: Part<'_>) -> Option<(&'static str, Value)> {
    let part = |at| value.component(at).first();
    let first = part(2).and_then(|text| number(&text));
    let second = part(4).and_then(|text| number(&text));
    let comparator = part(1);
    match (first, part(3).as_deref(), second) {
        (Some(_), Some("-"), Some(_)) => {
            range(value.component(2), value.component(4), unit).map(|made| ("valueRange", made))
        }
        (Some(first), Some(":" | "/"), Some(second)) => {
            let ratio = json!({"numerator": {"value": first}, "denominator": {"value": second}});
            Some(("valueRatio", ratio))
        }
        (Some(first), None, None) => {
            let comparator = comparator.filter(|mark| ["<", "<=", ">", ">="].contains(&mark.as_str()));
            quantity_of(comparator.as_deref(), &first, unit).map(|made| ("valueQuantity", made))
        }
        _ => {
            let parts: Vec<_> = (1..=4).filter_map(part).collect();
            Some(("valueString", parts.concat().into()))
        }
    }
}

fn range(low: Part<'_>, high: Part<'_>, unit: Part<'_>) -> Option<Value> {
    let bound = |part: Part<'_>| quantity_of(None, &number(&part.first()?)?, unit);
    compact(json!({"low": bound(low), "high": bound(high)}))
}

fn moment(value: Part<'_>) -> Option<Value> {
    When::parse_hl7(&value.first()?).ok().map(|moment| String::from(moment).into())
}

/// `HHMM[SS]` as a FHIR time.
fn time(text: &str) -> Option<Value> {
    let digits =
        text.get(..6).or_else(|| text.get(..4)).filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?;
    let seconds = digits.get(4..6).unwrap_or("00");
    Some(format!("{}:{}:{seconds}", &digits[..2], &digits[2..4]).into())
}

/// OBX-7 as text, and as bounds where it is written as two numbers or one.
pub(super) fn reference_range(obx: &Segment<'_>) -> Option<Value> {
    let text = obx.field(7).text()?;
    let unit = obx.field(6);
    let bound = |text: &str| quantity_of(None, &number(text.trim())?, unit);
    let (low, high) = match (text.strip_prefix('<'), text.strip_prefix('>'), text.split_once('-')) {
        (Some(high), _, _) => (None, bound(high.trim_start_matches('='))),
        (_, Some(low), _) => (bound(low.trim_start_matches('=')), None),
        (_, _, Some((low, high))) => (bound(low), bound(high)),
        _ => (None, None),
    };
    compact(json!({"low": low, "high": high, "text": text}))
}
