//! Tables filled by hand.

use object_store::memory::InMemory;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use warehouse::ask::Cohort;
use warehouse::definition::Definition;
use warehouse::engine::{Engine, Session};
use warehouse::rows::{Cell, Rows};
use warehouse::schema::{TABLES, table};
use warehouse::shelf::{Shelf, Versions};

/// An event of a patient in one of the tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub of: &'static str,
    pub patient: i64,
    pub id: i64,
    pub day: Option<i64>,
    pub exam: Option<i64>,
    /// Its other columns.
    pub cells: BTreeMap<&'static str, Cell>,
}

pub fn event(of: &'static str, patient: i64, id: i64, day: i64) -> Event {
    Event { of, patient, id, day: Some(day), exam: (of == "exam").then_some(id), cells: BTreeMap::new() }
}

impl Event {
    pub fn with(mut self, column: &'static str, cell: impl Into<Cell>) -> Self {
        self.cells.insert(column, cell.into());
        self
    }

    pub fn of_exam(mut self, exam: i64) -> Self {
        self.exam = Some(exam);
        self
    }

    fn cell(&self, column: &str) -> Cell {
        match column {
            "patient" => self.patient.into(),
            "id" => self.id.into(),
            "day" | "date" => self.day.into(),
            "exam" => self.exam.into(),
            "study_uid" => format!("2.25.{}", self.id).into(),
            other => self.cells.get(other).cloned().unwrap_or_default(),
        }
    }
}

/// Patients and what happened to them, ready to be asked. Everyone is in a bucket of their own.
pub async fn filled(patients: &[(i64, &'static str)], events: &[Event]) -> Arc<Session> {
    let shelf = Arc::new(Shelf::open(Arc::new(InMemory::new())).await.expect("tables"));
    let buckets: BTreeSet<i64> = patients.iter().map(|(patient, _)| *patient).collect();
    for table in TABLES.iter() {
        let mut rows = Vec::new();
        for bucket in &buckets {
            let mut own = Rows::of(table);
            for (patient, sex) in
                patients.iter().filter(|(patient, _)| table.name == "patient" && patient == bucket)
            {
                own.push([(*patient).into(), (*sex).into()]);
            }
            for event in events.iter().filter(|event| event.of == table.name && event.patient == *bucket) {
                own.push(table.columns.iter().map(|column| event.cell(column.name)));
            }
            rows.push((*bucket, own.finish().expect("rows")));
        }
        shelf.replace(table, &buckets, rows).await.expect("written");
    }
    assert!(table("patient").is_some());
    let engine = Engine::new(&shelf, Duration::from_secs(30)).expect("an engine");
    let files = shelf.all_files(&Versions::new()).await.expect("files");
    Arc::new(engine.over(1, &files).expect("a session"))
}

pub fn definition(json: serde_json::Value) -> Definition {
    let definition: Definition = serde_json::from_value(json).expect("a definition");
    definition.check().expect("a right definition");
    definition
}

/// The patients of a cohort.
pub async fn patients(session: &Arc<Session>, definition: &Definition) -> Vec<i64> {
    let cohort = Cohort::of(Arc::clone(session), definition).await.expect("an answer");
    cohort.patients().await.expect("patients")
}

/// Its exams, by UID.
pub async fn exams(session: &Arc<Session>, definition: &Definition) -> Vec<String> {
    let cohort = Cohort::of(Arc::clone(session), definition).await.expect("an answer");
    let members = cohort.members().await.expect("members");
    members.into_iter().filter_map(|member| member.study).collect()
}
