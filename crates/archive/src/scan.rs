//! Everything that is durable, in the order it was appended.

use crate::archive::{Archive, Shared};
use crate::container::{BLOCK, EntryHead, HeadError};
use crate::cursor::Cursor;
use crate::read::ReadError;
use crate::segments::{Lane, Placement, Segment};
use bytes::Bytes;
use futures::stream::{self, Stream};
use intake::{Locator, NewEntryHead};
use std::sync::Arc;
use tracing::warn;

/// Bytes read ahead when entries stand close together.
const WINDOW: u64 = 128 << 10;

/// One entry met by a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// The place behind it, to go on from.
    pub cursor: Cursor,
    /// What it is.
    pub head: NewEntryHead,
    /// Where its content lies.
    pub locator: Locator,
}

impl Archive {
    /// Gives every durable entry behind a place, lane by lane in the order they were appended,
    /// and ends where the archive ended when that place was reached.
    pub fn scan(
        &self,
        from: Option<Cursor>,
    ) -> impl Stream<Item = Result<Scanned, ReadError>> + Send + 'static {
        let scanner = Scanner::new(self.shared.clone(), from.unwrap_or_default());
        stream::try_unfold(scanner, |mut scanner| async move {
            Ok(scanner.next().await?.map(|scanned| (scanned, scanner)))
        })
    }
}

/// Walks over the archive, entry by entry.
pub(crate) struct Scanner {
    shared: Arc<Shared>,
    cursor: Cursor,
    walk: Option<SegmentWalk>,
}

impl Scanner {
    pub fn new(shared: Arc<Shared>, cursor: Cursor) -> Self {
        Self { shared, cursor, walk: None }
    }

    /// The next entry, or `None` at the present end.
    pub async fn next(&mut self) -> Result<Option<Scanned>, ReadError> {
        loop {
            let Some(walk) = &mut self.walk else {
                match self.next_segment() {
                    Some(walk) => self.walk = Some(walk),
                    None => return Ok(None),
                }
                continue;
            };
            let Some((at, entry)) = walk.next(&self.shared).await? else {
                let sealed = walk.segment.placement().sealed;
                self.cursor = self.cursor.past(&walk.segment.key, walk.at, sealed);
                self.walk = None;
                continue;
            };
            let locator = locator(&walk.segment, at, &entry);
            if !self.cursor.is_behind(&walk.segment.key, &locator) {
                self.cursor = self.cursor.after(&walk.segment.key, &locator);
                return Ok(Some(Scanned { cursor: self.cursor, head: entry.head, locator }));
            }
        }
    }

    /// The first segment with something unread: shared ones first.
    fn next_segment(&self) -> Option<SegmentWalk> {
        [Lane::Shared, Lane::Whole].into_iter().find_map(|lane| {
            let segments = self.shared.segments.from(lane, self.cursor.segment(lane));
            let unread = segments.into_iter().find(|segment| self.has_unread(segment));
            unread.map(|segment| SegmentWalk::from(segment, self.cursor))
        })
    }

    fn has_unread(&self, segment: &Segment) -> bool {
        self.cursor.offset_in(&segment.key) < segment.appended()
    }
}

/// The locator an entry was given when it was appended.
pub(crate) fn locator(segment: &Segment, at: u64, entry: &EntryHead) -> Locator {
    let origin = entry.origin.as_ref();
    let recoding = origin.and_then(|origin| origin.recoding.as_ref());
    Locator {
        segment: segment.id.clone(),
        offset: origin.map_or(at + entry.head_length, |origin| origin.offset),
        length: recoding.map_or(entry.length, |recoding| recoding.length),
    }
}

/// Walks over the heads of one segment, wherever it lies.
pub(crate) struct SegmentWalk {
    pub segment: Arc<Segment>,
    generation: u32,
    at: u64,
    window: Bytes,
    window_at: u64,
    ahead: u64,
}

impl SegmentWalk {
    pub fn from(segment: Arc<Segment>, cursor: Cursor) -> Self {
        let generation = segment.placement().generation;
        // In a rewritten segment the offsets are others: read it all, skip what was seen.
        let at = if generation == 0 { cursor.offset_in(&segment.key) } else { 0 };
        Self { segment, generation, at, window: Bytes::new(), window_at: 0, ahead: WINDOW }
    }

    /// The next head and where it begins. Begins anew when the segment is rewritten meanwhile.
    pub async fn next(&mut self, shared: &Shared) -> Result<Option<(u64, EntryHead)>, ReadError> {
        let mut want = 8 * BLOCK as u64;
        let mut damage = None;
        loop {
            let placement = self.segment.placement();
            if placement.generation != self.generation {
                *self = Self::from(self.segment.clone(), Cursor::default());
            }
            let end = self.segment.durable_in(placement);
            if self.at >= end {
                return Ok(None);
            }
            if let Err(error) = self.fill(shared, placement, want.min(end - self.at)).await {
                if self.segment.placement() == placement {
                    return Err(error);
                }
                continue;
            }
            let (at, head) = (self.at, &self.window[(self.at - self.window_at) as usize..]);
            match EntryHead::parse(head) {
                Ok(entry) => {
                    self.at += entry.whole_length();
                    // Behind long contents, reading ahead would only read contents.
                    self.ahead = if entry.length > WINDOW { 0 } else { WINDOW };
                    return Ok(Some((at, entry)));
                }
                Err(HeadError::NeedMore(more)) if at + more as u64 <= end => want = more as u64,
                Err(HeadError::Index) => return Ok(None),
                Err(cause) => {
                    if damage.replace(at).is_none() {
                        warn!(segment.id = %self.segment.id, at, %cause, "stepping over damage");
                    }
                    self.at += BLOCK as u64;
                }
            }
        }
    }

    /// Makes the window hold `length` bytes from the present place.
    async fn fill(&mut self, shared: &Shared, placement: Placement, length: u64) -> Result<(), ReadError> {
        let window_end = self.window_at + self.window.len() as u64;
        if self.at >= self.window_at && self.at + length <= window_end {
            return Ok(());
        }
        let end = self.segment.durable_in(placement);
        let until = end.min(self.at + length.max(self.ahead));
        self.window = shared.read_range_in(&self.segment, placement, self.at..until).await?;
        self.window_at = self.at;
        Ok(())
    }
}
