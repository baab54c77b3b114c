//! TIFF slides, read by ranges: classic and BigTIFF in both byte orders, never a whole file in memory.
//!
//! Every number in a file is a stranger's: offsets are held against the file's length, directories are visited
//! once, tables of tiles are read entry by entry, and no tile is larger than [`LARGEST_TILE`].
//!
//! Read in this order: [`ranges`], [`fields`], [`image`], [`pyramid`], [`scale`], [`tile`].

mod fields;
mod image;
mod pyramid;
mod ranges;
mod scale;
mod tile;

pub use image::Image;
pub use pyramid::{Path, Pyramid};
pub use ranges::Ranges;
pub(crate) use ranges::archived;
pub use tile::{Coded, Whole};

use dicom::pixel::PixelError;

/// Bytes of a decoded tile or strip: 4096 by 4096 in colour.
const LARGEST_TILE: u64 = 48 << 20;

/// Why a file can't be shown as a slide. Carries nothing of its content.
#[derive(Debug, thiserror::Error)]
pub enum TiffError {
    /// The first bytes are not those of a TIFF file.
    #[error("the file is not TIFF, so it can't be shown as a slide")]
    NotTiff,
    /// No picture in it is made of tiles.
    #[error(
        "the file has no tiled picture; a slide is made of tiles, so export it as a tiled, pyramidal TIFF"
    )]
    NotTiled,
    /// The file contradicts itself or ends too early.
    #[error("the TIFF file is damaged: {0}")]
    Damaged(&'static str),
    /// A form of TIFF that is not read.
    #[error("this form of TIFF is not supported: {0}")]
    Unsupported(String),
    /// A tile's pixels can't be read.
    #[error("a tile of the TIFF file can't be read: {0}")]
    Pixel(#[from] PixelError),
    /// The archive did not give the bytes.
    #[error("the archive could not be read")]
    Archive(#[from] archive::ReadError),
}
