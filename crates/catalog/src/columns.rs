//! What the exams' series were made with, for rooms that make tables of it: the facts of each by keyword.

use crate::Catalog;
use dicom::dictionary::AttributeVr;
use dicom::{Tag, Vr};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};
use std::collections::BTreeMap;

/// An exam that has something left in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExamColumns {
    /// A number of its own within this catalog.
    pub id: i64,
    /// (0020,000D)
    pub study: String,
    /// (0008,0020) as a number like 20260131.
    pub date: Option<i64>,
    /// (0008,0030) in microseconds since midnight.
    pub time: Option<i64>,
    /// (0008,1030)
    pub description: String,
    /// (0010,0030) as a number like 20260131.
    pub birth_date: Option<i64>,
    /// (0010,0040)
    pub sex: String,
    /// Its series, by number.
    pub series: Vec<SeriesColumns>,
}

/// A series that has something left in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SeriesColumns {
    /// A number of its own within this catalog.
    pub id: i64,
    /// (0020,000E)
    pub series: String,
    /// (0008,0060)
    pub modality: String,
    /// (0008,103E)
    pub description: String,
    /// (0018,0015)
    pub body_part: String,
    /// How many instances.
    pub instances: i64,
    /// (0028,0010) of the first instance that has pixels.
    pub rows: Option<i64>,
    /// (0028,0011)
    pub columns: Option<i64>,
    /// Distinct values of each attribute by keyword, or by its path where it has none or stands in a sequence. What
    /// names people, and UIDs, are left out; so is what differs in too many instances.
    pub attributes: BTreeMap<String, Vec<String>>,
}

impl Catalog {
    /// These exams; one of which nothing is left is missing.
    ///
    /// # Errors
    /// The engine's.
    pub async fn exam_columns(&self, studies: &[String]) -> Result<Vec<ExamColumns>, sqlx::Error> {
        let mut exams = Vec::with_capacity(studies.len());
        for study in studies {
            let row = sqlx::query(
                "SELECT id, uid, study_date, study_time, description, birth_date, sex FROM study \
                 WHERE uid = $1 AND live = 1",
            )
            .bind(study)
            .fetch_optional(self.ledger.pool())
            .await?;
            let Some(row) = row else { continue };
            let mut exam = exam(&row)?;
            exam.series = self.series_columns(exam.id).await?;
            exams.push(exam);
        }
        Ok(exams)
    }

    async fn series_columns(&self, study: i64) -> Result<Vec<SeriesColumns>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT s.id, s.uid, s.modality, s.description, s.body_part, s.instance_count, \
             (SELECT MAX(i.height) FROM instance i WHERE i.series = s.id AND i.deleted <= 0), \
             (SELECT MAX(i.width) FROM instance i WHERE i.series = s.id AND i.deleted <= 0) \
             FROM series s WHERE s.study = $1 AND s.live = 1 ORDER BY s.number, s.id",
        )
        .bind(study)
        .fetch_all(self.ledger.pool())
        .await?;
        let mut all = rows.iter().map(series).collect::<Result<Vec<_>, _>>()?;
        for series in &mut all {
            series.attributes = self.attributes(series.id).await?;
        }
        Ok(all)
    }

    async fn attributes(&self, series: i64) -> Result<BTreeMap<String, Vec<String>>, sqlx::Error> {
        let sql = "SELECT facts FROM fact WHERE series = $1 ORDER BY id";
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(series).fetch_all(self.ledger.pool()).await?;
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut varying = Vec::new();
        for row in &rows {
            for line in row.try_get::<String, _>(0)?.lines() {
                match line.split_once('\t') {
                    Some((path, value)) => {
                        if let Some(name) = name(path) {
                            values.entry(name).or_default().push(value.to_owned());
                        }
                    }
                    None => varying.extend(name(line)),
                }
            }
        }
        for name in varying {
            values.remove(&name);
        }
        Ok(values)
    }
}

fn exam(row: &AnyRow) -> Result<ExamColumns, sqlx::Error> {
    let day = |day: i64| (day > 0).then_some(day);
    Ok(ExamColumns {
        id: row.try_get(0)?,
        study: row.try_get(1)?,
        date: day(row.try_get(2)?),
        time: row.try_get(3)?,
        description: row.try_get(4)?,
        birth_date: day(row.try_get(5)?),
        sex: row.try_get(6)?,
        series: Vec::new(),
    })
}

fn series(row: &AnyRow) -> Result<SeriesColumns, sqlx::Error> {
    Ok(SeriesColumns {
        id: row.try_get(0)?,
        series: row.try_get(1)?,
        modality: row.try_get(2)?,
        description: row.try_get(3)?,
        body_part: row.try_get(4)?,
        instances: row.try_get(5)?,
        rows: row.try_get(6)?,
        columns: row.try_get(7)?,
        attributes: BTreeMap::new(),
    })
}

/// The keywords of a path joined by points; none for what is left out.
fn name(path: &str) -> Option<String> {
    let steps: Vec<&str> = path.split('.').collect();
    let tags: Vec<Option<Tag>> = steps.iter().map(|step| dicom::dictionary::parse_tag(step)).collect();
    if tags.iter().flatten().any(|tag| is_of_a_person(*tag)) {
        return None;
    }
    let named = |(step, tag): (&&str, &Option<Tag>)| {
        tag.and_then(dicom::dictionary::keyword).map_or_else(|| (*step).to_owned(), ToOwned::to_owned)
    };
    Some(steps.iter().zip(&tags).map(named).collect::<Vec<_>>().join("."))
}

/// Sex, age, size and weight describe; the rest of the group, and names anywhere, say who it is.
fn is_of_a_person(tag: Tag) -> bool {
    const DESCRIBES: [u16; 4] = [0x0040, 0x1010, 0x1020, 0x1030];
    let vr = dicom::dictionary::attribute(tag).map(|attribute| attribute.vr);
    let names = matches!(vr, Some(AttributeVr::Exact(Vr::PN | Vr::UI)));
    let numbers = [Tag(0x0008, 0x0050), Tag(0x0020, 0x0010), Tag(0x0040, 0x0280)];
    (tag.0 == 0x0010 && !DESCRIBES.contains(&tag.1)) || names || numbers.contains(&tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_named_by_keyword() {
        assert_eq!(name("00180060").as_deref(), Some("KVP"));
        assert_eq!(name("00185101").as_deref(), Some("ViewPosition"));
        assert_eq!(name("0019xx10{GEMS_ACQU_01}").as_deref(), Some("0019xx10{GEMS_ACQU_01}"));
    }

    #[test]
    fn who_it_is_is_left_out() {
        for path in ["00100010", "00100020", "00080050", "00080090", "0020000D", "00081140.00081155"] {
            assert_eq!(name(path), None, "{path}");
        }
        assert_eq!(name("00101010").as_deref(), Some("PatientAge"));
    }
}
