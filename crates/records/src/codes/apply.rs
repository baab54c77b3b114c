//! Mapped codes and UCUM units of a resource, beside what was received. Pure.

use super::Target;
use clinical::codes::Code;
use clinical::units::{UCUM, ucum};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use utoipa::ToSchema;

/// What codes mean.
#[derive(Debug, Clone, Default)]
pub struct Mapping(HashMap<Code, Vec<Target>>);

/// A code of a record and what it is mapped to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MappedCode {
    /// The element it is in, such as `code`.
    pub element: String,
    /// The system as received.
    pub received_system: String,
    /// The code as received.
    pub received_code: String,
    /// The system it is mapped to.
    pub system: String,
    /// The code it is mapped to.
    pub code: String,
    /// Its words.
    pub display: String,
    /// The table that says so.
    pub table: String,
}

/// A unit of a record and the UCUM code that means the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MappedUnit {
    /// The element it is in, such as `valueQuantity`.
    pub element: String,
    /// As received.
    pub received: String,
    /// The UCUM code.
    pub code: String,
}

impl Mapping {
    /// By what was found in tables.
    #[must_use]
    pub const fn new(found: HashMap<Code, Vec<Target>>) -> Self {
        Self(found)
    }

    /// What a code means at a moment (microseconds), each once.
    #[must_use]
    pub fn of(&self, code: &Code, at: Option<i64>) -> Vec<&Target> {
        let any = Code { system: String::new(), code: code.code.clone() };
        let own = self.0.get(code).into_iter().flatten();
        let general = if code.system.is_empty() { None } else { self.0.get(&any) };
        let mut found: Vec<&Target> = Vec::new();
        for target in own.chain(general.into_iter().flatten()).filter(|target| target.holds(at)) {
            if target.code != *code && found.iter().all(|known| known.code != target.code) {
                found.push(target);
            }
        }
        found
    }

    /// The codes of a resource that are mapped, by element.
    #[must_use]
    pub fn codes(&self, content: &Value, at: Option<i64>) -> Vec<MappedCode> {
        let mut found = Vec::new();
        codings("", content, &mut |element, coding| {
            let received = code_of(coding);
            for target in self.of(&received, at) {
                found.push(MappedCode {
                    element: element.into(),
                    received_system: received.system.clone(),
                    received_code: received.code.clone(),
                    system: target.code.system.clone(),
                    code: target.code.code.clone(),
                    display: target.display.clone(),
                    table: target.set.clone(),
                });
            }
        });
        found
    }

    /// The units of a resource that have a UCUM code they did not come with.
    #[must_use]
    pub fn units(&self, content: &Value, at: Option<i64>) -> Vec<MappedUnit> {
        let mut found = Vec::new();
        let mut copy = content.clone();
        quantities("", &mut copy, &mut |element, quantity| {
            if let Some((received, code)) = self.unit(quantity, at) {
                found.push(MappedUnit { element: element.into(), received, code });
            }
        });
        found
    }

    /// Adds mapped codings behind the received ones, and UCUM codes to quantities that have none.
    pub fn apply(&self, content: &mut Value, at: Option<i64>) {
        self.add_codings(content, at);
        quantities("", content, &mut |_, quantity| {
            if let Some((received, code)) = self.unit(quantity, at) {
                quantity.entry("unit").or_insert_with(|| received.into());
                quantity.insert("system".into(), UCUM.into());
                quantity.insert("code".into(), code.into());
            }
        });
    }

    fn add_codings(&self, value: &mut Value, at: Option<i64>) {
        match value {
            Value::Array(list) => list.iter_mut().for_each(|item| self.add_codings(item, at)),
            Value::Object(object) => {
                if let Some(Value::Array(codings)) = object.get_mut("coding") {
                    let more: Vec<_> =
                        codings.iter().flat_map(|coding| self.of(&code_of(coding), at)).map(coding).collect();
                    for one in more {
                        let same = |known: &Value| code_of(known) == code_of(&one);
                        if !codings.iter().any(same) {
                            codings.push(one);
                        }
                    }
                }
                let inner = object.iter_mut().filter(|(name, _)| *name != "coding");
                inner.for_each(|(_, value)| self.add_codings(value, at));
            }
            _ => {}
        }
    }

    /// What was received as a unit, and its UCUM code: by the site's tables first. None when it came with one.
    fn unit(&self, quantity: &Map<String, Value>, at: Option<i64>) -> Option<(String, String)> {
        let text = |name: &str| quantity.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let system = text("system");
        if system == Some(UCUM) && text("code").is_some() {
            return None;
        }
        let own = system.and(text("code"));
        let by_table = |written: &str| {
            let system = system.unwrap_or_default().to_owned();
            let known = self.of(&Code { system, code: written.into() }, at);
            known.into_iter().find(|target| target.code.system == UCUM).map(|target| target.code.code.clone())
        };
        let candidates: Vec<_> = own.into_iter().chain(text("unit")).chain(text("code")).collect();
        let tabled = candidates.iter().find_map(|written| Some(((*written).to_owned(), by_table(written)?)));
        tabled.or_else(|| candidates.iter().find_map(|one| Some(((*one).to_owned(), ucum(one)?.to_owned()))))
    }
}

fn coding(target: &Target) -> Value {
    let mut made = json!({"system": target.code.system, "code": target.code.code});
    if !target.display.is_empty() {
        made["display"] = target.display.as_str().into();
    }
    made
}

fn code_of(coding: &Value) -> Code {
    let text = |name: &str| coding[name].as_str().unwrap_or_default().to_owned();
    Code { system: text("system"), code: text("code") }
}

/// Goes through the codings, told with the outermost element they are in.
fn codings<'v>(element: &'v str, value: &'v Value, each: &mut impl FnMut(&'v str, &'v Value)) {
    match value {
        Value::Array(list) => list.iter().for_each(|item| codings(element, item, each)),
        Value::Object(object) => {
            for (name, inner) in object {
                if name == "coding" {
                    inner.as_array().into_iter().flatten().for_each(|coding| each(element, coding));
                } else {
                    codings(if element.is_empty() { name } else { element }, inner, each);
                }
            }
        }
        _ => {}
    }
}

/// Goes through the quantities: a number with a unit.
fn quantities(element: &str, value: &mut Value, each: &mut impl FnMut(&str, &mut Map<String, Value>)) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|item| quantities(element, item, each)),
        Value::Object(object) => {
            let measured = object.get("value").is_some_and(Value::is_number);
            if measured && (object.contains_key("unit") || object.contains_key("code")) {
                each(element, object);
                return;
            }
            for (name, inner) in object.iter_mut() {
                let own = if element.is_empty() { name.clone() } else { element.to_owned() };
                quantities(&own, inner, each);
            }
        }
        _ => {}
    }
}

/// Every code of these resources, units too.
pub(super) fn codes_in(contents: &[&Value]) -> Vec<Code> {
    let mut found = Vec::new();
    for content in contents {
        codings("", content, &mut |_, coding| found.push(code_of(coding)));
        quantities("", &mut (*content).clone(), &mut |_, quantity| {
            let names = ["unit", "code"].into_iter();
            let told = names.filter_map(|name| quantity.get(name).and_then(Value::as_str));
            found.extend(told.map(|code| Code { system: String::new(), code: code.into() }));
        });
    }
    found.retain(|code| !code.code.is_empty());
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(system: &str, code: &str, from: Option<i64>) -> Target {
        let code = Code { system: system.into(), code: code.into() };
        Target { code, display: "words".into(), set: "labs".into(), from, to: None }
    }

    fn mapping() -> Mapping {
        let code = |system: &str, code: &str| Code { system: system.into(), code: code.into() };
        Mapping::new(HashMap::from([
            (code("urn:lab", "GLU"), vec![target("http://loinc.org", "2345-7", None)]),
            (
                code("", "GLU"),
                vec![target("http://loinc.org", "2345-7", None), target("s", "late", Some(100))],
            ),
            (code("", "Einheiten"), vec![target(UCUM, "U/L", None)]),
        ]))
    }

    #[test]
    fn mapped_codings_stand_behind_the_received_ones_each_once() {
        let mut content = json!({"code": {"coding": [{"system": "urn:lab", "code": "GLU"}], "text": "Glucose"},
            "component": [{"code": {"coding": [{"code": "GLU"}, {"system": "http://loinc.org", "code": "2345-7"}]}}]});
        mapping().apply(&mut content, Some(5));
        let codes = |value: &Value| {
            value["coding"]
                .as_array()
                .map_or_else(Vec::new, |all| all.iter().map(|one| one["code"].clone()).collect())
        };
        assert_eq!(codes(&content["code"]), ["GLU", "2345-7"]);
        assert_eq!(codes(&content["component"][0]["code"]), ["GLU", "2345-7"]);
        let told = mapping().codes(&json!({"code": {"coding": [{"system": "x", "code": "GLU"}]}}), Some(200));
        let told: Vec<_> = told.iter().map(|one| (one.element.as_str(), one.code.as_str())).collect();
        assert_eq!(told, [("code", "2345-7"), ("code", "late")], "what holds later is told later");
    }

    #[test]
    fn units_get_their_ucum_code_and_keep_what_was_received() {
        let of = |quantity: Value| {
            let mut content = json!({"valueQuantity": quantity});
            mapping().apply(&mut content, None);
            content["valueQuantity"].clone()
        };
        let known = of(json!({"value": 5, "unit": "mg/dl"}));
        assert_eq!(known, json!({"value": 5, "unit": "mg/dl", "system": UCUM, "code": "mg/dL"}));
        let coded = of(json!({"value": 5, "unit": "K per uL", "system": UCUM, "code": "10*3/uL"}));
        assert_eq!(coded["code"], "10*3/uL");
        assert_eq!(of(json!({"value": 5, "unit": "Einheiten"}))["code"], "U/L");
        assert_eq!(of(json!({"value": 5, "unit": "spoonful"})), json!({"value": 5, "unit": "spoonful"}));
        assert_eq!(of(json!({"value": 5, "system": "urn:lab", "code": "mcg/L"}))["code"], "ug/L");
        let told =
            mapping().units(&json!({"referenceRange": [{"low": {"value": 1, "unit": "MMOL/L"}}]}), None);
        let expected =
            MappedUnit { element: "referenceRange".into(), received: "MMOL/L".into(), code: "mmol/L".into() };
        assert_eq!(told, [expected]);
    }

    #[test]
    fn every_code_and_unit_is_looked_up() {
        let content = json!({"code": {"coding": [{"system": "a", "code": "1"}]}, "valueQuantity": {"value": 1, "unit": "x"}});
        let codes: Vec<_> = codes_in(&[&content]).into_iter().map(|one| one.code).collect();
        assert_eq!(codes, ["x", "1"]);
    }
}
