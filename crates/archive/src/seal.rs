//! Sealing: a segment that has reached its size gets its index and its end, in the background.

use crate::archive::Shared;
use crate::container::{BLOCK, EntryHead, HeadError, IndexLine, IndexWriter};
use crate::segments::Segment;
use std::fs::File;
use std::io::{self, IoSlice};
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use tracing::{error, info};

/// Bytes of index gathered before they are written.
const GATHER: usize = 1 << 20;

/// Pause before what could not be sealed is tried again: the disk may be full.
const PAUSE: Duration = Duration::from_secs(2);

/// Seals what comes until the archive closes. What fails is tried again; it is complete without an index,
/// and if nothing else does, the next start seals it.
pub(crate) fn run(shared: &Shared, segments: &mpsc::Receiver<Arc<Segment>>) {
    let mut failed: Vec<Arc<Segment>> = Vec::new();
    loop {
        let next = match failed.is_empty() {
            true => segments.recv().map_err(|_| RecvTimeoutError::Disconnected),
            false => segments.recv_timeout(PAUSE),
        };
        match next {
            Ok(segment) => failed.extend(try_to_seal(shared, segment)),
            Err(RecvTimeoutError::Timeout) => {
                let again = std::mem::take(&mut failed);
                failed.extend(again.into_iter().filter_map(|segment| try_to_seal(shared, segment)));
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
        shared.unsealed.store(failed.len() as u64, Ordering::Relaxed);
    }
}

/// Gives the segment back when it could not be sealed.
fn try_to_seal(shared: &Shared, segment: Arc<Segment>) -> Option<Arc<Segment>> {
    match seal(shared, &segment) {
        Ok(()) => {
            info!(segment.id = %segment.id, bytes = segment.durable(), "sealed a segment");
            None
        }
        Err(cause) => {
            error!(segment.id = %segment.id, %cause, "could not seal a segment; it is tried again");
            Some(segment)
        }
    }
}

fn seal(shared: &Shared, segment: &Segment) -> io::Result<()> {
    let path = segment.path(&shared.segments_folder);
    let source = File::open(&path)?;
    let mut file = shared.disk.open(&path)?;
    let end = segment.durable();
    file.truncate(end)?; // what an earlier attempt may have left
    let mut index = IndexWriter::new(end);
    let (mut lines, mut at, mut mtime) = (Vec::with_capacity(GATHER), index.position(), 0);
    for_each_head(&source, end, |entry_at, entry, head| {
        mtime = entry.head.source.received_at.as_micros().max(0) as u64 / 1_000_000;
        index.line(&IndexLine::of(entry_at, entry, head), &mut lines);
        if lines.len() >= GATHER {
            file.write_at(at, &mut [IoSlice::new(&lines)])?;
            at = index.position();
            lines.clear();
        }
        Ok(())
    })?;
    let (tail, header, ending) = index.finish(mtime, None);
    file.write_at(at, &mut [IoSlice::new(&lines)])?;
    file.write_at(end, &mut [IoSlice::new(&header)])?;
    file.sync()?;
    // The end comes last: without it the segment isn't sealed, and nothing reads half an index.
    file.write_at(at + lines.len() as u64, &mut [IoSlice::new(&tail)])?;
    file.sync()?;
    segment.place(|placement| {
        placement.sealed = true;
        placement.file_length = ending.file_length();
        placement.entries_end = Some(end);
    });
    Ok(())
}

/// Calls `each` with every entry up to `end`; steps over damage.
pub(crate) fn for_each_head(
    file: &File,
    end: u64,
    mut each: impl FnMut(u64, &EntryHead, &[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let (mut at, mut window, mut window_at) = (0, Vec::new(), 0);
    let mut want = 256 * BLOCK as u64;
    while at < end {
        if at < window_at || at + want.min(end - at) > window_at + window.len() as u64 {
            window.resize(want.min(end - at) as usize, 0);
            file.read_exact_at(&mut window, at)?;
            window_at = at;
        }
        let bytes = &window[(at - window_at) as usize..];
        match EntryHead::parse(bytes) {
            Ok(entry) => {
                each(at, &entry, &bytes[..entry.head_length as usize])?;
                at += entry.whole_length();
                want = 8 * BLOCK as u64;
            }
            Err(HeadError::NeedMore(more)) if at + more as u64 <= end => want = more as u64,
            Err(_) => at += BLOCK as u64,
        }
    }
    Ok(())
}
