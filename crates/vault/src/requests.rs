//! Going back from a code to the patient: one person asks with a reason, another one answers, and the answer
//! is shown once to the one who asked.

use crate::seal::Seal;
use crate::{Person, Vault, VaultError};
use model::{Phi, Timestamp};
use sqlx::Row;
use sqlx::any::AnyRow;
use store::WriteTx;

/// A wish to know who a subject is.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its number.
    pub id: i64,
    /// The project.
    pub project: String,
    /// The subject.
    pub code: String,
    /// Why; people write names into reasons.
    pub reason: Phi<String>,
    /// Who asks.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// Who answered, and when.
    pub answered: Option<(String, Timestamp)>,
    /// Whether the answer was yes.
    pub granted: bool,
    /// When the patient was shown.
    pub shown_at: Option<Timestamp>,
}

/// Why a request goes no further.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// There is none of this number, or no such subject.
    #[error("there is no such request")]
    Missing,
    /// A reason is needed.
    #[error("say why, in 10 to 1000 characters")]
    Reason,
    /// Two people are needed.
    #[error("somebody else has to answer: going back to a patient takes two people")]
    SamePerson,
    /// It was answered before.
    #[error("the request was answered before")]
    Answered,
    /// Not granted, not yours, or shown already.
    #[error("the request is not granted, was made by somebody else, or was used already")]
    NotToShow,
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<sqlx::Error> for RequestError {
    fn from(error: sqlx::Error) -> Self {
        Self::Vault(error.into())
    }
}

const COLUMNS: &str = "SELECT id, project, code, sealed_reason, asked_by, asked_at, answered_by, answered_at, \
     granted, shown_at FROM vault_request";

impl Vault {
    /// Asks who a subject is.
    ///
    /// # Errors
    /// [`RequestError::Missing`] for a subject that is not there, [`RequestError::Reason`].
    pub async fn ask(
        &self,
        (project, code): (&str, &str),
        reason: &Phi<String>,
        by: &str,
        now: Timestamp,
    ) -> Result<i64, RequestError> {
        if !(10..=1000).contains(&reason.reveal().trim().chars().count()) {
            return Err(RequestError::Reason);
        }
        if self.subject(project, code).await?.is_none() {
            return Err(RequestError::Missing);
        }
        let sealed = self.seal().seal(&entry(project, code), reason.reveal().trim().as_bytes())?;
        let mut tx = self.ledger.write().await?;
        let row = sqlx::query(
            "INSERT INTO vault_request (project, code, sealed_reason, asked_by, asked_at) \
             VALUES ($1, $2, $3, $4, $5) RETURNING id",
        );
        let row = row.bind(project).bind(code).bind(sealed).bind(by).bind(now.as_micros());
        let id = row.fetch_one(&mut *tx).await?.try_get(0)?;
        tx.commit().await?;
        Ok(id)
    }

    /// Answers; not the one who asked.
    ///
    /// # Errors
    /// [`RequestError`].
    pub async fn answer(&self, id: i64, yes: bool, by: &str, now: Timestamp) -> Result<(), RequestError> {
        let request = self.request(id).await?;
        if request.asked_by == by {
            return Err(RequestError::SamePerson);
        }
        let mut tx = self.ledger.write().await?;
        let put = sqlx::query(
            "UPDATE vault_request SET answered_by = $2, answered_at = $3, granted = $4 \
             WHERE id = $1 AND answered_by IS NULL",
        );
        let put = put.bind(id).bind(by).bind(now.as_micros()).bind(i64::from(yes));
        if put.execute(&mut *tx).await?.rows_affected() == 0 {
            return Err(RequestError::Answered);
        }
        Ok(tx.commit().await?)
    }

    /// Shows the patient to the one who asked, once.
    ///
    /// # Errors
    /// [`RequestError::NotToShow`].
    pub async fn show(&self, id: i64, by: &str, now: Timestamp) -> Result<Phi<Person>, RequestError> {
        let request = self.request(id).await?;
        let mut tx = self.ledger.write().await?;
        let put = sqlx::query(
            "UPDATE vault_request SET shown_at = $3 \
             WHERE id = $1 AND asked_by = $2 AND granted = 1 AND shown_at IS NULL",
        );
        if put.bind(id).bind(by).bind(now.as_micros()).execute(&mut *tx).await?.rows_affected() == 0 {
            return Err(RequestError::NotToShow);
        }
        tx.commit().await?;
        let subject = self.subject(&request.project, &request.code).await?;
        subject.map(|subject| subject.person).ok_or(RequestError::Missing)
    }

    /// One request.
    ///
    /// # Errors
    /// [`RequestError::Missing`].
    pub async fn request(&self, id: i64) -> Result<Request, RequestError> {
        let sql = format!("{COLUMNS} WHERE id = $1");
        // Safe: made of constants.
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(self.ledger.pool()).await?;
        row.map_or(Err(RequestError::Missing), |row| Ok(self.read_request(&row)?))
    }

    /// The requests of a project, the newest first.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn requests(&self, project: &str) -> Result<Vec<Request>, VaultError> {
        let sql = format!("{COLUMNS} WHERE project = $1 ORDER BY id DESC LIMIT 200");
        // Safe: made of constants.
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(project).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(|row| self.read_request(row)).collect()
    }

    fn read_request(&self, row: &AnyRow) -> Result<Request, VaultError> {
        let (project, code): (String, String) = (row.try_get(1)?, row.try_get(2)?);
        let reason = self.seal().open(&entry(&project, &code), &row.try_get::<String, _>(3)?)?;
        let moment = |at: Option<i64>| at.map(Timestamp::from_micros);
        let by: Option<String> = row.try_get(6)?;
        Ok(Request {
            id: row.try_get(0)?,
            reason: Phi::new(String::from_utf8(reason).map_err(|_| VaultError::Damaged)?),
            asked_by: row.try_get(4)?,
            asked_at: Timestamp::from_micros(row.try_get(5)?),
            answered: by.zip(moment(row.try_get(7)?)),
            granted: row.try_get::<Option<i64>, _>(8)? == Some(1),
            shown_at: moment(row.try_get(9)?),
            project,
            code,
        })
    }
}

fn entry(project: &str, code: &str) -> String {
    format!("reason\0{project}\0{code}")
}

/// Seals every reason again.
pub(crate) async fn reseal(tx: &mut WriteTx, old: &Seal, new: &Seal) -> Result<u64, VaultError> {
    let rows = sqlx::query("SELECT id, project, code, sealed_reason FROM vault_request");
    let rows = rows.fetch_all(&mut **tx).await?;
    for row in &rows {
        let entry = entry(&row.try_get::<String, _>(1)?, &row.try_get::<String, _>(2)?);
        let sealed = new.seal(&entry, &old.open(&entry, &row.try_get::<String, _>(3)?)?)?;
        let put = sqlx::query("UPDATE vault_request SET sealed_reason = $2 WHERE id = $1");
        put.bind(row.try_get::<i64, _>(0)?).bind(sealed).execute(&mut **tx).await?;
    }
    Ok(rows.len() as u64)
}
