//! CE, CWE and CNE: coded values (v2.9 §2A.2.13).

use super::{codes, content::compact};
use crate::Part;
use serde_json::{Value, json};

/// A CodeableConcept; none when nothing is said.
pub(super) fn concept(cwe: Part<'_>) -> Option<Value> {
    let part = |number| cwe.component(number).first();
    let codings: Vec<_> =
        [(1, 7), (4, 8), (10, 13)].iter().filter_map(|(at, version)| coding(cwe, *at, *version)).collect();
    let said = part(9).or_else(|| part(2)).or_else(|| part(5));
    // A sentence where a code should be is a text.
    let alone = codings.is_empty() || (said.is_none() && part(3).is_none());
    let words = part(1).filter(|code| alone && code.contains(char::is_whitespace));
    if let Some(words) = words {
        return Some(json!({"text": words}));
    }
    let text = said.or_else(|| if codings.is_empty() { cwe.text() } else { None });
    let codings = (!codings.is_empty()).then_some(codings);
    compact(json!({"coding": codings, "text": text}))
}

fn coding(cwe: Part<'_>, at: usize, version: usize) -> Option<Value> {
    let code = cwe.component(at).subcomponent(1).text()?;
    let system = cwe.component(at + 2).first().map(|name| codes::system(&name));
    let display = cwe.component(at + 1).first();
    compact(
        json!({"system": system, "version": cwe.component(version).first(), "code": code, "display": display}),
    )
}

/// A CodeableConcept of a plain code of one of HL7's tables.
pub(super) fn of_table(part: Part<'_>, table: &str) -> Option<Value> {
    if part.component(3).is_empty() {
        let display = part.component(2).first();
        let coding = compact(json!({"system": codes::v2(table), "code": part.first()?, "display": display}))?;
        return Some(json!({"coding": [coding]}));
    }
    concept(part)
}

/// The modality a code stands for, as a category.
pub(super) fn modality(code: &str) -> Option<Value> {
    let modality = codes::modality(&code.to_ascii_uppercase())?;
    Some(json!({"coding": [{"system": codes::DCM, "code": modality}]}))
}
