//! The DICOMweb read doors (PS3.18 §10.4, §10.6, §9): retrieval, search, the older URI service,
//! deletion and the capabilities document. Storing is in `stow`.
//!
//! Every handler asks `govern` first and leaves one entry in the audit log.

mod answer;
mod bulk;
mod capabilities;
mod delete;
mod download;
mod frames;
mod metadata;
mod range;
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
pub(super) const BASE: &str = "/dicom-web";

const STUDY: &str = "/studies/{study}";
const SERIES: &str = "/studies/{study}/series/{series}";
const INSTANCE: &str = "/studies/{study}/series/{series}/instances/{instance}";

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    let levels = [STUDY, SERIES, INSTANCE];
    let mut router = Router::new()
        .route(&format!("{BASE}/"), get(capabilities::get))
        .route(&at(INSTANCE, "/frames/{frames}"), get(frames::get))
        .route(&at(INSTANCE, "/frames/{frames}/rendered"), get(rendered::frames))
        .route(&at(INSTANCE, "/frames/{frames}/thumbnail"), get(rendered::thumbnail))
        .route(&at(INSTANCE, "/bulkdata/{*path}"), get(bulk::get))
        .route(&format!("{BASE}/studies"), get(search::studies))
        .route(&format!("{BASE}/series"), get(search::series))
        .route(&format!("{BASE}/instances"), get(search::instances))
        .route(&at(STUDY, "/series"), get(search::series))
        .route(&at(STUDY, "/instances"), get(search::instances))
        .route(&at(SERIES, "/instances"), get(search::instances))
        .route("/wado", get(uri::get))
        .route("/api/v1/exams/{study}/download", get(download::get));
    for level in levels {
        router = router
            .route(&at(level, ""), get(retrieve::get))
            .route(&at(level, ""), delete(delete::delete))
            .route(&at(level, "/metadata"), get(metadata::get))
            .route(&at(level, "/rendered"), get(rendered::instances))
            .route(&at(level, "/thumbnail"), get(rendered::thumbnail));
    }
    router
}

fn at(level: &str, rest: &str) -> String {
    format!("{BASE}{level}{rest}")
}
