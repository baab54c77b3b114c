//! Identifiers: a value, who issued it, and what kind of number it is.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The code system of identifier types (HL7 table 0203).
pub const TYPES: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";

/// An identifier as FHIR's data type of this name (R4 §2.24.0.11).
///
/// `system` is who issued it, as the source names it: the HL7 assigning authority (`NORTHGATE`, or its universal
/// id as `urn:oid:…`), a FHIR system, or `BASE/ResourceType` for the id a server gave a resource. Two identifiers are
/// the same when system and value are; the kind is no part of it. It identifies people, so it has no `Display`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identifier {
    /// Who issued it; empty when the source doesn't say.
    pub system: String,
    /// The number itself, trimmed; never empty.
    pub value: String,
    /// Its kind by table 0203 (`MR`, `SS`, `PLAC`, `FILL`, `ACSN`, `VN` …), where the source says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Another name of who issued it: a display beside an OID, an OID beside a namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigner: Option<String>,
}

impl Identifier {
    /// One by its parts; none when the value is empty.
    #[must_use]
    pub fn new(system: &str, value: &str, kind: Option<&str>) -> Option<Self> {
        let value = value.trim();
        let kind = kind.map(str::trim).filter(|kind| !kind.is_empty()).map(Into::into);
        (!value.is_empty()).then(|| Self {
            system: system.trim().into(),
            value: value.into(),
            kind,
            assigner: None,
        })
    }

    /// The same, with another name of who issued it.
    #[must_use]
    pub fn assigned_by(mut self, assigner: &str) -> Self {
        let assigner = assigner.trim();
        self.assigner = (!assigner.is_empty() && assigner != self.system).then(|| assigner.into());
        self
    }

    /// True when it is of this kind.
    #[must_use]
    pub fn is(&self, kind: &str) -> bool {
        self.kind.as_deref() == Some(kind)
    }

    /// As a FHIR Identifier.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        if let Some(kind) = &self.kind {
            object.insert("type".into(), json!({"coding": [{"system": TYPES, "code": kind}]}));
        }
        if !self.system.is_empty() {
            object.insert("system".into(), self.system.as_str().into());
        }
        object.insert("value".into(), self.value.as_str().into());
        if let Some(assigner) = &self.assigner {
            object.insert("assigner".into(), json!({"display": assigner}));
        }
        object.into()
    }

    /// Reads a FHIR Identifier; none without a value.
    #[must_use]
    pub fn of_json(value: &Value) -> Option<Self> {
        let codings = value["type"]["coding"].as_array().map(Vec::as_slice).unwrap_or_default();
        let kind = codings.iter().find(|coding| coding["system"] == TYPES).or_else(|| codings.first());
        let kind = kind.and_then(|coding| coding["code"].as_str());
        let system = value["system"].as_str().unwrap_or_default();
        let made = Self::new(system, value["value"].as_str()?, kind)?;
        Some(made.assigned_by(value["assigner"]["display"].as_str().unwrap_or_default()))
    }

    /// A logical reference to the resource of this type that has this identifier.
    #[must_use]
    pub fn refer(&self, resource: &str) -> Value {
        json!({"type": resource, "identifier": self.to_json()})
    }
}

impl std::fmt::Debug for Identifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identifier(***)")
    }
}
