//! How a frame is looked at: as its viewers show it, and where those show nothing but black and white, at all its
//! grey levels.

use super::gate::Blocks;
use dicom::pixel::render::{Picture, Presentation, Window, picture};
use dicom::pixel::{DecodedFrame, PixelError, SampleKind};

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    /// As its viewers see it.
    Plain,
    /// All grey levels there are.
    Full,
}

/// A picture, and where in it text may be.
pub(super) struct Look {
    pub picture: Picture,
    pub blocks: Blocks,
}

/// Grey levels a picture spreads over, below which its window hides text everywhere.
const FLAT: u8 = 128;

/// The pictures of a frame.
pub(super) fn looks(
    frame: &DecodedFrame,
    presentation: &Presentation,
    care: Care,
) -> Result<Vec<Look>, PixelError> {
    let seen = picture(frame, presentation, None)?;
    let hidden = if care == Care::Full { hidden(frame, presentation, &seen)? } else { None };
    let blocks = Blocks::with_strokes(&seen);
    Ok([Look { picture: seen, blocks }].into_iter().chain(hidden).collect())
}

/// What the window hides in black or white is still there for whoever opens it.
fn hidden(
    frame: &DecodedFrame,
    presentation: &Presentation,
    seen: &Picture,
) -> Result<Option<Look>, PixelError> {
    let d = &frame.description;
    let is_deep = d.samples == 1 && d.bits_stored > 8 && d.kind == SampleKind::Integer;
    if !is_deep || !d.photometric.is_monochrome() {
        return Ok(None);
    }
    let all = Presentation { windows: Vec::new(), voi_luts: Vec::new(), ..presentation.clone() };
    let picture = picture(frame, &all, None::<Window>)?;
    if picture == *seen {
        return Ok(None);
    }
    let blocks = Blocks::with_strokes(&picture);
    let (low, high) =
        seen.data.iter().fold((255u8, 0u8), |(low, high), value| (low.min(*value), high.max(*value)));
    let is_flat = high.saturating_sub(low) < FLAT;
    let blocks = if is_flat { blocks } else { blocks.only(&Blocks::saturated(seen)) };
    Ok(Some(Look { picture, blocks }))
}
