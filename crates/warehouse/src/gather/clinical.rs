//! Rows of what FHIR resources say.

use super::{Desk, Place, day_of};
use crate::rows::Cell;
use clinical::usual;
use records::holdings::HeldRecord;
use serde_json::Value;
use std::collections::HashMap;

/// Where LOINC keeps the parts of a genomic observation (HL7 Genomics Reporting).
const GENE: &str = "48018-6";
const SIGNIFICANCE: &str = "53037-8";
const ZYGOSITY: &str = "53034-5";
const CHANGES: [&str; 3] = ["48004-6", "81290-9", "81252-9"];

impl Desk {
    /// Rows of records; gives where each report belongs.
    pub(super) fn clinical(&mut self, held: Vec<HeldRecord>, links: &[(i64, String)]) -> HashMap<i64, Place> {
        let mut exams: HashMap<i64, (i64, Option<i64>)> = HashMap::new();
        for (record, study) in links {
            if let Some(found) = self.exams.get(study) {
                exams.entry(*record).or_insert(*found);
            }
        }
        let mut places = HashMap::new();
        for record in held {
            let exam = exams.get(&record.id).copied();
            let own = record.begins.map(day_of);
            let day = own.or(exam.and_then(|(_, day)| day));
            match record.kind.as_str() {
                "DiagnosticReport" | "DocumentReference" => {
                    // What a report says was so when the images were made.
                    let day = exam.and_then(|(_, day)| day).or(own);
                    let exam = exam.map(|(id, _)| id);
                    self.report(&record, day, exam);
                    places.insert(record.id, Place { patient: record.person, day, exam });
                }
                "ServiceRequest" => self.order(&record, day, exam.map(|(id, _)| id)),
                "Encounter" => self.encounter(&record, day),
                "Condition" => self.coded("condition", &record, day, &record.content["code"]),
                "Procedure" => self.coded("procedure", &record, day, &record.content["code"]),
                "Observation" => self.observation(&record, day),
                kind if kind.starts_with("Medication") => {
                    self.coded("medication", &record, day, &record.content["medicationCodeableConcept"]);
                }
                _ => {}
            }
        }
        places
    }

    fn report(&mut self, record: &HeldRecord, day: Option<i64>, exam: Option<i64>) {
        let text = self.texts.remove(&record.id).unwrap_or_default();
        let cells = vec![
            ("exam", exam.into()),
            ("title", record.title.clone().into()),
            ("status", record.status.clone().into()),
            ("words", text.words.into()),
            ("findings", text.findings),
        ];
        self.event("report", record.person, record.id, day, cells);
    }

    fn order(&mut self, record: &HeldRecord, day: Option<i64>, exam: Option<i64>) {
        let Coded { system, code, display, .. } = coded(&record.content["code"], &record.title);
        let cells = vec![
            ("exam", exam.into()),
            ("system", system.into()),
            ("code", code.into()),
            ("display", display.into()),
            ("state", record.state.clone().into()),
        ];
        self.event("order", record.person, record.id, day, cells);
    }

    fn encounter(&mut self, record: &HeldRecord, day: Option<i64>) {
        let class = record.content["class"]["code"].as_str().unwrap_or_default().to_owned();
        let cells = vec![
            ("end_day", end(record).into()),
            ("class", class.into()),
            ("status", record.status.clone().into()),
            ("display", record.title.clone().into()),
        ];
        self.event("encounter", record.person, record.id, day, cells);
    }

    fn coded(&mut self, of: &'static str, record: &HeldRecord, day: Option<i64>, concept: &Value) {
        let mut cells = coded(concept, &record.title).cells();
        let end = supplied(record, day).or(end(record));
        cells.extend([("end_day", end.into()), ("status", record.status.clone().into())]);
        self.event(of, record.person, record.id, day, cells);
    }

    fn observation(&mut self, record: &HeldRecord, day: Option<i64>) {
        let content = &record.content;
        if let Some(gene) = component(content, GENE) {
            return self.variant(record, day, gene);
        }
        let quantity = &content["valueQuantity"];
        let unit = quantity["code"].as_str().or_else(|| quantity["unit"].as_str());
        let told = content["valueString"].as_str().map(ToOwned::to_owned);
        let mut cells = coded(&content["code"], &record.title).cells();
        cells.extend([
            ("status", record.status.clone().into()),
            ("value", quantity["value"].as_f64().or_else(|| content["valueInteger"].as_f64()).into()),
            ("unit", unit.map(ToOwned::to_owned).into()),
            ("value_text", told.or_else(|| words(&content["valueCodeableConcept"])).into()),
        ]);
        cells.extend(in_usual_unit(content));
        self.event("observation", record.person, record.id, day, cells);
    }

    fn variant(&mut self, record: &HeldRecord, day: Option<i64>, gene: String) {
        let content = &record.content;
        let change = CHANGES.into_iter().find_map(|code| component(content, code));
        let cells = vec![
            ("gene", gene.into()),
            ("variant", change.or_else(|| words(&content["valueCodeableConcept"])).into()),
            ("zygosity", component(content, ZYGOSITY).map(|zygosity| zygosity.to_lowercase()).into()),
            ("significance", component(content, SIGNIFICANCE).into()),
        ];
        self.event("variant", record.person, record.id, day, cells);
    }
}

/// The value in its usual unit, or why there is none.
fn in_usual_unit(content: &Value) -> Vec<(&'static str, Cell)> {
    match usual::of_observation(content) {
        None => Vec::new(),
        Some(Err(why)) => vec![("usual_by", why.word().into())],
        Some(Ok(usual)) => {
            let by = if usual.converted { "converted" } else { "as received" };
            vec![
                ("usual_value", usual.value.into()),
                ("usual_unit", usual.unit.into()),
                ("usual_by", by.into()),
            ]
        }
    }
}

/// The last day of a record that lasts.
fn end(record: &HeldRecord) -> Option<i64> {
    // The moment behind its last: a day that ends at midnight is the one before.
    record.ends.map(|ends| day_of(ends - 1))
}

/// The day a medicine lasts to, as its dispense or order tells.
fn supplied(record: &HeldRecord, day: Option<i64>) -> Option<i64> {
    let content = &record.content;
    let supply = [&content["daysSupply"], &content["dispenseRequest"]["expectedSupplyDuration"]];
    let days = supply.into_iter().find(|supply| supply["code"] == "d" || supply["unit"] == "d")?;
    let days = days["value"].as_f64().filter(|days| (1.0..100_000.0).contains(days))?;
    #[expect(clippy::cast_possible_truncation, reason = "within 100,000")]
    Some(day? + days.ceil() as i64)
}

#[derive(Default)]
struct Coded {
    system: String,
    code: String,
    display: String,
    standard_system: String,
    standard_code: String,
}

impl Coded {
    fn cells(self) -> Vec<(&'static str, Cell)> {
        vec![
            ("system", self.system.into()),
            ("code", self.code.into()),
            ("display", self.display.into()),
            ("standard_system", self.standard_system.into()),
            ("standard_code", self.standard_code.into()),
        ]
    }
}

/// The first coding as received, and another one beside it.
fn coded(concept: &Value, title: &str) -> Coded {
    let text = |coding: &Value, name: &str| coding[name].as_str().unwrap_or_default().to_owned();
    let codings: Vec<&Value> = concept["coding"].as_array().into_iter().flatten().collect();
    let first = codings.first().copied().unwrap_or(&Value::Null);
    let second = codings.get(1).copied().unwrap_or(&Value::Null);
    let display = words(concept).filter(|words| !words.is_empty()).unwrap_or_else(|| title.to_owned());
    Coded {
        system: text(first, "system"),
        code: text(first, "code"),
        display,
        standard_system: text(second, "system"),
        standard_code: text(second, "code"),
    }
}

/// A concept in words.
fn words(concept: &Value) -> Option<String> {
    let display =
        concept["coding"].as_array().into_iter().flatten().find_map(|coding| coding["display"].as_str());
    let code = concept["coding"][0]["code"].as_str();
    concept["text"].as_str().or(display).or(code).map(ToOwned::to_owned)
}

/// The value of a component of an observation, by its LOINC code.
fn component(content: &Value, code: &str) -> Option<String> {
    let components = content["component"].as_array()?;
    let has = |component: &&Value| {
        component["code"]["coding"].as_array().into_iter().flatten().any(|coding| coding["code"] == code)
    };
    let found = components.iter().find(has)?;
    words(&found["valueCodeableConcept"]).or_else(|| found["valueString"].as_str().map(ToOwned::to_owned))
}
