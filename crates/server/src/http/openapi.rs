//! The OpenAPI document of `/api/v1`, gathered from the handlers themselves.

use crate::App;
use axum::Router;
use axum::routing::get;
use std::sync::Arc;
use utoipa::OpenApi;

/// The document's head; the routers add the paths.
#[derive(OpenApi)]
#[openapi(info(
    title = "Isocenter",
    description = "Images kept safe once, found in a second. Sign in with a session cookie and the \
                   X-CSRF-Token header, or send a token as `Authorization: Bearer iso_…`."
))]
struct Head;

pub(super) fn head() -> utoipa::openapi::OpenApi {
    Head::openapi()
}

pub(super) fn routes(document: utoipa::openapi::OpenApi) -> Router<Arc<App>> {
    let document = Arc::new(document);
    Router::new().route("/api/v1/openapi.json", get(async move || axum::Json(document.as_ref().clone())))
}

/// The document as it is kept in `web/openapi.json`.
///
/// # Errors
/// Never in practice: the document is plain data.
pub fn document() -> Result<String, serde_json::Error> {
    let (_, document) = super::api().split_for_parts();
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}
