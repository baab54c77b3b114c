//! The scheduler: takes questions, plans them over the facts, hands out their parts, notices who is gone.

use super::watch::{Gone, watch};
use super::whole::Whole;
use super::{RoleError, loopback, runtime};
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::utils::{default_config_producer, default_session_builder};
use ballista_scheduler::cluster::{BallistaCluster, JobState};
use ballista_scheduler::config::{SchedulerConfig, TaskDistributionPolicy};
use ballista_scheduler::scheduler_process::{create_scheduler, start_grpc_service_with_listener};
use ballista_scheduler::scheduler_server::SchedulerServer;
use ballista_scheduler::state::execution_graph::ExecutionGraphBox;
use datafusion::execution::SessionStateBuilder;
use datafusion::prelude::SessionConfig;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use object_store::ObjectStore;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Seconds that what a question passed between executors stays.
const PASSED_ON: u64 = 300;

/// How a scheduler works.
#[derive(Debug, Clone)]
pub struct Scheduling {
    /// Where it listens.
    pub listen: SocketAddr,
    /// After how long without a sign of life an executor is gone. One that is busy gives a sign every five seconds.
    pub silence: Duration,
}

/// Schedules, until the future is dropped; calls `ready` with the address once it listens.
///
/// # Errors
/// [`RoleError`].
pub async fn schedule(
    objects: Arc<dyn ObjectStore>,
    scheduling: Scheduling,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), RoleError> {
    loopback(scheduling.listen)?;
    let failed = |error| RoleError::Bind(scheduling.listen, error);
    let socket = TcpListener::bind(scheduling.listen).await.map_err(failed)?;
    let address = socket.local_addr().map_err(failed)?;
    let (told, ended) = unbounded_channel();
    let gone = Gone::default();
    let policy = Whole { ended: told, gone: gone.clone() };
    let config = Arc::new(config(objects, &scheduling, address, policy)?);
    let cluster = BallistaCluster::new_from_config(&config).await?;
    let (jobs, state) = (cluster.job_state(), cluster.cluster_state());
    let scheduler: Scheduler = create_scheduler(cluster, config).await?;
    let telling = tell(ended, jobs, scheduler.clone());
    ready(address);
    tokio::select! {
        ended = start_grpc_service_with_listener(socket, scheduler) => Ok(ended?),
        ((), ()) = async { tokio::join!(telling, watch(state, gone)) } => Ok(()),
    }
}

type Scheduler = SchedulerServer<LogicalPlanNode, PhysicalPlanNode>;

/// Tells whoever asked that a question has ended, and stops what is still worked on for it.
async fn tell(
    mut ended: UnboundedReceiver<ExecutionGraphBox>,
    jobs: Arc<dyn JobState>,
    scheduler: Scheduler,
) {
    while let Some(question) = ended.recv().await {
        let id = question.job_id().clone();
        // It fails for those that were given up in the meantime.
        let _ = jobs.save_job(&id, &question).await;
        let _ = scheduler.cancel_job(id).await;
    }
}

fn config(
    objects: Arc<dyn ObjectStore>,
    scheduling: &Scheduling,
    address: SocketAddr,
    policy: Whole,
) -> Result<SchedulerConfig, RoleError> {
    // One for all sessions: what it knows of the files' sizes is known to all.
    let runtime = runtime(objects, None)?;
    let sessions = move |config: SessionConfig| {
        let state = default_session_builder(config)?;
        Ok(SessionStateBuilder::new_from_existing(state).with_runtime_env(Arc::clone(&runtime)).build())
    };
    Ok(SchedulerConfig {
        external_host: address.ip().to_string(),
        bind_host: address.ip().to_string(),
        bind_port: address.port(),
        scheduling_policy: TaskSchedulingPolicy::PullStaged,
        task_distribution: TaskDistributionPolicy::Custom(Arc::new(policy)),
        executor_timeout_seconds: scheduling.silence.as_secs(),
        expire_dead_executor_interval_seconds: 1,
        no_executors_grace_period_seconds: scheduling.silence.as_secs(),
        finished_job_data_clean_up_interval_seconds: PASSED_ON,
        finished_job_state_clean_up_interval_seconds: PASSED_ON,
        override_session_builder: Some(Arc::new(sessions)),
        override_config_producer: Some(Arc::new(default_config_producer)),
        ..SchedulerConfig::default()
    })
}
