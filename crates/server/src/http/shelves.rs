//! Looking after the archive: verify, keep, recompress, export; and the catalog made again from it.

use super::Problem;
use super::body::JsonBody;
use super::caller::Caller;
use super::told::told;
use crate::App;
use crate::scrubs::{self, Scrub};
use crate::workers::indexer;
use archive::{ExportError, VerifyOptions};
use axum::extract::State;
use axum::response::Response;
use govern::{Action, Resource};
use model::Timestamp;
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(verify))
        .routes(routes!(keep))
        .routes(routes!(recompress))
        .routes(routes!(export))
        .routes(routes!(rebuild))
}

fn shelves() -> Resource {
    Resource::Other("archive", "all".into())
}

async fn begin(app: &App, caller: &Caller, action: Action, what: &str) -> Result<(), Problem> {
    let grant = caller.authorize(app, action, &shelves()).await?;
    app.govern.audit.record(caller.record(&grant).with("what", what)).await?;
    Ok(())
}

/// What to verify.
#[derive(serde::Deserialize, ToSchema)]
struct VerifyBody {
    /// Also the copies in the tier and the second copy.
    #[serde(default)]
    everywhere: bool,
    /// Replace damaged copies by good ones.
    #[serde(default)]
    repair: bool,
}

/// Reads every byte of the archive and compares it with its digest. The answer is a line of
/// JSON for each piece of progress, and a last one with `done` or `failed`.
#[utoipa::path(post, path = "/archive/verify", tag = "archive", request_body = VerifyBody,
    responses((status = 200, content_type = "application/x-ndjson"), (status = 403, body = Problem)))]
async fn verify(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<VerifyBody>,
) -> Result<Response, Problem> {
    begin(&app, &caller, Action::Operate, "verify-archive").await?;
    let (began_at, actor) = (Timestamp::now(), caller.principal.to_string());
    let options = VerifyOptions { elsewhere: body.everywhere, repair: body.repair };
    Ok(told(move |mut teller| async move {
        let read = crate::verify::verify(&app, options, |verified, total| {
            let (entries, bytes, damaged) = (verified.entries, verified.bytes, verified.damage.len());
            teller.progress(
                || json!({ "entries": entries, "bytes": bytes, "total": total, "damaged": damaged }),
            );
        });
        let verified = read.await?;
        let scrub = Scrub::of(&verified, body.everywhere, began_at, &actor);
        if let Err(error) = scrubs::keep(&app.ledger, &scrub).await {
            tracing::error!(%error, "the ledger did not take what the verification found");
        }
        Ok::<_, sqlx::Error>(verified)
    }))
}

/// Sends sealed segments where they belong: the second copy, the tier.
#[utoipa::path(post, path = "/archive/keep", tag = "archive",
    responses((status = 200, content_type = "application/x-ndjson"), (status = 403, body = Problem)))]
async fn keep(State(app): State<Arc<App>>, caller: Caller) -> Result<Response, Problem> {
    begin(&app, &caller, Action::Operate, "keep-segments").await?;
    Ok(told(move |_| async move {
        // What was appended so far is sealed, so that all of it has its copies.
        let _ = app.archive.seal().await;
        app.archive.keep().await
    }))
}

/// What recompressing did.
#[derive(Default, serde::Serialize)]
struct Recompressed {
    segments: u64,
    entries: u64,
    saved: u64,
}

/// Keeps uncompressed pixels of sealed segments in a smaller form, without loss.
#[utoipa::path(post, path = "/archive/recompress", tag = "archive",
    responses((status = 200, content_type = "application/x-ndjson"), (status = 403, body = Problem)))]
async fn recompress(State(app): State<Arc<App>>, caller: Caller) -> Result<Response, Problem> {
    begin(&app, &caller, Action::Operate, "recompress-archive").await?;
    Ok(told(move |mut teller| async move {
        let mut all = Recompressed::default();
        let segments = app.archive.segments();
        for segment in &segments {
            let done = app.archive.recompress(&segment.id).await?;
            all.segments += 1;
            all.entries += done.entries;
            all.saved += done.saved;
            teller.progress(
                || json!({ "segments": all.segments, "total": segments.len(), "saved": all.saved }),
            );
        }
        Ok::<_, archive::PurgeError>(all)
    }))
}

/// Makes the catalog again from the archive alone. What arrives meanwhile is taken, and indexed
/// at the end.
#[utoipa::path(post, path = "/catalog/rebuild", tag = "archive",
    responses((status = 200, content_type = "application/x-ndjson"), (status = 403, body = Problem)))]
async fn rebuild(State(app): State<Arc<App>>, caller: Caller) -> Result<Response, Problem> {
    begin(&app, &caller, Action::Operate, "rebuild-catalog").await?;
    Ok(told(move |mut teller| async move {
        // However it ends, also when the caller goes away: the indexer does the rest.
        let _rest = Rest(Arc::clone(&app));
        let _turn = app.indexing.lock().await;
        // They are made again from what the catalog hands on.
        crate::records::start_again(&app).await?;
        let told = |entries| teller.progress(|| json!({ "entries": entries }));
        let entries = indexer::rebuild(&app.archive, &app.catalog, told).await?;
        Ok::<_, RebuildFailed>(json!({ "entries": entries }))
    }))
}

/// Why the rebuild stopped.
#[derive(Debug, thiserror::Error)]
enum RebuildFailed {
    #[error(transparent)]
    Records(#[from] crate::records::RecordsError),
    #[error(transparent)]
    Index(#[from] indexer::IndexerError),
}

/// Tells the indexer when it is dropped.
struct Rest(Arc<App>);

impl Drop for Rest {
    fn drop(&mut self) {
        self.0.catalog_moved.notify_one();
    }
}

/// Where to write.
#[derive(serde::Deserialize, ToSchema)]
struct ExportBody {
    /// A folder of the server's machine that is empty or doesn't exist.
    folder: String,
}

/// Why the export stopped.
#[derive(Debug, thiserror::Error)]
enum ExportFailed {
    #[error(transparent)]
    Archive(#[from] ExportError),
    #[error(transparent)]
    Catalog(#[from] catalog::DumpError),
    #[error("could not write the export's description")]
    About(#[from] std::io::Error),
}

/// Writes everything into a folder of the server's machine: every original, where it came from,
/// and the catalog's rows. Only for the operator at the machine.
#[utoipa::path(post, path = "/archive/export", tag = "archive", request_body = ExportBody,
    responses((status = 200, content_type = "application/x-ndjson"), (status = 403, body = Problem)))]
async fn export(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<ExportBody>,
) -> Result<Response, Problem> {
    if !matches!(caller.credential, super::Credential::Local) {
        let why =
            "Only the operator at the machine may have files written there: isocenter export --all FOLDER.";
        return Err(Problem::forbidden("operator-only", why));
    }
    begin(&app, &caller, Action::Export, "export-everything").await?;
    let folder = PathBuf::from(body.folder);
    Ok(told(move |mut teller| async move {
        let told = |exported: &archive::Exported| {
            teller.progress(|| json!({ "files": exported.files, "bytes": exported.bytes }));
        };
        let exported = app.archive.export(&folder, told).await?;
        let rows = app.catalog.dump(&folder.join("catalog")).await?;
        tokio::fs::write(folder.join("README.md"), include_str!("export_readme.md")).await?;
        Ok::<_, ExportFailed>(
            json!({ "files": exported.files, "bytes": exported.bytes, "rows": rows, "damaged": exported.damaged }),
        )
    }))
}
