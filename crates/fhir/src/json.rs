//! JSON, strictly: UTF-8, no key twice, nested no deeper than 128.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// Why bytes are no JSON that could be trusted; its text holds nothing of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Another character set.
    #[error("not UTF-8, which FHIR's JSON must be (R4 §2.6.2)")]
    NotUtf8,
    /// It stops in the middle.
    #[error("cut off: the JSON is not complete")]
    Cut,
    /// Some other fault.
    #[error("not JSON at line {line}, column {column}: {what}")]
    Syntax {
        /// From one.
        line: usize,
        /// From one.
        column: usize,
        /// In words.
        what: &'static str,
    },
}

/// Reads one JSON value that is all of `bytes`.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, JsonError> {
    let text = std::str::from_utf8(bytes).map_err(|_| JsonError::NotUtf8)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Unique.deserialize(&mut deserializer).map_err(|error| told(&error))?;
    deserializer.end().map_err(|error| told(&error))?;
    Ok(value)
}

const TWICE: &str = "a key is given twice";

/// The library's words may quote what it read; ours don't.
fn told(error: &serde_json::Error) -> JsonError {
    if error.is_eof() {
        return JsonError::Cut;
    }
    let words = error.to_string();
    let what = if words.starts_with(TWICE) {
        TWICE
    } else if words.starts_with("recursion limit") {
        "nested too deep"
    } else if words.starts_with("number out of range") {
        "a number out of range"
    } else {
        "wrong syntax"
    };
    JsonError::Syntax { line: error.line(), column: error.column(), what }
}

/// Builds a [`Value`], refusing an object that has a key twice: two readers would read two things.
struct Unique;

impl<'de> DeserializeSeed<'de> for Unique {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Self)? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(TWICE));
            }
            let value = entries.next_value_seed(Self)?;
            object.insert(key, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &[u8]) -> String {
        parse(text).map_or_else(|error| error.to_string(), |_| "read".into())
    }

    #[test]
    fn what_two_readers_would_read_differently_is_refused() {
        assert_eq!(why(br#"{"a": 1, "a": 2}"#), "not JSON at line 1, column 12: a key is given twice");
        assert_eq!(why(b"{\"a\": \"caf\xe9\"}"), "not UTF-8, which FHIR's JSON must be (R4 §2.6.2)");
        assert_eq!(why(br#"{"a": [1, 2"#), "cut off: the JSON is not complete");
        assert!(why(br#"{"a": Smith}"#).ends_with("wrong syntax"));
        let bomb = [vec![b'['; 5000], vec![b']'; 5000]].concat();
        assert!(why(&bomb).ends_with("nested too deep"));
        assert_eq!(parse(br#"{"a": [null, true, -1, 2.5, "x"]}"#).map(|v| v["a"][3].as_f64()), Ok(Some(2.5)));
    }
}
