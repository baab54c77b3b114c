//! JPEG XL by jxl-oxide (ISO/IEC 18181-1), recompressed JPEG included.

use jxl_oxide::{AllocTracker, JxlImage};

use super::super::{PixelDescription, PixelError};
use super::{Raster, RasterSamples, same_size};

pub(crate) const NAME: &str = "JPEG XL";

/// Decodes a frame.
pub(crate) fn decode(description: &PixelDescription, coded: &[u8]) -> Result<Raster, PixelError> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| PixelError::damaged(NAME, error);
    // The decoder works in 32-bit planes, several at a time.
    let budget = AllocTracker::with_limit(description.frame_samples().saturating_mul(64).max(64 << 20));
    let image = JxlImage::builder().alloc_tracker(budget).read(coded).map_err(failed)?;
    let channels = u32::from(description.samples);
    same_size(NAME, description, image.width(), image.height(), channels)?;
    let precision = image.image_header().metadata.bit_depth.bits_per_sample().min(16);
    let rendered = image.render_frame(0).map_err(failed)?;
    let mut stream = rendered.stream_no_alpha();
    if stream.channels() != channels {
        return Err(PixelError::damaged(NAME, "its channels differ from the header's samples"));
    }
    let mut values = vec![0f32; description.frame_samples()];
    let written = stream.write_to_buffer(&mut values);
    values.truncate(written);
    let most = ((1u32 << precision) - 1) as f32;
    let samples = values.into_iter().map(|v| (v * most).round().clamp(0.0, most) as u16).collect();
    Ok(Raster { precision: precision as u16, is_ybr: false, samples: RasterSamples::U16(samples) })
}
