//! The JPEG processes of ISO/IEC 10918-1: 8-bit DCT and lossless by `jpeg-decoder`, 12-bit DCT by
//! our own decoder, since no maintained crate has one.

use jpeg_decoder::{ColorTransform, Decoder};

use super::super::{Photometric, PixelDescription, PixelError};
use super::jpeg_marks::Head;
use super::{Raster, RasterSamples, jpeg_dct, jpeg_marks, same_size};

pub(crate) const NAME: &str = "JPEG";
const LOSSLESS: u8 = 0xC3;

/// Decodes a frame.
pub(crate) fn decode(description: &PixelDescription, coded: &[u8]) -> Result<Raster, PixelError> {
    let head =
        jpeg_marks::head(coded).ok_or_else(|| PixelError::damaged(NAME, "it has no start of frame"))?;
    let components = head.components.len() as u32;
    same_size(NAME, description, head.width.into(), head.height.into(), components)?;
    let convert = is_ybr(description, &head);
    if head.precision > 8 && head.frame != LOSSLESS {
        return jpeg_dct::decode(coded, convert);
    }
    let mut decoder = Decoder::new(coded);
    decoder.set_max_decoding_buffer_size(description.frame_samples() * 2);
    decoder.set_color_transform(match (components, convert) {
        (1, _) => ColorTransform::Grayscale,
        (3, true) => ColorTransform::YCbCr,
        // `None` would ignore subsampling.
        (3, false) => ColorTransform::RGB,
        (4, true) => ColorTransform::YCCK,
        _ => ColorTransform::None,
    });
    let data = decoder.decode().map_err(|error| PixelError::damaged(NAME, error))?;
    Ok(Raster { precision: head.precision.into(), is_ybr: false, samples: samples(description, data) })
}

/// Lossless JPEG of more than 8 bits comes as native-endian pairs of bytes.
fn samples(description: &PixelDescription, data: Vec<u8>) -> RasterSamples {
    if data.len() >= description.frame_samples() * 2 {
        let wide = data.as_chunks::<2>().0.iter().map(|c| u16::from_ne_bytes(*c)).collect();
        return RasterSamples::U16(wide);
    }
    RasterSamples::U8(data)
}

/// Whether the three components are YCbCr. Photometric Interpretation is often left at RGB by
/// devices that compress; the marks of JFIF and Adobe know better (as DCMTK and pydicom decide).
fn is_ybr(description: &PixelDescription, head: &Head) -> bool {
    if description.samples < 3 || head.frame == LOSSLESS {
        return false;
    }
    match (description.photometric, head.adobe) {
        (_, Some(transform)) => transform != 0,
        (Photometric::Rgb, None) => head.jfif,
        _ => head.components != *b"RGB",
    }
}
