//! Statements become records: found by their keys, folded again, kept in versions.

use crate::fold::{Folded, Word, fold};
use crate::marks::{self, Facts};
use crate::people::{Demo, Edge, People, decides};
use crate::search;
use clinical::{Identifier, OrderState, Record, Said, Statement, Told};
use serde_json::{Value, json};
use sqlx::Row as _;
use std::collections::{BTreeMap, BTreeSet};

/// Marks a key that means another record to another person.
const CLASH: char = '\u{1f}';

/// Where a batch of statements comes from.
pub(crate) struct Origin<'a> {
    pub source: &'a str,
    /// Who speaks.
    pub speaker: &'a str,
    pub received_at: i64,
    /// The number of the batch's first statement within the source.
    pub first: i64,
}

/// Keeps the statements of one source, or a part of them.
pub(crate) struct Keeper<'a, 'b> {
    pub people: &'a mut People<'b>,
    pub origin: Origin<'a>,
    /// What this source says of the patients it names: of which of two people under one number it speaks.
    pub described: BTreeMap<(String, String), Demo>,
    /// Records whose content changed.
    pub changed: BTreeSet<i64>,
}

impl Keeper<'_, '_> {
    /// Keeps all of them.
    pub async fn keep(&mut self, statements: &[Statement]) -> Result<(), sqlx::Error> {
        self.describe(statements);
        let mut told = BTreeSet::new();
        for (at, statement) in statements.iter().enumerate() {
            let seq = self.origin.first + at as i64;
            let said_at =
                statement.at.as_ref().map_or(self.origin.received_at, |at| at.earliest().as_micros());
            match &statement.said {
                Said::Record(record) => {
                    told.extend(self.record(record, seq, said_at, &statement.place).await?);
                }
                Said::Merge { kept, gone } => self.join(kept, gone, said_at, ("merge", true)).await?,
                Said::Unmerge { kept, gone } => self.join(kept, gone, said_at, ("unmerge", false)).await?,
                Said::Move { record, from, to } => told.extend(self.moved(record.as_ref(), from, to).await?),
            }
        }
        for record in told {
            self.refold(record).await?;
        }
        Ok(())
    }

    fn describe(&mut self, statements: &[Statement]) {
        for statement in statements {
            let Said::Record(record) = &statement.said else { continue };
            if record.kind == "Patient" {
                let demo = Demo::of(&record.content);
                for key in record.keys.iter().filter(|key| decides(key)) {
                    self.described.insert((key.system.clone(), key.value.clone()), demo.clone());
                }
            }
        }
    }

    fn description(&self, ids: &[Identifier]) -> Demo {
        let known = |id: &Identifier| self.described.get(&(id.system.clone(), id.value.clone()));
        ids.iter().find_map(known).cloned().unwrap_or_default()
    }

    /// Joins or parts two identifiers.
    async fn join(
        &mut self,
        kept: &Identifier,
        gone: &Identifier,
        said_at: i64,
        (why, joins): (&str, bool),
    ) -> Result<(), sqlx::Error> {
        let demo = self.description(std::slice::from_ref(kept));
        let mut nodes = Vec::new();
        for one in [kept, gone] {
            // Whatever kind of number a merge names, it means the patient.
            let one = Identifier { kind: None, ..one.clone() };
            let demo = if nodes.is_empty() { demo.clone() } else { Demo::default() };
            nodes.extend(self.people.holder(&[one], &demo).await?);
        }
        if let [kept, gone] = nodes[..] {
            let edge = Edge { why, joins, said_at, source: self.origin.source };
            self.people.edge(kept, gone, &edge).await?;
        }
        Ok(())
    }

    /// Takes what was said of one record; its number, unless it was said before.
    async fn record(
        &mut self,
        record: &Record,
        seq: i64,
        said_at: i64,
        place: &str,
    ) -> Result<Option<i64>, sqlx::Error> {
        let holder = self.holder_of(record).await?;
        let id = self.find(record, holder).await?;
        let written = sqlx::query(
            "INSERT INTO record_statement (source, seq, record, holder, place, speaker, said_at, received_at, told, \
             state, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        )
        .bind(self.origin.source)
        .bind(seq)
        .bind(id)
        .bind(holder)
        .bind(place)
        .bind(self.origin.speaker)
        .bind(said_at)
        .bind(self.origin.received_at)
        .bind(word(&record.told))
        .bind(record.state.map_or("", OrderState::as_str))
        .bind(record.content.to_string())
        .execute(&mut **self.people.tx)
        .await?;
        Ok((written.rows_affected() > 0).then_some(id))
    }

    async fn holder_of(&mut self, record: &Record) -> Result<Option<i64>, sqlx::Error> {
        if record.kind == "Patient" {
            let ids: Vec<_> = record.patient.iter().chain(&record.keys).cloned().collect();
            return self.people.holder(&ids, &Demo::of(&record.content)).await;
        }
        let demo = self.description(&record.patient);
        self.people.holder(&record.patient, &demo).await
    }

    /// The record these keys mean, made if it is new. Records that turn out to be one are joined.
    async fn find(&mut self, record: &Record, holder: Option<i64>) -> Result<i64, sqlx::Error> {
        let keys = keys_of(record, holder);
        let mut found = BTreeSet::new();
        let mut clashing = Vec::new();
        for (system, value) in &keys {
            let Some(known) = self.by_key(&record.kind, system, value).await? else { continue };
            if self.is_anothers(known, holder).await? {
                let own = format!("{system}{CLASH}{}", holder.unwrap_or_default());
                found.extend(self.by_key(&record.kind, &own, value).await?);
                clashing.push((own, value.clone()));
            } else {
                found.insert(known);
            }
        }
        let id = match found.first() {
            Some(id) => *id,
            None => self.new_record(&record.kind).await?,
        };
        for other in found.into_iter().skip(1) {
            self.join_records(id, other).await?;
        }
        for (system, value) in keys.iter().chain(&clashing) {
            self.set_key(&record.kind, system, value, id).await?;
        }
        Ok(id)
    }

    async fn by_key(&mut self, kind: &str, system: &str, value: &str) -> Result<Option<i64>, sqlx::Error> {
        let row = sqlx::query("SELECT record FROM record_key WHERE kind = $1 AND value = $2 AND system = $3")
            .bind(kind)
            .bind(value)
            .bind(system)
            .fetch_optional(&mut **self.people.tx)
            .await?;
        row.map(|row| row.try_get(0)).transpose()
    }

    async fn set_key(&mut self, kind: &str, system: &str, value: &str, id: i64) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO record_key (kind, value, system, record) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind(kind)
        .bind(value)
        .bind(system)
        .bind(id)
        .execute(&mut **self.people.tx)
        .await
        .map(drop)
    }

    /// Whether a record is known to be of another person: then the number was given twice.
    async fn is_anothers(&mut self, record: i64, holder: Option<i64>) -> Result<bool, sqlx::Error> {
        let Some(holder) = holder else { return Ok(false) };
        let row = sqlx::query(
            "SELECT (SELECT p.person FROM person_identifier p WHERE p.id = s.holder), \
             (SELECT p.person FROM person_identifier p WHERE p.id = $2) \
             FROM record_statement s WHERE s.record = $1 AND s.holder IS NOT NULL LIMIT 1",
        )
        .bind(record)
        .bind(holder)
        .fetch_optional(&mut **self.people.tx)
        .await?;
        let Some(row) = row else { return Ok(false) };
        Ok(row.try_get::<Option<i64>, _>(0)? != row.try_get::<Option<i64>, _>(1)?)
    }

    async fn new_record(&mut self, kind: &str) -> Result<i64, sqlx::Error> {
        let row = sqlx::query("INSERT INTO record (kind) VALUES ($1) RETURNING id")
            .bind(kind)
            .fetch_one(&mut **self.people.tx)
            .await?;
        row.try_get(0)
    }

    /// Two records were one: what was said of the second was said of the first.
    async fn join_records(&mut self, id: i64, other: i64) -> Result<(), sqlx::Error> {
        for sql in [
            "UPDATE record_statement SET record = $1 WHERE record = $2",
            "UPDATE record_key SET record = $1 WHERE record = $2",
            "DELETE FROM record_mark WHERE record = $2 AND $1 = $1",
            "DELETE FROM record_version WHERE record = $2 AND $1 = $1",
            "DELETE FROM record_reading WHERE record = $2 AND $1 = $1",
            // What a person decided stays decided; what rules gave is worked out again.
            "DELETE FROM record_link WHERE (record IN ($1, $2) OR other IN ($1, $2)) AND decided_by = ''",
            "UPDATE record_link SET record = $1 WHERE record = $2 AND decided_by <> '' AND NOT EXISTS (SELECT 1 \
             FROM record_link k WHERE k.record = $1 AND k.study = record_link.study AND k.other = record_link.other \
             AND k.decided_by <> '')",
            "UPDATE record_link SET other = $1 WHERE other = $2 AND decided_by <> '' AND NOT EXISTS (SELECT 1 \
             FROM record_link k WHERE k.record = record_link.record AND k.other = $1 AND k.decided_by <> '')",
            "DELETE FROM record_link WHERE (record = $2 OR other = $2) AND $1 = $1",
            "DELETE FROM report_term WHERE record = $2 AND $1 = $1",
            "DELETE FROM record WHERE id = $2 AND $1 = $1",
        ] {
            sqlx::query(sql).bind(id).bind(other).execute(&mut **self.people.tx).await?;
        }
        search::index_text(self.people.engine, self.people.tx, other, "").await
    }

    /// A record, or all of somebody's, belongs to another patient.
    async fn moved(
        &mut self,
        record: Option<&Identifier>,
        from: &Identifier,
        to: &Identifier,
    ) -> Result<Vec<i64>, sqlx::Error> {
        let demo = self.description(std::slice::from_ref(to));
        let to = self.people.holder(std::slice::from_ref(to), &demo).await?;
        let from = self.people.holder(std::slice::from_ref(from), &Demo::default()).await?;
        let (value, system) = record.map_or(("", ""), |key| (key.value.as_str(), key.system.as_str()));
        let rows = sqlx::query(
            "UPDATE record_statement SET holder = $1 WHERE holder = $2 AND ($3 = '' OR record IN \
             (SELECT record FROM record_key WHERE value = $3 AND system = $4)) RETURNING record",
        )
        .bind(to)
        .bind(from)
        .bind(value)
        .bind(system)
        .fetch_all(&mut **self.people.tx)
        .await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    }

    /// Works out again what holds of a record.
    async fn refold(&mut self, id: i64) -> Result<(), sqlx::Error> {
        let (words, holder) = self.words(id).await?;
        let folded = fold(words);
        let before = sqlx::query("SELECT content, state, version FROM record WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut **self.people.tx)
            .await?;
        let Some(before) = before else { return Ok(()) };
        let state = folded.state.map_or("", OrderState::as_str);
        let content = folded.content.to_string();
        let same = before.try_get::<String, _>(0)? == content && before.try_get::<String, _>(1)? == state;
        let version: i64 = before.try_get::<i64, _>(2)? + i64::from(!same);
        let facts = marks::facts(&folded.content);
        self.write(id, holder, version, &folded, &facts).await?;
        if !same {
            self.write_version(id, version, state, &content).await?;
            self.index_text(id, &folded.content).await?;
        }
        self.changed.insert(id);
        Ok(())
    }

    /// What was said of a record, and under whom: by the latest that says it.
    async fn words(&mut self, id: i64) -> Result<(Vec<Word>, Option<i64>), sqlx::Error> {
        let rows = sqlx::query(
            "SELECT speaker, said_at, source, seq, told, state, content, holder FROM record_statement \
             WHERE record = $1 ORDER BY said_at, source, seq",
        )
        .bind(id)
        .fetch_all(&mut **self.people.tx)
        .await?;
        let mut words = Vec::with_capacity(rows.len());
        let mut holder = None;
        for row in &rows {
            words.push(Word {
                speaker: row.try_get(0)?,
                said_at: row.try_get(1)?,
                place: (row.try_get(2)?, row.try_get(3)?),
                told: told(row.try_get::<String, _>(4)?.as_str()),
                state: state(row.try_get::<String, _>(5)?.as_str()),
                content: serde_json::from_str(&row.try_get::<String, _>(6)?).unwrap_or(Value::Null),
            });
            holder = row.try_get::<Option<i64>, _>(7)?.or(holder);
        }
        Ok((words, holder))
    }

    async fn write(
        &mut self,
        id: i64,
        holder: Option<i64>,
        version: i64,
        folded: &Folded,
        facts: &Facts,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "UPDATE record SET holder = $2, status = $3, state = $4, title = $5, begins = $6, ends = $7, \
             version = $8, known_at = $9, content = $10 WHERE id = $1",
        )
        .bind(id)
        .bind(holder)
        .bind(&facts.status)
        .bind(folded.state.map_or("", OrderState::as_str))
        .bind(&facts.title)
        .bind(facts.begins)
        .bind(facts.ends)
        .bind(version)
        .bind(self.origin.received_at)
        .bind(folded.content.to_string())
        .execute(&mut **self.people.tx)
        .await?;
        sqlx::query("DELETE FROM record_mark WHERE record = $1")
            .bind(id)
            .execute(&mut **self.people.tx)
            .await?;
        for mark in &facts.marks {
            sqlx::query(
                "INSERT INTO record_mark (role, value, system, record) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            )
            .bind(mark.role)
            .bind(&mark.value)
            .bind(&mark.system)
            .bind(id)
            .execute(&mut **self.people.tx)
            .await?;
        }
        Ok(())
    }

    /// Has a report's text found by its words.
    async fn index_text(&mut self, id: i64, content: &Value) -> Result<(), sqlx::Error> {
        if !matches!(content["resourceType"].as_str(), Some("DiagnosticReport" | "DocumentReference")) {
            return Ok(());
        }
        let text = marks::report_text(content).unwrap_or_default();
        search::index_text(self.people.engine, self.people.tx, id, &text).await
    }

    async fn write_version(
        &mut self,
        id: i64,
        version: i64,
        state: &str,
        content: &str,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO record_version (record, version, known_at, source, state, content) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        )
        .bind(id)
        .bind(version)
        .bind(self.origin.received_at)
        .bind(self.origin.source)
        .bind(state)
        .bind(content)
        .execute(&mut **self.people.tx)
        .await
        .map(drop)
    }

    /// Joins records of the touched persons that turn out to be one: kept apart because their patients differed, or
    /// named by the same number, by one source with and by another without its issuer.
    pub async fn unclash(&mut self) -> Result<(), sqlx::Error> {
        let persons: Vec<i64> = self.people.touched.iter().copied().collect();
        for person in persons {
            while let Some((kept, gone)) = self.same_of(person).await? {
                self.join_records(kept, gone).await?;
                self.refold(kept).await?;
            }
        }
        Ok(())
    }

    /// Two records of a person that are one, the older first.
    async fn same_of(&mut self, person: i64) -> Result<Option<(i64, i64)>, sqlx::Error> {
        let row = sqlx::query(
            "SELECT a.record, b.record FROM record ra \
             JOIN record_key a ON a.record = ra.id AND (a.system = '' OR a.system LIKE $2) \
             JOIN record_key b ON b.kind = a.kind AND b.value = a.value AND b.record <> a.record \
             JOIN record rb ON rb.id = b.record \
             WHERE ra.holder IN (SELECT id FROM person_identifier WHERE person = $1) \
             AND rb.holder IN (SELECT id FROM person_identifier WHERE person = $1) \
             AND (a.system = '' OR a.system LIKE $3 OR a.system LIKE b.system || $3) LIMIT 1",
        )
        .bind(person)
        .bind(format!("%{CLASH}%"))
        .bind(format!("{CLASH}%"))
        .fetch_optional(&mut **self.people.tx)
        .await?;
        let pair =
            row.map(|row| Ok::<(i64, i64), sqlx::Error>((row.try_get(0)?, row.try_get(1)?))).transpose()?;
        Ok(pair.map(|(one, other)| (one.min(other), one.max(other))))
    }
}

/// Of a Patient the identifier that speaks for it: the same number may have been given to two people. Of others what
/// names this record alone: one accession number or study may belong to several orders and reports.
fn keys_of(record: &Record, holder: Option<i64>) -> Vec<(String, String)> {
    match holder.filter(|_| record.kind == "Patient") {
        Some(holder) => vec![("urn:isocenter:identifier".into(), holder.to_string())],
        None => {
            let shared = |key: &&Identifier| {
                record.kind != "ImagingStudy" && (key.is("ACSN") || key.system == marks::DICOM_UID)
            };
            let own = record.keys.iter().filter(|key| !shared(key));
            let keys: Vec<_> = own.map(|key| (key.system.clone(), key.value.clone())).collect();
            let all = || record.keys.iter().map(|key| (key.system.clone(), key.value.clone())).collect();
            if keys.is_empty() { all() } else { keys }
        }
    }
}

const fn word(told: &Told) -> &'static str {
    match told {
        Told::Whole => "whole",
        Told::Change => "change",
        Told::Added => "added",
    }
}

fn told(word: &str) -> Told {
    match word {
        "change" => Told::Change,
        "added" => Told::Added,
        _ => Told::Whole,
    }
}

pub(crate) fn state(word: &str) -> Option<OrderState> {
    serde_json::from_value(json!(word)).ok()
}
