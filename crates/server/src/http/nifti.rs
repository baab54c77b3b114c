//! A series as NIfTI volumes: which there are, and their files.

use super::{Caller, Problem};
use crate::App;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use catalog::{Located, Scope};
use futures::{StreamExt, stream};
use govern::{Action, Resource};
use model::{SeriesInstanceUid, StudyInstanceUid};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use view::nifti::{Conversion, GZIP, Refused, Volume};
use view::retrieve::ZIP;
use view::{ByteStream, zip};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(volumes)).routes(routes!(volume)).routes(routes!(package))
}

/// What a series gives as NIfTI.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct VolumeList {
    volumes: Vec<VolumeItem>,
    /// Images that are no volume, and why.
    not_converted: Vec<NotConverted>,
}

/// One volume, or one in time.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct VolumeItem {
    /// Columns, rows, slices, times.
    shape: [usize; 4],
    /// Distance of columns, rows and slices in mm.
    spacing_mm: [f64; 3],
    /// The type of a voxel, such as `int16`.
    voxel: String,
    /// Voxel to mm of the patient's right, front and head: three rows.
    affine: [[f64; 4]; 3],
    /// Images it is made of.
    images: usize,
    /// Bytes before compression.
    bytes: u64,
    /// What whoever uses it should know.
    notes: Vec<String>,
}

/// Images that can't be a volume.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NotConverted {
    images: usize,
    reason: String,
}

impl From<&Volume> for VolumeItem {
    fn from(volume: &Volume) -> Self {
        Self {
            shape: volume.shape,
            spacing_mm: volume.spacing,
            voxel: volume.voxel.into(),
            affine: volume.affine,
            images: volume.images(),
            bytes: volume.bytes(),
            notes: volume.notes.clone(),
        }
    }
}

/// What the path names.
struct Asked {
    study: StudyInstanceUid,
    series: SeriesInstanceUid,
}

impl Asked {
    fn of(study: &str, series: &str) -> Result<Self, Problem> {
        let malformed = |error: model::UidError| Problem::bad_request(error.to_string());
        let study = StudyInstanceUid::parse(study).map_err(malformed)?;
        Ok(Self { study, series: SeriesInstanceUid::parse(series).map_err(malformed)? })
    }

    /// Asks whether the caller may, records it, and finds the volumes.
    async fn find(
        &self,
        app: &App,
        caller: &Caller,
        action: Action,
        what: &str,
    ) -> Result<Conversion, Problem> {
        let resource = Resource::Series(self.study.clone(), self.series.clone());
        let grant = caller.authorize(app, action, &resource).await?;
        let scope = Scope::Series(self.study.clone(), self.series.clone());
        let located: Vec<Located> = app.catalog.locate(&scope).await?;
        if located.is_empty() {
            return Err(Problem::not_found("series"));
        }
        let entry = caller.record(&grant).with("retrieved", what).with("instances", located.len());
        app.govern.audit.record_soon(entry).await?;
        Ok(app.view.nifti(located).await?)
    }
}

/// The volumes a series gives, and what of it gives none.
#[utoipa::path(get, path = "/exams/{study}/series/{series}/volumes", tag = "exams",
    params(("study" = String, Path), ("series" = String, Path)),
    responses((status = 200, body = VolumeList), (status = 404, body = Problem)))]
async fn volumes(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((study, series)): Path<(String, String)>,
) -> Result<Json<VolumeList>, Problem> {
    let found = Asked::of(&study, &series)?.find(&app, &caller, Action::Read, "volumes").await?;
    let refused = |Refused { images, reason }| NotConverted { images, reason };
    Ok(Json(VolumeList {
        volumes: found.volumes.iter().map(VolumeItem::from).collect(),
        not_converted: found.refused.into_iter().map(refused).collect(),
    }))
}

/// One volume, counted from 1, as a `.nii.gz` file.
#[utoipa::path(get, path = "/exams/{study}/series/{series}/volumes/{number}", tag = "exams",
    params(("study" = String, Path), ("series" = String, Path), ("number" = usize, Path)),
    responses((status = 200, content_type = "application/gzip", body = Vec<u8>), (status = 404, body = Problem)))]
async fn volume(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((study, series, number)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let found = Asked::of(&study, &series)?.find(&app, &caller, Action::Export, "nifti").await?;
    let number = number.parse().ok().and_then(|n: usize| n.checked_sub(1));
    let volume = number.and_then(|n| found.volumes.get(n)).ok_or_else(|| Problem::not_found("volume"))?;
    Ok(attachment(GZIP, &format!("{series}-{}.nii.gz", number.unwrap_or(0) + 1), app.view.nifti_file(volume)))
}

/// All volumes of a series with their sidecars, and what could not be converted, as a ZIP file.
#[utoipa::path(get, path = "/exams/{study}/series/{series}/nifti", tag = "exams",
    params(("study" = String, Path), ("series" = String, Path)),
    responses((status = 200, content_type = "application/zip", body = Vec<u8>), (status = 404, body = Problem)))]
async fn package(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((study, series)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let found = Asked::of(&study, &series)?.find(&app, &caller, Action::Export, "nifti").await?;
    let members = app.view.nifti_members(&found, "");
    let body = zip::body(stream::iter(members.into_iter().map(Ok)).boxed());
    Ok(attachment(ZIP, &format!("{series}.nifti.zip"), body))
}

/// A file that is made while it is sent. Its name is made of UIDs and digits.
pub(super) fn attachment(media_type: &'static str, name: &str, body: ByteStream) -> Response {
    let mut response = Response::new(Body::from_stream(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
