//! The review queue: what the wall was in doubt about, with what it would mask, and what somebody decides.

use super::shapes::OriginalShape;
use super::{ask, originals};
use crate::App;
use crate::http::body::JsonBody;
use crate::http::{Caller, Problem};
use crate::projects::decisions::{self, Group, Kept, New};
use crate::projects::{room, withheld};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use deid::pixels::ImageKind;
use deid::policy::ImageAction;
use deid::{Doubt, Known};
use govern::{Action, Project, Resource};
use model::{SeriesInstanceUid, SopInstanceUid, StudyInstanceUid};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(queue))
        .routes(routes!(one))
        .routes(routes!(decide))
        .routes(routes!(take_back))
        .routes(routes!(as_policy))
}

/// A reason for a decision, in characters.
const LONGEST_NOTE: usize = 1000;

/// What makes images look alike.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KindShape {
    modality: String,
    sop_class_uid: String,
    manufacturer: String,
    model: String,
    rows: u32,
    columns: u32,
}

impl From<ImageKind> for KindShape {
    fn from(kind: ImageKind) -> Self {
        let ImageKind { modality, sop_class, manufacturer, model, rows, columns } = kind;
        Self { modality, sop_class_uid: sop_class, manufacturer, model, rows, columns }
    }
}

/// Objects in doubt for one reason that look alike.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct GroupShape {
    /// A word for the reason.
    reason: String,
    /// The reason in words.
    detail: String,
    kind: KindShape,
    instances: i64,
    subjects: i64,
    /// One of them, by its SOP Instance UID in the project.
    sample: String,
}

impl From<Group> for GroupShape {
    fn from(group: Group) -> Self {
        let Group { reason, detail, kind, instances, subjects, sample } = group;
        Self { reason, detail, kind: kind.into(), instances, subjects, sample }
    }
}

/// A decision.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DecisionShape {
    id: i64,
    /// pixels or creators.
    doubt: String,
    /// One object, by its SOP Instance UID in the project; nothing: all of the kind.
    sop_instance_uid: Option<String>,
    kind: KindShape,
    /// release, mask or withhold.
    action: String,
    /// Left, top, right, bottom in pixels; right and bottom are the first outside.
    boxes: Vec<[usize; 4]>,
    note: String,
    decided_by: String,
    /// RFC 3339.
    decided_at: String,
}

impl From<Kept> for DecisionShape {
    fn from(kept: Kept) -> Self {
        let action = match kept.action {
            ImageAction::Release => "release",
            ImageAction::Mask => "mask",
            ImageAction::Withhold => "withhold",
        };
        let doubt = match kept.doubt {
            Doubt::Pixels => "pixels",
            Doubt::Creators => "creators",
        };
        Self {
            id: kept.id,
            doubt: doubt.into(),
            sop_instance_uid: kept.sop,
            kind: kept.kind.into(),
            action: action.into(),
            boxes: kept.boxes,
            note: kept.note,
            decided_by: kept.by,
            decided_at: kept.at.to_string(),
        }
    }
}

#[derive(Serialize, ToSchema)]
struct Queue {
    groups: Vec<GroupShape>,
    decisions: Vec<DecisionShape>,
}

/// An object in doubt, to be looked at.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CaseShape {
    /// Its UID in the project.
    sop_instance_uid: String,
    reason: String,
    original: OriginalShape,
    frames: usize,
    rows: usize,
    columns: usize,
    /// What a search finds that looks like text: left, top, right, bottom in pixels.
    boxes: Vec<[usize; 4]>,
}

/// What is decided.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DecisionBody {
    /// The object that was looked at, by its UID in the project.
    sop_instance_uid: String,
    /// Whether it counts for all that look like it, those to come too.
    #[serde(default)]
    all_alike: bool,
    /// release, mask or withhold.
    action: String,
    /// To mask: left, top, right, bottom in pixels; right and bottom are the first outside.
    #[serde(default)]
    boxes: Vec<[usize; 4]>,
    /// Why, for whoever reads it later.
    #[serde(default)]
    note: String,
}

/// What waits for a decision, the most first, and what was decided, the newest first.
#[utoipa::path(get, path = "/projects/{project}/review", tag = "projects", params(("project" = String, Path)),
    responses((status = 200, body = Queue), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn queue(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Queue>, Problem> {
    let _asked = ask(&app, &caller, Action::ManageProjects, &id).await?;
    let groups = decisions::queue(&app, &id).await?.into_iter().map(Into::into).collect();
    let decisions = decisions::list(&app, &id).await?.into_iter().map(Into::into).collect();
    Ok(Json(Queue { groups, decisions }))
}

/// An object in doubt, with what a search would mask.
#[utoipa::path(get, path = "/projects/{project}/review/{instance}", tag = "projects",
    params(("project" = String, Path), ("instance" = String, Path)),
    responses((status = 200, body = CaseShape), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn one(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, sop)): Path<(String, String)>,
) -> Result<Json<CaseShape>, Problem> {
    let (caller, grant, project) = ask(&app, &caller, Action::ManageProjects, &id).await?;
    let row = withheld::one(&app, &id, &sop).await?.ok_or_else(missing)?;
    let original =
        originals(&app, &id, std::slice::from_ref(&row)).await?.remove(&sop).ok_or_else(missing)?;
    let entry = caller.record(&grant).of(&resource(&original)?);
    app.govern.audit.record(entry.with("review", "looked at")).await?;
    let suggested = suggest(&app, &project, &original).await?;
    Ok(Json(CaseShape {
        sop_instance_uid: sop,
        reason: row.reason,
        original,
        frames: suggested.frames,
        rows: suggested.rows,
        columns: suggested.columns,
        boxes: suggested.boxes.iter().map(|area| [area.left, area.top, area.right, area.bottom]).collect(),
    }))
}

fn missing() -> Problem {
    Problem::not_found("object in doubt")
}

fn resource(original: &OriginalShape) -> Result<Resource, Problem> {
    let study = StudyInstanceUid::parse(&original.study_instance_uid).map_err(|_| missing())?;
    let series = SeriesInstanceUid::parse(&original.series_instance_uid).map_err(|_| missing())?;
    let sop = SopInstanceUid::parse(&original.sop_instance_uid).map_err(|_| missing())?;
    Ok(Resource::Instance(study, series, sop))
}

async fn suggest(
    app: &App,
    project: &Project,
    original: &OriginalShape,
) -> Result<deid::pixels::Suggestion, Problem> {
    let sop = SopInstanceUid::parse(&original.sop_instance_uid).map_err(|_| missing())?;
    let located = app.catalog.locate_sop(&sop).await?.ok_or_else(missing)?;
    let bytes = app.archive.read_all(&located.locator).await.map_err(|error| Problem::internal(&error))?;
    let open = app.projects.get(app, project).await?;
    let searching = tokio::task::spawn_blocking(move || open.wall.suggest(&bytes, &Known::default()));
    let suggested = searching.await.map_err(|error| Problem::internal(&error))?;
    suggested.map_err(|withheld| Problem::conflict(format!("It can't be looked at: {withheld}.")))
}

/// Decides about an object in doubt, or about all that look like it, and has them pass again.
#[utoipa::path(post, path = "/projects/{project}/decisions", tag = "projects", params(("project" = String, Path)),
    request_body = DecisionBody,
    responses((status = 201), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn decide(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<DecisionBody>,
) -> Result<StatusCode, Problem> {
    let (caller, grant, project) = ask(&app, &caller, Action::ManageProjects, &id).await?;
    let action = match body.action.as_str() {
        "release" => ImageAction::Release,
        "mask" => ImageAction::Mask,
        "withhold" => ImageAction::Withhold,
        _ => return Err(Problem::bad_request("An action is release, mask or withhold.")),
    };
    if body.note.chars().count() > LONGEST_NOTE {
        return Err(Problem::bad_request(format!("A note has {LONGEST_NOTE} characters at most.")));
    }
    let row = withheld::one(&app, &id, &body.sop_instance_uid).await?.ok_or_else(missing)?;
    let new = New {
        of: &row,
        all_alike: body.all_alike,
        action,
        boxes: body.boxes,
        note: body.note.trim().to_owned(),
        by: grant.actor(),
    };
    new.check().map_err(|problem| Problem::bad_request(format!("It can't be decided so: {problem}.")))?;
    let number = decisions::decide(&app, &project, new).await?;
    let number =
        number.ok_or_else(|| Problem::conflict("Nobody can decide about this reason by looking."))?;
    let entry = caller.record(&grant).with("decision", number).with("action", body.action);
    app.govern.audit.record(entry).await?;
    Ok(StatusCode::CREATED)
}

/// Takes a decision back; everything in the project is made anew without it.
#[utoipa::path(delete, path = "/projects/{project}/decisions/{number}", tag = "projects",
    params(("project" = String, Path), ("number" = i64, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn take_back(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, number)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let (caller, grant, project) = ask(&app, &caller, Action::ManageProjects, &id).await?;
    let number = number.parse().map_err(|_| Problem::not_found("decision"))?;
    if !decisions::take_back(&app, &project, number).await? {
        return Err(Problem::not_found("decision"));
    }
    let entry = caller.record(&grant).with("decision", number).with("change", "taken back");
    app.govern.audit.record(entry).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The project's policy with the decisions about kinds of images as rules of its own, as TOML: a draft to be kept as
/// a policy and used elsewhere.
#[utoipa::path(get, path = "/projects/{project}/decisions/policy", tag = "projects",
    params(("project" = String, Path)),
    responses((status = 200, content_type = "application/toml", body = String), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn as_policy(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let (_, _, project) = ask(&app, &caller, Action::ManageProjects, &id).await?;
    let policy = room::policy(&app, &project.terms.policy, project.terms.policy_version).await?;
    let mut document = policy.document().clone();
    document.id = format!("{id}-reviewed");
    document.title = format!("{}, with decisions of {id}", document.title).chars().take(200).collect();
    document.version = 1;
    let decided = decisions::list(&app, &id).await?;
    let of_kinds = decided.iter().filter(|kept| kept.sop.is_none() && kept.doubt == Doubt::Pixels);
    // The newest counts first, and before what the policy says already.
    document.pixels.images.splice(0..0, of_kinds.map(Kept::rule));
    Ok(([(header::CONTENT_TYPE, "application/toml")], document.to_toml()))
}
