//! What a slide looks like in JSON.

use serde::Serialize;
use utoipa::ToSchema;
use view::Slide;
use view::slide::{Glass, GlassKind, Level, OpticalPath, SlidePlace};

/// A whole slide.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SlideBody {
    /// From coarse to fine; at least one.
    levels: Vec<SlideLevel>,
    /// Micrometres between columns and between rows of the finest level; absent where nothing tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    micrometres_per_pixel: Option<[f64; 2]>,
    /// Focal planes; at least one.
    planes: u32,
    /// Optical paths or channels; at least one.
    paths: Vec<SlidePath>,
    /// Pictures of the glass, as `glass/0`, `glass/1`.
    glass: Vec<GlassName>,
    /// Where it lies in space; absent where nothing tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<PlaceBody>,
}

/// One resolution of a slide.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SlideLevel {
    columns: u32,
    rows: u32,
    tile_columns: u32,
    tile_rows: u32,
    /// Whether the file lacks it and the server makes it from a finer one.
    made: bool,
}

/// An optical path or channel.
#[derive(Serialize, ToSchema)]
struct SlidePath {
    id: String,
    name: String,
}

/// What a picture of the glass shows.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum GlassName {
    Label,
    Overview,
}

/// A point that lies `x` columns and `y` rows of the finest level from the corner of its first pixel is at
/// `origin + x · right + y · down`, in mm of the frame of reference.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PlaceBody {
    /// (0020,0052); of a file without one, made of its digest.
    frame_of_reference_uid: String,
    origin: [f64; 3],
    right: [f64; 3],
    down: [f64; 3],
}

impl From<&Slide> for SlideBody {
    fn from(slide: &Slide) -> Self {
        Self {
            levels: slide.levels.iter().map(SlideLevel::from).collect(),
            micrometres_per_pixel: slide.spacing_mm.map(|mm| mm.map(|mm| mm * 1000.0)),
            planes: slide.planes,
            paths: slide.paths.iter().map(SlidePath::from).collect(),
            glass: slide.glass.iter().map(GlassName::from).collect(),
            place: slide.place.as_ref().map(PlaceBody::from),
        }
    }
}

impl From<&Level> for SlideLevel {
    fn from(level: &Level) -> Self {
        let Level { columns, rows, tile_columns, tile_rows, .. } = *level;
        Self { columns, rows, tile_columns, tile_rows, made: level.is_made() }
    }
}

impl From<&OpticalPath> for SlidePath {
    fn from(path: &OpticalPath) -> Self {
        Self { id: path.id.clone(), name: path.name.clone() }
    }
}

impl From<&Glass> for GlassName {
    fn from(glass: &Glass) -> Self {
        match glass.kind {
            GlassKind::Label => Self::Label,
            GlassKind::Overview => Self::Overview,
        }
    }
}

impl From<&SlidePlace> for PlaceBody {
    fn from(place: &SlidePlace) -> Self {
        let SlidePlace { frame_of_reference, origin, right, down } = place;
        let frame_of_reference_uid = frame_of_reference.clone();
        Self { frame_of_reference_uid, origin: *origin, right: *right, down: *down }
    }
}
