//! FHIR servers that are asked for what is new: how it stands with each, and asking one now.

use super::super::{Caller, Problem};
use crate::App;
use crate::polling::{self, ServerState};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use govern::{Action, Resource};
use model::Timestamp;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(servers)).routes(routes!(poll))
}

/// Our public keys: other servers ask for them without a token, and they are nobody's secret.
pub(in crate::http) fn keys() -> Router<Arc<App>> {
    Router::new().route("/.well-known/jwks.json", get(jwks))
}

async fn jwks(State(app): State<Arc<App>>) -> Json<serde_json::Value> {
    Json(polling::jwks(&app))
}

/// FHIR servers of the settings.
#[derive(Serialize, ToSchema)]
struct FhirServerList {
    servers: Vec<FhirServer>,
}

/// A FHIR server that is asked for what is new.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FhirServer {
    name: String,
    /// Its base address.
    url: String,
    types: Vec<String>,
    interval_minutes: u32,
    /// True while it is being asked, or is about to be.
    running: bool,
    /// Rounds that have ended.
    rounds: i64,
    /// When the last began, as RFC 3339.
    started_at: Option<String>,
    /// When the last ended.
    ended_at: Option<String>,
    /// When one went well.
    succeeded_at: Option<String>,
    /// Why the last didn't go well; empty: it did.
    error: String,
    /// When one last didn't.
    error_at: Option<String>,
    /// Pages and files that were kept, ever.
    pages: i64,
    /// Resources in them.
    resources: i64,
}

/// The FHIR servers that are asked for what is new, and how it stands with each.
#[utoipa::path(get, path = "/records/fhir-servers", tag = "records",
    responses((status = 200, body = FhirServerList), (status = 403, body = Problem)))]
async fn servers(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<FhirServerList>, Problem> {
    let _grant = caller.authorize(&app, Action::Query, &Resource::Archive).await?;
    let mut servers = Vec::new();
    for name in app.config.records.fhir.keys() {
        servers.extend(one(&app, name).await?);
    }
    Ok(Json(FhirServerList { servers }))
}

async fn one(app: &App, name: &str) -> Result<Option<FhirServer>, Problem> {
    let Some(source) = app.config.records.fhir.get(name) else { return Ok(None) };
    let state: ServerState = polling::of(&app.ledger, name).await?;
    let told = |moment: Option<i64>| moment.map(|at| Timestamp::from_micros(at).to_string());
    Ok(Some(FhirServer {
        name: name.to_owned(),
        url: source.url.clone(),
        types: source.types.clone(),
        interval_minutes: source.interval_minutes,
        running: app.polls.is_running(name),
        rounds: state.rounds,
        started_at: told(state.started_at),
        ended_at: told(state.ended_at),
        succeeded_at: told(state.succeeded_at),
        error: state.error,
        error_at: told(state.error_at),
        pages: state.pages,
        resources: state.resources,
    }))
}

/// A round that will be.
#[derive(Serialize, ToSchema)]
struct PollAsked {
    /// How many rounds will have ended, once it has.
    round: i64,
}

/// Asks a FHIR server for what is new, as soon as may be.
#[utoipa::path(post, path = "/records/fhir-servers/{name}/poll", tag = "records", params(("name" = String, Path)),
    responses((status = 202, body = PollAsked), (status = 404, body = Problem)))]
async fn poll(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<(StatusCode, Json<PollAsked>), Problem> {
    let grant = caller.authorize(&app, Action::Store, &Resource::Other("fhir-server", name.clone())).await?;
    let known = one(&app, &name).await?.ok_or_else(|| Problem::not_found("FHIR server of this name"))?;
    let round = known.rounds + app.polls.ask(&name);
    app.govern.audit.record(caller.record(&grant).with("change", "asked for what is new")).await?;
    Ok((StatusCode::ACCEPTED, Json(PollAsked { round })))
}
