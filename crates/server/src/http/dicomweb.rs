//! The DICOMweb read doors (PS3.18 §10.4, §10.6, §9): retrieval, search, the older URI service,
//! deletion and the capabilities document. Storing is in `stow`.
//!
//! Every handler asks `govern` first and leaves one entry in the audit log.

pub(super) mod answer;
mod bulk;
mod capabilities;
mod delete;
mod download;
mod frames;
mod metadata;
pub(in crate::http) mod range;
mod rendered;
mod request;
mod retrieve;
mod search;
mod unsupported;
mod uri;

pub use capabilities::conformance;

use crate::App;
use axum::Router;
use axum::routing::{delete, get};
use std::sync::Arc;

/// The path everything but the URI service is under.
pub(in crate::http) const BASE: &str = "/dicom-web";

const STUDY: &str = "/studies/{study}";
const SERIES: &str = "/studies/{study}/series/{series}";
const INSTANCE: &str = "/studies/{study}/series/{series}/instances/{instance}";

/// The routes: of the archive and, for reading, of each project.
pub(super) fn routes() -> Router<Arc<App>> {
    let mut router = reading(BASE)
        .merge(reading("/{project}/dicomweb"))
        .route(&format!("{BASE}/"), get(capabilities::get))
        .route("/wado", get(uri::get))
        .route("/api/v1/exams/{study}/download", get(download::get));
    for level in [STUDY, SERIES, INSTANCE] {
        router = router.route(&format!("{BASE}{level}"), delete(delete::delete));
    }
    router
}

/// What can be read under a path.
fn reading(base: &str) -> Router<Arc<App>> {
    let at = |level: &str, rest: &str| format!("{base}{level}{rest}");
    let mut router = Router::new()
        .route(&at(INSTANCE, "/frames/{frames}"), get(frames::get))
        .route(&at(INSTANCE, "/frames/{frames}/rendered"), get(rendered::frames))
        .route(&at(INSTANCE, "/frames/{frames}/thumbnail"), get(rendered::thumbnail))
        .route(&at(INSTANCE, "/bulkdata/{*path}"), get(bulk::get))
        .route(&at("/studies", ""), get(search::studies))
        .route(&at("/series", ""), get(search::series))
        .route(&at("/instances", ""), get(search::instances))
        .route(&at(STUDY, "/series"), get(search::series))
        .route(&at(STUDY, "/instances"), get(search::instances))
        .route(&at(SERIES, "/instances"), get(search::instances));
    for level in [STUDY, SERIES, INSTANCE] {
        router = router
            .route(&at(level, ""), get(retrieve::get))
            .route(&at(level, "/metadata"), get(metadata::get))
            .route(&at(level, "/rendered"), get(rendered::instances))
            .route(&at(level, "/thumbnail"), get(rendered::thumbnail));
    }
    router
}
