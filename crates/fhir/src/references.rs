//! References: every form FHIR has, made logical (R4 §2.3.0).

use crate::{names, types};
use clinical::Identifier;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// A resource that references may mean.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub kind: String,
    /// Its names, the strongest first.
    pub names: Vec<Identifier>,
}

/// The resources of a file, by system and value of each of their names.
#[derive(Debug, Default)]
pub(crate) struct Known(HashMap<(String, String), Target>);

impl Known {
    pub(crate) fn add(&mut self, target: &Target) {
        for name in &target.names {
            self.0.entry((name.system.clone(), name.value.clone())).or_insert_with(|| target.clone());
        }
    }

    pub(crate) fn find(&self, name: &Identifier) -> Option<&Target> {
        self.0.get(&(name.system.clone(), name.value.clone()))
    }
}

/// What a reference means, as far as it says.
#[derive(Debug, Default, Clone)]
pub(crate) struct Meaning {
    pub kind: Option<String>,
    /// Names of what is meant, the strongest first.
    pub names: Vec<Identifier>,
    /// It can't be followed without the server's address.
    pub needs_scope: bool,
    /// It asks a server instead of naming.
    pub asks: bool,
}

/// Where references are followed from.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub scope: Option<&'a str>,
    pub known: &'a Known,
}

impl Place<'_> {
    /// What a FHIR Reference means.
    pub(crate) fn follow(self, reference: &Map<String, Value>) -> Meaning {
        let literal = reference.get("reference").and_then(Value::as_str).unwrap_or_default();
        let mut meaning = self.literal(literal);
        let given = reference.get("type").and_then(Value::as_str).map(str::to_owned);
        meaning.kind = meaning.kind.or(given);
        if let Some(said) = reference.get("identifier").and_then(Identifier::of_json) {
            meaning.needs_scope = false;
            if !meaning.names.contains(&said) {
                let at = if said.system.is_empty() { meaning.names.len() } else { 0 };
                meaning.names.insert(at, said);
            }
        }
        if let Some(target) = meaning.names.iter().find_map(|name| self.known.find(name)) {
            meaning.kind = Some(target.kind.clone());
            let rest = std::mem::replace(&mut meaning.names, target.names.clone());
            meaning.names.extend(rest.into_iter().filter(|name| self.known.find(name).is_none()));
        }
        meaning
    }

    fn literal(self, text: &str) -> Meaning {
        let one = |kind: Option<&str>, name: Option<Identifier>| Meaning {
            kind: kind.map(str::to_owned),
            names: name.into_iter().collect(),
            ..Meaning::default()
        };
        if text.is_empty() || text.starts_with('#') {
            return Meaning::default();
        }
        if let Some((kind, question)) = text.split_once('?')
            && types::is_known(kind.rsplit('/').next().unwrap_or_default())
        {
            let name = asked(question);
            return Meaning { asks: name.is_none(), ..one(kind.rsplit('/').next(), name) };
        }
        if let Some(name) = names::of_urn(text) {
            return one(None, Some(name));
        }
        match names::of_address(text) {
            Some((base, kind, id)) => {
                let name = names::of_id(base.or(self.scope), kind, id);
                Meaning { needs_scope: name.is_none(), ..one(Some(kind), name) }
            }
            None => one(None, Identifier::new(names::URI, text, None)),
        }
    }
}

/// The identifier that a conditional reference asks for: `Patient?identifier=SYSTEM|VALUE` (R4 §3.1.0.7.1).
fn asked(question: &str) -> Option<Identifier> {
    let value = question.split('&').find_map(|part| part.strip_prefix("identifier="))?;
    let value = unescaped(value)?;
    let (system, value) = value.split_once('|').unwrap_or(("", &value));
    Identifier::new(system, value, None)
}

fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// What came of making the references of a resource logical.
#[derive(Debug, Default)]
pub(crate) struct Rewritten {
    /// Some can't be followed without the server's address.
    pub needs_scope: bool,
    /// How many ask a server instead of naming.
    pub asks: usize,
}

/// Makes every reference within `value` logical; those to contained resources stay.
pub(crate) fn rewrite(value: &mut Value, place: Place<'_>, done: &mut Rewritten) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|item| rewrite(item, place, done)),
        Value::Object(object) => {
            if object.get("reference").is_some_and(Value::is_string) {
                logical(object, place, done);
            }
            object.values_mut().for_each(|item| rewrite(item, place, done));
        }
        _ => {}
    }
}

fn logical(object: &mut Map<String, Value>, place: Place<'_>, done: &mut Rewritten) {
    if object.get("reference").and_then(Value::as_str).is_some_and(|text| text.starts_with('#')) {
        return;
    }
    let meaning = place.follow(object);
    done.needs_scope |= meaning.needs_scope;
    done.asks += usize::from(meaning.asks);
    object.shift_remove("reference");
    if let Some(kind) = meaning.kind {
        object.insert("type".into(), kind.into());
    }
    if let Some(name) = meaning.names.first() {
        object.insert("identifier".into(), name.to_json());
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use serde_json::json;

    fn rewritten(mut value: Value, scope: Option<&str>) -> (Value, Rewritten) {
        let (known, mut done) = (Known::default(), Rewritten::default());
        rewrite(&mut value, Place { scope, known: &known }, &mut done);
        (value, done)
    }

    #[test]
    fn each_form_becomes_logical() {
        let of = |text: &str| {
            let (value, _) = rewritten(json!({"reference": text, "display": "d"}), Some("http://s"));
            format!("{}|{}|{}", value["type"], value["identifier"]["system"], value["identifier"]["value"])
                .replace('"', "")
        };
        assert_eq!(of("Patient/1"), "Patient|http://s/Patient|1");
        assert_eq!(of("Patient/1/_history/3"), "Patient|http://s/Patient|1");
        assert_eq!(of("https://other/r4/Patient/1"), "Patient|https://other/r4/Patient|1");
        assert_eq!(of("urn:uuid:AB"), "null|urn:uuid|ab");
        assert_eq!(of("Patient?identifier=http%3A%2F%2Fa%7C1"), "Patient|http://a|1");
        assert_eq!(of("https://a/b.pdf"), "null|urn:ietf:rfc:3986|https://a/b.pdf");
    }

    #[test]
    fn what_cannot_be_followed_is_told() {
        assert!(rewritten(json!({"subject": {"reference": "Patient/1"}}), None).1.needs_scope);
        let (value, done) = rewritten(json!({"reference": "Patient?name=x", "display": "d"}), None);
        assert_eq!((done.asks, value), (1, json!({"display": "d", "type": "Patient"})));
        let (value, _) = rewritten(json!([{"reference": "#a"}]), None);
        assert_eq!(value, json!([{"reference": "#a"}]));
    }

    #[test]
    fn a_resource_of_the_file_is_meant_by_its_strongest_name() {
        let strong = Identifier::new("urn:oid:1.2", "M1", Some("MR")).unwrap();
        let weak = Identifier::new("http://s/Patient", "1", None).unwrap();
        let mut known = Known::default();
        known.add(&Target { kind: "Patient".into(), names: vec![strong.clone(), weak] });
        let mut value = json!({"reference": "Patient/1"});
        rewrite(&mut value, Place { scope: Some("http://s"), known: &known }, &mut Rewritten::default());
        assert_eq!(value, strong.refer("Patient"));
    }
}
