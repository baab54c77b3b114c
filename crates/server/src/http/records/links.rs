//! One record with everything about it, and links that wait for a person.

use super::super::body::JsonBody;
use super::super::{Caller, Problem};
use super::{PAGE, decide, number};
use crate::App;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use govern::{Action, Resource};
use records::ReadingRow;
use records::codes::{MappedCode, MappedUnit};
use records::decide::{Decision, RecordName, Target};
use records::timeline::{LinkRow, RecordRow, StatementRow, VersionRow};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(record)).routes(routes!(waiting)).routes(routes!(settle))
}

/// A record with everything about it.
#[derive(Serialize, ToSchema)]
struct RecordInFull {
    record: RecordRow,
    /// The newest first.
    versions: Vec<VersionRow>,
    /// Everything that was said of it, and where.
    statements: Vec<StatementRow>,
    /// What a report says, the newest reading of the newest version first.
    readings: Vec<ReadingRow>,
    /// What its codes are mapped to, beside what was received.
    mapped: Vec<MappedCode>,
    /// UCUM codes of units that came without one.
    units: Vec<MappedUnit>,
    /// An observation's number in the unit it is usually told in, where that is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    usual: Option<UsualValue>,
}

/// A value in the usual unit.
#[derive(Serialize, ToSchema)]
struct UsualValue {
    value: f64,
    /// In UCUM.
    unit: &'static str,
}

fn usual(content: &serde_json::Value) -> Option<UsualValue> {
    let told = clinical::usual::of_observation(content)?.ok().filter(|told| told.converted)?;
    Some(UsualValue { value: told.value, unit: told.unit })
}

/// One record, by its number or its FHIR id: what holds, every version it had, where each word of it comes from, and
/// what a report says.
#[utoipa::path(get, path = "/records/{id}", tag = "records", params(("id" = String, Path)),
    responses((status = 200, body = RecordInFull), (status = 404, body = Problem)))]
async fn record(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<RecordInFull>, Problem> {
    let grant = caller.authorize(&app, Action::Read, &Resource::Other("record", id.clone())).await?;
    let id = match app.records.record_named(&id).await? {
        Some(number) => number,
        None => number(&id, "record")?,
    };
    let record = app.records.record(id).await?.ok_or_else(|| Problem::not_found("record"))?;
    let versions = app.records.versions(id).await?;
    let statements = app.records.statements(id).await?;
    let readings = app.records.readings(id).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("versions", versions.len())).await?;
    let mapping = app.records.meanings_in(&[&record.content]).await?;
    let at = records::marks::facts(&record.content).begins;
    let (mapped, units) = (mapping.codes(&record.content, at), mapping.units(&record.content, at));
    let mut meant = record.content.clone();
    mapping.apply(&mut meant, at);
    let usual = usual(&meant);
    Ok(Json(RecordInFull { record, versions, statements, readings, mapped, units, usual }))
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WaitingQuery {
    /// `nextCursor` of the page before.
    cursor: Option<i64>,
}

/// A page of links that wait.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WaitingList {
    links: Vec<WaitingLink>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<i64>,
}

/// A link with both its sides.
#[derive(Serialize, ToSchema)]
struct WaitingLink {
    link: LinkRow,
    record: Option<RecordRow>,
    exam: Option<ExamSide>,
    other: Option<RecordRow>,
}

/// The exam's side of a link.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ExamSide {
    study: String,
    patient_id: String,
    patient_name: String,
    birth_date: Option<i64>,
    accession: String,
    /// As a number like 20260131.
    date: Option<i64>,
    description: String,
    modalities: Vec<String>,
}

/// Links nobody is sure of, with both sides, the oldest first.
#[utoipa::path(get, path = "/records/links/waiting", tag = "records", params(WaitingQuery),
    responses((status = 200, body = WaitingList), (status = 403, body = Problem)))]
async fn waiting(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<WaitingQuery>,
) -> Result<Json<WaitingList>, Problem> {
    let grant = caller.authorize(&app, Action::Curate, &Resource::Archive).await?;
    let found = app.records.links_waiting(query.cursor.unwrap_or(0), PAGE).await?;
    let next_cursor = found.last().filter(|_| found.len() == PAGE as usize).map(|link| link.id);
    let mut links = Vec::with_capacity(found.len());
    for link in found {
        links.push(both_sides(&app, link).await?);
    }
    app.govern.audit.record_soon(caller.record(&grant).with("links", links.len())).await?;
    Ok(Json(WaitingList { links, next_cursor }))
}

async fn both_sides(app: &App, link: LinkRow) -> Result<WaitingLink, Problem> {
    let record = app.records.record(link.record).await?;
    let other = if link.other == 0 { None } else { app.records.record(link.other).await? };
    let exam = app.catalog.exams_by_uid(std::slice::from_ref(&link.study)).await?.pop();
    let exam = exam.map(|exam| ExamSide {
        study: exam.study,
        patient_id: exam.patient_id,
        patient_name: exam.patient_name,
        birth_date: exam.birth_date,
        accession: exam.accession,
        date: exam.date,
        description: exam.description,
        modalities: exam.modalities,
    });
    Ok(WaitingLink { link, record, exam, other })
}

/// What a person says of a link.
#[derive(Deserialize, ToSchema)]
struct LinkDecision {
    /// Whether the two belong together.
    linked: bool,
}

async fn name(app: &App, record: i64) -> Result<RecordName, Problem> {
    app.records.name_of(record).await?.ok_or_else(|| Problem::not_found("record"))
}

/// Decides a link. No rule changes it any more.
#[utoipa::path(post, path = "/records/links/{id}", tag = "records", params(("id" = i64, Path)),
    request_body = LinkDecision, responses((status = 204), (status = 404, body = Problem)))]
async fn settle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(said): JsonBody<LinkDecision>,
) -> Result<StatusCode, Problem> {
    let grant = caller.authorize(&app, Action::Curate, &Resource::Other("link", id.clone())).await?;
    let id = number(&id, "link")?;
    let link = app.records.link(id).await?.ok_or_else(|| Problem::not_found("link"))?;
    let record = name(&app, link.record).await?;
    let to = match link.other {
        0 => Target::Exam(link.study),
        other => Target::Record(name(&app, other).await?),
    };
    decide(&app, &caller, Decision::Link { record, to, linked: said.linked }).await?;
    let word = if said.linked { "linked" } else { "refused" };
    app.govern.audit.record(caller.record(&grant).with("change", word)).await?;
    Ok(StatusCode::NO_CONTENT)
}
