//! Why an object in a project is as it is, and what the reports of its exam say there.

use super::ask;
use crate::App;
use crate::http::policies::Shown;
use crate::http::{Caller, Problem};
use crate::projects::explain::explain;
use crate::projects::reports::reports;
use axum::Json;
use axum::extract::{Path, State};
use govern::Action;
use model::{SopInstanceUid, StudyInstanceUid};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(explanation)).routes(routes!(reports_of))
}

/// Tells for each attribute of an object in the project what became of it and by which rule of the policy. What stood
/// there before is left empty.
#[utoipa::path(get, path = "/projects/{project}/explanations/{instance}", tag = "projects",
    params(("project" = String, Path), ("instance" = String, Path)),
    responses((status = 200, body = Shown), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn explanation(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, sop)): Path<(String, String)>,
) -> Result<Json<Shown>, Problem> {
    let (caller, grant, project) = ask(&app, &caller, Action::ReadProject, &id).await?;
    let missing = || Problem::not_found("object in the project");
    let sop = SopInstanceUid::parse(&sop).map_err(|_| missing())?;
    let (shown, explained) = explain(&app, &project, &sop).await?.ok_or_else(missing)?;
    app.govern.audit.record_soon(caller.record(&grant).with("explained", sop.as_str())).await?;
    Ok(Json(Shown::of(explained, shown, None)))
}

/// A report as the project sees it.
#[derive(Serialize, ToSchema)]
struct ProjectReportShape {
    /// FHIR's status: `final`, `corrected` …
    status: String,
    title: String,
    /// Its text, cleaned by the project's policy; dates are moved with the images' where the policy keeps any.
    text: String,
    /// What that text says, as of any report: findings, measurements, categories with their places in it.
    #[schema(value_type = Object)]
    reading: reading::Reading,
}

/// The reports of an exam.
#[derive(Serialize, ToSchema)]
struct ProjectReportList {
    reports: Vec<ProjectReportShape>,
}

/// The reports of an exam of the project, without what identifies people. Reports whose exam is not sure are left out.
#[utoipa::path(get, path = "/projects/{project}/exams/{study}/reports", tag = "projects",
    params(("project" = String, Path), ("study" = String, Path)),
    responses((status = 200, body = ProjectReportList), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn reports_of(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, study)): Path<(String, String)>,
) -> Result<Json<ProjectReportList>, Problem> {
    let (caller, grant, project) = ask(&app, &caller, Action::ReadProject, &id).await?;
    let missing = || Problem::not_found("exam in the project");
    let study = StudyInstanceUid::parse(&study).map_err(|_| missing())?;
    let found = reports(&app, &project, &study).await?.ok_or_else(missing)?;
    app.govern.audit.record_soon(caller.record(&grant).with("reports", study.as_str())).await?;
    let shape = |report: crate::projects::reports::ProjectReport| ProjectReportShape {
        status: report.status,
        title: report.title,
        text: report.text,
        reading: report.reading,
    };
    Ok(Json(ProjectReportList { reports: found.into_iter().map(shape).collect() }))
}
