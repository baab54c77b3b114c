//! What one record says of a medicine. Pure.

use super::MedicationCode;
use crate::codes::Mapping;
use crate::marks;
use clinical::When;
use clinical::codes::Code;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

const DAY: i64 = 86_400_000_000;

/// The kinds of records, that which says most about what was really taken first: what was given, what was handed
/// out, what somebody says, what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub enum Kind {
    /// It was given.
    #[serde(rename = "MedicationAdministration")]
    Administration,
    /// It was handed out.
    #[serde(rename = "MedicationDispense")]
    Dispense,
    /// Somebody says that it is taken.
    #[serde(rename = "MedicationStatement")]
    Statement,
    /// Somebody asked for it.
    #[serde(rename = "MedicationRequest")]
    Request,
}

impl Kind {
    /// By the FHIR resource type.
    #[must_use]
    pub fn parse(kind: &str) -> Option<Self> {
        Some(match kind {
            "MedicationAdministration" => Self::Administration,
            "MedicationDispense" => Self::Dispense,
            "MedicationStatement" => Self::Statement,
            "MedicationRequest" => Self::Request,
            _ => return None,
        })
    }
}

/// What a status says about taking it (R4 §11.1 to §11.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It goes on.
    Active,
    /// It was done.
    Done,
    /// It is to be.
    Planned,
    /// It was stopped, or paused.
    Stopped,
    /// It never was taken.
    NotTaken,
    /// Nobody says.
    Unknown,
    /// The record was a mistake.
    Wrong,
}

impl Standing {
    fn of(kind: Kind, status: &str) -> Self {
        match (kind, status) {
            (_, "entered-in-error") => Self::Wrong,
            (_, "stopped") => Self::Stopped,
            (Kind::Dispense, "in-progress" | "preparation" | "on-hold") => Self::Planned,
            (_, "on-hold") => Self::Stopped,
            (_, "active" | "in-progress") => Self::Active,
            (_, "completed") => Self::Done,
            (_, "draft" | "intended") => Self::Planned,
            (_, "cancelled" | "declined" | "not-done" | "not-taken") => Self::NotTaken,
            _ => Self::Unknown,
        }
    }
}

/// What one record says. Moments are microseconds since 1970.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The record's number.
    pub record: i64,
    /// What it is.
    pub kind: Kind,
    /// FHIR's status.
    pub status: String,
    /// What that says about taking it.
    pub standing: Standing,
    /// What the medicine is called; empty when it isn't told.
    pub name: String,
    /// Its codes.
    pub codes: Vec<MedicationCode>,
    /// From when on.
    pub begins: Option<i64>,
    /// Until when: the moment behind its end, or behind the last day the supply lasts for.
    pub ends: Option<i64>,
    /// When somebody said so, where that is told.
    pub asserted: Option<i64>,
    /// The dosage.
    pub dose: Option<String>,
    /// Records it is based on.
    pub based_on: Vec<i64>,
    /// The message or file that spoke of it last.
    pub source: Option<String>,
}

impl Told {
    /// Reads a resource.
    #[must_use]
    pub fn of(record: i64, kind: Kind, content: &Value) -> Self {
        let status = content["status"].as_str().unwrap_or_default();
        let (begins, ends) = span(kind, content);
        let mut told = Self {
            record,
            kind,
            status: status.into(),
            standing: Standing::of(kind, status),
            name: String::new(),
            codes: Vec::new(),
            begins,
            ends,
            asserted: moment(&content["dateAsserted"]).map(|(first, _)| first),
            dose: dose(content),
            based_on: Vec::new(),
            source: None,
        };
        told.call(&content["medicationCodeableConcept"]);
        if told.name.is_empty() {
            told.call(contained(content).unwrap_or(&Value::Null));
        }
        if told.name.is_empty() {
            told.name = content["medicationReference"]["display"].as_str().unwrap_or_default().trim().into();
        }
        told
    }

    /// Takes name and codes from a CodeableConcept.
    pub fn call(&mut self, concept: &Value) {
        if let Some(name) = marks::concept(concept) {
            self.name = name.trim().into();
        }
        for coding in concept["coding"].as_array().into_iter().flatten() {
            let text = |name: &str| coding[name].as_str().unwrap_or_default().trim().to_owned();
            let code =
                MedicationCode { system: text("system"), code: text("code"), display: text("display") };
            if !code.code.is_empty() {
                self.codes.push(code);
            }
        }
    }

    /// Adds what its codes are mapped to, by tables that hold when it begins.
    pub fn map(&mut self, mapping: &Mapping) {
        for at in 0..self.codes.len() {
            let received = Code { system: self.codes[at].system.clone(), code: self.codes[at].code.clone() };
            for target in mapping.of(&received, self.begins) {
                self.codes.push(MedicationCode {
                    system: target.code.system.clone(),
                    code: target.code.code.clone(),
                    display: target.display.clone(),
                });
            }
        }
    }

    /// The last moment it speaks of that is not behind `at`.
    #[must_use]
    pub fn last(&self, at: i64) -> Option<i64> {
        let known = [self.begins, self.asserted, self.ends.map(|end| end.min(at))];
        known.into_iter().flatten().filter(|moment| *moment <= at).max()
    }
}

/// The code of a Medication within the resource.
fn contained(content: &Value) -> Option<&Value> {
    let id = content["medicationReference"]["reference"].as_str()?.strip_prefix('#')?;
    let within = content["contained"].as_array()?;
    within.iter().find(|one| one["id"] == id).map(|one| &one["code"])
}

fn moment(value: &Value) -> Option<(i64, i64)> {
    let when = When::parse(value.as_str()?).ok()?;
    Some((when.earliest().as_micros(), when.end().as_micros()))
}

fn span(kind: Kind, content: &Value) -> (Option<i64>, Option<i64>) {
    let start = |period: &Value| moment(&period["start"]).map(|(first, _)| first);
    let end = |period: &Value| moment(&period["end"]).map(|(_, end)| end);
    let at = |names: &[&str]| names.iter().find_map(|name| moment(&content[*name]));
    let first = |told: Option<(i64, i64)>| told.map(|(first, _)| first);
    match kind {
        Kind::Administration | Kind::Statement => {
            let (period, moment) = (&content["effectivePeriod"], at(&["effectiveDateTime"]));
            let begins = start(period).or(first(moment)).or_else(|| first(at(&["dateAsserted"])));
            // A statement's single moment says that it is taken then, an administration's that it is over.
            let over = moment.filter(|_| kind == Kind::Administration).map(|(_, end)| end);
            (begins, end(period).or(over))
        }
        Kind::Dispense => {
            let handed = first(at(&["whenHandedOver", "whenPrepared"]));
            (handed, handed.and_then(|from| Some(from + days(&content["daysSupply"])?)))
        }
        Kind::Request => {
            let supply = &content["dispenseRequest"];
            let begins = first(at(&["authoredOn"])).or_else(|| start(&supply["validityPeriod"]));
            let lasts = || begins.and_then(|from| Some(from + supplied(supply)?));
            (begins, bounds(content).or_else(|| end(&supply["validityPeriod"])).or_else(lasts))
        }
    }
}

/// Until when the dosage is to be followed.
fn bounds(content: &Value) -> Option<i64> {
    let instructions = content["dosageInstruction"].as_array().into_iter().flatten();
    instructions
        .filter_map(|one| moment(&one["timing"]["repeat"]["boundsPeriod"]["end"]))
        .map(|(_, end)| end)
        .max()
}

/// How long all fills together last.
fn supplied(supply: &Value) -> Option<i64> {
    let fills = 1 + supply["numberOfRepeatsAllowed"].as_i64().unwrap_or(0).clamp(0, 1000);
    Some(days(&supply["expectedSupplyDuration"])? * fills)
}

/// A duration, in microseconds; in days where no unit is told.
fn days(duration: &Value) -> Option<i64> {
    let number = duration["value"].as_f64().filter(|days| (0.0..=36_500.0).contains(days))?;
    let unit = duration["code"].as_str().or_else(|| duration["unit"].as_str()).unwrap_or("d");
    let length = match unit {
        "h" => DAY / 24,
        "wk" | "week" | "weeks" => DAY * 7,
        "mo" | "month" | "months" => DAY * 30,
        "a" | "year" | "years" => DAY * 365,
        _ => DAY,
    };
    // Whole hours are enough.
    Some((number * 24.0).round() as i64 * (length / 24))
}

/// The dosage: its text, else amount and route.
fn dose(content: &Value) -> Option<String> {
    let dosage = match &content["dosageInstruction"] {
        Value::Array(list) => list.first()?,
        _ => match &content["dosage"] {
            Value::Array(list) => list.first()?,
            one => one,
        },
    };
    let told = dosage["text"].as_str().or_else(|| dosage["patientInstruction"].as_str());
    if let Some(told) = told.map(str::trim).filter(|told| !told.is_empty()) {
        return Some(told.chars().take(200).collect());
    }
    let amount = quantity(&dosage["doseAndRate"][0]["doseQuantity"]).or_else(|| quantity(&dosage["dose"]));
    let route = marks::concept(&dosage["route"]).map(str::to_owned);
    let parts: Vec<_> = amount.into_iter().chain(route).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn quantity(quantity: &Value) -> Option<String> {
    let unit = quantity["unit"].as_str().or_else(|| quantity["code"].as_str()).unwrap_or_default();
    let number = quantity["value"].as_number()?;
    Some(format!("{number} {unit}").trim().into())
}
