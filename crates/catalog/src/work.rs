//! Reading which versions there are of people's work on an exam.

use crate::Catalog;
use crate::locate::{COLUMNS, Located, located};
use model::{StudyInstanceUid, Timestamp};
use sqlx::Row;
use sqlx::any::AnyRow;

/// A version of someone's work: an instance Isocenter made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkVersion {
    /// Where it lies.
    pub located: Located,
    /// Whose it is.
    pub account: String,
    /// What it keeps.
    pub kind: String,
    /// 1 for the first of its chain, one more for each later one.
    pub number: u32,
    /// The version before.
    pub replaces: Option<String>,
    /// The tracking UIDs of what changed.
    pub changed: Vec<String>,
    /// When it was made.
    pub made_at: Timestamp,
    /// Whether someone deleted it.
    pub deleted: bool,
}

impl Catalog {
    /// The newest version of each chain of an exam, also of those that were deleted.
    ///
    /// # Errors
    /// The engine's.
    pub async fn newest_work(&self, study: &StudyInstanceUid) -> Result<Vec<WorkVersion>, sqlx::Error> {
        self.work(
            study,
            "NOT EXISTS (SELECT 1 FROM work_version n WHERE n.study_uid = w.study_uid \
             AND n.series_uid = w.series_uid AND n.number > w.number)",
        )
        .await
    }

    /// All versions of all chains of an exam that nobody deleted.
    ///
    /// # Errors
    /// The engine's.
    pub async fn work_versions(&self, study: &StudyInstanceUid) -> Result<Vec<WorkVersion>, sqlx::Error> {
        self.work(study, "i.deleted <= 0").await
    }

    async fn work(&self, study: &StudyInstanceUid, which: &str) -> Result<Vec<WorkVersion>, sqlx::Error> {
        let sql = format!(
            "SELECT w.account, w.kind, w.number, w.replaces, w.changed, w.made_at, \
             CASE WHEN i.deleted > 0 THEN 1 ELSE 0 END, {COLUMNS} FROM work_version w \
             JOIN instance i ON i.sop_uid = w.sop_uid JOIN series r ON r.id = i.series \
             JOIN study s ON s.id = r.study WHERE w.study_uid = $1 AND {which} \
             ORDER BY w.account, w.series_uid, w.number"
        );
        // Safe: made of constants.
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(study.as_str())
            .fetch_all(self.ledger().pool())
            .await?;
        rows.iter().map(version).collect()
    }
}

fn version(row: &AnyRow) -> Result<WorkVersion, sqlx::Error> {
    let (replaces, changed): (String, String) = (row.try_get(3)?, row.try_get(4)?);
    Ok(WorkVersion {
        account: row.try_get(0)?,
        kind: row.try_get(1)?,
        number: u32::try_from(row.try_get::<i64, _>(2)?).unwrap_or(u32::MAX),
        replaces: Some(replaces).filter(|uid| !uid.is_empty()),
        changed: changed.split_whitespace().map(str::to_owned).collect(),
        made_at: Timestamp::from_micros(row.try_get(5)?),
        deleted: row.try_get::<i64, _>(6)? != 0,
        located: located(row, 7)?,
    })
}
