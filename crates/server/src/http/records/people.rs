//! Who is who, one person's record on one axis, and doubts about who is who.

use super::super::body::JsonBody;
use super::super::{Caller, Problem};
use super::{PAGE, decide, number};
use crate::App;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use govern::{Action, Resource};
use records::context::{Completeness, Context};
use records::decide::{Decision, IdentifierName};
use records::queue::Doubt;
use records::timeline::{Entry, LinkRow, Person};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(timeline))
        .routes(routes!(of_exam))
        .routes(routes!(doubts))
        .routes(routes!(answer))
        .routes(routes!(join))
}

/// Whom to look for. In a body: identifiers stand in no address.
#[derive(Deserialize, ToSchema)]
struct PersonSearch {
    /// The whole identifier.
    value: String,
    /// Who issued it, if that is known.
    system: Option<String>,
}

/// Persons.
#[derive(Serialize, ToSchema)]
struct PersonList {
    persons: Vec<Person>,
}

/// The persons with an identifier.
#[utoipa::path(post, path = "/records/people/search", tag = "records", request_body = PersonSearch,
    responses((status = 200, body = PersonList), (status = 403, body = Problem)))]
async fn search(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(wanted): JsonBody<PersonSearch>,
) -> Result<Json<PersonList>, Problem> {
    let grant = caller.authorize(&app, Action::Query, &Resource::Archive).await?;
    let mut persons = Vec::new();
    for id in app.records.persons_by_identifier(wanted.system.as_deref(), wanted.value.trim()).await? {
        persons.extend(app.records.person(id).await?);
    }
    app.govern.audit.record_soon(caller.record(&grant).with("persons", persons.len())).await?;
    Ok(Json(PersonList { persons }))
}

/// One person's record.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Timeline {
    person: Person,
    /// The earliest first; what has no time last.
    entries: Vec<Entry>,
    links: Vec<LinkRow>,
}

/// One person's record on one axis of time.
#[utoipa::path(get, path = "/records/people/{person}", tag = "records", params(("person" = i64, Path)),
    responses((status = 200, body = Timeline), (status = 404, body = Problem)))]
async fn timeline(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(person): Path<String>,
) -> Result<Json<Timeline>, Problem> {
    let grant = caller.authorize(&app, Action::Read, &Resource::Other("person", person.clone())).await?;
    let person = number(&person, "person")?;
    let known = app.records.person(person).await?.ok_or_else(|| Problem::not_found("person"))?;
    let entries = app.records.timeline(person).await?;
    let links = app.records.links_of_person(person).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("entries", entries.len())).await?;
    Ok(Json(Timeline { person: known, entries, links }))
}

/// What surrounds an exam.
#[derive(Serialize, ToSchema)]
struct ExamRecords {
    context: Context,
    completeness: Completeness,
    links: Vec<LinkedRecord>,
}

/// A record that belongs to an exam, or may.
#[derive(Serialize, ToSchema)]
struct LinkedRecord {
    link: LinkRow,
    /// A line for people.
    title: String,
    status: String,
    state: String,
}

/// An exam's order, report, encounter, with the evidence; the care it was part of; and what came of what was asked.
#[utoipa::path(get, path = "/exams/{study}/records", tag = "records", params(("study" = String, Path)),
    responses((status = 200, body = ExamRecords), (status = 404, body = Problem)))]
async fn of_exam(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(study): Path<String>,
) -> Result<Json<ExamRecords>, Problem> {
    // Not the exam alone: it tells of other exams and of the person too.
    let about = Resource::Other("exam-records", study.clone());
    let grant = caller.authorize(&app, Action::Read, &about).await?;
    let mut links = Vec::new();
    for link in app.records.links_of_exam(&study).await? {
        let Some(record) = app.records.record(link.record).await? else { continue };
        links.push(LinkedRecord { link, title: record.title, status: record.status, state: record.state });
    }
    let context = app.records.context(&study).await?;
    let completeness = app.records.completeness(&study).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("records", links.len())).await?;
    Ok(Json(ExamRecords { context, completeness, links }))
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DoubtsQuery {
    /// `nextCursor` of the page before.
    cursor: Option<i64>,
}

/// A page of doubts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DoubtList {
    doubts: Vec<Doubt>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<i64>,
}

/// Open doubts about who is who, the oldest first.
#[utoipa::path(get, path = "/records/doubts", tag = "records", params(DoubtsQuery),
    responses((status = 200, body = DoubtList), (status = 403, body = Problem)))]
async fn doubts(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<DoubtsQuery>,
) -> Result<Json<DoubtList>, Problem> {
    let grant = caller.authorize(&app, Action::Curate, &Resource::Archive).await?;
    let doubts = app.records.doubts(query.cursor.unwrap_or(0), PAGE).await?;
    let next_cursor = doubts.last().filter(|_| doubts.len() == PAGE as usize).map(|doubt| doubt.id);
    app.govern.audit.record_soon(caller.record(&grant).with("doubts", doubts.len())).await?;
    Ok(Json(DoubtList { doubts, next_cursor }))
}

/// What a person says of a doubt.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Answer {
    /// The two are one person.
    Same,
    /// They are two.
    Different,
    /// Nothing is to be done.
    Dismiss,
}

/// An answer to a doubt.
#[derive(Deserialize, ToSchema)]
struct DoubtAnswer {
    answer: Answer,
}

async fn name(app: &App, identifier: i64) -> Result<IdentifierName, Problem> {
    app.records.identifier_name(identifier).await?.ok_or_else(|| Problem::not_found("identifier"))
}

/// Decides a doubt. The decision stands above every message.
#[utoipa::path(post, path = "/records/doubts/{id}", tag = "records", params(("id" = i64, Path)),
    request_body = DoubtAnswer, responses((status = 204), (status = 404, body = Problem)))]
async fn answer(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(said): JsonBody<DoubtAnswer>,
) -> Result<StatusCode, Problem> {
    let grant = caller.authorize(&app, Action::Curate, &Resource::Other("doubt", id.clone())).await?;
    let id = number(&id, "doubt")?;
    let (kind, one, other) = app.records.doubt(id).await?.ok_or_else(|| Problem::not_found("doubt"))?;
    let (one, other) = (name(&app, one).await?, name(&app, other).await?);
    let (decision, word) = match said.answer {
        Answer::Same if kind != "birth-date" => (Decision::Identity { one, other, same: true }, "same"),
        Answer::Different if kind != "birth-date" => {
            (Decision::Identity { one, other, same: false }, "different")
        }
        _ => (Decision::Dismiss { kind, one, other }, "dismissed"),
    };
    decide(&app, &caller, decision).await?;
    app.govern.audit.record(caller.record(&grant).with("change", word)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Two identifiers, by their numbers, and whether they are of one person.
#[derive(Deserialize, ToSchema)]
struct Joining {
    one: i64,
    other: i64,
    same: bool,
}

/// Joins two identifiers to one person, or parts them.
#[utoipa::path(post, path = "/records/people/join", tag = "records", request_body = Joining,
    responses((status = 204), (status = 404, body = Problem)))]
async fn join(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(said): JsonBody<Joining>,
) -> Result<StatusCode, Problem> {
    let about = Resource::Other("identifiers", format!("{}+{}", said.one, said.other));
    let grant = caller.authorize(&app, Action::Curate, &about).await?;
    let (one, other) = (name(&app, said.one).await?, name(&app, said.other).await?);
    decide(&app, &caller, Decision::Identity { one, other, same: said.same }).await?;
    let word = if said.same { "joined" } else { "parted" };
    app.govern.audit.record(caller.record(&grant).with("change", word)).await?;
    Ok(StatusCode::NO_CONTENT)
}
