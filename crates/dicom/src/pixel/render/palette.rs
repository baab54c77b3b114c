//! Palettes (PS3.3 §C.7.6.3.1.5, §C.7.6.3.1.6, §C.7.9.2).

use dicom_dictionary_std::tags;

use super::lut::{Lut, descriptor};
use crate::{DataSet, Tag};

/// No table has more entries than its 16-bit descriptor can say.
const MOST_ENTRIES: usize = 65_536;

/// The red, green and blue tables of a palette image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    tables: [Lut; 3],
    /// Entries are shifted right by this to get 8 bits.
    shift: u32,
}

impl Palette {
    const TAGS: [(Tag, Tag, Tag); 3] = [
        (
            tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            tags::SEGMENTED_RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        ),
        (
            tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            tags::SEGMENTED_GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        ),
        (
            tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            tags::SEGMENTED_BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        ),
    ];

    /// Reads the palette of an object that has one.
    #[must_use]
    pub fn of(data_set: &DataSet, signed: bool) -> Option<Self> {
        let mut wide = false;
        let mut table = |(head, plain, segmented): (Tag, Tag, Tag)| {
            let head = descriptor(data_set, head, signed)?;
            let bytes = |tag| data_set.get(tag).and_then(|element| element.value.bytes().cloned());
            let (lut, widest) = match (bytes(plain), bytes(segmented)) {
                (Some(data), _) => (Lut::from_parts(head, &data)?, widest(head, &data)),
                (None, Some(data)) => {
                    let data = expand(head, &data)?;
                    (Lut::from_parts(head, &data)?, widest(head, &data))
                }
                (None, None) => return None,
            };
            wide |= head.2 > 8 && widest > 255;
            Some(lut)
        };
        let tables = [table(Self::TAGS[0])?, table(Self::TAGS[1])?, table(Self::TAGS[2])?];
        Some(Self { tables, shift: if wide { 8 } else { 0 } })
    }

    /// The 8-bit colour of a stored value.
    #[must_use]
    pub fn colour(&self, value: i32) -> [u8; 3] {
        [0, 1, 2].map(|i: usize| (self.tables[i].get(value) >> self.shift).min(255) as u8)
    }
}

/// Some objects say 16 bits and store 8: then nothing is above 255.
fn widest((count, ..): (usize, i32, u32), data: &[u8]) -> u16 {
    if data.len() < count * 2 {
        return 255;
    }
    data.as_chunks::<2>().0.iter().map(|c| u16::from_le_bytes(*c)).max().unwrap_or(0)
}

/// Expands a segmented table to plain 16-bit entries.
fn expand((count, _, bits): (usize, i32, u32), data: &[u8]) -> Option<Vec<u8>> {
    let words: Vec<u16> = if bits > 8 {
        data.as_chunks::<2>().0.iter().map(|c| u16::from_le_bytes(*c)).collect()
    } else {
        data.iter().map(|b| u16::from(*b)).collect()
    };
    let mut out = Vec::new();
    segments(&words, &mut out, bits > 8, false)?;
    out.truncate(count.min(MOST_ENTRIES));
    Some(out.iter().flat_map(|v| v.to_le_bytes()).collect())
}

fn segments(mut words: &[u16], out: &mut Vec<u16>, wide: bool, inside: bool) -> Option<()> {
    let all = words;
    while let [kind, length, rest @ ..] = words {
        let length = usize::from(*length);
        words = match kind {
            0 => {
                out.extend_from_slice(rest.get(..length)?);
                rest.get(length..)?
            }
            1 => {
                let (end, rest) = rest.split_first()?;
                ramp(*out.last()?, *end, length, out);
                rest
            }
            // An indirect segment repeats earlier ones, never another indirect segment.
            2 if !inside => {
                let size = if wide { 2 } else { 4 };
                let (offset, rest) = rest.split_at_checked(size)?;
                let offset =
                    offset.iter().rev().fold(0usize, |sum, w| sum << (16 / (size / 2)) | usize::from(*w));
                repeat(all, if wide { offset / 2 } else { offset }, length, out, wide)?;
                rest
            }
            _ => return None,
        };
        if out.len() > MOST_ENTRIES {
            return None;
        }
    }
    Some(())
}

fn ramp(from: u16, to: u16, length: usize, out: &mut Vec<u16>) {
    let (from, to) = (f64::from(from), f64::from(to));
    out.extend((1..=length).map(|i| (from + (to - from) * i as f64 / length as f64).round() as u16));
}

/// Expands `count` segments that begin at word `at`.
fn repeat(all: &[u16], at: usize, count: usize, out: &mut Vec<u16>, wide: bool) -> Option<()> {
    let mut end = at;
    for _ in 0..count {
        end += match all.get(end)? {
            0 => 2 + usize::from(*all.get(end + 1)?),
            1 => 3,
            _ => return None,
        };
    }
    segments(all.get(at..end)?, out, wide, true)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn discrete_and_linear_segments_expand() {
        let mut out = Vec::new();
        segments(&[0, 1, 0, 1, 4, 8], &mut out, true, false).unwrap();
        assert_eq!(out, [0, 2, 4, 6, 8]);
    }

    #[test]
    fn an_indirect_segment_repeats() {
        let mut out = Vec::new();
        segments(&[0, 2, 7, 9, 2, 1, 0, 0], &mut out, true, false).unwrap();
        assert_eq!(out, [7, 9, 7, 9]);
    }

    #[test]
    fn a_segment_that_ends_early_is_no_palette() {
        assert!(segments(&[0, 9, 1], &mut Vec::new(), true, false).is_none());
    }
}
