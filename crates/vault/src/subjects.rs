//! Keys of projects, and the subjects that patients are in them.

use crate::seal::{KEY_BYTES, Seal, random};
use crate::{Vault, VaultError};
use model::Phi;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::any::AnyRow;
use store::WriteTx;

/// Under which name the key to sign with is kept among those of projects; no project can have it.
const SIGNING: &str = "(signing)";

/// The patient behind a subject. Identifies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// What the code was derived from: `patient ID`, or `exam UID` where the exam names no patient.
    pub subject: String,
    /// (0010,0020); empty where the exam names none.
    pub patient_id: String,
    /// (0010,0021)
    pub issuer: String,
    /// The Study Instance UID of one exam, by which the catalog knows the patient.
    pub exam: String,
    /// The exams that belong to the project; empty: all of the patient.
    #[serde(default)]
    pub exams: Vec<String>,
}

/// A subject with its patient.
#[derive(Debug, Clone)]
pub struct Enrolled {
    /// The subject's code in the project.
    pub code: String,
    /// Who it is.
    pub person: Phi<Person>,
    /// How often what is known of the subject has changed; each time its objects are made anew.
    pub generation: i64,
}

impl Vault {
    /// The project's key: made at the first call, the same ever after.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn project_key(&self, project: &str) -> Result<[u8; KEY_BYTES], VaultError> {
        let mut tx = self.ledger.write().await?;
        let row = sqlx::query("SELECT sealed FROM vault_project WHERE project = $1");
        let entry = key_entry(project);
        if let Some(row) = row.bind(project).fetch_optional(&mut *tx).await? {
            let opened = self.seal().open(&entry, &row.try_get::<String, _>(0)?)?;
            return opened.try_into().map_err(|_| VaultError::Damaged);
        }
        let key = random()?;
        put_key(&mut tx, project, &self.seal().seal(&entry, &key)?).await?;
        tx.commit().await?;
        Ok(key)
    }

    /// The key by which this vault's owner signs, made when it is first asked for.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn signing_key(&self) -> Result<[u8; KEY_BYTES], VaultError> {
        self.project_key(SIGNING).await
    }

    /// Gives a project the key it has on another machine. One that has a key keeps it.
    ///
    /// # Errors
    /// [`VaultError`]. `false`: the project has another key already.
    pub async fn bring_project_key(&self, project: &str, key: &[u8; KEY_BYTES]) -> Result<bool, VaultError> {
        let mut tx = self.ledger.write().await?;
        let sealed = self.seal().seal(&key_entry(project), key)?;
        let put = put_key(&mut tx, project, &sealed).await?;
        tx.commit().await?;
        Ok(put || self.project_key(project).await? == *key)
    }

    /// Enters a subject, or says again who it is.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn enrol(&self, project: &str, code: &str, person: &Phi<Person>) -> Result<(), VaultError> {
        let json = serde_json::to_vec(person.reveal()).map_err(|_| VaultError::Damaged)?;
        let seal = self.seal();
        let sealed = seal.seal(&subject_entry(project, code), &json)?;
        let found_by = seal.look_up(PATIENT, &person.reveal().subject);
        let mut tx = self.ledger.write().await?;
        sqlx::query(
            "INSERT INTO vault_subject (project, code, found_by, sealed, generation) VALUES ($1, $2, $3, $4, 0) \
             ON CONFLICT (project, code) DO UPDATE SET sealed = excluded.sealed",
        )
        .bind(project)
        .bind(code)
        .bind(found_by)
        .bind(sealed)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// A subject by its code.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn subject(&self, project: &str, code: &str) -> Result<Option<Enrolled>, VaultError> {
        let row = sqlx::query(
            "SELECT project, code, sealed, generation FROM vault_subject WHERE project = $1 AND code = $2",
        );
        let row = row.bind(project).bind(code).fetch_optional(self.ledger.pool()).await?;
        row.map(|row| self.enrolled(&row).map(|(_, subject)| subject)).transpose()
    }

    /// All subjects of a project, by code.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn subjects(&self, project: &str) -> Result<Vec<Enrolled>, VaultError> {
        let rows = sqlx::query(
            "SELECT project, code, sealed, generation FROM vault_subject WHERE project = $1 ORDER BY code",
        );
        let rows = rows.bind(project).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(|row| self.enrolled(row).map(|(_, subject)| subject)).collect()
    }

    /// The projects a patient is in, with the subject there. `subject` is as in [`Person::subject`].
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn projects_of(&self, subject: &str) -> Result<Vec<(String, Enrolled)>, VaultError> {
        let rows = sqlx::query(
            "SELECT project, code, sealed, generation FROM vault_subject WHERE found_by = $1 ORDER BY project",
        );
        let found_by = self.seal().look_up(PATIENT, subject);
        let rows = rows.bind(found_by).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(|row| self.enrolled(row)).collect()
    }

    fn enrolled(&self, row: &AnyRow) -> Result<(String, Enrolled), VaultError> {
        let (project, code): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let json = self.seal().open(&subject_entry(&project, &code), &row.try_get::<String, _>(2)?)?;
        let person = serde_json::from_slice(&json).map_err(|_| VaultError::Damaged)?;
        Ok((project, Enrolled { code, person: Phi::new(person), generation: row.try_get(3)? }))
    }

    /// What is known of a subject's people, as it was last kept.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn known(&self, project: &str, code: &str) -> Result<Option<Phi<Vec<u8>>>, VaultError> {
        let row = sqlx::query("SELECT sealed_known FROM vault_subject WHERE project = $1 AND code = $2");
        let row = row.bind(project).bind(code).fetch_optional(self.ledger.pool()).await?;
        let sealed = row.map(|row| row.try_get::<Option<String>, _>(0)).transpose()?.flatten();
        let open = |sealed: String| self.seal().open(&known_entry(project, code), &sealed).map(Phi::new);
        sealed.map(open).transpose()
    }

    /// Keeps what is known of a subject's people and begins a generation; its number.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn set_known(
        &self,
        project: &str,
        code: &str,
        known: &Phi<Vec<u8>>,
    ) -> Result<i64, VaultError> {
        let sealed = self.seal().seal(&known_entry(project, code), known.reveal())?;
        let mut tx = self.ledger.write().await?;
        let row = sqlx::query(
            "UPDATE vault_subject SET sealed_known = $3, generation = generation + 1 \
             WHERE project = $1 AND code = $2 RETURNING generation",
        );
        let row = row.bind(project).bind(code).bind(sealed).fetch_one(&mut *tx).await?;
        tx.commit().await?;
        Ok(row.try_get(0)?)
    }
}

const PATIENT: &str = "patient";

fn key_entry(project: &str) -> String {
    format!("key\0{project}")
}

fn subject_entry(project: &str, code: &str) -> String {
    format!("subject\0{project}\0{code}")
}

fn known_entry(project: &str, code: &str) -> String {
    format!("known\0{project}\0{code}")
}

async fn put_key(tx: &mut WriteTx, project: &str, sealed: &str) -> Result<bool, sqlx::Error> {
    let put = sqlx::query(
        "INSERT INTO vault_project (project, sealed) VALUES ($1, $2) ON CONFLICT (project) DO NOTHING",
    );
    Ok(put.bind(project).bind(sealed).execute(&mut **tx).await?.rows_affected() == 1)
}

/// Seals keys and subjects again.
pub(crate) async fn reseal(tx: &mut WriteTx, old: &Seal, new: &Seal) -> Result<u64, VaultError> {
    let keys = sqlx::query("SELECT project, sealed FROM vault_project").fetch_all(&mut **tx).await?;
    for row in &keys {
        let project: String = row.try_get(0)?;
        let entry = key_entry(&project);
        let sealed = new.seal(&entry, &old.open(&entry, &row.try_get::<String, _>(1)?)?)?;
        let put = sqlx::query("UPDATE vault_project SET sealed = $2 WHERE project = $1");
        put.bind(project).bind(sealed).execute(&mut **tx).await?;
    }
    let subjects = sqlx::query("SELECT project, code, sealed, sealed_known FROM vault_subject");
    let subjects = subjects.fetch_all(&mut **tx).await?;
    for row in &subjects {
        reseal_subject(tx, old, new, row).await?;
    }
    Ok((keys.len() + subjects.len()) as u64)
}

async fn reseal_subject(tx: &mut WriteTx, old: &Seal, new: &Seal, row: &AnyRow) -> Result<(), VaultError> {
    let (project, code): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let (entry, known) = (subject_entry(&project, &code), known_entry(&project, &code));
    let person = old.open(&entry, &row.try_get::<String, _>(2)?)?;
    let person: Person = serde_json::from_slice(&person).map_err(|_| VaultError::Damaged)?;
    let json = serde_json::to_vec(&person).map_err(|_| VaultError::Damaged)?;
    let sealed_known: Option<String> = row.try_get(3)?;
    let sealed_known =
        sealed_known.map(|sealed| new.seal(&known, &old.open(&known, &sealed)?)).transpose()?;
    sqlx::query(
        "UPDATE vault_subject SET found_by = $3, sealed = $4, sealed_known = $5 WHERE project = $1 AND code = $2",
    )
    .bind(&project)
    .bind(&code)
    .bind(new.look_up(PATIENT, &person.subject))
    .bind(new.seal(&entry, &json)?)
    .bind(sealed_known)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
