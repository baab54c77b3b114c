//! What other archives hold, as they tell without sending a pixel: exams of peers, beside those of our own.
//!
//! Pages and doors that show what we hold never read this. Who tells is asked day by day; what a day's answer has no
//! more is forgotten. Each change is an event, so that records and facts follow.

use crate::linking::ExamFacts;
use crate::moment;
use dicom::{DataSet, Tag, tags};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::{BTreeMap, BTreeSet};
use store::{WriteTx, outbox};

use crate::Catalog;

/// The topic of events about exams that peers hold: `{"exams": [Study Instance UID, …]}`.
pub const ELSEWHERE: &str = "catalog.elsewhere";
/// What the numbers of exams that are not here begin behind: no catalog has so many of its own.
pub const NUMBERS: i64 = 1 << 34;
/// Exams named in one event.
const AT_ONCE: usize = 500;

/// An exam as a peer told of it (PS3.4 §C.6.2.1, level STUDY).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ElsewhereExam {
    /// A number of its own: behind [`NUMBERS`].
    pub number: i64,
    /// (0020,000D)
    pub study: String,
    /// The peer's entry.
    pub peer: String,
    /// (0010,0020)
    pub patient_id: String,
    /// (0010,0021)
    pub issuer: String,
    /// (0010,0010)
    pub patient_name: String,
    /// (0010,0030) as a number like 20260131.
    pub birth_date: Option<i64>,
    /// (0010,0040)
    pub sex: String,
    /// (0008,0020) as a number like 20260131.
    pub date: Option<i64>,
    /// (0008,0030) in microseconds since midnight.
    pub time: Option<i64>,
    /// (0008,0050)
    pub accession: String,
    /// (0008,1030)
    pub description: String,
    /// (0008,0061)
    pub modalities: Vec<String>,
    /// (0020,1206); 0: not told.
    pub series: i64,
    /// (0020,1208); 0: not told.
    pub instances: i64,
}

/// What a C-FIND for such exams asks for, beside the day.
pub const ASKED: [Tag; 14] = [
    tags::STUDY_INSTANCE_UID,
    tags::STUDY_TIME,
    tags::ACCESSION_NUMBER,
    tags::PATIENT_ID,
    tags::ISSUER_OF_PATIENT_ID,
    tags::PATIENT_NAME,
    tags::PATIENT_BIRTH_DATE,
    tags::PATIENT_SEX,
    tags::STUDY_DESCRIPTION,
    tags::MODALITIES_IN_STUDY,
    tags::NUMBER_OF_STUDY_RELATED_SERIES,
    tags::NUMBER_OF_STUDY_RELATED_INSTANCES,
    tags::STUDY_DATE,
    tags::STUDY_ID,
];

impl ElsewhereExam {
    /// From a match of a query; none where it names no exam.
    #[must_use]
    pub fn of(peer: &str, told: &DataSet) -> Option<Self> {
        let text = |tag| told.text(tag).map(|text| text.trim().replace('\0', " ")).unwrap_or_default();
        let count = |tag| told.int(tag).unwrap_or(0).max(0);
        let day = |tag| told.text(tag).and_then(|text| moment::date(&text));
        let modalities = told.texts(tags::MODALITIES_IN_STUDY).into_iter();
        Some(Self {
            number: 0,
            study: model::StudyInstanceUid::parse(&told.uid(tags::STUDY_INSTANCE_UID)?).ok()?.to_string(),
            peer: peer.to_owned(),
            patient_id: text(tags::PATIENT_ID),
            issuer: text(tags::ISSUER_OF_PATIENT_ID),
            patient_name: text(tags::PATIENT_NAME),
            birth_date: day(tags::PATIENT_BIRTH_DATE),
            sex: text(tags::PATIENT_SEX),
            date: day(tags::STUDY_DATE),
            time: told.text(tags::STUDY_TIME).and_then(|text| moment::time_span(&text)).map(|span| span.0),
            accession: text(tags::ACCESSION_NUMBER),
            description: text(tags::STUDY_DESCRIPTION),
            modalities: modalities.map(|one| one.replace('\0', " ")).filter(|one| !one.is_empty()).collect(),
            series: count(tags::NUMBER_OF_STUDY_RELATED_SERIES),
            instances: count(tags::NUMBER_OF_STUDY_RELATED_INSTANCES),
        })
    }

    /// As linking and finding its person read it.
    fn facts(&self) -> ExamFacts {
        ExamFacts {
            study: self.study.clone(),
            patient_id: self.patient_id.clone(),
            issuer: self.issuer.clone(),
            patient_name: self.patient_name.clone(),
            birth_date: self.birth_date,
            sex: self.sex.clone(),
            accession: self.accession.clone(),
            description: self.description.clone(),
            modalities: self.modalities.clone(),
            series: self.series,
            instances: self.instances.max(1),
            ..ExamFacts::default()
        }
    }
}

const COLUMNS: &str = "SELECT id, study, peer, patient_id, issuer, patient_name, birth_date, sex, study_date, \
     study_time, accession, description, modalities, series, instances FROM elsewhere_exam";

impl Catalog {
    /// Takes what a peer told of one day: what is new or changed is kept, what it tells no more is forgotten. How many
    /// exams changed.
    ///
    /// # Errors
    /// The engine's; nothing is written then.
    pub async fn take_elsewhere(
        &self,
        peer: &str,
        day: i64,
        told: &[ElsewhereExam],
        now: i64,
    ) -> Result<usize, sqlx::Error> {
        let sql = format!("{COLUMNS} WHERE peer = $1 AND study_date = $2");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(peer).bind(day);
        let rows = rows.fetch_all(self.ledger.pool()).await?;
        let mut known: BTreeMap<String, ElsewhereExam> = BTreeMap::new();
        for row in &rows {
            let one = exam(row)?;
            known.insert(one.study.clone(), ElsewhereExam { number: 0, ..one });
        }
        let mut changed = BTreeSet::new();
        let mut tx = self.ledger.write().await?;
        for one in told {
            if known.remove(&one.study).as_ref() != Some(one) {
                put(&mut tx, one, now).await?;
                changed.insert(one.study.clone());
            }
        }
        for gone in known.into_keys() {
            let gone_row = sqlx::query("DELETE FROM elsewhere_exam WHERE peer = $1 AND study = $2");
            gone_row.bind(peer).bind(&gone).execute(&mut *tx).await?;
            changed.insert(gone);
        }
        self.tell_elsewhere(&mut tx, &changed.iter().cloned().collect::<Vec<_>>()).await?;
        tx.commit().await?;
        Ok(changed.len())
    }

    async fn tell_elsewhere(&self, tx: &mut WriteTx, studies: &[String]) -> Result<(), sqlx::Error> {
        for part in studies.chunks(AT_ONCE) {
            let payload = serde_json::json!({ "exams": part }).to_string();
            outbox::append(&self.ledger, tx, ELSEWHERE, &payload).await?;
        }
        Ok(())
    }

    /// Tells of every exam that peers hold once more: records that were dropped hear of them again.
    ///
    /// # Errors
    /// The engine's.
    pub async fn tell_all_elsewhere(&self) -> Result<(), sqlx::Error> {
        let rows = sqlx::query("SELECT DISTINCT study FROM elsewhere_exam ORDER BY study");
        let rows = rows.fetch_all(self.ledger.pool()).await?;
        let studies: Vec<String> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        let mut tx = self.ledger.write().await?;
        self.tell_elsewhere(&mut tx, &studies).await?;
        tx.commit().await
    }

    /// Forgets all that a peer told.
    ///
    /// # Errors
    /// The engine's.
    pub async fn forget_elsewhere(&self, peer: &str) -> Result<(), sqlx::Error> {
        let rows = sqlx::query("SELECT study FROM elsewhere_exam WHERE peer = $1 ORDER BY study").bind(peer);
        let rows = rows.fetch_all(self.ledger.pool()).await?;
        let studies: Vec<String> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        let mut tx = self.ledger.write().await?;
        sqlx::query("DELETE FROM elsewhere_exam WHERE peer = $1").bind(peer).execute(&mut *tx).await?;
        self.tell_elsewhere(&mut tx, &studies).await?;
        tx.commit().await
    }

    /// Who holds an exam, as they told: who told first, first.
    ///
    /// # Errors
    /// The engine's.
    pub async fn elsewhere(&self, study: &str) -> Result<Vec<ElsewhereExam>, sqlx::Error> {
        let sql = format!("{COLUMNS} WHERE study = $1 ORDER BY id");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(study).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(exam).collect()
    }

    /// These exams as finding their person reads them; one that no peer holds any more has no instances.
    ///
    /// # Errors
    /// The engine's.
    pub async fn elsewhere_facts(&self, studies: &[String]) -> Result<Vec<ExamFacts>, sqlx::Error> {
        let mut found = Vec::with_capacity(studies.len());
        for study in studies {
            let none = || ExamFacts { study: study.clone(), ..ExamFacts::default() };
            found.push(self.elsewhere(study).await?.first().map_or_else(none, ElsewhereExam::facts));
        }
        Ok(found)
    }

    /// How many exams each peer told of, and how many of these are not here: (peer, told, not here).
    ///
    /// # Errors
    /// The engine's.
    pub async fn elsewhere_counts(&self) -> Result<Vec<(String, i64, i64)>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT e.peer, COUNT(*), CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM study s WHERE s.uid = e.study \
             AND s.live = 1) THEN 0 ELSE 1 END) AS BIGINT) FROM elsewhere_exam e GROUP BY e.peer ORDER BY e.peer",
        );
        let rows = rows.fetch_all(self.ledger.pool()).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
    }
}

async fn put(tx: &mut WriteTx, one: &ElsewhereExam, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO elsewhere_exam (study, peer, patient_id, issuer, patient_name, birth_date, sex, study_date, \
         study_time, accession, description, modalities, series, instances, seen_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
         ON CONFLICT (study, peer) DO UPDATE SET patient_id = excluded.patient_id, issuer = excluded.issuer, \
         patient_name = excluded.patient_name, birth_date = excluded.birth_date, sex = excluded.sex, \
         study_date = excluded.study_date, study_time = excluded.study_time, accession = excluded.accession, \
         description = excluded.description, modalities = excluded.modalities, series = excluded.series, \
         instances = excluded.instances, seen_at = excluded.seen_at",
    )
    .bind(&one.study)
    .bind(&one.peer)
    .bind(&one.patient_id)
    .bind(&one.issuer)
    .bind(&one.patient_name)
    .bind(one.birth_date.unwrap_or(0))
    .bind(&one.sex)
    .bind(one.date.unwrap_or(0))
    .bind(one.time)
    .bind(&one.accession)
    .bind(&one.description)
    .bind(one.modalities.join("\\"))
    .bind(one.series)
    .bind(one.instances)
    .bind(now)
    .execute(&mut **tx)
    .await
    .map(drop)
}

fn exam(row: &AnyRow) -> Result<ElsewhereExam, sqlx::Error> {
    let day = |at| row.try_get::<i64, _>(at).map(|day| (day > 0).then_some(day));
    let modalities: String = row.try_get(12)?;
    Ok(ElsewhereExam {
        number: NUMBERS + row.try_get::<i64, _>(0)?,
        study: row.try_get(1)?,
        peer: row.try_get(2)?,
        patient_id: row.try_get(3)?,
        issuer: row.try_get(4)?,
        patient_name: row.try_get(5)?,
        birth_date: day(6)?,
        sex: row.try_get(7)?,
        date: day(8)?,
        time: row.try_get(9)?,
        accession: row.try_get(10)?,
        description: row.try_get(11)?,
        modalities: modalities.split('\\').filter(|one| !one.is_empty()).map(ToOwned::to_owned).collect(),
        series: row.try_get(13)?,
        instances: row.try_get(14)?,
    })
}
