//! JPEG-LS by CharLS (ISO/IEC 14495-1).

use charls::{CharLS, FrameInfo, InterleaveMode};

use super::super::{PixelDescription, PixelError};
use super::{Raster, RasterSamples, jpeg_marks, same_size};

pub(crate) const NAME: &str = "JPEG-LS";

/// Decodes a frame.
pub(crate) fn decode(description: &PixelDescription, coded: &[u8]) -> Result<Raster, PixelError> {
    let head =
        jpeg_marks::head(coded).ok_or_else(|| PixelError::damaged(NAME, "it has no start of frame"))?;
    // CharLS allocates by its own reading of the header, which can differ (an LSE segment may
    // enlarge it), so it is asked too.
    let info = CharLS::default().get_frame_info(coded).map_err(|error| PixelError::damaged(NAME, error))?;
    same_size(NAME, description, info.width, info.height, info.component_count.unsigned_abs())?;
    let data = CharLS::default().decode(coded).map_err(|error| PixelError::damaged(NAME, error))?;
    let by_plane = head.interleave == 0 && description.samples > 1;
    let samples = if info.bits_per_sample > 8 {
        let wide: Vec<u16> = data.as_chunks::<2>().0.iter().map(|c| u16::from_ne_bytes(*c)).collect();
        RasterSamples::U16(if by_plane { by_pixel(&wide, description) } else { wide })
    } else {
        RasterSamples::U8(if by_plane { by_pixel(&data, description) } else { data })
    };
    let is_ybr = description.photometric == super::super::Photometric::YbrFull;
    Ok(Raster { precision: info.bits_per_sample.unsigned_abs() as u16, is_ybr, samples })
}

fn by_pixel<T: Copy>(planes: &[T], description: &PixelDescription) -> Vec<T> {
    let pixels = description.pixels();
    let samples = usize::from(description.samples);
    (0..planes.len()).filter_map(|i| planes.get(i % samples * pixels + i / samples).copied()).collect()
}

/// Encodes the lowest `bits` of a frame given pixel by pixel, without loss.
///
///
/// # Errors
/// [`PixelError::Unsupported`] unless samples are 8 or 16 bits.
pub(crate) fn encode(
    description: &PixelDescription,
    bits: u16,
    samples: &[u8],
) -> Result<Vec<u8>, PixelError> {
    if !matches!(description.bits_allocated, 8 | 16) || bits < 2 {
        return Err(PixelError::Unsupported(format!("JPEG-LS of {} bits", description.bits_allocated)));
    }
    let info = FrameInfo {
        width: u32::from(description.columns),
        height: u32::from(description.rows),
        bits_per_sample: i32::from(bits),
        component_count: i32::from(description.samples),
    };
    let failed = |error: charls::Error| PixelError::damaged(NAME, error);
    let mut codec = CharLS::default();
    if description.samples > 1 {
        codec.set_interleave_mode(InterleaveMode::Line).map_err(failed)?;
    }
    codec.encode(info, 0, samples).map_err(failed)
}
