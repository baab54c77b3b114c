//! Searching what reports say.

use super::super::body::JsonBody;
use super::super::{Caller, Problem};
use crate::App;
use axum::Json;
use axum::extract::State;
use govern::{Action, Resource};
use records::search::{FoundReport, Question};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(search))
}

/// Reports on a page.
const PAGE: i64 = 50;

/// What to look for. In a body: words of a report may name somebody, and addresses are logged.
#[derive(Deserialize, ToSchema)]
struct ReportSearch {
    /// Words, "phrases", `finding:present|absent|possible`, `modality:CT`, `status:final`, `from:` and `to:` a day;
    /// `-` in front leaves out; `*` behind a word: its beginning.
    text: String,
    /// `nextCursor` of the page before.
    cursor: Option<i64>,
}

/// A page of reports, the latest that came first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReportList {
    reports: Vec<FoundReport>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<i64>,
}

/// Reports that say something. Words that name a finding find it however a report puts it.
#[utoipa::path(post, path = "/records/reports/search", tag = "records", request_body = ReportSearch,
    responses((status = 200, body = ReportList), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn search(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(wanted): JsonBody<ReportSearch>,
) -> Result<Json<ReportList>, Problem> {
    let grant = caller.authorize(&app, Action::Query, &Resource::Archive).await?;
    let finding =
        |words: &str| app.reader.read(words).findings.first().map(|found| found.finding.to_string());
    let question = Question::parse(&wanted.text, finding)
        .map_err(|error| Problem::bad_request(format!("Please {error}.")))?;
    let mut reports = app.records.search_reports(&question, wanted.cursor, PAGE + 1).await?;
    let more = reports.len() > PAGE as usize;
    reports.truncate(PAGE as usize);
    let next_cursor = reports.last().filter(|_| more).map(|last| last.record);
    app.govern.audit.record_soon(caller.record(&grant).with("reports", reports.len())).await?;
    Ok(Json(ReportList { reports, next_cursor }))
}
