//! Where instances lie.

use crate::Catalog;
use crate::known::locator;
use intake::Locator;
use model::{SeriesInstanceUid, Sha256Digest, SopInstanceUid, StudyInstanceUid};
use sqlx::Row;
use sqlx::any::AnyRow;

/// An exam or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All of an exam.
    Study(StudyInstanceUid),
    /// One series.
    Series(StudyInstanceUid, SeriesInstanceUid),
    /// One instance.
    Instance(StudyInstanceUid, SeriesInstanceUid, SopInstanceUid),
}

/// An instance and where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// (0020,000D)
    pub study: String,
    /// (0020,000E)
    pub series: String,
    /// (0008,0018)
    pub sop: String,
    /// (0008,0016)
    pub sop_class: String,
    /// The transfer syntax the file's data set is in.
    pub transfer_syntax: String,
    /// (0020,0013)
    pub instance_number: Option<i64>,
    /// (0028,0008)
    pub number_of_frames: Option<i64>,
    /// (0028,0010)
    pub rows: Option<i64>,
    /// (0028,0011)
    pub columns: Option<i64>,
    /// SHA-256 of the file as received.
    pub digest: Sha256Digest,
    /// Where the file lies.
    pub locator: Locator,
    /// Offset of the data set in the file.
    pub data_set_at: u64,
    /// Offset of the pixel data element in the file.
    pub pixel_data_at: Option<u64>,
}

pub(crate) const COLUMNS: &str = "s.uid, r.uid, i.sop_uid, i.sop_class, i.transfer_syntax, i.number, \
     i.frames, i.height, i.width, i.digest, i.segment, i.position, i.length, i.data_set_at, i.pixel_data_at";

impl Scope {
    /// (study, series or '', instance or '').
    #[must_use]
    pub fn uids(&self) -> (&str, &str, &str) {
        match self {
            Self::Study(study) => (study.as_str(), "", ""),
            Self::Series(study, series) => (study.as_str(), series.as_str(), ""),
            Self::Instance(study, series, sop) => (study.as_str(), series.as_str(), sop.as_str()),
        }
    }
}

impl Catalog {
    /// The instances in a scope, by series and instance number; none if it isn't held or is deleted.
    ///
    /// # Errors
    /// The engine's.
    pub async fn locate(&self, scope: &Scope) -> Result<Vec<Located>, sqlx::Error> {
        let (study, series, sop) = scope.uids();
        let narrowed = match scope {
            Scope::Study(_) => "",
            Scope::Series(..) => "AND r.uid = $2",
            Scope::Instance(..) => "AND r.uid = $2 AND i.sop_uid = $3",
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM study s JOIN series r ON r.study = s.id JOIN instance i \
             ON i.series = r.id WHERE s.uid = $1 {narrowed} AND i.deleted = 0 \
             ORDER BY r.number, r.id, i.number, i.id"
        );
        // Safe: made of constants.
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(study);
        for uid in [series, sop].into_iter().filter(|uid| !uid.is_empty()) {
            query = query.bind(uid);
        }
        query.fetch_all(self.ledger.pool()).await?.iter().map(|row| located(row, 0)).collect()
    }

    /// An instance by its own UID alone, as WADO-URI and storage commitment ask.
    ///
    /// # Errors
    /// The engine's.
    pub async fn locate_sop(&self, sop: &SopInstanceUid) -> Result<Option<Located>, sqlx::Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM instance i JOIN series r ON r.id = i.series \
             JOIN study s ON s.id = r.study WHERE i.sop_uid = $1 AND i.deleted = 0"
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(sop.as_str());
        query.fetch_optional(self.ledger.pool()).await?.as_ref().map(|row| located(row, 0)).transpose()
    }

    /// Instances by their own UIDs; those that are not held or are deleted are left out.
    ///
    /// # Errors
    /// The engine's.
    pub async fn locate_sops(&self, sops: &[String]) -> Result<Vec<Located>, sqlx::Error> {
        let wanted = self
            .engine()
            .pick("SELECT value FROM json_each($1)", "SELECT jsonb_array_elements_text(CAST($1 AS JSONB))");
        let sql = format!(
            "SELECT {COLUMNS} FROM instance i JOIN series r ON r.id = i.series \
             JOIN study s ON s.id = r.study WHERE i.sop_uid IN ({wanted}) AND i.deleted = 0"
        );
        // Safe: made of constants.
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(serde_json::json!(sops).to_string());
        query.fetch_all(self.ledger.pool()).await?.iter().map(|row| located(row, 0)).collect()
    }
}

/// Reads [`COLUMNS`], the first of which is the row's column `at`.
pub(crate) fn located(row: &AnyRow, at: usize) -> Result<Located, sqlx::Error> {
    let digest: String = row.try_get(at + 9)?;
    Ok(Located {
        study: row.try_get(at)?,
        series: row.try_get(at + 1)?,
        sop: row.try_get(at + 2)?,
        sop_class: row.try_get(at + 3)?,
        transfer_syntax: row.try_get(at + 4)?,
        instance_number: row.try_get(at + 5)?,
        number_of_frames: row.try_get(at + 6)?,
        rows: row.try_get(at + 7)?,
        columns: row.try_get(at + 8)?,
        digest: Sha256Digest::parse(&digest).map_err(|error| sqlx::Error::Decode(error.into()))?,
        locator: locator(row, at + 10)?,
        data_set_at: row.try_get::<i64, _>(at + 13)?.cast_unsigned(),
        pixel_data_at: row.try_get::<Option<i64>, _>(at + 14)?.map(i64::cast_unsigned),
    })
}
