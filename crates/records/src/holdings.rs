//! What is held of many people at once, for rooms that make tables of it.

use crate::Records;
use serde_json::Value;
use sqlx::Row as _;
use std::ops::Range;

/// A person, as the identifiers say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPerson {
    /// The number.
    pub person: i64,
    /// The birth date as FHIR writes it; '' where it is not known.
    pub birth: String,
    /// FHIR administrative-gender; '' where it is not known.
    pub sex: String,
}

/// A record as it holds now.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldRecord {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub person: i64,
    /// The FHIR resource type.
    pub kind: String,
    /// Its status.
    pub status: String,
    /// Of an order, where it stands.
    pub state: String,
    /// A line for people.
    pub title: String,
    /// When it began, in microseconds since 1970.
    pub begins: Option<i64>,
    /// The moment behind its last.
    pub ends: Option<i64>,
    /// The resource; nothing for a report, whose text is of no use in a table.
    pub content: Value,
}

/// An exam of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldExam {
    /// (0020,000D)
    pub study: String,
    /// Whose; none where no identifier was told.
    pub person: Option<i64>,
}

/// What a report says, by the last reading of its newest version.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldReading {
    /// The report.
    pub record: i64,
    /// What was read.
    pub reading: Value,
}

/// The text of a report as it holds now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldText {
    /// The report.
    pub record: i64,
    /// Its text, identified as it came.
    pub text: String,
}

const OF_PERSONS: &str = "JOIN person_identifier p ON p.id = r.holder WHERE p.person >= $1 AND p.person < $2";

impl Records {
    /// People with numbers in a range, by number.
    ///
    /// # Errors
    /// The engine's.
    pub async fn held_persons(&self, range: &Range<i64>) -> Result<Vec<HeldPerson>, sqlx::Error> {
        let sql = "SELECT person, MAX(birth), MAX(sex) FROM person_identifier WHERE person >= $1 AND person < $2 \
                   GROUP BY person ORDER BY person";
        let rows = self.of_range(sql, range).await?;
        rows.iter()
            .map(|row| {
                Ok(HeldPerson { person: row.try_get(0)?, birth: row.try_get(1)?, sex: row.try_get(2)? })
            })
            .collect()
    }

    /// Their records, Patient resources too.
    ///
    /// # Errors
    /// The engine's.
    pub async fn held_records(&self, range: &Range<i64>) -> Result<Vec<HeldRecord>, sqlx::Error> {
        let sql = format!(
            "SELECT r.id, p.person, r.kind, r.status, r.state, r.title, r.begins, r.ends, \
             CASE WHEN r.kind IN ('DiagnosticReport', 'DocumentReference') THEN '' ELSE r.content END \
             FROM record r {OF_PERSONS} ORDER BY r.id"
        );
        let rows = self.of_range(&sql, range).await?;
        rows.iter()
            .map(|row| {
                Ok(HeldRecord {
                    id: row.try_get(0)?,
                    person: row.try_get(1)?,
                    kind: row.try_get(2)?,
                    status: row.try_get(3)?,
                    state: row.try_get(4)?,
                    title: row.try_get(5)?,
                    begins: row.try_get(6)?,
                    ends: row.try_get(7)?,
                    content: serde_json::from_str(&row.try_get::<String, _>(8)?).unwrap_or(Value::Null),
                })
            })
            .collect()
    }

    /// Their exams.
    ///
    /// # Errors
    /// The engine's.
    pub async fn held_exams(&self, range: &Range<i64>) -> Result<Vec<HeldExam>, sqlx::Error> {
        let sql = format!("SELECT r.study, p.person FROM record_exam r {OF_PERSONS} ORDER BY r.study");
        let rows = self.of_range(&sql, range).await?;
        rows.iter().map(|row| Ok(HeldExam { study: row.try_get(0)?, person: row.try_get(1)? })).collect()
    }

    /// Exams that are nobody's, after one, by UID.
    ///
    /// # Errors
    /// The engine's.
    pub async fn held_strays(&self) -> Result<Vec<HeldExam>, sqlx::Error> {
        let sql = "SELECT study FROM record_exam WHERE holder IS NULL ORDER BY study";
        let rows = sqlx::query(sql).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(|row| Ok(HeldExam { study: row.try_get(0)?, person: None })).collect()
    }

    /// Their exams that are not here: that peers said they hold.
    ///
    /// # Errors
    /// The engine's.
    pub async fn held_elsewhere(&self, range: &Range<i64>) -> Result<Vec<HeldExam>, sqlx::Error> {
        let sql = "SELECT r.study, p.person FROM record_elsewhere r JOIN person_identifier p ON p.id = r.holder \
                   WHERE p.person >= $1 AND p.person < $2 AND NOT EXISTS \
                   (SELECT 1 FROM record_exam e WHERE e.study = r.study) ORDER BY r.study";
        let rows = self.of_range(sql, range).await?;
        rows.iter().map(|row| Ok(HeldExam { study: row.try_get(0)?, person: row.try_get(1)? })).collect()
    }

    /// Exams that are not here and are nobody's, by UID.
    ///
    /// # Errors
    /// The engine's.
    pub async fn strays_elsewhere(&self) -> Result<Vec<String>, sqlx::Error> {
        let sql = "SELECT r.study FROM record_elsewhere r WHERE r.holder IS NULL AND NOT EXISTS \
                   (SELECT 1 FROM record_exam e WHERE e.study = r.study) ORDER BY r.study";
        let rows = sqlx::query(sql).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    }

    /// Which of their records belong to which exams: (record, exam), as linked by now.
    ///
    /// # Errors
    /// The engine's.
    pub async fn held_links(&self, range: &Range<i64>) -> Result<Vec<(i64, String)>, sqlx::Error> {
        let sql = format!(
            "SELECT l.record, l.study FROM record r JOIN record_link l ON l.record = r.id AND l.study <> '' \
             AND l.state = 'linked' {OF_PERSONS} ORDER BY l.record, l.confidence DESC, l.study"
        );
        let rows = self.of_range(&sql, range).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// What their reports say.
    ///
    /// # Errors
    /// The engine's.
    pub async fn held_readings(&self, range: &Range<i64>) -> Result<Vec<HeldReading>, sqlx::Error> {
        let sql = format!(
            "SELECT r.id, d.content FROM record r JOIN record_reading d ON d.record = r.id AND d.version = r.version \
             {OF_PERSONS} ORDER BY r.id, d.made_at DESC"
        );
        let rows = self.of_range(&sql, range).await?;
        let mut held: Vec<HeldReading> = Vec::with_capacity(rows.len());
        for row in &rows {
            let record = row.try_get(0)?;
            if held.last().is_none_or(|last| last.record != record) {
                let reading = serde_json::from_str(&row.try_get::<String, _>(1)?).unwrap_or(Value::Null);
                held.push(HeldReading { record, reading });
            }
        }
        Ok(held)
    }

    /// The texts of their reports.
    ///
    /// # Errors
    /// The engine's.
    pub async fn held_texts(&self, range: &Range<i64>) -> Result<Vec<HeldText>, sqlx::Error> {
        let sql = format!(
            "SELECT r.id, r.content FROM record r {OF_PERSONS} AND r.kind IN ('DiagnosticReport', 'DocumentReference')"
        );
        let rows = self.of_range(&sql, range).await?;
        let mut held = Vec::with_capacity(rows.len());
        for row in &rows {
            let content = serde_json::from_str(&row.try_get::<String, _>(1)?).unwrap_or(Value::Null);
            let text = crate::marks::report_text(&content);
            held.extend(
                text.map(|text| Ok::<_, sqlx::Error>(HeldText { record: row.try_get(0)?, text }))
                    .transpose()?,
            );
        }
        Ok(held)
    }

    /// The persons that something was said of: by sources, and whose exams these are. Whoever they are or were
    /// joined with is one of them: their rows move too.
    ///
    /// # Errors
    /// The engine's.
    pub async fn touched(&self, sources: &[String], studies: &[String]) -> Result<Vec<i64>, sqlx::Error> {
        let by_source =
            "SELECT DISTINCT holder FROM record_statement WHERE source = $1 AND holder IS NOT NULL";
        // Who is who is no statement of a record.
        let by_edge = "SELECT low FROM person_edge WHERE source = $1 UNION SELECT high FROM person_edge WHERE source = $1";
        let by_exam = "SELECT holder FROM record_exam WHERE study = $1 AND holder IS NOT NULL";
        let mut holders = std::collections::BTreeSet::new();
        // An exam that comes may be another's than the peer told.
        let by_other = "SELECT holder FROM record_elsewhere WHERE study = $1 AND holder IS NOT NULL";
        let all = [(by_source, sources), (by_edge, sources), (by_exam, studies), (by_other, studies)];
        for (sql, names) in all {
            for name in names {
                let rows = sqlx::query(sql).bind(name).fetch_all(self.ledger.pool()).await?;
                for row in &rows {
                    holders.insert(row.try_get::<i64, _>(0)?);
                }
            }
        }
        let mut persons = std::collections::BTreeSet::new();
        for holder in holders {
            let sql = "SELECT a.person, a.id FROM person_identifier a WHERE a.person IN \
                       (SELECT person FROM person_identifier WHERE id = $1) \
                       OR a.id IN (SELECT low FROM person_edge WHERE high = $1) \
                       OR a.id IN (SELECT high FROM person_edge WHERE low = $1)";
            let rows = sqlx::query(sql).bind(holder).fetch_all(self.ledger.pool()).await?;
            for row in &rows {
                // A person's number is that of one of its identifiers.
                persons.extend([row.try_get::<i64, _>(0)?, row.try_get::<i64, _>(1)?]);
            }
        }
        Ok(persons.into_iter().collect())
    }

    /// The highest number a person has; 0 where there is none.
    ///
    /// # Errors
    /// The engine's.
    pub async fn last_person(&self) -> Result<i64, sqlx::Error> {
        let sql = "SELECT COALESCE(MAX(person), 0) FROM person_identifier";
        sqlx::query(sql).fetch_one(self.ledger.pool()).await?.try_get(0)
    }

    async fn of_range(&self, sql: &str, range: &Range<i64>) -> Result<Vec<sqlx::any::AnyRow>, sqlx::Error> {
        sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
            .bind(range.start)
            .bind(range.end)
            .fetch_all(self.ledger.pool())
            .await
    }
}
