//! What people mark on images pixel by pixel: everybody's as it is, one's own changed mask by mask.

use super::body::JsonBody;
use super::work::{expected, invalid, saved, shapes::Saved, study_of};
use super::{Caller, Problem, exams};
use crate::App;
use crate::desk::{Marked, NotMarked, maker};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use catalog::Scope;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use govern::{Action, Resource};
use measure::segmentation::{Change, Key, Segment, Segmentation};
use model::SeriesInstanceUid;
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(segmentations)).routes(routes!(masks, mark, unmark))
}

/// Everybody's segmentations of an exam.
#[derive(Serialize, ToSchema)]
struct Segmentations {
    segmentations: Vec<SegmentationItem>,
}

/// A segmentation in its newest version. Its pixels are those of the instance.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SegmentationItem {
    /// Its Series Instance UID, which it keeps through all versions.
    series: String,
    /// The SOP Instance UID of this version.
    instance: String,
    /// The account of whose it is.
    author: String,
    /// Whether it is the caller's own.
    own: bool,
    /// 1 when first kept, one more with every change.
    version: u32,
    /// When this version was made (RFC 3339).
    changed_at: String,
    label: String,
    segments: Vec<Segment>,
}

/// A change to a segmentation: masks that are named take the place of what was, the rest stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SegmentationChange {
    /// What the person calls the whole.
    label: String,
    /// All its segments; masks of others go.
    segments: Vec<Segment>,
    /// Of the images it lies on.
    rows: u16,
    /// Of the images it lies on.
    columns: u16,
    masks: Vec<Mask>,
}

/// A segmentation with everything that is marked in it.
#[derive(Serialize, ToSchema)]
struct SegmentationBody {
    #[serde(flatten)]
    item: SegmentationItem,
    rows: u16,
    columns: u16,
    masks: Vec<Mask>,
}

/// Which pixels of a frame belong to a segment.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Mask {
    /// The segment's number.
    segment: u16,
    /// The image's SOP Instance UID.
    sop: String,
    /// Its frame, from 1; none for an image of one frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<u32>,
    /// One bit a pixel, row after row, the first pixel in the lowest bit of the first byte (PS3.5 §8.1.1);
    /// compressed by zlib (RFC 1950), in base64. Empty, the mask is taken away.
    bits: String,
}

/// A newer version than the one a change was made from.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NewerSegmentation {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: &'static str,
    /// The newest version.
    current: u32,
}

/// Everybody's segmentations of an exam in their newest version.
#[utoipa::path(get, path = "/exams/{study}/segmentations", tag = "work", params(("study" = String, Path)),
    responses((status = 200, body = Segmentations), (status = 404, body = Problem)))]
async fn segmentations(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(study): Path<String>,
) -> Result<Json<Segmentations>, Problem> {
    let study = study_of(&study)?;
    let grant = caller.authorize(&app, Action::Read, &Resource::Exam(study.clone())).await?;
    app.catalog.exam(&study).await?.ok_or_else(|| Problem::not_found("exam"))?;
    let found = app.segmentations_on(&study).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("read", "segmentations")).await?;
    let account = caller.principal.to_string();
    Ok(Json(Segmentations { segmentations: found.into_iter().map(|one| item(&account, one)).collect() }))
}

fn item(caller: &str, Marked { version, label, segments }: Marked) -> SegmentationItem {
    SegmentationItem {
        series: version.located.series,
        instance: version.located.sop,
        own: version.account == caller,
        author: version.account,
        version: version.number,
        changed_at: version.made_at.to_string(),
        label,
        segments,
    }
}

/// A segmentation with its masks, packed as changes are.
#[utoipa::path(get, path = "/exams/{study}/segmentations/{series}", tag = "work",
    params(("study" = String, Path), ("series" = String, Path)),
    responses((status = 200, body = SegmentationBody), (status = 404, body = Problem)))]
async fn masks(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((study, series)): Path<(String, String)>,
) -> Result<Json<SegmentationBody>, Problem> {
    let study = study_of(&study)?;
    let grant = caller.authorize(&app, Action::Read, &Resource::Exam(study.clone())).await?;
    let series = series_of(&series)?;
    let found = app.segmentation(&study, &series).await?;
    let (version, work) = found.ok_or_else(|| Problem::not_found("segmentation"))?;
    app.govern.audit.record_soon(caller.record(&grant).with("read", "segmentation")).await?;
    let Segmentation { label, segments, rows, columns, masks, .. } = work;
    let item = item(&caller.principal.to_string(), Marked { version, label, segments });
    let masks = masks.into_iter().map(|(key, bits)| packed(key, &bits)).collect();
    Ok(Json(SegmentationBody { item, rows, columns, masks }))
}

/// Marks pixels in a segmentation of one's own, or begins one under a new Series Instance UID. It is durable
/// when this answers. A change of one that is there names the version it was made from as `If-Match: "3"`.
#[utoipa::path(put, path = "/exams/{study}/segmentations/{series}", tag = "work", request_body = SegmentationChange,
    params(("study" = String, Path), ("series" = String, Path),
        ("If-Match" = Option<String>, Header, description = "The version this was made from, in quotes")),
    responses((status = 200, body = Saved), (status = 404, body = Problem), (status = 422, body = Problem),
        (status = 409, body = Problem, description = "The series is somebody else's"),
        (status = 412, body = NewerSegmentation, description = "There is a newer version; nothing was changed"),
        (status = 507, body = Problem, description = "The disk is full; nothing was kept")))]
async fn mark(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((study, series)): Path<(String, String)>,
    headers: HeaderMap,
    JsonBody(change): JsonBody<SegmentationChange>,
) -> Result<Response, Problem> {
    let study = study_of(&study)?;
    let grant = caller.authorize(&app, Action::Measure, &Resource::Exam(study.clone())).await?;
    let series = series_of(&series)?;
    app.catalog.exam(&study).await?.ok_or_else(|| Problem::not_found("exam"))?;
    let expected = expected(&headers)?;
    let change = unpacked(change)?;
    let source = maker(caller.principal.to_string(), caller.address.to_string());
    match app.change_segmentation(&study, &series, change, expected, source).await {
        Ok(changed) => {
            let entry = caller.record(&grant).with("change", "marked").with("series", series.as_str());
            app.govern.audit.record(entry.with("version", u64::from(changed.version))).await?;
            Ok(saved(changed))
        }
        Err(NotMarked::Newer(current)) => Ok(newer(current)),
        Err(NotMarked::NotYours) => Err(Problem::conflict(
            "This series is somebody else's or a device's; begin one of your own under another UID.",
        )),
        Err(NotMarked::Invalid(error)) => Err(invalid(error.0)),
        Err(NotMarked::Failed(failed)) => Err(failed.into()),
    }
}

fn newer(current: u32) -> Response {
    let body = NewerSegmentation {
        kind: "urn:isocenter:problem:newer-version",
        title: "Precondition Failed",
        status: 412,
        detail: "It was changed elsewhere since you saw it; nothing was overwritten.",
        current,
    };
    let kind = [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::PRECONDITION_FAILED, kind, Json(body)).into_response()
}

/// Takes a segmentation of one's own away; it can be restored as anything deleted can.
#[utoipa::path(delete, path = "/exams/{study}/segmentations/{series}", tag = "work",
    params(("study" = String, Path), ("series" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
async fn unmark(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((study, series)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let study = study_of(&study)?;
    let grant = caller.authorize(&app, Action::Measure, &Resource::Exam(study.clone())).await?;
    let series = series_of(&series)?;
    let account = caller.principal.to_string();
    let all = app.segmentations_on(&study).await?;
    let own = |one: &Marked| one.version.account == account && one.version.located.series == series.as_str();
    if !all.iter().any(own) {
        return Err(Problem::not_found("segmentation of yours"));
    }
    let source = maker(account, caller.address.to_string());
    exams::delete(&app, &Scope::Series(study, series.clone()), "taken away by its author", source).await?;
    let entry = caller.record(&grant).with("change", "removed").with("series", series.as_str());
    app.govern.audit.record(entry).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Other UIDs are derived from it by adding to it, so it is a short one.
fn series_of(text: &str) -> Result<SeriesInstanceUid, Problem> {
    let uuid = text.strip_prefix("2.25.").is_some_and(|number| (1..=39).contains(&number.len()));
    let parsed = SeriesInstanceUid::parse(text).ok().filter(|_| uuid);
    parsed.ok_or_else(|| invalid("series is a UID made of a UUID, 2.25. and its number"))
}

fn unpacked(change: SegmentationChange) -> Result<Change, Problem> {
    let SegmentationChange { label, segments, rows, columns, masks } = change;
    let bytes = (u64::from(rows) * u64::from(columns)).div_ceil(8);
    // Small on the wire, large unpacked: what is taken at once is bounded before it is made.
    let most = LARGEST_CHANGE / bytes.max(1);
    if u64::try_from(masks.len()).unwrap_or(u64::MAX) > most {
        return Err(invalid(&format!("of images of this size at most {most} masks are taken at once")));
    }
    let masks = masks.into_iter().map(|mask| {
        let bits = inflated(&mask.bits, bytes).ok_or_else(|| invalid("bits are zlib's in base64"))?;
        Ok((Key { segment: mask.segment, sop: mask.sop, frame: mask.frame }, bits))
    });
    Ok(Change { label, segments, rows, columns, masks: masks.collect::<Result<_, Problem>>()? })
}

fn packed(Key { segment, sop, frame }: Key, bits: &[u8]) -> Mask {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    // Into memory: this can't fail.
    let packed = encoder.write_all(bits).and_then(|()| encoder.finish()).unwrap_or_default();
    Mask { segment, sop, frame, bits: BASE64_STANDARD.encode(packed) }
}

/// Bytes of all masks of one change.
const LARGEST_CHANGE: u64 = 64 << 20;

/// One byte more than there may be shows that there are too many.
fn inflated(bits: &str, bytes: u64) -> Option<Vec<u8>> {
    if bits.is_empty() {
        return Some(Vec::new());
    }
    let packed = BASE64_STANDARD.decode(bits).ok()?;
    let mut plain = Vec::new();
    ZlibDecoder::new(packed.as_slice()).take(bytes + 1).read_to_end(&mut plain).ok()?;
    Some(plain)
}
