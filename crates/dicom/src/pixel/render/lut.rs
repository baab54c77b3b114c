//! Tables of values (PS3.3 §C.11.1 Modality LUT and §C.11.2 VOI LUT sequences).

use dicom_dictionary_std::tags;

use crate::DataSet;

/// A table: input `first` maps to the first entry, inputs outside to the nearest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lut {
    first: i32,
    bits: u32,
    entries: Vec<u16>,
}

impl Lut {
    /// Reads a LUT item: LUT Descriptor and LUT Data. `signed` tells how the first input is meant.
    #[must_use]
    pub fn of(item: &DataSet, signed: bool) -> Option<Self> {
        let data = item.get(tags::LUT_DATA)?.value.bytes()?;
        let descriptor = descriptor(item, tags::LUT_DESCRIPTOR, signed)?;
        Self::from_parts(descriptor, data)
    }

    /// Makes a table from (number of entries, first input, bits of an entry) and its bytes.
    pub(crate) fn from_parts((count, first, bits): (usize, i32, u32), data: &[u8]) -> Option<Self> {
        let entries: Vec<u16> = if data.len() >= count * 2 {
            data.as_chunks::<2>().0.iter().take(count).map(|c| u16::from_le_bytes(*c)).collect()
        } else {
            data.iter().take(count).map(|b| u16::from(*b)).collect()
        };
        let bits = if (1..=16).contains(&bits) { bits } else { 16 };
        (!entries.is_empty()).then_some(Self { first, bits, entries })
    }

    /// The entry of an input.
    #[must_use]
    pub fn get(&self, input: i32) -> u16 {
        let index = input.saturating_sub(self.first).clamp(0, self.entries.len() as i32 - 1);
        self.entries[index as usize]
    }

    /// The entry of an input from 0 to 1.
    #[must_use]
    pub fn share(&self, input: i32) -> f64 {
        f64::from(self.get(input)) / f64::from((1u32 << self.bits) - 1)
    }
}

/// Reads a LUT descriptor: 0 entries mean 65,536.
pub(crate) fn descriptor(item: &DataSet, tag: crate::Tag, signed: bool) -> Option<(usize, i32, u32)> {
    let bytes = item.get(tag)?.value.bytes()?;
    let [count, first, bits] = bytes.as_chunks::<2>().0 else { return None };
    let count = usize::from(u16::from_le_bytes(*count));
    let first =
        if signed { i32::from(i16::from_le_bytes(*first)) } else { i32::from(u16::from_le_bytes(*first)) };
    Some((if count == 0 { 65_536 } else { count }, first, u32::from(u16::from_le_bytes(*bits))))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn inputs_outside_map_to_the_ends() {
        let lut = Lut::from_parts((3, -1, 8), &[10, 0, 20, 0, 30, 0]).unwrap();
        assert_eq!([lut.get(-9), lut.get(0), lut.get(99)], [10, 20, 30]);
    }

    #[test]
    fn a_short_table_of_bytes_is_read_as_bytes() {
        let lut = Lut::from_parts((3, 0, 8), &[10, 20, 255]).unwrap();
        assert!((lut.share(2) - 1.0).abs() < f64::EPSILON);
    }
}
