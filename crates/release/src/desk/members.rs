//! Whom a release is about, and the instances their exams had.

use super::Releases;
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// A member of a release: a patient with one of their exams, as they are named inside and outside of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The patient's number.
    pub patient: i64,
    /// The exam's Study Instance UID; empty: a patient without one.
    pub study: String,
    /// The subject's code.
    pub subject: String,
    /// The exam's Study Instance UID in the project; empty: a patient without one.
    pub named: String,
}

impl Releases {
    /// Enters a member; again: as it is named now.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn enter(&self, id: &str, member: &Member) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        sqlx::query(
            "INSERT INTO release_member (release, patient, study, subject, named) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (release, patient, study) DO UPDATE SET subject = excluded.subject, named = excluded.named",
        )
        .bind(id)
        .bind(member.patient)
        .bind(&member.study)
        .bind(&member.subject)
        .bind(&member.named)
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// The members of a release, by subject and exam.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn members(&self, id: &str) -> Result<Vec<Member>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT patient, study, subject, named FROM release_member WHERE release = $1 \
             ORDER BY subject, named, patient",
        );
        let read = |row: &AnyRow| {
            Ok(Member {
                patient: row.try_get(0)?,
                study: row.try_get(1)?,
                subject: row.try_get(2)?,
                named: row.try_get(3)?,
            })
        };
        rows.bind(id).fetch_all(self.ledger.pool()).await?.iter().map(read).collect()
    }

    /// Forgets a member, with the files of the subject.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn strike(&self, id: &str, subject: &str) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        let gone = sqlx::query("DELETE FROM release_member WHERE release = $1 AND subject = $2");
        gone.bind(id).bind(subject).execute(&mut *tx).await?;
        tx.commit().await
    }

    /// Releases that a patient, or one of some exams, is in.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn with(&self, patient: i64, studies: &[String]) -> Result<Vec<String>, sqlx::Error> {
        let by_patient = "SELECT DISTINCT release FROM release_member WHERE patient = $1";
        let rows = sqlx::query(by_patient).bind(patient).fetch_all(self.ledger.pool()).await?;
        let mut found: Vec<String> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        for study in studies {
            let rows =
                sqlx::query("SELECT DISTINCT release FROM release_member WHERE study = $1").bind(study);
            for row in rows.fetch_all(self.ledger.pool()).await? {
                found.push(row.try_get(0)?);
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Writes down which instances an exam has, the first time; gives those that were written down then.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn instances(&self, id: &str, study: &str, now: &[String]) -> Result<Vec<String>, sqlx::Error> {
        let kept = self.kept_instances(id, study).await?;
        if !kept.is_empty() || now.is_empty() {
            return Ok(kept);
        }
        let mut tx = self.ledger.write().await?;
        for sop in now {
            sqlx::query("INSERT INTO release_instance (release, study, sop) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
                .bind(id)
                .bind(study)
                .bind(sop)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        self.kept_instances(id, study).await
    }

    async fn kept_instances(&self, id: &str, study: &str) -> Result<Vec<String>, sqlx::Error> {
        let rows =
            sqlx::query("SELECT sop FROM release_instance WHERE release = $1 AND study = $2 ORDER BY sop");
        let rows = rows.bind(id).bind(study).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    }
}
