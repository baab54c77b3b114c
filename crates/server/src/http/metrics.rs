//! `/metrics` for Prometheus.

use super::listen::Remote;
use super::{Caller, Problem};
use crate::App;
use crate::health::AREAS;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Extension, Router};
use govern::{Action, Resource};
use model::Timestamp;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/metrics", get(metrics))
}

/// Programs on this machine may read it, and whoever may see the system's state.
async fn metrics(
    State(app): State<Arc<App>>,
    Extension(remote): Extension<Remote>,
    headers: HeaderMap,
    caller: Option<Caller>,
) -> Result<impl IntoResponse, Problem> {
    if !remote.0.ip().is_loopback() || forwarded(&headers) {
        let caller = caller.ok_or_else(Problem::unauthorized)?;
        let _grant = caller.authorize(&app, Action::Status, &Resource::Archive).await?;
    }
    gauge(&app).await?;
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], app.metrics.text()))
}

/// A proxy on this machine speaks for others.
fn forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key(header::FORWARDED) || headers.contains_key("x-forwarded-for")
}

async fn gauge(app: &App) -> Result<(), Problem> {
    let counts = app.counts().await?;
    let bytes: u64 = app.archive.segments().iter().map(|segment| segment.durable()).sum();
    let troubles = app.troubles().await;
    for (area, name) in AREAS {
        app.metrics.gauge(name, i64::from(troubles.iter().any(|trouble| trouble.area == area)));
    }
    app.metrics.gauge("isocenter_archive_waiting", i64::try_from(app.archive.waiting()).unwrap_or(i64::MAX));
    let room = i64::try_from(app.archive.room()).unwrap_or(i64::MAX);
    app.metrics.gauge("isocenter_archive_room_bytes", room);
    let uptime = (Timestamp::now().as_micros() - app.started.as_micros()) / 1_000_000;
    let metrics = &app.metrics;
    metrics.gauge("isocenter_exams", counts.exams);
    metrics.gauge("isocenter_series", counts.series);
    metrics.gauge("isocenter_instances", counts.instances);
    metrics.gauge("isocenter_archive_bytes", i64::try_from(bytes).unwrap_or(i64::MAX));
    metrics.gauge("isocenter_audit_entries", app.govern.audit.head().await?.seq);
    metrics.gauge("isocenter_uptime_seconds", uptime);
    Ok(())
}
