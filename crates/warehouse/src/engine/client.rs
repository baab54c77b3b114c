//! The cluster as who asks it sees it: sessions whose statements are answered there, answers that are kept where its
//! executors read them, and jobs that are given up.

use super::{AskError, Place};
use crate::schema::Table;
use crate::shelf::{Shelf, ShelfError};
use ballista_core::config::BallistaConfig;
use ballista_core::extension::{SessionConfigExt as _, SessionStateExt as _};
use ballista_core::serde::protobuf::CancelJobParams;
use ballista_core::serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient;
use ballista_core::utils::{GrpcClientConfig, create_grpc_client_endpoint};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::error::DataFusionError;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::TryStreamExt as _;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use std::sync::Arc;

/// The folder beside the tables for answers that are kept while they are needed.
pub(crate) const KEPT: &str = "kept";
/// An answer that is older was left by a process that is gone.
const LEFT_AFTER_SECONDS: i64 = 24 * 3600;

/// A cluster.
pub(crate) struct Cluster {
    pub(crate) place: Place,
    scheduler: String,
    /// Where answers are kept.
    objects: Arc<dyn ObjectStore>,
}

impl Cluster {
    pub(crate) fn new(host: &str, port: u16, shelf: &Shelf) -> Self {
        let place = Place::Cluster { host: host.to_owned(), port };
        Self { place, scheduler: format!("http://{host}:{port}"), objects: shelf.objects() }
    }

    /// A session whose statements are answered on the cluster.
    pub(crate) fn context(
        &self,
        config: SessionConfig,
        runtime: Arc<RuntimeEnv>,
    ) -> Result<SessionContext, DataFusionError> {
        // Adaptive execution was seen to wait for ever for an executor that is gone.
        let config = config.upgrade_for_ballista().with_ballista_adaptive_query_planner(false);
        let state = SessionStateBuilder::new()
            .with_default_features()
            .with_config(config)
            .with_runtime_env(runtime)
            .build()
            .upgrade_for_ballista(self.scheduler.clone())?;
        Ok(SessionContext::new_with_state(state))
    }

    /// Gives a job up. That it may have ended already is no matter.
    pub(crate) async fn cancel(&self, job_id: String) {
        let config = GrpcClientConfig::from(&BallistaConfig::default());
        let Ok(endpoint) = create_grpc_client_endpoint(self.scheduler.clone(), Some(&config)) else { return };
        if let Ok(channel) = endpoint.connect().await {
            let _ = SchedulerGrpcClient::new(channel).cancel_job(CancelJobParams { job_id }).await;
        }
    }

    /// Keeps rows in a file that executors can read.
    pub(crate) async fn keep(
        &self,
        schema: SchemaRef,
        batches: &[RecordBatch],
    ) -> Result<KeptFile, AskError> {
        let name = format!("{:032x}.parquet", rand::random::<u128>());
        let at = self.put(&name, schema, batches).await?;
        Ok(KeptFile { name, at, objects: Arc::clone(&self.objects) })
    }

    /// Keeps a file without rows for each table: what has no file can't be sent to a cluster.
    pub(crate) async fn keep_empty(&self, tables: &[Table]) -> Result<(), AskError> {
        for table in tables {
            self.put(&empty(table), table.schema.clone(), &[]).await?;
        }
        Ok(())
    }

    async fn put(&self, name: &str, schema: SchemaRef, batches: &[RecordBatch]) -> Result<Path, AskError> {
        let bytes = encoded(schema, batches)?;
        let at = Path::from(format!("{KEPT}/{name}"));
        self.objects.put(&at, bytes.into()).await.map_err(ShelfError::Beside)?;
        Ok(at)
    }

    /// Removes answers that processes left behind that are gone.
    pub(crate) async fn clear(&self) -> Result<(), ShelfError> {
        let old = jiff::Timestamp::now().as_second() - LEFT_AFTER_SECONDS;
        let found: Vec<_> =
            self.objects.list(Some(&Path::from(KEPT))).try_collect().await.map_err(ShelfError::Beside)?;
        for left in found.into_iter().filter(|found| found.last_modified.timestamp() < old) {
            self.objects.delete(&left.location).await.map_err(ShelfError::Beside)?;
        }
        Ok(())
    }
}

fn encoded(schema: SchemaRef, batches: &[RecordBatch]) -> Result<Vec<u8>, DataFusionError> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, schema, None)?;
    for batch in batches {
        writer.write(batch)?;
    }
    writer.close()?;
    Ok(bytes)
}

/// The name of the file that stands for a table without rows.
pub(crate) fn empty(table: &Table) -> String {
    format!("none-{}.parquet", table.name)
}

/// A file of rows that is removed once it is not needed.
pub(crate) struct KeptFile {
    name: String,
    at: Path,
    objects: Arc<dyn ObjectStore>,
}

impl KeptFile {
    /// Its name in its folder.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for KeptFile {
    fn drop(&mut self) {
        let (at, objects) = (self.at.clone(), Arc::clone(&self.objects));
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                // What stays is removed by the next start.
                let _ = objects.delete(&at).await;
            });
        }
    }
}
