//! Exams handed on: tokens that read one exam for a while, for other viewers and for pages that show ours
//! in a frame (ADR 45).

use super::body::JsonBody;
use super::caller::{Caller, Credential};
use super::dicomweb::BASE;
use super::{EMBED, Problem};
use crate::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use catalog::Scope;
use govern::tokens::NewToken;
use govern::{Action, Resource};
use model::{StudyInstanceUid, Timestamp};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(share)).routes(routes!(viewers))
}

const MINUTE: i64 = 60_000_000;
/// Minutes a shared exam can be read unless said otherwise.
const AN_HOUR: u32 = 60;
/// The longest: thirty days.
const LONGEST: u32 = 30 * 24 * 60;

/// For whom or what, and how long.
#[derive(serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Share {
    /// What it is for, without anything about the patient; it is shown among one's tokens.
    name: String,
    /// Minutes until it ends, 1 to 43200 (thirty days); left out, 60.
    minutes: Option<u32>,
}

/// A token that reads one exam, and the addresses it opens. The secret is shown this once.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Shared {
    /// Names it among one's tokens and in the audit log.
    id: String,
    /// Send it as `Authorization: Bearer …`.
    secret: String,
    expires_at: String,
    /// The exam by DICOMweb.
    dicomweb: String,
    /// The viewer for a frame or a window of its own; the token stands behind `#`, which no server is sent.
    embed: String,
}

/// Makes a token that reads this exam and nothing else, in the name of the caller, until it ends, is revoked
/// among the caller's tokens, or the caller may no longer read the exam.
#[utoipa::path(post, path = "/exams/{study}/tokens", tag = "tokens", request_body = Share,
    params(("study" = String, Path)),
    responses((status = 201, body = Shared), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn share(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(study): Path<String>,
    JsonBody(body): JsonBody<Share>,
) -> Result<(StatusCode, Json<Shared>), Problem> {
    let study = StudyInstanceUid::parse(&study).map_err(|_| Problem::not_found("exam"))?;
    let grant = caller.authorize(&app, Action::Export, &Resource::Exam(study.clone())).await?;
    if let Credential::Token(_) = caller.credential {
        return Err(Problem::forbidden("token-makes-token", "Sign in to share an exam; a token can't."));
    }
    let owner = caller.principal.name();
    if app.govern.accounts.get(owner).await?.is_none() {
        return Err(Problem::bad_request("Tokens belong to accounts; the operator has none."));
    }
    if app.catalog.locate(&Scope::Study(study.clone())).await?.is_empty() {
        return Err(Problem::not_found("exam"));
    }
    let new = wanted(&caller, &study, body)?;
    let (id, secret) = app.govern.tokens.create(owner, &new, Timestamp::now()).await?;
    let entry = caller.record(&grant).with("change", "exam shared").with("token", id.as_str());
    app.govern.audit.record(entry.with("until", new.expires_at.to_string())).await?;
    let base = app.base_url();
    let secret = secret.reveal().to_owned();
    let shared = Shared {
        dicomweb: format!("{base}{BASE}/studies/{study}"),
        embed: format!("{base}{EMBED}/viewer?StudyInstanceUIDs={study}#token={secret}"),
        expires_at: new.expires_at.to_string(),
        id,
        secret,
    };
    Ok((StatusCode::CREATED, Json(shared)))
}

fn wanted(caller: &Caller, study: &StudyInstanceUid, body: Share) -> Result<NewToken, Problem> {
    let minutes = body.minutes.unwrap_or(AN_HOUR);
    if !(1..=LONGEST).contains(&minutes) {
        return Err(Problem::bad_request("An exam is shared for 1 minute to 30 days (43200 minutes)."));
    }
    let expires_at = Timestamp::from_micros(Timestamp::now().as_micros() + i64::from(minutes) * MINUTE);
    let (label, roles) = (body.name, caller.principal.roles());
    Ok(NewToken { label, roles, study: Some(study.clone()), expires_at })
}

/// What an administrator has set up for showing exams elsewhere.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Viewers {
    viewers: Vec<OtherViewer>,
    /// Origins whose pages may show our viewer in a frame.
    embed_origins: Vec<String>,
    /// Our DICOMweb address.
    dicomweb: String,
}

/// Another viewer.
#[derive(serde::Serialize, ToSchema)]
struct OtherViewer {
    name: String,
    /// The address that opens it: `{study}`, `{dicomweb}` and `{token}` are to be filled in.
    address: String,
}

/// Other viewers that exams can be opened in, and who may show ours in a frame.
#[utoipa::path(get, path = "/viewers", tag = "exams",
    responses((status = 200, body = Viewers), (status = 403, body = Problem)))]
async fn viewers(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Viewers>, Problem> {
    // Settings, and nothing of a patient: no entry in the audit log.
    let _grant = caller.authorize(&app, Action::Export, &Resource::Archive).await?;
    let links = &app.config.links;
    let viewer = |(name, address): (&String, &crate::config::ViewerAddress)| OtherViewer {
        name: name.clone(),
        address: address.as_str().to_owned(),
    };
    Ok(Json(Viewers {
        viewers: links.viewers.iter().map(viewer).collect(),
        embed_origins: links.embed_origins.iter().map(|origin| origin.as_str().to_owned()).collect(),
        dicomweb: format!("{}{BASE}", app.base_url()),
    }))
}
