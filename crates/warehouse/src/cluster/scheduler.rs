//! The scheduler: takes questions, plans them over the facts, hands out their parts, notices who is gone.

use super::{RoleError, loopback, runtime};
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::utils::{default_config_producer, default_session_builder};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::{create_scheduler, start_grpc_service_with_listener};
use datafusion::execution::SessionStateBuilder;
use datafusion::prelude::SessionConfig;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use object_store::ObjectStore;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

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
    let config = Arc::new(config(objects, &scheduling, address)?);
    let cluster = BallistaCluster::new_from_config(&config).await?;
    let scheduler = create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, config).await?;
    ready(address);
    Ok(start_grpc_service_with_listener(socket, scheduler).await?)
}

fn config(
    objects: Arc<dyn ObjectStore>,
    scheduling: &Scheduling,
    address: SocketAddr,
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
