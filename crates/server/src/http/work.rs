//! People's measurements of an exam: everybody's as they are, one's own changed, and how they were.

pub(super) mod shapes;

use super::body::JsonBody;
use super::{Caller, Problem};
use crate::App;
use crate::desk::{Change, Changed, Failed, maker};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use govern::{Action, Resource};
use measure::{Expected, Measurement, Stale};
use model::StudyInstanceUid;
use shapes::{PastWork, Saved, StaleBody, WorkBody};
use std::sync::Arc;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(work)).routes(routes!(put, remove)).routes(routes!(history))
}

/// Versions listed, unless the caller wants fewer.
const LISTED: usize = 100;

pub(super) fn study_of(text: &str) -> Result<StudyInstanceUid, Problem> {
    StudyInstanceUid::parse(text).map_err(|_| Problem::not_found("exam"))
}

/// Everybody's measurements of an exam in their newest version, and those in reports of other programs.
#[utoipa::path(get, path = "/exams/{study}/work", tag = "work", params(("study" = String, Path)),
    responses((status = 200, body = WorkBody), (status = 404, body = Problem)))]
async fn work(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(study): Path<String>,
) -> Result<Json<WorkBody>, Problem> {
    let study = study_of(&study)?;
    let grant = caller.authorize(&app, Action::Read, &Resource::Exam(study.clone())).await?;
    app.catalog.exam(&study).await?.ok_or_else(|| Problem::not_found("exam"))?;
    let authored = app.work_on(&study).await?;
    let reports = app.reports_on(&study).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("read", "work")).await?;
    Ok(Json(WorkBody::new(&caller.principal.to_string(), authored, reports)))
}

/// Draws or changes a measurement of one's own. It is durable when this answers. A new one is sent with
/// `If-None-Match: *` or neither header, a changed or removed one with the version it was made from as
/// `If-Match: "3"`.
#[utoipa::path(put, path = "/exams/{study}/work/{tracking_uid}", tag = "work", request_body = Measurement,
    params(("study" = String, Path), ("tracking_uid" = String, Path),
        ("If-Match" = Option<String>, Header, description = "The version this was made from, in quotes")),
    responses((status = 200, body = Saved), (status = 404, body = Problem), (status = 422, body = Problem),
        (status = 412, body = StaleBody, description = "There is a newer version; nothing was changed"),
        (status = 507, body = Problem, description = "The disk is full; nothing was kept")))]
async fn put(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((study, tracking_uid)): Path<(String, String)>,
    headers: HeaderMap,
    JsonBody(measurement): JsonBody<Measurement>,
) -> Result<Response, Problem> {
    measurement.check().map_err(|error| invalid(error.0))?;
    if measurement.tracking_uid != tracking_uid {
        return Err(invalid("trackingUid is another one than the address names"));
    }
    change(&app, &caller, &study, Change::Put(Box::new(measurement)), "saved", &headers).await
}

/// Removes a measurement of one's own: a new version that says so. Earlier ones stay.
#[utoipa::path(delete, path = "/exams/{study}/work/{tracking_uid}", tag = "work",
    params(("study" = String, Path), ("tracking_uid" = String, Path),
        ("If-Match" = String, Header, description = "The version seen, in quotes")),
    responses((status = 200, body = Saved), (status = 404, body = Problem),
        (status = 412, body = StaleBody, description = "There is a newer version; nothing was changed")))]
async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((study, tracking_uid)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    change(&app, &caller, &study, Change::Remove(tracking_uid), "removed", &headers).await
}

async fn change(
    app: &App,
    caller: &Caller,
    study: &str,
    change: Change,
    what: &str,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let study = study_of(study)?;
    let grant = caller.authorize(app, Action::Measure, &Resource::Exam(study.clone())).await?;
    app.catalog.exam(&study).await?.ok_or_else(|| Problem::not_found("exam"))?;
    let expected = expected(headers)?;
    let tracking_uid = match &change {
        Change::Put(measurement) => measurement.tracking_uid.clone(),
        Change::Remove(uid) => uid.clone(),
    };
    let source = maker(caller.principal.to_string(), caller.address.to_string());
    match app.change_work(&study, change, expected, source).await {
        Ok(changed) => {
            let entry = caller.record(&grant).with("change", what).with("measurement", tracking_uid);
            let entry = entry.with("version", u64::from(changed.version));
            app.govern.audit.record(entry).await?;
            Ok(saved(changed))
        }
        Err(Failed::Stale(Stale::Newer(entry))) => {
            let body = StaleBody::new(&caller.principal.to_string(), *entry);
            let kind =
                [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")];
            Ok((StatusCode::PRECONDITION_FAILED, kind, Json(body)).into_response())
        }
        Err(failed) => Err(failed.into()),
    }
}

pub(super) fn saved(changed: Changed) -> Response {
    let tag = format!("\"{}\"", changed.version);
    ([(header::ETAG, tag)], Json(Saved::from(changed))).into_response()
}

/// Which version the caller has seen.
pub(super) fn expected(headers: &HeaderMap) -> Result<Expected, Problem> {
    let Some(seen) = headers.get(header::IF_MATCH) else { return Ok(Expected::Nothing) };
    let number = seen.to_str().ok().and_then(|text| text.trim().trim_matches('"').parse().ok());
    number.map(Expected::Version).ok_or_else(|| {
        Problem::bad_request("If-Match names the version this was made from, such as \"3\" in quotes.")
    })
}

pub(super) fn invalid(detail: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "measurement", format!("{detail}."))
}

impl From<Failed> for Problem {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Stale(Stale::Newer(_) | Stale::Missing) => Self::not_found("measurement of yours"),
            Failed::Stale(Stale::Full) => {
                invalid("this exam has as many measurements of yours as are kept for one person")
            }
            Failed::OtherImage => invalid("image is not an image of this exam"),
            Failed::NoExam => Self::not_found("exam"),
            Failed::Taken => Self::conflict("It was changed at the same moment elsewhere; send it again."),
            Failed::Unreadable => Self::internal(&failed),
            Failed::Intake(error) => error.into(),
            Failed::Ledger(error) => error.into(),
            Failed::Indexing(error) => Self::internal(&error),
            Failed::Header(error) => Self::internal(&error),
        }
    }
}

/// Which versions to list.
#[derive(serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct HistoryQuery {
    /// Of this measurement alone.
    #[serde(rename = "trackingUid")]
    #[param(rename = "trackingUid")]
    tracking_uid: Option<String>,
    /// How many; 100 at most.
    limit: Option<usize>,
}

/// How measurements were: every version anybody made, the newest first. To have one back, it is sent again
/// as a change of the version there is.
#[utoipa::path(get, path = "/exams/{study}/work-history", tag = "work",
    params(("study" = String, Path), HistoryQuery),
    responses((status = 200, body = PastWork), (status = 404, body = Problem)))]
async fn history(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(study): Path<String>,
    Query(query): Query<HistoryQuery>,
) -> Result<Json<PastWork>, Problem> {
    let study = study_of(&study)?;
    let grant = caller.authorize(&app, Action::Read, &Resource::Exam(study.clone())).await?;
    app.catalog.exam(&study).await?.ok_or_else(|| Problem::not_found("exam"))?;
    let limit = query.limit.unwrap_or(LISTED).clamp(1, LISTED);
    let past = app.past_work(&study, query.tracking_uid.as_deref(), limit).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("read", "work-history")).await?;
    Ok(Json(PastWork::new(&caller.principal.to_string(), past)))
}
