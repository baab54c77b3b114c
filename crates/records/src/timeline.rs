//! One person's record on one axis of time, and one record in full.

use crate::Records;
use crate::context::moment;
use crate::marks;
use serde::Serialize;
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};
use utoipa::ToSchema;

/// Entries of a timeline that are told at once.
const MOST: i64 = 20_000;

/// Who a person is, by all identifiers.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Its number: it says nothing about the person.
    pub id: i64,
    /// The identifiers, the oldest first.
    pub identifiers: Vec<PersonIdentifier>,
    /// What Patient resources say, the latest first.
    #[schema(value_type = Vec<Object>)]
    pub patients: Vec<Value>,
}

/// An identifier of a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonIdentifier {
    /// Its number.
    pub id: i64,
    /// Who issued it.
    pub system: String,
    /// The value.
    pub value: String,
    /// Its kind by HL7 table 0203.
    pub kind: String,
    /// The birth date it came with.
    pub birth_date: String,
}

/// An entry of a timeline.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The record's number; none of an exam.
    pub record: Option<i64>,
    /// The Study Instance UID of an exam.
    pub study: Option<String>,
    /// The FHIR resource type, or `Exam`.
    pub kind: String,
    /// A line for people.
    pub title: String,
    /// FHIR's status.
    pub status: String,
    /// Where an order stands.
    pub state: String,
    /// From when on, as RFC 3339.
    pub begins: Option<String>,
    /// Until when.
    pub ends: Option<String>,
    /// A value with its unit, of an observation.
    pub value: Option<String>,
    /// How many versions there are.
    pub versions: i64,
}

/// A link from a record to an exam or another record.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkRow {
    /// Its number.
    pub id: i64,
    /// `order-exam`, `report-order` …
    pub kind: String,
    /// The record.
    pub record: i64,
    /// The exam, or empty.
    pub study: String,
    /// The other record, or 0.
    pub other: i64,
    /// The rule that gave it.
    pub rule: String,
    /// What agrees and what doesn't.
    #[schema(value_type = Object)]
    pub evidence: Value,
    /// 0 to 1.
    pub confidence: f64,
    /// `linked`, `waiting`, `refused`.
    pub state: String,
    /// Who decided; empty: the rule alone.
    pub decided_by: String,
}

/// A version of a record.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VersionRow {
    /// Its number, from 1.
    pub version: i64,
    /// When we knew it, as RFC 3339.
    pub known_at: String,
    /// The source that brought it.
    pub source: String,
    /// Where an order stood.
    pub state: String,
    /// The resource as it held then.
    #[schema(value_type = Object)]
    pub content: Value,
}

/// Something that was said of a record.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatementRow {
    /// The source.
    pub source: String,
    /// Where it stands there.
    pub place: String,
    /// Who said it.
    pub speaker: String,
    /// When the sender said it, as RFC 3339.
    pub said_at: String,
    /// When we received it.
    pub received_at: String,
}

/// A record in full.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecordRow {
    /// Its number.
    pub id: i64,
    /// The FHIR resource type.
    pub kind: String,
    /// Whose it is.
    pub person: Option<i64>,
    /// A line for people.
    pub title: String,
    /// FHIR's status.
    pub status: String,
    /// Where an order stands.
    pub state: String,
    /// Its newest version.
    pub version: i64,
    /// When that was known, as RFC 3339.
    pub known_at: String,
    /// The resource.
    #[schema(value_type = Object)]
    pub content: Value,
    /// The text of a report or document.
    pub text: Option<String>,
}

pub(crate) const RECORDS: &str = "SELECT r.id, r.kind, (SELECT p.person FROM person_identifier p WHERE p.id = r.holder), r.title, \
     r.status, r.state, r.version, r.known_at, r.content, r.begins, r.ends FROM record r";
const LINKS: &str =
    "SELECT id, kind, record, study, other, rule, evidence, confidence, state, decided_by FROM record_link";

impl Records {
    /// The person an exam is of, as far as that is known.
    ///
    /// # Errors
    /// The engine's.
    pub async fn person_of_exam(&self, study: &str) -> Result<Option<i64>, sqlx::Error> {
        let row = sqlx::query(
            "SELECT p.person FROM record_exam e JOIN person_identifier p ON p.id = e.holder WHERE e.study = $1",
        )
        .bind(study)
        .fetch_optional(self.ledger.pool())
        .await?;
        row.map(|row| row.try_get(0)).transpose()
    }

    /// The person with this identifier; several where the issuer isn't told.
    ///
    /// # Errors
    /// The engine's.
    pub async fn persons_by_identifier(
        &self,
        system: Option<&str>,
        value: &str,
    ) -> Result<Vec<i64>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT DISTINCT person FROM person_identifier WHERE value = $1 AND ($2 = '' OR system = $3) ORDER BY person",
        )
        .bind(value)
        .bind(system.map_or("", |_| "x"))
        .bind(system.unwrap_or_default())
        .fetch_all(self.ledger.pool())
        .await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    }

    /// Who a person is. The number of somebody who turned out to be another person means that one.
    ///
    /// # Errors
    /// The engine's.
    pub async fn person(&self, person: i64) -> Result<Option<Person>, sqlx::Error> {
        let Some(person) = self.person_of_name(&person.to_string()).await? else { return Ok(None) };
        let rows = sqlx::query(
            "SELECT id, system, value, kind, birth FROM person_identifier WHERE person = $1 ORDER BY id",
        )
        .bind(person)
        .fetch_all(self.ledger.pool())
        .await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let identifiers: Result<Vec<_>, sqlx::Error> = rows
            .iter()
            .map(|row| {
                Ok(PersonIdentifier {
                    id: row.try_get(0)?,
                    system: row.try_get(1)?,
                    value: row.try_get(2)?,
                    kind: row.try_get(3)?,
                    birth_date: row.try_get(4)?,
                })
            })
            .collect();
        let patients = self.of_person(person, "AND r.kind = 'Patient' ORDER BY r.known_at DESC").await?;
        let patients = patients.into_iter().map(|(record, _)| record.content).collect();
        Ok(Some(Person { id: person, identifiers: identifiers?, patients }))
    }

    async fn of_person(
        &self,
        person: i64,
        rest: &'static str,
    ) -> Result<Vec<(RecordRow, (Option<i64>, Option<i64>))>, sqlx::Error> {
        let sql = format!(
            "{RECORDS} WHERE r.holder IN (SELECT id FROM person_identifier WHERE person = $1) {rest} LIMIT $2"
        );
        let rows =
            sqlx::query(AssertSqlSafe(sql)).bind(person).bind(MOST).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(|row| Ok((record_row(row)?, (row.try_get(9)?, row.try_get(10)?)))).collect()
    }

    /// Everything about a person on one axis, the earliest first.
    ///
    /// # Errors
    /// The engine's.
    pub async fn timeline(&self, person: i64) -> Result<Vec<Entry>, sqlx::Error> {
        let records = self.of_person(person, "AND r.kind <> 'Patient' ORDER BY r.begins, r.id").await?;
        let mut entries: Vec<(Option<i64>, Entry)> = records
            .into_iter()
            .map(|(record, (begins, ends))| (begins, entry(&record, begins, ends)))
            .collect();
        let exams = sqlx::query(
            "SELECT e.study, e.title, e.begins FROM record_exam e \
             WHERE e.holder IN (SELECT id FROM person_identifier WHERE person = $1) LIMIT $2",
        )
        .bind(person)
        .bind(MOST)
        .fetch_all(self.ledger.pool())
        .await?;
        for row in &exams {
            let begins = row.try_get(2)?;
            entries.push((begins, exam_entry(row, begins)?));
        }
        entries.sort_by_key(|(begins, entry)| (begins.unwrap_or(i64::MAX), entry.record));
        Ok(entries.into_iter().map(|(_, entry)| entry).collect())
    }

    /// Links between a person's records and exams, with those that wait.
    ///
    /// # Errors
    /// The engine's.
    pub async fn links_of_person(&self, person: i64) -> Result<Vec<LinkRow>, sqlx::Error> {
        let own = "SELECT r.id FROM record r WHERE r.holder IN (SELECT id FROM person_identifier WHERE person = $1)";
        let exams = "SELECT e.study FROM record_exam e WHERE e.holder IN (SELECT id FROM person_identifier WHERE person = $1)";
        let sql = format!("{LINKS} WHERE record IN ({own}) OR study IN ({exams}) ORDER BY id LIMIT 20000");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(person).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(link_row).collect()
    }

    /// Links of one exam.
    ///
    /// # Errors
    /// The engine's.
    pub async fn links_of_exam(&self, study: &str) -> Result<Vec<LinkRow>, sqlx::Error> {
        let sql = format!("{LINKS} WHERE study = $1 ORDER BY confidence DESC, id");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(study).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(link_row).collect()
    }

    /// One link.
    ///
    /// # Errors
    /// The engine's.
    pub async fn link(&self, id: i64) -> Result<Option<LinkRow>, sqlx::Error> {
        let sql = format!("{LINKS} WHERE id = $1");
        let row = sqlx::query(AssertSqlSafe(sql)).bind(id).fetch_optional(self.ledger.pool()).await?;
        row.as_ref().map(link_row).transpose()
    }

    /// Links that wait for a person, those that are nearly sure first.
    ///
    /// # Errors
    /// The engine's.
    pub async fn links_waiting(&self, after: i64, limit: i64) -> Result<Vec<LinkRow>, sqlx::Error> {
        let sql = format!("{LINKS} WHERE state = 'waiting' AND id > $1 ORDER BY id LIMIT $2");
        let rows =
            sqlx::query(AssertSqlSafe(sql)).bind(after).bind(limit).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(link_row).collect()
    }

    /// One record. The number of one that turned out to be another record means that one.
    ///
    /// # Errors
    /// The engine's.
    pub async fn record(&self, id: i64) -> Result<Option<RecordRow>, sqlx::Error> {
        let Some(id) = self.record_by_now(id).await? else { return Ok(None) };
        let sql = format!("{RECORDS} WHERE r.id = $1");
        let row = sqlx::query(AssertSqlSafe(sql)).bind(id).fetch_optional(self.ledger.pool()).await?;
        row.as_ref().map(record_row).transpose()
    }

    /// Every version a record had, the newest first.
    ///
    /// # Errors
    /// The engine's.
    pub async fn versions(&self, id: i64) -> Result<Vec<VersionRow>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT version, known_at, source, state, content FROM record_version WHERE record = $1 ORDER BY version DESC",
        )
        .bind(id)
        .fetch_all(self.ledger.pool())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(VersionRow {
                    version: row.try_get(0)?,
                    known_at: moment(row.try_get(1)?),
                    source: row.try_get(2)?,
                    state: row.try_get(3)?,
                    content: serde_json::from_str(&row.try_get::<String, _>(4)?).unwrap_or(Value::Null),
                })
            })
            .collect()
    }

    /// Everything that was said of a record, the earliest first.
    ///
    /// # Errors
    /// The engine's.
    pub async fn statements(&self, id: i64) -> Result<Vec<StatementRow>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT source, place, speaker, said_at, received_at FROM record_statement WHERE record = $1 \
             ORDER BY said_at, source, seq",
        )
        .bind(id)
        .fetch_all(self.ledger.pool())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(StatementRow {
                    source: row.try_get(0)?,
                    place: row.try_get(1)?,
                    speaker: row.try_get(2)?,
                    said_at: moment(row.try_get(3)?),
                    received_at: moment(row.try_get(4)?),
                })
            })
            .collect()
    }

    /// How many records there are of each kind and, of orders, in each state: as it was said, and performed or
    /// reported where an exam or a final report is there.
    ///
    /// # Errors
    /// The engine's.
    pub async fn counts(&self) -> Result<Vec<(String, String, i64)>, sqlx::Error> {
        let sql = format!(
            "SELECT kind, stands, COUNT(*) FROM ({STANDS}) AS told GROUP BY kind, stands ORDER BY kind, stands"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
    }
}

const STANDS: &str = "SELECT r.kind AS kind, CASE \
     WHEN r.kind <> 'ServiceRequest' OR r.state IN ('cancelled', 'discontinued', 'reported') THEN r.state \
     WHEN EXISTS (SELECT 1 FROM record_link l JOIN record d ON d.id = l.record WHERE l.other = r.id \
     AND l.kind = 'report-order' AND l.state = 'linked' \
     AND d.status IN ('final', 'amended', 'corrected', 'appended')) THEN 'reported' \
     WHEN EXISTS (SELECT 1 FROM record_link l JOIN record_exam e ON e.study = l.study WHERE l.record = r.id \
     AND l.state = 'linked') THEN 'performed' ELSE r.state END AS stands FROM record r";

pub(crate) fn record_row(row: &AnyRow) -> Result<RecordRow, sqlx::Error> {
    let content: Value = serde_json::from_str(&row.try_get::<String, _>(8)?).unwrap_or(Value::Null);
    Ok(RecordRow {
        id: row.try_get(0)?,
        kind: row.try_get(1)?,
        person: row.try_get(2)?,
        title: row.try_get(3)?,
        status: row.try_get(4)?,
        state: row.try_get(5)?,
        version: row.try_get(6)?,
        known_at: moment(row.try_get(7)?),
        text: marks::report_text(&content),
        content,
    })
}

fn link_row(row: &AnyRow) -> Result<LinkRow, sqlx::Error> {
    Ok(LinkRow {
        id: row.try_get(0)?,
        kind: row.try_get(1)?,
        record: row.try_get(2)?,
        study: row.try_get(3)?,
        other: row.try_get(4)?,
        rule: row.try_get(5)?,
        evidence: serde_json::from_str(&row.try_get::<String, _>(6)?).unwrap_or(Value::Null),
        confidence: row.try_get(7)?,
        state: row.try_get(8)?,
        decided_by: row.try_get(9)?,
    })
}

fn entry(record: &RecordRow, begins: Option<i64>, ends: Option<i64>) -> Entry {
    Entry {
        record: Some(record.id),
        study: None,
        kind: record.kind.clone(),
        title: record.title.clone(),
        status: record.status.clone(),
        state: record.state.clone(),
        begins: begins.map(moment),
        ends: ends.map(moment),
        value: value(&record.content),
        versions: record.version,
    }
}

fn exam_entry(row: &AnyRow, begins: Option<i64>) -> Result<Entry, sqlx::Error> {
    Ok(Entry {
        record: None,
        study: Some(row.try_get(0)?),
        kind: "Exam".into(),
        title: row.try_get(1)?,
        status: String::new(),
        state: String::new(),
        begins: begins.map(moment),
        ends: None,
        value: None,
        versions: 1,
    })
}

/// The value of an observation with its unit.
fn value(content: &Value) -> Option<String> {
    let quantity = &content["valueQuantity"];
    if let Some(number) = quantity["value"].as_f64() {
        let comparator = quantity["comparator"].as_str().unwrap_or_default();
        let unit = quantity["unit"].as_str().or_else(|| quantity["code"].as_str()).unwrap_or_default();
        return Some(format!("{comparator}{number} {unit}").trim().to_owned());
    }
    let concept = marks::concept(&content["valueCodeableConcept"]);
    concept.or_else(|| content["valueString"].as_str()).map(|text| text.chars().take(200).collect())
}
