//! One coded frame to native samples.

use bytes::Bytes;

use super::codec::{self, Raster, RasterSamples};
use super::{Photometric, PixelDescription, PixelError};

/// The samples of one frame, native, little endian, pixel by pixel unless `by_plane`.
#[derive(Debug, Clone)]
pub struct DecodedFrame {
    /// The layout of `data`; `frames` is 1. Photometric and planar configuration are those
    /// after decoding: the YBR of lossy JPEG and JPEG 2000 has become RGB.
    pub description: PixelDescription,
    /// The samples.
    pub data: Bytes,
}

/// True where [`decode_frame`] reads the transfer syntax.
#[must_use]
pub fn can_decode(transfer_syntax: &str) -> bool {
    codec::by_transfer_syntax(transfer_syntax).is_some()
}

/// Decodes one frame from its coded bytes.
///
/// `coded` is what [`Frames::get`](super::Frames::get) gives for the transfer syntax.
///
/// # Errors
/// [`PixelError::Unsupported`] for a transfer syntax without a decoder (video, for one),
/// [`PixelError::Damaged`] where the stream contradicts itself or the description.
pub fn decode_frame(
    description: &PixelDescription,
    transfer_syntax: &str,
    coded: &Bytes,
) -> Result<DecodedFrame, PixelError> {
    let Some(decoder) = codec::by_transfer_syntax(transfer_syntax) else {
        return Err(PixelError::Unsupported(format!("decoding transfer syntax {transfer_syntax}")));
    };
    match decoder {
        codec::Decoder::Native => native(description.single(), coded),
        codec::Decoder::Deflated => {
            native(description.single(), &codec::deflated::decode(description, coded)?)
        }
        codec::Decoder::Rle => {
            let data = codec::rle::decode(description, coded)?;
            native(PixelDescription { by_plane: false, ..description.single() }, &data.into())
        }
        codec::Decoder::Raster { name, decode } => {
            fit(description, name, codec::guarded(name, || decode(description, coded))?)
        }
    }
}

fn native(description: PixelDescription, data: &Bytes) -> Result<DecodedFrame, PixelError> {
    let bytes = description.frame_bytes()?;
    if data.len() < bytes {
        return Err(PixelError::damaged("native", "the frame is shorter than its rows and columns need"));
    }
    Ok(DecodedFrame { data: data.slice(..bytes), description })
}

/// Brings what a codec gave into the sample size the header declares.
fn fit(
    description: &PixelDescription,
    name: &'static str,
    raster: Raster,
) -> Result<DecodedFrame, PixelError> {
    if raster.samples.len() != description.frame_samples() {
        return Err(PixelError::damaged(name, "rows, columns or samples differ from the header's"));
    }
    let photometric = match description.photometric {
        Photometric::Monochrome1 | Photometric::Monochrome2 | Photometric::PaletteColor => {
            description.photometric
        }
        _ if description.samples == 1 => Photometric::Monochrome2,
        _ if raster.is_ybr => Photometric::YbrFull,
        _ => Photometric::Rgb,
    };
    let description = PixelDescription { photometric, by_plane: false, ..description.single() };
    let data = to_bytes(&description, raster)?;
    Ok(DecodedFrame { description, data })
}

fn to_bytes(description: &PixelDescription, raster: Raster) -> Result<Bytes, PixelError> {
    let bits = u32::from(raster.precision.clamp(1, 32));
    let extend = description.signed && bits < u32::from(description.bits_allocated);
    let value = |v: i32| if extend { v << (32 - bits) >> (32 - bits) } else { v };
    Ok(match (description.bits_allocated, raster.samples) {
        (8, RasterSamples::U8(data)) if !extend => data.into(),
        (16, RasterSamples::U16(data)) if !extend => data.iter().flat_map(|v| v.to_le_bytes()).collect(),
        (8, samples) => samples.into_iter().map(|v| value(v) as u8).collect(),
        (16, samples) => samples.into_iter().flat_map(|v| (value(v) as i16).to_le_bytes()).collect(),
        (32, samples) => samples.into_iter().flat_map(|v| value(v).to_le_bytes()).collect(),
        (1, samples) => packed(samples),
        (other, _) => return Err(PixelError::Unsupported(format!("compressed samples of {other} bits"))),
    })
}

/// Single bits, the first in the lowest place (PS3.5 §8.1.1).
fn packed(samples: RasterSamples) -> Bytes {
    let mut bytes = vec![0u8; samples.len().div_ceil(8)];
    for (i, _) in samples.into_iter().enumerate().filter(|(_, v)| *v != 0) {
        bytes[i / 8] |= 1 << (i % 8);
    }
    bytes.into()
}
