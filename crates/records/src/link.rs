//! Linking again what was touched: all of the persons concerned, and whatever shares a number with them.
//! Read in this order: this file, [`rules`].

pub mod rules;

use crate::marks::{self, Mark};
use rules::{Exam, HOLDS, Item, Link, Role, To};
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};
use std::collections::{BTreeMap, BTreeSet};
use store::WriteTx;

/// What was touched.
#[derive(Debug, Default)]
pub(crate) struct Focus {
    pub persons: BTreeSet<i64>,
    pub records: BTreeSet<i64>,
    pub exams: BTreeSet<String>,
}

const ITEMS: &str = "SELECT r.id, r.kind, (SELECT p.person FROM person_identifier p WHERE p.id = r.holder), \
     r.content, r.begins, r.ends FROM record r WHERE r.kind IN \
     ('ServiceRequest', 'DiagnosticReport', 'ImagingStudy', 'Encounter')";
const EXAMS: &str = "SELECT e.study, (SELECT p.person FROM person_identifier p WHERE p.id = e.holder), e.accession, \
     e.modalities, e.words, e.begins FROM record_exam e";

/// Works out the links again of what was touched, and of nothing else: person by person, for what is of one person
/// has nothing to do with another's but the numbers they share.
pub(crate) async fn refresh(tx: &mut WriteTx, focus: &Focus) -> Result<(), sqlx::Error> {
    for person in &focus.persons {
        let mut near = Near::default();
        near.person(tx, *person).await?;
        relink(tx, near).await?;
    }
    for record in &focus.records {
        let mut near = Near::default();
        near.items(tx, "AND r.id = $1", *record).await?;
        // Somebody's was linked with the person's.
        if near.items.values().any(|item| item.person.is_none_or(|person| !focus.persons.contains(&person))) {
            relink(tx, near).await?;
        }
    }
    for study in &focus.exams {
        let mut near = Near::default();
        near.exams(tx, "WHERE e.study = $1", study).await?;
        if near.exams.values().any(|exam| exam.person.is_none_or(|person| !focus.persons.contains(&person))) {
            relink(tx, near).await?;
        }
    }
    Ok(())
}

async fn relink(tx: &mut WriteTx, mut near: Near) -> Result<(), sqlx::Error> {
    let own_items: BTreeSet<i64> = near.items.keys().copied().collect();
    let own_exams: BTreeSet<String> = near.exams.keys().cloned().collect();
    near.sharing(tx).await?;
    let items: Vec<Item> = near.items.into_values().collect();
    let exams: Vec<Exam> = near.exams.into_values().collect();
    let concerns = |link: &Link| {
        own_items.contains(&link.record)
            || match &link.to {
                To::Exam(study) => own_exams.contains(study),
                To::Record(other) => own_items.contains(other),
            }
    };
    let found: Vec<Link> = rules::links(&items, &exams).into_iter().filter(concerns).collect();
    forget_others(tx, &own_items, &own_exams, &found).await?;
    for link in &found {
        write(tx, link).await?;
    }
    Ok(())
}

/// Everything near what was touched.
#[derive(Default)]
struct Near {
    items: BTreeMap<i64, Item>,
    exams: BTreeMap<String, Exam>,
}

impl Near {
    async fn person(&mut self, tx: &mut WriteTx, person: i64) -> Result<(), sqlx::Error> {
        let held = "AND r.holder IN (SELECT id FROM person_identifier WHERE person = $1)";
        self.items(tx, held, person).await?;
        let sql = format!("{EXAMS} WHERE e.holder IN (SELECT id FROM person_identifier WHERE person = $1)");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(person).fetch_all(&mut **tx).await?;
        self.put_exams(&rows)
    }

    async fn items(
        &mut self,
        tx: &mut WriteTx,
        condition: &'static str,
        value: i64,
    ) -> Result<(), sqlx::Error> {
        let sql = format!("{ITEMS} {condition}");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(value).fetch_all(&mut **tx).await?;
        self.put_items(tx, &rows).await
    }

    async fn exams(
        &mut self,
        tx: &mut WriteTx,
        condition: &'static str,
        value: &str,
    ) -> Result<(), sqlx::Error> {
        let sql = format!("{EXAMS} {condition}");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(value).fetch_all(&mut **tx).await?;
        self.put_exams(&rows)
    }

    async fn put_items(&mut self, tx: &mut WriteTx, rows: &[AnyRow]) -> Result<(), sqlx::Error> {
        for row in rows {
            let id: i64 = row.try_get(0)?;
            if self.items.contains_key(&id) {
                continue;
            }
            if let Some(mut item) = item(row)? {
                item.keys = keys(tx, id).await?;
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

    /// Adds others that name the same study, accession number or order, once: a hand's reach is enough.
    async fn sharing(&mut self, tx: &mut WriteTx) -> Result<(), sqlx::Error> {
        let named = |role: &str, items: &BTreeMap<i64, Item>| -> BTreeSet<String> {
            let marks = items.values().flat_map(|item| &item.marks);
            marks.filter(|mark| mark.role == role).map(|mark| mark.value.clone()).collect()
        };
        let (studies, accessions) = (named("study", &self.items), named("accession", &self.items));
        for study in &studies {
            self.exams(tx, "WHERE e.study = $1", study).await?;
        }
        for accession in &accessions {
            self.exams(tx, "WHERE e.accession = $1", accession).await?;
        }
        let mut wanted: Vec<(&str, String)> = Vec::new();
        wanted.extend(self.exams.values().map(|exam| ("study", exam.study.clone())));
        let numbered = self.exams.values().filter(|exam| !exam.accession.is_empty());
        wanted.extend(numbered.map(|exam| ("accession", exam.accession.clone())));
        for role in ["placer", "filler", "accession"] {
            wanted.extend(named(role, &self.items).into_iter().map(|value| (role, value)));
        }
        for (role, value) in wanted {
            self.marked(tx, role, &value).await?;
        }
        self.referring(tx).await
    }

    async fn marked(&mut self, tx: &mut WriteTx, role: &str, value: &str) -> Result<(), sqlx::Error> {
        let sql =
            format!("{ITEMS} AND r.id IN (SELECT record FROM record_mark WHERE role = $1 AND value = $2)");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(role).bind(value).fetch_all(&mut **tx).await?;
        self.put_items(tx, &rows).await
    }

    /// What these name by reference, and what names them.
    async fn referring(&mut self, tx: &mut WriteTx) -> Result<(), sqlx::Error> {
        let ids: Vec<i64> = self.items.keys().copied().collect();
        for id in ids {
            for condition in [
                "AND r.id IN (SELECT k.record FROM record_mark m JOIN record_key k ON k.value = m.value AND \
                 k.system = m.system WHERE m.record = $1 AND m.role = 'refers')",
                "AND r.id IN (SELECT m.record FROM record_key k JOIN record_mark m ON m.value = k.value AND \
                 m.system = k.system AND m.role = 'refers' WHERE k.record = $1)",
            ] {
                self.items(tx, condition, id).await?;
            }
        }
        Ok(())
    }
}

async fn keys(tx: &mut WriteTx, record: i64) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows = sqlx::query("SELECT system, value FROM record_key WHERE record = $1")
        .bind(record)
        .fetch_all(&mut **tx)
        .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
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
    }))
}

/// Drops links that no rule gives any more. What a person decided stays.
async fn forget_others(
    tx: &mut WriteTx,
    items: &BTreeSet<i64>,
    exams: &BTreeSet<String>,
    found: &[Link],
) -> Result<(), sqlx::Error> {
    let kept: BTreeSet<(i64, String, i64)> = found.iter().map(ends).collect();
    let mut known = Vec::new();
    for item in items {
        let sql = "SELECT id, record, study, other FROM record_link WHERE (record = $1 OR other = $1) AND decided_by = ''";
        known.extend(sqlx::query(sql).bind(item).fetch_all(&mut **tx).await?);
    }
    for study in exams {
        let sql = "SELECT id, record, study, other FROM record_link WHERE study = $1 AND decided_by = ''";
        known.extend(sqlx::query(sql).bind(study).fetch_all(&mut **tx).await?);
    }
    for row in known {
        let pair = (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
        if !kept.contains(&pair) {
            let id: i64 = row.try_get(0)?;
            sqlx::query("DELETE FROM record_link WHERE id = $1").bind(id).execute(&mut **tx).await?;
        }
    }
    Ok(())
}

/// The record, the exam or '', the other record or 0.
fn ends(link: &Link) -> (i64, String, i64) {
    match &link.to {
        To::Exam(study) => (link.record, study.clone(), 0),
        To::Record(other) => (link.record, String::new(), *other),
    }
}

async fn write(tx: &mut WriteTx, link: &Link) -> Result<(), sqlx::Error> {
    let (record, study, other) = ends(link);
    sqlx::query(
        "INSERT INTO record_link (kind, record, study, other, rule, evidence, confidence, state) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (record, study, other) DO UPDATE SET \
         kind = excluded.kind, rule = excluded.rule, evidence = excluded.evidence, confidence = excluded.confidence, \
         state = CASE record_link.decided_by WHEN '' THEN excluded.state ELSE record_link.state END",
    )
    .bind(&link.kind)
    .bind(record)
    .bind(study)
    .bind(other)
    .bind(link.rule)
    .bind(Value::Object(link.evidence.clone()).to_string())
    .bind(link.confidence)
    .bind(if link.confidence >= HOLDS { "linked" } else { "waiting" })
    .execute(&mut **tx)
    .await
    .map(drop)
}
