//! Going back from a code to the patient: asked for with a reason by one person, answered by another, shown once.

use super::shapes::PatientShape;
use super::{ask, subject_resource};
use crate::App;
use crate::http::body::JsonBody;
use crate::http::{Caller, Problem};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use govern::Action;
use model::{Phi, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault::{Request, RequestError};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list, ask_for)).routes(routes!(answer)).routes(routes!(show))
}

/// A wish to know who a subject is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RequestShape {
    id: i64,
    code: String,
    reason: String,
    asked_by: String,
    /// RFC 3339.
    asked_at: String,
    answered_by: Option<String>,
    answered_at: Option<String>,
    granted: bool,
    /// When the patient was shown; it is shown once.
    shown_at: Option<String>,
}

impl From<Request> for RequestShape {
    fn from(request: Request) -> Self {
        let (by, at) = request.answered.map(|(by, at)| (by, at.to_string())).unzip();
        Self {
            id: request.id,
            code: request.code,
            reason: request.reason.reveal().clone(),
            asked_by: request.asked_by,
            asked_at: request.asked_at.to_string(),
            answered_by: by,
            answered_at: at,
            granted: request.granted,
            shown_at: request.shown_at.map(|at| at.to_string()),
        }
    }
}

#[derive(Serialize, ToSchema)]
struct RequestList {
    requests: Vec<RequestShape>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RequestBody {
    code: String,
    /// Why, in 10 to 1000 characters.
    reason: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    granted: bool,
}

/// The wishes to know who subjects are, the newest first.
#[utoipa::path(get, path = "/projects/{project}/identities", tag = "projects", params(("project" = String, Path)),
    responses((status = 200, body = RequestList), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<RequestList>, Problem> {
    let _asked = ask(&app, &caller, Action::Reidentify, &id).await?;
    let requests = app.projects.vault()?.requests(&id).await.map_err(|error| Problem::internal(&error))?;
    Ok(Json(RequestList { requests: requests.into_iter().map(Into::into).collect() }))
}

/// Asks who a subject is. Somebody else has to answer.
#[utoipa::path(post, path = "/projects/{project}/identities", tag = "projects", params(("project" = String, Path)),
    request_body = RequestBody,
    responses((status = 201, body = RequestShape), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn ask_for(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<RequestBody>,
) -> Result<(StatusCode, Json<RequestShape>), Problem> {
    let (caller, grant, _) = ask(&app, &caller, Action::Reidentify, &id).await?;
    let vault = app.projects.vault()?;
    let RequestBody { code, reason } = body;
    let number = vault.ask((&id, &code), &Phi::new(reason), grant.actor(), Timestamp::now()).await?;
    let entry = caller.record(&grant).of(&subject_resource(&id, &code)).with("request", number);
    app.govern.audit.record(entry.with("change", "asked")).await?;
    Ok((StatusCode::CREATED, Json(vault.request(number).await?.into())))
}

/// Answers somebody else's wish.
#[utoipa::path(post, path = "/projects/{project}/identities/{request}/answer", tag = "projects",
    params(("project" = String, Path), ("request" = i64, Path)), request_body = AnswerBody,
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
async fn answer(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, number)): Path<(String, String)>,
    JsonBody(body): JsonBody<AnswerBody>,
) -> Result<StatusCode, Problem> {
    let (caller, grant, _) = ask(&app, &caller, Action::Reidentify, &id).await?;
    let vault = app.projects.vault()?;
    let number = number.parse().map_err(|_| RequestError::Missing)?;
    let request = of_project(vault.request(number).await?, &id)?;
    vault.answer(number, body.granted, grant.actor(), Timestamp::now()).await?;
    let entry = caller.record(&grant).of(&subject_resource(&id, &request.code)).with("request", number);
    let change = if body.granted { "granted" } else { "denied" };
    app.govern.audit.record(entry.with("change", change)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows the patient to the one who asked, once.
#[utoipa::path(post, path = "/projects/{project}/identities/{request}/show", tag = "projects",
    params(("project" = String, Path), ("request" = i64, Path)),
    responses((status = 200, body = PatientShape), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, number)): Path<(String, String)>,
) -> Result<Json<PatientShape>, Problem> {
    let (caller, grant, _) = ask(&app, &caller, Action::Reidentify, &id).await?;
    let vault = app.projects.vault()?;
    let number = number.parse().map_err(|_| RequestError::Missing)?;
    let request = of_project(vault.request(number).await?, &id)?;
    // On record before it is shown.
    let entry = caller.record(&grant).of(&subject_resource(&id, &request.code)).with("request", number);
    app.govern.audit.record(entry.with("change", "shown")).await?;
    let person = vault.show(number, grant.actor(), Timestamp::now()).await?;
    let person = person.reveal();
    let (patient_id, issuer) = (person.patient_id.clone(), person.issuer.clone());
    Ok(Json(PatientShape { patient_id, issuer, exam: person.exam.clone() }))
}

fn of_project(request: Request, project: &str) -> Result<Request, RequestError> {
    if request.project == project { Ok(request) } else { Err(RequestError::Missing) }
}

impl From<RequestError> for Problem {
    fn from(error: RequestError) -> Self {
        let text = format!("{error}.");
        match error {
            RequestError::Missing => Self::not_found("request or subject"),
            RequestError::Reason => Self::bad_request(text),
            RequestError::SamePerson => Self::forbidden("two-people", text),
            RequestError::Answered | RequestError::NotToShow => {
                Self::new(StatusCode::CONFLICT, "request", text)
            }
            RequestError::Vault(error) => Self::internal(&error),
        }
    }
}
