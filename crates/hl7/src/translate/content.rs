//! Building a FHIR resource element by element.

use crate::Part;
use serde_json::{Map, Value, json};

/// A resource in the making. Elements that nothing is said about are not there; `null` takes one away.
pub(super) struct Content(Map<String, Value>);

impl Content {
    pub(super) fn of(kind: &str) -> Self {
        let mut map = Map::new();
        map.insert("resourceType".into(), kind.into());
        Self(map)
    }

    pub(super) fn put(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.0.insert(key.into(), value.into());
        }
    }

    /// A list, when there is anything in it.
    pub(super) fn list(&mut self, key: &str, values: Vec<Value>) {
        if !values.is_empty() {
            self.0.insert(key.into(), values.into());
        }
    }

    /// A field as one element; `""` takes it away.
    pub(super) fn field<'m>(&mut self, key: &str, part: Part<'m>, made: impl Fn(Part<'m>) -> Option<Value>) {
        self.put(key, if part.is_null() { Some(Value::Null) } else { made(part) });
    }

    /// A field's repetitions as a list; `""` takes it away.
    pub(super) fn fields<'m>(&mut self, key: &str, part: Part<'m>, made: impl Fn(Part<'m>) -> Option<Value>) {
        if part.is_null() {
            self.put(key, Some(Value::Null));
        } else {
            self.list(key, part.repeats().filter_map(made).collect());
        }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    pub(super) fn done(self) -> Value {
        self.0.into()
    }
}

/// Objects without the members that are null.
pub(super) fn compact(value: Value) -> Option<Value> {
    match value {
        Value::Object(map) => {
            let kept: Map<_, _> = map.into_iter().filter(|(_, value)| !value.is_null()).collect();
            (!kept.is_empty()).then(|| kept.into())
        }
        Value::Null => None,
        other => Some(other),
    }
}

/// A note.
pub(super) fn annotation(text: &str) -> Value {
    json!({"text": text})
}
