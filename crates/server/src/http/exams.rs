//! The exams page's resources: search, one exam in full, its attributes, deleting and restoring.

pub(super) mod attributes;
mod pdf;
pub(super) mod shapes;

use super::body::JsonBody;
use super::quarantine::decided_by;
use super::{Caller, Problem};
use crate::App;
use crate::projects;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use catalog::index::{DELETED, RESTORED};
use catalog::{ExamFilter, ExamsError, Scope, ToIndex};
use govern::{Action, Resource};
use intake::{Shelf, events};
use model::{SopInstanceUid, Source, StudyInstanceUid};
use serde_json::{Map, Value};
use shapes::{DeletedList, ExamContents, ExamList, iso_day};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(exam, delete_exam))
        .routes(routes!(restore))
        .routes(routes!(attributes_of))
        .routes(routes!(pdf::pdf_of))
        .routes(routes!(deleted))
}

/// Exams on a page, unless the caller wants another number.
const PAGE: usize = 50;
/// Most exams on a page.
const MOST: usize = 500;
/// Most deletions listed.
const LISTED: u32 = 500;

/// What to look for. It travels in a body: an address with a name in it would be kept in logs and histories.
#[derive(serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExamSearch {
    /// Words of name, patient ID, accession number, description; a modality; a date.
    q: Option<String>,
    /// Words of the patient's name or ID.
    patient: Option<String>,
    /// Part of the accession number.
    accession: Option<String>,
    /// A modality such as CT.
    modality: Option<String>,
    /// Words of the description.
    description: Option<String>,
    /// First day, YYYY-MM-DD.
    from: Option<String>,
    /// Last day, YYYY-MM-DD.
    to: Option<String>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
    /// In place of a cursor: how many exams to pass over, for a jump into the midst of a long list.
    skip: Option<usize>,
    /// Exams on a page; 50 unless said, 500 at most.
    limit: Option<usize>,
}

impl ExamSearch {
    fn filter(&self) -> Result<ExamFilter, Problem> {
        let day = |text: &Option<String>| match text.as_deref().map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => match iso_day(text) {
                Some(day) => Ok(Some(day)),
                None => Err(Problem::bad_request("A day is written YYYY-MM-DD.")),
            },
        };
        let text = |text: &Option<String>| text.clone().unwrap_or_default().trim().to_owned();
        Ok(ExamFilter {
            text: text(&self.q),
            patient: text(&self.patient),
            accession: text(&self.accession),
            description: text(&self.description),
            modality: text(&self.modality),
            from: day(&self.from)?,
            to: day(&self.to)?,
        })
    }
}

/// Exams, newest first.
#[utoipa::path(post, path = "/exams/search", tag = "exams", request_body = ExamSearch,
    responses((status = 200, body = ExamList), (status = 403, body = Problem)))]
async fn search(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(wanted): JsonBody<ExamSearch>,
) -> Result<Json<ExamList>, Problem> {
    let grant = caller.authorize(&app, Action::Query, &Resource::Archive).await?;
    let limit = wanted.limit.unwrap_or(PAGE).clamp(1, MOST);
    let cursor = wanted.skip.map(|count| count.to_string()).or_else(|| wanted.cursor.clone());
    let found = app.catalog.search_exams(&wanted.filter()?, cursor.as_deref(), limit).await;
    let page = found.map_err(|error| match error {
        ExamsError::Cursor(error) => Problem::bad_request(error.to_string()),
        ExamsError::Query(error) => error.into(),
    })?;
    app.govern.audit.record_soon(caller.record(&grant).with("listed", page.exams.len())).await?;
    Ok(Json(page.into()))
}

fn study_of(text: &str) -> Result<StudyInstanceUid, Problem> {
    StudyInstanceUid::parse(text).map_err(|_| Problem::not_found("exam"))
}

/// An exam with its series and instances, and where it came from.
#[utoipa::path(get, path = "/exams/{study}", tag = "exams", params(("study" = String, Path)),
    responses((status = 200, body = ExamContents), (status = 404, body = Problem)))]
async fn exam(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(study): Path<String>,
) -> Result<Json<ExamContents>, Problem> {
    let study = study_of(&study)?;
    let grant = caller.authorize(&app, Action::Read, &Resource::Exam(study.clone())).await?;
    let exam = app.catalog.exam(&study).await?.ok_or_else(|| Problem::not_found("exam"))?;
    let series = app.catalog.series_of(&study).await?;
    let sources = app.catalog.sources(&study).await?;
    app.govern.audit.record_soon(caller.record(&grant)).await?;
    Ok(Json(ExamContents::new(exam, series, sources)))
}

/// All attributes of an instance, group 2 of its file first, without pixel data.
#[utoipa::path(get, path = "/exams/{study}/instances/{sop}/attributes", tag = "exams",
    params(("study" = String, Path), ("sop" = String, Path)),
    responses((status = 200, body = Vec<attributes::Attribute>), (status = 404, body = Problem)))]
async fn attributes_of(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((study, sop)): Path<(String, String)>,
) -> Result<Json<Vec<attributes::Attribute>>, Problem> {
    let missing = || Problem::not_found("instance");
    let (study, sop) = (study_of(&study)?, SopInstanceUid::parse(&sop).map_err(|_| missing())?);
    let grant = caller.authorize(&app, Action::Read, &Resource::Exam(study.clone())).await?;
    let found = app.catalog.locate_sop(&sop).await?;
    let instance = found.filter(|found| found.study == study.as_str()).ok_or_else(missing)?;
    let read = app.archive.header(&instance.locator).await;
    let header = read.map_err(|error| Problem::internal(&error))?;
    app.govern.audit.record_soon(caller.record(&grant).with("attributes", sop.as_str())).await?;
    Ok(Json(attributes::of_file(&header)))
}

/// Why something is deleted.
#[derive(serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DeleteQuery {
    /// In words, without anything about the patient.
    reason: Option<String>,
}

/// Hides an exam. It can be restored until it is purged.
#[utoipa::path(delete, path = "/exams/{study}", tag = "exams", params(("study" = String, Path), DeleteQuery),
    responses((status = 204), (status = 404, body = Problem)))]
async fn delete_exam(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(study): Path<String>,
    Query(query): Query<DeleteQuery>,
) -> Result<StatusCode, Problem> {
    let study = study_of(&study)?;
    let grant = caller.authorize(&app, Action::Delete, &Resource::Exam(study.clone())).await?;
    app.catalog.exam(&study).await?.ok_or_else(|| Problem::not_found("exam"))?;
    app.govern.audit.record(caller.record(&grant)).await?;
    let reason = query.reason.unwrap_or_default();
    delete(&app, &Scope::Study(study), &reason, decided_by(&caller)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows a deleted exam again: undoes every deletion of it or of its parts.
#[utoipa::path(post, path = "/exams/{study}/restore", tag = "exams", params(("study" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
async fn restore(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(study): Path<String>,
) -> Result<StatusCode, Problem> {
    let study = study_of(&study)?;
    let grant = caller.authorize(&app, Action::Undelete, &Resource::Exam(study.clone())).await?;
    let deletions = app.catalog.deletions(Some(&study), LISTED).await?;
    if deletions.is_empty() {
        return Err(Problem::not_found("deleted exam"));
    }
    app.govern.audit.record(caller.record(&grant)).await?;
    for deletion in deletions {
        let about = Map::from_iter([("deletion".to_owned(), deletion.event.into())]);
        decide(&app, RESTORED, about, decided_by(&caller)).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Hides what is in a scope; the caller has asked whether that is allowed and recorded it.
pub(super) async fn delete(app: &App, scope: &Scope, reason: &str, source: Source) -> Result<(), Problem> {
    let (study, series, sop) = scope.uids();
    let named = [("studyInstanceUid", study), ("seriesInstanceUid", series), ("sopInstanceUid", sop)];
    let named = named.into_iter().chain([("reason", reason)]).filter(|(_, value)| !value.is_empty());
    let about = named.map(|(key, value)| (key.to_owned(), Value::from(value))).collect();
    decide(app, DELETED, about, source).await?;
    if let Ok(study) = StudyInstanceUid::parse(study) {
        projects::settle_exam(app, &study).await;
    }
    Ok(())
}

/// Keeps a decision in the archive, and shows its effect without waiting for the indexer, to whom
/// the entry comes too and means the same.
async fn decide(app: &App, event: &str, about: Map<String, Value>, source: Source) -> Result<(), Problem> {
    let entry = events::event(event, about, source);
    let (head, content) = entry.clone().into_parts();
    drop(content);
    let appended = app.archive.append(entry).await.map_err(|error| Problem::internal(&error))?;
    let item = ToIndex { head, locator: appended.locator, header: None };
    app.catalog.index(&[item], None).await.map_err(|error| Problem::internal(&error))?;
    Ok(())
}

/// Deletions that can be undone, the latest first.
#[utoipa::path(get, path = "/deleted", tag = "exams",
    responses((status = 200, body = DeletedList), (status = 403, body = Problem)))]
async fn deleted(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<DeletedList>, Problem> {
    let grant = caller.authorize(&app, Action::Undelete, &Resource::Archive).await?;
    let found = app.catalog.deletions(None, LISTED).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("deletions", found.len())).await?;
    Ok(Json(DeletedList::from(found)))
}
