//! Evidence: asking for it, how far it is, what it says, and the signed pack.

use super::ask;
use crate::App;
use crate::http::body::JsonBody;
use crate::http::{Caller, Problem};
use crate::projects::evidence::{self, Row};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use deid::verify::parse_key;
use futures::{StreamExt as _, stream};
use govern::{Action, Project};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use view::zip::{self, Member};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list, ask_for)).routes(routes!(one)).routes(routes!(pack))
}

/// A piece of evidence and how far it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EvidenceShape {
    id: i64,
    /// waiting, running, passed, failed, given-up
    state: String,
    asked_by: String,
    /// RFC 3339.
    asked_at: String,
    ended_at: Option<String>,
    /// Whether an answer key is scored.
    scored: bool,
    /// Instances that were searched.
    done: i64,
    /// Instances in all; 0 until they are counted.
    total: i64,
    /// Why it waits or was given up.
    reason: Option<String>,
    /// Whether it is of the policy and the program that the project is seen by now.
    current: bool,
}

impl From<Row> for EvidenceShape {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            state: row.state.as_str().to_owned(),
            asked_by: row.asked_by,
            asked_at: row.asked_at.to_string(),
            ended_at: row.ended_at.map(|at| at.to_string()),
            scored: row.scored,
            done: row.done,
            total: row.total,
            reason: row.reason,
            current: row.current,
        }
    }
}

/// The evidence of a project.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EvidenceList {
    evidence: Vec<EvidenceShape>,
    /// The Ed25519 key by which signatures of this server are checked, in hexadecimal.
    public_key: String,
}

/// A piece of evidence with what it says.
#[derive(Serialize, ToSchema)]
struct EvidenceFound {
    #[serde(flatten)]
    evidence: EvidenceShape,
    /// `evidence.json` without the lists of files, which are in the pack; nothing before it is gathered.
    found: Option<serde_json::Value>,
}

/// What is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The text of an answer key, which is scored. It is kept in memory alone until then.
    answers: Option<String>,
}

/// The evidence of a project, the newest first.
#[utoipa::path(get, path = "/projects/{project}/evidence", tag = "projects", params(("project" = String, Path)),
    responses((status = 200, body = EvidenceList), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<EvidenceList>, Problem> {
    let (_, _, project) = ask(&app, &caller, Action::QueryProject, &id).await?;
    let rows = evidence::list(&app, &project).await?;
    let public_key = evidence::public_key(&app).await?;
    Ok(Json(EvidenceList { evidence: rows.into_iter().map(Into::into).collect(), public_key }))
}

/// Has everything that the project shows searched for what identifies its patients.
#[utoipa::path(post, path = "/projects/{project}/evidence", tag = "projects", params(("project" = String, Path)),
    request_body = Asked,
    responses((status = 202, body = EvidenceShape), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn ask_for(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(asked): JsonBody<Asked>,
) -> Result<(StatusCode, Json<EvidenceShape>), Problem> {
    let (caller, grant, project) = ask(&app, &caller, Action::ManageProjects, &id).await?;
    let answers = asked.answers.as_deref().map(parse_key).transpose();
    let answers =
        answers.map_err(|error| Problem::bad_request(format!("The answer key can't be read: {error}.")))?;
    let row = evidence::ask(&app, &project, answers, grant.actor()).await?;
    app.govern.audit.record(caller.record(&grant).with("evidence", row.id)).await?;
    Ok((StatusCode::ACCEPTED, Json(row.into())))
}

/// What a piece of evidence says.
#[utoipa::path(get, path = "/projects/{project}/evidence/{number}", tag = "projects",
    params(("project" = String, Path), ("number" = i64, Path)),
    responses((status = 200, body = EvidenceFound), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn one(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, number)): Path<(String, String)>,
) -> Result<Json<EvidenceFound>, Problem> {
    let (_, _, project) = ask(&app, &caller, Action::QueryProject, &id).await?;
    let row = wanted(&app, &project, &number).await?;
    let kept = evidence::kept(&app, row.id).await?;
    let found = kept.and_then(|kept| serde_json::from_str(&kept.pack.document).ok()).map(counted);
    Ok(Json(EvidenceFound { evidence: row.into(), found }))
}

/// Lists of files become their number.
fn counted(mut document: serde_json::Value) -> serde_json::Value {
    for list in ["inputs", "outputs"] {
        document[list] = document[list].as_array().map_or(0, Vec::len).into();
    }
    document
}

/// The signed pack: `policy.toml`, `evidence.json`, `evidence.md`, `evidence.sig`.
#[utoipa::path(get, path = "/projects/{project}/evidence/{number}/pack", tag = "projects",
    params(("project" = String, Path), ("number" = i64, Path)),
    responses((status = 200, content_type = "application/zip", body = Vec<u8>), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn pack(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (caller, grant, project) = ask(&app, &caller, Action::QueryProject, &id).await?;
    let row = wanted(&app, &project, &number).await?;
    let kept = evidence::kept(&app, row.id).await?.ok_or_else(|| Problem::not_found("evidence"))?;
    app.govern.audit.record(caller.record(&grant).with("evidence", row.id)).await?;
    let texts = [
        ("policy.toml", kept.pack.policy),
        ("evidence.json", kept.pack.document),
        ("evidence.md", kept.pack.page),
        ("evidence.sig", kept.signature + "\n"),
    ];
    let members = texts.map(|(name, text)| {
        let content = stream::once(async { Ok(Bytes::from(text)) }).boxed();
        Ok(Member { name: name.to_owned(), content })
    });
    let name = format!("attachment; filename=\"{id}-evidence-{}.zip\"", row.id);
    let headers = [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(zip::body(stream::iter(members)))).into_response())
}

async fn wanted(app: &App, project: &Project, number: &str) -> Result<Row, Problem> {
    let missing = || Problem::not_found("evidence");
    let number = number.parse().map_err(|_| missing())?;
    evidence::one(app, project, number).await?.ok_or_else(missing)
}
