//! The committer: one thread that writes what waits in one go, makes it durable with one
//! `fdatasync`, and only then answers everyone. While a flush runs, the next batch gathers.
//! Where a flush takes no time, callers do the same by themselves, one at a time.

use crate::archive::Shared;
use crate::container::{block_end, padding};
use crate::cursor::Cursor;
use crate::disk::{DiskFile, create_folder, is_full};
use crate::feed::Fresh;
use crate::large::Part;
use crate::queue::{Answer, Body, Waiting, Work};
use crate::runway::Runway;
use crate::segments::{Lane, Placement, Segment, SegmentKey};
use intake::{Appended, Locator, NewEntryHead, ShelfError};
use model::Timestamp;
use std::io::{self, IoSlice};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tracing::{error, info};

/// The segment that is being appended to.
pub(crate) struct Active {
    pub segment: Arc<Segment>,
    pub file: Box<dyn DiskFile>,
    /// Where the next entry begins. Equal to the segment's durable end between batches.
    pub end: u64,
    pub runway: Runway,
}

pub(crate) struct Committer {
    shared: Arc<Shared>,
    active: Option<Active>,
    /// Callers served by the last batches: as many are expected back.
    callers: [usize; 2],
    last_flush: Duration,
    /// The place behind everything appended.
    cursor: Cursor,
}

/// The committer, for its thread and for callers who commit by themselves.
pub(crate) type SharedCommitter = Arc<Mutex<Committer>>;

/// Rounds a caller serves others before it leaves them to the thread.
const ROUNDS: u32 = 8;

/// Works until the queue is closed and empty.
pub(crate) fn run(committer: &SharedCommitter, shared: &Shared) {
    loop {
        let (expected, patience) = lock(committer).patience();
        let Some(batch) = shared.queue.take(expected, patience) else {
            return lock(committer).leave();
        };
        let mut committer = lock(committer);
        committer.callers = [committer.callers[1], batch.len()];
        committer.serve(batch);
    }
}

/// Serves what waits, without the thread. If somebody else is at it, they will see what was put in before.
pub(crate) fn serve_here(committer: &SharedCommitter, shared: &Shared) {
    for _ in 0..ROUNDS {
        let Ok(mut committer) = committer.try_lock() else { return };
        committer.serve(shared.queue.take_now());
        drop(committer);
        // Looked at after the lock is given back: who found it taken has put work in before that.
        if shared.queue.is_empty() {
            return;
        }
    }
    shared.queue.wake();
}

fn lock(committer: &SharedCommitter) -> MutexGuard<'_, Committer> {
    committer.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Committer {
    pub fn new(shared: Arc<Shared>, active: Option<Active>) -> Self {
        let cursor = Cursor::at_end(&shared.segments);
        Self { shared, active, callers: [1, 1], last_flush: Duration::ZERO, cursor }
    }

    /// How many callers to expect, and how long to wait for them: an eighth of a flush, enough for callers on
    /// this machine or its network to come back, and no cost where flushing is free. A lone caller never
    /// waits: one is expected.
    fn patience(&self) -> (usize, Duration) {
        (self.callers[0].max(self.callers[1]), self.last_flush / 8)
    }

    fn serve(&mut self, batch: impl IntoIterator<Item = Work>) {
        let mut entries = Vec::new();
        for work in batch {
            match work {
                Work::Append(waiting) => entries.push(*waiting),
                Work::Place { part, head, answer } => self.place(&part, *head, answer),
                Work::Turn(done) => {
                    self.append_all(std::mem::take(&mut entries));
                    self.turn();
                    let _ = done.send(()); // the caller may have gone
                }
            }
        }
        self.append_all(entries);
    }

    /// Appends a batch: all of it or nothing.
    fn append_all(&mut self, mut entries: Vec<Waiting>) {
        if entries.is_empty() {
            return;
        }
        match self.write_batch(&mut entries) {
            Ok(first) => self.answer(entries, first),
            Err(error) => refuse(entries.into_iter().map(|entry| entry.answer), &error),
        }
    }

    /// Writes and flushes; gives the offset of the first entry.
    fn write_batch(&mut self, entries: &mut [Waiting]) -> Result<u64, ShelfError> {
        let needed: u64 = entries.iter().map(Waiting::whole_length).sum();
        self.shared.check_room(needed)?;
        let now = entries.first().map_or(Timestamp::from_micros(0), |e| e.head.source.received_at);
        let most = self.shared.config.segment_size;
        let (first, written) = match self.active_for(now) {
            Ok(active) => (active.end, write_entries(active, entries)),
            Err(cause) => return Err(self.explain("begin a segment", needed, cause)),
        };
        if let Err(cause) = written {
            self.take_back("append to a segment", &cause);
            return Err(self.explain("append to a segment", needed, cause));
        }
        let grew = self
            .active
            .as_mut()
            .is_some_and(|active| active.runway.reach(&mut *active.file, first, first + needed, most));
        let began = Instant::now();
        if let Err(cause) = self.active.as_mut().map_or(Ok(()), |active| active.file.sync()) {
            // After a failed flush the page cache may call clean what the disk never got.
            self.take_back("flush a segment", &cause);
            self.abandon();
            return Err(self.explain("flush a segment", needed, cause));
        }
        self.last_flush = began.elapsed();
        if let Some(active) = self.active.as_mut().filter(|_| grew) {
            active.runway.grew_in(self.last_flush);
        }
        self.shared.queue.flushed_in(self.last_flush);
        Ok(first)
    }

    fn answer(&mut self, entries: Vec<Waiting>, first: u64) {
        let Some(active) = &mut self.active else { return };
        active.end = first + entries.iter().map(Waiting::whole_length).sum::<u64>();
        active.segment.set_durable(active.end);
        let (mut at, mut fresh, mut answers) = (first, Vec::new(), Vec::new());
        for entry in entries {
            let offset = at + entry.sketch.bytes().len() as u64;
            let locator = Locator { segment: active.segment.id.clone(), offset, length: entry.length };
            at += entry.whole_length();
            self.cursor = self.cursor.after(&active.segment.key, &locator);
            answers.push((entry.answer, Appended { locator: locator.clone(), digest: entry.head.digest }));
            fresh.push(Fresh { cursor: self.cursor, head: entry.head, locator, header: entry.header });
        }
        self.shared.full.store(false, Ordering::Relaxed);
        self.shared.feed.publish(fresh.into_iter());
        for (answer, appended) in answers {
            let _ = answer.send(Ok(appended)); // the caller may have gone; the entry stays
        }
    }

    /// The active segment, or a new one when there is none or it is big enough.
    fn active_for(&mut self, now: Timestamp) -> io::Result<&mut Active> {
        if self.active.as_ref().is_some_and(|active| active.end >= self.shared.config.segment_size) {
            self.turn();
        }
        match &mut self.active {
            Some(active) => Ok(active),
            none => Ok(none.insert(begin_segment(&self.shared, now)?)),
        }
    }

    /// Ends the active segment; it is sealed in the background.
    fn turn(&mut self) {
        if let Some(active) = self.active.take() {
            self.shared.seal_later(active.segment);
        }
    }

    /// Takes a batch that failed back, so that the segment ends with its last durable entry.
    fn take_back(&mut self, action: &'static str, cause: &io::Error) {
        let Some(active) = &mut self.active else { return };
        error!(segment.id = %active.segment.id, %cause, "could not {action}; the batch is refused");
        active.runway.cut(active.end);
        if active.file.truncate(active.end).is_err() {
            self.abandon();
        }
    }

    /// Leaves the active segment as it would be without a runway.
    fn leave(&mut self) {
        if let Some(active) = &mut self.active
            && active.runway.end() > active.end
        {
            // If it can't be cut, the next start does it.
            drop(active.file.truncate(active.end));
            active.runway.cut(active.end);
        }
    }

    /// Never writes to the active segment again. Recovery looks at it at the next start.
    fn abandon(&mut self) {
        if let Some(active) = self.active.take() {
            error!(segment.id = %active.segment.id, "abandoned a segment after a failed write");
        }
    }

    fn explain(&self, action: &'static str, needed: u64, cause: io::Error) -> ShelfError {
        if is_full(&cause) {
            self.shared.full.store(true, Ordering::Relaxed);
            return ShelfError::Full { needed, free: self.shared.room() };
        }
        ShelfError::Io { action, source: Arc::new(cause) }
    }

    /// Gives a part that is durable already its name as a segment of its own.
    fn place(&mut self, part: &Part, head: NewEntryHead, answer: Answer) {
        let result = self.name_part(part, &head);
        let result = result.map_err(|cause| self.explain("place a large entry", part.length, cause));
        let digest = head.digest;
        if let Ok((key, locator)) = &result {
            self.cursor = self.cursor.after(key, locator);
            let fresh = Fresh { cursor: self.cursor, head, locator: locator.clone(), header: None };
            self.shared.feed.publish(std::iter::once(fresh));
        }
        let _ = answer.send(result.map(|(_, locator)| Appended { locator, digest }));
    }

    fn name_part(&self, part: &Part, head: &NewEntryHead) -> io::Result<(SegmentKey, Locator)> {
        let shared = &self.shared;
        let key = next_key(shared, Lane::Whole, head.source.received_at);
        let end = part.reserved + block_end(part.length);
        let sealed = Placement {
            sealed: true,
            local: true,
            file_length: part.file_length,
            entries_end: Some(end),
            ..Placement::default()
        };
        let segment = Arc::new(Segment::new(key.clone(), end, sealed));
        let path = segment.path(&shared.segments_folder);
        let folder = path.parent().unwrap_or(&shared.segments_folder);
        create_folder(&*shared.disk, folder)?;
        shared.disk.rename(&part.path, &path)?;
        shared.disk.sync_folder(folder)?;
        let locator = Locator { segment: segment.id.clone(), offset: part.reserved, length: part.length };
        shared.segments.insert(segment);
        Ok((key, locator))
    }
}

impl Waiting {
    fn whole_length(&self) -> u64 {
        self.sketch.bytes().len() as u64 + block_end(self.length)
    }
}

fn refuse(answers: impl Iterator<Item = Answer>, error: &ShelfError) {
    for answer in answers {
        let _ = answer.send(Err(error.clone()));
    }
}

fn next_key(shared: &Shared, lane: Lane, now: Timestamp) -> SegmentKey {
    let date = now.to_string();
    let month = match (date.get(..4), date.get(5..7)) {
        (Some(year), Some(month)) if date.len() > 19 && !date.starts_with('-') => format!("{year}/{month}"),
        _ => "1970/01".to_owned(),
    };
    SegmentKey { lane, number: shared.segments.next_number(lane), writer: shared.writer.clone(), month }
}

fn begin_segment(shared: &Shared, now: Timestamp) -> io::Result<Active> {
    let key = next_key(shared, Lane::Shared, now);
    let segment = Arc::new(Segment::new(key, 0, Placement { local: true, ..Default::default() }));
    let path = segment.path(&shared.segments_folder);
    let folder = path.parent().unwrap_or(&shared.segments_folder);
    create_folder(&*shared.disk, folder)?;
    let file = shared.disk.create(&path)?;
    if let Err(error) = shared.disk.sync_folder(folder) {
        let _ = shared.disk.remove(&path); // else its number could not be used again
        return Err(error);
    }
    shared.segments.insert(segment.clone());
    info!(segment.id = %segment.id, "began a segment");
    Ok(Active { segment, file, end: 0, runway: Runway::none(0) })
}

/// Writes the entries one after the other, those in memory with as few calls as possible.
fn write_entries(active: &mut Active, entries: &mut [Waiting]) -> io::Result<()> {
    let mut at = active.end;
    for entry in entries.iter_mut() {
        entry.sketch.set_synced(active.end);
    }
    for run in entries.chunk_by(|a, b| a.in_memory() && b.in_memory()) {
        let mut slices = Vec::with_capacity(run.len() * 4);
        for entry in run.iter().filter(|entry| entry.in_memory()) {
            slices.push(IoSlice::new(entry.sketch.bytes()));
            if let Body::Memory(chunks) = &entry.body {
                slices.extend(chunks.iter().map(|chunk| IoSlice::new(chunk)));
            }
            slices.push(IoSlice::new(padding(entry.length)));
        }
        active.file.write_at(at, &mut slices)?;
        if let [Waiting { sketch, body: Body::Part(part), length, .. }] = run {
            let content_at = at + sketch.bytes().len() as u64;
            active.file.write_at(at, &mut [IoSlice::new(sketch.bytes())])?;
            active.file.copy_at(content_at, &part.read, part.reserved, *length)?;
            active.file.write_at(content_at + length, &mut [IoSlice::new(padding(*length))])?;
        }
        at += run.iter().map(Waiting::whole_length).sum::<u64>();
    }
    Ok(())
}

impl Waiting {
    const fn in_memory(&self) -> bool {
        matches!(self.body, Body::Memory(_))
    }
}
