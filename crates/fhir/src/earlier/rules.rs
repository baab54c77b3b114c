//! What may be done to an element to carry it.

use serde_json::{Map, Value};

/// One step.
pub(crate) enum Rule {
    /// Another name for the same.
    Rename(&'static str, &'static str),
    /// A CodeableReference, or several, becomes a code element and a reference element.
    Split(&'static str, &'static str, &'static str),
    /// A CodeableReference becomes its concept.
    Concept(&'static str),
    /// A CodeableReference becomes its reference.
    Reference(&'static str),
    /// A CodeableConcept, or several, becomes its first Coding.
    Coding(&'static str),
    /// Of several only the first.
    First(&'static str),
    /// R4 has no place for it.
    Lost(&'static str),
    /// Within each object of this element.
    Within(&'static str, &'static [Rule]),
}

/// Takes the steps in order; `path` tells where, for what is lost.
pub(crate) fn apply(rules: &[Rule], object: &mut Map<String, Value>, path: &str, lost: &mut Vec<String>) {
    for rule in rules {
        match rule {
            Rule::Rename(from, to) => rename(object, from, to),
            Rule::Split(from, code, reference) => split(object, from, code, reference),
            Rule::Concept(name) => part(object, name, "concept", path, lost),
            Rule::Reference(name) => part(object, name, "reference", path, lost),
            Rule::Coding(name) => coding(object, name, path, lost),
            Rule::First(name) => first(object, name, path, lost),
            Rule::Lost(name) => {
                if object.shift_remove(*name).is_some() {
                    lost.push(no_place(path, name));
                }
            }
            Rule::Within(name, rules) => {
                let below = format!("{path}{name}.");
                let each = |value: &mut Value, lost: &mut Vec<String>| {
                    if let Value::Object(inner) = value {
                        apply(rules, inner, &below, lost);
                    }
                };
                match object.get_mut(*name) {
                    Some(Value::Array(list)) => list.iter_mut().for_each(|value| each(value, lost)),
                    Some(one) => each(one, lost),
                    None => {}
                }
            }
        }
    }
}

fn no_place(path: &str, name: &str) -> String {
    format!("R4 has no place for R5's {path}{name}")
}

fn rename(object: &mut Map<String, Value>, from: &str, to: &str) {
    if let Some(value) = object.shift_remove(from)
        && !object.contains_key(to)
    {
        object.insert(to.into(), value);
    }
}

/// A CodeableReference has the concept or the reference in an object (R5 §2.1.28.0.19).
fn is_codeable_reference(value: &Value) -> bool {
    value.get("concept").is_some_and(Value::is_object) || value.get("reference").is_some_and(Value::is_object)
}

fn split(object: &mut Map<String, Value>, from: &str, code: &str, reference: &str) {
    let fits = |value: &Value| match value {
        Value::Array(list) => list.iter().any(is_codeable_reference),
        one => is_codeable_reference(one),
    };
    if !object.get(from).is_some_and(fits) {
        return;
    }
    let Some(value) = object.shift_remove(from) else { return };
    let taken = |name: &str| -> Option<Value> {
        match &value {
            Value::Array(list) => {
                let found: Vec<_> = list.iter().filter_map(|item| item.get(name).cloned()).collect();
                (!found.is_empty()).then(|| found.into())
            }
            one => one.get(name).cloned(),
        }
    };
    for (part, name) in [("concept", code), ("reference", reference)] {
        if let Some(taken) = taken(part) {
            object.insert(name.into(), taken);
        }
    }
}

fn part(object: &mut Map<String, Value>, name: &str, part: &str, path: &str, lost: &mut Vec<String>) {
    let mut take = |value: &mut Value| {
        if !is_codeable_reference(value) {
            return true;
        }
        let Some(taken) = value.get_mut(part).map(Value::take) else {
            lost.push(no_place(path, name));
            return false;
        };
        *value = taken;
        true
    };
    let stays = match object.get_mut(name) {
        Some(Value::Array(list)) => {
            list.retain_mut(take);
            !list.is_empty()
        }
        Some(one) => take(one),
        None => return,
    };
    if !stays {
        object.shift_remove(name);
    }
}

fn coding(object: &mut Map<String, Value>, name: &str, path: &str, lost: &mut Vec<String>) {
    let one = |value: &Value| match value.get("coding").and_then(Value::as_array) {
        Some(list) => list.first().cloned(),
        None => value.get("system").or(value.get("code")).is_some().then(|| value.clone()),
    };
    let Some(value) = object.get(name) else { return };
    let made = match value {
        // ImagingStudy.modality is a list in both.
        Value::Array(list) if name == "modality" => {
            let list: Vec<_> = list.iter().filter_map(one).collect();
            (!list.is_empty()).then(|| list.into())
        }
        Value::Array(list) => {
            if list.len() > 1 {
                lost.push(format!("R4 has one {path}{name}: the first stays"));
            }
            list.first().and_then(one)
        }
        value => one(value),
    };
    match made {
        Some(made) => drop(object.insert(name.into(), made)),
        None => {
            object.shift_remove(name);
            lost.push(no_place(path, name));
        }
    }
}

fn first(object: &mut Map<String, Value>, name: &str, path: &str, lost: &mut Vec<String>) {
    let Some(Value::Array(list)) = object.get_mut(name) else { return };
    if list.len() > 1 {
        lost.push(format!("R4 has one {path}{name}: the first stays"));
    }
    let first = if list.is_empty() { None } else { Some(list.swap_remove(0)) };
    match first {
        Some(first) => drop(object.insert(name.into(), first)),
        None => drop(object.shift_remove(name)),
    }
}
