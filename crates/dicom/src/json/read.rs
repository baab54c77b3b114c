//! JSON to data set.

use crate::bulk::{BulkPath, BulkReference, Metadata};
use crate::data_set::{decimal_string, pad};
use crate::{Charset, DataSet, Element, Tag, Value, Vr, dictionary, tags};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value as Json};

/// As deep as the reader of data sets goes.
const MAX_DEPTH: usize = 64;

/// Why JSON is not a data set. Never carries a value.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// Not JSON.
    #[error("not JSON, line {line} column {column}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// An object was expected.
    #[error("a data set must be an object")]
    NotAnObject,
    /// A name of an attribute is not eight hexadecimal digits.
    #[error("{name:?} is not a tag of eight hexadecimal digits")]
    NotATag {
        /// The name, cut to a few characters.
        name: String,
    },
    /// An attribute is not as Annex F wants it.
    #[error("{tag}: {problem}")]
    Attribute {
        /// Which.
        tag: Tag,
        /// What is wrong.
        problem: &'static str,
    },
}

/// Reads one data set or an array of them.
///
/// # Errors
/// [`JsonError`], naming the attribute.
pub fn from_json(text: &[u8]) -> Result<Vec<Metadata>, JsonError> {
    let json: Json = serde_json::from_slice(text)
        .map_err(|error| JsonError::Syntax { line: error.line(), column: error.column() })?;
    match json {
        Json::Array(objects) => objects.into_iter().map(top).collect(),
        other => Ok(vec![top(other)?]),
    }
}

fn top(json: Json) -> Result<Metadata, JsonError> {
    let mut reader = Reader { path: Vec::new(), bulk: Vec::new() };
    let data_set = reader.object(json)?;
    Ok(Metadata::in_utf_8(data_set, reader.bulk))
}

struct Reader {
    path: Vec<(Tag, usize)>,
    bulk: Vec<BulkReference>,
}

impl Reader {
    fn object(&mut self, json: Json) -> Result<DataSet, JsonError> {
        let Json::Object(attributes) = json else {
            return Err(JsonError::NotAnObject);
        };
        let mut elements = Vec::with_capacity(attributes.len());
        for (name, attribute) in attributes {
            let tag = parse_tag(&name)?;
            let Json::Object(attribute) = attribute else {
                return Err(JsonError::Attribute { tag, problem: "must be an object" });
            };
            elements.push(self.attribute(tag, attribute)?);
        }
        Ok(DataSet::from_elements(elements, Charset::UTF_8))
    }

    fn attribute(&mut self, tag: Tag, mut json: Map<String, Json>) -> Result<Element, JsonError> {
        let wrong = |problem| JsonError::Attribute { tag, problem };
        let vr = match json.get("vr").map(Json::as_str) {
            None => dictionary::implicit_vr(tag, false),
            Some(vr) => vr.and_then(|vr| vr.parse().ok()).ok_or(wrong("has no known VR"))?,
        };
        if vr == Vr::SQ && (json.contains_key("BulkDataURI") || json.contains_key("InlineBinary")) {
            return Err(wrong("is a sequence and must have a Value"));
        }
        let value = if let Some(uri) = json.remove("BulkDataURI") {
            let Json::String(uri) = uri else {
                return Err(wrong("has a BulkDataURI that is not a string"));
            };
            self.bulk.push(BulkReference { path: BulkPath { items: self.path.clone(), tag }, uri });
            Value::Bytes(Bytes::new())
        } else if let Some(text) = json.remove("InlineBinary") {
            let bytes = text.as_str().and_then(|text| STANDARD.decode(text).ok());
            Value::Bytes(pad(bytes.ok_or(wrong("has an InlineBinary that is not base64"))?, vr).into())
        } else {
            self.value(tag, vr, json.remove("Value").unwrap_or(Json::Null))?
        };
        Ok(Element { tag, vr, value })
    }

    fn value(&mut self, tag: Tag, vr: Vr, json: Json) -> Result<Value, JsonError> {
        let values = match json {
            Json::Null => Vec::new(),
            Json::Array(values) => values,
            _ => return Err(JsonError::Attribute { tag, problem: "has a Value that is not an array" }),
        };
        if vr == Vr::SQ {
            return self.items(tag, values);
        }
        if tag == tags::SPECIFIC_CHARACTER_SET && !values.is_empty() {
            return Ok(Value::Bytes(Bytes::from_static(b"ISO_IR 192")));
        }
        let bytes = values_to_bytes(vr, &values).map_err(|problem| JsonError::Attribute { tag, problem })?;
        Ok(Value::Bytes(pad(bytes, vr).into()))
    }

    fn items(&mut self, tag: Tag, values: Vec<Json>) -> Result<Value, JsonError> {
        if self.path.len() >= MAX_DEPTH {
            return Err(JsonError::Attribute { tag, problem: "is nested too deep" });
        }
        let mut items = Vec::with_capacity(values.len());
        for (index, value) in values.into_iter().enumerate() {
            self.path.push((tag, index));
            // An empty item may be written as null (PS3.18 §F.2.5).
            items.push(if value.is_null() {
                DataSet::from_elements(Vec::new(), Charset::UTF_8)
            } else {
                self.object(value)?
            });
            self.path.pop();
        }
        Ok(Value::Items(items))
    }
}

fn parse_tag(name: &str) -> Result<Tag, JsonError> {
    let hex = name.len() == 8 && name.bytes().all(|b| b.is_ascii_hexdigit());
    match u32::from_str_radix(name, 16) {
        Ok(number) if hex => Ok(Tag((number >> 16) as u16, number as u16)),
        _ => Err(JsonError::NotATag { name: name.chars().take(16).collect() }),
    }
}

pub(crate) fn values_to_bytes(vr: Vr, values: &[Json]) -> Result<Vec<u8>, &'static str> {
    use Vr::{AT, FD, FL, OB, OD, OF, OL, OV, OW, SL, SS, SV, UL, UN, US, UV};
    let mut out = Vec::new();
    match vr {
        OB | OD | OF | OL | OV | OW | UN if values.is_empty() => {}
        OB | OD | OF | OL | OV | OW | UN => return Err("is binary and must not have a Value"),
        AT | FD | FL | SL | SS | SV | UL | US | UV => {
            for value in values.iter().filter(|value| !value.is_null()) {
                push_number(vr, value, &mut out).ok_or("has a value that does not fit its VR")?;
            }
        }
        _ => {
            let texts: Option<Vec<_>> = values.iter().map(|value| text(vr, value)).collect();
            out = texts.ok_or("has a value that does not fit its VR")?.join("\\").into_bytes();
        }
    }
    Ok(out)
}

fn push_number(vr: Vr, json: &Json, out: &mut Vec<u8>) -> Option<()> {
    match vr {
        Vr::US => out.extend_from_slice(&u16::try_from(integer(json)?).ok()?.to_le_bytes()),
        Vr::SS => out.extend_from_slice(&i16::try_from(integer(json)?).ok()?.to_le_bytes()),
        Vr::UL => out.extend_from_slice(&u32::try_from(integer(json)?).ok()?.to_le_bytes()),
        Vr::SL => out.extend_from_slice(&i32::try_from(integer(json)?).ok()?.to_le_bytes()),
        Vr::UV => out.extend_from_slice(&u64::try_from(integer(json)?).ok()?.to_le_bytes()),
        Vr::SV => out.extend_from_slice(&i64::try_from(integer(json)?).ok()?.to_le_bytes()),
        Vr::FL => out.extend_from_slice(&(float(json)? as f32).to_le_bytes()),
        Vr::FD => out.extend_from_slice(&float(json)?.to_le_bytes()),
        Vr::AT => {
            let tag = parse_tag(json.as_str()?).ok()?;
            out.extend_from_slice(&tag.0.to_le_bytes());
            out.extend_from_slice(&tag.1.to_le_bytes());
        }
        _ => return None,
    }
    Some(())
}

/// A number, or a number in a string, which 64-bit integers may be.
fn integer(json: &Json) -> Option<i128> {
    match json {
        Json::String(text) => text.trim().parse().ok(),
        Json::Number(number) => {
            let whole = number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 1e15).map(|n| n as i128);
            number.as_i64().map(i128::from).or(number.as_u64().map(i128::from)).or(whole)
        }
        _ => None,
    }
}

fn float(json: &Json) -> Option<f64> {
    match json {
        // Rust reads “NaN”, “inf”, “-inf” and “Infinity” itself.
        Json::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    }
}

fn text(vr: Vr, json: &Json) -> Option<String> {
    match json {
        Json::Null => Some(String::new()),
        Json::String(text) => Some(text.clone()),
        Json::Object(groups) if vr == Vr::PN => person_name(groups),
        Json::Number(number) if vr == Vr::DS => {
            let written = number.to_string();
            Some(if written.len() <= 16 { written } else { decimal_string(number.as_f64()?) })
        }
        Json::Number(_) if vr == Vr::IS => integer(json).map(|n| n.to_string()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn person_name(groups: &Map<String, Json>) -> Option<String> {
    let group = |name: &str| match groups.get(name) {
        None | Some(Json::Null) => Some(""),
        Some(group) => group.as_str(),
    };
    let name = [group("Alphabetic")?, group("Ideographic")?, group("Phonetic")?].join("=");
    Some(name.trim_end_matches('=').to_owned())
}
