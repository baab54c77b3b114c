//! What people mark on images, pixel by pixel: a segmentation, changed frame by frame.
//!
//! A change brings the masks it draws anew, not the whole. Each version is kept as a DICOM Segmentation
//! (PS3.3 §A.51) that any program reads; [`object::document`] makes it, [`object::read`] has it back.

mod bits;
pub mod object;
pub mod place;

use crate::Invalid;
use place::Place;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The note's kind of segmentations.
pub const SEGMENTATION: &str = "segmentation";

/// Segments of one segmentation.
const MOST_SEGMENTS: usize = 255;
/// Masks of one segmentation: segments times frames.
const MOST_MASKS: usize = 20_000;
/// Bytes of all masks of one segmentation: eight thousand images of 512 × 512.
const MOST_BYTES: usize = 256 << 20;
/// Rows or columns of an image.
const LARGEST_SIDE: u16 = 16_384;
/// Characters of a label (VR LO).
const LONGEST_LABEL: usize = 64;

/// What one segment is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Segment {
    /// From 1, each once.
    pub number: u16,
    /// What the person calls it.
    pub label: String,
    /// Red, green and blue in which it is shown.
    pub color: [u8; 3],
}

/// A mask's place: a frame of an image, and the segment it is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Key {
    /// The segment's number.
    pub segment: u16,
    /// The image's SOP Instance UID.
    pub sop: String,
    /// Its frame, from 1; none for an image of one frame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<u32>,
}

/// A segmentation in one version.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Segmentation {
    /// The account whose it is.
    pub author: String,
    /// What the person calls it.
    pub label: String,
    /// Its segments.
    pub segments: Vec<Segment>,
    /// Of the images it lies on.
    pub rows: u16,
    /// Of the images it lies on.
    pub columns: u16,
    /// One bit a pixel, row after row, the first pixel in the lowest bit of the first byte (PS3.5 §8.1.1).
    pub masks: BTreeMap<Key, Vec<u8>>,
    /// Where the images lie.
    pub places: BTreeMap<(String, Option<u32>), Place>,
}

/// A change: what is named takes the place of what was, the rest stays.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What the person calls the whole.
    pub label: String,
    /// All its segments; masks of others go.
    pub segments: Vec<Segment>,
    /// Of the images it lies on.
    pub rows: u16,
    /// Of the images it lies on.
    pub columns: u16,
    /// Masks as in [`Segmentation::masks`]; an empty one is taken away.
    pub masks: Vec<(Key, Vec<u8>)>,
}

impl Change {
    /// Whether it can be kept.
    ///
    /// # Errors
    /// [`Invalid`] with what is wrong.
    pub fn check(&self) -> Result<(), Invalid> {
        let sides = [self.rows, self.columns];
        if sides.iter().any(|side| !(1..=LARGEST_SIDE).contains(side)) {
            return Err(Invalid("rows and columns are 1 to 16384"));
        }
        self.check_segments()?;
        if self.masks.len() > MOST_MASKS {
            return Err(Invalid("at most 20,000 masks are taken"));
        }
        let bytes = bits::bytes(self.rows, self.columns);
        let known = |key: &Key| self.segments.iter().any(|segment| segment.number == key.segment);
        for (key, mask) in &self.masks {
            if !mask.is_empty() && mask.len() != bytes {
                return Err(Invalid("a mask has one bit for each pixel, in whole bytes"));
            }
            if !mask.is_empty() && !known(key) {
                return Err(Invalid("a mask is of one of the segments"));
            }
            if model::SopInstanceUid::parse(&key.sop).is_err() || key.frame == Some(0) {
                return Err(Invalid("a mask names an image by sop, and frames count from 1"));
            }
        }
        Ok(())
    }

    fn check_segments(&self) -> Result<(), Invalid> {
        if self.segments.is_empty() || self.segments.len() > MOST_SEGMENTS {
            return Err(Invalid("1 to 255 segments are taken"));
        }
        let mut numbers: Vec<u16> = self.segments.iter().map(|segment| segment.number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.len() != self.segments.len() || numbers.first() == Some(&0) {
            return Err(Invalid("segments are numbered from 1, each once"));
        }
        let labels = self.segments.iter().map(|segment| &segment.label).chain([&self.label]);
        for label in labels {
            if label.chars().count() > LONGEST_LABEL || label.contains(|c: char| c < ' ' || c == '\\') {
                return Err(Invalid(
                    "a label has at most 64 characters, no control characters and no backslash",
                ));
            }
        }
        Ok(())
    }
}

impl Segmentation {
    /// The next version.
    ///
    /// # Errors
    /// [`Invalid`] where the change is of images of another size, or leaves too much.
    pub fn changed(mut self, change: Change) -> Result<Self, Invalid> {
        if !self.masks.is_empty() && (self.rows, self.columns) != (change.rows, change.columns) {
            return Err(Invalid("a segmentation lies on images of one size"));
        }
        (self.rows, self.columns) = (change.rows, change.columns);
        (self.label, self.segments) = (change.label, change.segments);
        for (key, mask) in change.masks {
            if mask.iter().all(|byte| *byte == 0) {
                self.masks.remove(&key);
            } else {
                self.masks.insert(key, mask);
            }
        }
        let numbers: Vec<u16> = self.segments.iter().map(|segment| segment.number).collect();
        self.masks.retain(|key, _| numbers.contains(&key.segment));
        let bytes = self.masks.len() * bits::bytes(self.rows, self.columns);
        if self.masks.len() > MOST_MASKS || bytes > MOST_BYTES {
            return Err(Invalid("at most 20,000 masks and 256 MiB of them are kept"));
        }
        Ok(self)
    }

    /// Images whose place isn't known yet, each once.
    #[must_use]
    pub fn unplaced(&self) -> Vec<(String, Option<u32>)> {
        let mut missing: Vec<_> = self.masks.keys().map(|key| (key.sop.clone(), key.frame)).collect();
        missing.sort();
        missing.dedup();
        missing.retain(|image| !self.places.contains_key(image));
        missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(masks: Vec<(Key, Vec<u8>)>) -> Change {
        let segment = Segment { number: 1, label: "Liver".into(), color: [255, 0, 0] };
        Change { label: "Organs".into(), segments: vec![segment], rows: 3, columns: 3, masks }
    }

    fn key(segment: u16) -> Key {
        Key { segment, sop: "1.2.3".into(), frame: None }
    }

    #[test]
    fn a_change_replaces_what_it_names_and_leaves_the_rest() {
        let other = Key { sop: "1.2.4".into(), ..key(1) };
        let first = change(vec![(key(1), vec![1, 0]), (other.clone(), vec![2, 0])]);
        let next = |work: Segmentation, change| work.changed(change).expect("a change of the same size");
        let one = next(Segmentation::default(), first);
        let two = next(one, change(vec![(key(1), vec![0, 1])]));
        assert_eq!(two.masks, BTreeMap::from([(key(1), vec![0, 1]), (other.clone(), vec![2, 0])]));
        let three = next(two, change(vec![(other, vec![])]));
        assert_eq!(three.masks.len(), 1);
    }

    #[test]
    fn masks_have_a_bit_for_each_pixel_and_a_segment() {
        assert!(change(vec![(key(1), vec![1, 0])]).check().is_ok());
        assert!(change(vec![(key(1), vec![1])]).check().is_err());
        assert!(change(vec![(key(2), vec![1, 0])]).check().is_err());
        let nowhere = Key { sop: "x".into(), ..key(1) };
        assert!(change(vec![(nowhere, vec![1, 0])]).check().is_err());
        let flat = |count: usize| Change {
            rows: LARGEST_SIDE,
            columns: LARGEST_SIDE,
            masks: (0..count)
                .map(|n| (Key { sop: format!("1.2.{n}"), ..key(1) }, vec![1; 1 << 25]))
                .collect(),
            ..change(vec![])
        };
        assert!(Segmentation::default().changed(flat(8)).is_ok());
        assert!(Segmentation::default().changed(flat(9)).is_err(), "more than memory is for");
        assert!(Change { rows: 0, ..change(vec![]) }.check().is_err());
        assert!(Change { segments: vec![], ..change(vec![]) }.check().is_err());
        let twice = [change(vec![]).segments, change(vec![]).segments].concat();
        assert!(Change { segments: twice, ..change(vec![]) }.check().is_err());
    }
}
