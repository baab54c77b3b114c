//! A row of the CDM on its way to a record.

use super::concepts::Concepts;
use super::{drugs, events, images, measures, notes, people, visits};
use crate::sheet::Row;
use crate::values;
use clinical::{Identifier, Record, Told};
use serde_json::{Map, Value, json};

/// A row with what it takes to understand it.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub scope: &'a str,
    pub concepts: &'a Concepts,
    pub table: &'static str,
    pub id: &'a str,
    pub row: &'a Row,
}

/// Records, or why not.
pub(super) type Made = Result<Vec<Record>, &'static str>;

impl<'a> Source<'a> {
    /// The records that the row means.
    pub(super) fn record(self) -> Made {
        match self.table {
            "PERSON" => people::person(self),
            "DEATH" => people::death(self),
            "PROVIDER" => people::provider(self),
            "CARE_SITE" => people::care_site(self),
            "VISIT_OCCURRENCE" => visits::visit(self),
            "VISIT_DETAIL" => visits::detail(self),
            "CONDITION_OCCURRENCE" => events::condition(self),
            "PROCEDURE_OCCURRENCE" => events::procedure(self),
            "DEVICE_EXPOSURE" => events::device(self),
            "SPECIMEN" => events::specimen(self),
            "DRUG_EXPOSURE" => drugs::exposure(self),
            "MEASUREMENT" => measures::measurement(self),
            "OBSERVATION" => measures::observation(self),
            "NOTE" => notes::note(self),
            "IMAGE_OCCURRENCE" => images::occurrence(self),
            "IMAGE_FEATURE" => images::feature(self),
            _ => Err("a table that is not read"),
        }
    }

    pub(super) fn get(self, column: &str) -> Option<&'a str> {
        self.row.get(column)
    }

    /// A concept's id; none when the cell is empty or 0.
    pub(super) fn concept(self, column: &str) -> Option<i64> {
        self.get(column)?.parse().ok().filter(|id| *id != 0)
    }

    /// What a row of a table is known by.
    pub(super) fn key(self, table: &str, id: &str) -> Option<Identifier> {
        Identifier::new(&format!("{}/{table}", self.scope), id, None)
    }

    /// A reference to the row of another table that a column names.
    pub(super) fn other(self, column: &str, table: &str, kind: &str) -> Option<Value> {
        let id = self.get(column).filter(|id| *id != "0")?;
        self.key(table, id).map(|key| values::refer(kind, &key))
    }

    pub(super) fn patient(self) -> Option<Identifier> {
        self.key("PERSON", self.get("person_id")?)
    }

    /// A record of this row's patient, with what all have: subject, visit and, where FHIR asks for it, a status.
    pub(super) fn event(self, kind: &str, subject: &str, visit: &str) -> Map<String, Value> {
        let mut made = Map::new();
        made.insert("resourceType".into(), kind.into());
        if let Some(key) = self.key(self.table, self.id) {
            made.insert("identifier".into(), json!([key.to_json()]));
        }
        if let Some(patient) = self.patient() {
            made.insert(subject.into(), values::refer("Patient", &patient));
        }
        let detail = self.other("visit_detail_id", "VISIT_DETAIL", "Encounter");
        let whole = || self.other("visit_occurrence_id", "VISIT_OCCURRENCE", "Encounter");
        if !visit.is_empty() {
            values::put(&mut made, visit, detail.or_else(whole));
        }
        made
    }

    /// The record that is done.
    pub(super) fn done(self, content: Map<String, Value>) -> Made {
        let kind = content.get("resourceType").and_then(Value::as_str).unwrap_or_default().to_owned();
        let keys = self.key(self.table, self.id).into_iter().collect();
        let patient = self.patient().into_iter().collect();
        let content = content.into();
        Ok(vec![Record { kind, keys, patient, content, told: Told::Whole, state: None }])
    }

    /// A code: the standard concept, the source's concept, and what the source wrote.
    pub(super) fn code(self, standard: &str, source: &str, written: &str) -> Option<Value> {
        let (own, mapped) = (self.concept(source), self.concept(standard));
        let ids = mapped.into_iter().chain(own.filter(|own| Some(*own) != mapped));
        let mut codings: Vec<Value> = ids.filter_map(|id| self.concepts.coding(id)).collect();
        let written = self.get(written);
        let name = codings.first().and_then(|coding| coding["display"].as_str()).map(str::to_owned);
        if let Some(written) = written
            && !codings.iter().any(|coding| coding["code"] == written)
        {
            codings.push(json!({"code": written}));
        }
        if codings.is_empty() {
            return None;
        }
        let mut made = json!({"coding": codings});
        if let Some(text) = name.or_else(|| written.map(str::to_owned)) {
            made["text"] = text.into();
        }
        Some(made)
    }

    /// A concept by itself.
    pub(super) fn concept_of(self, column: &str) -> Option<Value> {
        let coding = self.concepts.coding(self.concept(column)?)?;
        Some(match coding["display"].as_str() {
            Some(display) => json!({"text": display, "coding": [coding]}),
            None => json!({"coding": [coding]}),
        })
    }

    /// A number with its unit; the unit as written where no concept says which it is.
    pub(super) fn quantity(self, value: &str, unit: &str, written: &str) -> Option<Value> {
        let number = values::number(self.get(value)?)?;
        let mut made = json!({"value": number});
        let concept = self.concept(unit).and_then(|id| self.concepts.get(id));
        match concept.filter(|concept| concept.vocabulary == "UCUM") {
            Some(concept) => {
                made["unit"] = self.get(written).unwrap_or(&concept.code).into();
                made["system"] = values::UCUM.into();
                made["code"] = concept.code.as_str().into();
            }
            None => {
                if let Some(unit) = self.get(written) {
                    made["unit"] = unit.into();
                }
            }
        }
        Some(made)
    }

    /// When it was; the CDM demands it.
    pub(super) fn moment(self, date: &str, stamp: &str) -> Result<String, &'static str> {
        values::moment(self.get(date), self.get(stamp))?.ok_or("no date")
    }

    /// From when to when, in this order.
    pub(super) fn span(self, name: &str) -> Result<(String, Option<String>), &'static str> {
        let column = |end: &str, what: &str| format!("{name}{end}_{what}");
        let start = self.moment(&column("start", "date"), &column("start", "datetime"))?;
        let (date, stamp) = (column("end", "date"), column("end", "datetime"));
        let end = values::moment(self.get(&date), self.get(&stamp))?;
        if values::is_after(Some(&start), end.as_deref()) {
            return Err("it ends before it starts");
        }
        Ok((start, end))
    }
}
