//! The audit log: read, checked, its head told.

mod export;

use super::Problem;
use super::body::JsonBody;
use super::caller::Caller;
use crate::App;
use axum::Json;
use axum::extract::{Query, State};
use govern::audit::{Filter, Head, Row};
use govern::{Action, Resource};
use model::Timestamp;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(export::export))
        .routes(routes!(head))
        .routes(routes!(verify))
}

fn log() -> Resource {
    Resource::Other("audit", "log".into())
}

/// Which rows fit; what is left out fits all.
#[derive(Default, serde::Deserialize, IntoParams)]
#[serde(default)]
struct Wanted {
    /// A part of who acted, in large or small letters.
    actor: String,
    /// The action's word, such as `read`.
    action: String,
    /// A part of what it was done to: a UID, `account:ann`, `peer:pacs`.
    object: String,
    /// `done`, `refused` or `failed`.
    outcome: String,
    /// From this moment on (RFC 3339).
    from: Option<String>,
    /// Before this moment (RFC 3339).
    until: Option<String>,
}

impl Wanted {
    fn filter(&self) -> Result<Filter, Problem> {
        let moment = |text: &Option<String>| match text.as_deref().filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => Timestamp::parse(text)
                .map(Some)
                .ok_or_else(|| Problem::bad_request("A moment is written as in 2026-01-31T08:00:00Z.")),
        };
        Ok(Filter {
            actor: self.actor.trim().to_owned(),
            action: self.action.trim().to_owned(),
            object: self.object.trim().to_owned(),
            outcome: self.outcome.clone(),
            from: moment(&self.from)?,
            until: moment(&self.until)?,
        })
    }
}

/// Which page of them.
#[derive(serde::Deserialize, IntoParams)]
struct Page {
    /// Only rows before this number; left out, the newest.
    before: Option<i64>,
    /// At most this many, up to 1000; left out, 100.
    limit: Option<i64>,
}

/// One row.
#[derive(serde::Serialize, ToSchema)]
struct AuditRow {
    seq: i64,
    at: String,
    actor: String,
    door: String,
    action: String,
    resources: Vec<String>,
    outcome: String,
    #[schema(value_type = Object)]
    detail: serde_json::Value,
    hash: String,
}

impl From<Row> for AuditRow {
    fn from(row: Row) -> Self {
        Self {
            seq: row.seq,
            at: row.at.to_string(),
            actor: row.actor,
            door: row.door,
            action: row.action,
            resources: serde_json::from_str(&row.resources).unwrap_or_default(),
            outcome: row.outcome,
            detail: serde_json::from_str(&row.detail).unwrap_or_default(),
            hash: row.hash,
        }
    }
}

/// Rows, newest first.
#[derive(serde::Serialize, ToSchema)]
struct AuditRows {
    rows: Vec<AuditRow>,
}

/// The audit log, newest first.
#[utoipa::path(get, path = "/audit", tag = "audit", params(Wanted, Page),
    responses((status = 200, body = AuditRows), (status = 403, body = Problem)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(wanted): Query<Wanted>,
    Query(page): Query<Page>,
) -> Result<Json<AuditRows>, Problem> {
    let grant = caller.authorize(&app, Action::ReadAudit, &log()).await?;
    let filter = wanted.filter()?;
    app.govern.audit.record_soon(caller.record(&grant)).await?;
    let limit = page.limit.unwrap_or(100).clamp(1, 1000);
    let rows = app.govern.audit.rows_before(&filter, page.before.unwrap_or(i64::MAX), limit).await?;
    Ok(Json(AuditRows { rows: rows.into_iter().map(AuditRow::from).collect() }))
}

/// Where the chain stands, as `seq:hash`; kept elsewhere, it proves later that nothing was cut off.
#[derive(serde::Serialize, ToSchema)]
#[schema(as = AuditHead)]
struct HeadBody {
    head: String,
}

/// The audit log's head.
#[utoipa::path(get, path = "/audit/head", tag = "audit", responses((status = 200, body = HeadBody)))]
async fn head(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<HeadBody>, Problem> {
    let _grant = caller.authorize(&app, Action::ReadAudit, &log()).await?;
    Ok(Json(HeadBody { head: app.govern.audit.head().await?.to_string() }))
}

/// Heads that were recorded before.
#[derive(serde::Deserialize, ToSchema)]
#[schema(as = AuditRecorded)]
struct Recorded {
    /// Each as `seq:hash`.
    #[serde(default)]
    heads: Vec<String>,
}

/// What a check found.
#[derive(serde::Serialize, ToSchema)]
#[schema(as = AuditVerdict)]
struct VerdictBody {
    /// Whether nothing is wrong.
    whole: bool,
    /// Rows that were read.
    rows: u64,
    /// Where the chain stands, as `seq:hash`.
    head: String,
    /// What is wrong, in words, with the rows' numbers.
    faults: Vec<String>,
}

/// Reads the whole log and checks it.
#[utoipa::path(post, path = "/audit/verify", tag = "audit", request_body = Recorded,
    responses((status = 200, body = VerdictBody), (status = 400, body = Problem)))]
async fn verify(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(recorded): JsonBody<Recorded>,
) -> Result<Json<VerdictBody>, Problem> {
    let grant = caller.authorize(&app, Action::ReadAudit, &log()).await?;
    let heads: Result<Vec<Head>, _> = recorded.heads.iter().map(|head| head.parse()).collect();
    let heads = heads.map_err(|error| Problem::bad_request(error.to_string()))?;
    let verdict = app.govern.audit.verify(&heads).await?;
    let entry = caller.record(&grant).with("verified", verdict.rows).with("faults", verdict.faults.len());
    app.govern.audit.record(entry).await?;
    Ok(Json(VerdictBody {
        whole: verdict.faults.is_empty(),
        rows: verdict.rows,
        head: verdict.head.to_string(),
        faults: verdict.faults.iter().map(ToString::to_string).collect(),
    }))
}
