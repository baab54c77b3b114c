//! XPN, XAD, XTN, XCN and PL: names, addresses, telephones, people and places.

use super::{content::compact, identifiers};
use crate::Part;
use clinical::When;
use serde_json::{Value, json};

/// XPN (v2.9 §2A.2.93) as a HumanName.
pub(super) fn name(xpn: Part<'_>) -> Option<Value> {
    let part = |number| xpn.component(number).first();
    let given: Vec<_> = [part(2), part(3)].into_iter().flatten().collect();
    let suffix: Vec<_> = [part(4), part(6)].into_iter().flatten().collect();
    let (family, prefix) = (part(1), part(5));
    if family.is_none() && given.is_empty() {
        return None;
    }
    let notation = part(8).and_then(|code| notation(&code));
    compact(json!({
        "use": part(7).and_then(|code| name_use(&code)),
        "family": family,
        "given": some(given),
        "prefix": prefix.map(|prefix| [prefix]),
        "suffix": some(suffix),
        "period": period(xpn.component(12), xpn.component(13)),
        "extension": notation,
    }))
}

/// Table 0200.
fn name_use(code: &str) -> Option<&'static str> {
    Some(match code {
        "L" => "official",
        "D" | "P" | "I" | "K" => "usual",
        "N" => "nickname",
        "M" | "B" => "maiden",
        "A" | "S" => "anonymous",
        "T" => "temp",
        "BAD" => "old",
        _ => return None,
    })
}

/// Table 0465, how a name is written: in letters, ideographs or by its sound.
fn notation(code: &str) -> Option<Value> {
    let code = match code {
        "A" => "ABC",
        "I" => "IDE",
        "P" => "SYL",
        _ => return None,
    };
    let url = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation";
    Some(json!([{"url": url, "valueCode": code}]))
}

/// XAD (v2.9 §2A.2.91) as an Address.
pub(super) fn address(xad: Part<'_>) -> Option<Value> {
    let part = |number| xad.component(number).first();
    let street: Vec<_> = (1..=3).filter_map(|number| xad.component(1).subcomponent(number).text()).collect();
    let street = (!street.is_empty()).then(|| street.join(" "));
    let lines: Vec<_> = street.into_iter().chain(part(2)).collect();
    let kind = part(7).unwrap_or_default();
    let made = compact(json!({
        "line": some(lines),
        "city": part(3),
        "district": part(9),
        "state": part(4),
        "postalCode": part(5),
        "country": part(6),
        "period": period(xad.component(13), xad.component(14)),
    }))?;
    let mut made = made;
    for (key, value) in [("use", address_use(&kind)), ("type", (kind == "M").then_some("postal"))] {
        if let (Some(value), Some(object)) = (value, made.as_object_mut()) {
            object.insert(key.into(), value.into());
        }
    }
    Some(made)
}

/// Table 0190.
fn address_use(code: &str) -> Option<&'static str> {
    Some(match code {
        "H" | "P" => "home",
        "B" | "O" => "work",
        "C" | "TM" => "temp",
        "BA" => "old",
        "BI" => "billing",
        _ => return None,
    })
}

/// XTN (v2.9 §2A.2.94) as a ContactPoint; `usual` is what the field is for.
pub(super) fn contact(xtn: Part<'_>, usual: Option<&str>) -> Option<Value> {
    let part = |number| xtn.component(number).first();
    let (used, equipment) = (part(2).unwrap_or_default(), part(3).unwrap_or_default());
    let mail = part(4).filter(|mail| mail.contains('@'));
    let value = mail.clone().or_else(|| part(1)).or_else(|| part(12)).or_else(|| numbers(xtn))?;
    let system = match equipment.to_ascii_uppercase().as_str() {
        _ if mail.is_some() || used == "NET" || equipment == "Internet" => "email",
        "FX" => "fax",
        "BP" => "pager",
        "MD" | "TDD" | "TTY" | "SAT" => "other",
        _ if value.contains('@') => "email",
        _ => "phone",
    };
    let used = match used.as_str() {
        _ if equipment == "CP" => Some("mobile"),
        "PRN" | "ORN" | "VHN" => Some("home"),
        "WPN" => Some("work"),
        "PRS" => Some("mobile"),
        _ => usual,
    };
    compact(json!({"system": system, "value": value, "use": used}))
}

/// Country, area, number and extension, where they are sent apart.
fn numbers(xtn: Part<'_>) -> Option<String> {
    let part = |number| xtn.component(number).first();
    let country = part(5).map(|code| format!("+{}", code.trim_start_matches('+')));
    let extension = part(8).map(|number| format!("ext. {number}"));
    part(7)?;
    Some([country, part(6), part(7), extension].into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// XCN (v2.9 §2A.2.92) as a logical reference to a Practitioner.
pub(super) fn person(xcn: Part<'_>) -> Option<Value> {
    let part = |number| xcn.component(number).first();
    let name: Vec<_> = [part(6), part(3), part(4), part(2), part(5)].into_iter().flatten().collect();
    let identifier = identifiers::of_xcn(xcn);
    if identifier.is_none() && name.is_empty() {
        return None;
    }
    let display = (!name.is_empty()).then(|| name.join(" "));
    compact(json!({
        "type": "Practitioner",
        "identifier": identifier.map(|identifier| identifier.to_json()),
        "display": display,
    }))
}

/// A person in one component (CNN, in NDL), by subcomponents.
pub(super) fn person_in_component(part: Part<'_>) -> Option<Value> {
    let sub = |number| part.subcomponent(number).text();
    let name: Vec<_> = [sub(6), sub(3), sub(4), sub(2), sub(5)].into_iter().flatten().collect();
    let display = (!name.is_empty()).then(|| name.join(" "));
    let identifier = sub(1).map(|value| json!({"value": value}));
    if display.is_none() && identifier.is_none() {
        return None;
    }
    compact(json!({"type": "Practitioner", "identifier": identifier, "display": display}))
}

/// PL (v2.9 §2A.2.58) as a logical reference to a Location: facility, building, floor, point of care, room, bed.
pub(super) fn place(pl: Part<'_>) -> Option<Value> {
    let named: Vec<_> =
        [4, 7, 8, 1, 2, 3].iter().filter_map(|number| pl.component(*number).first()).collect();
    (!named.is_empty()).then(|| json!({"type": "Location", "display": named.join(" / ")}))
}

fn period(from: Part<'_>, to: Part<'_>) -> Option<Value> {
    let moment = |part: Part<'_>| part.first().and_then(|text| When::parse_hl7(&text).ok()).map(String::from);
    compact(json!({"start": moment(from), "end": moment(to)}))
}

fn some(list: Vec<String>) -> Option<Vec<String>> {
    (!list.is_empty()).then_some(list)
}
