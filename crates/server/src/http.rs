//! The HTTP doors. One file per resource, each with `routes()`; this file puts them together.
//! JSON resources return [`OpenApiRouter`]s under `/api/v1`, so the OpenAPI document can't forget one.

mod accounts;
mod assets;
mod attachments;
mod audit;
mod body;
mod caller;
mod cohorts;
mod conflicts;
mod cookie;
pub mod dicomweb;
mod downloads;
mod exams;
pub mod fhir;
mod health;
mod home;
pub(crate) mod limits;
mod listen;
mod metrics;
mod nifti;
mod oidc;
mod openapi;
mod patients;
mod peers;
mod policies;
mod problem;
mod projects;
mod purge;
mod quarantine;
mod receive;
mod records;
pub(crate) mod releases;
mod routing;
mod search;
mod security;
mod segmentations;
mod send;
mod session;
mod shares;
mod shelves;
pub(crate) mod slides;
mod storage;
pub(crate) mod stow;
mod system;
mod tokens;
mod told;
mod uploads;
mod withdrawals;
mod work;

pub(crate) use caller::presented;
pub use caller::{Caller, Credential};
pub(crate) use listen::{Listener, run};
pub use problem::Problem;

use crate::App;
use axum::Router;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;

/// The viewer for pages elsewhere: opened by a token for one exam, never by a session (ADR 45).
const EMBED: &str = "/embed";

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
        .merge(fhir::routes())
        .merge(records::keys())
        .merge(openapi::routes(document))
        .fallback(assets::serve);
    security::around(router, &app).with_state(app)
}

/// A router of another door on the same machinery: requests are counted by address, logged, bounded, and shielded
/// against panics.
pub(crate) fn guarded(router: Router<Arc<App>>, app: &Arc<App>) -> Router {
    security::around(router, app).with_state(Arc::clone(app))
}

/// The resources under `/api/v1`, with their documentation.
fn api() -> OpenApiRouter<Arc<App>> {
    // One to a line, so that two people can add theirs.
    #[rustfmt::skip]
    let resources = [
        system::routes(),
        storage::routes(),
        health::routes(),
        session::routes(),
        accounts::routes(),
        tokens::routes(),
        shares::routes(),
        exams::routes(),
        nifti::routes(),
        slides::routes(),
        downloads::routes(),
        home::routes(),
        patients::routes(),
        search::routes(),
        conflicts::routes(),
        records::routes(),
        cohorts::routes(),
        releases::routes(),
        withdrawals::routes(),
        peers::routes(),
        routing::routes(),
        policies::routes(),
        projects::routes(),
        uploads::routes(),
        quarantine::routes(),
        attachments::routes(),
        audit::routes(),
        shelves::routes(),
        purge::routes(),
        work::routes(),
        segmentations::routes(),
    ];
    let resources = resources.into_iter().fold(OpenApiRouter::new(), OpenApiRouter::merge);
    OpenApiRouter::with_openapi(openapi::head()).nest("/api/v1", resources)
}
