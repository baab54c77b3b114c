//! Files that could not be taken: see them, look into them, try again, discard.

use super::receive::UploadOutcome;
use super::send::{Download, download};
use super::{Caller, Problem};
use crate::App;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use catalog::{Before, QuarantinedFile};
use govern::{Action, Resource};
use intake::import::Settled;
use intake::{InQuarantine, Reason};
use model::{Door, Source, Timestamp};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(content))
        .routes(routes!(retry))
        .routes(routes!(discard))
}

/// Files on a page.
const PAGE: u32 = 100;

/// A file in quarantine.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct QuarantineItem {
    id: String,
    /// Why, as a code.
    reason: String,
    /// Why, in words: `it has no Study Instance UID`.
    words: String,
    /// What a person can do about it.
    advice: String,
    /// More about this file, as a sentence.
    detail: String,
    /// The door and who came in by it.
    source: String,
    /// Its path as the sender named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    size: u64,
    received_at: String,
    /// `open`, `retried` or `discarded`.
    state: String,
}

impl From<QuarantinedFile> for QuarantineItem {
    fn from(file: QuarantinedFile) -> Self {
        let Source { door, account, peer, path, received_at } = file.source;
        let from = peer.map_or_else(|| account.clone(), |peer| format!("{account} at {peer}"));
        let known = Reason::parse(&file.reason);
        Self {
            id: file.id,
            words: known.map_or_else(|| file.reason.clone(), |reason| reason.words().to_owned()),
            advice: known.map_or_else(String::new, |reason| reason.advice().to_owned()),
            reason: file.reason,
            detail: file.detail,
            source: format!("{}: {from}", door.as_str()),
            path,
            size: file.locator.length,
            received_at: received_at.to_string(),
            state: file.state,
        }
    }
}

/// A page of the files in quarantine.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct QuarantinePage {
    items: Vec<QuarantineItem>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Which page.
#[derive(serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// The files that wait in quarantine, the newest first.
#[utoipa::path(get, path = "/quarantine", tag = "quarantine", params(PageQuery),
    responses((status = 200, body = QuarantinePage), (status = 403, body = Problem)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<QuarantinePage>, Problem> {
    let grant = caller.authorize(&app, Action::Quarantine, &Resource::Archive).await?;
    let before = page.cursor.as_deref().map(parse_cursor).transpose()?;
    let mut files = app.catalog.open_quarantine(before.as_ref(), PAGE + 1).await?;
    let more = files.len() > PAGE as usize;
    files.truncate(PAGE as usize);
    let next_cursor = files.last().filter(|_| more).map(cursor);
    app.govern.audit.record_soon(caller.record(&grant).with("listed", files.len())).await?;
    Ok(Json(QuarantinePage { items: files.into_iter().map(Into::into).collect(), next_cursor }))
}

fn cursor(last: &QuarantinedFile) -> String {
    format!("{}-{}", last.source.received_at.as_micros(), last.id)
}

fn parse_cursor(text: &str) -> Result<Before, Problem> {
    let parts = text.split_once('-').and_then(|(at, id)| Some((at.parse().ok()?, id)));
    let (at, id) = parts.ok_or_else(|| Problem::bad_request("The cursor is not one of ours."))?;
    Ok(Before { received_at: Timestamp::from_micros(at), id: id.into() })
}

async fn find(app: &App, id: &str) -> Result<QuarantinedFile, Problem> {
    app.catalog.quarantined_file(id).await?.ok_or_else(|| Problem::not_found("file in quarantine"))
}

/// The bytes, as they came.
#[utoipa::path(get, path = "/quarantine/{id}/content", tag = "quarantine", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 404, body = Problem)))]
async fn content(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let resource = Resource::Other("quarantine", id.clone());
    let grant = caller.authorize(&app, Action::Quarantine, &resource).await?;
    let file = find(&app, &id).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("change", "content read")).await?;
    let name = format!("{}.bin", file.id);
    let download_of = Download { locator: file.locator, name, media_type: None, digest: file.digest };
    Ok(download(&app, download_of))
}

/// Sends the bytes through the door again, under today's rules.
#[utoipa::path(post, path = "/quarantine/{id}/retry", tag = "quarantine", params(("id" = String, Path)),
    responses((status = 200, body = UploadOutcome), (status = 404, body = Problem)))]
async fn retry(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<UploadOutcome>, Problem> {
    let resource = Resource::Other("quarantine", id.clone());
    let grant = caller.authorize(&app, Action::Quarantine, &resource).await?;
    let file = open_file(find(&app, &id).await?)?;
    let outcome = app.intake.retry(&file, decided_by(&caller)).await?;
    let settled = Settled::of(&outcome);
    let entry = caller.record(&grant).with("change", "retried").with("outcome", settled.outcome.as_str());
    app.govern.audit.record(entry).await?;
    app.findable().await;
    Ok(Json(settled.into()))
}

/// Takes a file off the list. Its bytes are kept until they are purged.
#[utoipa::path(post, path = "/quarantine/{id}/discard", tag = "quarantine", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
async fn discard(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let resource = Resource::Other("quarantine", id.clone());
    let grant = caller.authorize(&app, Action::Quarantine, &resource).await?;
    let file = open_file(find(&app, &id).await?)?;
    app.govern.audit.record(caller.record(&grant).with("change", "discarded")).await?;
    app.intake.discard(&file, decided_by(&caller)).await?;
    app.findable().await;
    Ok(StatusCode::NO_CONTENT)
}

/// Only what is still open can be decided about.
fn open_file(file: QuarantinedFile) -> Result<InQuarantine, Problem> {
    if file.state != "open" {
        return Err(Problem::conflict("The file has left quarantine already."));
    }
    Ok(InQuarantine { id: file.id, digest: file.digest, locator: file.locator, source: file.source })
}

/// Who decided, as the archive keeps it beside a decision.
pub(super) fn decided_by(caller: &Caller) -> Source {
    Source {
        door: Door::Upload,
        account: caller.principal.to_string(),
        peer: Some(caller.address.to_string()),
        path: None,
        received_at: Timestamp::now(),
    }
}
