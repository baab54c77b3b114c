//! What people say of what reports were read to say, how well reports are read, and reading them all again.

use super::super::body::JsonBody;
use super::super::told::told;
use super::super::{Caller, Problem};
use super::{decide, number};
use crate::App;
use crate::records::{RecordsError, read_reports};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use govern::{Action, Resource};
use reading::ENGINE;
use records::Progress;
use records::checks::{CheckRow, ReportCheck, ToCheck};
use records::decide::Decision;
use records::quality::Quality;
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(to_check))
        .routes(routes!(checks, check))
        .routes(routes!(quality))
        .routes(routes!(progress))
        .routes(routes!(again))
}

/// Reports that should be checked.
#[derive(Serialize, ToSchema)]
struct ToCheckList {
    reports: Vec<ToCheck>,
    /// Those on which the text model in use says something else than the rules, the most differences first.
    disputed: Vec<ToCheck>,
}

/// Reports to be checked by a person: the most uncertain first, then a sample of each site and modality.
#[utoipa::path(get, path = "/records/readings/to-check", tag = "records",
    responses((status = 200, body = ToCheckList), (status = 403, body = Problem)))]
async fn to_check(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<ToCheckList>, Problem> {
    let grant = caller.authorize(&app, Action::Query, &Resource::Archive).await?;
    let reports = app.records.reports_to_check().await?;
    let disputed = match &app.text_model {
        Some(model) => app.records.disputed_reports(&model.digest).await?,
        None => Vec::new(),
    };
    let told = caller.record(&grant).with("reports", reports.len()).with("disputed", disputed.len());
    app.govern.audit.record_soon(told).await?;
    Ok(Json(ToCheckList { reports, disputed }))
}

/// The checks of a report.
#[derive(Serialize, ToSchema)]
struct CheckList {
    /// The latest first.
    checks: Vec<CheckRow>,
}

/// What people said that a report means.
#[utoipa::path(get, path = "/records/{id}/checks", tag = "records", params(("id" = i64, Path)),
    responses((status = 200, body = CheckList), (status = 404, body = Problem)))]
async fn checks(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<CheckList>, Problem> {
    let grant = caller.authorize(&app, Action::Read, &Resource::Other("record", id.clone())).await?;
    let checks = app.records.checks(number(&id, "record")?).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("checks", checks.len())).await?;
    Ok(Json(CheckList { checks }))
}

/// No report says more.
const MOST: usize = 2000;

/// Says what a report means, after looking at what was read. It is kept beside the reading and changes nothing in it.
#[utoipa::path(post, path = "/records/{id}/checks", tag = "records", params(("id" = i64, Path)),
    request_body = ReportCheck,
    responses((status = 204), (status = 400, body = Problem), (status = 404, body = Problem)))]
async fn check(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(check): JsonBody<ReportCheck>,
) -> Result<StatusCode, Problem> {
    let grant = caller.authorize(&app, Action::Measure, &Resource::Other("record", id.clone())).await?;
    let id = number(&id, "record")?;
    let known = app.records.versions(id).await?;
    if !known.iter().any(|one| one.version == check.version) {
        return Err(Problem::not_found("version"));
    }
    if let Some(why) = unsound(&check) {
        return Err(Problem::bad_request(why));
    }
    let report = app.records.name_of(id).await?.ok_or_else(|| Problem::not_found("record"))?;
    let findings = check.findings.len();
    decide(&app, &caller, Decision::Report { report, check }).await?;
    app.govern
        .audit
        .record(caller.record(&grant).with("change", "checked").with("findings", findings))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is wrong with a check, if anything.
fn unsound(check: &ReportCheck) -> Option<&'static str> {
    let word = |word: &str| !word.is_empty() && word.len() <= 64 && word.bytes().all(is_of_key);
    let sound = |one: &records::checks::CheckedFinding| {
        word(&one.finding)
            && word(&one.temporality)
            && one.laterality.as_deref().is_none_or(word)
            && matches!(one.assertion.as_str(), "present" | "possible" | "absent")
    };
    if check.findings.len() > MOST {
        return Some("A report can have up to 2,000 findings.");
    }
    if !check.findings.iter().all(|one| one.start < one.end) {
        return Some("A finding needs words of the text: `start` before `end`.");
    }
    (!check.findings.iter().all(sound)).then_some(
        "`finding`, `temporality` and `laterality` are keys; `assertion` is present, possible or absent.",
    )
}

const fn is_of_key(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
}

/// How well reports are read.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReadingQuality {
    /// The engine and lexicon in use.
    engine: String,
    lexicon: String,
    /// The text model in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    /// By engine and lexicon, the latest first; then those of text models.
    by: Vec<Quality>,
}

/// Precision, recall and F1 with intervals at 95 %, by what people said of checked reports.
#[utoipa::path(get, path = "/records/readings/quality", tag = "records",
    responses((status = 200, body = ReadingQuality), (status = 403, body = Problem)))]
async fn quality(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<ReadingQuality>, Problem> {
    let grant = caller.authorize(&app, Action::Query, &Resource::Archive).await?;
    let by = app.records.reading_quality().await?;
    app.govern.audit.record_soon(caller.record(&grant).with("engines", by.len())).await?;
    let lexicon = app.reader.lexicon().version().to_owned();
    let model = app.text_model.as_ref().map(|model| model.name.clone());
    Ok(Json(ReadingQuality { engine: ENGINE.into(), lexicon, model, by }))
}

/// How far reading all reports with the engine and lexicon in use has come.
#[utoipa::path(get, path = "/records/readings", tag = "records",
    responses((status = 200, body = Progress), (status = 403, body = Problem)))]
async fn progress(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Progress>, Problem> {
    let grant = caller.authorize(&app, Action::Query, &Resource::Archive).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("about", "readings")).await?;
    Ok(Json(app.records.reading_progress(ENGINE, app.reader.lexicon().version()).await?))
}

/// Whether to read what was read.
#[derive(serde::Deserialize, ToSchema)]
struct ReadAgain {
    /// From the beginning, also what this engine with this lexicon has read. Without it reading goes on where it stopped.
    again: bool,
}

/// Reads all reports with the engine and lexicon in use. Readings by earlier ones stay. It goes on in the background when the
/// caller goes away, and after a restart.
#[utoipa::path(post, path = "/records/readings/again", tag = "records", request_body = ReadAgain,
    responses((status = 200, content_type = "application/x-ndjson"), (status = 403, body = Problem)))]
async fn again(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(wanted): JsonBody<ReadAgain>,
) -> Result<Response, Problem> {
    let grant = caller.authorize(&app, Action::Operate, &Resource::Archive).await?;
    app.govern.audit.record(caller.record(&grant).with("change", "read-reports")).await?;
    let lexicon = app.reader.lexicon().version().to_owned();
    if wanted.again {
        app.records.read_all_again(ENGINE, &lexicon).await?;
    }
    Ok(told(move |mut teller| async move {
        while read_reports(&app).await? {
            let progress = app.records.reading_progress(ENGINE, &lexicon).await?;
            teller.progress(|| json!(progress));
        }
        Ok::<_, RecordsError>(json!(app.records.reading_progress(ENGINE, &lexicon).await?))
    }))
}
