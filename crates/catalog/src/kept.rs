//! Reading what is kept beside the instances: quarantined files and attachments.

use crate::Catalog;
use crate::known::locator;
use intake::Locator;
use model::{Sha256Digest, Source, Timestamp};
use sqlx::Row;
use sqlx::any::AnyRow;

/// A file in quarantine.
#[derive(Debug, Clone)]
pub struct QuarantinedFile {
    /// Its id.
    pub id: String,
    /// `open`, `retried` or `discarded`.
    pub state: String,
    /// Why, as a code.
    pub reason: String,
    /// Why, as a sentence.
    pub detail: String,
    /// SHA-256 of its bytes.
    pub digest: Sha256Digest,
    /// Where they stand.
    pub locator: Locator,
    /// Who sent it.
    pub source: Source,
}

/// A file attached to something.
#[derive(Debug, Clone)]
pub struct AttachedFile {
    /// Its id.
    pub id: String,
    /// `patient`, `exam` or `project`.
    pub subject: String,
    /// The subject's id.
    pub subject_id: String,
    /// The file's name.
    pub file_name: String,
    /// Its media type.
    pub media_type: String,
    /// SHA-256 of its bytes.
    pub digest: Sha256Digest,
    /// Where they stand.
    pub locator: Locator,
    /// Who brought it.
    pub source: Source,
}

/// A place in a list that is ordered from the newest on: everything before this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// When the last one seen arrived.
    pub received_at: Timestamp,
    /// Its id.
    pub id: String,
}

const QUARANTINE: &str =
    "SELECT id, state, reason, detail, digest, segment, position, length, source FROM quarantine";

const ATTACHMENT: &str = "SELECT id, subject, subject_id, file_name, media_type, digest, segment, position, length, \
     source FROM attachment";

impl Catalog {
    /// Files that wait in quarantine, the newest first.
    ///
    /// # Errors
    /// The engine's.
    pub async fn open_quarantine(
        &self,
        before: Option<&Before>,
        limit: u32,
    ) -> Result<Vec<QuarantinedFile>, sqlx::Error> {
        let sql = format!(
            "{QUARANTINE} WHERE state = 'open' AND (received_at < $1 OR (received_at = $1 AND id < $2)) \
             ORDER BY received_at DESC, id DESC LIMIT $3"
        );
        let (at, id) = before.map_or((i64::MAX, ""), |b| (b.received_at.as_micros(), b.id.as_str()));
        // Safe: made of constants.
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(at)
            .bind(id)
            .bind(i64::from(limit))
            .fetch_all(self.ledger.pool())
            .await?;
        rows.iter().map(quarantined).collect()
    }

    /// A file in quarantine, whatever became of it.
    ///
    /// # Errors
    /// The engine's.
    pub async fn quarantined_file(&self, id: &str) -> Result<Option<QuarantinedFile>, sqlx::Error> {
        let sql = format!("{QUARANTINE} WHERE id = $1 AND segment <> ''");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(self.ledger.pool()).await?;
        row.as_ref().map(quarantined).transpose()
    }

    /// The files attached to a patient, exam or project, in the order they came.
    ///
    /// # Errors
    /// The engine's.
    pub async fn attachments_of(
        &self,
        subject: &str,
        subject_id: &str,
    ) -> Result<Vec<AttachedFile>, sqlx::Error> {
        let sql = format!("{ATTACHMENT} WHERE subject = $1 AND subject_id = $2 ORDER BY received_at, id");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(subject)
            .bind(subject_id)
            .fetch_all(self.ledger.pool())
            .await?;
        rows.iter().map(attached).collect()
    }

    /// An attached file.
    ///
    /// # Errors
    /// The engine's.
    pub async fn attached_file(&self, id: &str) -> Result<Option<AttachedFile>, sqlx::Error> {
        let sql = format!("{ATTACHMENT} WHERE id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(self.ledger.pool()).await?;
        row.as_ref().map(attached).transpose()
    }
}

fn quarantined(row: &AnyRow) -> Result<QuarantinedFile, sqlx::Error> {
    Ok(QuarantinedFile {
        id: row.try_get(0)?,
        state: row.try_get(1)?,
        reason: row.try_get(2)?,
        detail: row.try_get(3)?,
        digest: digest(row, 4)?,
        locator: locator(row, 5)?,
        source: source(row, 8)?,
    })
}

fn attached(row: &AnyRow) -> Result<AttachedFile, sqlx::Error> {
    Ok(AttachedFile {
        id: row.try_get(0)?,
        subject: row.try_get(1)?,
        subject_id: row.try_get(2)?,
        file_name: row.try_get(3)?,
        media_type: row.try_get(4)?,
        digest: digest(row, 5)?,
        locator: locator(row, 6)?,
        source: source(row, 9)?,
    })
}

fn digest(row: &AnyRow, at: usize) -> Result<Sha256Digest, sqlx::Error> {
    Sha256Digest::parse(row.try_get(at)?).map_err(|error| sqlx::Error::Decode(error.into()))
}

fn source(row: &AnyRow, at: usize) -> Result<Source, sqlx::Error> {
    serde_json::from_str(row.try_get(at)?).map_err(|error| sqlx::Error::Decode(error.into()))
}
