//! The files of a release that is ready: listed, received whole or in parts, or all as one ZIP file. Whoever receives
//! something is written down.

use super::{Standing, seen};
use crate::App;
use crate::http::dicomweb::range;
use crate::http::nifti::attachment;
use crate::http::{Caller, Problem};
use crate::releases::keep::blob;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use model::Timestamp;
use release::desk::KeptFile;
use serde::Serialize;
use std::ops::Range;
use std::sync::Arc;
use store::Blobs;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use view::retrieve::ZIP;
use view::zip::{self, Member};
use view::{ByteStream, ViewError};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(content)).routes(routes!(package))
}

/// Bytes read at a time.
const PIECE: u64 = 1 << 20;

/// A file of a package.
#[derive(Serialize, ToSchema)]
struct ReleaseFile {
    path: String,
    size: u64,
    /// In hexadecimal.
    sha256: String,
    /// dicom, nifti, tables, papers
    form: String,
}

/// The files of a package.
#[derive(Serialize, ToSchema)]
struct ReleaseFiles {
    /// The package's digest.
    digest: String,
    /// By path.
    files: Vec<ReleaseFile>,
}

/// A release whose files the caller may receive now.
pub(super) async fn received(app: &App, caller: &Caller, id: &str) -> Result<Standing, Problem> {
    let standing = seen(app, caller, id).await?;
    if standing.may_receive() {
        return Ok(standing);
    }
    let state = standing.release.state;
    if state != release::state::State::Ready {
        return Err(Problem::conflict(format!("Nothing of it can be received now: it is {state}.")));
    }
    if standing.release.is_past(&crate::projects::room::today()) {
        return Err(Problem::conflict("Nothing of it can be received now: its last day is over."));
    }
    let why = "Who receives it is who asked or is named as a recipient, and is a member of the project.";
    Err(Problem::forbidden("recipients-only", why))
}

/// The files of a package, with their sums.
#[utoipa::path(get, path = "/releases/{id}/files", tag = "releases", params(("id" = String, Path)),
    responses((status = 200, body = ReleaseFiles), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ReleaseFiles>, Problem> {
    let standing = received(&app, &caller, &id).await?;
    let files = app.releases.leaving_files(&id).await?;
    app.govern.audit.record_soon(caller.record(&standing.grant).with("files", files.len())).await?;
    let shape = |file: KeptFile| {
        let KeptFile { path, size, sha256, form, .. } = file;
        ReleaseFile { path, size, sha256, form }
    };
    let digest = standing.release.package.map(|package| package.digest).unwrap_or_default();
    Ok(Json(ReleaseFiles { digest, files: files.into_iter().map(shape).collect() }))
}

/// A file. Ranges of bytes can be asked for; its tag is its SHA-256.
#[utoipa::path(get, path = "/releases/{id}/files/{*path}", tag = "releases",
    params(("id" = String, Path), ("path" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn content(
    State(app): State<Arc<App>>,
    caller: Caller,
    method: Method,
    headers: HeaderMap,
    Path((id, path)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let standing = received(&app, &caller, &id).await?;
    let file = app
        .releases
        .file(&id, &path)
        .await?
        .filter(KeptFile::leaves)
        .ok_or_else(|| Problem::not_found("file"))?;
    let (tag, name, packages) = (format!("\"{}\"", file.sha256), blob(&id, &path), app.packages.clone());
    let kind = "application/octet-stream";
    let response = range::give_part(&headers, kind, &tag, file.size, |part| of_blob(packages, name, part));
    let gives = matches!(response.status(), StatusCode::OK | StatusCode::PARTIAL_CONTENT);
    if gives && method != Method::HEAD {
        let length = response.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        let bytes = length.and_then(|length| length.parse().ok()).unwrap_or_default();
        receipt(&app, &caller, &standing, (1, bytes), &path).await?;
    }
    Ok(response)
}

/// The whole package as a ZIP file.
#[utoipa::path(get, path = "/releases/{id}/package.zip", tag = "releases", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/zip", body = Vec<u8>), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn package(
    State(app): State<Arc<App>>,
    caller: Caller,
    method: Method,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let standing = received(&app, &caller, &id).await?;
    let files = app.releases.leaving_files(&id).await?;
    let bytes: u64 = files.iter().map(|file| file.size).sum();
    let digest = standing.release.package.as_ref().map(|package| package.digest.clone()).unwrap_or_default();
    if method != Method::HEAD {
        receipt(&app, &caller, &standing, (files.len() as i64, bytes.cast_signed()), "package.zip").await?;
    }
    let packages = app.packages.clone();
    let release = id.clone();
    let members = stream::iter(files).map(move |file| {
        let content = of_blob(packages.clone(), blob(&release, &file.path), 0..file.size);
        Ok::<_, ViewError>(Member { name: file.path, content })
    });
    let mut response = attachment(ZIP, &format!("release-{id}.zip"), zip::body(members));
    if let Ok(tag) = HeaderValue::try_from(format!("\"{digest}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// Writes down that somebody received something, before they do.
async fn receipt(
    app: &App,
    caller: &Caller,
    standing: &Standing,
    (files, bytes): (i64, i64),
    what: &str,
) -> Result<(), Problem> {
    let by = caller.principal.to_string();
    app.releases.received(&standing.release.id, &by, (files, bytes), Timestamp::now()).await?;
    let entry = caller.record(&standing.grant).with("received", what.to_owned()).with("bytes", bytes);
    Ok(app.govern.audit.record_soon(entry).await?)
}

fn of_blob(packages: Blobs, name: String, range: Range<u64>) -> ByteStream {
    let begun = (packages, name, range);
    let pieces = stream::try_unfold(begun, async |(packages, name, range)| {
        if range.is_empty() {
            return Ok(None);
        }
        let end = range.end.min(range.start + PIECE);
        let piece = packages.get_range(&name, range.start..end).await;
        // Whoever receives it sees the connection end early, as with any file that can't be read.
        let piece = piece.map_err(|_| ViewError::Stopped)?;
        Ok(Some((piece, (packages, name, end..range.end))))
    });
    pieces.into_stream().boxed()
}
