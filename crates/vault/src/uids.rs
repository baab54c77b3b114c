//! From a project's UID back to the original's: one row, found by its key.

use crate::seal::Seal;
use crate::{Vault, VaultError};
use model::Phi;
use sqlx::Row;
use std::collections::HashMap;
use store::WriteTx;

impl Vault {
    /// Keeps which originals a subject's UIDs stand for: (UID in the project, UID of the original).
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn keep_uids(
        &self,
        project: &str,
        code: &str,
        pairs: &[(String, Phi<String>)],
    ) -> Result<(), VaultError> {
        let seal = self.seal();
        let mut tx = self.ledger.write().await?;
        for (uid, original) in pairs {
            sqlx::query(
                "INSERT INTO vault_uid (project, uid, code, sealed) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (project, uid) DO NOTHING",
            )
            .bind(project)
            .bind(uid)
            .bind(code)
            .bind(seal.seal(&entry(project, uid), original.reveal().as_bytes())?)
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }

    /// The subject and the original that a UID of a project stands for.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn original(
        &self,
        project: &str,
        uid: &str,
    ) -> Result<Option<(String, Phi<String>)>, VaultError> {
        Ok(self.originals(project, &[uid]).await?.pop().flatten())
    }

    /// As [`Vault::original`] for many UIDs, in their order.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn originals(
        &self,
        project: &str,
        uids: &[&str],
    ) -> Result<Vec<Option<(String, Phi<String>)>>, VaultError> {
        let list = serde_json::to_string(uids).map_err(|_| VaultError::Damaged)?;
        let sql = self.ledger.engine().pick(
            "SELECT code, sealed, uid FROM vault_uid WHERE project = $1 AND uid IN (SELECT value FROM json_each($2))",
            "SELECT code, sealed, uid FROM vault_uid WHERE project = $1 \
             AND uid IN (SELECT jsonb_array_elements_text(CAST($2 AS JSONB)))",
        );
        let rows = sqlx::query(sql).bind(project).bind(list).fetch_all(self.ledger.pool()).await?;
        let seal = self.seal();
        let mut found = HashMap::new();
        for row in &rows {
            let uid: String = row.try_get(2)?;
            let original = seal.open(&entry(project, &uid), &row.try_get::<String, _>(1)?)?;
            let original = String::from_utf8(original).map_err(|_| VaultError::Damaged)?;
            found.insert(uid, (row.try_get(0)?, Phi::new(original)));
        }
        Ok(uids.iter().map(|uid| found.get(*uid).cloned()).collect())
    }

    /// The UIDs kept of a subject, as they are in the project.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn uids_of(&self, project: &str, code: &str) -> Result<Vec<String>, VaultError> {
        let rows = sqlx::query("SELECT uid FROM vault_uid WHERE project = $1 AND code = $2");
        let rows = rows.bind(project).bind(code).fetch_all(self.ledger.pool()).await?;
        Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
    }
}

fn entry(project: &str, uid: &str) -> String {
    format!("uid\0{project}\0{uid}")
}

/// Seals every one again.
pub(crate) async fn reseal(tx: &mut WriteTx, old: &Seal, new: &Seal) -> Result<u64, VaultError> {
    let rows = sqlx::query("SELECT project, uid, sealed FROM vault_uid").fetch_all(&mut **tx).await?;
    for row in &rows {
        let (project, uid): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let entry = entry(&project, &uid);
        let sealed = new.seal(&entry, &old.open(&entry, &row.try_get::<String, _>(2)?)?)?;
        let put = sqlx::query("UPDATE vault_uid SET sealed = $3 WHERE project = $1 AND uid = $2");
        put.bind(project).bind(uid).bind(sealed).execute(&mut **tx).await?;
    }
    Ok(rows.len() as u64)
}
