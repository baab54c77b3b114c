//! The system's own state: version, health, readiness.

use crate::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
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
    /// The DICOM network door.
    dimse: DimseDoor,
}

/// How DICOM peers call.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DimseDoor {
    /// The application entity title to call.
    ae_title: String,
    /// The TCP port.
    port: u16,
}

/// The product's version and doors.
#[utoipa::path(get, path = "/system", tag = "system", responses((status = 200, body = System)))]
async fn system(State(app): State<Arc<App>>) -> Json<System> {
    let dimse = &app.config.dimse;
    let dimse = DimseDoor { ae_title: dimse.ae_title.clone(), port: dimse.listen.port() };
    Json(System { version: env!("CARGO_PKG_VERSION"), dimse })
}

/// Ready when the ledger answers.
async fn ready(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    match sqlx::query("SELECT 1").execute(app.ledger.pool()).await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the ledger does not answer\n"),
    }
}
