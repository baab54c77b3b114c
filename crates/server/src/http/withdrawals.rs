//! Who used what, for what; and what was done when somebody withdrew.

use super::body::JsonBody;
use super::releases::shapes::LetterShape;
use super::{Caller, Problem};
use crate::App;
use crate::releases::withdraw::{self, WithdrawError};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use govern::{Action, Resource};
use model::{StudyInstanceUid, Timestamp};
use release::desk::Release;
use release::request::{Form, Recipient};
use release::state::State as Stand;
use release::withdrawal::{Step, Withdrawal};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(register, register_of))
        .routes(routes!(list, begin))
        .routes(routes!(one))
        .routes(routes!(done))
}

/// Which part of the register.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RegisterQuery {
    /// Of one project.
    project: Option<String>,
    /// Of one release.
    release: Option<String>,
}

/// A use of data.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DataUse {
    release: String,
    title: String,
    project: String,
    purpose: String,
    asked_by: String,
    recipients: Vec<Recipient>,
    state: Stand,
    patients: i64,
    exams: i64,
    forms: Vec<Form>,
    /// RFC 3339; null before a package was made.
    ready_at: Option<String>,
    expires: String,
    receipts: Vec<UseReceipt>,
}

/// Somebody received files.
#[derive(Serialize, ToSchema)]
struct UseReceipt {
    by: String,
    /// RFC 3339.
    at: String,
    bytes: i64,
    files: i64,
}

/// The register.
#[derive(Serialize, ToSchema)]
struct DataUses {
    uses: Vec<DataUse>,
}

/// Who used what, for what: for who decides what leaves, and for auditors.
#[utoipa::path(get, path = "/register", tag = "releases", params(RegisterQuery),
    responses((status = 200, body = DataUses), (status = 403, body = Problem)))]
async fn register(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<RegisterQuery>,
) -> Result<Json<DataUses>, Problem> {
    let decides = govern::authorize(&caller.principal, Action::Release, &Resource::Archive).is_ok();
    let action = if decides { Action::Release } else { Action::ReadAudit };
    let grant = caller.authorize(&app, action, &Resource::Archive).await?;
    let mut uses = Vec::new();
    for release in app.releases.list(query.project.as_deref()).await? {
        if query.release.as_ref().is_none_or(|id| *id == release.id) {
            uses.push(used(&app, release).await?);
        }
    }
    app.govern.audit.record_soon(caller.record(&grant).with("uses", uses.len())).await?;
    Ok(Json(DataUses { uses }))
}

async fn used(app: &App, release: Release) -> Result<DataUse, Problem> {
    let receipts = app.releases.receipts(&release.id).await?.into_iter();
    let receipts = receipts.map(|one| UseReceipt {
        by: one.by,
        at: one.at.to_string(),
        bytes: one.bytes,
        files: one.files,
    });
    let Release { id, request, asked_by, pinned, state, package, .. } = release;
    Ok(DataUse {
        release: id,
        title: request.title,
        project: request.project,
        purpose: request.purpose,
        asked_by,
        recipients: request.recipients,
        state,
        patients: pinned.patients,
        exams: pinned.exams,
        forms: request.forms,
        ready_at: package.map(|package| package.made_at),
        expires: request.expires,
        receipts: receipts.collect(),
    })
}

/// A patient, by one of the exams.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PatientBy {
    /// Study Instance UID.
    study: String,
}

/// Which releases one patient is in. The exam is posted, so that it is in no address.
#[utoipa::path(post, path = "/register", tag = "releases", request_body = PatientBy,
    responses((status = 200, body = DataUses), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn register_of(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<PatientBy>,
) -> Result<Json<DataUses>, Problem> {
    let grant = caller.authorize(&app, Action::Release, &Resource::Archive).await?;
    let study = uid(&body.study)?;
    let who = withdraw::who(&app, &study).await?;
    let mut uses = Vec::new();
    for id in app.releases.with(who.person, &who.studies).await? {
        if let Some(release) = app.releases.one(&id).await? {
            uses.push(used(&app, release).await?);
        }
    }
    let entry = caller.record(&grant).of(&Resource::Exam(study)).with("uses", uses.len());
    app.govern.audit.record_soon(entry).await?;
    Ok(Json(DataUses { uses }))
}

fn uid(text: &str) -> Result<StudyInstanceUid, Problem> {
    StudyInstanceUid::parse(text).map_err(|error| Problem::bad_request(error.to_string()))
}

/// Who withdraws.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WithdrawalBody {
    /// Study Instance UID of one of the patient's exams.
    study: String,
    /// What was said.
    reason: String,
}

/// The id of a withdrawal.
#[derive(Serialize, ToSchema)]
struct WithdrawalMade {
    id: String,
}

/// A place, and what became of the patient there.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WithdrawalStep {
    n: i64,
    /// project, facts, frozen, package, recipient, consent
    place: String,
    name: String,
    /// done or waits
    state: String,
    says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    done_by: Option<String>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    done_at: Option<String>,
}

/// A withdrawal.
#[derive(Serialize, ToSchema)]
struct WithdrawalShape {
    id: String,
    by: String,
    /// RFC 3339.
    at: String,
    reason: String,
    steps: Vec<WithdrawalStep>,
    /// What recipients were told.
    letters: Vec<LetterShape>,
}

/// Withdrawals.
#[derive(Serialize, ToSchema)]
struct WithdrawalList {
    withdrawals: Vec<WithdrawalShape>,
}

impl From<Step> for WithdrawalStep {
    fn from(step: Step) -> Self {
        let (done_by, done_at) = step.done.map(|(by, at)| (by, at.to_string())).unzip();
        let state = if step.waits { "waits" } else { "done" };
        Self {
            n: step.n,
            place: step.place,
            name: step.name,
            state: state.into(),
            says: step.says,
            done_by,
            done_at,
        }
    }
}

impl WithdrawalShape {
    fn of(app: &App, one: Withdrawal) -> Self {
        let steps = one.steps.into_iter().map(Into::into).collect();
        let letters = one.letters.into_iter().map(|letter| LetterShape::of(app, letter)).collect();
        Self { id: one.id, by: one.by, at: one.at.to_string(), reason: one.reason, steps, letters }
    }
}

fn resource(id: &str) -> Resource {
    Resource::Other("withdrawal", id.to_owned())
}

/// Withdraws a patient from all research, in one act.
#[utoipa::path(post, path = "/withdrawals", tag = "releases", request_body = WithdrawalBody,
    responses((status = 201, body = WithdrawalMade), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn begin(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<WithdrawalBody>,
) -> Result<(StatusCode, Json<WithdrawalMade>), Problem> {
    let grant = caller.authorize(&app, Action::Release, &Resource::Archive).await?;
    let study = uid(&body.study)?;
    let reason = body.reason.trim().to_owned();
    if reason.is_empty() || reason.len() > 4_000 {
        return Err(Problem::bad_request("Say what was said, in at most 4000 bytes."));
    }
    let who = withdraw::who(&app, &study).await?;
    let entry = caller.record(&grant).of(&Resource::Exam(study)).with("change", "withdrawn");
    app.govern.audit.record(entry).await?;
    let by = caller.principal.to_string();
    // Whoever goes away while it is done finds it done all the same.
    let doing = tokio::spawn(async move { withdraw::withdraw(&app, &who, &by, &reason).await });
    let id = doing.await.map_err(|error| Problem::internal(&error))??;
    Ok((StatusCode::CREATED, Json(WithdrawalMade { id })))
}

/// All withdrawals, the latest first.
#[utoipa::path(get, path = "/withdrawals", tag = "releases",
    responses((status = 200, body = WithdrawalList), (status = 403, body = Problem)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<WithdrawalList>, Problem> {
    let grant = caller.authorize(&app, Action::Release, &Resource::Archive).await?;
    let all = app.releases.withdrawals().await?;
    app.govern.audit.record_soon(caller.record(&grant).with("withdrawals", all.len())).await?;
    Ok(Json(WithdrawalList {
        withdrawals: all.into_iter().map(|one| WithdrawalShape::of(&app, one)).collect(),
    }))
}

/// A withdrawal: what was done, and what waits for a person.
#[utoipa::path(get, path = "/withdrawals/{id}", tag = "releases", params(("id" = String, Path)),
    responses((status = 200, body = WithdrawalShape), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn one(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<WithdrawalShape>, Problem> {
    let grant = caller.authorize(&app, Action::Release, &resource(&id)).await?;
    let found = app.releases.withdrawal(&id).await?.ok_or_else(|| Problem::not_found("withdrawal"))?;
    app.govern.audit.record_soon(caller.record(&grant)).await?;
    Ok(Json(WithdrawalShape::of(&app, found)))
}

/// What a person did.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StepNote {
    #[serde(default)]
    note: String,
}

/// Marks what a person had to do as done.
#[utoipa::path(post, path = "/withdrawals/{id}/steps/{number}", tag = "releases",
    params(("id" = String, Path), ("number" = i64, Path)), request_body = StepNote,
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn done(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, number)): Path<(String, String)>,
    JsonBody(body): JsonBody<StepNote>,
) -> Result<StatusCode, Problem> {
    let grant = caller.authorize(&app, Action::Release, &resource(&id)).await?;
    let missing = || Problem::not_found("step that waits");
    let number: i64 = number.parse().map_err(|_| missing())?;
    if body.note.len() > 4_000 {
        return Err(Problem::bad_request("A note has at most 4000 bytes."));
    }
    let by = caller.principal.to_string();
    if !app.releases.done(&id, number, (&by, body.note.trim()), Timestamp::now()).await? {
        return Err(missing());
    }
    app.govern.audit.record(caller.record(&grant).with("step", number)).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<WithdrawError> for Problem {
    fn from(error: WithdrawError) -> Self {
        match error {
            WithdrawError::NoPatient => Self::not_found("patient by this exam"),
            WithdrawError::Projects(error) => error.into(),
            WithdrawError::Project(error) => error.into(),
            WithdrawError::Warehouse(error) => error.into(),
            WithdrawError::Step(error) => error.into(),
            error => Self::internal(&error),
        }
    }
}
