//! Files with other content under a UID that was held already: see them, read them.

use super::exams::attributes;
use super::send::{Download, download};
use super::{Caller, Problem};
use crate::App;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use catalog::Conflict;
use govern::{Action, Resource};
use model::Sha256Digest;
use serde::Serialize;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(conflicts))
        .routes(routes!(conflict_content))
        .routes(routes!(conflict_attributes))
}

/// Conflicts on a page.
const PAGE: u32 = 500;

/// A page of conflicts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ConflictList {
    conflicts: Vec<ConflictItem>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<i64>,
}

/// Other content under a UID that was held already.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ConflictItem {
    id: i64,
    study_instance_uid: String,
    series_instance_uid: String,
    sop_instance_uid: String,
    /// SHA-256 of the later file.
    sha256: String,
    size: u64,
    door: String,
    account: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    peer: Option<String>,
    received_at: String,
}

/// Which page.
#[derive(serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ConflictsQuery {
    /// `nextCursor` of the page before.
    cursor: Option<i64>,
}

/// Files with other content under a UID that was held already, the latest first.
#[utoipa::path(get, path = "/conflicts", tag = "exams", params(ConflictsQuery),
    responses((status = 200, body = ConflictList), (status = 403, body = Problem)))]
async fn conflicts(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ConflictsQuery>,
) -> Result<Json<ConflictList>, Problem> {
    let grant = caller.authorize(&app, Action::Quarantine, &Resource::Archive).await?;
    let found = app.catalog.conflicts(query.cursor, PAGE + 1).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("conflicts", found.len())).await?;
    Ok(Json(ConflictList::new(found, PAGE as usize)))
}

/// The later file's bytes, as they came. The original is retrieved as ever.
#[utoipa::path(get, path = "/conflicts/{sha256}/content", tag = "exams", params(("sha256" = String, Path)),
    responses((status = 200, content_type = "application/dicom", body = Vec<u8>), (status = 404, body = Problem)))]
async fn conflict_content(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(sha256): Path<String>,
) -> Result<Response, Problem> {
    let resource = Resource::Other("conflict", sha256.clone());
    let grant = caller.authorize(&app, Action::Quarantine, &resource).await?;
    let digest = Sha256Digest::parse(&sha256).map_err(|_| Problem::not_found("file in conflict"))?;
    let found = app.catalog.conflict(&digest).await?;
    let Conflict { locator, sop, .. } = found.ok_or_else(|| Problem::not_found("file in conflict"))?;
    app.govern.audit.record_soon(caller.record(&grant).with("change", "content read")).await?;
    let name = format!("{sop}~{}.dcm", &sha256[..12]);
    let media_type = Some("application/dicom".into());
    Ok(download(&app, Download { locator, name, media_type, digest }))
}

/// The later file's attributes, to be compared with the original's.
#[utoipa::path(get, path = "/conflicts/{sha256}/attributes", tag = "exams", params(("sha256" = String, Path)),
    responses((status = 200, body = Vec<attributes::Attribute>), (status = 404, body = Problem)))]
async fn conflict_attributes(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(sha256): Path<String>,
) -> Result<Json<Vec<attributes::Attribute>>, Problem> {
    let resource = Resource::Other("conflict", sha256.clone());
    let grant = caller.authorize(&app, Action::Quarantine, &resource).await?;
    let missing = || Problem::not_found("file in conflict");
    let digest = Sha256Digest::parse(&sha256).map_err(|_| missing())?;
    let Conflict { locator, .. } = app.catalog.conflict(&digest).await?.ok_or_else(missing)?;
    let header = app.archive.header(&locator).await.map_err(|error| Problem::internal(&error))?;
    app.govern.audit.record_soon(caller.record(&grant).with("change", "attributes read")).await?;
    Ok(Json(attributes::of_file(&header)))
}

impl ConflictList {
    fn new(mut found: Vec<Conflict>, limit: usize) -> Self {
        let more = found.len() > limit;
        found.truncate(limit);
        let next_cursor = found.last().filter(|_| more).map(|last| last.id);
        let item = |conflict: Conflict| ConflictItem {
            id: conflict.id,
            study_instance_uid: conflict.study,
            series_instance_uid: conflict.series,
            sop_instance_uid: conflict.sop,
            sha256: conflict.digest.to_hex(),
            size: conflict.locator.length,
            door: conflict.door,
            account: conflict.account,
            peer: Some(conflict.peer).filter(|peer| !peer.is_empty()),
            received_at: conflict.received_at.to_string(),
        };
        Self { conflicts: found.into_iter().map(item).collect(), next_cursor }
    }
}
