//! One exam in full: its series, their instances, where it came from; and what stands beside the
//! exams: deletions and conflicts.

use crate::Catalog;
use crate::exams::{ExamSummary, SUMMARY, summary};
use crate::known::locator;
use intake::Locator;
use model::{Sha256Digest, StudyInstanceUid, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

/// A series of an exam.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesSummary {
    /// (0020,000E)
    pub series: String,
    /// (0008,0060)
    pub modality: String,
    /// (0020,0011)
    pub number: Option<i64>,
    /// (0008,103E)
    pub description: String,
    /// (0018,0015)
    pub body_part: String,
    /// Its instances, by instance number.
    pub instances: Vec<InstanceSummary>,
}

/// An instance of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceSummary {
    /// (0008,0018)
    pub sop: String,
    /// (0008,0016)
    pub sop_class: String,
    /// (0020,0013)
    pub number: Option<i64>,
    /// (0028,0008)
    pub frames: Option<i64>,
    /// (0028,0010)
    pub rows: Option<i64>,
    /// (0028,0011)
    pub columns: Option<i64>,
    /// Whether it has pixel data that can be decoded: a video has not.
    pub has_pixels: bool,
}

/// Who brought instances of an exam, by which door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceSummary {
    /// The door's word, such as `c-store`.
    pub door: String,
    /// The account.
    pub account: String,
    /// The peer, '' if none.
    pub peer: String,
    /// When the first of them arrived.
    pub first_at: Timestamp,
    /// When the last one arrived.
    pub last_at: Timestamp,
    /// How many.
    pub instances: i64,
}

/// A deletion that can be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// The name of its entry in the archive.
    pub event: String,
    /// The exam.
    pub study: String,
    /// The series, '' for the whole exam.
    pub series: String,
    /// The instance, '' for more than one.
    pub sop: String,
    /// Who deleted it.
    pub account: String,
    /// Why.
    pub reason: String,
    /// When.
    pub deleted_at: Timestamp,
    /// How many instances it hides.
    pub instances: i64,
    /// The exam, as it is described.
    pub exam: ExamSummary,
}

/// Other content under a SOP Instance UID that is held already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Its number.
    pub id: i64,
    /// The exam it says it is of.
    pub study: String,
    /// The series.
    pub series: String,
    /// The UID both have.
    pub sop: String,
    /// SHA-256 of the one that came later.
    pub digest: Sha256Digest,
    /// Where it lies.
    pub locator: Locator,
    /// The door it came by.
    pub door: String,
    /// Who brought it.
    pub account: String,
    /// The peer, '' if none.
    pub peer: String,
    /// When.
    pub received_at: Timestamp,
}

impl Catalog {
    /// The series of an exam with their instances.
    ///
    /// # Errors
    /// The engine's.
    pub async fn series_of(&self, study: &StudyInstanceUid) -> Result<Vec<SeriesSummary>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT r.uid, r.modality, r.number, r.description, r.body_part, i.sop_uid, i.sop_class, i.number, \
             i.frames, i.height, i.width, CASE WHEN i.pixel_data_at IS NULL AND i.height IS NULL \
             OR i.transfer_syntax LIKE '1.2.840.10008.1.2.4.10_%' THEN 0 ELSE 1 END \
             FROM study s JOIN series r ON r.study = s.id JOIN instance i ON i.series = r.id \
             WHERE s.uid = $1 AND i.deleted = 0 ORDER BY COALESCE(r.number, 0), r.id, COALESCE(i.number, 0), i.id",
        )
        .bind(study.as_str())
        .fetch_all(self.ledger.pool())
        .await?;
        let mut all: Vec<SeriesSummary> = Vec::new();
        for row in &rows {
            let series: String = row.try_get(0)?;
            if all.last().is_none_or(|last| last.series != series) {
                all.push(series_summary(row, series)?);
            }
            if let Some(last) = all.last_mut() {
                last.instances.push(instance_summary(row)?);
            }
        }
        Ok(all)
    }

    /// Where an exam came from, the first source first.
    ///
    /// # Errors
    /// The engine's.
    pub async fn sources(&self, study: &StudyInstanceUid) -> Result<Vec<SourceSummary>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT e.door, e.account, e.peer, e.first_at, e.last_at, e.instances FROM study s \
             JOIN exam_source e ON e.study = s.id WHERE s.uid = $1 ORDER BY e.first_at, e.door, e.account, e.peer",
        )
        .bind(study.as_str())
        .fetch_all(self.ledger.pool())
        .await?;
        let source = |row: &AnyRow| {
            Ok(SourceSummary {
                door: row.try_get(0)?,
                account: row.try_get(1)?,
                peer: row.try_get(2)?,
                first_at: Timestamp::from_micros(row.try_get(3)?),
                last_at: Timestamp::from_micros(row.try_get(4)?),
                instances: row.try_get(5)?,
            })
        };
        rows.iter().map(source).collect()
    }

    /// Deletions that can be undone, the latest first; of one exam, or of all.
    ///
    /// # Errors
    /// The engine's.
    pub async fn deletions(
        &self,
        study: Option<&StudyInstanceUid>,
        limit: u32,
    ) -> Result<Vec<Deletion>, sqlx::Error> {
        let sql = format!(
            "SELECT {SUMMARY}, t.event, t.study_uid, t.series_uid, t.sop_uid, t.account, t.reason, t.deleted_at, \
             (SELECT COUNT(*) FROM series r JOIN instance i ON i.series = r.id WHERE r.study = s.id \
             AND i.deleted = t.id) FROM tombstone t JOIN study s ON s.uid = t.study_uid \
             WHERE ($1 = '' OR t.study_uid = $1) AND t.restored_at IS NULL AND t.purged_at IS NULL \
             ORDER BY t.deleted_at DESC, t.id DESC LIMIT $2"
        );
        // Safe: made of constants.
        let query = sqlx::query(AssertSqlSafe(sql)).bind(study.map_or("", StudyInstanceUid::as_str));
        let rows = query.bind(i64::from(limit)).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(deletion).collect()
    }

    /// Where the instances lie that a deletion hides, to be purged.
    ///
    /// # Errors
    /// The engine's.
    pub async fn hidden_by(&self, event: &str) -> Result<Vec<Locator>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT i.segment, i.position, i.length FROM tombstone t JOIN study s ON s.uid = t.study_uid \
             JOIN series r ON r.study = s.id JOIN instance i ON i.series = r.id AND i.deleted = t.id \
             WHERE t.event = $1 ORDER BY i.id",
        )
        .bind(event)
        .fetch_all(self.ledger.pool())
        .await?;
        rows.iter().map(|row| locator(row, 0)).collect()
    }

    /// Conflicts, the latest first; those with a smaller number than `before`.
    ///
    /// # Errors
    /// The engine's.
    pub async fn conflicts(&self, before: Option<i64>, limit: u32) -> Result<Vec<Conflict>, sqlx::Error> {
        let all = format!("{CONFLICT} WHERE id < $1 ORDER BY id DESC LIMIT $2");
        let rows = sqlx::query(AssertSqlSafe(all))
            .bind(before.unwrap_or(i64::MAX))
            .bind(i64::from(limit))
            .fetch_all(self.ledger.pool())
            .await?;
        rows.iter().map(conflict).collect()
    }

    /// The conflict of the file with this content.
    ///
    /// # Errors
    /// The engine's.
    pub async fn conflict(&self, digest: &Sha256Digest) -> Result<Option<Conflict>, sqlx::Error> {
        let one = format!("{CONFLICT} WHERE digest = $1 ORDER BY id LIMIT 1");
        let row =
            sqlx::query(AssertSqlSafe(one)).bind(digest.to_hex()).fetch_optional(self.ledger.pool()).await?;
        row.as_ref().map(conflict).transpose()
    }
}

/// What [`conflict`] reads.
const CONFLICT: &str = "SELECT id, study_uid, series_uid, sop_uid, digest, segment, position, length, door, \
    account, peer, received_at FROM conflict";

fn series_summary(row: &AnyRow, series: String) -> Result<SeriesSummary, sqlx::Error> {
    Ok(SeriesSummary {
        series,
        modality: row.try_get(1)?,
        number: row.try_get(2)?,
        description: row.try_get(3)?,
        body_part: row.try_get(4)?,
        instances: Vec::new(),
    })
}

fn instance_summary(row: &AnyRow) -> Result<InstanceSummary, sqlx::Error> {
    Ok(InstanceSummary {
        sop: row.try_get(5)?,
        sop_class: row.try_get(6)?,
        number: row.try_get(7)?,
        frames: row.try_get(8)?,
        rows: row.try_get(9)?,
        columns: row.try_get(10)?,
        has_pixels: row.try_get::<i64, _>(11)? == 1,
    })
}

fn deletion(row: &AnyRow) -> Result<Deletion, sqlx::Error> {
    Ok(Deletion {
        exam: summary(row)?,
        event: row.try_get(16)?,
        study: row.try_get(17)?,
        series: row.try_get(18)?,
        sop: row.try_get(19)?,
        account: row.try_get(20)?,
        reason: row.try_get(21)?,
        deleted_at: Timestamp::from_micros(row.try_get(22)?),
        instances: row.try_get(23)?,
    })
}

fn conflict(row: &AnyRow) -> Result<Conflict, sqlx::Error> {
    let digest: String = row.try_get(4)?;
    Ok(Conflict {
        id: row.try_get(0)?,
        study: row.try_get(1)?,
        series: row.try_get(2)?,
        sop: row.try_get(3)?,
        digest: Sha256Digest::parse(&digest).map_err(|error| sqlx::Error::Decode(error.into()))?,
        locator: locator(row, 5)?,
        door: row.try_get(8)?,
        account: row.try_get(9)?,
        peer: row.try_get(10)?,
        received_at: Timestamp::from_micros(row.try_get(11)?),
    })
}
