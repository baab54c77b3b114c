//! Native samples to the codings this product writes: all of them without loss.

use bytes::Bytes;
use dicom_dictionary_std::uids;

use super::{DecodedFrame, PixelDescription, PixelError, SampleKind, codec};

/// True where [`encode_frame`] can write the transfer syntax.
#[must_use]
pub fn can_encode(transfer_syntax: &str) -> bool {
    is_native(transfer_syntax) || ENCAPSULATED.contains(&transfer_syntax)
}

/// Encapsulated transfer syntaxes that can be written, best first.
pub const ENCAPSULATED: [&str; 4] = [
    uids::JPEGLS_LOSSLESS,
    uids::RLE_LOSSLESS,
    uids::DEFLATED_IMAGE_FRAME_COMPRESSION,
    uids::ENCAPSULATED_UNCOMPRESSED_EXPLICIT_VR_LITTLE_ENDIAN,
];

/// True for the transfer syntaxes whose Pixel Data is one plain value.
#[must_use]
pub fn is_native(transfer_syntax: &str) -> bool {
    const NATIVE: [&str; 4] = [
        uids::IMPLICIT_VR_LITTLE_ENDIAN,
        uids::EXPLICIT_VR_LITTLE_ENDIAN,
        uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
        // Explicit VR Big Endian: retired, but still asked for.
        "1.2.840.10008.1.2.2",
    ];
    NATIVE.contains(&transfer_syntax)
}

/// Encodes a frame for a transfer syntax, without loss. Samples by plane are woven together first
/// for the codings that want them pixel by pixel.
///
/// # Errors
/// [`PixelError::Unsupported`] for a transfer syntax this product does not write, or samples it
/// has no place for.
pub fn encode_frame(frame: &DecodedFrame, transfer_syntax: &str) -> Result<Bytes, PixelError> {
    match transfer_syntax {
        uids::JPEGLS_LOSSLESS => jpeg_ls(frame),
        uids::RLE_LOSSLESS => Ok(codec::rle::encode(&frame.description, &by_pixel(frame)?)?.into()),
        uids::DEFLATED_IMAGE_FRAME_COMPRESSION => Ok(codec::deflated::encode(&frame.data)?.into()),
        uids::ENCAPSULATED_UNCOMPRESSED_EXPLICIT_VR_LITTLE_ENDIAN => Ok(frame.data.clone()),
        uid if is_native(uid) => Ok(frame.data.clone()),
        uid => Err(PixelError::Unsupported(format!("encoding transfer syntax {uid}"))),
    }
}

fn jpeg_ls(frame: &DecodedFrame) -> Result<Bytes, PixelError> {
    let d = &frame.description;
    if d.kind != SampleKind::Integer || !matches!(d.bits_allocated, 8 | 16) {
        return Err(PixelError::Unsupported(format!("JPEG-LS of {} bits", d.bits_allocated)));
    }
    Ok(codec::jpeg_ls::encode(d, coded_bits(frame), &by_pixel(frame)?)?.into())
}

/// Bits Stored where the bits above are clear, else all that are allocated: signed samples and
/// old overlays use them, and they must come back.
fn coded_bits(frame: &DecodedFrame) -> u16 {
    let d = &frame.description;
    let unused = match d.bits_allocated {
        8 => frame.data.iter().fold(0, |or, b| or | u16::from(*b)),
        _ => frame.data.as_chunks::<2>().0.iter().fold(0, |or, c| or | u16::from_le_bytes(*c)),
    };
    // CharLS tells 8-bit from 16-bit memory by the precision.
    let least = if d.bits_allocated == 8 { 2 } else { 9 };
    let fits = u32::from(unused) >> d.bits_stored == 0;
    if fits { d.bits_stored.max(least) } else { d.bits_allocated }
}

/// The samples pixel by pixel.
pub(super) fn by_pixel(frame: &DecodedFrame) -> Result<Bytes, PixelError> {
    let d = &frame.description;
    if d.frame_bits() != d.frame_samples() as u64 * u64::from(d.bits_allocated) {
        return Err(PixelError::Unsupported(format!("{} in this coding", d.photometric.name())));
    }
    if !d.by_plane {
        return Ok(frame.data.clone());
    }
    Ok(picked(d, &frame.data, |i, samples| i % samples * d.pixels() + i / samples))
}

/// Samples given pixel by pixel, by plane.
pub(super) fn by_plane(d: &PixelDescription, data: &Bytes) -> Bytes {
    picked(d, data, |i, samples| i % d.pixels() * samples + i / d.pixels())
}

/// The samples in the order of the places `from(index, samples per pixel)` gives.
fn picked(d: &PixelDescription, data: &Bytes, from: impl Fn(usize, usize) -> usize) -> Bytes {
    let size = d.sample_bytes();
    let place = |i: usize| from(i, usize::from(d.samples)) * size;
    (0..d.frame_samples()).flat_map(|i| data.get(place(i)..place(i) + size).unwrap_or(&[])).copied().collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::description::tests::grey;
    use super::super::{Photometric, decode_frame};
    use super::*;

    fn frame(description: PixelDescription, data: Vec<u8>) -> DecodedFrame {
        DecodedFrame { description, data: data.into() }
    }

    fn pattern(length: usize) -> Vec<u8> {
        (0..length).map(|i| (i * i / 7) as u8).collect()
    }

    #[test]
    fn every_coding_written_is_read_back_equal() {
        let signed = PixelDescription { signed: true, ..grey(9, 11, 12) };
        let wide = grey(9, 11, 16);
        let small = grey(9, 11, 8);
        let colour = PixelDescription { samples: 3, photometric: Photometric::Rgb, ..grey(9, 11, 8) };
        for description in [signed, wide, small, colour] {
            let bytes = description.frame_bytes().unwrap();
            let original = frame(description.clone(), pattern(bytes));
            for ts in ENCAPSULATED {
                let coded = encode_frame(&original, ts).unwrap();
                assert_eq!(decode_frame(&description, ts, &coded).unwrap().data, original.data, "{ts}");
            }
        }
    }

    #[test]
    fn planes_are_woven_and_unwoven() {
        let description =
            PixelDescription { samples: 3, by_plane: true, photometric: Photometric::Rgb, ..grey(2, 3, 8) };
        let original = frame(description.clone(), pattern(18));
        let woven = by_pixel(&original).unwrap();
        assert_ne!(woven, original.data);
        assert_eq!(by_plane(&description, &woven), original.data);
    }

    #[test]
    fn bits_above_bits_stored_are_coded_too() {
        let description = grey(1, 2, 12);
        let original = frame(description.clone(), vec![0xFF, 0xFF, 0x01, 0x00]);
        let coded = encode_frame(&original, uids::JPEGLS_LOSSLESS).unwrap();
        assert_eq!(decode_frame(&description, uids::JPEGLS_LOSSLESS, &coded).unwrap().data, original.data);
    }
}
