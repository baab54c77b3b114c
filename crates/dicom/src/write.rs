//! Writing data sets and files (PS3.5 §7, PS3.10 §7): sequences with defined lengths, no group lengths,
//! the same input always the same bytes.

use crate::data_set::{pad, padding};
use crate::file::file_meta;
use crate::read::{Encoding, has_short_length, swapped};
use crate::{DataSet, Element, Fragments, Tag, TransferSyntax, Value, Vr, tags};
use bytes::Bytes;
use flate2::{Compression, write::DeflateEncoder};
use model::AeTitle;
use std::io::Write as _;

/// Appends a data set in a transfer syntax.
/// Pixel data is written as it is: native bytes or fragments must already fit the syntax.
pub fn write_data_set(data_set: &DataSet, ts: &TransferSyntax, out: &mut Vec<u8>) {
    if !ts.deflated() {
        return write_elements(data_set, Encoding::of(ts), out);
    }
    let mut plain = Vec::new();
    write_elements(data_set, Encoding::EXPLICIT, &mut plain);
    out.extend_from_slice(&deflate(&plain));
}

/// A whole file: preamble, group 2 (SOP class and instance from the data set), data set.
#[must_use]
pub fn write_file(data_set: &DataSet, ts: &TransferSyntax, source: Option<&AeTitle>) -> Vec<u8> {
    let uid = |tag| data_set.uid(tag).unwrap_or_default();
    let mut out = file_meta(&uid(tags::SOP_CLASS_UID), &uid(tags::SOP_INSTANCE_UID), ts.uid(), source);
    write_data_set(data_set, ts, &mut out);
    out
}

/// As [`write_file`], in pieces to be written one after the other: large values at the top level are not
/// copied, but shared with the data set.
#[must_use]
pub fn write_file_pieces(data_set: &DataSet, ts: &TransferSyntax) -> Vec<Bytes> {
    let encoding = Encoding::of(ts);
    if ts.deflated() || encoding.big_endian {
        return vec![write_file(data_set, ts, None).into()];
    }
    let uid = |tag| data_set.uid(tag).unwrap_or_default();
    let mut out = file_meta(&uid(tags::SOP_CLASS_UID), &uid(tags::SOP_INSTANCE_UID), ts.uid(), None);
    out.reserve(copied(data_set));
    let mut pieces = Vec::new();
    for element in data_set.iter().filter(|element| !is_group_length(element.tag)) {
        match &element.value {
            Value::Bytes(bytes) if bytes.len() >= SHARED && !has_short_length(element.vr) => {
                let is_odd = bytes.len() % 2 == 1;
                let length = bytes.len() + usize::from(is_odd);
                write_header(element.tag, element.vr, Some(length), encoding, &mut out);
                pieces.push(Bytes::from(std::mem::take(&mut out)));
                pieces.push(bytes.clone());
                out.extend(is_odd.then_some(padding(element.vr)));
            }
            _ => write_element(element, encoding, &mut out),
        }
    }
    pieces.push(out.into());
    pieces
}

/// What stands before a value in a file: its tag, VR and length. `None` where it can't be written so: in syntaxes
/// that turn or pack values, and for lengths that are odd or too great.
#[must_use]
pub fn value_start(tag: Tag, vr: Vr, length: u64, ts: &TransferSyntax) -> Option<Vec<u8>> {
    let encoding = Encoding::of(ts);
    let length = u32::try_from(length).ok().filter(|length| length % 2 == 0 && *length != u32::MAX)?;
    let plain = !ts.deflated() && !encoding.big_endian && !has_short_length(vr);
    let mut out = Vec::with_capacity(12);
    write_header(tag, vr, Some(length as usize), encoding, &mut out);
    plain.then_some(out)
}

/// Values from here on are shared rather than copied.
const SHARED: usize = 16 << 10;

/// About how many bytes a data set takes, without values that are shared.
fn copied(data_set: &DataSet) -> usize {
    let of = |element: &Element| match &element.value {
        Value::Bytes(bytes) if bytes.len() >= SHARED => 16,
        Value::Bytes(bytes) => bytes.len() + 13,
        Value::Items(items) => items.iter().map(|item| copied(item) + 8).sum::<usize>() + 12,
        Value::Fragments(pixels) => pixels.fragments.iter().map(|part| part.len() + 9).sum::<usize>() + 32,
    };
    data_set.iter().map(of).sum()
}

/// Raw deflate (RFC 1951), padded to even length (PS3.5 §A.5).
fn deflate(plain: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let deflated = encoder.write_all(plain).and_then(|()| encoder.finish());
    // Writing to a vector does not fail.
    pad(deflated.unwrap_or_default(), Vr::OB)
}

/// Appends one element, as it stands in a data set in a transfer syntax that is not deflated.
pub fn append_element(element: &Element, ts: &TransferSyntax, out: &mut Vec<u8>) {
    if !is_group_length(element.tag) {
        write_element(element, Encoding::of(ts), out);
    }
}

fn write_elements(data_set: &DataSet, encoding: Encoding, out: &mut Vec<u8>) {
    for element in data_set.iter().filter(|element| !is_group_length(element.tag)) {
        write_element(element, encoding, out);
    }
}

/// Group lengths are retired but for commands and file meta information (PS3.5 §7.2).
const fn is_group_length(tag: Tag) -> bool {
    tag.1 == 0 && tag.0 > 2
}

fn write_element(element: &Element, encoding: Encoding, out: &mut Vec<u8>) {
    match (&element.value, element.vr) {
        // Bytes are no sequence, whatever their VR says: a reader would stumble.
        (Value::Bytes(bytes), Vr::SQ) => write_bytes(element.tag, Vr::UN, bytes, encoding, out),
        (Value::Bytes(bytes), vr) => write_bytes(element.tag, vr, bytes, encoding, out),
        (Value::Items(items), _) => write_items(element.tag, items, encoding, out),
        (Value::Fragments(pixels), Vr::OW) => write_fragments(element.tag, Vr::OW, pixels, encoding, out),
        (Value::Fragments(pixels), _) => write_fragments(element.tag, Vr::OB, pixels, encoding, out),
    }
}

pub(crate) fn write_bytes(tag: Tag, vr: Vr, bytes: &[u8], encoding: Encoding, out: &mut Vec<u8>) {
    let is_odd = bytes.len() % 2 == 1;
    // A value too long for a 16-bit length is written as UN (PS3.5 §6.2.2).
    let vr = if has_short_length(vr) && encoding.explicit && bytes.len() > 0xFFFE { Vr::UN } else { vr };
    write_header(tag, vr, Some(bytes.len() + usize::from(is_odd)), encoding, out);
    match encoding.big_endian.then(|| swapped(vr, bytes)).flatten() {
        Some(swapped) => out.extend_from_slice(&swapped),
        None => out.extend_from_slice(bytes),
    }
    if is_odd {
        out.push(padding(vr));
    }
}

fn write_items(tag: Tag, items: &[DataSet], encoding: Encoding, out: &mut Vec<u8>) {
    write_header(tag, Vr::SQ, Some(0), encoding, out);
    let start = out.len();
    for item in items {
        write_tag(Tag(0xFFFE, 0xE000), encoding, out);
        write_u32(0, encoding, out);
        let start = out.len();
        write_elements(item, encoding, out);
        patch_length(start, encoding, out);
    }
    patch_length(start, encoding, out);
}

/// Fills in the four bytes before `start` with how much was written since.
fn patch_length(start: usize, encoding: Encoding, out: &mut [u8]) {
    let length = (out.len() - start) as u32;
    let bytes = if encoding.big_endian { length.to_be_bytes() } else { length.to_le_bytes() };
    out[start - 4..start].copy_from_slice(&bytes);
}

fn write_fragments(tag: Tag, vr: Vr, pixels: &Fragments, encoding: Encoding, out: &mut Vec<u8>) {
    write_header(tag, vr, None, encoding, out);
    for part in std::iter::once(&pixels.offset_table).chain(&pixels.fragments) {
        let odd = part.len() % 2;
        write_tag(Tag(0xFFFE, 0xE000), encoding, out);
        write_u32((part.len() + odd) as u32, encoding, out);
        out.extend_from_slice(part);
        out.extend_from_slice(&[0][..odd]);
    }
    write_tag(Tag(0xFFFE, 0xE0DD), encoding, out);
    write_u32(0, encoding, out);
}

/// Tag, VR and length; `None` is an undefined length.
fn write_header(tag: Tag, vr: Vr, length: Option<usize>, encoding: Encoding, out: &mut Vec<u8>) {
    let length = length.map_or(u32::MAX, |length| length as u32);
    let [g0, g1] = encoded_u16(tag.0, encoding);
    let [e0, e1] = encoded_u16(tag.1, encoding);
    let [l0, l1, l2, l3] = if encoding.big_endian { length.to_be_bytes() } else { length.to_le_bytes() };
    let [v0, v1] = vr.to_bytes();
    if !encoding.explicit {
        out.extend_from_slice(&[g0, g1, e0, e1, l0, l1, l2, l3]);
    } else if has_short_length(vr) {
        let [l0, l1] = encoded_u16(length as u16, encoding);
        out.extend_from_slice(&[g0, g1, e0, e1, v0, v1, l0, l1]);
    } else {
        out.extend_from_slice(&[g0, g1, e0, e1, v0, v1, 0, 0, l0, l1, l2, l3]);
    }
}

fn write_tag(tag: Tag, encoding: Encoding, out: &mut Vec<u8>) {
    write_u16(tag.0, encoding, out);
    write_u16(tag.1, encoding, out);
}

fn write_u16(number: u16, encoding: Encoding, out: &mut Vec<u8>) {
    out.extend_from_slice(&encoded_u16(number, encoding));
}

const fn encoded_u16(number: u16, encoding: Encoding) -> [u8; 2] {
    if encoding.big_endian { number.to_be_bytes() } else { number.to_le_bytes() }
}

fn write_u32(number: u32, encoding: Encoding, out: &mut Vec<u8>) {
    out.extend_from_slice(&if encoding.big_endian { number.to_be_bytes() } else { number.to_le_bytes() });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReadOptions, read_data_set};

    fn sample() -> DataSet {
        let mut code = DataSet::new();
        code.put_text(tags::CODE_VALUE, "T-D3000");
        code.put_items(tags::CONCEPT_CODE_SEQUENCE, vec![DataSet::new()]);
        let mut set = DataSet::new();
        set.put_text(tags::PATIENT_NAME, "Doe^Jane");
        set.put_u16(tags::ROWS, 512);
        set.put_f64(tags::SLICE_THICKNESS, 1.25);
        set.put_bytes(tags::FRAME_INCREMENT_POINTER, Vr::AT, vec![0x18, 0, 0x63, 0x10]);
        set.put_items(tags::ANATOMIC_REGION_SEQUENCE, vec![code.clone(), code]);
        set.put_bytes(tags::PIXEL_DATA, Vr::OW, vec![1, 2, 3, 4]);
        set
    }

    #[test]
    fn what_is_written_is_read_again_in_every_native_syntax() {
        for ts in [
            TransferSyntax::IMPLICIT_LE,
            TransferSyntax::EXPLICIT_LE,
            TransferSyntax::EXPLICIT_BE,
            TransferSyntax::DEFLATED_LE,
        ] {
            let mut out = Vec::new();
            write_data_set(&sample(), &ts, &mut out);
            let read = read_data_set(&Bytes::from(out), &ts, &ReadOptions::default());
            assert_eq!(read, Ok(sample()), "{ts:?}");
        }
    }

    #[test]
    fn pieces_put_together_are_the_file() {
        let mut set = sample();
        set.put_bytes(tags::PIXEL_DATA, Vr::OW, vec![7; SHARED + 2]);
        set.put_bytes(tags::DATA_SET_TRAILING_PADDING, Vr::OB, vec![0; 4]);
        for ts in [TransferSyntax::IMPLICIT_LE, TransferSyntax::EXPLICIT_LE, TransferSyntax::EXPLICIT_BE] {
            assert_eq!(write_file_pieces(&set, &ts).concat(), write_file(&set, &ts, None), "{ts:?}");
        }
    }

    #[test]
    fn group_lengths_are_dropped() {
        let mut set = sample();
        set.put_u32(Tag(0x0010, 0x0000), 1234);
        let (mut with, mut without) = (Vec::new(), Vec::new());
        write_data_set(&set, &TransferSyntax::EXPLICIT_LE, &mut with);
        write_data_set(&sample(), &TransferSyntax::EXPLICIT_LE, &mut without);
        assert_eq!(with, without);
    }

    #[test]
    fn a_short_vr_too_long_for_its_length_becomes_un_and_is_read_back() {
        let mut set = DataSet::new();
        set.put_bytes(tags::CONTOUR_DATA, Vr::DS, vec![b'1'; 70_000]);
        let mut out = Vec::new();
        write_data_set(&set, &TransferSyntax::EXPLICIT_LE, &mut out);
        assert_eq!(&out[4..6], b"UN");
        let read = read_data_set(&Bytes::from(out), &TransferSyntax::EXPLICIT_LE, &ReadOptions::default());
        assert_eq!(read, Ok(set));
    }

    #[test]
    fn fragments_go_there_and_back() {
        let mut set = DataSet::new();
        let pixels = Fragments {
            offset_table: Bytes::from_static(&[0; 4]),
            fragments: vec![Bytes::from_static(b"abcd"), Bytes::from_static(b"ef")],
        };
        set.put_fragments(tags::PIXEL_DATA, pixels);
        let ts = TransferSyntax::or_unknown("1.2.840.10008.1.2.5");
        let mut out = Vec::new();
        write_data_set(&set, &ts, &mut out);
        assert_eq!(read_data_set(&Bytes::from(out), &ts, &ReadOptions::default()), Ok(set));
    }
}
