//! UIDs: an exam, a series or an instance by its whole UID or by how it begins.

use super::ids;
use crate::exams::ExamSummary;
use crate::{Catalog, fold};
use sqlx::Row as _;

/// Something with a UID, and the exam it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its exam.
    pub exam: ExamSummary,
    /// The series, unless it is an exam.
    pub series: Option<String>,
    /// The instance, if it is one.
    pub sop: Option<String>,
    /// Its modality, number and description in words; of a series or instance.
    pub about: String,
}

const OF_SERIES: &str = "SELECT s.id, r.uid, r.modality, r.number, r.description, '' FROM series r \
     JOIN study s ON s.id = r.study WHERE r.uid >= $1 AND r.uid < $2 AND r.live + 0 = 1 ORDER BY r.uid LIMIT $3";

const OF_INSTANCES: &str = "SELECT s.id, r.uid, r.modality, i.number, r.description, i.sop_uid FROM instance i \
     JOIN series r ON r.id = i.series JOIN study s ON s.id = r.study \
     WHERE i.sop_uid >= $1 AND i.sop_uid < $2 AND i.deleted = 0 ORDER BY i.sop_uid LIMIT $3";

impl Catalog {
    /// Exams, then series, then instances whose UID is this one or begins with it.
    pub(super) async fn places_by_uid(&self, uid: &str, each: usize) -> Result<Vec<Place>, sqlx::Error> {
        let end = fold::after_prefix(uid).unwrap_or_default();
        let limit = i64::try_from(each).unwrap_or(i64::MAX);
        let studies = sqlx::query(
            "SELECT id FROM study WHERE uid >= $1 AND uid < $2 AND live + 0 = 1 ORDER BY uid LIMIT $3",
        );
        let studies = studies.bind(uid).bind(&end).bind(limit).fetch_all(self.ledger.pool()).await?;
        let exams = self.summaries(&ids(&studies)?).await?;
        let mut places: Vec<Place> = exams
            .into_iter()
            .map(|exam| Place { exam, series: None, sop: None, about: String::new() })
            .collect();
        for sql in [OF_SERIES, OF_INSTANCES] {
            if places.len() >= each {
                break;
            }
            let rows =
                sqlx::query(sql).bind(uid).bind(&end).bind(limit).fetch_all(self.ledger.pool()).await?;
            places.extend(self.inside(&rows).await?);
        }
        // The whole UID before those that only begin with it.
        places.sort_by_key(|place| place.uid() != uid);
        places.truncate(each);
        Ok(places)
    }

    async fn inside(&self, rows: &[sqlx::any::AnyRow]) -> Result<Vec<Place>, sqlx::Error> {
        let mut places = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(exam) = self.summaries(&[row.try_get(0)?]).await?.pop() else { continue };
            let sop: String = row.try_get(5)?;
            let number: Option<i64> = row.try_get(3)?;
            let number =
                number.map(|number| format!("{} {number}", if sop.is_empty() { "series" } else { "image" }));
            let parts = [row.try_get(2)?, number.unwrap_or_default(), row.try_get(4)?];
            let about =
                parts.into_iter().filter(|part: &String| !part.is_empty()).collect::<Vec<_>>().join(" · ");
            let sop = Some(sop).filter(|sop| !sop.is_empty());
            places.push(Place { exam, series: Some(row.try_get(1)?), sop, about });
        }
        Ok(places)
    }
}

impl Place {
    /// Its own UID.
    #[must_use]
    pub fn uid(&self) -> &str {
        self.sop.as_deref().or(self.series.as_deref()).unwrap_or(&self.exam.study)
    }
}
