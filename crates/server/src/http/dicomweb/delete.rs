//! Deleting exams, series and instances: a tombstone that can be taken back until a purge.

use super::request::{Asked, resource};
use crate::App;
use crate::http::Problem;
use axum::extract::State;
use axum::http::StatusCode;
use catalog::index::DELETED;
use catalog::{Scope, ToIndex};
use govern::Action;
use intake::{Shelf, events::event};
use model::{Door, Source, Timestamp};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Hides what the path names. The decision is durable in the archive before the answer.
pub(super) async fn delete(State(app): State<Arc<App>>, asked: Asked) -> Result<StatusCode, Problem> {
    let grant = asked.caller.authorize(&app, Action::Delete, &resource(&asked.scope)).await?;
    let located = app.catalog.locate(&asked.scope).await?;
    if located.is_empty() {
        return Err(Problem::not_found("exam, series or instance"));
    }
    let entry = event(DELETED, about(&asked.scope, asked.parameter("reason")), source(&asked));
    let (head, content) = entry.clone().into_parts();
    drop(content);
    let appended = app.archive.append(entry).await.map_err(|error| Problem::internal(&error))?;
    app.govern.audit.record(asked.caller.record(&grant).with("instances", located.len())).await?;
    // The indexer will come by anyway; the caller need not wait for it to see the effect.
    let now = ToIndex { head, locator: appended.locator, header: None };
    app.catalog.index(&[now], None).await.map_err(|error| Problem::internal(&error))?;
    Ok(StatusCode::NO_CONTENT)
}

fn about(scope: &Scope, reason: Option<&str>) -> Map<String, Value> {
    let (study, series, instance) = scope.uids();
    let named = [("studyInstanceUid", study), ("seriesInstanceUid", series), ("sopInstanceUid", instance)];
    let reason = ("reason", reason.unwrap_or("deleted through DICOMweb"));
    let given = named.into_iter().chain([reason]).filter(|(_, value)| !value.is_empty());
    given.map(|(key, value)| (key.to_owned(), value.into())).collect()
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
