//! Changing the vault's master key, while no server runs.

use crate::Config;
use crate::local::{FolderLock, LocalError};
use std::path::Path;
use store::Ledger;
use vault::{MasterError, MasterKey, Vault};

/// Why the key was not changed. The old one opens the vault then.
#[derive(Debug, thiserror::Error)]
pub enum ChangeKeyError {
    /// The data folder is in use.
    #[error(transparent)]
    Folder(#[from] LocalError),
    /// The database.
    #[error("the vault's database can't be opened")]
    Ledger(#[from] store::OpenError),
    /// A key file.
    #[error(transparent)]
    Master(#[from] MasterError),
    /// The vault.
    #[error(transparent)]
    Open(#[from] vault::OpenError),
    /// An entry of it.
    #[error(transparent)]
    Change(#[from] vault::ChangeError),
}

/// Makes a master key in `file` and seals the vault's data key under it; with `seal_again` a new data key is made
/// first and every entry sealed under that. The number of entries that were.
///
/// # Errors
/// [`ChangeKeyError`].
pub async fn change(config: &Config, file: &Path, seal_again: bool) -> Result<Option<u64>, ChangeKeyError> {
    let _folder = FolderLock::take(&config.data)?;
    let ledger = Ledger::open(&config.vault_uri()).await?;
    let old = MasterKey::read(&config.vault_key_file())?;
    let vault = Vault::open(ledger, &old).await?;
    let new = MasterKey::create(file)?;
    let changed = async {
        let entries = match seal_again {
            true => Some(vault.change_data_key(&old).await?),
            false => None,
        };
        vault.change_master(&old, &new).await?;
        Ok(entries)
    };
    let changed = changed.await;
    vault.close().await;
    changed
}
