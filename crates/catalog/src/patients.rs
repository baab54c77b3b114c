//! One patient: who it is, every exam, and what the exams say differently about the person.
//!
//! A patient is (Issuer of Patient ID, Patient ID) and stands in addresses by the Study Instance UID of one
//! of the exams: it says nothing about the person, and a catalog made again knows it too.

use crate::Catalog;
use crate::exams::{self, ExamSummary};
use model::StudyInstanceUid;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};
use std::collections::BTreeMap;

/// Exams of one patient that are told.
const MOST: i64 = 2000;

/// A patient in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatientSummary {
    /// The Study Instance UID of the patient's first exam here.
    pub key: String,
    /// (0010,0020); empty where the exam names none.
    pub patient_id: String,
    /// (0010,0021)
    pub issuer: String,
    /// (0010,0010) as written.
    pub name: String,
    /// (0010,0040)
    pub sex: String,
    /// (0010,0030) as a number like 20260131.
    pub birth_date: Option<i64>,
    /// Exams that can be seen.
    pub exams: i64,
    /// The day of the latest, as a number like 20260131.
    pub last_date: Option<i64>,
}

/// How some exams name the person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    /// (0010,0010) as written.
    pub name: String,
    /// (0010,0030) as a number like 20260131.
    pub birth_date: Option<i64>,
    /// (0010,0040)
    pub sex: String,
    /// The exams that say so, by Study Instance UID.
    pub exams: Vec<String>,
}

/// A patient in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patient {
    /// Who it is.
    pub summary: PatientSummary,
    /// All exams, newest first.
    pub exams: Vec<ExamSummary>,
    /// The ways the exams name the person, the most frequent first; more than one is a conflict.
    pub identities: Vec<Identity>,
    /// Patients with the same ID from another issuer, or from none.
    pub namesakes: Vec<PatientSummary>,
}

/// Columns of a summary, and the patients they are of.
pub(crate) const SUMMARY: &str = "SELECT p.patient_id, p.issuer, p.sex, p.birth_date, p.head, \
     (SELECT uid FROM study s WHERE s.patient = p.id AND s.live + 0 = 1 ORDER BY s.received_at, s.id LIMIT 1), \
     (SELECT COUNT(*) FROM study s WHERE s.patient = p.id AND s.live + 0 = 1), \
     (SELECT MAX(study_date) FROM study s WHERE s.patient = p.id AND s.live + 0 = 1), p.id FROM patient p";

/// Reads [`SUMMARY`].
pub(crate) fn summary(row: &AnyRow) -> Result<PatientSummary, sqlx::Error> {
    let day = |day: Option<i64>| day.filter(|day| *day > 0);
    Ok(PatientSummary {
        key: row.try_get::<Option<String>, _>(5)?.unwrap_or_default(),
        patient_id: row.try_get(0)?,
        issuer: row.try_get(1)?,
        name: exams::patient_name(row.try_get(4)?),
        sex: row.try_get(2)?,
        birth_date: day(row.try_get(3)?),
        exams: row.try_get(6)?,
        last_date: day(row.try_get(7)?),
    })
}

impl Catalog {
    /// The patient of an exam, if that exam or another of the same patient can be seen.
    ///
    /// # Errors
    /// The engine's.
    pub async fn patient_of(&self, study: &StudyInstanceUid) -> Result<Option<Patient>, sqlx::Error> {
        let sql = format!("{SUMMARY} JOIN study x ON x.patient = p.id WHERE x.uid = $1 AND p.live + 0 = 1");
        // Safe: made of constants.
        let row =
            sqlx::query(AssertSqlSafe(sql)).bind(study.as_str()).fetch_optional(self.ledger.pool()).await?;
        let Some(row) = row else { return Ok(None) };
        let (summary, id): (_, i64) = (summary(&row)?, row.try_get(8)?);
        let exams = self.exams_of_patient(id).await?;
        let identities = identities(&exams);
        let namesakes = self.namesakes(&summary, id).await?;
        Ok(Some(Patient { summary, exams, identities, namesakes }))
    }

    /// The Patient ID an exam names, also where nothing of it can be seen any more.
    ///
    /// # Errors
    /// The engine's.
    pub async fn patient_id_of(&self, study: &StudyInstanceUid) -> Result<Option<String>, sqlx::Error> {
        let row = sqlx::query("SELECT patient_id FROM study WHERE uid = $1").bind(study.as_str());
        row.fetch_optional(self.ledger.pool()).await?.map(|row| row.try_get(0)).transpose()
    }

    /// For each of these exams one of the same patient that can be seen, the first of them; none: nothing can be seen
    /// of the patient.
    ///
    /// # Errors
    /// The engine's.
    pub async fn seen_beside(&self, studies: &[String]) -> Result<BTreeMap<String, String>, sqlx::Error> {
        let wanted = self
            .engine()
            .pick("SELECT value FROM json_each($1)", "SELECT jsonb_array_elements_text(CAST($1 AS JSONB))");
        let sql = format!(
            "SELECT x.uid, o.uid FROM study x JOIN study o ON o.patient = x.patient AND o.live = 1 \
             WHERE x.uid IN ({wanted}) ORDER BY o.id DESC"
        );
        // Safe: made of constants.
        let query = sqlx::query(AssertSqlSafe(sql)).bind(serde_json::json!(studies).to_string());
        let rows = query.fetch_all(self.ledger.pool()).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    async fn exams_of_patient(&self, patient: i64) -> Result<Vec<ExamSummary>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT id FROM study WHERE patient = $1 AND live + 0 = 1 \
             ORDER BY study_date DESC, COALESCE(study_time, -1) DESC, id DESC LIMIT $2",
        );
        let rows = rows.bind(patient).bind(MOST).fetch_all(self.ledger.pool()).await?;
        let ids = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<i64>, _>>()?;
        self.summaries(&ids).await
    }

    async fn namesakes(&self, of: &PatientSummary, id: i64) -> Result<Vec<PatientSummary>, sqlx::Error> {
        if of.patient_id.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "{SUMMARY} WHERE p.patient_id = $1 AND p.id <> $2 AND p.live + 0 = 1 ORDER BY p.id LIMIT 20"
        );
        // Safe: made of constants.
        let query = sqlx::query(AssertSqlSafe(sql)).bind(&of.patient_id).bind(id);
        query.fetch_all(self.ledger.pool()).await?.iter().map(summary).collect()
    }
}

/// The ways the exams name the person. Names that differ in case, accents or blanks alone are one.
fn identities(exams: &[ExamSummary]) -> Vec<Identity> {
    let mut by_key: BTreeMap<(String, Option<i64>, String), Identity> = BTreeMap::new();
    for exam in exams {
        let (first, _) = crate::fold::person_name(&exam.patient_name);
        let key = (first, exam.birth_date, exam.patient_sex.clone());
        let (name, sex) = (exam.patient_name.clone(), exam.patient_sex.clone());
        let new = Identity { name, birth_date: exam.birth_date, sex, exams: Vec::new() };
        by_key.entry(key).or_insert(new).exams.push(exam.study.clone());
    }
    let mut identities: Vec<Identity> = by_key.into_values().collect();
    identities.sort_by_key(|identity| std::cmp::Reverse(identity.exams.len())); // stable
    identities
}
