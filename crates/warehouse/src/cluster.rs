//! The roles of a cluster: a *scheduler* plans questions and hands out their parts, *executors* fetch parts and read the
//! facts by themselves. Both are Ballista's; their ports know no accounts, so they stay on this machine.
//!
//! Executors fetch work when they are free (pull scheduling): one that dies is noticed because nobody listens where it
//! did, at the latest by its silence, and the questions that it had a part in end, to be asked afresh. Work that is
//! pushed was seen to be waited for for ever.

mod executor;
mod scheduler;
mod watch;
mod whole;

pub use executor::{Executing, execute};
pub use scheduler::{Scheduling, schedule};
pub(crate) use whole::LOST;

use crate::engine::root;
use ballista_core::error::BallistaError;
use datafusion::error::DataFusionError;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use object_store::ObjectStore;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

/// Why a role could not be taken on, or ended.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// Whoever reaches the port can read the facts.
    #[error(
        "{0} can be reached from other machines, and the ports of a cluster know no accounts and no TLS: listen on \
         127.0.0.1, and tunnel the ports (ssh, WireGuard) where the cluster spans machines"
    )]
    BeyondLoopback(SocketAddr),
    /// The port is taken or not allowed.
    #[error("can't listen on {0}")]
    Bind(SocketAddr, #[source] std::io::Error),
    /// The folder for what executors pass on.
    #[error("the folder of the executor can't be made")]
    Folder(#[source] std::io::Error),
    /// Nobody hands out work.
    #[error("no scheduler answers at {0}: start one first (isocenter serve --roles scheduler)")]
    NoScheduler(String),
    /// The engine.
    #[error("the role can't be taken on")]
    Engine(#[from] DataFusionError),
    /// The cluster's own.
    #[error("the role ended: {0}")]
    Ended(#[from] BallistaError),
}

/// Where both roles find the facts.
fn runtime(objects: Arc<dyn ObjectStore>, spill: Option<&Path>) -> Result<Arc<RuntimeEnv>, DataFusionError> {
    let builder = RuntimeEnvBuilder::new();
    let builder = match spill {
        Some(folder) => builder.with_temp_file_path(folder),
        None => builder,
    };
    let runtime = builder.build_arc()?;
    runtime.register_object_store(&root(), objects);
    Ok(runtime)
}

fn loopback(address: SocketAddr) -> Result<(), RoleError> {
    if address.ip().is_loopback() { Ok(()) } else { Err(RoleError::BeyondLoopback(address)) }
}
