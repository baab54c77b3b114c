//! The roles of a cluster: a process that schedules or executes opens no room and locks no data folder, it reads the
//! facts where the settings say they are.

use crate::config::Config;
use std::net::SocketAddr;
use store::blobs::LocationError;
use tokio_util::sync::CancellationToken;
use warehouse::cluster::{self, RoleError};

/// Why a role ended.
#[derive(Debug, thiserror::Error)]
pub enum RolesError {
    /// The place of the facts.
    #[error("store.facts can't be used")]
    Facts(#[from] LocationError),
    /// The role.
    #[error(transparent)]
    Role(#[from] RoleError),
}

/// Schedules questions until `stop`; calls `ready` with the address once it listens.
///
/// # Errors
/// [`RolesError`].
pub async fn schedule(
    config: &Config,
    stop: CancellationToken,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), RolesError> {
    let objects = config.facts()?.objects();
    tokio::select! {
        ended = cluster::schedule(objects, config.scheduling(), ready) => Ok(ended?),
        () = stop.cancelled() => Ok(()),
    }
}

/// Executes parts of questions until the process is told to stop.
///
/// # Errors
/// [`RolesError`].
pub async fn execute(config: &Config) -> Result<(), RolesError> {
    let objects = config.facts()?.objects();
    Ok(cluster::execute(objects, config.executing()).await?)
}
