//! Cohorts that are kept: listed, changed, forked, frozen.

use super::super::body::JsonBody;
use super::super::{Caller, Problem};
use super::{asker, checked};
use crate::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use govern::{Action, Resource};
use model::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warehouse::ask::{PairCount, Sight};
use warehouse::definition::Definition;
use warehouse::keep::{About, CohortVersion, Frozen, FrozenRow, KeptCohort};
use warehouse::protect::{Count, Counted};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, make))
        .routes(routes!(one, change, remove))
        .routes(routes!(freeze))
        .routes(routes!(members))
}

/// Longest name, in characters.
const NAME: usize = 200;
/// Longest text about it, in characters.
const ABOUT: usize = 4_000;

/// Cohorts.
#[derive(Serialize, ToSchema)]
struct CohortList {
    cohorts: Vec<KeptCohort>,
}

/// The caller's cohorts, and those that others share; the last changed first.
#[utoipa::path(get, path = "/cohorts", tag = "cohorts",
    responses((status = 200, body = CohortList), (status = 403, body = Problem)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<CohortList>, Problem> {
    let (grant, _) = asker(&app, &caller).await?;
    let cohorts = app.warehouse.cohorts(&caller.principal.to_string()).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("cohorts", cohorts.len())).await?;
    Ok(Json(CohortList { cohorts }))
}

/// A cohort to be kept.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CohortToKeep {
    /// Its name.
    name: String,
    /// What it is for.
    #[serde(default)]
    about: String,
    /// Whether others see it.
    #[serde(default)]
    shared: bool,
    definition: Definition,
    /// The cohort it is made from, where it is.
    #[serde(default)]
    forked_from: Option<String>,
}

impl CohortToKeep {
    fn about(&self) -> Result<About, Problem> {
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > NAME || self.about.chars().count() > ABOUT {
            return Err(Problem::bad_request(format!(
                "A cohort has a name of 1 to {NAME} characters and a text of at most {ABOUT}."
            )));
        }
        Ok(About { name: name.into(), about: self.about.trim().into(), shared: self.shared })
    }
}

/// A cohort's id.
#[derive(Serialize, ToSchema)]
struct CohortMade {
    id: String,
}

/// Keeps a new cohort.
#[utoipa::path(post, path = "/cohorts", tag = "cohorts", request_body = CohortToKeep,
    responses((status = 201, body = CohortMade), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn make(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(wanted): JsonBody<CohortToKeep>,
) -> Result<(StatusCode, Json<CohortMade>), Problem> {
    let (grant, _) = asker(&app, &caller).await?;
    checked(&app, &wanted.definition)?;
    let about = wanted.about()?;
    let account = caller.principal.to_string();
    let from = match wanted.forked_from.as_deref() {
        Some(from) => seen(&app, &caller, from).await?.id,
        None => String::new(),
    };
    let now = Timestamp::now().as_micros();
    let id = app.warehouse.make_cohort(&about, &wanted.definition, &from, &account, now).await?;
    app.govern
        .audit
        .record_soon(caller.record(&grant).with("cohort", id.clone()).with("change", "made"))
        .await?;
    Ok((StatusCode::CREATED, Json(CohortMade { id })))
}

/// A cohort, its versions, and what was frozen of it.
#[derive(Serialize, ToSchema)]
struct CohortDetail {
    cohort: KeptCohort,
    /// Whether the caller may change it.
    own: bool,
    /// The newest first.
    versions: Vec<CohortVersion>,
    /// The newest first.
    frozen: Vec<FrozenSummary>,
}

/// A frozen cohort as it is told.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FrozenSummary {
    /// Its id, to be cited.
    id: String,
    /// The cohort's version.
    version: i64,
    /// The version of the facts.
    facts: i64,
    /// SHA-256 of definition, version of the facts and members.
    digest: String,
    patients: Count,
    exams: Count,
    /// Cases and controls, where there are controls: both are in the numbers above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pairs: Option<PairCount>,
    made_by: String,
    /// RFC 3339.
    made_at: String,
}

/// A cohort with all its versions.
#[utoipa::path(get, path = "/cohorts/{id}", tag = "cohorts", params(("id" = String, Path)),
    responses((status = 200, body = CohortDetail), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn one(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<CohortDetail>, Problem> {
    let (grant, sight) = asker(&app, &caller).await?;
    let cohort = seen(&app, &caller, &id).await?;
    let versions = app.warehouse.cohort_versions(&id).await?;
    let frozen = app.warehouse.frozen_of(&id).await?;
    let mut summaries = Vec::with_capacity(frozen.len());
    for one in frozen {
        summaries.push(told(&app, one, sight).await?);
    }
    let own = cohort.owner == caller.principal.to_string();
    app.govern.audit.record_soon(caller.record(&grant).with("cohort", id)).await?;
    Ok(Json(CohortDetail { cohort, own, versions, frozen: summaries }))
}

/// Changes a cohort; another question is another version of it.
#[utoipa::path(put, path = "/cohorts/{id}", tag = "cohorts", params(("id" = String, Path)),
    request_body = CohortToKeep,
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(wanted): JsonBody<CohortToKeep>,
) -> Result<StatusCode, Problem> {
    let (grant, _) = asker(&app, &caller).await?;
    let cohort = own(&app, &caller, &id).await?;
    checked(&app, &wanted.definition)?;
    let account = caller.principal.to_string();
    let now = Timestamp::now().as_micros();
    app.warehouse.change_cohort(&cohort.id, &wanted.about()?, &wanted.definition, &account, now).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("cohort", id).with("change", "changed")).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a cohort off the list; what was frozen of it stays.
#[utoipa::path(delete, path = "/cohorts/{id}", tag = "cohorts", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (grant, _) = asker(&app, &caller).await?;
    let cohort = own(&app, &caller, &id).await?;
    app.warehouse.remove_cohort(&cohort.id, Timestamp::now().as_micros()).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("cohort", id).with("change", "removed")).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Freezes the newest version of a cohort: definition, members and version of the facts, under an id to be cited.
#[utoipa::path(post, path = "/cohorts/{id}/frozen", tag = "cohorts", params(("id" = String, Path)),
    responses((status = 201, body = FrozenSummary), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn freeze(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<FrozenSummary>), Problem> {
    let (grant, sight) = asker(&app, &caller).await?;
    let cohort = own(&app, &caller, &id).await?;
    let versions = app.warehouse.cohort_versions(&id).await?;
    let Some(version) = versions.first() else { return Err(Problem::not_found("cohort")) };
    let account = caller.principal.to_string();
    let now = Timestamp::now().as_micros();
    let frozen =
        app.warehouse.freeze(&cohort.id, version.version, &version.definition, &account, now).await?;
    let entry = caller.record(&grant).with("cohort", id).with("frozen", frozen.id.clone());
    app.govern.audit.record_soon(entry).await?;
    Ok((StatusCode::CREATED, Json(told(&app, frozen, sight).await?)))
}

/// Members of a frozen cohort.
#[derive(Serialize, ToSchema)]
struct FrozenMembers {
    members: Vec<FrozenRow>,
}

/// Who was in a frozen cohort, for who may see rows. The list is checked against the digest.
#[utoipa::path(get, path = "/cohorts/frozen/{frozen}/members", tag = "cohorts", params(("frozen" = String, Path)),
    responses((status = 200, body = FrozenMembers), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn members(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<FrozenMembers>, Problem> {
    let grant = caller.authorize(&app, Action::Query, &Resource::Other("cohort", id.clone())).await?;
    let frozen = app.warehouse.frozen(&id).await?.ok_or_else(|| Problem::not_found("frozen cohort"))?;
    let members = app.warehouse.members(&frozen).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("members", members.len())).await?;
    Ok(Json(FrozenMembers { members }))
}

async fn seen(app: &App, caller: &Caller, id: &str) -> Result<KeptCohort, Problem> {
    let cohort = app.warehouse.cohort(id, &caller.principal.to_string()).await?;
    cohort.ok_or_else(|| Problem::not_found("cohort"))
}

/// A cohort of the caller's own. Others fork it.
async fn own(app: &App, caller: &Caller, id: &str) -> Result<KeptCohort, Problem> {
    let cohort = seen(app, caller, id).await?;
    if cohort.owner == caller.principal.to_string() {
        return Ok(cohort);
    }
    let why = "The cohort is somebody else's: keep a copy of your own and change that.";
    Err(Problem::forbidden("owner-changes-a-cohort", why))
}

async fn told(app: &App, frozen: Frozen, sight: Sight) -> Result<FrozenSummary, Problem> {
    let exams = Counted { count: frozen.exams, ..frozen.patients };
    let (mut patients, mut exams) =
        (app.warehouse.told(frozen.patients, sight), app.warehouse.told(exams, sight));
    let mut pairs = None;
    if let Some(controls) = &frozen.definition.controls {
        let members = app.warehouse.members(&frozen).await?;
        (patients, exams) = app.warehouse.frozen_told(&members, controls, sight);
        pairs = Some(app.warehouse.pairs_of(&members, controls, sight));
    }
    Ok(FrozenSummary {
        patients,
        exams,
        pairs,
        id: frozen.id,
        version: frozen.version,
        facts: frozen.facts,
        digest: frozen.digest,
        made_by: frozen.made_by,
        made_at: frozen.made_at,
    })
}
