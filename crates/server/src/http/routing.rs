//! Routing rules: keeping them, and trying one on exams that are here before it is switched on.

use super::Problem;
use super::body::JsonBody;
use super::caller::Caller;
use super::exams::shapes::Exam;
use crate::App;
use crate::routing::matching::Candidate;
use crate::routing::{self, Conditions, KeptRule, Rule, RuleError};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use govern::{Action, Resource};
use model::{StudyInstanceUid, Timestamp};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(try_out))
        .routes(routes!(change, remove))
        .routes(routes!(versions))
}

const DAY_MICROS: i64 = 86_400_000_000;
/// Exams a rule is tried on at most, the latest first.
const TRIED: i64 = 1000;
/// Of those that match, so many are shown.
const SHOWN: usize = 20;

/// All rules.
#[derive(serde::Serialize, ToSchema)]
struct RuleList {
    rules: Vec<KeptRule>,
    /// Folders that rules may name beside peers.
    folders: Vec<String>,
}

/// A rule as it was.
#[derive(serde::Serialize, ToSchema)]
struct RuleVersions {
    rules: Vec<KeptRule>,
}

/// The rules as they stand.
#[utoipa::path(get, path = "/routing", tag = "routing",
    responses((status = 200, body = RuleList), (status = 403, body = Problem)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<RuleList>, Problem> {
    let _grant = caller.authorize(&app, Action::ManageRouting, &Resource::Archive).await?;
    let folders = app.config.routing.names();
    Ok(Json(RuleList { rules: routing::list(&app).await?, folders }))
}

/// Keeps a new rule. It is off until it is switched on.
#[utoipa::path(post, path = "/routing", tag = "routing", request_body = Rule,
    responses((status = 201, body = KeptRule), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(rule): JsonBody<Rule>,
) -> Result<(StatusCode, Json<KeptRule>), Problem> {
    let grant = caller.authorize(&app, Action::ManageRouting, &Resource::Archive).await?;
    let kept = routing::create(&app, &rule, grant.actor()).await?;
    let entry = caller.record(&grant).of(&resource(kept.id));
    app.govern.audit.record(entry.with("change", "made")).await?;
    Ok((StatusCode::CREATED, Json(kept)))
}

/// What a rule is to be.
#[derive(serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RuleChange {
    /// The version that was seen.
    version: i64,
    is_on: bool,
    rule: Rule,
}

/// Makes the next version of a rule: other conditions, or switched on or off.
#[utoipa::path(put, path = "/routing/{id}", tag = "routing", request_body = RuleChange, params(("id" = i64, Path)),
    responses((status = 200, body = KeptRule), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "It was changed meanwhile.")))]
async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(asked): JsonBody<RuleChange>,
) -> Result<Json<KeptRule>, Problem> {
    let grant = caller.authorize(&app, Action::ManageRouting, &Resource::Archive).await?;
    let RuleChange { version, is_on, rule } = asked;
    let kept = routing::change(&app, number(&id)?, version, &rule, is_on, grant.actor()).await?;
    let entry = caller.record(&grant).of(&resource(kept.id));
    let change = if is_on { "changed, on" } else { "changed, off" };
    app.govern.audit.record(entry.with("change", change).with("version", kept.version)).await?;
    Ok(Json(kept))
}

/// Takes a rule away. What it has begun to send goes on.
#[utoipa::path(delete, path = "/routing/{id}", tag = "routing", params(("id" = i64, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let grant = caller.authorize(&app, Action::ManageRouting, &Resource::Archive).await?;
    let id = number(&id)?;
    routing::remove(&app, id).await?;
    app.govern.audit.record(caller.record(&grant).of(&resource(id)).with("change", "removed")).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All versions of a rule, the newest first.
#[utoipa::path(get, path = "/routing/{id}/versions", tag = "routing", params(("id" = i64, Path)),
    responses((status = 200, body = RuleVersions), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn versions(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<RuleVersions>, Problem> {
    let _grant = caller.authorize(&app, Action::ManageRouting, &Resource::Archive).await?;
    let rules = routing::versions(&app, number(&id)?).await?;
    if rules.is_empty() { Err(RuleError::Missing.into()) } else { Ok(Json(RuleVersions { rules })) }
}

/// What to try.
#[derive(serde::Deserialize, ToSchema)]
struct Trial {
    conditions: Conditions,
    /// Days to look back; 7 unless said, 31 at most.
    days: Option<u32>,
}

/// What the conditions would have found.
#[derive(serde::Serialize, ToSchema)]
struct Tried {
    days: u32,
    /// Exams that something arrived of in these days and that were looked at.
    looked: usize,
    /// Whether these are all that arrived.
    complete: bool,
    matched: usize,
    /// The latest of those that match.
    exams: Vec<Exam>,
}

/// Tries conditions on the exams of the last days; nothing is sent.
#[utoipa::path(post, path = "/routing/try", tag = "routing", request_body = Trial,
    responses((status = 200, body = Tried), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn try_out(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(trial): JsonBody<Trial>,
) -> Result<Json<Tried>, Problem> {
    let _manages = caller.authorize(&app, Action::ManageRouting, &Resource::Archive).await?;
    let grant = caller.authorize(&app, Action::Query, &Resource::Archive).await?;
    let days = trial.days.unwrap_or(7).clamp(1, 31);
    let since = Timestamp::from_micros(Timestamp::now().as_micros() - i64::from(days) * DAY_MICROS);
    let arrivals = app.catalog.latest(Some(since), TRIED).await?;
    let (looked, mut matched) = (arrivals.len(), Vec::new());
    for arrival in arrivals {
        let Ok(study) = StudyInstanceUid::parse(&arrival.exam.study) else { continue };
        let Some(candidate) = Candidate::read(&app, &study).await? else { continue };
        if candidate.matches(&app, &trial.conditions).await? {
            matched.push(arrival.exam);
        }
    }
    app.govern.audit.record_soon(caller.record(&grant).with("tried", matched.len())).await?;
    let complete = looked < usize::try_from(TRIED).unwrap_or(usize::MAX);
    let count = matched.len();
    let exams = matched.into_iter().take(SHOWN).map(Into::into).collect();
    Ok(Json(Tried { days, looked, complete, matched: count, exams }))
}

fn number(id: &str) -> Result<i64, Problem> {
    id.parse().map_err(|_| RuleError::Missing.into())
}

fn resource(id: i64) -> Resource {
    Resource::Other("routing-rule", id.to_string())
}

impl From<RuleError> for Problem {
    fn from(error: RuleError) -> Self {
        match error {
            RuleError::Invalid(why) => Self::bad_request(why),
            RuleError::Missing => Self::not_found("routing rule"),
            RuleError::Changed(_) => Self::new(StatusCode::CONFLICT, "changed", format!("{error}.")),
            RuleError::Ledger(error) => Self::internal(&error),
        }
    }
}
