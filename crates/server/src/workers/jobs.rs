//! The runner of jobs: claims one at a time, does it, and says how it went.

use model::Timestamp;
use std::time::Duration;
use store::Ledger;
use store::jobs::Job;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// Pause while there is nothing to do.
const IDLE: Duration = Duration::from_secs(1);

/// Does the jobs of one kind until `stop`. `work` must be able to run twice with the same result; the
/// reason it gives for a failure must hold no patient data.
pub async fn run<W>(ledger: Ledger, kind: &'static str, worker: String, stop: CancellationToken, work: W)
where
    W: AsyncFn(&Job) -> Result<(), String>,
{
    while !stop.is_cancelled() {
        match step(&ledger, kind, &worker, &work).await {
            Ok(true) => {}
            Ok(false) => idle(&stop).await,
            Err(error) => {
                warn!(%error, kind, "jobs can't be claimed");
                idle(&stop).await;
            }
        }
    }
}

async fn idle(stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(IDLE) => {}
    }
}

/// Does one job, if there is one.
async fn step<W>(ledger: &Ledger, kind: &str, worker: &str, work: &W) -> Result<bool, sqlx::Error>
where
    W: AsyncFn(&Job) -> Result<(), String>,
{
    let Some(job) = ledger.claim(kind, worker, Timestamp::now()).await? else { return Ok(false) };
    match work(&job).await {
        Ok(()) => {
            ledger.finish(job.id, Timestamp::now()).await?;
            info!(job = job.id, kind, attempts = job.attempts, "did a job");
        }
        Err(reason) => {
            ledger.fail(&job, &reason, Timestamp::now()).await?;
            warn!(job = job.id, kind, attempts = job.attempts, reason, "a job failed");
        }
    }
    Ok(true)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use store::testing::SqliteLedger;

    #[tokio::test]
    async fn a_failed_job_is_kept_and_a_done_one_is_not_done_again() {
        let sqlite = SqliteLedger::start().await;
        sqlite.ledger.migrate_jobs().await.unwrap();
        let now = Timestamp::now();
        sqlite.ledger.enqueue("k", "good", 3, now).await.unwrap();
        sqlite.ledger.enqueue("k", "bad", 1, now).await.unwrap();
        let runs = AtomicUsize::new(0);
        let work = async |job: &Job| {
            runs.fetch_add(1, Ordering::Relaxed);
            if job.payload == "good" { Ok(()) } else { Err("no".to_owned()) }
        };
        while step(&sqlite.ledger, "k", "w", &work).await.unwrap() {}
        assert_eq!(runs.load(Ordering::Relaxed), 2);
        assert_eq!(sqlite.ledger.job_counts("k").await.unwrap().failed, 1);
    }
}
