//! A whole slide as a page looks at it: levels of tiles from the whole down to the cells, for DICOM and TIFF alike.
//!
//! Levels that a file lacks are made here from finer ones, tile by tile, when somebody looks at them.
//!
//! Read in this order: [`levels`], [`series`], [`file`], [`made`], [`tiles`].

mod file;
mod levels;
mod made;
mod opened;
mod series;
mod tiles;

pub(crate) use made::MadeTiles;
pub(crate) use opened::OpenedSlides;
pub use tiles::Tile;

use crate::tiff::{Image, Ranges};
use catalog::Located;
use model::Sha256Digest;
use std::sync::Arc;

/// A slide, with everything needed to draw it.
pub struct Slide {
    /// Of all it is made of; the same bytes are the same slide.
    pub digest: Sha256Digest,
    /// From coarse to fine; at least one.
    pub levels: Vec<Level>,
    /// Millimetres between columns and between rows of the finest level; `None` where nothing tells it.
    pub spacing_mm: Option<[f64; 2]>,
    /// Focal planes; at least one.
    pub planes: u32,
    /// Stains, channels, ways of lighting; at least one.
    pub paths: Vec<OpticalPath>,
    /// Where the slide lies in space.
    pub place: Option<SlidePlace>,
    /// Pictures of the glass.
    pub glass: Vec<Glass>,
    source: Source,
}

/// One resolution of a slide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Columns of the total pixel matrix.
    pub columns: u32,
    /// Its rows.
    pub rows: u32,
    /// Columns of a tile.
    pub tile_columns: u32,
    /// Rows of a tile.
    pub tile_rows: u32,
    /// Which level of the file it is, from fine to coarse; `None` where it is made from the next finer one.
    stored: Option<usize>,
}

impl Level {
    /// Whether it is not in the file but made here.
    #[must_use]
    pub const fn is_made(&self) -> bool {
        self.stored.is_none()
    }
}

/// What can be looked at in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpticalPath {
    /// Optical Path Identifier, or the channel's number.
    pub id: String,
    /// Its name, or its identifier.
    pub name: String,
}

/// Where the finest level's pixels lie (PS3.3 §C.8.12.2.1.1): a point `x` columns and `y` rows from the corner
/// of the first pixel is at `origin + x · right + y · down`, in mm.
#[derive(Debug, Clone, PartialEq)]
pub struct SlidePlace {
    /// (0020,0052)
    pub frame_of_reference: String,
    /// The corner of the first pixel.
    pub origin: [f64; 3],
    /// From one column to the next.
    pub right: [f64; 3],
    /// From one row to the next.
    pub down: [f64; 3],
}

/// A picture of the glass.
pub struct Glass {
    /// What it shows.
    pub kind: GlassKind,
    source: GlassSource,
}

/// What a picture of the glass shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GlassKind {
    /// The label, which may show names.
    Label,
    /// The whole glass, perhaps its label too.
    Overview,
}

enum GlassSource {
    Instance(Box<Located>),
    Image(Image),
}

enum Source {
    /// Levels of a series, from fine to coarse.
    Series(Vec<series::Stored>),
    /// Levels of a file for each optical path, from fine to coarse.
    File { ranges: Arc<dyn Ranges>, paths: Vec<Vec<Image>> },
}
