//! Settings of the roles of a cluster that answers questions over the facts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use warehouse::cluster::{Executing, Scheduling};
use warehouse::engine::{PORT, Place};

/// The roles `scheduler` and `executor`, as `isocenter serve --roles` takes them on: together they answer the questions
/// of servers whose `facts.engine` names the scheduler. Their ports know no accounts, so they stay on this machine.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cluster {
    /// Address and port that the scheduler listens on; a loopback address.
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// Seconds without a sign of life after which an executor is taken to be gone, and the questions it worked on are asked afresh.
    #[schemars(range(min = 6, max = 3600))]
    pub silence_seconds: u32,
    /// Where an executor finds the scheduler: "ballista://host:port".
    #[schemars(with = "String")]
    pub scheduler: Place,
    /// Address and port that an executor listens on; a loopback address. Each executor has a port of its own.
    #[schemars(with = "String")]
    pub executor_listen: SocketAddr,
    /// The folder for what executors pass on to each other. It is emptied when the executor starts, and each has its own.
    /// Left out: `cluster-PORT` in the data folder.
    pub executor_folder: Option<PathBuf>,
    /// Parts of questions that an executor works on at once; 0: as many as there are cores.
    pub executor_cores: usize,
}

impl Default for Cluster {
    fn default() -> Self {
        let here = |port| SocketAddr::from(([127, 0, 0, 1], port));
        Self {
            listen: here(PORT),
            silence_seconds: 15,
            scheduler: Place::Cluster { host: "127.0.0.1".into(), port: PORT },
            executor_listen: here(PORT + 1),
            executor_folder: None,
            executor_cores: 0,
        }
    }
}

impl super::Config {
    /// How the scheduler works.
    pub(crate) fn scheduling(&self) -> Scheduling {
        let silence = Duration::from_secs(self.cluster.silence_seconds.into());
        Scheduling { listen: self.cluster.listen, silence }
    }

    /// How an executor works.
    pub(crate) fn executing(&self) -> Executing {
        let cluster = &self.cluster;
        let default = || self.data.join(format!("cluster-{}", cluster.executor_listen.port()));
        Executing {
            listen: cluster.executor_listen,
            scheduler: cluster.scheduler.clone(),
            folder: cluster.executor_folder.clone().unwrap_or_else(default),
            cores: cluster.executor_cores,
        }
    }
}
