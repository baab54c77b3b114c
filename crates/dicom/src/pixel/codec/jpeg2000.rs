//! JPEG 2000 and High-Throughput JPEG 2000 by OpenJPEG's Rust port (ISO/IEC 15444-1 and -15).

use jpeg2k::{DecodeParameters, Image, ImageComponent};

use super::super::{PixelDescription, PixelError};
use super::{Raster, RasterSamples, same_size};

pub(crate) const NAME: &str = "JPEG 2000";
/// One code stream of tiles no smaller than this keeps the decoder's tables small.
const MOST_TILES: u64 = 65_535;

/// Decodes a frame.
pub(crate) fn decode(description: &PixelDescription, coded: &[u8]) -> Result<Raster, PixelError> {
    let stream = code_stream(coded).ok_or_else(|| PixelError::damaged(NAME, "it has no code stream"))?;
    check_size(description, stream)?;
    // Decoding the bare stream leaves JP2's palettes and channel definitions out: the DICOM
    // header tells what the samples mean (PS3.5 §8.2.4).
    let image = Image::from_bytes_with(stream, DecodeParameters::new().strict(false))
        .map_err(|error| PixelError::damaged(NAME, error))?;
    let components = image.components();
    let pixels = description.pixels();
    if components.len() < usize::from(description.samples) {
        return Err(PixelError::damaged(NAME, "components are missing"));
    }
    let components = &components[..usize::from(description.samples)];
    if components.iter().any(|c| c.width() != image.width() || c.data().len() != pixels) {
        return Err(PixelError::Unsupported("subsampled components in JPEG 2000".to_owned()));
    }
    let precision = components.iter().map(ImageComponent::precision).max().unwrap_or(0);
    Ok(Raster { precision: precision as u16, is_ybr: false, samples: interleaved(components, pixels) })
}

fn interleaved(components: &[ImageComponent], pixels: usize) -> RasterSamples {
    let count = components.len();
    let mut samples = vec![0; pixels * count];
    for (number, component) in components.iter().enumerate() {
        samples.iter_mut().skip(number).step_by(count).zip(component.data()).for_each(|(s, v)| *s = *v);
    }
    RasterSamples::I32(samples)
}

/// Skips the boxes of a JP2 file, which some devices store although DICOM asks for the bare stream.
fn code_stream(coded: &[u8]) -> Option<&[u8]> {
    const START: [u8; 4] = [0xFF, 0x4F, 0xFF, 0x51];
    if coded.starts_with(&START) {
        return Some(coded);
    }
    memchr::memmem::find(coded, &START).map(|at| &coded[at..])
}

/// Reads the SIZ segment (ISO/IEC 15444-1 A.5.1) so that nothing is allocated for a lie.
fn check_size(description: &PixelDescription, stream: &[u8]) -> Result<(), PixelError> {
    let short = || PixelError::damaged(NAME, "its header is too short");
    let word = |at: usize| stream.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    let [x1, y1, x0, y0, tile_w, tile_h] = [8, 12, 16, 20, 24, 28].map(|at| word(at).unwrap_or(0));
    let components = stream.get(40..42).ok_or_else(short)?;
    let components = u32::from(u16::from_be_bytes([components[0], components[1]]));
    let (width, height) = (x1.saturating_sub(x0), y1.saturating_sub(y0));
    same_size(NAME, description, width, height, components.min(description.samples.into()))?;
    let tiles = u64::from(x1.div_ceil(tile_w.max(1))) * u64::from(y1.div_ceil(tile_h.max(1)));
    if components > 16 || tile_w == 0 || tile_h == 0 || tiles > MOST_TILES {
        return Err(PixelError::damaged(NAME, "its tiles or components are out of range"));
    }
    Ok(())
}
