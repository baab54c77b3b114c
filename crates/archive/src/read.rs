//! Reading any part of any entry.

use crate::archive::{Archive, Shared};
use crate::copies::Copied;
use crate::moved::Stored;
use crate::segments::{Placement, Segment};
use bytes::Bytes;
use futures::stream::{self, Stream};
use intake::{Locator, SegmentId};
use std::io;
use std::ops::Range;
use std::sync::Arc;

/// Bytes a stream gives at a time.
const CHUNK: u64 = 1 << 20;
/// Two parts of a segment with a gap up to this many bytes are read in one go.
const GAP: u64 = 16 << 10;
/// Parts are joined up to this many bytes.
const LONGEST_JOINED: u64 = 8 << 20;

/// Why something can't be read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ReadError {
    /// There is no such segment, here or in the tier.
    #[error("the archive has no segment {0}")]
    NoSegment(SegmentId),
    /// The range isn't inside the entry, or the entry isn't inside what is durable.
    #[error("the range lies outside what the archive holds")]
    OutOfRange,
    /// The entry was purged: nothing of it is left.
    #[error("the entry was purged")]
    Purged,
    /// The disk or the tier refused.
    #[error("could not read segment {segment}")]
    Io {
        /// Which.
        segment: SegmentId,
        /// What the system said.
        #[source]
        source: Arc<io::Error>,
    },
}

impl Archive {
    /// Reads a range of an entry's content; the range counts from the content's first byte.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn read(&self, locator: &Locator, range: Range<u64>) -> Result<Bytes, ReadError> {
        self.shared.read_entry(locator, range).await
    }

    /// Reads the form an entry is stored in: the original, or the smaller form it was given
    /// (a complete DICOM file too) and that a reader may be able to use as it is.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn read_stored(&self, locator: &Locator) -> Result<StoredForm, ReadError> {
        self.shared.read_stored_form(locator).await
    }

    /// Reads an entry's whole content.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn read_all(&self, locator: &Locator) -> Result<Bytes, ReadError> {
        self.read(locator, 0..locator.length).await
    }

    /// Reads many ranges, those close together in one go; the answers are in the order asked.
    ///
    /// # Errors
    /// The first [`ReadError`] met.
    pub async fn read_many(&self, wanted: &[(Locator, Range<u64>)]) -> Result<Vec<Bytes>, ReadError> {
        let mut answers = vec![Bytes::new(); wanted.len()];
        for joined in join(wanted)? {
            let segment = self.shared.segment(joined.segment)?;
            let placement = segment.placement();
            // What was rewritten has its own places and forms: entry by entry.
            if placement.generation > 0 {
                for (which, _) in joined.parts {
                    let (locator, range) = &wanted[which];
                    answers[which] = self.shared.read_entry(locator, range.clone()).await?;
                }
                continue;
            }
            let bytes = self.shared.read_range(&segment, joined.range.clone()).await?;
            for (which, range) in joined.parts {
                let start = (range.start - joined.range.start) as usize;
                answers[which] = bytes.slice(start..start + (range.end - range.start) as usize);
            }
        }
        Ok(answers)
    }

    /// Streams a range of an entry's content in pieces of up to 1 MiB.
    pub fn stream(
        &self,
        locator: &Locator,
        range: Range<u64>,
    ) -> impl Stream<Item = Result<Bytes, ReadError>> + Send + 'static {
        let (shared, locator) = (self.shared.clone(), locator.clone());
        stream::try_unfold(range, move |left| {
            let (shared, locator) = (shared.clone(), locator.clone());
            async move {
                if left.is_empty() {
                    return Ok(None);
                }
                let end = left.end.min(left.start + CHUNK);
                let bytes = shared.read_entry(&locator, left.start..end).await?;
                Ok(Some((bytes, end..left.end)))
            }
        })
    }
}

fn absolute(locator: &Locator, range: &Range<u64>) -> Result<Range<u64>, ReadError> {
    let end = locator.offset.checked_add(range.end);
    match end {
        Some(end) if range.start <= range.end && range.end <= locator.length => {
            Ok(locator.offset + range.start..end)
        }
        _ => Err(ReadError::OutOfRange),
    }
}

/// Ranges of one segment read in one go.
struct Joined<'a> {
    segment: &'a SegmentId,
    range: Range<u64>,
    /// Which question each part answers.
    parts: Vec<(usize, Range<u64>)>,
}

fn join(wanted: &[(Locator, Range<u64>)]) -> Result<Vec<Joined<'_>>, ReadError> {
    let mut sorted = Vec::with_capacity(wanted.len());
    for (which, (locator, range)) in wanted.iter().enumerate() {
        let range = absolute(locator, range)?;
        sorted.push((&locator.segment, range.start, range.end, which));
    }
    sorted.sort_unstable();
    let mut joined: Vec<Joined<'_>> = Vec::new();
    for (segment, start, end, which) in sorted {
        match joined.last_mut() {
            Some(last) if last.takes(segment, start, end) => {
                last.range.end = last.range.end.max(end);
                last.parts.push((which, start..end));
            }
            _ => joined.push(Joined { segment, range: start..end, parts: vec![(which, start..end)] }),
        }
    }
    Ok(joined)
}

impl Joined<'_> {
    fn takes(&self, segment: &SegmentId, start: u64, end: u64) -> bool {
        self.segment == segment && start <= self.range.end + GAP && end - self.range.start <= LONGEST_JOINED
    }
}

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredForm {
    /// The bytes.
    pub bytes: Bytes,
    /// Whether they are the original's; else they are a smaller form of it.
    pub original: bool,
}

impl Shared {
    pub fn segment(&self, id: &SegmentId) -> Result<Arc<Segment>, ReadError> {
        self.segments.get(id).ok_or_else(|| ReadError::NoSegment(id.clone()))
    }

    /// Reads a range of an entry's original content.
    pub async fn read_entry(&self, locator: &Locator, range: Range<u64>) -> Result<Bytes, ReadError> {
        let absolute = absolute(locator, &range)?;
        let segment = self.segment(&locator.segment)?;
        for _ in 0..2 {
            let placement = segment.placement();
            let read = if placement.generation == 0 {
                self.read_range_in(&segment, placement, absolute.clone()).await
            } else {
                self.read_moved(&segment, placement, locator, range.clone()).await
            };
            if read.is_ok() || segment.placement() == placement {
                return read;
            }
        }
        // It was rewritten or moved twice while we read: the third time lucky, or an error.
        let placement = segment.placement();
        self.read_moved(&segment, placement, locator, range).await
    }

    /// Reads bytes of a segment that was never rewritten, or of its present form.
    pub async fn read_range(&self, segment: &Segment, range: Range<u64>) -> Result<Bytes, ReadError> {
        let placement = segment.placement();
        let read = self.read_range_in(segment, placement, range.clone()).await;
        if read.is_ok() || segment.placement() == placement {
            return read;
        }
        self.read_range_in(segment, segment.placement(), range).await
    }

    pub async fn read_range_in(
        &self,
        segment: &Segment,
        placement: Placement,
        range: Range<u64>,
    ) -> Result<Bytes, ReadError> {
        if range.end > segment.durable_in(placement) {
            return Err(ReadError::OutOfRange);
        }
        let failed = failed(segment);
        let copy = self.nearest_copy(segment, placement).map_err(&failed)?;
        copy.read(range).await.map_err(&failed)
    }

    async fn read_moved(
        &self,
        segment: &Segment,
        placement: Placement,
        locator: &Locator,
        range: Range<u64>,
    ) -> Result<Bytes, ReadError> {
        let failed = failed(segment);
        let (copy, stored) = self.find(segment, placement, locator).await?;
        match &stored.recoding {
            None if range.end > stored.length => Err(ReadError::OutOfRange),
            None => {
                let range = stored.offset + range.start..stored.offset + range.end;
                copy.read(range).await.map_err(&failed)
            }
            Some(recoding) => {
                let original = self.restored(&copy, &stored, recoding).await.map_err(&failed)?;
                let range = range.start as usize..range.end as usize;
                original.get(range.clone()).ok_or(ReadError::OutOfRange)?;
                Ok(original.slice(range))
            }
        }
    }

    /// Where an entry stands now, and the copy to read it from.
    async fn find(
        &self,
        segment: &Segment,
        placement: Placement,
        locator: &Locator,
    ) -> Result<(Copied, Stored), ReadError> {
        let failed = failed(segment);
        let copy = self.nearest_copy(segment, placement).map_err(&failed)?;
        if placement.generation == 0 {
            let stored = Stored { offset: locator.offset, length: locator.length, recoding: None };
            return Ok((copy, stored));
        }
        let moved = self.moved(segment, placement, &copy).await.map_err(&failed)?;
        let stored = moved.get(&locator.offset).cloned().ok_or(ReadError::Purged)?;
        Ok((copy, stored))
    }

    async fn read_stored_form(&self, locator: &Locator) -> Result<StoredForm, ReadError> {
        let segment = self.segment(&locator.segment)?;
        let (copy, stored) = self.find(&segment, segment.placement(), locator).await?;
        if stored.recoding.is_none() {
            let bytes = self.read_entry(locator, 0..locator.length).await?;
            return Ok(StoredForm { bytes, original: true });
        }
        let read = copy.read(stored.offset..stored.offset + stored.length).await;
        Ok(StoredForm { bytes: read.map_err(failed(&segment))?, original: false })
    }
}

pub(crate) fn failed(segment: &Segment) -> impl Fn(io::Error) -> ReadError + use<'_> {
    |error| ReadError::Io { segment: segment.id.clone(), source: Arc::new(error) }
}
