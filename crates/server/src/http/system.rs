//! The system's own state: version, health, readiness.

use super::{Caller, Problem};
use crate::App;
use crate::health::Trouble;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use catalog::Counts;
use govern::{Action, Resource};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(system))
}

/// What a load balancer asks; outside the API and without signing in.
pub(super) fn probes() -> Router<Arc<App>> {
    Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(ready))
}

/// What the product is and how it can be reached.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct System {
    /// The product's version.
    version: &'static str,
    /// Whether one can sign in with OpenID Connect.
    oidc: bool,
    /// How much there is; for those who are signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<CountsBody>,
    /// The DICOM network door, when it is open; for those who are signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    dimse: Option<DimseDoor>,
    /// What is wrong at the moment; for those who are signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    troubles: Option<Vec<Trouble>>,
}

/// How much there is.
#[derive(serde::Serialize, ToSchema, Clone, Copy)]
#[schema(as = Counts)]
struct CountsBody {
    patients: i64,
    exams: i64,
    series: i64,
    instances: i64,
    /// What the originals take on the shelves.
    bytes: u64,
}

/// How DICOM peers call.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Dimse)]
struct DimseDoor {
    /// The application entity title to call.
    ae_title: String,
    /// The TCP port.
    port: u16,
}

/// The product's version and doors; more for those who are signed in.
#[utoipa::path(get, path = "/system", tag = "system", responses((status = 200, body = System)))]
async fn system(State(app): State<Arc<App>>, caller: Option<Caller>) -> Result<Json<System>, Problem> {
    let version = env!("CARGO_PKG_VERSION");
    let oidc = app.config.oidc.issuer.is_some();
    let Some(caller) = caller else {
        return Ok(Json(System { version, oidc, counts: None, dimse: None, troubles: None }));
    };
    let _grant = caller.authorize(&app, Action::Status, &Resource::Archive).await?;
    let counts = Some(counts(&app).await?);
    let dimse = app.config.dimse.enabled.then(|| dimse_door(&app));
    let troubles = Some(app.troubles().await);
    Ok(Json(System { version, oidc, counts, dimse, troubles }))
}

fn dimse_door(app: &App) -> DimseDoor {
    let dimse = &app.config.dimse;
    // The settings may leave the port open.
    let address = app.dimse_address.get().copied().unwrap_or(dimse.listen);
    DimseDoor { ae_title: dimse.ae_title.clone(), port: address.port() }
}

async fn counts(app: &App) -> Result<CountsBody, Problem> {
    let Counts { patients, exams, series, instances } = app.counts().await?;
    let bytes = app.archive.segments().iter().map(|segment| segment.durable()).sum();
    Ok(CountsBody { patients, exams, series, instances, bytes })
}

/// Ready when the ledger answers and the audit log can be written. What else is wrong stands behind it: what
/// is on the shelves can be read all the same.
async fn ready(State(app): State<Arc<App>>) -> (StatusCode, String) {
    if sqlx::query("SELECT 1").execute(app.ledger.pool()).await.is_err() {
        return (StatusCode::SERVICE_UNAVAILABLE, "the ledger does not answer\n".into());
    }
    let troubles = app.troubles().await;
    let words: String = troubles.iter().map(|trouble| format!("{}\n", trouble.area)).collect();
    match troubles.iter().any(|trouble| trouble.area == "audit") {
        true => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready\n{words}")),
        false => (StatusCode::OK, format!("ready\n{words}")),
    }
}
