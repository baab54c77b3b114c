//! Executors that died are noticed before their silence is long enough: nobody listens any more where they did.

use ballista_scheduler::cluster::ClusterState;
use std::collections::HashSet;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::net::TcpStream;

/// Between two looks, and the longest wait for an answer.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Seconds without a sign of life after which an executor is looked for: one that is free gives many a second.
const QUIET: u64 = 2;

/// The ids of executors that are gone, and are not forgotten yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Gone(Arc<Mutex<HashSet<String>>>);

impl Gone {
    pub(super) fn has(&self, executor: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(executor)
    }

    pub(super) fn set(&self, executors: HashSet<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = executors;
    }
}

/// Looks for executors that are quiet, until the future is dropped.
pub(super) async fn watch(cluster: Arc<dyn ClusterState>, gone: Gone) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let mut found = HashSet::new();
        for (id, sign) in cluster.executor_heartbeats() {
            if now().saturating_sub(sign.timestamp) < QUIET {
                continue;
            }
            if let Ok(executor) = cluster.get_executor_metadata(&id).await
                && is_refused(&executor.host, executor.port).await
            {
                found.insert(id);
            }
        }
        gone.set(found);
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Whether the machine says that nobody listens. One that says nothing may only be busy.
async fn is_refused(host: &str, port: u16) -> bool {
    let answer = tokio::time::timeout(LOOK_EVERY, TcpStream::connect((host, port))).await;
    matches!(answer, Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn only_who_says_so_is_gone() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(!is_refused("127.0.0.1", port).await);
        drop(listener);
        assert!(is_refused("127.0.0.1", port).await);
    }
}
