//! Asking for a release, deciding on it, taking it back.

use super::shapes::{ReleaseDetail, ReleaseList, detail, summary};
use super::{seen, standing};
use crate::App;
use crate::http::body::JsonBody;
use crate::http::{Caller, Problem};
use crate::projects::room::today;
use crate::releases::{keep, look, resource};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures::TryStreamExt as _;
use govern::{Action, Resource};
use model::Timestamp;
use release::desk::{Fetching, Release};
use release::request::ReleaseRequest;
use release::state::{Event, State as Stand};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warehouse::keep::Frozen;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, ask))
        .routes(routes!(one))
        .routes(routes!(ethics, put_ethics))
        .routes(routes!(decide))
        .routes(routes!(cancel))
        .routes(routes!(again))
        .routes(routes!(without))
        .routes(routes!(recall))
}

/// A release's id.
#[derive(Serialize, ToSchema)]
struct ReleaseMade {
    id: String,
}

/// The releases the caller asked for, may receive or decides on; the latest first.
#[utoipa::path(get, path = "/releases", tag = "releases",
    responses((status = 200, body = ReleaseList), (status = 403, body = Problem)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<ReleaseList>, Problem> {
    let grant = caller.authorize(&app, Action::Count, &Resource::Archive).await?;
    let who = caller.principal.to_string();
    let mut releases = Vec::new();
    for release in app.releases.list(None).await? {
        let standing = standing(&app, &caller, grant.clone(), release).await?;
        if standing.is_seen() {
            releases.push(summary(&app, &who, &standing).await?);
        }
    }
    app.govern.audit.record_soon(caller.record(&grant).with("releases", releases.len())).await?;
    Ok(Json(ReleaseList { releases }))
}

/// Asks for the data of a frozen cohort in a project's terms. Somebody else decides.
#[utoipa::path(post, path = "/releases", tag = "releases", request_body = ReleaseRequest,
    responses((status = 201, body = ReleaseMade), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn ask(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(request): JsonBody<ReleaseRequest>,
) -> Result<(StatusCode, Json<ReleaseMade>), Problem> {
    let _grant = caller.authorize(&app, Action::Count, &Resource::Archive).await?;
    let principal = app.govern.projects.seat(&caller.principal, &request.project).await?;
    let seated = Caller { principal, ..caller.clone() };
    let project = Resource::Project(request.project.clone(), None);
    let grant = seated.authorize(&app, Action::QueryProject, &project).await?;
    let project = app.govern.projects.get(&request.project).await?;
    let project = project.ok_or_else(|| Problem::not_found("project"))?;
    request.check(&today()).map_err(Problem::bad_request)?;
    if !project.is_open(&today()) {
        return Err(Problem::conflict("The project is closed: nothing can be asked for in it."));
    }
    let frozen = frozen(&app, &caller, &request.frozen).await?;
    let pinned = look::pinned(&app, &frozen, &project).await?;
    let checks = look::checks(&app, &frozen, &project).await?;
    let by = caller.principal.to_string();
    let id = app.releases.ask(&request, &pinned, &checks, &by, Timestamp::now()).await?;
    let entry =
        seated.record(&grant).of(&resource(&id)).with("frozen", request.frozen).with("change", "asked");
    app.govern.audit.record(entry).await?;
    Ok((StatusCode::CREATED, Json(ReleaseMade { id })))
}

/// A frozen cohort that the caller sees: their own, one that is shared, or any for who may see rows.
async fn frozen(app: &App, caller: &Caller, id: &str) -> Result<Frozen, Problem> {
    let missing = || Problem::not_found("frozen cohort");
    let frozen = app.warehouse.frozen(id).await?.ok_or_else(missing)?;
    let rows = govern::authorize(&caller.principal, Action::Query, &Resource::Archive).is_ok();
    let seen = app.warehouse.cohort(&frozen.cohort, &caller.principal.to_string()).await?;
    if rows || seen.is_some() { Ok(frozen) } else { Err(missing()) }
}

/// A release with all the caller may know of it.
#[utoipa::path(get, path = "/releases/{id}", tag = "releases", params(("id" = String, Path)),
    responses((status = 200, body = ReleaseDetail), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn one(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ReleaseDetail>, Problem> {
    let standing = seen(&app, &caller, &id).await?;
    app.govern.audit.record_soon(caller.record(&standing.grant)).await?;
    Ok(Json(detail(&app, &caller.principal.to_string(), standing).await?))
}

fn ethics_blob(id: &str) -> String {
    format!("ethics/{id}")
}

/// The ethics document, as it was given.
#[utoipa::path(get, path = "/releases/{id}/ethics", tag = "releases", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn ethics(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let standing = seen(&app, &caller, &id).await?;
    let kind = standing.release.ethics_type;
    if kind.is_empty() {
        return Err(Problem::not_found("ethics document"));
    }
    app.govern.audit.record_soon(caller.record(&standing.grant).with("retrieved", "ethics")).await?;
    let bytes = app.packages.get(&ethics_blob(&id)).await.map_err(|error| Problem::internal(&error))?;
    let pieces: Vec<Bytes> = bytes.try_collect().await.map_err(|error| Problem::internal(&error))?;
    let mut response = pieces.concat().into_response();
    let value = if kind == PDF { HeaderValue::from_static(PDF) } else { HeaderValue::from_static(PLAIN) };
    response.headers_mut().insert(header::CONTENT_TYPE, value);
    let attached = HeaderValue::from_static("attachment; filename=\"ethics\"");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, attached);
    Ok(response)
}

const PDF: &str = "application/pdf";
const PLAIN: &str = "text/plain; charset=utf-8";

/// Gives the ethics document: a PDF or text, by who asked, while nobody has decided.
#[utoipa::path(put, path = "/releases/{id}/ethics", tag = "releases", params(("id" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/pdf"),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn put_ethics(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let standing = seen(&app, &caller, &id).await?;
    if !standing.asked {
        return Err(Problem::forbidden("asker-gives-ethics", "Only who asked gives the ethics document."));
    }
    if standing.release.state != Stand::Asked {
        return Err(Problem::conflict("It was decided on already: the document stays as it is."));
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = match kind.split(';').next().unwrap_or_default().trim() {
        PDF if body.starts_with(b"%PDF-") => PDF,
        "text/plain" if std::str::from_utf8(&body).is_ok() && !body.is_empty() => "text/plain",
        _ => {
            return Err(Problem::bad_request(
                "Send a PDF as application/pdf, or text in UTF-8 as text/plain.",
            ));
        }
    };
    app.packages.put(&ethics_blob(&id), body).await.map_err(|error| Problem::internal(&error))?;
    app.releases.set_ethics(&id, kind).await?;
    app.govern.audit.record(caller.record(&standing.grant).with("change", "ethics")).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What somebody decides.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReleaseVerdict {
    approve: bool,
    /// Why; needed for a no.
    #[serde(default)]
    reason: String,
}

/// The longest reason, in bytes.
const REASON: usize = 4_000;

/// Approves or refuses a release. Nobody decides on what they asked for; where the project says so, two approve.
#[utoipa::path(post, path = "/releases/{id}/decisions", tag = "releases", params(("id" = String, Path)),
    request_body = ReleaseVerdict,
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn decide(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<ReleaseVerdict>,
) -> Result<StatusCode, Problem> {
    let grant = caller.authorize(&app, Action::Release, &resource(&id)).await?;
    let release = found(&app, &id).await?;
    let reason = body.reason.trim();
    if reason.len() > REASON || (!body.approve && reason.is_empty()) {
        return Err(Problem::bad_request(format!("A no needs a reason, of at most {REASON} bytes.")));
    }
    if release.is_past(&today()) {
        return Err(Problem::conflict("Its last day is over; ask anew."));
    }
    if body.approve {
        pin(&app, &release).await?;
    }
    let by = caller.principal.to_string();
    let event = Event::Decided { by: &by, approve: body.approve };
    let state = app.releases.happen(&id, event, (&by, reason), Timestamp::now()).await?;
    let change = if body.approve { "approved" } else { "refused" };
    let entry = caller.record(&grant).with("change", change).with("state", state.as_str());
    app.govern.audit.record(entry).await?;
    app.wake_releases.notify_one();
    Ok(StatusCode::NO_CONTENT)
}

/// Has the package made without the exams that are still in a PACS; they are told as missing.
#[utoipa::path(post, path = "/releases/{id}/without", tag = "releases", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "Nothing is waited for.")))]
async fn without(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let grant = caller.authorize(&app, Action::Release, &resource(&id)).await?;
    let release = found(&app, &id).await?;
    let waits = |fetching: &Fetching| fetching.missing.iter().any(|missing| missing.waits);
    if !release.fetching.as_ref().is_some_and(waits) {
        return Err(Problem::conflict("Nothing is waited for: no exam of it is being fetched."));
    }
    let by = caller.principal.to_string();
    if !app.releases.make_without(&id, &by, Timestamp::now()).await? {
        return Err(Problem::conflict("It is not being made any more."));
    }
    app.wake_releases.notify_one();
    app.govern.audit.record(caller.record(&grant).with("change", "made without what is missing")).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The policy as it is when somebody approves.
async fn pin(app: &App, release: &Release) -> Result<(), Problem> {
    if release.state != Stand::Asked {
        return Ok(());
    }
    let project = app.govern.projects.get(&release.request.project).await?;
    let project = project.ok_or_else(|| Problem::not_found("project"))?;
    let mut pinned = release.pinned.clone();
    let policy = look::pinned_policy(app, &project).await?;
    if !release.decisions.is_empty() && policy != pinned.policy {
        let detail =
            "The project's policy was changed since the first approval: refuse it, and have it asked anew.";
        return Err(Problem::conflict(detail));
    }
    pinned.policy = policy;
    Ok(app.releases.pin(&release.id, &pinned).await?)
}

async fn found(app: &App, id: &str) -> Result<Release, Problem> {
    app.releases.one(id).await?.ok_or_else(|| Problem::not_found("release"))
}

/// Takes a request back, by who asked.
#[utoipa::path(post, path = "/releases/{id}/cancel", tag = "releases", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
async fn cancel(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let standing = seen(&app, &caller, &id).await?;
    let by = caller.principal.to_string();
    app.releases.happen(&id, Event::Cancelled(&by), (&by, ""), Timestamp::now()).await?;
    app.govern.audit.record(caller.record(&standing.grant).with("change", "cancelled")).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Has the package made again, from the beginning: for one that waits or failed.
#[utoipa::path(post, path = "/releases/{id}/again", tag = "releases", params(("id" = String, Path)),
    responses((status = 202), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
async fn again(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let grant = caller.authorize(&app, Action::Release, &resource(&id)).await?;
    let release = found(&app, &id).await?;
    if release.is_past(&today()) {
        return Err(Problem::conflict("Its last day is over; ask anew."));
    }
    if matches!(release.state, Stand::Waiting | Stand::Failed | Stand::Ready) {
        keep::clear(&app, &id, |_| false).await.map_err(|error| Problem::internal(&error))?;
    }
    let by = caller.principal.to_string();
    app.releases.happen(&id, Event::Again, (&by, ""), Timestamp::now()).await?;
    app.govern.audit.record(caller.record(&grant).with("change", "made again")).await?;
    app.wake_releases.notify_one();
    Ok(StatusCode::ACCEPTED)
}

/// Why it is taken back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecallBody {
    reason: String,
}

/// Takes a release back: nothing of it can be received from now on.
#[utoipa::path(post, path = "/releases/{id}/recall", tag = "releases", params(("id" = String, Path)),
    request_body = RecallBody,
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn recall(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<RecallBody>,
) -> Result<StatusCode, Problem> {
    let grant = caller.authorize(&app, Action::Release, &resource(&id)).await?;
    found(&app, &id).await?;
    let reason = body.reason.trim();
    if reason.is_empty() || reason.len() > REASON {
        return Err(Problem::bad_request(format!("Say why it is taken back, in at most {REASON} bytes.")));
    }
    let by = caller.principal.to_string();
    app.releases.happen(&id, Event::Recalled, (&by, reason), Timestamp::now()).await?;
    app.govern.audit.record(caller.record(&grant).with("change", "recalled")).await?;
    keep::clear(&app, &id, |_| false).await.map_err(|error| Problem::internal(&error))?;
    Ok(StatusCode::NO_CONTENT)
}
