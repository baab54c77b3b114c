//! Which segments there are, and where each of them lies.

use intake::SegmentId;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

/// Segments are written in two lanes; within a lane, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lane {
    /// Many entries in each segment; the last segment is being appended to.
    Shared,
    /// One large entry in each segment.
    Whole,
}

/// A segment's id taken apart: `YYYY/MM/<writer>-<number>`, the number with a `w` before it in
/// the lane of whole segments. Ordered as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SegmentKey {
    /// The lane it was written in.
    pub lane: Lane,
    /// Its place in the lane.
    pub number: u64,
    /// Who wrote it.
    pub writer: String,
    /// The year and month folder, `YYYY/MM`.
    pub month: String,
}

impl SegmentKey {
    /// Takes an id apart.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        let (month, name) = id.split_at_checked(7)?;
        let (writer, number) = name.strip_prefix('/')?.rsplit_once('-')?;
        let (lane, digits) = match number.strip_prefix('w') {
            Some(digits) => (Lane::Whole, digits),
            None => (Lane::Shared, number),
        };
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric());
        let month_is_plain = month.bytes().enumerate().all(|(at, b)| match at {
            4 => b == b'/',
            _ => b.is_ascii_digit(),
        });
        if !month_is_plain || !plain(writer) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let number = digits.parse().ok()?;
        Some(Self { lane, number, writer: writer.into(), month: month.into() })
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> SegmentId {
        let mark = if self.lane == Lane::Whole { "w" } else { "" };
        SegmentId(format!("{}/{}-{mark}{:06}", self.month, self.writer, self.number))
    }
}

/// The path of a segment below the folder of segments (or the tier's prefix).
/// A segment that was rewritten gets a new name, so that a reader never mixes two forms.
#[must_use]
pub fn relative_path(id: &SegmentId, generation: u32) -> String {
    match generation {
        0 => format!("{id}.tar"),
        n => format!("{id}.g{n}.tar"),
    }
}

/// Reads [`relative_path`] back.
#[must_use]
pub fn parse_relative_path(path: &str) -> Option<(SegmentKey, u32)> {
    let stem = path.strip_suffix(".tar")?;
    match stem.rsplit_once(".g") {
        Some((id, generation)) => Some((SegmentKey::parse(id)?, generation.parse().ok()?)),
        None => Some((SegmentKey::parse(stem)?, 0)),
    }
}

/// Where a segment lies and in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Placement {
    /// How often it was rewritten.
    pub generation: u32,
    /// Its index is written; it will not be appended to.
    pub sealed: bool,
    /// It lies in the archive's folder.
    pub local: bool,
    /// It lies in the tier.
    pub tiered: bool,
    /// Bytes of the whole file, index and all, once it is sealed.
    pub file_length: u64,
    /// Where the entries end, once it is sealed.
    pub entries_end: Option<u64>,
    /// Where the entries ended before the segment was rewritten.
    pub appended: Option<u64>,
}

/// One segment.
#[derive(Debug)]
pub struct Segment {
    /// Its id taken apart.
    pub key: SegmentKey,
    /// Its id.
    pub id: SegmentId,
    durable: AtomicU64,
    placement: RwLock<Placement>,
}

impl Segment {
    /// A segment with entries up to `durable`.
    #[must_use]
    pub fn new(key: SegmentKey, durable: u64, placement: Placement) -> Self {
        let id = key.id();
        Self { key, id, durable: AtomicU64::new(durable), placement: RwLock::new(placement) }
    }

    /// Where the last durable entry ends. Nothing beyond may be read.
    #[must_use]
    pub fn durable(&self) -> u64 {
        self.durable_in(self.placement())
    }

    pub(crate) fn durable_in(&self, placement: Placement) -> u64 {
        placement.entries_end.unwrap_or_else(|| self.durable.load(Ordering::Acquire))
    }

    /// Where the last entry ended when it was appended. Rewriting makes a segment shorter, but
    /// cursors and locators keep counting as before.
    #[must_use]
    pub fn appended(&self) -> u64 {
        self.placement().appended.unwrap_or_else(|| self.durable())
    }

    pub(crate) fn set_durable(&self, end: u64) {
        self.durable.store(end, Ordering::Release);
    }

    /// Where it lies now.
    #[must_use]
    pub fn placement(&self) -> Placement {
        *self.placement.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(crate) fn place(&self, change: impl FnOnce(&mut Placement)) {
        change(&mut self.placement.write().unwrap_or_else(std::sync::PoisonError::into_inner));
    }

    /// Its file in the archive's folder, in the present generation.
    #[must_use]
    pub fn path(&self, segments: &Path) -> PathBuf {
        segments.join(relative_path(&self.id, self.placement().generation))
    }
}

/// All segments, in the order they were written.
#[derive(Debug, Default)]
pub struct Segments {
    known: RwLock<BTreeMap<SegmentKey, Arc<Segment>>>,
    /// Numbers that are not to be used again, although no segment has them: those below.
    floors: [AtomicU64; 2],
}

impl Segments {
    /// The segment with this id.
    #[must_use]
    pub fn get(&self, id: &SegmentId) -> Option<Arc<Segment>> {
        let key = SegmentKey::parse(id.as_str())?;
        self.known.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(&key).cloned()
    }

    /// All of them, in order.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Segment>> {
        self.known.read().unwrap_or_else(std::sync::PoisonError::into_inner).values().cloned().collect()
    }

    /// Those of a lane from a number on.
    #[must_use]
    pub fn from(&self, lane: Lane, number: u64) -> Vec<Arc<Segment>> {
        let first = SegmentKey { lane, number, writer: String::new(), month: String::new() };
        let segments = self.known.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        segments.range(first..).take_while(|(key, _)| key.lane == lane).map(|(_, s)| s.clone()).collect()
    }

    /// The number after the last of a lane.
    #[must_use]
    pub fn next_number(&self, lane: Lane) -> u64 {
        let floor = self.floors[lane as usize].load(Ordering::Acquire);
        self.from(lane, 0).last().map_or(1, |segment| segment.key.number + 1).max(floor)
    }

    /// Uses no number below this one for new segments.
    pub(crate) fn begin_at(&self, lane: Lane, number: u64) {
        self.floors[lane as usize].fetch_max(number, Ordering::AcqRel);
    }

    pub(crate) fn insert(&self, segment: Arc<Segment>) {
        let mut segments = self.known.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        segments.insert(segment.key.clone(), segment);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn ids_go_there_and_back() {
        for id in ["2026/11/a1b2c3-000042", "2026/11/a1b2c3-w000007", "2026/11/a-1234567"] {
            let key = SegmentKey::parse(id).unwrap();
            assert_eq!(key.id().as_str(), id);
            for generation in [0, 3] {
                let path = relative_path(&key.id(), generation);
                assert_eq!(parse_relative_path(&path), Some((key.clone(), generation)));
            }
        }
    }

    #[test]
    fn an_id_can_not_leave_the_folder() {
        for id in ["../../../a-000001", "2026/11/../-000001", "2026/11/a/b-000001", "2026-11/a-1", ""] {
            assert_eq!(SegmentKey::parse(id), None, "{id}");
        }
    }

    #[test]
    fn a_lane_is_ordered_by_number_across_months() {
        let segments = Segments::default();
        for id in ["2027/01/a-000003", "2026/12/a-000002", "2027/01/a-w000009"] {
            let key = SegmentKey::parse(id).unwrap();
            segments.insert(Arc::new(Segment::new(key, 0, Placement::default())));
        }
        let numbers: Vec<_> = segments.from(Lane::Shared, 0).iter().map(|s| s.key.number).collect();
        assert_eq!(numbers, [2, 3]);
        assert_eq!(segments.next_number(Lane::Whole), 10);
    }
}
