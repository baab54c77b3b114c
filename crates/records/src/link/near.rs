//! What is near to what was touched: read in a few statements, looked up in memory.

use super::Focus;
use super::rules::{Exam, Item, Role};
use crate::desk::Db;
use crate::marks::{self, Mark};
use serde_json::{Value, json};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::Statement;

macro_rules! items {
    ($asked:literal, $from:literal) => {
        Statement(concat!(
            "WITH asked AS (SELECT ",
            $asked,
            " FROM {rows}) SELECT r.id, r.kind, (SELECT p.person FROM person_identifier p WHERE p.id = r.holder), \
             r.content, r.begins, r.ends, r.state FROM asked ",
            $from,
            " AND r.kind IN ('ServiceRequest', 'DiagnosticReport', 'ImagingStudy', 'Encounter')"
        ))
    };
}
macro_rules! exams {
    ($asked:literal, $from:literal) => {
        Statement(concat!(
            "WITH asked AS (SELECT ",
            $asked,
            " FROM {rows}) SELECT e.study, (SELECT p.person FROM person_identifier p WHERE p.id = e.holder), \
             e.accession, e.modalities, e.words, e.begins FROM asked ",
            $from
        ))
    };
}

const OF_PERSONS: Statement = items!(
    "CAST(value->>0 AS BIGINT) AS a",
    "CROSS JOIN person_identifier i CROSS JOIN record r WHERE i.person = asked.a AND r.holder = i.id"
);
const OF_RECORDS: Statement =
    items!("CAST(value->>0 AS BIGINT) AS a", "CROSS JOIN record r WHERE r.id = asked.a");
const MARKED: Statement = items!(
    "value->>0 AS a, value->>1 AS b",
    "CROSS JOIN record_mark m CROSS JOIN record r WHERE m.role = asked.a AND m.value = asked.b AND r.id = m.record"
);
const NAMED: Statement = items!(
    "CAST(value->>0 AS BIGINT) AS a",
    "CROSS JOIN record_mark m CROSS JOIN record_key k CROSS JOIN record r WHERE m.record = asked.a \
     AND m.role = 'refers' AND k.kind IN ('ServiceRequest', 'DiagnosticReport', 'ImagingStudy', 'Encounter') \
     AND k.value = m.value AND k.system = m.system AND r.id = k.record"
);
const NAMING: Statement = items!(
    "CAST(value->>0 AS BIGINT) AS a",
    "CROSS JOIN record_key k CROSS JOIN record_mark m CROSS JOIN record r WHERE k.record = asked.a \
     AND m.role = 'refers' AND m.value = k.value AND m.system = k.system AND r.id = m.record"
);
const EXAMS_OF_PERSONS: Statement = exams!(
    "CAST(value->>0 AS BIGINT) AS a",
    "CROSS JOIN person_identifier i CROSS JOIN record_exam e WHERE i.person = asked.a AND e.holder = i.id"
);
const BY_STUDY: Statement = exams!("value->>0 AS a", "CROSS JOIN record_exam e WHERE e.study = asked.a");
const BY_ACCESSION: Statement =
    exams!("value->>0 AS a", "CROSS JOIN record_exam e WHERE e.accession = asked.a");
const KEYS: Statement = Statement(
    "WITH asked AS (SELECT CAST(value->>0 AS BIGINT) AS a FROM {rows}) SELECT k.record, k.system, k.value \
     FROM asked CROSS JOIN record_key k WHERE k.record = asked.a",
);

/// Records and exams, by their numbers.
#[derive(Default)]
pub(super) struct Near {
    pub items: BTreeSet<i64>,
    pub exams: BTreeSet<String>,
}

/// All that was read.
#[derive(Default)]
pub(super) struct Pool {
    items: BTreeMap<i64, Item>,
    exams: BTreeMap<String, Exam>,
    by_person: HashMap<i64, Near>,
    by_accession: HashMap<String, Vec<String>>,
    by_mark: HashMap<(&'static str, String), Vec<i64>>,
    by_key: HashMap<(String, String), Vec<i64>>,
}

impl Pool {
    /// Reads what is touched, and what shares a number with it.
    pub async fn read(db: &mut Db<'_>, focus: &mut Focus) -> Result<Self, sqlx::Error> {
        let mut pool = Self::default();
        let exams = db.fetch(BY_STUDY, focus.exams.iter().map(|study| json!([study])).collect()).await?;
        pool.put_exams(&exams)?;
        // An exam is linked with all of its person's.
        focus.persons.extend(pool.exams.values().filter_map(|exam| exam.person));
        let persons: Vec<Value> = focus.persons.iter().map(|person| json!([person])).collect();
        pool.put_exams(&db.fetch(EXAMS_OF_PERSONS, persons.clone()).await?)?;
        pool.put_items(db, OF_PERSONS, persons).await?;
        pool.put_items(db, OF_RECORDS, numbers(&focus.records)).await?;
        pool.sharing(db).await?;
        pool.look_up();
        Ok(pool)
    }

    /// Adds others that name the same study, accession number or order, once: a hand's reach is enough.
    async fn sharing(&mut self, db: &mut Db<'_>) -> Result<(), sqlx::Error> {
        let named = |role: &str, items: &BTreeMap<i64, Item>| -> BTreeSet<String> {
            let marks = items.values().flat_map(|item| &item.marks);
            marks.filter(|mark| mark.role == role).map(|mark| mark.value.clone()).collect()
        };
        let rows = |values: BTreeSet<String>| values.into_iter().map(|value| json!([value])).collect();
        self.put_exams(&db.fetch(BY_STUDY, rows(named("study", &self.items))).await?)?;
        self.put_exams(&db.fetch(BY_ACCESSION, rows(named("accession", &self.items))).await?)?;
        let mut wanted: BTreeSet<(&str, String)> = BTreeSet::new();
        wanted.extend(self.exams.values().map(|exam| ("study", exam.study.clone())));
        let numbered = self.exams.values().filter(|exam| !exam.accession.is_empty());
        wanted.extend(numbered.map(|exam| ("accession", exam.accession.clone())));
        for role in ["placer", "filler", "accession"] {
            wanted.extend(named(role, &self.items).into_iter().map(|value| (role, value)));
        }
        self.put_items(db, MARKED, wanted.into_iter().map(|(role, value)| json!([role, value])).collect())
            .await?;
        // What these name by reference, and what names them.
        let ids = numbers(self.items.keys());
        self.put_items(db, NAMED, ids.clone()).await?;
        self.put_items(db, NAMING, ids).await?;
        self.read_keys(db).await
    }

    async fn put_items(
        &mut self,
        db: &mut Db<'_>,
        sql: Statement,
        asked: Vec<Value>,
    ) -> Result<(), sqlx::Error> {
        for row in db.fetch(sql, asked).await? {
            let id: i64 = row.try_get(0)?;
            if !self.items.contains_key(&id)
                && let Some(item) = item(&row)?
            {
                self.items.insert(id, item);
            }
        }
        Ok(())
    }

    fn put_exams(&mut self, rows: &[AnyRow]) -> Result<(), sqlx::Error> {
        for row in rows {
            let modalities: String = row.try_get(3)?;
            let exam = Exam {
                study: row.try_get(0)?,
                person: row.try_get(1)?,
                accession: row.try_get(2)?,
                modalities: modalities.split(' ').filter(|one| !one.is_empty()).map(Into::into).collect(),
                words: row.try_get(4)?,
                begins: row.try_get(5)?,
            };
            self.exams.insert(exam.study.clone(), exam);
        }
        Ok(())
    }

    async fn read_keys(&mut self, db: &mut Db<'_>) -> Result<(), sqlx::Error> {
        for row in db.fetch(KEYS, numbers(self.items.keys())).await? {
            if let Some(item) = self.items.get_mut(&row.try_get::<i64, _>(0)?) {
                item.keys.push((row.try_get(1)?, row.try_get(2)?));
            }
        }
        Ok(())
    }

    fn look_up(&mut self) {
        for item in self.items.values() {
            if let Some(person) = item.person {
                self.by_person.entry(person).or_default().items.insert(item.id);
            }
            for mark in &item.marks {
                self.by_mark.entry((mark.role, mark.value.clone())).or_default().push(item.id);
            }
            for key in &item.keys {
                self.by_key.entry(key.clone()).or_default().push(item.id);
            }
        }
        for exam in self.exams.values() {
            if let Some(person) = exam.person {
                self.by_person.entry(person).or_default().exams.insert(exam.study.clone());
            }
            self.by_accession.entry(exam.accession.clone()).or_default().push(exam.study.clone());
        }
    }

    pub fn item(&self, id: i64) -> Option<&Item> {
        self.items.get(&id)
    }

    pub fn exam(&self, study: &str) -> Option<&Exam> {
        self.exams.get(study)
    }

    /// What is a person's.
    pub fn of_person(&self, person: i64) -> Near {
        let near = self.by_person.get(&person);
        near.map_or_else(Near::default, |near| Near { items: near.items.clone(), exams: near.exams.clone() })
    }

    /// One record, if it may be linked.
    pub fn of_record(&self, record: i64) -> Near {
        let items = self.items.contains_key(&record).then_some(record).into_iter().collect();
        Near { items, exams: BTreeSet::new() }
    }

    /// One exam, if it is there.
    pub fn of_exam(&self, study: &str) -> Near {
        let exams = self.exams.get_key_value(study).map(|(study, _)| study.clone()).into_iter().collect();
        Near { items: BTreeSet::new(), exams }
    }

    /// These, and what shares a number with them.
    pub fn around(&self, own: &Near) -> Near {
        let mut near = Near { items: own.items.clone(), exams: own.exams.clone() };
        for mark in self.marks(&own.items) {
            match mark.role {
                "study" => near.exams.extend(self.exams.get(&mark.value).map(|exam| exam.study.clone())),
                "accession" => {
                    near.exams.extend(self.by_accession.get(&mark.value).into_iter().flatten().cloned());
                }
                _ => {}
            }
        }
        let marked = |role: &'static str, value: &str| {
            self.by_mark.get(&(role, value.to_owned())).into_iter().flatten().copied()
        };
        for exam in near.exams.iter().filter_map(|study| self.exams.get(study)) {
            near.items.extend(marked("study", &exam.study));
            near.items.extend(marked("accession", &exam.accession).filter(|_| !exam.accession.is_empty()));
        }
        for mark in self.marks(&own.items) {
            if matches!(mark.role, "placer" | "filler" | "accession") {
                near.items.extend(marked(mark.role, &mark.value));
            }
        }
        self.referring(&mut near);
        near
    }

    fn referring(&self, near: &mut Near) {
        let mut more = BTreeSet::new();
        for item in near.items.iter().filter_map(|id| self.items.get(id)) {
            for mark in item.marks.iter().filter(|mark| mark.role == "refers") {
                let key = (mark.system.clone(), mark.value.clone());
                more.extend(self.by_key.get(&key).into_iter().flatten().copied());
            }
            for (system, value) in &item.keys {
                let named = self.by_mark.get(&("refers", value.clone())).into_iter().flatten().copied();
                let names = |id: &i64| {
                    let marks = self.items.get(id).map(|item| item.marks.as_slice()).unwrap_or_default();
                    marks
                        .iter()
                        .any(|mark| mark.role == "refers" && (&mark.system, &mark.value) == (system, value))
                };
                more.extend(named.filter(names));
            }
        }
        near.items.extend(more);
    }

    fn marks<'p>(&'p self, items: &'p BTreeSet<i64>) -> impl Iterator<Item = &'p Mark> {
        items.iter().filter_map(|id| self.items.get(id)).flat_map(|item| &item.marks)
    }
}

fn numbers<'n>(ids: impl IntoIterator<Item = &'n i64>) -> Vec<Value> {
    ids.into_iter().map(|id| json!([id])).collect()
}

/// A record as linking sees it; none of what is no image's.
fn item(row: &AnyRow) -> Result<Option<Item>, sqlx::Error> {
    let kind: String = row.try_get(1)?;
    let content: Value = serde_json::from_str(&row.try_get::<String, _>(3)?).unwrap_or(Value::Null);
    let Some(role) =
        Role::of(&kind).filter(|role| *role == Role::Encounter || marks::is_imaging(&kind, &content))
    else {
        return Ok(None);
    };
    let facts = marks::facts(&content);
    let marks: Vec<Mark> =
        facts.marks.into_iter().filter(|mark| !matches!(mark.role, "code" | "modality")).collect();
    Ok(Some(Item {
        id: row.try_get(0)?,
        role,
        person: row.try_get(2)?,
        marks,
        keys: Vec::new(),
        modalities: marks::modalities(&content),
        words: marks::words(&content),
        begins: row.try_get(4)?,
        ends: row.try_get(5)?,
        timed: facts.timed,
        cancelled: row.try_get::<String, _>(6)? == "cancelled",
    }))
}
