//! Colour samples to red, green and blue of 8 bits.

use super::Presentation;
use crate::pixel::{DecodedFrame, Photometric, PixelDescription, PixelError};

/// A palette image.
pub(super) fn palette(frame: &DecodedFrame, presentation: &Presentation) -> Result<Vec<u8>, PixelError> {
    let Some(palette) = &presentation.palette else {
        return Err(PixelError::Attribute("Palette Color Lookup Table Data"));
    };
    let d = &frame.description;
    let value = |v: u16| if d.signed { i32::from(v as i16) } else { i32::from(v) };
    let mask = (1u32 << d.bits_stored.min(16)) - 1;
    let colour = |v: u32| palette.colour(value((v & mask) as u16));
    match d.bits_allocated {
        8 => Ok(frame.data.iter().flat_map(|b| colour(u32::from(*b))).collect()),
        16 => Ok(frame
            .data
            .as_chunks::<2>()
            .0
            .iter()
            .flat_map(|c| colour(u16::from_le_bytes(*c).into()))
            .collect()),
        bits => Err(PixelError::Unsupported(format!("palette indices of {bits} bits"))),
    }
}

/// A frame of three (or four, the last ignored) samples for each pixel.
pub(super) fn rgb(frame: &DecodedFrame) -> Result<Vec<u8>, PixelError> {
    let d = &frame.description;
    let bytes = eight_bits(d, &frame.data)?;
    let mut pixels = match d.photometric {
        Photometric::YbrFull422 | Photometric::YbrPartial422 if is_subsampled(d, &bytes) => {
            expand_422(&bytes)
        }
        _ if d.by_plane => from_planes(d, &bytes),
        _ if d.samples == 4 => bytes.as_chunks::<4>().0.iter().flat_map(|c| [c[0], c[1], c[2]]).collect(),
        _ => bytes,
    };
    match d.photometric {
        Photometric::YbrFull | Photometric::YbrFull422 => convert(&mut pixels, full_range),
        Photometric::YbrPartial422 | Photometric::YbrPartial420 => convert(&mut pixels, studio_range),
        _ => {}
    }
    Ok(pixels)
}

/// Native 4:2:2 has two thirds of the bytes; some objects say 4:2:2 and are not subsampled.
fn is_subsampled(d: &PixelDescription, bytes: &[u8]) -> bool {
    bytes.len() < d.frame_samples()
}

fn eight_bits(d: &PixelDescription, data: &[u8]) -> Result<Vec<u8>, PixelError> {
    match d.bits_allocated {
        8 => Ok(data.to_vec()),
        16 | 32 => {
            let size = d.sample_bytes();
            let shift = u32::from(d.bits_stored.saturating_sub(8));
            let value = |c: &[u8]| c.iter().rev().fold(0u32, |sum, b| sum << 8 | u32::from(*b));
            Ok(data.chunks_exact(size).map(|c| (value(c) >> shift) as u8).collect())
        }
        bits => Err(PixelError::Unsupported(format!("colour samples of {bits} bits"))),
    }
}

fn from_planes(d: &PixelDescription, bytes: &[u8]) -> Vec<u8> {
    let pixels = d.pixels();
    let sample = |plane: usize, i: usize| bytes.get(plane * pixels + i).copied().unwrap_or(0);
    (0..pixels).flat_map(|i| [sample(0, i), sample(1, i), sample(2, i)]).collect()
}

/// Y Y Cb Cr for two pixels (PS3.3 §C.7.6.3.1.2).
fn expand_422(bytes: &[u8]) -> Vec<u8> {
    bytes.as_chunks::<4>().0.iter().flat_map(|[y1, y2, cb, cr]| [*y1, *cb, *cr, *y2, *cb, *cr]).collect()
}

fn convert(pixels: &mut [u8], to_rgb: fn(f32, f32, f32) -> [f32; 3]) {
    for pixel in pixels.as_chunks_mut::<3>().0 {
        let [y, cb, cr] = pixel.map(f32::from);
        *pixel = to_rgb(y, cb - 128.0, cr - 128.0).map(|v| (v + 0.5).clamp(0.0, 255.0) as u8);
    }
}

fn full_range(y: f32, cb: f32, cr: f32) -> [f32; 3] {
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb]
}

fn studio_range(y: f32, cb: f32, cr: f32) -> [f32; 3] {
    let y = 1.1644 * (y - 16.0);
    [y + 1.5960 * cr, y - 0.3917 * cb - 0.8129 * cr, y + 2.0173 * cb]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::pixel::description::tests::grey;

    fn frame(photometric: Photometric, by_plane: bool, data: &'static [u8]) -> DecodedFrame {
        let description = PixelDescription { samples: 3, photometric, by_plane, ..grey(1, 2, 8) };
        DecodedFrame { description, data: Bytes::from_static(data) }
    }

    #[test]
    fn planes_are_woven_together() {
        assert_eq!(rgb(&frame(Photometric::Rgb, true, &[1, 2, 3, 4, 5, 6])).unwrap(), [1, 3, 5, 2, 4, 6]);
    }

    #[test]
    fn neutral_chroma_is_grey() {
        assert_eq!(
            rgb(&frame(Photometric::YbrFull422, false, &[10, 20, 128, 128])).unwrap(),
            [10, 10, 10, 20, 20, 20]
        );
    }
}
