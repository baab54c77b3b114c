//! An executor: fetches parts of questions, reads the facts for them, and keeps what other parts need in a folder.

use super::{RoleError, loopback, runtime};
use crate::engine::{MEMORY, Place};
use ballista_core::RuntimeProducer;
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::error::BallistaError;
use ballista_core::registry::BallistaFunctionRegistry;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use datafusion::execution::SessionStateBuilder;
use object_store::ObjectStore;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// Seconds in which a scheduler that is just starting must answer.
const PATIENCE: u16 = 30;
/// Seconds that what was passed on stays at the most, should the scheduler forget it.
const PASSED_ON: u64 = 3600;

/// How an executor works.
#[derive(Debug, Clone)]
pub struct Executing {
    /// Where other executors and servers fetch what it found.
    pub listen: SocketAddr,
    /// The scheduler's place.
    pub scheduler: Place,
    /// The folder for what is passed on; its own, and empty.
    pub folder: PathBuf,
    /// Parts it works on at once; 0: as many as there are cores.
    pub cores: usize,
}

/// Executes, until the process is told to stop; then ends in order.
///
/// # Errors
/// [`RoleError`].
pub async fn execute(objects: Arc<dyn ObjectStore>, executing: Executing) -> Result<(), RoleError> {
    loopback(executing.listen)?;
    let Place::Cluster { host, port } = &executing.scheduler else {
        return Err(RoleError::NoScheduler(executing.scheduler.to_string()));
    };
    // What an earlier one left is no use to anybody.
    let _ = std::fs::remove_dir_all(&executing.folder);
    std::fs::create_dir_all(&executing.folder).map_err(RoleError::Folder)?;
    let spill = executing.folder.clone();
    let producer: RuntimeProducer = Arc::new(move |_| runtime(Arc::clone(&objects), Some(&spill)));
    let config = ExecutorProcessConfig {
        bind_host: executing.listen.ip().to_string(),
        external_host: Some(executing.listen.ip().to_string()),
        port: executing.listen.port(),
        scheduler_host: host.clone(),
        scheduler_port: *port,
        scheduler_connect_timeout_seconds: PATIENCE,
        vcores: executing.cores,
        task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
        work_dir: Some(executing.folder.to_string_lossy().into_owned()),
        job_data_ttl_seconds: PASSED_ON,
        job_data_clean_up_interval_seconds: PASSED_ON / 4,
        memory_pool_size: Some(MEMORY as u64),
        override_runtime_producer: Some(producer),
        override_function_registry: Some(Arc::new(functions())),
        ..ExecutorProcessConfig::default()
    };
    match start_executor_process(Arc::new(config)).await {
        Err(BallistaError::General(_) | BallistaError::GrpcConnectionError(_)) => {
            Err(RoleError::NoScheduler(executing.scheduler.to_string()))
        }
        ended => Ok(ended?),
    }
}

/// All functions that statements may have: Ballista's own list leaves those of lists and maps out.
fn functions() -> BallistaFunctionRegistry {
    let state = SessionStateBuilder::new().with_default_features().build();
    BallistaFunctionRegistry {
        scalar_functions: state.scalar_functions().clone(),
        aggregate_functions: state.aggregate_functions().clone(),
        window_functions: state.window_functions().clone(),
        ..BallistaFunctionRegistry::default()
    }
}
