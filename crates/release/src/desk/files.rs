//! The files of a package, and who received them.

use super::Releases;
use model::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// A file of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// Its path in the package.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// dicom, nifti, tables, papers; [`IN_PLACE`]
    pub form: String,
    /// The subject it is about; empty: several or none.
    pub subject: String,
    /// The original exam it is of; empty: several or none.
    pub study: String,
}

/// The form of files that are asked where they lie, and in no package.
pub const IN_PLACE: &str = "in-place";

impl KeptFile {
    /// Whether it is part of the package that is handed out.
    #[must_use]
    pub fn leaves(&self) -> bool {
        self.form != IN_PLACE
    }
}

/// Somebody received files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Who.
    pub by: String,
    /// When the last one was.
    pub at: Timestamp,
    /// Bytes.
    pub bytes: i64,
    /// Files, or parts of files.
    pub files: i64,
}

/// What is received within so many microseconds of each other is one receipt.
const TOGETHER: i64 = 3_600 * 1_000_000;

const FILE: &str = "SELECT path, size, sha256, form, subject, study FROM release_file WHERE release = $1";

impl Releases {
    /// Enters files that were kept; again: as they are now.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn enter_files(&self, id: &str, files: &[KeptFile]) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        for file in files {
            sqlx::query(
                "INSERT INTO release_file (release, path, size, sha256, form, subject, study) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (release, path) DO UPDATE SET \
                 size = excluded.size, sha256 = excluded.sha256, form = excluded.form, \
                 subject = excluded.subject, study = excluded.study",
            )
            .bind(id)
            .bind(&file.path)
            .bind(file.size.cast_signed())
            .bind(&file.sha256)
            .bind(&file.form)
            .bind(&file.subject)
            .bind(&file.study)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await
    }

    /// The files of its package, by path.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn leaving_files(&self, id: &str) -> Result<Vec<KeptFile>, sqlx::Error> {
        let mut files = self.files(id).await?;
        files.retain(KeptFile::leaves);
        Ok(files)
    }

    /// The files of a release, by path; those that are asked in place, too.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn files(&self, id: &str) -> Result<Vec<KeptFile>, sqlx::Error> {
        let rows = sqlx::query(FILE).bind(id).fetch_all(self.ledger.pool()).await?;
        let mut files: Vec<KeptFile> = rows.iter().map(read).collect::<Result<_, _>>()?;
        // Engines order texts in their own ways.
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    /// One of its files.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn file(&self, id: &str, path: &str) -> Result<Option<KeptFile>, sqlx::Error> {
        let sql = format!("{FILE} AND path = $2");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).bind(path);
        row.fetch_optional(self.ledger.pool()).await?.as_ref().map(read).transpose()
    }

    /// Forgets files: those of a subject, or all.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn forget_files(&self, id: &str, paths: &[String]) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        for path in paths {
            let gone = sqlx::query("DELETE FROM release_file WHERE release = $1 AND path = $2");
            gone.bind(id).bind(path).execute(&mut *tx).await?;
        }
        tx.commit().await
    }

    /// Writes down that somebody received files. What they receive within an hour is one receipt.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn received(
        &self,
        id: &str,
        by: &str,
        (files, bytes): (i64, i64),
        now: Timestamp,
    ) -> Result<(), sqlx::Error> {
        let now = now.as_micros();
        let mut tx = self.ledger.write().await?;
        let put = sqlx::query(
            "UPDATE release_receipt SET bytes = bytes + $3, files = files + $4, ended_at = $5 WHERE id = \
             (SELECT MAX(id) FROM release_receipt WHERE release = $1 AND received_by = $2 AND ended_at > $6)",
        );
        let put = put.bind(id).bind(by).bind(bytes).bind(files).bind(now).bind(now - TOGETHER);
        if put.execute(&mut *tx).await?.rows_affected() == 0 {
            sqlx::query(
                "INSERT INTO release_receipt (release, received_by, began_at, ended_at, bytes, files) \
                 VALUES ($1, $2, $3, $3, $4, $5)",
            )
            .bind(id)
            .bind(by)
            .bind(now)
            .bind(bytes)
            .bind(files)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await
    }

    /// Who received what of a release, in order.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn receipts(&self, id: &str) -> Result<Vec<Receipt>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT received_by, ended_at, bytes, files FROM release_receipt WHERE release = $1 ORDER BY id",
        );
        let read = |row: &AnyRow| {
            Ok(Receipt {
                by: row.try_get(0)?,
                at: Timestamp::from_micros(row.try_get(1)?),
                bytes: row.try_get(2)?,
                files: row.try_get(3)?,
            })
        };
        rows.bind(id).fetch_all(self.ledger.pool()).await?.iter().map(read).collect()
    }
}

fn read(row: &AnyRow) -> Result<KeptFile, sqlx::Error> {
    Ok(KeptFile {
        path: row.try_get(0)?,
        size: row.try_get::<i64, _>(1)?.cast_unsigned(),
        sha256: row.try_get(2)?,
        form: row.try_get(3)?,
        subject: row.try_get(4)?,
        study: row.try_get(5)?,
    })
}
