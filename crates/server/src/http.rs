//! The HTTP doors. One file per resource, each with `routes()`; this file puts them together.
//! JSON resources return [`OpenApiRouter`]s under `/api/v1`, so the OpenAPI document can't forget one.

mod accounts;
mod assets;
mod attachments;
mod audit;
mod body;
mod caller;
mod conflicts;
mod cookie;
pub mod dicomweb;
mod exams;
pub(crate) mod limits;
mod listen;
mod metrics;
mod oidc;
mod openapi;
mod peers;
mod problem;
mod purge;
mod quarantine;
mod receive;
mod security;
mod send;
mod session;
mod shelves;
mod storage;
pub(crate) mod stow;
mod system;
mod tokens;
mod told;
mod uploads;

pub use caller::{Caller, Credential};
pub(crate) use listen::{Listener, run};
pub use problem::Problem;

use crate::App;
use axum::Router;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;

/// Everything HTTP answers.
pub fn router(app: Arc<App>) -> Router {
    let (api, document) = api().split_for_parts();
    let router = Router::new()
        .merge(api)
        .merge(system::probes())
        .merge(metrics::routes())
        .merge(session::pages())
        .merge(oidc::pages())
        .merge(stow::routes())
        .merge(dicomweb::routes())
        .merge(openapi::routes(document))
        .fallback(assets::serve);
    security::around(router, &app).with_state(app)
}

/// The resources under `/api/v1`, with their documentation.
fn api() -> OpenApiRouter<Arc<App>> {
    // One to a line, so that two people can add theirs.
    #[rustfmt::skip]
    let resources = [
        system::routes(),
        storage::routes(),
        session::routes(),
        accounts::routes(),
        tokens::routes(),
        exams::routes(),
        conflicts::routes(),
        peers::routes(),
        uploads::routes(),
        quarantine::routes(),
        attachments::routes(),
        audit::routes(),
        shelves::routes(),
        purge::routes(),
    ];
    let resources = resources.into_iter().fold(OpenApiRouter::new(), OpenApiRouter::merge);
    OpenApiRouter::with_openapi(openapi::head()).nest("/api/v1", resources)
}
