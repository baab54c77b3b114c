//! De-identification policies: their versions, what is wrong with one, approval, differences, and a preview.

mod shapes;

use super::Problem;
use super::body::JsonBody;
use super::caller::Caller;
use crate::App;
use crate::policies::preview::{PreviewError, preview};
use crate::policies::{self, PolicyError, wording};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use catalog::Scope;
use deid::Policy;
use govern::{Action, Grant, Resource};
use model::{SeriesInstanceUid, SopInstanceUid, StudyInstanceUid};
use shapes::{
    Attributes, Checked, Compared, Comparison, CtpScript, Imported, Kept, NewPolicy, NextVersion, Options,
    PolicyList, PolicyWanted, PreviewWanted, VersionBody,
};
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) use shapes::Shown;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(options))
        .routes(routes!(attributes))
        .routes(routes!(check))
        .routes(routes!(compare))
        .routes(routes!(import_ctp))
        .routes(routes!(show))
        .routes(routes!(versions, next))
        .routes(routes!(version))
        .routes(routes!(approve))
}

async fn may(app: &App, caller: &Caller) -> Result<Grant, Problem> {
    caller.authorize(app, Action::ManagePolicies, &Resource::Archive).await
}

/// All policies, the ready-made ones first, each with its versions.
#[utoipa::path(get, path = "/policies", tag = "policies",
    responses((status = 200, body = PolicyList), (status = 403, body = Problem)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<PolicyList>, Problem> {
    let _grant = may(&app, &caller).await?;
    let projects = app.govern.projects.list().await?;
    Ok(Json(PolicyList::of(policies::all(&app.ledger).await?, &projects)))
}

/// The options of the Basic profile (PS3.15 §E.3), for forms.
#[utoipa::path(get, path = "/policies/options", tag = "policies",
    responses((status = 200, body = Options), (status = 403, body = Problem)))]
async fn options(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Options>, Problem> {
    let _grant = may(&app, &caller).await?;
    Ok(Json(Options::all()))
}

/// The attributes of the standard that a rule can name, by keyword.
#[utoipa::path(get, path = "/policies/attributes", tag = "policies",
    responses((status = 200, body = Attributes), (status = 403, body = Problem)))]
async fn attributes(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Attributes>, Problem> {
    let _grant = may(&app, &caller).await?;
    Ok(Json(Attributes::all()))
}

/// All versions of a policy, the newest first.
#[utoipa::path(get, path = "/policies/{id}/versions", tag = "policies", params(("id" = String, Path)),
    responses((status = 200, body = Vec<Kept>), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn versions(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Vec<Kept>>, Problem> {
    let _grant = may(&app, &caller).await?;
    let found = policies::versions(&app.ledger, &id).await?;
    if found.is_empty() {
        return Err(PolicyError::Missing { id, version: None }.into());
    }
    Ok(Json(found.into_iter().map(Kept::from).collect()))
}

/// A version of a policy, as it was written and as data.
#[utoipa::path(get, path = "/policies/{id}/versions/{version}", tag = "policies",
    params(("id" = String, Path), ("version" = i64, Path)),
    responses((status = 200, body = VersionBody), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn version(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, version)): Path<(String, String)>,
) -> Result<Json<VersionBody>, Problem> {
    let _grant = may(&app, &caller).await?;
    let found = policies::find(&app.ledger, &id, Some(number(&id, &version)?)).await?;
    Ok(Json(VersionBody::of(found)?))
}

/// Keeps a new policy, as a draft in version 1, under the id that its document bears.
#[utoipa::path(post, path = "/policies", tag = "policies", request_body = NewPolicy,
    responses((status = 201, body = VersionBody), (status = 403, body = Problem),
        (status = 409, body = Problem, description = "The id is taken."),
        (status = 422, body = Problem, description = "The document is not valid.")))]
async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(asked): JsonBody<NewPolicy>,
) -> Result<(StatusCode, Json<VersionBody>), Problem> {
    let grant = may(&app, &caller).await?;
    let note = asked.note()?;
    let text = asked.wording.text()?;
    let kept = policies::create(&app.ledger, &text, &note, grant.actor()).await?;
    record(&app, &caller, &grant, &kept, "made").await?;
    Ok((StatusCode::CREATED, Json(VersionBody::of(kept)?)))
}

/// Keeps the next version of a policy, as a draft. The ones before stay as they are.
#[utoipa::path(post, path = "/policies/{id}/versions", tag = "policies", request_body = NextVersion,
    params(("id" = String, Path)),
    responses((status = 201, body = VersionBody), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "Somebody made a version meanwhile."),
        (status = 422, body = Problem, description = "The document is not valid.")))]
async fn next(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(asked): JsonBody<NextVersion>,
) -> Result<(StatusCode, Json<VersionBody>), Problem> {
    let grant = may(&app, &caller).await?;
    let note = asked.policy.note()?;
    let text = asked.policy.wording.text()?;
    let kept = policies::next(&app.ledger, &id, asked.seen, &text, &note, grant.actor()).await?;
    record(&app, &caller, &grant, &kept, "changed").await?;
    Ok((StatusCode::CREATED, Json(VersionBody::of(kept)?)))
}

/// Approves a draft. Its author can't, where another account has the right.
#[utoipa::path(post, path = "/policies/{id}/versions/{version}/approve", tag = "policies",
    params(("id" = String, Path), ("version" = i64, Path)),
    responses((status = 200, body = Kept), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "It is approved already, or ready-made.")))]
async fn approve(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, version)): Path<(String, String)>,
) -> Result<Json<Kept>, Problem> {
    let grant = may(&app, &caller).await?;
    let approved = policies::approve(&app, &id, number(&id, &version)?, &caller.principal).await?;
    record(&app, &caller, &grant, &approved, "approved").await?;
    Ok(Json(approved.into()))
}

async fn record(
    app: &App,
    caller: &Caller,
    grant: &Grant,
    version: &policies::Version,
    change: &str,
) -> Result<(), Problem> {
    let entry = caller.record(grant).of(&Resource::Other("policy", version.id.clone()));
    let entry = entry.with("change", change).with("version", version.version);
    let entry = entry.with("sha256", version.digest.as_str());
    let entry = match &version.state {
        policies::State::Approved { alone: true, .. } => entry.with("alone", true),
        _ => entry,
    };
    Ok(app.govern.audit.record(entry).await?)
}

/// Says whether a document is a policy, and where it is wrong. Data comes back as text and text as data; nothing is kept.
#[utoipa::path(post, path = "/policies/check", tag = "policies", request_body = shapes::Wording,
    responses((status = 200, body = Checked), (status = 403, body = Problem)))]
async fn check(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(asked): JsonBody<shapes::Wording>,
) -> Result<Json<Checked>, Problem> {
    let _grant = may(&app, &caller).await?;
    Ok(Json(Checked::of(asked)))
}

/// What differs between two policies: keys of the documents first, then what becomes of attributes.
#[utoipa::path(post, path = "/policies/compare", tag = "policies", request_body = Comparison,
    responses((status = 200, body = Compared), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn compare(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(asked): JsonBody<Comparison>,
) -> Result<Json<Compared>, Problem> {
    let _grant = may(&app, &caller).await?;
    let before = wanted(&app, asked.before).await?;
    let after = wanted(&app, asked.after).await?;
    Ok(Json(Compared::of(&before, &after)))
}

/// Reads a CTP anonymizer script into a policy, with a list of what can't be carried over. Nothing is kept.
#[utoipa::path(post, path = "/policies/ctp", tag = "policies", request_body = CtpScript,
    responses((status = 200, body = Imported), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn import_ctp(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(asked): JsonBody<CtpScript>,
) -> Result<Json<Imported>, Problem> {
    let _grant = may(&app, &caller).await?;
    let imported = deid::ctp::import(&asked.script, &asked.id);
    let imported = imported.map_err(|error| invalid(format!("{}.", shapes::causes(&error))))?;
    Ok(Json(Imported::of(imported)))
}

/// What a policy would make of an instance that is here: each attribute before and after, and the rule that decided.
/// Codes, UIDs and dates are examples: the key is made for previews alone.
#[utoipa::path(post, path = "/policies/preview", tag = "policies", request_body = PreviewWanted,
    responses((status = 200, body = Shown), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem, description = "The policy is not valid.")))]
async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(asked): JsonBody<PreviewWanted>,
) -> Result<Json<Shown>, Problem> {
    let missing = || Problem::not_found("instance");
    let _manages = may(&app, &caller).await?;
    let scope = scope(&asked).ok_or_else(missing)?;
    let study = StudyInstanceUid::parse(&asked.study).map_err(|_| missing())?;
    let grant = caller.authorize(&app, Action::Read, &Resource::Exam(study)).await?;
    let policy = wanted(&app, asked.policy).await?;
    let instance = app.catalog.locate(&scope).await?.into_iter().next().ok_or_else(missing)?;
    let previewed = preview(&app, policy, &instance).await?;
    let entry = caller.record(&grant).with("preview", instance.sop.as_str());
    app.govern.audit.record_soon(entry.with("policy", previewed.label.as_str())).await?;
    Ok(Json(Shown::of(previewed, instance, asked.path.as_deref())))
}

fn scope(asked: &PreviewWanted) -> Option<Scope> {
    let study = StudyInstanceUid::parse(&asked.study).ok()?;
    let series = asked.series.as_deref().map(SeriesInstanceUid::parse).transpose().ok()?;
    let instance = asked.instance.as_deref().map(SopInstanceUid::parse).transpose().ok()?;
    Some(match (series, instance) {
        (Some(series), Some(instance)) => Scope::Instance(study, series, instance),
        (Some(series), None) => Scope::Series(study, series),
        (None, None) => Scope::Study(study),
        (None, Some(_)) => return None,
    })
}

/// A policy that is kept, or one that is only written in the request.
async fn wanted(app: &App, asked: PolicyWanted) -> Result<Policy, Problem> {
    if let Some(id) = &asked.id {
        let found = policies::find(&app.ledger, id, asked.version).await?;
        return Ok(policies::get(&app.ledger, id, found.version).await?);
    }
    let text = asked.wording.text()?;
    Ok(wording::read(&text).map_err(PolicyError::Invalid)?.1)
}

fn number(id: &str, version: &str) -> Result<i64, Problem> {
    version.parse().map_err(|_| PolicyError::Missing { id: id.into(), version: None }.into())
}

fn invalid(detail: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "policy", detail)
}

impl From<PolicyError> for Problem {
    fn from(error: PolicyError) -> Self {
        let detail = format!("{error}.");
        match error {
            PolicyError::Invalid(_) => invalid(detail),
            PolicyError::Missing { .. } => Self::new(StatusCode::NOT_FOUND, "not-found", detail),
            PolicyError::Changed(_) => Self::new(StatusCode::CONFLICT, "changed", detail),
            PolicyError::Taken(_)
            | PolicyError::ReadyMade(_)
            | PolicyError::Approved
            | PolicyError::Forged(..)
            | PolicyError::Draft(..) => Self::conflict(detail),
            PolicyError::Locked(_) => Self::new(StatusCode::SERVICE_UNAVAILABLE, "vault-locked", detail),
            PolicyError::Own(_) => Self::forbidden("policy-by-two", &detail),
            PolicyError::Ledger(error) => Self::internal(&error),
        }
    }
}

impl From<PreviewError> for Problem {
    fn from(error: PreviewError) -> Self {
        match error {
            PreviewError::TooLarge => Self::bad_request(format!("{error}.")),
            error => Self::internal(&error),
        }
    }
}
