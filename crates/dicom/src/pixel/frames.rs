//! Cutting Pixel Data into frames (PS3.5 §8.1, §8.2 and Annex A.4).

use std::ops::Range;

use bytes::{Bytes, BytesMut};

use super::{PixelDescription, PixelError};

/// The tables that tell where the frames of encapsulated pixel data begin.
#[derive(Debug, Clone, Default)]
pub struct OffsetTables {
    /// Basic Offset Table: the first item of the encapsulated Pixel Data.
    pub basic: Bytes,
    /// Extended Offset Table (7FE0,0001): 64-bit offsets.
    pub extended: Bytes,
}

/// Pixel Data cut into frames. Nothing is copied until a frame is asked for.
#[derive(Debug, Clone)]
pub enum Frames {
    /// Frames one after the other, without gaps.
    Native {
        /// The value of the element.
        data: Bytes,
        /// Bits of one frame.
        frame_bits: u64,
        /// How many frames there are.
        count: u32,
    },
    /// Fragments, and which of them belong to which frame.
    Encapsulated {
        /// The fragments without the offset table.
        fragments: Vec<Bytes>,
        /// For every frame the fragments it consists of.
        ranges: Vec<Range<usize>>,
    },
}

impl Frames {
    /// Native pixel data. A value that ends early is an error only for the frames it lacks.
    ///
    /// # Errors
    /// Never for now; the result is checked when a frame is asked for.
    #[must_use]
    pub fn native(description: &PixelDescription, data: Bytes) -> Self {
        Self::Native { data, frame_bits: description.frame_bits(), count: description.frames }
    }

    /// One native frame from the bytes around it, when it begins at bit `first` of them.
    ///
    /// # Errors
    /// [`PixelError::Damaged`] where they end before the frame does.
    pub fn native_at_bit(
        description: &PixelDescription,
        bytes: &Bytes,
        first: u32,
    ) -> Result<Bytes, PixelError> {
        let bits = description.frame_bits();
        if (u64::from(first) + bits).div_ceil(8) > bytes.len() as u64 {
            return Err(PixelError::damaged("native", "the frame ends early"));
        }
        Ok(shifted(bytes, first, bits))
    }

    /// Encapsulated pixel data.
    ///
    /// The extended table is believed first, then the basic one, then one fragment for each
    /// frame, then the start marks of the code streams: many objects have none or wrong tables.
    ///
    /// # Errors
    /// [`PixelError::NotSeparable`] when none of these gives as many frames as are declared.
    pub fn encapsulated(
        frames: u32,
        tables: &OffsetTables,
        fragments: Vec<Bytes>,
    ) -> Result<Self, PixelError> {
        let count = frames as usize;
        if fragments.is_empty() {
            return Err(PixelError::NoPixelData);
        }
        let starts = fragment_starts(&fragments);
        let ranges = by_offsets(&read_u64s(&tables.extended), &starts, count)
            .or_else(|| (count == 1).then(|| std::iter::once(0..fragments.len()).collect()))
            .or_else(|| by_offsets(&read_u32s(&tables.basic), &starts, count))
            .or_else(|| (fragments.len() == count).then(|| (0..count).map(|i| i..i + 1).collect()))
            .or_else(|| by_start_marks(&fragments, count))
            .ok_or(PixelError::NotSeparable { fragments: fragments.len(), frames })?;
        Ok(Self::Encapsulated { fragments, ranges })
    }

    /// How many frames there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        match self {
            Self::Native { count, .. } => *count,
            Self::Encapsulated { ranges, .. } => u32::try_from(ranges.len()).unwrap_or(u32::MAX),
        }
    }

    /// The coded bytes of a frame, counted from 0. Copies only where a frame has several
    /// fragments or does not start on a byte.
    ///
    /// # Errors
    /// [`PixelError::NoSuchFrame`] beyond the last; [`PixelError::Damaged`] where the value ends early.
    pub fn get(&self, index: u32) -> Result<Bytes, PixelError> {
        if index >= self.count() {
            return Err(PixelError::NoSuchFrame { asked: index.saturating_add(1), frames: self.count() });
        }
        match self {
            Self::Native { data, frame_bits, .. } => native_frame(data, *frame_bits, index),
            Self::Encapsulated { fragments, ranges } => {
                Ok(joined(ranges.get(index as usize).map_or(&[], |range| &fragments[range.clone()])))
            }
        }
    }
}

fn native_frame(data: &Bytes, frame_bits: u64, index: u32) -> Result<Bytes, PixelError> {
    let short = || PixelError::damaged("native", format!("it ends before frame {} does", index + 1));
    let first = frame_bits.checked_mul(u64::from(index)).ok_or_else(short)?;
    let end = first.checked_add(frame_bits).ok_or_else(short)?;
    let (from, to) = (first / 8, end.div_ceil(8));
    if to > data.len() as u64 {
        return Err(short());
    }
    let covering = data.slice(from as usize..to as usize);
    let shift = (first % 8) as u32;
    let whole = shift == 0 && frame_bits.is_multiple_of(8);
    Ok(if whole { covering } else { shifted(&covering, shift, frame_bits) })
}

/// Single-bit frames need neither start nor end on a byte (PS3.5 §8.1.1); this moves them to one
/// and clears the bits after them.
fn shifted(covering: &[u8], shift: u32, bits: u64) -> Bytes {
    let length = bits.div_ceil(8) as usize;
    let next = |i: usize| covering.get(i + 1).map_or(0, |b| u16::from(*b) << 8);
    let moved = |(i, b): (usize, &u8)| ((u16::from(*b) | next(i)) >> shift) as u8;
    let mut frame: Vec<u8> = covering.iter().take(length).enumerate().map(moved).collect();
    if let (Some(last), used @ 1..) = (frame.last_mut(), bits % 8) {
        *last &= (1 << used) - 1;
    }
    frame.into()
}

fn joined(fragments: &[Bytes]) -> Bytes {
    if let [only] = fragments {
        return only.clone();
    }
    let mut whole = BytesMut::with_capacity(fragments.iter().map(Bytes::len).sum());
    fragments.iter().for_each(|fragment| whole.extend_from_slice(fragment));
    whole.freeze()
}

/// Where each fragment's item begins, counted as offset tables do: from the first fragment's item.
fn fragment_starts(fragments: &[Bytes]) -> Vec<u64> {
    fragments
        .iter()
        .scan(0, |at, fragment| {
            let start = *at;
            // Odd fragments are padded when they are written, and tables count the padding.
            *at += 8 + fragment.len() as u64 + (fragment.len() as u64 & 1);
            Some(start)
        })
        .collect()
}

fn by_offsets(offsets: &[u64], starts: &[u64], count: usize) -> Option<Vec<Range<usize>>> {
    if offsets.len() != count || offsets.first() != Some(&0) {
        return None;
    }
    let mut first: Vec<usize> =
        offsets.iter().map(|o| starts.binary_search(o).ok()).collect::<Option<_>>()?;
    first.push(starts.len());
    first.windows(2).map(|w| (w[0] < w[1]).then_some(w[0]..w[1])).collect()
}

fn by_start_marks(fragments: &[Bytes], count: usize) -> Option<Vec<Range<usize>>> {
    let mut first: Vec<usize> = (0..fragments.len()).filter(|&i| starts_a_stream(&fragments[i])).collect();
    if first.len() != count || first.first() != Some(&0) {
        return None;
    }
    first.push(fragments.len());
    Some(first.windows(2).map(|w| w[0]..w[1]).collect())
}

/// JPEG and JPEG-LS (SOI), JPEG 2000 (SOC, SIZ), JP2 and JPEG XL boxes, JPEG XL code streams.
fn starts_a_stream(fragment: &[u8]) -> bool {
    const MARKS: [&[u8]; 5] =
        [&[0xFF, 0xD8, 0xFF], &[0xFF, 0x4F, 0xFF, 0x51], b"\0\0\0\x0CjP  ", b"\0\0\0\x0CJXL ", &[0xFF, 0x0A]];
    MARKS.iter().any(|mark| fragment.starts_with(mark))
}

fn read_u32s(table: &[u8]) -> Vec<u64> {
    table.as_chunks::<4>().0.iter().map(|c| u64::from(u32::from_le_bytes(*c))).collect()
}

fn read_u64s(table: &[u8]) -> Vec<u64> {
    table.as_chunks::<8>().0.iter().map(|c| u64::from_le_bytes(*c)).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::description::tests::grey;
    use super::*;

    fn fragments(parts: &[&'static [u8]]) -> Vec<Bytes> {
        parts.iter().map(|p| Bytes::from_static(p)).collect()
    }

    fn table(offsets: &[u32]) -> OffsetTables {
        OffsetTables { basic: offsets.iter().flat_map(|o| o.to_le_bytes()).collect(), extended: Bytes::new() }
    }

    #[test]
    fn native_frames_follow_each_other() {
        let description = PixelDescription { frames: 2, ..grey(1, 3, 8) };
        let frames = Frames::native(&description, Bytes::from_static(&[1, 2, 3, 4, 5, 6]));
        assert_eq!(frames.get(1).unwrap(), Bytes::from_static(&[4, 5, 6]));
        assert!(matches!(frames.get(2), Err(PixelError::NoSuchFrame { asked: 3, frames: 2 })));
    }

    #[test]
    fn a_short_value_lacks_only_its_last_frames() {
        let description = PixelDescription { frames: 2, ..grey(1, 3, 8) };
        let frames = Frames::native(&description, Bytes::from_static(&[1, 2, 3, 4, 5]));
        assert!(frames.get(0).is_ok());
        assert!(matches!(frames.get(1), Err(PixelError::Damaged { .. })));
    }

    #[test]
    fn single_bit_frames_are_moved_to_a_byte() {
        let description = PixelDescription { bits_allocated: 1, bits_stored: 1, frames: 2, ..grey(1, 10, 8) };
        // Frame 2 begins at bit 2 of the second byte.
        let frames = Frames::native(&description, Bytes::from_static(&[0xFF, 0b0000_0111, 0b0000_1000]));
        assert_eq!(&frames.get(1).unwrap()[..], &[0b0000_0001, 0b10]);
    }

    #[test]
    fn the_basic_table_joins_fragments() {
        let parts = fragments(&[b"aa", b"bb", b"cccc"]);
        let frames = Frames::encapsulated(2, &table(&[0, 20]), parts).unwrap();
        assert_eq!(&frames.get(0).unwrap()[..], b"aabb");
        assert_eq!(&frames.get(1).unwrap()[..], b"cccc");
    }

    #[test]
    fn a_wrong_table_falls_back_to_one_fragment_a_frame() {
        let frames = Frames::encapsulated(2, &table(&[0, 7]), fragments(&[b"aa", b"bb"])).unwrap();
        assert_eq!(&frames.get(1).unwrap()[..], b"bb");
    }

    #[test]
    fn start_marks_separate_frames_without_a_table() {
        let parts = fragments(&[&[0xFF, 0xD8, 0xFF, 1], &[2], &[0xFF, 0xD8, 0xFF, 3]]);
        let frames = Frames::encapsulated(2, &OffsetTables::default(), parts).unwrap();
        assert_eq!(&frames.get(0).unwrap()[..], &[0xFF, 0xD8, 0xFF, 1, 2]);
    }

    #[test]
    fn unassignable_fragments_are_told() {
        let result = Frames::encapsulated(2, &OffsetTables::default(), fragments(&[b"a", b"b", b"c"]));
        assert!(matches!(result, Err(PixelError::NotSeparable { fragments: 3, frames: 2 })));
    }

    #[test]
    fn the_extended_table_wins() {
        let tables = OffsetTables {
            basic: Bytes::new(),
            extended: [0u64, 10].iter().flat_map(|o| o.to_le_bytes()).collect(),
        };
        let frames = Frames::encapsulated(2, &tables, fragments(&[b"aa", b"bb", b"cc"])).unwrap();
        assert_eq!(&frames.get(1).unwrap()[..], b"bbcc");
    }
}
