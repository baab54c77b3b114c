//! What linking an exam to orders, reports and people needs to know of it.

use crate::Catalog;
use crate::exams::patient_name;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

/// Microseconds of a day.
const DAY: i64 = 24 * 3_600_000_000;

/// An exam as it says whose it is, what was asked for and when it was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExamFacts {
    /// (0020,000D)
    pub study: String,
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
    /// (0008,0050)
    pub accession: String,
    /// (0008,1030)
    pub description: String,
    /// The series' modalities.
    pub modalities: Vec<String>,
    /// Body parts (0018,0015) and descriptions of its series.
    pub series_words: String,
    /// When it began, in microseconds since 1970; its own clock taken for UTC.
    pub begins: Option<i64>,
    /// How many series.
    pub series: i64,
    /// How many instances; 0: nothing of it is left, or it is not known.
    pub instances: i64,
}

const FACTS: &str = "SELECT s.uid, s.patient_id, s.issuer, s.head, s.birth_date, s.sex, s.accession, s.description, \
     s.modalities, s.study_date, s.study_time, s.series_count, s.instance_count, s.live, s.id FROM study s";

impl Catalog {
    /// These exams; one that isn't known, or of which nothing is left, has no instances.
    ///
    /// # Errors
    /// The engine's.
    pub async fn exam_facts(&self, studies: &[String]) -> Result<Vec<ExamFacts>, sqlx::Error> {
        let mut found = Vec::with_capacity(studies.len());
        for study in studies {
            let sql = format!("{FACTS} WHERE s.uid = $1");
            let row = sqlx::query(AssertSqlSafe(sql)).bind(study).fetch_optional(self.ledger.pool()).await?;
            found.push(match row {
                Some(row) => self.facts_of(&row).await?,
                None => ExamFacts { study: study.clone(), ..ExamFacts::default() },
            });
        }
        Ok(found)
    }

    /// How many instances of an exam are left here; 0: none, or it is not known.
    ///
    /// # Errors
    /// The engine's.
    pub async fn held_instances(&self, study: &str) -> Result<i64, sqlx::Error> {
        let row = sqlx::query("SELECT instance_count FROM study WHERE uid = $1 AND live = 1").bind(study);
        row.fetch_optional(self.ledger.pool()).await?.map_or(Ok(0), |row| row.try_get(0))
    }

    async fn facts_of(&self, row: &AnyRow) -> Result<ExamFacts, sqlx::Error> {
        let live: i64 = row.try_get(13)?;
        let modalities: String = row.try_get(8)?;
        Ok(ExamFacts {
            study: row.try_get(0)?,
            patient_id: row.try_get(1)?,
            issuer: row.try_get(2)?,
            patient_name: patient_name(row.try_get(3)?),
            birth_date: Some(row.try_get(4)?).filter(|day| *day > 0),
            sex: row.try_get(5)?,
            accession: row.try_get(6)?,
            description: row.try_get(7)?,
            modalities: modalities.split('\\').filter(|m| !m.is_empty()).map(Into::into).collect(),
            series_words: self.series_words(row.try_get(14)?).await?,
            begins: begins(row.try_get(9)?, row.try_get(10)?),
            series: row.try_get(11)?,
            instances: row.try_get::<i64, _>(12)? * live,
        })
    }

    async fn series_words(&self, study: i64) -> Result<String, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT body_part, description FROM series WHERE study = $1 AND live = 1 ORDER BY id LIMIT 100",
        )
        .bind(study)
        .fetch_all(self.ledger.pool())
        .await?;
        let mut words = String::new();
        for row in rows {
            for at in 0..2 {
                words.push_str(&row.try_get::<String, _>(at)?);
                words.push(' ');
            }
        }
        Ok(words)
    }

    /// Study Instance UIDs behind one, in their order; to go through all of them.
    ///
    /// # Errors
    /// The engine's.
    pub async fn studies_after(&self, study: &str, limit: i64) -> Result<Vec<String>, sqlx::Error> {
        let rows = sqlx::query("SELECT uid FROM study WHERE uid > $1 ORDER BY uid LIMIT $2")
            .bind(study)
            .bind(limit)
            .fetch_all(self.ledger.pool())
            .await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    }
}

fn begins(day: i64, time: Option<i64>) -> Option<i64> {
    (day > 0).then(|| days_from_epoch(day / 10_000, day / 100 % 100, day % 100) * DAY + time.unwrap_or(0))
}

/// Days since 1970-01-01 in the Gregorian calendar.
fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let shifted = (month + 9) % 12; // March first: the leap day ends the year
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    let century = year.div_euclid(400);
    let in_century = year.rem_euclid(400);
    century * 146_097 + in_century * 365 + in_century / 4 - in_century / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(days_from_epoch(1970, 1, 1), 0);
        assert_eq!(days_from_epoch(2000, 3, 1), 11_017);
        assert_eq!(days_from_epoch(1969, 12, 31), -1);
        assert_eq!(begins(0, Some(5)), None);
    }
}
