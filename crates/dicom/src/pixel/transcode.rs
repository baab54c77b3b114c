//! The same object in another transfer syntax, for a peer that can't take the one it is kept in.

use bytes::Bytes;
use dicom_dictionary_std::{tags, uids};

use super::image::{pixel_syntax, read_file, whole_words};
use super::{DecodedFrame, Image, Limits, PixelError, encode_frame, is_native};
use crate::{DataSet, Fragments, Part10, TransferSyntax, Value, Vr, write_file};

/// Explicit VR Big Endian: retired, but still asked for.
const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

/// A file in another transfer syntax, with the same SOP Instance UID: nothing here loses anything
/// that is still there.
///
/// The file itself is given back when it is in `to` already. Objects without pixel data are
/// rewritten in explicit VR little endian for every encapsulated `to` (PS3.5 §10).
///
/// # Errors
/// [`PixelError::Unsupported`] for what can't be decoded or encoded, [`PixelError::Damaged`] for
/// damaged pixel data, [`PixelError::Read`] for a file that is not DICOM.
pub fn transcode(file: &Bytes, to: &str, limits: &Limits) -> Result<Bytes, PixelError> {
    let (part10, data_set) = read_file(file)?;
    if part10.meta.transfer_syntax().as_deref() == Some(to) && part10.transfer_syntax.uid() == to {
        return Ok(file.clone());
    }
    let (data_set, ts) = transcode_data_set(data_set, &part10, to, limits)?;
    Ok(write_file(&data_set, &ts, None).into())
}

fn transcode_data_set(
    mut data_set: DataSet,
    part10: &Part10,
    to: &str,
    limits: &Limits,
) -> Result<(DataSet, TransferSyntax), PixelError> {
    let unsupported = || PixelError::Unsupported(format!("encoding transfer syntax {to}"));
    let ts = TransferSyntax::by_uid(to).filter(|_| super::can_encode(to)).ok_or_else(unsupported)?;
    let from = pixel_syntax(part10, &data_set);
    match Image::of(&data_set, &from, limits) {
        Err(PixelError::NoPixelData) if is_native(to) => return Ok((data_set, ts)),
        Err(PixelError::NoPixelData) => return Ok((data_set, TransferSyntax::EXPLICIT_LE)),
        // Between native forms the value stays what it is, even where it is damaged.
        image if is_native(to) && !from.is_encapsulated() => {
            settle_vr(&mut data_set);
            if from.big_endian() != ts.big_endian()
                && let Ok(image) = image
            {
                turn_words(&mut data_set, &image);
            }
        }
        image => put_pixels(&mut data_set, &image?, to)?,
    }
    Ok((data_set, ts))
}

fn put_pixels(data_set: &mut DataSet, image: &Image, to: &str) -> Result<(), PixelError> {
    if image.description.kind != super::SampleKind::Integer {
        return Err(PixelError::Unsupported("floating point samples in this coding".to_owned()));
    }
    let count = image.frames.count();
    let mut fragments = Vec::with_capacity(count as usize);
    let mut last = None;
    for number in 0..count {
        let frame = image.decode(number)?;
        fragments.push(encode_frame(&frame, to)?);
        last = Some(frame);
    }
    data_set.remove(tags::EXTENDED_OFFSET_TABLE);
    data_set.remove(tags::EXTENDED_OFFSET_TABLE_LENGTHS);
    if let Some(frame) = &last {
        describe(data_set, frame, to);
    }
    if !is_native(to) {
        data_set
            .put_fragments(tags::PIXEL_DATA, Fragments { offset_table: offset_table(&fragments), fragments });
        return Ok(());
    }
    put_native(data_set, image, &fragments);
    if to == BIG_ENDIAN {
        turn_words(data_set, image);
    }
    Ok(())
}

/// Some files give Pixel Data a VR that is none; the byte order depends on it.
fn settle_vr(data_set: &mut DataSet) {
    let wide = data_set.int(tags::BITS_ALLOCATED).is_some_and(|bits| bits > 8);
    if let Some(element) = data_set.get_mut(tags::PIXEL_DATA)
        && !matches!(element.vr, Vr::OB | Vr::OW)
    {
        element.vr = if wide { Vr::OW } else { Vr::OB };
    }
}

/// Reading and writing turn words of 16 bits round; samples of 32 bits are two of them.
fn turn_words(data_set: &mut DataSet, image: &Image) {
    if let Some(element) = data_set.get_mut(tags::PIXEL_DATA)
        && let Value::Bytes(value) = &element.value
    {
        element.value = Value::Bytes(whole_words(&image.description, value));
    }
}

fn put_native(data_set: &mut DataSet, image: &Image, frames: &[Bytes]) {
    let vr = if image.description.bits_allocated > 8 { Vr::OW } else { Vr::OB };
    let value = if image.description.frame_bits().is_multiple_of(8) {
        frames.concat()
    } else {
        joined_bits(frames, image.description.frame_bits())
    };
    data_set.put_bytes(tags::PIXEL_DATA, vr, value);
}

/// Single-bit frames follow each other without a gap (PS3.5 §8.1.1).
fn joined_bits(frames: &[Bytes], bits: u64) -> Vec<u8> {
    let mut out = vec![0u8; (bits * frames.len() as u64).div_ceil(8) as usize];
    let set = |frame: &Bytes, i: u64| frame.get((i / 8) as usize).is_some_and(|b| b >> (i % 8) & 1 == 1);
    for (number, frame) in frames.iter().enumerate() {
        for i in (0..bits).filter(|i| set(frame, *i)) {
            let at = number as u64 * bits + i;
            out[(at / 8) as usize] |= 1 << (at % 8);
        }
    }
    out
}

/// The attributes that tell how the samples lie after decoding.
fn describe(data_set: &mut DataSet, frame: &DecodedFrame, to: &str) {
    let d = &frame.description;
    data_set.put_text(tags::PHOTOMETRIC_INTERPRETATION, d.photometric.name());
    if d.samples > 1 {
        // These codings have their own order of samples; natively it is the frame's.
        let by_plane = d.by_plane && !matches!(to, uids::JPEGLS_LOSSLESS | uids::RLE_LOSSLESS);
        data_set.put_u16(tags::PLANAR_CONFIGURATION, u16::from(by_plane));
    }
}

/// A Basic Offset Table; empty where its 32 bits don't suffice (PS3.5 §A.4).
pub(super) fn offset_table(fragments: &[Bytes]) -> Bytes {
    let mut at = 0u64;
    let mut table = Vec::with_capacity(fragments.len() * 4);
    for fragment in fragments {
        let Ok(offset) = u32::try_from(at) else { return Bytes::new() };
        table.extend_from_slice(&offset.to_le_bytes());
        at += 8 + fragment.len() as u64 + fragment.len() as u64 % 2;
    }
    table.into()
}
