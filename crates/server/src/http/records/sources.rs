//! What came: messages and files about patients, what became of each, bringing in more.

use super::super::receive::{Chunks, announced_digest, file_name};
use super::super::send::{Download, download};
use super::super::{Caller, Problem};
use super::{PAGE, source};
use crate::App;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use govern::{Action, Resource};
use intake::{Format, RecordHead};
use model::{Door, Phi, Sha256Digest, Timestamp};
use records::{SourceFilter, SourceRow, Told};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, bring))
        .routes(routes!(one))
        .routes(routes!(content))
        .routes(routes!(again))
        .routes(routes!(summary))
}

/// Which sources.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SourcesQuery {
    /// `read`, `partly`, `refused`, `reading` or `part`.
    state: Option<String>,
    /// `hl7v2`, `fhir`, `fhir-ndjson`, `omop`, `table`, `vcf`.
    format: Option<String>,
    /// A part of the kind or the sender, or a whole control id.
    text: Option<String>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// A page of sources, the latest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SourceList {
    sources: Vec<SourceRow>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Messages and files about patients, the latest first.
#[utoipa::path(get, path = "/records/sources", tag = "records", params(SourcesQuery),
    responses((status = 200, body = SourceList), (status = 403, body = Problem)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<SourcesQuery>,
) -> Result<Json<SourceList>, Problem> {
    let grant = caller.authorize(&app, Action::Read, &Resource::Archive).await?;
    let after = query.cursor.as_deref().map(|cursor| place(cursor).ok_or_else(bad_cursor)).transpose()?;
    let filter = SourceFilter { state: query.state, format: query.format, text: query.text, after };
    let mut sources = app.records.sources(&filter, PAGE + 1).await?;
    let more = sources.len() > PAGE as usize;
    sources.truncate(PAGE as usize);
    let last = sources.last().filter(|_| more).map(|last| format!("{}-{}", last.at.0, last.at.1));
    app.govern.audit.record_soon(caller.record(&grant).with("sources", sources.len())).await?;
    Ok(Json(SourceList { sources, next_cursor: last }))
}

fn place(cursor: &str) -> Option<(i64, String)> {
    let (at, id) = cursor.split_once('-')?;
    Some((at.parse().ok()?, id.to_owned()))
}

fn bad_cursor() -> Problem {
    Problem::bad_request("The cursor is not one of ours.")
}

/// A source and what of it could not be read.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SourceInFull {
    #[serde(flatten)]
    source: SourceRow,
    /// What became no record, and why; the first thousand.
    left: Vec<LeftItem>,
    /// The records it says something of; the first two hundred.
    records: Vec<Told>,
}

/// A part of a source that became no record.
#[derive(Serialize, ToSchema)]
struct LeftItem {
    /// Where it stands: `OBR[2]`, `entry[3]`.
    place: String,
    why: String,
    /// Whether something is wrong with it.
    refused: bool,
}

async fn found(app: &App, id: &str) -> Result<SourceRow, Problem> {
    app.records.source(id).await?.ok_or_else(|| Problem::not_found("source"))
}

/// One message or file, and what of it could not be read.
#[utoipa::path(get, path = "/records/sources/{id}", tag = "records", params(("id" = String, Path)),
    responses((status = 200, body = SourceInFull), (status = 404, body = Problem)))]
async fn one(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<SourceInFull>, Problem> {
    let grant = caller.authorize(&app, Action::Read, &Resource::Other("record-source", id.clone())).await?;
    let source = found(&app, &id).await?;
    let left = app.records.left_of(&id).await?;
    let left = left
        .into_iter()
        .map(|left| LeftItem { place: left.place, why: left.why, refused: left.refused })
        .collect();
    let records = app.records.told_by(&id, PAGE).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("records", records.len())).await?;
    Ok(Json(SourceInFull { source, left, records }))
}

/// A message's or file's bytes, as they came.
#[utoipa::path(get, path = "/records/sources/{id}/content", tag = "records", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 404, body = Problem)))]
async fn content(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let grant = caller.authorize(&app, Action::Read, &Resource::Other("record-source", id.clone())).await?;
    let source = found(&app, &id).await?;
    let (Some(locator), Ok(digest)) = (source.locator, Sha256Digest::parse(&source.digest)) else {
        return Err(Problem::not_found("source"));
    };
    app.govern.audit.record_soon(caller.record(&grant).with("read", "content")).await?;
    let media_type = match Format::parse(&source.format) {
        Some(Format::Fhir) => "application/fhir+json",
        Some(Format::FhirNdjson) => "application/fhir+ndjson",
        _ => "text/plain",
    };
    let name = if source.file_name.is_empty() { format!("{id}.txt") } else { source.file_name };
    Ok(download(&app, Download { locator, name, media_type: Some(media_type.into()), digest }))
}

/// Reads a message or file once more, as this program reads it now.
#[utoipa::path(post, path = "/records/sources/{id}/read-again", tag = "records", params(("id" = String, Path)),
    responses((status = 202, description = "It is read in a moment"), (status = 404, body = Problem)))]
async fn again(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let grant = caller.authorize(&app, Action::Curate, &Resource::Other("record-source", id.clone())).await?;
    let _known = found(&app, &id).await?;
    crate::records::read_again(&app, &id).await?;
    app.govern.audit.record(caller.record(&grant).with("change", "read again")).await?;
    Ok(StatusCode::ACCEPTED)
}

/// How it is to be read.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BringQuery {
    /// `hl7v2`, `fhir`, `fhir-ndjson`, `omop`, `table`, `vcf`, `codes`, or `part` of one of these lists.
    format: String,
    /// Who issued the ids in it that don't say so: a FHIR server's base address, a data set's name.
    /// Of `codes` the table's name: the latest of a name holds.
    system: Option<String>,
}

/// A message or file that is durable.
#[derive(Serialize, ToSchema)]
struct Brought {
    /// 32 hexadecimal digits; the same for the same bytes.
    id: String,
    /// SHA-256 of its bytes.
    digest: String,
}

/// Brings in a message or file about patients: the body. It is durable when this answers, and read in a moment.
#[utoipa::path(post, path = "/records/sources", tag = "records", params(BringQuery,
        ("X-File-Name" = Option<String>, Header, description = "The file's name, percent-encoded"),
        ("X-Content-SHA256" = Option<String>, Header, description = "SHA-256 of the body")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Brought), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn bring(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<BringQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Brought>), Problem> {
    let grant = caller.authorize(&app, Action::Store, &Resource::Archive).await?;
    let format = Format::parse(&query.format)
        .filter(|format| !matches!(format, Format::Decision | Format::Numbers))
        .ok_or_else(|| {
            Problem::bad_request(
                "The format is one of hl7v2, fhir, fhir-ndjson, omop, table, vcf, codes, part.",
            )
        })?;
    if format == Format::Codes {
        // It changes what everybody sees.
        let _also = caller.authorize(&app, Action::Curate, &Resource::Archive).await?;
    }
    let name = file_name(&headers, "x-file-name", Some(String::new()))?;
    let file_name = Some(name).filter(|name| !name.is_empty()).map(Phi::new);
    let mut recording = app.intake.begin_record(RecordHead { format, file_name, system: query.system });
    if let Some(digest) = announced_digest(&headers)? {
        recording.expect(digest);
    }
    let mut chunks = Chunks::of(body);
    while let Some(chunk) = chunks.next().await? {
        recording.push(chunk).await?;
    }
    let kept = recording.finish(source(&caller, Door::Upload, Timestamp::now())).await?;
    let entry = caller.record(&grant).with("change", "brought").with("source", kept.id.as_str());
    app.govern.audit.record(entry.with("bytes", kept.locator.length)).await?;
    Ok((StatusCode::CREATED, Json(Brought { id: kept.id, digest: kept.digest.to_hex() })))
}

/// How many there are.
#[derive(Serialize, ToSchema)]
struct CountOf {
    /// The FHIR resource type, or the format of sources.
    kind: String,
    /// Where orders stand, or what became of sources.
    state: String,
    count: i64,
}

/// How much of everything there is, and how much waits.
#[derive(Serialize, ToSchema)]
struct Summary {
    records: Vec<CountOf>,
    sources: Vec<CountOf>,
    waiting: records::queue::Waiting,
    /// True while something that came is not read yet.
    busy: bool,
}

/// How much of everything there is, and how much waits for somebody.
#[utoipa::path(get, path = "/records/summary", tag = "records",
    responses((status = 200, body = Summary), (status = 403, body = Problem)))]
async fn summary(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Summary>, Problem> {
    let _grant = caller.authorize(&app, Action::Status, &Resource::Archive).await?;
    let counted = |counts: Vec<(String, String, i64)>| {
        counts.into_iter().map(|(kind, state, count)| CountOf { kind, state, count }).collect()
    };
    Ok(Json(Summary {
        records: counted(app.records.counts().await?),
        sources: counted(app.records.source_counts().await?),
        waiting: app.records.waiting().await?,
        busy: crate::records::is_busy(&app).await?,
    }))
}
