//! Uploads: a folder's files, one request each, which can be taken up again after a broken connection.
//! The command line's import comes in here too when a server is running.

use super::body::JsonBody;
use super::receive::{Chunks, UploadOutcome, announced_digest, file_name};
use super::{Caller, Credential, Problem};
use crate::App;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use govern::{Action, Resource};
use intake::import::{Settled, Verdict};
use intake::uploads::{Upload as Open, UploadHead, UploadedFile as Settling};
use intake::{Intake, Strangers};
use model::{Door, SeriesInstanceUid, Sha256Digest, SopInstanceUid, Source, Timestamp};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(begin))
        .routes(routes!(state))
        .routes(routes!(put))
        .routes(routes!(held))
        .routes(routes!(finish))
}

/// Exams named in one audit entry; an upload of more names these and their number.
const EXAMS_AUDITED: usize = 200;

/// A new upload.
#[derive(serde::Deserialize, ToSchema)]
struct NewUpload {
    /// What its sender calls it.
    #[serde(default)]
    name: Option<String>,
}

/// An upload.
#[derive(serde::Serialize, ToSchema)]
struct Upload {
    id: String,
}

/// Begins an upload.
#[utoipa::path(post, path = "/uploads", tag = "uploads", request_body = NewUpload,
    responses((status = 201, body = Upload), (status = 403, body = Problem)))]
async fn begin(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(new): JsonBody<NewUpload>,
) -> Result<(StatusCode, Json<Upload>), Problem> {
    let id = new_id();
    let resource = Resource::Other("upload", id.clone());
    let grant = caller.authorize(&app, Action::Store, &resource).await?;
    let name = new.name.map(|name| name.chars().take(200).collect());
    let account = caller.principal.to_string();
    let head = UploadHead { id: id.clone(), name, account, created_at: Timestamp::now() };
    app.uploads.begin(head).map_err(|error| Problem::internal(&error))?;
    app.govern.audit.record(caller.record(&grant).with("change", "upload begun")).await?;
    Ok((StatusCode::CREATED, Json(Upload { id })))
}

fn new_id() -> String {
    let random: [u8; 16] = rand::random();
    random.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The caller's upload of this id.
fn find(app: &App, caller: &Caller, id: &str) -> Result<Arc<Open>, Problem> {
    let found = app.uploads.find(id, &caller.principal.to_string());
    found.map_err(|error| Problem::internal(&error))?.ok_or_else(|| Problem::not_found("upload"))
}

/// One file of an upload.
#[derive(serde::Serialize, ToSchema)]
struct UploadedFile {
    path: String,
    size: u64,
    #[serde(flatten)]
    outcome: UploadOutcome,
}

/// What arrived so far.
#[derive(serde::Serialize, ToSchema)]
struct UploadState {
    files: Vec<UploadedFile>,
}

/// The files that arrived, so that the rest alone need be sent.
#[utoipa::path(get, path = "/uploads/{id}", tag = "uploads", params(("id" = String, Path)),
    responses((status = 200, body = UploadState), (status = 404, body = Problem)))]
async fn state(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<UploadState>, Problem> {
    let _grant = caller.authorize(&app, Action::Store, &Resource::Other("upload", id.clone())).await?;
    let files = find(&app, &caller, &id)?.files().into_iter().map(|file| UploadedFile {
        path: file.path,
        size: file.size,
        outcome: file.settled.into(),
    });
    Ok(Json(UploadState { files: files.collect() }))
}

/// Which file a request brings.
#[derive(serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FileQuery {
    /// Its path in the folder that is uploaded, where the header X-File-Path doesn't tell it.
    path: Option<String>,
}

/// Takes one file. It is durable when this answers. Sent again, it is found to be held already.
#[utoipa::path(put, path = "/uploads/{id}/files", tag = "uploads",
    params(("id" = String, Path), FileQuery,
        ("X-File-Path" = Option<String>, Header, description = "The file's path, percent-encoded"),
        ("X-Content-SHA256" = Option<String>, Header, description = "SHA-256 of the body")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = UploadOutcome), (status = 404, body = Problem),
        (status = 507, body = Problem, description = "The disk is full; the file was not kept")))]
async fn put(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(file): Query<FileQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<UploadOutcome>, Problem> {
    let _grant = caller.authorize(&app, Action::Store, &Resource::Other("upload", id.clone())).await?;
    let upload = find(&app, &caller, &id)?;
    let path: String = file_name(&headers, "x-file-path", file.path)?.chars().take(4096).collect();
    let (size, settled) = take(&app.intake, &caller, &path, &headers, body).await?;
    upload.add(Settling { path, size, settled: settled.clone() });
    Ok(Json(settled.into()))
}

async fn take(
    intake: &Intake,
    caller: &Caller,
    path: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<(u64, Settled), Problem> {
    let mut incoming = intake.begin();
    incoming.strangers(Strangers::Refuse);
    if let Some(digest) = announced_digest(headers)? {
        incoming.expect(digest);
    }
    let mut chunks = Chunks::of(body);
    while let Some(chunk) = chunks.next().await? {
        incoming.push(chunk).await?;
    }
    let size = incoming.length();
    Ok((size, Settled::of(&incoming.finish(source(caller, path)).await?)))
}

fn source(caller: &Caller, path: &str) -> Source {
    let is_command_line = matches!(caller.credential, Credential::Local);
    Source {
        door: if is_command_line { Door::Import } else { Door::Upload },
        account: caller.principal.to_string(),
        peer: Some(caller.address.to_string()).filter(|_| !is_command_line),
        path: Some(path.into()),
        received_at: Timestamp::now(),
    }
}

/// A file that was taken before.
#[derive(serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct HeldQuery {
    /// Series Instance UID.
    series: String,
    /// SOP Instance UID.
    instance: String,
    /// SHA-256 of its bytes.
    sha256: String,
}

/// Whether a file is held.
#[derive(serde::Serialize, ToSchema)]
struct Held {
    held: bool,
}

/// Whether exactly this file is held still, for a sender that remembers having sent it.
#[utoipa::path(get, path = "/uploads/{id}/held", tag = "uploads",
    params(("id" = String, Path), HeldQuery), responses((status = 200, body = Held)))]
async fn held(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(file): Query<HeldQuery>,
) -> Result<Json<Held>, Problem> {
    let _grant = caller.authorize(&app, Action::Store, &Resource::Other("upload", id.clone())).await?;
    let upload = find(&app, &caller, &id)?;
    let (Ok(series), Ok(instance), Ok(digest)) = (
        SeriesInstanceUid::parse(&file.series),
        SopInstanceUid::parse(&file.instance),
        Sha256Digest::parse(&file.sha256),
    ) else {
        return Err(Problem::bad_request("series, instance and sha256 are needed."));
    };
    tracing::trace!(upload = upload.head().id, "asked what is held");
    Ok(Json(Held { held: app.intake.holds(&series, &instance, &digest).await? }))
}

/// The sum of an upload.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UploadSummary {
    files: u64,
    bytes: u64,
    stored: u64,
    already_held: u64,
    conflicts: u64,
    quarantined: u64,
    refused: u64,
    ignored: u64,
    /// The exams it brought something of.
    study_instance_uids: Vec<String>,
}

/// Ends an upload and sums it up.
#[utoipa::path(post, path = "/uploads/{id}/finish", tag = "uploads", params(("id" = String, Path)),
    responses((status = 200, body = UploadSummary), (status = 404, body = Problem)))]
async fn finish(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<UploadSummary>, Problem> {
    let grant = caller.authorize(&app, Action::Store, &Resource::Other("upload", id.clone())).await?;
    let summary = find(&app, &caller, &id)?.summary();
    let count = |verdict| summary.tally.count(verdict);
    let entry = caller
        .record(&grant)
        .with("change", "upload finished")
        .with("files", summary.tally.files)
        .with("stored", count(Verdict::Stored))
        .with("alreadyHeld", count(Verdict::AlreadyHeld))
        .with("conflicts", count(Verdict::Conflict))
        .with("quarantined", count(Verdict::Quarantined))
        .with("refused", count(Verdict::Refused))
        .with("exams", summary.study_instance_uids.len());
    let named = summary.study_instance_uids.iter().take(EXAMS_AUDITED);
    let entry = named.fold(entry, |entry, study| entry.of(&Resource::Exam(study.clone())));
    app.govern.audit.record(entry).await?;
    app.uploads.end(&id);
    app.findable().await;
    Ok(Json(UploadSummary {
        files: summary.tally.files,
        bytes: summary.tally.bytes,
        stored: count(Verdict::Stored),
        already_held: count(Verdict::AlreadyHeld),
        conflicts: count(Verdict::Conflict),
        quarantined: count(Verdict::Quarantined),
        refused: count(Verdict::Refused),
        ignored: count(Verdict::Ignored),
        study_instance_uids: summary.study_instance_uids.into_iter().map(Into::into).collect(),
    }))
}
