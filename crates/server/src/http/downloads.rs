//! Downloads: ask for a package, see how far it is, fetch it, in parts if need be. Each belongs to whoever
//! asked for it. A table of one exam's attributes is given at once.

use super::body::JsonBody;
use super::dicomweb::range;
use super::nifti::attachment;
use super::{Caller, Problem};
use crate::App;
use crate::downloads::{self, Download, EndError, Form, Level, Part, Wanted};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use catalog::Scope;
use futures::{StreamExt, TryStreamExt};
use govern::{Action, Entry, Resource};
use serde::Serialize;
use std::io::SeekFrom;
use std::ops::Range;
use std::sync::Arc;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use view::ViewError;
use view::attributes::{self, Columns};
use view::retrieve::ZIP;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, begin))
        .routes(routes!(one, end))
        .routes(routes!(again))
        .routes(routes!(content))
        .routes(routes!(table))
}

/// Most exams and series in a package.
const MOST_PARTS: usize = 10_000;
/// Most columns of a table.
const MOST_COLUMNS: usize = 1_000;

/// Whose and what.
#[derive(Serialize, ToSchema)]
struct DownloadList {
    downloads: Vec<Download>,
}

/// The caller's downloads, the latest first.
#[utoipa::path(get, path = "/downloads", tag = "downloads",
    responses((status = 200, body = DownloadList), (status = 403, body = Problem)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<DownloadList>, Problem> {
    // Their own, and nothing of a patient: no entry in the audit log.
    let _grant = caller.authorize(&app, Action::Export, &Resource::Archive).await?;
    Ok(Json(DownloadList { downloads: downloads::list(&app, &caller.principal.to_string()).await? }))
}

/// Asks for a package of exams: instances (`dicom`), volumes (`nifti`) or a table of attributes (`csv`).
/// It is made in the background and kept for some hours.
#[utoipa::path(post, path = "/downloads", tag = "downloads", request_body = Wanted,
    responses((status = 202, body = Download), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn begin(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(wanted): JsonBody<Wanted>,
) -> Result<(StatusCode, Json<Download>), Problem> {
    start(app, caller, wanted).await
}

/// Asks for the same once more: for one that failed, was cancelled or whose file is gone. What may be
/// taken out is asked anew, and what has arrived meanwhile is in it.
#[utoipa::path(post, path = "/downloads/{id}/again", tag = "downloads", params(("id" = i64, Path)),
    responses((status = 202, body = Download), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn again(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Download>), Problem> {
    let _grant = caller.authorize(&app, Action::Export, &Resource::Other("download", id.clone())).await?;
    let before = own(&app, &caller, &id).await?;
    start(app, caller, before.wanted).await
}

async fn start(
    app: Arc<App>,
    caller: Caller,
    wanted: Wanted,
) -> Result<(StatusCode, Json<Download>), Problem> {
    let entry = granted(&app, &caller, &wanted).await?;
    columns_of(&wanted.columns, wanted.level)?;
    app.govern.audit.record(entry.with("download", "begun")).await?;
    let owner = caller.principal.to_string();
    // Whoever goes away while it is put in the queue finds it there all the same.
    let begun = tokio::spawn(async move { downloads::begin(&app, &owner, &wanted).await });
    let begun = begun.await.map_err(|error| Problem::internal(&error))??;
    Ok((StatusCode::ACCEPTED, Json(begun)))
}

/// Asks for each part whether it may be taken out; one entry names them all.
async fn granted(app: &App, caller: &Caller, wanted: &Wanted) -> Result<Entry, Problem> {
    if wanted.parts.len() > MOST_PARTS {
        return Err(Problem::bad_request(format!("A package has at most {MOST_PARTS} exams and series.")));
    }
    let mut entry: Option<Entry> = None;
    for part in &wanted.parts {
        let resource = resource_of(part)?;
        let grant = caller.authorize(app, Action::Export, &resource).await?;
        entry = Some(match entry {
            Some(entry) => entry.of(&resource),
            None => caller.record(&grant),
        });
    }
    entry.ok_or_else(|| Problem::bad_request("Say which exams or series: parts is empty."))
}

fn resource_of(part: &Part) -> Result<Resource, Problem> {
    Ok(match part.scope().map_err(|error| Problem::bad_request(error.to_string()))? {
        Scope::Study(study) => Resource::Exam(study),
        Scope::Series(study, series) => Resource::Series(study, series),
        Scope::Instance(study, series, sop) => Resource::Instance(study, series, sop),
    })
}

fn columns_of(words: &[String], level: Level) -> Result<Columns, Problem> {
    if words.len() > MOST_COLUMNS {
        return Err(Problem::bad_request(format!("A table has at most {MOST_COLUMNS} columns.")));
    }
    Columns::parse(words, level.into()).map_err(|word| {
        let shown = word.chars().all(|c| c.is_ascii_alphanumeric()) && word.len() <= 64;
        let named = if shown { format!("{word:?}") } else { "One of the columns".into() };
        Problem::bad_request(format!(
            "{named} is neither a keyword nor a tag, such as PatientID or 00100020."
        ))
    })
}

/// The caller's own; that of somebody else does not exist for them.
async fn own(app: &App, caller: &Caller, id: &str) -> Result<Download, Problem> {
    let missing = || Problem::not_found("download");
    let found = downloads::one(app, id.parse().map_err(|_| missing())?).await?.ok_or_else(missing)?;
    if found.owner == caller.principal.to_string() { Ok(found) } else { Err(missing()) }
}

/// A download and how far it is.
#[utoipa::path(get, path = "/downloads/{id}", tag = "downloads", params(("id" = i64, Path)),
    responses((status = 200, body = Download), (status = 404, body = Problem)))]
async fn one(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Download>, Problem> {
    let _grant = caller.authorize(&app, Action::Export, &Resource::Archive).await?;
    Ok(Json(own(&app, &caller, &id).await?))
}

/// Cancels a download that waits or runs; forgets one that has ended, with its file.
#[utoipa::path(delete, path = "/downloads/{id}", tag = "downloads", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
async fn end(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let grant = caller.authorize(&app, Action::Export, &Resource::Other("download", id.clone())).await?;
    let download = own(&app, &caller, &id).await?;
    app.govern.audit.record(caller.record(&grant).with("download", "removed")).await?;
    downloads::end(&app, &download).await.map_err(|error| match error {
        EndError::Ledger(error) => error.into(),
        EndError::Remove(_) => Problem::internal(&error),
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// The file of a download that is done. Ranges of bytes can be asked for, so that a fetch that broke off
/// is taken up where it was.
#[utoipa::path(get, path = "/downloads/{id}/content", tag = "downloads", params(("id" = i64, Path)),
    responses((status = 200, content_type = "application/zip", body = Vec<u8>),
        (status = 206, content_type = "application/zip", body = Vec<u8>),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn content(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let grant = caller.authorize(&app, Action::Export, &Resource::Other("download", id.clone())).await?;
    let download = own(&app, &caller, &id).await?;
    if download.state != "done" {
        let detail = format!("The download is not there to be fetched: it is {}.", download.state);
        return Err(Problem::conflict(detail));
    }
    let path = downloads::file(&app, download.id, download.form);
    let file = File::open(path).await.map_err(|_| not_here())?;
    let length = file.metadata().await.map_err(|error| Problem::internal(&error))?.len();
    app.govern.audit.record(caller.record(&grant).with("download", "fetched")).await?;
    let (media_type, ending) = match download.form {
        Form::Csv => (attributes::CSV, "csv"),
        Form::Nifti => (ZIP, "nifti.zip"),
        Form::Dicom => (ZIP, "zip"),
    };
    let tag = format!("\"download-{}-{length}\"", download.id);
    let mut response = range::give_part(&headers, media_type, &tag, length, |range| of_file(file, range));
    let name = format!("attachment; filename=\"isocenter-{}.{ending}\"", download.id);
    if let Ok(value) = HeaderValue::try_from(name) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// It is done, and its file isn't in our folder.
fn not_here() -> Problem {
    Problem::conflict(
        "The file is not on this server: another server on the same ledger made it, or it was removed from \
         the data folder. Ask the other server for it, or ask for the download again.",
    )
}

fn of_file(mut file: File, range: Range<u64>) -> view::ByteStream {
    let opened = async move {
        file.seek(SeekFrom::Start(range.start)).await?;
        Ok::<_, std::io::Error>(ReaderStream::with_capacity(file.take(range.end - range.start), 256 << 10))
    };
    // Whoever fetches it sees the connection end early, as with any file that can't be read.
    futures::stream::once(opened).try_flatten().map_err(|_| ViewError::Stopped).boxed()
}

/// What a table is to have.
#[derive(serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TableQuery {
    /// One series; left out: the whole exam.
    series: Option<String>,
    /// What a row is: exam, series or instance.
    #[param(inline)]
    level: Option<Level>,
    /// Keywords or tags with commas between them, or `all`; left out: a sensible set.
    columns: Option<String>,
    /// Begin with a byte order mark, which spreadsheets need to read UTF-8.
    byte_order_mark: Option<bool>,
}

/// The attributes of an exam's instances as a table (CSV).
#[utoipa::path(get, path = "/exams/{study}/attributes.csv", tag = "downloads",
    params(("study" = String, Path), TableQuery),
    responses((status = 200, content_type = "text/csv", body = String),
        (status = 400, body = Problem), (status = 404, body = Problem)))]
async fn table(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(study): Path<String>,
    Query(query): Query<TableQuery>,
) -> Result<Response, Problem> {
    let part = Part { study_instance_uid: study.clone(), series_instance_uid: query.series };
    let grant = caller.authorize(&app, Action::Export, &resource_of(&part)?).await?;
    let scope = part.scope().map_err(|error| Problem::bad_request(error.to_string()))?;
    let level = query.level.unwrap_or_default();
    let words = query.columns.unwrap_or_default();
    let words: Vec<String> =
        words.split(',').filter(|word| !word.is_empty()).map(ToOwned::to_owned).collect();
    let columns = columns_of(&words, level)?;
    let located = app.catalog.locate(&scope).await?;
    if located.is_empty() {
        return Err(Problem::not_found("exam"));
    }
    let rows = attributes::rows(located, level.into());
    let entry = caller.record(&grant).with("retrieved", "table").with("rows", rows.len());
    app.govern.audit.record_soon(entry).await?;
    let body = app.view.table(rows, &columns, query.byte_order_mark == Some(true), || ()).await?;
    Ok(attachment(attributes::CSV, &format!("{study}.csv"), body))
}
