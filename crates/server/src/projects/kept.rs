//! Files made lately, so that looking at one frame after the other makes each file once. All projects together hold
//! no more than this, whatever they are asked for.

use bytes::Bytes;
use hashlink::LinkedHashMap;
use intake::Locator;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Bytes they may hold together. The file made last is kept whatever its size.
const MOST_BYTES: usize = 128 << 20;
/// Originals beyond this size are not read whole.
pub(super) const LARGEST: u64 = 1 << 30;
/// Bytes of originals that are being passed through walls at a time, in KiB.
const IN_PASSAGE_KIB: u32 = 1 << 20;

/// Files of all projects.
pub(crate) struct Kept {
    files: Mutex<Files>,
    passage: Semaphore,
    next: AtomicU64,
}

#[derive(Default)]
struct Files {
    /// The one used last is the last.
    made: LinkedHashMap<Key, Made>,
    bytes: usize,
}

/// Whose file, and which.
type Key = (Owner, Locator);

/// A file that was made: what the wall wrote, and behind it perhaps pixels that are the original's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    pub head: Bytes,
    pub rest: Option<(Locator, Range<u64>)>,
}

impl Made {
    pub(super) fn length(&self) -> u64 {
        self.head.len() as u64 + self.rest.as_ref().map_or(0, |(_, range)| range.end - range.start)
    }

    /// A part of it; none if it leaves the file.
    pub(super) fn part(&self, range: &Range<u64>) -> Option<Self> {
        if range.start > range.end || range.end > self.length() {
            return None;
        }
        let inside = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(self.head.len());
        let head = self.head.slice(inside(range.start)..inside(range.end));
        let behind = |from: u64, at: u64| from + at.saturating_sub(self.head.len() as u64);
        let rest = self.rest.as_ref().map(|(original, pixels)| {
            (original.clone(), behind(pixels.start, range.start)..behind(pixels.start, range.end))
        });
        Some(Self { head, rest: rest.filter(|(_, range)| !range.is_empty()) })
    }
}

/// Who makes files: an open project with its policy and its key. No other has the same number, so that what one
/// has made is never given by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Owner(u64);

impl Default for Kept {
    fn default() -> Self {
        let passage = Semaphore::new(IN_PASSAGE_KIB as usize);
        Self { files: Mutex::default(), passage, next: AtomicU64::new(0) }
    }
}

impl Kept {
    pub(super) fn owner(&self) -> Owner {
        Owner(self.next.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) fn get(&self, owner: Owner, at: &Locator) -> Option<Made> {
        let mut kept = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        kept.made.to_back(&(owner, at.clone())).cloned()
    }

    pub(super) fn put(&self, owner: Owner, at: &Locator, made: &Made) {
        let mut kept = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let before = kept.made.insert((owner, at.clone()), made.clone());
        kept.bytes += made.head.len();
        kept.bytes -= before.map_or(0, |before| before.head.len());
        while kept.bytes > MOST_BYTES && kept.made.len() > 1 {
            let Some((_, oldest)) = kept.made.pop_front() else { return };
            kept.bytes -= oldest.head.len();
        }
    }

    /// Waits until there is room for an original of so many bytes to pass; none when the server stops.
    pub(super) async fn room(&self, bytes: u64) -> Option<SemaphorePermit<'_>> {
        let weight = u32::try_from(bytes >> 10).unwrap_or(u32::MAX).clamp(1, IN_PASSAGE_KIB);
        self.passage.acquire_many(weight).await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(number: u64) -> Locator {
        Locator { segment: intake::SegmentId("1.2".to_owned()), offset: number, length: 4 }
    }

    fn made(head: impl Into<Bytes>) -> Made {
        Made { head: head.into(), rest: None }
    }

    #[test]
    fn a_file_is_given_to_its_owner_alone() {
        let kept = Kept::default();
        let (one, other) = (kept.owner(), kept.owner());
        kept.put(one, &at(1), &made(&b"file"[..]));
        assert_eq!(kept.get(one, &at(1)), Some(made(&b"file"[..])));
        assert_eq!(kept.get(other, &at(1)), None);
        assert_eq!(kept.get(one, &at(2)), None);
    }

    #[test]
    fn the_latest_file_is_kept_whatever_its_size_and_alone_if_it_is_too_large() {
        let kept = Kept::default();
        let owner = kept.owner();
        let half = made(vec![0; MOST_BYTES / 2]);
        for number in 1..=3 {
            kept.put(owner, &at(number), &half);
        }
        assert!(kept.get(owner, &at(1)).is_none() && kept.get(owner, &at(2)).is_some());
        let large = made(vec![0; MOST_BYTES + 1]);
        kept.put(owner, &at(4), &large);
        assert!(kept.get(owner, &at(4)).is_some());
        assert!(kept.get(owner, &at(3)).is_none(), "it takes the place of all others");
        kept.put(owner, &at(5), &half);
        assert!(kept.get(owner, &at(4)).is_none() && kept.get(owner, &at(5)).is_some());
    }

    #[test]
    fn a_range_is_in_the_head_in_the_original_or_in_both() {
        let made = Made { head: Bytes::from_static(b"head"), rest: Some((at(7), 100..110)) };
        let part =
            |range: Range<u64>| made.part(&range).map(|part| (part.head, part.rest.map(|(_, range)| range)));
        assert_eq!(made.length(), 14);
        assert_eq!(part(1..3), Some((Bytes::from_static(b"ea"), None)));
        assert_eq!(part(2..6), Some((Bytes::from_static(b"ad"), Some(100..102))));
        assert_eq!(part(5..14), Some((Bytes::new(), Some(101..110))));
        assert_eq!(part(0..15), None);
    }
}
