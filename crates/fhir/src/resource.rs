//! One resource: named, carried to R4, its references made logical, its patient found.

use crate::bundle::{Content, Entry};
use crate::references::{Known, Meaning, Place, Rewritten, rewrite};
use crate::types::{self, Use};
use crate::{earlier, names, orders};
use clinical::{Identifier, Part, Record, Said, Statement, Told, When};
use serde_json::{Map, Value, json};

/// Elements that hold a resource's patient, the likeliest first.
const PATIENTS: [&str; 6] = ["patient", "subject", "individual", "beneficiary", "for", "actor"];

/// Says what an entry says.
pub(crate) struct Translator<'a> {
    /// The base address of the server, where it is known.
    pub scope: Option<&'a str>,
    /// What ids mean when no server is known: within this file.
    pub file: Option<&'a str>,
    pub known: &'a Known,
}

impl Translator<'_> {
    /// What an entry says, and what is left of it; never nothing.
    pub(crate) fn entry(&self, entry: Entry) -> Vec<Part> {
        let Entry { place, full_url, content } = entry;
        match content {
            Content::Resource(resource) => self.resource(resource, &place, full_url.as_deref()),
            Content::Deleted(url) => self.deleted(&url, full_url.as_deref(), &place),
            Content::Left { why, refused: true } => vec![Part::refused(place, why)],
            Content::Left { why, refused: false } => vec![Part::kept(place, why)],
        }
    }

    fn scope<'b>(&'b self, full_url: Option<&'b str>) -> Option<&'b str> {
        full_url.and_then(names::base_of).or(self.scope).or(self.file)
    }

    fn resource(&self, resource: Map<String, Value>, place: &str, full_url: Option<&str>) -> Vec<Part> {
        let Some(kind) = resource.get("resourceType").and_then(Value::as_str).map(str::to_owned) else {
            return vec![Part::refused(place, "no resourceType: not FHIR")];
        };
        match types::named(&kind).map(|one| one.use_) {
            Some(Use::Record) => self.record(&kind, resource, place, full_url),
            Some(Use::Kept) => vec![Part::kept(place, format!("a {kind} says nothing about patients"))],
            Some(Use::Later) => vec![Part::kept(place, format!("R4 has no {kind}"))],
            Some(Use::Bundle) => vec![Part::refused(place, "Bundles nested too deep")],
            None => vec![Part::refused(place, "an unknown resourceType")],
        }
    }

    fn record(
        &self,
        kind: &str,
        mut resource: Map<String, Value>,
        place: &str,
        full_url: Option<&str>,
    ) -> Vec<Part> {
        let scope = self.scope(full_url);
        let keys = names::all(&resource, kind, scope, full_url);
        if keys.is_empty() {
            return vec![Part::refused(place, nameless(&resource))];
        }
        let lost = earlier::carry(kind, &mut resource);
        let at =
            When::parse(resource.get("meta").and_then(|meta| meta["lastUpdated"].as_str()).unwrap_or(""));
        let here = Place { scope, known: self.known };
        let patient = if kind == "Patient" { keys.clone() } else { patient(kind, &resource, here) };
        let mut content = Value::Object(cleaned(resource));
        let mut done = Rewritten::default();
        rewrite(&mut content, here, &mut done);
        if done.needs_scope {
            return vec![Part::refused(
                place,
                "it refers to an id that only its server knows; pass --system",
            )];
        }
        let said = told(kind, keys, patient, content);
        let mut parts: Vec<_> = said
            .into_iter()
            .map(|(said, below)| {
                Part::Said(Statement { said, at: at.clone().ok(), place: format!("{place}{below}") })
            })
            .collect();
        parts.extend(lost.into_iter().map(|why| Part::kept(place, why)));
        if done.asks > 0 {
            parts.push(Part::kept(place, "a conditional reference that doesn't ask for an identifier"));
        }
        parts
    }

    /// A server's record of a deletion: it was there, and is no longer meant to be.
    fn deleted(&self, url: &str, full_url: Option<&str>, place: &str) -> Vec<Part> {
        let target = names::of_address(url).or_else(|| full_url.and_then(names::of_address));
        let mut parts = vec![Part::kept(place, "a deletion: the record stays, marked as entered in error")];
        let Some((base, kind, id)) = target else {
            return vec![Part::kept(place, "a deletion of something it doesn't name by its id")];
        };
        let key = names::of_id(base.or_else(|| self.scope(full_url)), kind, id);
        if let (Some(key), Some(error)) = (key, types::named(kind).and_then(|one| one.error)) {
            let content = json!({"resourceType": kind, error: in_error(kind, error)});
            let record = Record {
                kind: kind.into(),
                keys: vec![key],
                patient: Vec::new(),
                content,
                told: Told::Change,
                state: (kind == "ServiceRequest").then_some(clinical::OrderState::Cancelled),
            };
            let said = Said::Record(Box::new(record));
            parts.insert(0, Part::Said(Statement { said, at: None, place: place.into() }));
        } else {
            parts = vec![Part::kept(place, "a deletion of something that has no such status")];
        }
        parts
    }
}

fn nameless(resource: &Map<String, Value>) -> &'static str {
    if resource.contains_key("id") {
        "an id that only its server knows; pass --system with the server's address"
    } else {
        "neither an id nor an identifier: it could never be found again"
    }
}

fn in_error(kind: &str, element: &str) -> Value {
    if element == "status" {
        return "entered-in-error".into();
    }
    let system = if kind == "Condition" { "condition-ver-status" } else { "allergyintolerance-verification" };
    json!({"coding": [{
        "system": format!("http://terminology.hl7.org/CodeSystem/{system}"),
        "code": "entered-in-error",
    }]})
}

/// What the resource itself states, and what follows for others, with where below the resource that stands.
fn told(kind: &str, keys: Vec<Identifier>, patient: Vec<Identifier>, content: Value) -> Vec<(Said, String)> {
    let Value::Object(resource) = &content else { return Vec::new() };
    let mut more: Vec<(Said, String)> = Vec::new();
    if kind == "Patient"
        && let Some(own) = keys.first()
    {
        more.extend(merges(own, resource));
    }
    if let Some(state) = orders::state_of_orders(kind, resource) {
        let advance = |order| orders::advance(order, &patient, state);
        let records = orders::orders(resource).into_iter().map(advance).enumerate();
        more.extend(records.map(|(at, one)| (Said::Record(Box::new(one)), format!(".basedOn[{at}]"))));
    }
    let state = orders::state(kind, resource);
    let record = Record { kind: kind.into(), keys, patient, content, told: Told::Whole, state };
    let mut all = vec![(Said::Record(Box::new(record)), String::new())];
    all.append(&mut more);
    all
}

/// Links that say that two patients are one (R4 §8.1.6, link-type).
fn merges(own: &Identifier, patient: &Map<String, Value>) -> Vec<(Said, String)> {
    let links = patient.get("link").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let merge = |(at, link): (usize, &Value)| {
        let other = Identifier::of_json(&link["other"]["identifier"])?;
        let (kept, gone) = match link["type"].as_str()? {
            "replaced-by" => (other, own.clone()),
            "replaces" => (own.clone(), other),
            _ => return None,
        };
        Some((Said::Merge { kept, gone }, format!(".link[{at}]")))
    };
    links.iter().enumerate().filter_map(merge).collect()
}

/// The resource without what its server alone means: its id, its version there.
fn cleaned(mut resource: Map<String, Value>) -> Map<String, Value> {
    resource.shift_remove("id");
    if let Some(Value::Object(meta)) = resource.get_mut("meta") {
        meta.shift_remove("versionId");
        meta.shift_remove("lastUpdated");
        if meta.is_empty() {
            resource.shift_remove("meta");
        }
    }
    resource
}

/// The names of the patient whose record this is, as the source knows them.
fn patient(kind: &str, resource: &Map<String, Value>, place: Place<'_>) -> Vec<Identifier> {
    let own = PATIENTS.iter().filter_map(|name| resource.get(*name));
    let others = resource.get("participant").into_iter().flat_map(each).filter_map(|one| one.get("actor"));
    let others = others.filter(|_| kind == "Appointment");
    let meant = own.chain(others).flat_map(each).find_map(|reference| {
        let meaning = meant(reference.as_object()?, resource, place);
        (meaning.kind.as_deref() == Some("Patient") && !meaning.names.is_empty()).then_some(meaning.names)
    });
    meant.unwrap_or_default()
}

fn each(value: &Value) -> &[Value] {
    match value {
        Value::Array(list) => list,
        one => std::slice::from_ref(one),
    }
}

/// What a reference of `resource` means; a contained Patient is meant by its identifiers.
fn meant(reference: &Map<String, Value>, resource: &Map<String, Value>, place: Place<'_>) -> Meaning {
    let literal = reference.get("reference").and_then(Value::as_str).unwrap_or_default();
    let Some(id) = literal.strip_prefix('#') else { return place.follow(reference) };
    let contained = resource.get("contained").map(each).unwrap_or_default();
    let found = contained.iter().filter_map(Value::as_object).find(|one| one.get("id") == Some(&json!(id)));
    found.map_or_else(Meaning::default, |one| Meaning {
        kind: one.get("resourceType").and_then(Value::as_str).map(str::to_owned),
        names: names::said_by(one),
        ..Meaning::default()
    })
}
