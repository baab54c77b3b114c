//! `vault` — who a subject is. The one place that links a project's codes and UIDs with patients and originals.
//!
//! Takes a patient or an original's UID with the code or UID that stands for it, and gives them back to whoever
//! has the master key; the keys of projects are here too. It has a database of its own. Everything in it that
//! identifies is sealed (ChaCha20-Poly1305) under a data key, which is sealed under the master key of a file:
//! whoever has the database alone has nothing. Decides nothing about who may ask; derives no codes.
//!
//! Read in this order: [`master`], `seal`, [`subjects`], [`uids`], [`requests`].

pub mod master;
pub mod requests;
mod schema;
mod seal;
pub mod subjects;
pub mod uids;

pub use master::{MasterError, MasterKey};
pub use requests::{Request, RequestError};
pub use subjects::{Enrolled, Person};

use seal::Seal;
use sqlx::Row;
use std::sync::{Arc, PoisonError, RwLock};
use store::{Ledger, MigrateError, WriteTx};

/// The vault, open. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    ledger: Ledger,
    seal: Arc<RwLock<Arc<Seal>>>,
}

/// Why the vault can't be opened. It never opens half.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The tables.
    #[error("the vault's tables can't be brought up to date")]
    Migrate(#[from] MigrateError),
    /// The database.
    #[error("the vault's database did not answer")]
    Ledger(#[from] sqlx::Error),
    /// The master key.
    #[error(transparent)]
    Master(#[from] MasterError),
    /// Another master key sealed it.
    #[error("the vault is sealed under another master key: give the key file it was made with")]
    OtherKey,
}

/// Why the vault does not answer.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The database.
    #[error("the vault's database did not answer")]
    Ledger(#[from] sqlx::Error),
    /// Something in it was changed, or sealed elsewhere.
    #[error("an entry of the vault can't be opened: it was changed, or sealed by another vault")]
    Damaged,
    /// The system has no random numbers.
    #[error("the system gives no random numbers")]
    Random,
}

impl Vault {
    /// Opens the vault in a database of its own, making its data key when it is new.
    ///
    /// # Errors
    /// [`OpenError`]; a vault under another master key stays closed.
    pub async fn open(ledger: Ledger, master: &MasterKey) -> Result<Self, OpenError> {
        schema::migrate(&ledger).await?;
        let mut tx = ledger.write().await?;
        let seal = match sealed_data_key(&mut tx).await? {
            Some(sealed) => master.open_data_key(&sealed).ok_or(OpenError::OtherKey)?,
            None => {
                let (seal, sealed) = master.new_data_key()?;
                put_data_key(&mut tx, &sealed).await?;
                seal
            }
        };
        tx.commit().await?;
        Ok(Self { ledger, seal: Arc::new(RwLock::new(Arc::new(seal))) })
    }

    /// Whether a vault was ever made in a database.
    ///
    /// # Errors
    /// The database's.
    pub async fn is_made(ledger: &Ledger) -> Result<bool, OpenError> {
        schema::migrate(ledger).await?;
        let row = sqlx::query("SELECT one FROM vault_key").fetch_optional(ledger.pool()).await?;
        Ok(row.is_some())
    }

    fn seal(&self) -> Arc<Seal> {
        Arc::clone(&self.seal.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Seals the data key under another master key. The entries stay as they are; the old master key is worth
    /// nothing for this database afterwards.
    ///
    /// # Errors
    /// [`OpenError`]; the vault is as before then.
    pub async fn change_master(&self, old: &MasterKey, new: &MasterKey) -> Result<(), OpenError> {
        let mut tx = self.ledger.write().await?;
        let sealed = sealed_data_key(&mut tx).await?.ok_or(OpenError::OtherKey)?;
        let again = new.seal_again(old, &sealed)?.ok_or(OpenError::OtherKey)?;
        put_data_key(&mut tx, &again).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes a new data key and seals every entry again under it, in one transaction: for when somebody may
    /// have had the old one.
    ///
    /// # Errors
    /// [`OpenError`], or an entry that can't be opened; the vault is as before then.
    pub async fn change_data_key(&self, master: &MasterKey) -> Result<u64, ChangeError> {
        let (new, sealed) = master.new_data_key().map_err(OpenError::Master)?;
        let old = self.seal();
        let mut tx = self.ledger.write().await.map_err(VaultError::Ledger)?;
        let current = sealed_data_key(&mut tx).await.map_err(VaultError::Ledger)?;
        if current.as_deref().and_then(|sealed| master.open_data_key(sealed)).is_none() {
            return Err(OpenError::OtherKey.into());
        }
        let count = schema::reseal(&mut tx, &old, &new).await?;
        put_data_key(&mut tx, &sealed).await.map_err(VaultError::Ledger)?;
        tx.commit().await.map_err(VaultError::Ledger)?;
        *self.seal.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
        Ok(count)
    }

    /// Closes the database.
    pub async fn close(&self) {
        self.ledger.close().await;
    }
}

/// Why the data key could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The master key.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// An entry, or the database.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

async fn sealed_data_key(tx: &mut WriteTx) -> Result<Option<String>, sqlx::Error> {
    let row = sqlx::query("SELECT sealed FROM vault_key WHERE one = 1").fetch_optional(&mut **tx).await?;
    row.map(|row| row.try_get(0)).transpose()
}

async fn put_data_key(tx: &mut WriteTx, sealed: &str) -> Result<(), sqlx::Error> {
    let put = "INSERT INTO vault_key (one, sealed) VALUES (1, $1) \
               ON CONFLICT (one) DO UPDATE SET sealed = excluded.sealed";
    sqlx::query(put).bind(sealed).execute(&mut **tx).await.map(drop)
}
