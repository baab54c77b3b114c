//! What the handlers and workers share: the settings and every open room.

use crate::config::Config;
use govern::secret::Secret;
use model::Timestamp;
use std::sync::Arc;
use store::Ledger;

/// The open rooms. One per process; handlers get it as axum's state.
pub struct App {
    /// The settings in force.
    pub config: Config,
    /// The relational ledger.
    pub ledger: Ledger,
    /// When this process opened its rooms.
    pub started: Timestamp,
    /// The operator's bearer token, told through [`crate::local`].
    pub(crate) local_token: Secret,
}

/// Why the rooms can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The ledger.
    #[error("the ledger can't be opened")]
    Ledger(#[from] store::OpenError),
}

impl App {
    /// Opens every room. The caller holds the data folder's lock.
    ///
    /// # Errors
    /// [`OpenError`] says which room and why.
    pub async fn open(config: Config) -> Result<Arc<Self>, OpenError> {
        let ledger = Ledger::open(&config.ledger_uri()).await?;
        let started = Timestamp::now();
        Ok(Arc::new(Self { config, ledger, started, local_token: Secret::random("") }))
    }

    /// Finishes what is under way and closes the rooms.
    pub async fn close(&self) {
        self.ledger.close().await;
    }
}
