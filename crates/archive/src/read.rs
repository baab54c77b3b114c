//! Reading any part of any entry.

use crate::archive::{Archive, Shared};
use crate::segments::{Segment, SegmentKey};
use bytes::{Bytes, BytesMut};
use futures::stream::{self, Stream};
use intake::{Locator, SegmentId};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, IoSliceMut};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, PoisonError};

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
        let absolute = absolute(locator, &range)?;
        self.shared.read_range(&locator.segment, absolute).await
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
            let bytes = self.shared.read_range(joined.segment, joined.range.clone()).await?;
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
                let piece = absolute(&locator, &(left.start..end))?;
                let bytes = shared.read_range(&locator.segment, piece).await?;
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

impl Shared {
    /// Reads bytes an entry's locator names.
    pub async fn read_range(&self, id: &SegmentId, range: Range<u64>) -> Result<Bytes, ReadError> {
        let segment = self.segments.get(id).ok_or_else(|| ReadError::NoSegment(id.clone()))?;
        self.read_stored(&segment, range).await
    }

    /// Reads bytes of a segment as it is stored now.
    pub async fn read_stored(&self, segment: &Segment, range: Range<u64>) -> Result<Bytes, ReadError> {
        if range.end > segment.durable() {
            return Err(ReadError::OutOfRange);
        }
        let failed = |error| ReadError::Io { segment: segment.id.clone(), source: Arc::new(error) };
        let file = self.files.get(segment, &self.segments_folder).map_err(failed)?;
        read_file(file, range).await.map_err(failed)
    }
}

/// Reads from the page cache at once, or from the disk on a thread that may wait.
async fn read_file(file: Arc<File>, range: Range<u64>) -> io::Result<Bytes> {
    let mut bytes = BytesMut::zeroed((range.end - range.start) as usize);
    let cached = if bytes.len() as u64 <= CHUNK { read_cached(&file, &mut bytes, range.start) } else { 0 };
    if cached == bytes.len() {
        return Ok(bytes.freeze());
    }
    let read = tokio::task::spawn_blocking(move || {
        file.read_exact_at(&mut bytes[cached..], range.start + cached as u64)?;
        Ok(bytes.freeze())
    });
    read.await.unwrap_or_else(|_| Err(io::Error::other("reading was cut short")))
}

/// Reads what the page cache has; 0 when the file system can't tell.
fn read_cached(file: &File, bytes: &mut [u8], at: u64) -> usize {
    let slices = &mut [IoSliceMut::new(bytes)];
    rustix::io::preadv2(file, slices, at, rustix::io::ReadWriteFlags::NOWAIT).unwrap_or(0)
}

/// Segment files held open for reading, a bounded number of them.
#[derive(Debug)]
pub(crate) struct OpenFiles {
    most: usize,
    files: Mutex<Cached>,
}

#[derive(Debug, Default)]
struct Cached {
    clock: u64,
    files: HashMap<(SegmentKey, u32), (Arc<File>, u64)>,
}

impl OpenFiles {
    pub fn new(most: usize) -> Self {
        Self { most: most.max(1), files: Mutex::default() }
    }

    /// The file of a segment in its present generation.
    pub fn get(&self, segment: &Segment, folder: &std::path::Path) -> io::Result<Arc<File>> {
        let generation = segment.placement().generation;
        let key = (segment.key.clone(), generation);
        let mut cached = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        cached.clock += 1;
        let now = cached.clock;
        if let Some((file, used)) = cached.files.get_mut(&key) {
            *used = now;
            return Ok(file.clone());
        }
        let path = folder.join(crate::segments::relative_path(&segment.id, generation));
        let file = Arc::new(File::open(path)?);
        if cached.files.len() >= self.most {
            let oldest = cached.files.iter().min_by_key(|(_, (_, used))| *used).map(|(key, _)| key.clone());
            oldest.and_then(|key| cached.files.remove(&key));
        }
        cached.files.insert(key, (file.clone(), now));
        Ok(file)
    }
}
