//! Any file, attached to a patient, an exam or a project.

use super::receive::{Chunks, announced_digest, file_name};
use super::send::{Download, download};
use super::{Caller, Credential, Problem};
use crate::App;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use catalog::AttachedFile;
use govern::{Action, Resource};
use intake::{Subject, SubjectKind};
use model::{Door, Sha256Digest, Source, StudyInstanceUid, Timestamp};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list, attach)).routes(routes!(content))
}

/// An attached file.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Attachment {
    id: String,
    name: String,
    media_type: String,
    size: u64,
    /// SHA-256 of its bytes.
    digest: String,
    received_at: String,
    /// Who attached it.
    account: String,
}

impl From<AttachedFile> for Attachment {
    fn from(file: AttachedFile) -> Self {
        Self {
            id: file.id,
            name: file.file_name,
            media_type: file.media_type,
            size: file.locator.length,
            digest: file.digest.to_hex(),
            received_at: file.source.received_at.to_string(),
            account: file.source.account,
        }
    }
}

/// The files attached to one subject.
#[derive(serde::Serialize, ToSchema)]
struct AttachmentList {
    items: Vec<Attachment>,
}

/// What the files are attached to.
#[derive(serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SubjectQuery {
    /// `patient-of` an exam, `exam` or `project`; `patient` for programs that know the ID alone.
    subject: String,
    /// The Study Instance UID, the project's name, or the Patient ID. Pages say `patient-of` and a UID:
    /// an ID in an address would be kept in logs and histories.
    id: String,
}

/// A file to attach.
#[derive(serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct NewAttachmentQuery {
    /// `patient-of` an exam, `exam` or `project`; `patient` for programs that know the ID alone.
    subject: String,
    /// The Study Instance UID, the project's name, or the Patient ID. Pages say `patient-of` and a UID:
    /// an ID in an address would be kept in logs and histories.
    id: String,
    /// The file's name, where the header X-File-Name doesn't tell it.
    name: Option<String>,
}

/// What is meant: the patient of an exam is looked up.
async fn meant(app: &App, caller: &Caller, kind: &str, id: &str) -> Result<Subject, Problem> {
    if kind != "patient-of" {
        return subject(kind, id);
    }
    let missing = || Problem::not_found("patient");
    let study = StudyInstanceUid::parse(id).map_err(|_| missing())?;
    // Whether the patient is known is told to those alone who may see it.
    let _grant = caller.authorize(app, Action::Read, &Resource::Exam(study.clone())).await?;
    let patient = app.catalog.patient_of(&study).await?.ok_or_else(missing)?;
    match patient.summary.patient_id.as_str() {
        "" => Err(Problem::bad_request("The exam names no Patient ID: attach the file to the exam itself.")),
        id => subject("patient", id),
    }
}

fn subject(kind: &str, id: &str) -> Result<Subject, Problem> {
    let kind: SubjectKind = kind
        .parse()
        .map_err(|error: intake::attach::SubjectError| Problem::bad_request(format!("{error}.")))?;
    if kind == SubjectKind::Exam {
        StudyInstanceUid::parse(id).map_err(|error| Problem::bad_request(format!("{error}.")))?;
    }
    Subject::new(kind, id).map_err(|error| Problem::bad_request(format!("{error}.")))
}

/// What the audit log says: an exam or project by its id, a patient by a hash of the Patient ID.
fn resource(subject: &Subject) -> Resource {
    let id = subject.id.reveal();
    match (subject.kind, StudyInstanceUid::parse(id)) {
        (SubjectKind::Exam, Ok(study)) => Resource::Exam(study),
        (SubjectKind::Patient, _) => Resource::Other("patient", hashed(id)),
        _ => Resource::Other("project", id.clone()),
    }
}

fn hashed(id: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256Digest(Sha256::digest(id).into()).to_hex()[..16].into()
}

/// The files attached to a patient, exam or project.
#[utoipa::path(get, path = "/attachments", tag = "attachments", params(SubjectQuery),
    responses((status = 200, body = AttachmentList), (status = 403, body = Problem)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(of): Query<SubjectQuery>,
) -> Result<Json<AttachmentList>, Problem> {
    let subject = meant(&app, &caller, &of.subject, &of.id).await?;
    let grant = caller.authorize(&app, Action::Read, &resource(&subject)).await?;
    let files = app.catalog.attachments_of(subject.kind.as_str(), subject.id.reveal()).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("listed", "attachments")).await?;
    Ok(Json(AttachmentList { items: files.into_iter().map(Into::into).collect() }))
}

/// Attaches a file: the body, of any type and size. It is durable when this answers.
#[utoipa::path(post, path = "/attachments", tag = "attachments", params(NewAttachmentQuery,
        ("X-File-Name" = Option<String>, Header, description = "The file's name, percent-encoded"),
        ("X-Content-SHA256" = Option<String>, Header, description = "SHA-256 of the body")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Attachment), (status = 403, body = Problem),
        (status = 507, body = Problem, description = "The disk is full; the file was not kept")))]
async fn attach(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(new): Query<NewAttachmentQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Attachment>), Problem> {
    let subject = meant(&app, &caller, &new.subject, &new.id).await?;
    let grant = caller.authorize(&app, Action::Store, &resource(&subject)).await?;
    let name = file_name(&headers, "x-file-name", new.name)?;
    let media_type = media_type(&headers, &name);
    let mut attaching = app.intake.begin_attachment(subject, &name, &media_type);
    if let Some(digest) = announced_digest(&headers)? {
        attaching.expect(digest);
    }
    let mut chunks = Chunks::of(body);
    while let Some(chunk) = chunks.next().await? {
        attaching.push(chunk).await?;
    }
    let source = source(&caller);
    let (received_at, account) = (source.received_at.to_string(), source.account.clone());
    let attached = attaching.finish(source).await?;
    let entry = caller.record(&grant).with("change", "attached").with("attachment", attached.id.as_str());
    app.govern.audit.record(entry.with("bytes", attached.locator.length)).await?;
    // Whoever attached it looks for it next.
    app.findable().await;
    let answer = Attachment {
        id: attached.id,
        name: attached.file_name,
        media_type: attached.media_type,
        size: attached.locator.length,
        digest: attached.digest.to_hex(),
        received_at,
        account,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// What the sender says, or a guess from the name where it says nothing of use.
fn media_type(headers: &HeaderMap, name: &str) -> String {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    match said.filter(|said| !said.is_empty() && *said != "application/octet-stream") {
        Some(said) => said.into(),
        None => intake::import::media_type(name).into(),
    }
}

fn source(caller: &Caller) -> Source {
    let is_command_line = matches!(caller.credential, Credential::Local);
    Source {
        door: if is_command_line { Door::Import } else { Door::Upload },
        account: caller.principal.to_string(),
        peer: Some(caller.address.to_string()).filter(|_| !is_command_line),
        path: None,
        received_at: Timestamp::now(),
    }
}

/// An attached file's bytes.
#[utoipa::path(get, path = "/attachments/{id}/content", tag = "attachments", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 404, body = Problem)))]
async fn content(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let _may_read = caller.authorize(&app, Action::Read, &Resource::Other("attachment", id.clone())).await?;
    let found = app.catalog.attached_file(&id).await?;
    let file = found.ok_or_else(|| Problem::not_found("attachment"))?;
    let grant =
        caller.authorize(&app, Action::Read, &resource(&subject(&file.subject, &file.subject_id)?)).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("attachment", id)).await?;
    let media_type = Some(file.media_type);
    let wanted = Download { locator: file.locator, name: file.file_name, media_type, digest: file.digest };
    Ok(download(&app, wanted))
}
