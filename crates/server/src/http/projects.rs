//! Projects: making and changing them, their members, their subjects, what can be seen of them. What is seen
//! itself goes by the project's own DICOMweb service.

mod evidence;
mod explain;
mod identity;
mod review;
mod shapes;
mod subjects;

use super::body::JsonBody;
use super::{Caller, Problem};
use crate::App;
use crate::projects::room::{policy, today};
use crate::projects::{self, Place, ProjectsError, withheld};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use govern::{Action, Grant, Project, ProjectError, ProjectRole, ProjectTerms, Resource};
use model::Timestamp;
use serde::Deserialize;
use shapes::{
    ChangedProject, Coverage, MemberBody, MemberList, NewProject, OriginalShape, ProjectList, ProjectShape,
    WithheldCount, WithheldList, WithheldShape,
};
use std::collections::HashMap;
use std::sync::Arc;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(one, change))
        .routes(routes!(members))
        .routes(routes!(set_member, remove_member))
        .routes(routes!(coverage))
        .routes(routes!(withheld_list))
        .routes(routes!(make_anew))
        .merge(subjects::routes())
        .merge(identity::routes())
        .merge(evidence::routes())
        .merge(explain::routes())
        .merge(review::routes())
}

/// Withheld objects told at a time.
const LISTED: i64 = 200;

/// The projects the caller may see.
#[utoipa::path(get, path = "/projects", tag = "projects", responses((status = 200, body = ProjectList)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<ProjectList>, Problem> {
    let _grant = caller.authorize(&app, Action::ManageOwnAccount, &Resource::Archive).await?;
    let seats: HashMap<_, _> = app.govern.projects.seats(&caller.principal).await?.into_iter().collect();
    let projects = app.govern.projects.list().await?.into_iter();
    let shapes = projects.map(|project| {
        let role = seats.get(&project.id).copied();
        shape(&caller, project, role)
    });
    let projects = shapes.filter(|shape| shape.may_manage || shape.role.is_some()).collect();
    Ok(Json(ProjectList { projects }))
}

/// Makes a project.
#[utoipa::path(post, path = "/projects", tag = "projects", request_body = NewProject,
    responses((status = 201, body = ProjectShape), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem)))]
async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(new): JsonBody<NewProject>,
) -> Result<(StatusCode, Json<ProjectShape>), Problem> {
    let grant = caller.authorize(&app, Action::ManageProjects, &resource(&new.id)).await?;
    check_policy(&app, &new.terms).await?;
    let project = app.govern.projects.create(&new.id, &new.terms, grant.actor(), Timestamp::now()).await?;
    app.govern.audit.record(caller.record(&grant).with("change", "made")).await?;
    Ok((StatusCode::CREATED, Json(shaped(&app, &caller, project).await?)))
}

/// One project.
#[utoipa::path(get, path = "/projects/{project}", tag = "projects", params(("project" = String, Path)),
    responses((status = 200, body = ProjectShape), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn one(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ProjectShape>, Problem> {
    let (_, _, project) = ask(&app, &caller, Action::QueryProject, &id).await?;
    Ok(Json(shaped(&app, &caller, project).await?))
}

/// Changes a project. Another policy has everything made anew; until then nothing of it is shown.
#[utoipa::path(put, path = "/projects/{project}", tag = "projects", params(("project" = String, Path)),
    request_body = ChangedProject,
    responses((status = 200, body = ProjectShape), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "It was changed meanwhile.")))]
async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(changed): JsonBody<ChangedProject>,
) -> Result<Json<ProjectShape>, Problem> {
    let (caller, grant, _) = ask(&app, &caller, Action::ManageProjects, &id).await?;
    check_policy(&app, &changed.terms).await?;
    let project = app.govern.projects.change(&id, changed.version, &changed.terms).await?;
    let entry = caller.record(&grant).with("change", "changed").with("version", project.version);
    app.govern.audit.record(entry).await?;
    // Uses and consent may count otherwise now.
    projects::mark_all(&app, &id).await?;
    Ok(Json(shaped(&app, &caller, project).await?))
}

/// Who is in a project.
#[utoipa::path(get, path = "/projects/{project}/members", tag = "projects", params(("project" = String, Path)),
    responses((status = 200, body = MemberList), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn members(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<MemberList>, Problem> {
    let _asked = ask(&app, &caller, Action::QueryProject, &id).await?;
    let members = app.govern.projects.members(&id).await?.into_iter().map(Into::into).collect();
    Ok(Json(MemberList { members }))
}

/// Adds a member, or changes what it is in the project.
#[utoipa::path(put, path = "/projects/{project}/members/{member}", tag = "projects",
    params(("project" = String, Path), ("member" = String, Path)), request_body = MemberBody,
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn set_member(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, member)): Path<(String, String)>,
    JsonBody(body): JsonBody<MemberBody>,
) -> Result<StatusCode, Problem> {
    let (caller, grant, _) = ask(&app, &caller, Action::LeadProject, &id).await?;
    let role = ProjectRole::parse(&body.role)
        .ok_or_else(|| Problem::bad_request("A role in a project is lead or member."))?;
    app.govern.projects.set_member(&id, &member, role, grant.actor(), Timestamp::now()).await?;
    let entry = caller.record(&grant).of(&member_resource(&member)).with("role", role.as_str());
    app.govern.audit.record(entry).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a member out.
#[utoipa::path(delete, path = "/projects/{project}/members/{member}", tag = "projects",
    params(("project" = String, Path), ("member" = String, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn remove_member(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, member)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let (caller, grant, _) = ask(&app, &caller, Action::LeadProject, &id).await?;
    app.govern.projects.remove_member(&id, &member).await?;
    let entry = caller.record(&grant).of(&member_resource(&member)).with("change", "removed");
    app.govern.audit.record(entry).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How much can be seen in a project, and what is withheld for which reason.
#[utoipa::path(get, path = "/projects/{project}/coverage", tag = "projects", params(("project" = String, Path)),
    responses((status = 200, body = Coverage), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn coverage(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Coverage>, Problem> {
    let (_, _, project) = ask(&app, &caller, Action::QueryProject, &id).await?;
    // Whoever manages it looks also while nothing is shown.
    let counts = app.projects.get(&app, &project).await?.room.catalog.counts().await?;
    let subjects = app.govern.projects.subjects(&id).await?;
    let withheld = withheld::by_reason(&app, &id).await?;
    let withheld =
        withheld.into_iter().map(|(reason, detail, instances)| WithheldCount { reason, detail, instances });
    Ok(Json(Coverage {
        not_usable: subjects.iter().filter(|subject| !subject.may_be_used(&project)).count(),
        subjects: subjects.len(),
        exams: counts.exams,
        series: counts.series,
        instances: counts.instances,
        waiting: projects::waiting(&app, &id).await?,
        withheld: withheld.collect(),
    }))
}

/// Which part of the list is asked for.
#[derive(Deserialize, IntoParams)]
struct WithheldQuery {
    /// A word for the reason; all of them if left out.
    reason: Option<String>,
    /// The SOP Instance UID after which the list goes on.
    after: Option<String>,
}

/// What the wall kept back.
#[utoipa::path(get, path = "/projects/{project}/withheld", tag = "projects",
    params(("project" = String, Path), WithheldQuery),
    responses((status = 200, body = WithheldList), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn withheld_list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<WithheldQuery>,
) -> Result<Json<WithheldList>, Problem> {
    let (caller, grant, _) = ask(&app, &caller, Action::ManageProjects, &id).await?;
    let WithheldQuery { reason, after } = query;
    let (reason, after) = (reason.unwrap_or_default(), after.unwrap_or_default());
    let rows = withheld::list(&app, &id, &reason, &after, LISTED).await?;
    let more = rows.len() as i64 == LISTED;
    let mut originals = originals(&app, &id, &rows).await?;
    let told: Vec<_> = rows
        .into_iter()
        .map(|row| WithheldShape { original: originals.remove(&row.sop), ..row.into() })
        .collect();
    app.govern.audit.record_soon(caller.record(&grant).with("withheld", told.len())).await?;
    Ok(Json(WithheldList { withheld: told, more }))
}

/// The originals behind what is withheld, by its UID in the project.
async fn originals(
    app: &App,
    project: &str,
    rows: &[withheld::Row],
) -> Result<HashMap<String, OriginalShape>, Problem> {
    let uids: Vec<&str> = rows.iter().map(|row| row.sop.as_str()).collect();
    let known =
        app.projects.vault()?.originals(project, &uids).await.map_err(|error| Problem::internal(&error))?;
    let sops = known.into_iter().map(|one| one.map(|(_, sop)| sop.reveal().clone()).unwrap_or_default());
    let sops: Vec<String> = sops.collect();
    let located = app.catalog.locate_sops(&sops).await?;
    let mut found: HashMap<String, OriginalShape> = located
        .into_iter()
        .map(|one| {
            let (study_instance_uid, series_instance_uid) = (one.study, one.series);
            let sop_instance_uid = one.sop.clone();
            (one.sop, OriginalShape { study_instance_uid, series_instance_uid, sop_instance_uid })
        })
        .collect();
    let pairs = rows.iter().zip(sops);
    Ok(pairs.filter_map(|(row, sop)| Some((row.sop.clone(), found.remove(&sop)?))).collect())
}

/// Has all subjects passed through the wall again: what was withheld may have become possible.
#[utoipa::path(post, path = "/projects/{project}/anew", tag = "projects", params(("project" = String, Path)),
    responses((status = 202), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn make_anew(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (caller, grant, _) = ask(&app, &caller, Action::ManageProjects, &id).await?;
    app.govern.audit.record(caller.record(&grant).with("change", "made anew")).await?;
    withheld::forget_all(&app, &id).await?;
    projects::mark_all(&app, &id).await?;
    Ok(StatusCode::ACCEPTED)
}

fn resource(id: &str) -> Resource {
    Resource::Project(id.to_owned(), None)
}

fn member_resource(member: &str) -> Resource {
    match member.strip_prefix("peer:") {
        Some(peer) => Resource::Peer(peer.to_owned()),
        None => Resource::Account(member.to_owned()),
    }
}

/// Asks `govern` with the caller's place in the project, and only then whether there is one.
async fn ask(
    app: &App,
    caller: &Caller,
    action: Action,
    id: &str,
) -> Result<(Caller, Grant, Project), Problem> {
    let principal = app.govern.projects.seat(&caller.principal, id).await?;
    let caller = Caller { principal, ..caller.clone() };
    let grant = caller.authorize(app, action, &resource(id)).await?;
    let project = app.govern.projects.get(id).await?.ok_or_else(|| Problem::not_found("project"))?;
    Ok((caller, grant, project))
}

/// A project must be able to open: its policy is looked at before it is kept.
async fn check_policy(app: &App, terms: &ProjectTerms) -> Result<(), Problem> {
    match policy(app, &terms.policy, terms.policy_version).await {
        Err(ProjectsError::Policy(why)) => Err(Problem::bad_request(why)),
        other => Ok(other.map(drop)?),
    }
}

async fn shaped(app: &App, caller: &Caller, project: Project) -> Result<ProjectShape, Problem> {
    let seats = app.govern.projects.seats(&caller.principal).await?;
    let role = seats.into_iter().find(|(id, _)| *id == project.id).map(|(_, role)| role);
    Ok(shape(caller, project, role))
}

fn shape(caller: &Caller, project: Project, role: Option<ProjectRole>) -> ProjectShape {
    let who = match role {
        Some(role) => caller.principal.clone().seated(&project.id, role),
        None => caller.principal.clone(),
    };
    let may = |action| govern::authorize(&who, action, &resource(&project.id)).is_ok();
    let (may_manage, may_lead) = (may(Action::ManageProjects), may(Action::LeadProject));
    let may_reidentify = may(Action::Reidentify);
    ProjectShape {
        is_open: project.is_open(&today()),
        role: role.map(|role| role.as_str().to_owned()),
        may_manage,
        may_lead,
        may_reidentify,
        dicomweb: Place::Project(project.id.clone()).path(),
        version: project.version,
        terms: project.terms,
        created_by: project.created_by,
        created_at: project.created_at.to_string(),
        id: project.id,
    }
}

/// The part of a project that a subject is.
fn subject_resource(id: &str, code: &str) -> Resource {
    Resource::Project(id.to_owned(), Some(format!("subject/{code}")))
}

impl From<ProjectError> for Problem {
    fn from(error: ProjectError) -> Self {
        match error {
            ProjectError::Invalid(why) => Self::bad_request(why),
            ProjectError::Exists(_) => Self::new(StatusCode::CONFLICT, "exists", format!("{error}.")),
            ProjectError::Missing(what) => Self::not_found(what),
            ProjectError::Changed(_) => Self::new(StatusCode::CONFLICT, "changed", format!("{error}.")),
            ProjectError::Ledger(error) => Self::internal(&error),
        }
    }
}
