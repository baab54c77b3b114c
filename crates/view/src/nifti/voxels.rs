//! Samples of a decoded frame as voxels, the last row first.

use bytes::{Bytes, BytesMut};
use dicom::pixel::render::{Modality, Presentation, picture};
use dicom::pixel::{DecodedFrame, Photometric, PixelError, SampleKind};

use super::slice::{Raster, Scale, Tile};

/// What becomes of a sample.
pub(super) enum Meaning {
    /// It stays; the header says what it stands for.
    Stored,
    /// It becomes what it stands for, a 32-bit float.
    Scaled(Scale),
    /// The same, by a table.
    Table(Modality),
}

/// The voxels of one slice.
///
/// # Errors
/// [`PixelError::Damaged`] where the frame is another size than its volume says.
pub(super) fn of(
    frame: &DecodedFrame,
    raster: &Raster,
    tile: Option<Tile>,
    meaning: &Meaning,
) -> Result<Bytes, PixelError> {
    let wrong =
        || PixelError::Damaged { codec: "frame", reason: "its size is not that of its volume".into() };
    let description = &frame.description;
    let whole = [usize::from(description.columns), usize::from(description.rows)];
    let at = tile.unwrap_or(Tile { left: 0, top: 0 });
    if at.left + raster.columns > whole[0] || at.top + raster.rows > whole[1] {
        return Err(wrong());
    }
    let data = plain(frame)?;
    let size = if raster.bits_allocated == 1 { 1 } else { usize::from(raster.bits_allocated / 8) };
    let pixel = size * usize::from(raster.samples);
    let mut out = BytesMut::with_capacity(raster.columns * raster.rows * pixel.max(4));
    let put = |out: &mut BytesMut, value: f64| out.extend_from_slice(&(value as f32).to_le_bytes());
    for row in (0..raster.rows).rev() {
        let from = ((at.top + row) * whole[0] + at.left) * pixel;
        let row = data.get(from..from + raster.columns * pixel).ok_or_else(wrong)?;
        let samples = row.chunks_exact(size);
        match meaning {
            Meaning::Scaled(scale) => {
                samples.for_each(|s| put(&mut out, stored(s, raster) * scale.slope + scale.intercept));
            }
            Meaning::Table(table) => samples.for_each(|s| put(&mut out, table.apply(stored(s, raster)))),
            Meaning::Stored if cut(raster) => samples.for_each(|s| put_whole(&mut out, s, raster)),
            Meaning::Stored => out.extend_from_slice(row),
        }
    }
    Ok(out.freeze())
}

/// Samples beside each other, colours as red, green and blue, single bits as bytes.
fn plain(frame: &DecodedFrame) -> Result<Bytes, PixelError> {
    let description = &frame.description;
    if description.bits_allocated == 1 {
        let bit = |n: usize| frame.data.get(n / 8).map_or(0, |byte| byte >> (n % 8) & 1);
        return Ok((0..description.pixels()).map(bit).collect());
    }
    if description.samples == 1 || (description.photometric == Photometric::Rgb && !description.by_plane) {
        return Ok(frame.data.clone());
    }
    Ok(picture(frame, &Presentation::default(), None)?.data.into())
}

/// Whether bits above those stored may hold something else, such as an overlay (PS3.5 §8.1.1).
fn cut(raster: &Raster) -> bool {
    raster.kind == SampleKind::Integer && raster.bits_stored < raster.bits_allocated && raster.samples == 1
}

fn put_whole(out: &mut BytesMut, sample: &[u8], raster: &Raster) {
    let bytes = (stored(sample, raster) as i64).to_le_bytes();
    out.extend_from_slice(&bytes[..sample.len()]);
}

/// The value of a sample, of its stored bits alone.
fn stored(sample: &[u8], raster: &Raster) -> f64 {
    match (raster.kind, sample) {
        (SampleKind::Float, &[a, b, c, d]) => f32::from_le_bytes([a, b, c, d]).into(),
        (SampleKind::Double, &[a, b, c, d, e, f, g, h]) => f64::from_le_bytes([a, b, c, d, e, f, g, h]),
        _ => {
            let raw = sample.iter().rev().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
            let above = 64 - u32::from(raster.bits_stored.clamp(1, 64));
            let raw = raw << above;
            if raster.signed { ((raw as i64) >> above) as f64 } else { (raw >> above) as f64 }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raster(bits_stored: u16, signed: bool) -> Raster {
        let (bits_allocated, kind) = (16, SampleKind::Integer);
        Raster { columns: 1, rows: 1, samples: 1, bits_allocated, bits_stored, signed, kind }
    }

    #[test]
    fn bits_above_those_stored_do_not_count() {
        assert_eq!(stored(&[0xFF, 0x1F], &raster(12, false)), 4095.0);
        assert_eq!(stored(&[0xFF, 0x1F], &raster(12, true)), -1.0);
        assert_eq!(stored(&[0x00, 0x80], &raster(16, true)), -32768.0);
        let mut out = BytesMut::new();
        put_whole(&mut out, &[0xFF, 0x0F], &raster(12, true));
        assert_eq!(&out[..], [0xFF, 0xFF]);
    }
}
