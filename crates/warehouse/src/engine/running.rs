//! A question that is being answered: in this process, or on a cluster and watched over. Whoever drops it ends it.

use super::AskError;
use super::client::Cluster;
use crate::cluster::LOST;
use ballista_core::execution_plans::DistributedQueryExec;
use datafusion::arrow::array::RecordBatch;
use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::execute_stream;
use datafusion_proto::protobuf::LogicalPlanNode;
use futures::StreamExt as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often a cluster may fail: it is asked once more, afresh. Attempts that lost an executor are not counted, they
/// end with the time.
const FAILURES: u32 = 2;

/// A question that is being answered.
pub(crate) struct Running {
    plan: DataFrame,
    cluster: Option<Arc<Cluster>>,
    attempt: Attempt,
    attempts: u32,
    failures: u32,
    /// Rows were handed on: to begin again would tell them twice.
    told: bool,
    longest: Duration,
    /// What is left of the time; that of whoever takes the rows is not counted.
    left: Duration,
}

impl Running {
    /// Begins to answer a plan.
    pub(crate) async fn begin(
        plan: DataFrame,
        cluster: Option<Arc<Cluster>>,
        longest: Duration,
    ) -> Result<Self, AskError> {
        let attempt = Attempt::begin(&plan, cluster.as_ref()).await?;
        Ok(Self { plan, cluster, attempt, attempts: 1, failures: 0, told: false, longest, left: longest })
    }

    /// The next rows; nothing after the last.
    pub(crate) async fn next(&mut self) -> Option<Result<RecordBatch, AskError>> {
        loop {
            let begun = Instant::now();
            let batch = tokio::time::timeout(self.left, self.attempt.rows.next()).await;
            self.left = self.left.saturating_sub(begun.elapsed());
            match batch {
                Err(_) => return Some(Err(AskError::TooLong(self.longest))),
                Ok(None) => {
                    self.attempt.job = None;
                    return None;
                }
                Ok(Some(Ok(batch))) => {
                    self.told |= batch.num_rows() > 0;
                    return Some(Ok(batch));
                }
                Ok(Some(Err(error))) => {
                    if let Err(error) = self.again(error).await {
                        return Some(Err(error));
                    }
                }
            }
        }
    }

    /// All that is left of the rows.
    pub(crate) async fn collect(self) -> Result<Vec<RecordBatch>, AskError> {
        Ok(self.collect_up_to(usize::MAX).await?.unwrap_or_default())
    }

    /// All that is left of the rows, unless they are more than some bytes.
    pub(crate) async fn collect_up_to(mut self, most: usize) -> Result<Option<Vec<RecordBatch>>, AskError> {
        let (mut batches, mut bytes) = (Vec::new(), 0);
        while let Some(batch) = self.next().await {
            let batch = batch?;
            bytes += batch.get_array_memory_size();
            if bytes > most {
                return Ok(None);
            }
            batches.push(batch);
        }
        Ok(Some(batches))
    }

    /// Begins afresh on a cluster that failed, unless that was done or rows were told.
    async fn again(&mut self, error: DataFusionError) -> Result<(), AskError> {
        let Some(cluster) = self.cluster.clone() else { return Err(error.into()) };
        if !error.to_string().contains(LOST) {
            self.failures += 1;
        }
        if self.told || self.failures >= FAILURES {
            let accepted = self.attempt.job.as_ref().is_some_and(|job| job.job_id().is_some());
            return Err(if accepted || self.told {
                AskError::Failed(self.attempts, error)
            } else {
                AskError::NoCluster(cluster.place.clone())
            });
        }
        self.attempts += 1;
        self.attempt = Attempt::begin(&self.plan, Some(&cluster)).await?;
        Ok(())
    }
}

type Job = DistributedQueryExec<LogicalPlanNode>;

/// One try to answer.
struct Attempt {
    rows: SendableRecordBatchStream,
    /// On a cluster, until it ended.
    job: Option<Job>,
    cluster: Option<Arc<Cluster>>,
}

impl Attempt {
    async fn begin(plan: &DataFrame, cluster: Option<&Arc<Cluster>>) -> Result<Self, AskError> {
        let context = Arc::new(plan.task_ctx());
        let physical = plan.clone().create_physical_plan().await?;
        let job = physical.downcast_ref::<Job>().cloned();
        let rows = execute_stream(physical, context)?;
        Ok(Self { rows, job, cluster: cluster.cloned() })
    }
}

impl Drop for Attempt {
    /// What nobody waits for any more is not worked on.
    fn drop(&mut self) {
        let id = self.job.as_ref().and_then(Job::job_id);
        if let (Some(id), Some(cluster)) = (id, self.cluster.take())
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(async move { cluster.cancel(id.to_string()).await });
        }
    }
}
