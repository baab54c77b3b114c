//! NIfTI-1 and NIfTI-2: the numbers of the header and the voxels stay, text and extensions go.

use super::Refused;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use std::io::{Read as _, Write as _};
use std::ops::Range;

/// The most bytes of an unpacked file.
const LARGEST: u64 = 2 << 30;

const UNREADABLE: Refused = Refused("it can't be read as NIfTI");

/// Where things are in a header.
struct Layout {
    header: usize,
    /// Fields that people and programs fill with words.
    text: &'static [Range<usize>],
    /// The first of eight numbers.
    dimensions: usize,
    bits: usize,
    kind: usize,
    offset: usize,
    wide: bool,
}

const ONE: Layout = Layout {
    header: 348,
    text: &[4..38, 148..252, 328..344],
    dimensions: 40,
    bits: 72,
    kind: 70,
    offset: 108,
    wide: false,
};

const TWO: Layout = Layout {
    header: 540,
    text: &[240..344, 508..540],
    dimensions: 16,
    bits: 14,
    kind: 12,
    offset: 168,
    wide: true,
};

/// Colours, which no scanner measures.
const COLOURS: [i64; 2] = [128, 2304];

pub(super) fn clean(bytes: &[u8], vouched: bool) -> Result<Vec<u8>, Refused> {
    if !bytes.starts_with(&[0x1F, 0x8B]) {
        return plain(bytes, vouched);
    }
    let unpacked = unpacked(bytes)?;
    // Neither the name nor the time that gzip may keep is written.
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&plain(&unpacked, vouched)?).and_then(|()| packed.finish()).map_err(|_| UNREADABLE)
}

/// What gzip has packed.
pub(super) fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes).take(LARGEST + 1).read_to_end(&mut unpacked).map_err(|_| UNREADABLE)?;
    match unpacked.len() as u64 > LARGEST {
        true => Err(Refused("it is larger than 2 GiB")),
        false => Ok(unpacked),
    }
}

fn plain(bytes: &[u8], vouched: bool) -> Result<Vec<u8>, Refused> {
    let size: [u8; 4] = bytes.get(..4).and_then(|size| size.try_into().ok()).ok_or(UNREADABLE)?;
    let (layout, big) = match (i32::from_le_bytes(size), i32::from_be_bytes(size)) {
        (348, _) => (ONE, false),
        (_, 348) => (ONE, true),
        (540, _) => (TWO, false),
        (_, 540) => (TWO, true),
        _ => return Err(UNREADABLE),
    };
    let mut header = bytes.get(..layout.header).ok_or(UNREADABLE)?.to_vec();
    let magic = if layout.wide { &header[4..8] } else { &header[344..348] };
    if !matches!(magic, b"n+1\0" | b"n+2\0") {
        return Err(Refused("it is no NIfTI file in one piece (n+1, n+2)"));
    }
    if COLOURS.contains(&number(&header, layout.kind, 2, big)) && !vouched {
        return Err(Refused("it is in colour, and may have text in its pixels"));
    }
    let length = voxels(&header, &layout, big).ok_or(UNREADABLE)?;
    let from = offset(&header, &layout, big).ok_or(UNREADABLE)?;
    let data =
        from.checked_add(length).and_then(|to| bytes.get(from..to)).ok_or(Refused("it is cut short"))?;
    layout.text.iter().for_each(|range| header[range.clone()].fill(0));
    let start = layout.header + 4;
    put_offset(&mut header, &layout, start, big);
    // Four zeros: no extensions follow.
    Ok([header.as_slice(), &[0; 4], data].concat())
}

/// How many bytes the voxels have.
fn voxels(header: &[u8], layout: &Layout, big: bool) -> Option<usize> {
    let each = if layout.wide { 8 } else { 2 };
    let dimension = |at: usize| number(header, layout.dimensions + at * each, each, big);
    let count = usize::try_from(dimension(0)).ok().filter(|count| (1..=7).contains(count))?;
    let sizes = (1..=count).map(|at| usize::try_from(dimension(at)).ok().filter(|size| *size > 0));
    let all = sizes.collect::<Option<Vec<_>>>()?.into_iter().try_fold(1_usize, usize::checked_mul)?;
    let bits = usize::try_from(number(header, layout.bits, 2, big)).ok()?;
    Some(all.checked_mul(bits)?.div_ceil(8))
}

fn offset(header: &[u8], layout: &Layout, big: bool) -> Option<usize> {
    let from = match layout.wide {
        true => usize::try_from(number(header, layout.offset, 8, big)).ok()?,
        false => {
            let offset = f32::from_bits(number(header, layout.offset, 4, big) as u32);
            (offset.is_finite() && (0.0..1e9).contains(&offset)).then_some(offset as usize)?
        }
    };
    Some(from.max(layout.header + 4))
}

fn put_offset(header: &mut [u8], layout: &Layout, start: usize, big: bool) {
    let at = layout.offset;
    if layout.wide {
        let start = start as u64;
        header[at..at + 8].copy_from_slice(&if big { start.to_be_bytes() } else { start.to_le_bytes() });
    } else {
        let start = start as f32;
        header[at..at + 4].copy_from_slice(&if big { start.to_be_bytes() } else { start.to_le_bytes() });
    }
}

/// A number with its sign, of 2, 4 or 8 bytes.
fn number(header: &[u8], at: usize, length: usize, big: bool) -> i64 {
    let bytes = header.get(at..at + length).unwrap_or_default();
    let join = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
    let raw = if big { bytes.iter().fold(0, join) } else { bytes.iter().rev().fold(0, join) };
    match length {
        2 => i64::from(raw as u16 as i16),
        4 => i64::from(raw as u32 as i32),
        _ => raw as i64,
    }
}
