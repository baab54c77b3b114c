//! The OpenAPI document of `/api/v1`, gathered from the handlers themselves.

use crate::App;
use axum::Router;
use axum::routing::get;
use std::sync::Arc;
use utoipa::OpenApi;
use warehouse::definition::{Alike, Around, Bound, Condition, Controls, Criterion, Near, On, Pick, Test};

/// The document's head; the routers add the paths. The words of cohort definitions lie within each other, so that
/// no handler names them all.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Isocenter",
        description = "Images kept safe once, found in a second. Sign in with a session cookie and the \
                       X-CSRF-Token header, or send a token as `Authorization: Bearer iso_…`."
    ),
    components(schemas(Condition, Criterion, Test, Bound, Pick, Around, Near, Controls, Alike, On))
)]
struct Head;

pub(super) fn head() -> utoipa::openapi::OpenApi {
    Head::openapi()
}

pub(super) fn routes(document: utoipa::openapi::OpenApi) -> Router<Arc<App>> {
    let document = Arc::new(with_unique_names(document));
    Router::new().route("/api/v1/openapi.json", get(async move || axum::Json(document.as_ref().clone())))
}

/// Names every operation by its method and path (`post_quarantine_id_retry`): handlers are named within
/// their own file, and clients are generated from names that must be unique.
fn with_unique_names(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for (path, item) in &mut document.paths.paths {
        let words = path.trim_start_matches("/api/v1/").split(|letter: char| !letter.is_ascii_alphanumeric());
        let place = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_");
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}_{place}"));
            }
        }
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pages' types are generated from the kept document. Set `ISOCENTER_WRITE_DOCS` to write it.
    #[test]
    fn the_document_kept_for_the_pages_is_the_servers() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/openapi.json");
        let (_, document) = crate::http::api().split_for_parts();
        let document = serde_json::to_string_pretty(&with_unique_names(document)).expect("plain data") + "\n";
        if std::env::var_os("ISOCENTER_WRITE_DOCS").is_some() {
            std::fs::write(path, &document).expect("the document can be written");
        }
        let kept = std::fs::read_to_string(path).expect("the document is kept");
        assert!(kept == document, "web/openapi.json is out of date: `make docs` writes it");
    }
}
