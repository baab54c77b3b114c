//! Text burned into pixels: which images may have some, where it is, what it says, and how it goes.
//! Read in this order: `area`, `risk`, `plane`, `strokes`, `gate`, `look`, [`detector`], `heat`, `onnx`, `tiles`, `places`,
//! [`ocr`], `crops`, `tesseract`, `judge`, `search`, `mask`, [`decided`], `clean`.

mod area;
mod clean;
mod crops;
pub mod decided;
pub mod detector;
mod gate;
mod heat;
mod judge;
mod look;
mod mask;
pub mod ocr;
mod onnx;
mod places;
mod plane;
mod risk;
mod search;
mod strokes;
mod tesseract;
mod tiles;

pub use self::onnx::Onnx;
pub use area::Area;
pub(crate) use clean::{Asked, clean, suggest};
pub use clean::{Masks, Searched, Suggestion};
pub use decided::{Act, ImageKind};
pub use detector::{Detector, DetectorError, Found};
pub use ocr::{Crop, Ocr, OcrError, Word};
pub use risk::{burned_in_risk, has_pixels};
pub use tesseract::Tesseract;

use dicom::pixel::render::Picture;
use std::sync::Arc;

/// What finds text in pixels and what reads it. Without a detector, images that may have text in their pixels are
/// withheld under every policy that wants them searched; without a reader, words that name nobody go with the others.
#[derive(Debug, Clone, Default)]
pub struct Engines {
    /// Finds it.
    pub detector: Option<Arc<dyn Detector>>,
    /// Reads it.
    pub ocr: Option<Arc<dyn Ocr>>,
}

/// A part of a picture.
fn cut(picture: &Picture, area: &Area) -> Picture {
    let (width, channels) = (picture.width as usize, usize::from(picture.channels));
    let mut data = Vec::with_capacity(area.pixels() * channels);
    for y in area.top..area.bottom {
        let start = y * width;
        data.extend_from_slice(
            &picture.data[(start + area.left) * channels..(start + area.right) * channels],
        );
    }
    Picture { width: area.width() as u32, height: area.height() as u32, channels: picture.channels, data }
}
