//! Whole slides: what there is to look at, and its tiles. Series of DICOM images and attached TIFF files alike.

mod openings;
mod shapes;

pub(crate) use openings::Openings;

use super::dicomweb::answer;
use super::{Caller, Problem};
use crate::App;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use catalog::Scope;
use govern::{Action, Resource};
use model::{SeriesInstanceUid, StudyInstanceUid};
use serde::Deserialize;
use shapes::SlideBody;
use std::sync::Arc;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use view::Slide;
use view::slide::Tile;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(series_slide))
        .routes(routes!(series_tile))
        .routes(routes!(series_glass))
        .routes(routes!(file_slide))
        .routes(routes!(file_tile))
        .routes(routes!(file_glass))
}

/// One transparent pixel (PNG): nothing was scanned there.
const NOTHING: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\x0bIDATx\x9cc`\0\x02\0\0\x05\0\x01z^\xab?\0\0\0\0IEND\xaeB`\x82";

/// Which slide a path names.
enum Asked {
    Series(StudyInstanceUid, SeriesInstanceUid),
    File(StudyInstanceUid, String),
}

impl Asked {
    fn series(study: &str, series: &str) -> Result<Self, Problem> {
        let malformed = |error: model::UidError| Problem::bad_request(error.to_string());
        let study = StudyInstanceUid::parse(study).map_err(malformed)?;
        Ok(Self::Series(study, SeriesInstanceUid::parse(series).map_err(malformed)?))
    }

    fn file(study: &str, id: &str) -> Result<Self, Problem> {
        let study =
            StudyInstanceUid::parse(study).map_err(|error| Problem::bad_request(error.to_string()))?;
        Ok(Self::File(study, id.to_owned()))
    }

    fn resource(&self) -> Resource {
        match self {
            Self::Series(study, series) => Resource::Series(study.clone(), series.clone()),
            Self::File(study, _) => Resource::Exam(study.clone()),
        }
    }

    /// Whether the caller may look at it is asked each time; that they look is recorded once for each opening,
    /// which tiles are parts of.
    async fn find(&self, app: &App, caller: &Caller, opens: bool) -> Result<Arc<Slide>, Problem> {
        let grant = caller.authorize(app, Action::Read, &self.resource()).await?;
        let slide = self.slide(app).await?;
        let opening = format!("{}/{}/{}/{}", caller.principal, caller.address, self.resource(), slide.digest);
        if app.slides_open.open(opening) || opens {
            let entry = caller.record(&grant).with("retrieved", "slide");
            let entry = match self {
                Self::Series(..) => entry,
                Self::File(_, id) => entry.with("attachment", id.as_str()),
            };
            app.govern.audit.record_soon(entry).await?;
        }
        Ok(slide)
    }

    async fn slide(&self, app: &App) -> Result<Arc<Slide>, Problem> {
        match self {
            Self::Series(study, series) => {
                let located = app.catalog.locate(&Scope::Series(study.clone(), series.clone())).await?;
                if located.is_empty() {
                    return Err(Problem::not_found("series"));
                }
                let slide = app.view.slide_of_series(&located).await?;
                slide.ok_or_else(|| Problem::not_found("whole slide in this series"))
            }
            Self::File(study, id) => {
                let mut found = app.catalog.attached_file(id).await?;
                if found.is_none() {
                    // It may have been attached a moment ago.
                    app.findable().await;
                    found = app.catalog.attached_file(id).await?;
                }
                let found = found.filter(|file| file.subject == "exam" && file.subject_id == study.as_str());
                let file = found.ok_or_else(|| Problem::not_found("attachment of this exam"))?;
                Ok(app.view.slide_of_file(&file).await?)
            }
        }
    }
}

/// A layer of the slide.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Layer {
    /// Focal plane, from 0.
    #[serde(default)]
    plane: u32,
    /// Optical path, from 0.
    #[serde(default)]
    path: u32,
}

impl Layer {
    fn tile(&self, level: u32, column: u32, row: u32) -> Tile {
        Tile { level, column, row, plane: self.plane, path: self.path }
    }
}

async fn tile(app: &App, slide: &Arc<Slide>, tile: Tile, headers: &HeaderMap) -> Result<Response, Problem> {
    let tag = answer::tag(slide.digest, &format!("{tile:?}"));
    if let Some(response) = answer::unchanged(headers, &tag) {
        return Ok(response);
    }
    let mut response = match app.view.slide_tile(slide, tile).await? {
        Some(jpeg) => answer::whole("image/jpeg", jpeg),
        None => answer::whole("image/png", NOTHING),
    };
    answer::set(&mut response, header::ETAG, &tag);
    Ok(response)
}

async fn glass(app: &App, slide: &Arc<Slide>, number: usize) -> Result<Response, Problem> {
    Ok(answer::whole("image/jpeg", app.view.slide_glass(slide, number).await?))
}

/// The whole slide that a series is.
#[utoipa::path(get, path = "/exams/{study}/series/{series}/slide", tag = "slides",
    params(("study" = String, Path), ("series" = String, Path)),
    responses((status = 200, body = SlideBody), (status = 404, body = Problem)))]
async fn series_slide(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((study, series)): Path<(String, String)>,
) -> Result<Json<SlideBody>, Problem> {
    let slide = Asked::series(&study, &series)?.find(&app, &caller, true).await?;
    Ok(Json(SlideBody::from(&*slide)))
}

/// One tile: level (0 is the coarsest), column and row, from 0.
#[utoipa::path(get, path = "/exams/{study}/series/{series}/slide/tiles/{level}/{column}/{row}", tag = "slides",
    params(("study" = String, Path), ("series" = String, Path), ("level" = u32, Path), ("column" = u32, Path),
        ("row" = u32, Path), Layer),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 404, body = Problem)))]
async fn series_tile(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((study, series, level, column, row)): Path<(String, String, u32, u32, u32)>,
    Query(layer): Query<Layer>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let slide = Asked::series(&study, &series)?.find(&app, &caller, false).await?;
    tile(&app, &slide, layer.tile(level, column, row), &headers).await
}

/// A picture of the glass: its label or the whole of it, counted from 0 as the slide lists them.
#[utoipa::path(get, path = "/exams/{study}/series/{series}/slide/glass/{number}", tag = "slides",
    params(("study" = String, Path), ("series" = String, Path), ("number" = usize, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 404, body = Problem)))]
async fn series_glass(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((study, series, number)): Path<(String, String, usize)>,
) -> Result<Response, Problem> {
    let slide = Asked::series(&study, &series)?.find(&app, &caller, false).await?;
    glass(&app, &slide, number).await
}

/// The whole slide that a TIFF or SVS file is which is attached to an exam.
#[utoipa::path(get, path = "/exams/{study}/files/{id}/slide", tag = "slides",
    params(("study" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = SlideBody), (status = 404, body = Problem),
        (status = 422, body = Problem, description = "The file is no slide")))]
async fn file_slide(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((study, id)): Path<(String, String)>,
) -> Result<Json<SlideBody>, Problem> {
    let slide = Asked::file(&study, &id)?.find(&app, &caller, true).await?;
    Ok(Json(SlideBody::from(&*slide)))
}

/// One tile of an attached file: level (0 is the coarsest), column and row, from 0.
#[utoipa::path(get, path = "/exams/{study}/files/{id}/slide/tiles/{level}/{column}/{row}", tag = "slides",
    params(("study" = String, Path), ("id" = String, Path), ("level" = u32, Path), ("column" = u32, Path),
        ("row" = u32, Path), Layer),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 404, body = Problem)))]
async fn file_tile(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((study, id, level, column, row)): Path<(String, String, u32, u32, u32)>,
    Query(layer): Query<Layer>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let slide = Asked::file(&study, &id)?.find(&app, &caller, false).await?;
    tile(&app, &slide, layer.tile(level, column, row), &headers).await
}

/// A picture of the glass of an attached file.
#[utoipa::path(get, path = "/exams/{study}/files/{id}/slide/glass/{number}", tag = "slides",
    params(("study" = String, Path), ("id" = String, Path), ("number" = usize, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 404, body = Problem)))]
async fn file_glass(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((study, id, number)): Path<(String, String, usize)>,
) -> Result<Response, Problem> {
    let slide = Asked::file(&study, &id)?.find(&app, &caller, false).await?;
    glass(&app, &slide, number).await
}
