//! Subjects: enrolling patients, what they agreed to, leaving.

use super::shapes::{
    ConsentBody, Enrol, EnrolledList, EnrolledShape, PatientShape, SubjectList, SubjectShape,
};
use super::{ask, subject_resource};
use crate::App;
use crate::http::body::JsonBody;
use crate::http::{Caller, Problem};
use crate::projects;
use crate::projects::enrol::{self, Enrolment};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use govern::{Action, Project, Resource};
use model::{StudyInstanceUid, Timestamp};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list, enrol_patients)).routes(routes!(withdraw)).routes(routes!(say))
}

/// Exams by which patients are enrolled in one request.
const AT_ONCE: usize = 1000;

#[derive(Deserialize, IntoParams)]
struct SubjectsQuery {
    /// Whether to tell who they are; only to those who may know.
    #[serde(default)]
    identities: bool,
}

/// The subjects of a project, by code.
#[utoipa::path(get, path = "/projects/{project}/subjects", tag = "projects",
    params(("project" = String, Path), SubjectsQuery),
    responses((status = 200, body = SubjectList), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<SubjectsQuery>,
) -> Result<Json<SubjectList>, Problem> {
    let action = if query.identities { Action::ManageProjects } else { Action::QueryProject };
    let (caller, grant, project) = ask(&app, &caller, action, &id).await?;
    let subjects = app.govern.projects.subjects(&id).await?;
    let mut shapes: Vec<_> =
        subjects.into_iter().map(|subject| SubjectShape::new(subject, &project)).collect();
    count(&app, &project, &mut shapes).await?;
    if query.identities {
        identify(&app, &id, &mut shapes).await?;
        app.govern.audit.record_soon(caller.record(&grant).with("identities", shapes.len())).await?;
    }
    Ok(Json(SubjectList { subjects: shapes }))
}

/// Counts what can be seen of each subject.
async fn count(app: &App, project: &Project, shapes: &mut [SubjectShape]) -> Result<(), Problem> {
    let Ok(open) = app.projects.get(app, project).await else { return Ok(()) };
    let counts = open.room.catalog.counts_by_patient().await?.into_iter();
    let found: HashMap<_, _> = counts.map(|(code, exams, instances)| (code, (exams, instances))).collect();
    for shape in shapes {
        (shape.exams, shape.instances) = found.get(&shape.code).copied().unwrap_or_default();
    }
    Ok(())
}

async fn identify(app: &App, id: &str, shapes: &mut [SubjectShape]) -> Result<(), Problem> {
    let vault = app.projects.vault()?;
    let enrolled = vault.subjects(id).await.map_err(|error| Problem::internal(&error))?;
    let mut people: HashMap<String, PatientShape> = HashMap::new();
    for one in enrolled {
        let person = one.person.reveal().clone();
        let shape = PatientShape { patient_id: person.patient_id, issuer: person.issuer, exam: person.exam };
        people.insert(one.code, shape);
    }
    for shape in shapes {
        shape.patient = people.remove(&shape.code);
    }
    Ok(())
}

/// Enrols the patients of exams. Each gets a code that follows from the project's key; in another project the
/// same patient has an unrelated one.
#[utoipa::path(post, path = "/projects/{project}/subjects", tag = "projects", params(("project" = String, Path)),
    request_body = Enrol,
    responses((status = 200, body = EnrolledList), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn enrol_patients(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<Enrol>,
) -> Result<Json<EnrolledList>, Problem> {
    let (caller, grant, project) = ask(&app, &caller, Action::ManageProjects, &id).await?;
    if !(1..=AT_ONCE).contains(&body.exams.len()) {
        return Err(Problem::bad_request(format!("Name 1 to {AT_ONCE} exams by Study Instance UID.")));
    }
    let mut entry = caller.record(&grant).with("change", "enrolled");
    let mut enrolled = Vec::with_capacity(body.exams.len());
    for exam in body.exams {
        let done = one(&app, &project, &exam, body.only_these, grant.actor()).await?;
        if let (Some(_), Ok(study)) = (&done.code, StudyInstanceUid::parse(&exam)) {
            entry = entry.of(&Resource::Exam(study));
        }
        enrolled.push(done);
    }
    app.govern.audit.record(entry).await?;
    Ok(Json(EnrolledList { enrolled }))
}

async fn one(
    app: &App,
    project: &Project,
    exam: &str,
    only: bool,
    by: &str,
) -> Result<EnrolledShape, Problem> {
    let shape = |code, problem: Option<&str>| EnrolledShape {
        exam: exam.to_owned(),
        code,
        problem: problem.map(str::to_owned),
    };
    let Ok(study) = StudyInstanceUid::parse(exam) else { return Ok(shape(None, Some(NO_EXAM))) };
    Ok(match enrol::enrol(app, project, &study, only, by).await? {
        Enrolment::Done(code) => shape(Some(code), None),
        Enrolment::NoExam => shape(None, Some(NO_EXAM)),
        Enrolment::Namesake => shape(None, Some(NAMESAKE)),
    })
}

const NO_EXAM: &str = "There is no such exam.";
const NAMESAKE: &str = "A patient of another house with the same Patient ID is in the project; the two would \
     become one subject. Correct the Patient ID, or use a second project.";

/// Takes a subject out of the project: from now on nothing of it is shown.
#[utoipa::path(delete, path = "/projects/{project}/subjects/{code}", tag = "projects",
    params(("project" = String, Path), ("code" = String, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn withdraw(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, code)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let (caller, grant, _) = ask(&app, &caller, Action::ManageProjects, &id).await?;
    app.govern.projects.withdraw(&id, &code, Timestamp::now()).await?;
    let entry = caller.record(&grant).of(&subject_resource(&id, &code)).with("change", "withdrawn");
    app.govern.audit.record(entry).await?;
    projects::settle(&app, &id, &code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps what a subject said of a use. The last word counts; what was said before stays readable in the ledger.
#[utoipa::path(put, path = "/projects/{project}/subjects/{code}/consents/{purpose}", tag = "projects",
    params(("project" = String, Path), ("code" = String, Path), ("purpose" = String, Path)),
    request_body = ConsentBody,
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn say(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, code, purpose)): Path<(String, String, String)>,
    JsonBody(body): JsonBody<ConsentBody>,
) -> Result<StatusCode, Problem> {
    let (caller, grant, _) = ask(&app, &caller, Action::ManageProjects, &id).await?;
    let said = (id.as_str(), code.as_str());
    app.govern.projects.say(said, &purpose, body.granted, grant.actor(), Timestamp::now()).await?;
    let entry = caller.record(&grant).of(&subject_resource(&id, &code)).with("use", purpose);
    app.govern.audit.record(entry.with("granted", body.granted)).await?;
    projects::settle(&app, &id, &code).await?;
    Ok(StatusCode::NO_CONTENT)
}
