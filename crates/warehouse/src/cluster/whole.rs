//! A question is answered by one attempt or not at all.
//!
//! When an executor is lost, Ballista has its parts done anew by others. What the lost one, or a step that is begun
//! again, had already handed to the next step stays there, so rows were seen to be counted twice. Parts are bound to
//! executors here, and a question that would go on after a loss gets none: it ends, says why, and is asked afresh.

use super::watch::Gone;
use ballista_core::JobId;
use ballista_core::error::BallistaError;
use ballista_core::serde::protobuf::failed_task::FailedReason;
use ballista_core::serde::protobuf::job_status::Status;
use ballista_core::serde::protobuf::{AvailableVcores, task_status};
use ballista_core::serde::scheduler::{
    ExecutorData, ExecutorMetadata, ExecutorOperatingSystemSpecification, ExecutorSpecification,
};
use ballista_scheduler::cluster::memory::InMemoryClusterState;
use ballista_scheduler::cluster::{BoundTask, ClusterState as _, DistributionPolicy};
use ballista_scheduler::config::TaskDistributionPolicy;
use ballista_scheduler::state::execution_graph::ExecutionGraphBox;
use ballista_scheduler::state::execution_stage::{ExecutionStage, TaskInfo};
use ballista_scheduler::state::task_manager::JobInfoCache;
use datafusion::error::DataFusionError;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedSender;

/// How a question ends that lost an executor.
pub(crate) const LOST: &str = "an executor was lost while it answered";

/// Binds parts to executors, those of questions that lost nothing.
#[derive(Debug)]
pub(super) struct Whole {
    /// Told of questions that were ended.
    pub(super) ended: UnboundedSender<ExecutionGraphBox>,
    /// Executors that died, and are still taken to work on their parts.
    pub(super) gone: Gone,
}

#[async_trait::async_trait]
impl DistributionPolicy for Whole {
    async fn bind_tasks(
        &self,
        budgets: Vec<&mut AvailableVcores>,
        running_jobs: Arc<HashMap<JobId, JobInfoCache>>,
    ) -> Result<Vec<BoundTask>, DataFusionError> {
        let mut bound = bind(budgets, &running_jobs).await?;
        // After they are bound: what is lost from now on needs parts to be bound again.
        let ended = self.end(&running_jobs).await;
        bound.retain(|(_, part)| !ended.contains(&part.key.job_id));
        Ok(bound)
    }

    fn name(&self) -> &'static str {
        "whole"
    }
}

impl Whole {
    /// Ends the questions that lost an executor.
    async fn end(&self, jobs: &HashMap<JobId, JobInfoCache>) -> HashSet<JobId> {
        let mut ended = HashSet::new();
        for (id, job) in jobs {
            let mut graph = job.execution_graph.write().await;
            if matches!(graph.status().status, Some(Status::Running(_))) && self.has_lost(&graph) {
                graph.fail_job(LOST.into());
                // Nobody listens once the scheduler ends.
                let _ = self.ended.send(graph.cloned());
                ended.insert(id.clone());
            }
        }
        ended
    }

    /// A step was begun again, or a part of one was given to another executor, or has to be.
    fn has_lost(&self, graph: &ExecutionGraphBox) -> bool {
        graph.stages().values().any(|stage| {
            let parts = stage.task_infos().unwrap_or_default();
            attempt(stage) > 0 || parts.iter().any(|part| self.is_lost(part))
        })
    }

    fn is_lost(&self, part: &TaskInfo) -> bool {
        match &part.task_status {
            task_status::Status::Running(by) => self.gone.has(&by.executor_id),
            task_status::Status::Successful(by) => self.gone.has(&by.executor_id),
            task_status::Status::Failed(failed) => {
                matches!(failed.failed_reason, Some(FailedReason::ResultLost(_)))
            }
        }
    }
}

/// Ballista's own way, with what each executor has free.
async fn bind(
    budgets: Vec<&mut AvailableVcores>,
    jobs: &Arc<HashMap<JobId, JobInfoCache>>,
) -> Result<Vec<BoundTask>, DataFusionError> {
    let free = InMemoryClusterState::default();
    for budget in budgets {
        let executor = ExecutorMetadata {
            id: budget.executor_id.clone(),
            host: String::new(),
            port: 0,
            grpc_port: 0,
            specification: ExecutorSpecification::default().with_vcores(budget.vcores),
            os_info: ExecutorOperatingSystemSpecification::default(),
        };
        let data = ExecutorData {
            executor_id: budget.executor_id.clone(),
            total_vcores: budget.vcores,
            available_vcores: budget.vcores,
        };
        free.register_executor(executor, data).await.map_err(external)?;
    }
    free.bind_schedulable_tasks(TaskDistributionPolicy::Bias, Arc::clone(jobs), None).await.map_err(external)
}

fn external(error: BallistaError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

fn attempt(stage: &ExecutionStage) -> usize {
    match stage {
        ExecutionStage::UnResolved(stage) => stage.stage_attempt_num,
        ExecutionStage::Resolved(stage) => stage.stage_attempt_num,
        ExecutionStage::Running(stage) => stage.stage_attempt_num,
        ExecutionStage::Successful(stage) => stage.stage_attempt_num,
        ExecutionStage::Failed(stage) => stage.stage_attempt_num,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use ballista_core::extension::SessionConfigExt as _;
    use ballista_core::serde::protobuf::{ShuffleWritePartition, SuccessfulTask, TaskStatus};
    use ballista_scheduler::planner::DefaultDistributedPlanner;
    use ballista_scheduler::state::execution_graph::StaticExecutionGraph;
    use datafusion::prelude::{SessionConfig, SessionContext};
    use tokio::sync::RwLock;
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    /// A question in three steps.
    const QUESTION: &str = "SELECT n, COUNT(*) FROM (SELECT a, COUNT(*) AS n FROM \
        (SELECT 1 AS a UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) t GROUP BY a) u GROUP BY n";
    const FAILURES: usize = 4;

    struct Asked {
        policy: Whole,
        ended: UnboundedReceiver<ExecutionGraphBox>,
        jobs: Arc<HashMap<JobId, JobInfoCache>>,
        graph: Arc<RwLock<ExecutionGraphBox>>,
    }

    impl Asked {
        async fn new() -> Self {
            let config = SessionConfig::new_with_ballista().with_target_partitions(2);
            let context = SessionContext::new_with_config(config.clone());
            let plan = context.sql(QUESTION).await.unwrap().create_physical_plan().await.unwrap();
            let id = JobId::from("question");
            let mut planner = DefaultDistributedPlanner::new();
            let graph = StaticExecutionGraph::new(
                "scheduler",
                &id,
                "",
                "session",
                plan,
                0,
                Arc::new(config),
                &mut planner,
                None,
            );
            let mut graph: ExecutionGraphBox = Box::new(graph.unwrap());
            graph.revive();
            let job = JobInfoCache::new(graph);
            let graph = Arc::clone(&job.execution_graph);
            let (told, ended) = unbounded_channel();
            Self {
                policy: Whole { ended: told, gone: Gone::default() },
                ended,
                jobs: Arc::new(HashMap::from([(id, job)])),
                graph,
            }
        }

        /// The parts that an executor with room for some gets.
        async fn bound(&self, executor: &str, vcores: u32) -> Vec<BoundTask> {
            let mut free = AvailableVcores { executor_id: executor.into(), vcores };
            self.policy.bind_tasks(vec![&mut free], Arc::clone(&self.jobs)).await.unwrap()
        }

        /// An executor does a part.
        async fn done(&self, (executor, part): BoundTask) {
            let written = |id| ShuffleWritePartition { partition_id: id, num_rows: 1, ..Default::default() };
            let partitions = (0..part.get_output_partition_number() as u64).map(written).collect();
            let done = SuccessfulTask { executor_id: executor.clone(), partitions, ..Default::default() };
            let status = TaskStatus {
                task_id: u32::try_from(part.key.task_id).unwrap(),
                job_id: part.key.job_id.to_string(),
                stage_id: u32::try_from(part.key.stage_id).unwrap(),
                stage_attempt_num: u32::try_from(part.stage_attempt_num).unwrap(),
                status: Some(task_status::Status::Successful(done)),
                ..Default::default()
            };
            let by = ExecutorMetadata {
                id: executor,
                host: "127.0.0.1".into(),
                port: 1,
                grpc_port: 1,
                specification: ExecutorSpecification::default(),
                os_info: ExecutorOperatingSystemSpecification::default(),
            };
            self.graph.write().await.update_task_status(&by, vec![status], FAILURES, FAILURES).unwrap();
        }

        /// Two executors do what there is to do, by turns.
        async fn finish(&self, policy: impl AsyncFn(&Self, &str) -> Vec<BoundTask>) {
            for turn in 0..40 {
                for part in policy(self, ["two", "three"][turn % 2]).await {
                    self.done(part).await;
                }
            }
        }

        async fn status(&self) -> Status {
            self.graph.read().await.status().status.clone().unwrap()
        }
    }

    #[tokio::test]
    async fn a_question_that_lost_nothing_is_answered() {
        let asked = Asked::new().await;
        asked.finish(async |asked, executor| asked.bound(executor, 1).await).await;
        assert!(matches!(asked.status().await, Status::Successful(_)));
    }

    #[tokio::test]
    async fn a_question_that_lost_an_executor_ends_and_gets_no_more_parts() {
        let mut asked = Asked::new().await;
        let first = asked.bound("one", 1).await.pop().unwrap();
        asked.done(first).await;
        asked.graph.write().await.reset_stages_on_lost_executor("one").unwrap();
        assert!(asked.bound("two", 8).await.is_empty());
        let Status::Failed(failed) = asked.status().await else { unreachable!("it has ended") };
        assert_eq!(failed.error, LOST);
        assert_eq!(asked.ended.try_recv().unwrap().job_id().as_str(), "question");
        assert!(asked.bound("two", 8).await.is_empty());
        assert!(asked.ended.try_recv().is_err(), "told once");
    }

    #[tokio::test]
    async fn a_question_that_an_executor_works_on_which_died_ends_at_once() {
        let asked = Asked::new().await;
        assert_eq!(asked.bound("one", 1).await.len(), 1);
        asked.policy.gone.set(["two".to_owned()].into());
        assert_eq!(asked.bound("three", 1).await.len(), 1, "another one's end is no matter");
        asked.policy.gone.set(["one".to_owned()].into());
        assert!(asked.bound("three", 1).await.is_empty());
        assert!(matches!(asked.status().await, Status::Failed(failed) if failed.error == LOST));
    }

    /// Why this module is there. Once this fails, Ballista begins steps again without what they had handed on before.
    #[tokio::test]
    async fn what_is_begun_again_is_counted_twice_by_the_scheduler_alone() {
        let asked = Asked::new().await;
        let unguarded = async |asked: &Asked, executor: &str| {
            let mut free = AvailableVcores { executor_id: executor.into(), vcores: 1 };
            bind(vec![&mut free], &asked.jobs).await.unwrap()
        };
        // The first step, by two executors; then a part of the second, by the one that stays.
        for turn in 0..5 {
            for part in unguarded(&asked, ["two", "one"][turn % 2]).await {
                asked.done(part).await;
            }
        }
        asked.graph.write().await.reset_stages_on_lost_executor("one").unwrap();
        asked.finish(unguarded).await;
        assert!(matches!(asked.status().await, Status::Successful(_)), "an answer is given");
        let graph = asked.graph.read().await;
        let Some(ExecutionStage::Successful(last)) = graph.stages().get(&3) else {
            unreachable!("three steps")
        };
        let read = last.inputs[&2].partition_locations[&0].len();
        assert!(read > 2, "of two parts, {read} were read");
    }
}
