//! Deleting exams, series and instances: a tombstone that can be taken back until a purge.

use super::request::Asked;
use crate::App;
use crate::http::{Problem, exams};
use axum::extract::State;
use axum::http::StatusCode;
use govern::Action;
use model::{Door, Source, Timestamp};
use std::sync::Arc;

/// Hides what the path names. The decision is durable in the archive before the answer.
pub(super) async fn delete(State(app): State<Arc<App>>, asked: Asked) -> Result<StatusCode, Problem> {
    let resource = asked.place.resource(Some(&asked.scope));
    let grant = asked.caller.authorize(&app, Action::Delete, &resource).await?;
    let located = app.catalog.locate(&asked.scope).await?;
    if located.is_empty() {
        return Err(Problem::not_found("exam, series or instance"));
    }
    app.govern.audit.record(asked.caller.record(&grant).with("instances", located.len())).await?;
    let reason = asked.parameter("reason").unwrap_or("deleted through DICOMweb");
    exams::delete(&app, &asked.scope, reason, source(&asked)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn source(asked: &Asked) -> Source {
    Source {
        door: Door::Stow,
        account: asked.caller.principal.to_string(),
        peer: Some(asked.caller.address.to_string()),
        path: None,
        received_at: Timestamp::now(),
    }
}
