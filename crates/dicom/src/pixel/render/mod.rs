//! Samples to a picture for the eye: Modality LUT, VOI LUT, palettes, colour spaces, size, file
//! (PS3.3 §C.11, PS3.4 Annex N, PS3.18 §8.3.5).

mod colour;
mod grey;
mod labels;
mod lut;
mod output;
mod palette;
mod presentation;
mod scale;
mod window;

pub use labels::{Annotation, Labels};
pub use lut::Lut;
pub use output::PictureFormat;
pub use palette::Palette;
pub use presentation::{Modality, Presentation};
pub use scale::Viewport;
pub use window::{VoiFunction, Window};

use super::{DecodedFrame, Photometric, PixelError};

/// What the caller wants of a picture.
#[derive(Debug, Clone, Default)]
pub struct RenderOptions {
    /// A window instead of the object's own; ignored for colour.
    pub window: Option<Window>,
    /// The size to fit into; `None` keeps the frame's.
    pub viewport: Option<Viewport>,
    /// The file format.
    pub format: PictureFormat,
    /// JPEG quality from 1 to 100; 90 when `None`.
    pub quality: Option<u8>,
    /// Text in the corners.
    pub annotation: Annotation,
}

/// An 8-bit picture: grey or red, green, blue, pixel by pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// 1 grey, 3 colour.
    pub channels: u8,
    /// The samples, row by row.
    pub data: Vec<u8>,
}

/// A frame as an 8-bit picture in its own size.
///
/// # Errors
/// [`PixelError::Unsupported`] for a sample layout that can't be shown.
pub fn picture(
    frame: &DecodedFrame,
    presentation: &Presentation,
    window: Option<Window>,
) -> Result<Picture, PixelError> {
    let d = &frame.description;
    let (channels, data) = match d.photometric {
        Photometric::PaletteColor => (3, colour::palette(frame, presentation)?),
        _ if d.samples == 1 => (1, grey::shade(frame, presentation, window)?),
        _ => (3, colour::rgb(frame)?),
    };
    Ok(Picture { width: d.columns.into(), height: d.rows.into(), channels, data })
}

/// A frame as a picture file, with text in its corners.
///
/// # Errors
/// As [`picture`]; [`PixelError::TooLarge`] for a viewport beyond what JPEG can hold.
pub fn render(
    frame: &DecodedFrame,
    presentation: &Presentation,
    options: &RenderOptions,
    labels: &Labels,
) -> Result<Vec<u8>, PixelError> {
    let quality = options.quality.unwrap_or(90);
    // Most pictures asked for need not stand in memory whole.
    if options.viewport.is_none()
        && options.format == PictureFormat::Jpeg
        && labels.is_empty()
        && let Some(rows) = grey::Rows::of(frame, presentation, options.window)
    {
        return output::grey_jpeg(&rows, quality);
    }
    let picture = picture(frame, presentation, options.window)?;
    let mut picture = match &options.viewport {
        Some(viewport) => scale::fit(picture, viewport)?,
        None => picture,
    };
    labels.draw(&mut picture);
    output::write(&picture, options.format, quality)
}

/// A picture as a file; `quality` is JPEG's, from 1 to 100.
///
/// # Errors
/// [`PixelError::TooLarge`] for one beyond what JPEG can hold.
pub fn write_picture(picture: &Picture, format: PictureFormat, quality: u8) -> Result<Vec<u8>, PixelError> {
    output::write(picture, format, quality)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::pixel::PixelDescription;
    use crate::pixel::description::tests::grey as described;

    /// Shading while writing is a matter of memory alone.
    #[test]
    fn a_grey_jpeg_is_the_same_row_by_row_and_whole() {
        for (bits_allocated, signed) in [(8, false), (16, false), (16, true)] {
            let description =
                PixelDescription { bits_allocated, signed, ..described(37, 51, bits_allocated) };
            let data = (0..37 * 51 * usize::from(bits_allocated / 8)).map(|n| (n * n / 7) as u8).collect();
            let frame = DecodedFrame { description, data };
            let presentation = Presentation::default();
            let options = RenderOptions::default();
            let by_rows = render(&frame, &presentation, &options, &Labels::default()).unwrap();
            let whole = picture(&frame, &presentation, None).unwrap();
            assert_eq!(by_rows, output::write(&whole, PictureFormat::Jpeg, 90).unwrap());
            assert!(by_rows.len() > 1000);
        }
    }
}
