//! Entries too big for memory: streamed into a file of `incoming`, and only at their end given
//! a head and a place.

use crate::archive::{Shared, check_name};
use crate::container::entry::EntryHead;
use crate::container::{IndexLine, IndexWriter, Sketch, padding};
use crate::disk::{Disk, DiskFile, is_full};
use crate::queue::{Body, Waiting, Work};
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use intake::{Appended, LargeEntry, NewEntryHead, ShelfError};
use std::fs::File;
use std::io::{self, IoSlice};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Space left free at the start of a part for the head, which is known last.
const RESERVED: u64 = 16 * 1024;
/// Bytes gathered in memory before they are written.
const GATHER: usize = 1 << 20;

/// A file of `incoming`; removed when dropped, unless it was renamed away.
pub(crate) struct Part {
    pub path: PathBuf,
    /// For reading.
    pub read: File,
    /// Bytes before the content.
    pub reserved: u64,
    /// Bytes of content.
    pub length: u64,
    /// Bytes of the whole file once it is a segment.
    pub file_length: u64,
    disk: Arc<dyn Disk>,
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = self.disk.remove(&self.path); // gone already when it was renamed
    }
}

/// The writing half of a large entry.
pub(crate) struct LargeWriter {
    shared: Arc<Shared>,
    part: Part,
    file: Option<Box<dyn DiskFile>>,
    gathered: Vec<Bytes>,
    gathered_length: usize,
}

impl LargeWriter {
    pub async fn begin(shared: Arc<Shared>) -> Result<Self, ShelfError> {
        shared.check_room(GATHER as u64)?;
        let number = shared.parts.fetch_add(1, Ordering::Relaxed);
        let path = shared.incoming.join(format!("{number}.part"));
        let disk = shared.disk.clone();
        let (file, part) = blocking("begin a large entry", move || {
            let file = disk.create(&path)?;
            let read = File::open(&path)?;
            Ok((file, Part { path, read, reserved: RESERVED, length: 0, file_length: 0, disk }))
        })
        .await?;
        Ok(Self { shared, part, file: Some(file), gathered: Vec::new(), gathered_length: 0 })
    }

    /// Runs something on the file, away from the async threads.
    async fn with_file(
        &mut self,
        action: &'static str,
        work: impl FnOnce(&mut dyn DiskFile) -> io::Result<()> + Send + 'static,
    ) -> Result<(), ShelfError> {
        let Some(mut file) = self.file.take() else {
            return Err(ShelfError::Closed); // an earlier write failed
        };
        self.file = Some(blocking(action, move || work(&mut *file).map(|()| file)).await?);
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), ShelfError> {
        if self.gathered_length == 0 {
            return Ok(());
        }
        self.shared.check_room(self.gathered_length as u64)?;
        let at = RESERVED + self.part.length;
        let gathered = std::mem::take(&mut self.gathered);
        self.part.length += std::mem::take(&mut self.gathered_length) as u64;
        self.with_file("write a large entry", move |file| {
            let mut slices: Vec<_> = gathered.iter().map(|chunk| IoSlice::new(chunk)).collect();
            file.write_at(at, &mut slices)
        })
        .await
    }

    /// Small enough for the common segment: the committer copies it there.
    async fn share(self, head: NewEntryHead) -> Result<Appended, ShelfError> {
        let Self { shared, part, .. } = self;
        let length = part.length;
        let sketch = Sketch::new(&head, length, None);
        let room = shared.queue_room(length).await?;
        let body = Body::Part(part);
        let header = None;
        shared
            .put(|answer| {
                Work::Append(Box::new(Waiting { head, sketch, body, length, header, answer, _room: room }))
            })
            .await
    }

    /// Makes the part a sealed segment, durable but for its name, and has it named.
    async fn place(mut self, head: NewEntryHead, sketch: Sketch) -> Result<Appended, ShelfError> {
        let (tail, file_length) = ending(&sketch, self.part.length, &head);
        self.part.file_length = file_length;
        let content_end = RESERVED + self.part.length;
        self.with_file("flush a large entry", move |file| {
            file.write_at(0, &mut [IoSlice::new(sketch.bytes())])?;
            file.write_at(content_end, &mut [IoSlice::new(&tail)])?;
            file.sync()
        })
        .await?;
        let Self { shared, part, .. } = self;
        shared.put(|answer| Work::Place { part, head: Box::new(head), answer }).await
    }
}

/// What follows the content of a segment with one entry: padding, index, end.
fn ending(sketch: &Sketch, length: u64, head: &NewEntryHead) -> (Vec<u8>, u64) {
    let head_length = sketch.bytes().len() as u64;
    let entry = EntryHead { head: head.clone(), synced: 0, origin: None, head_length, length };
    let mut index = IndexWriter::new(entry.whole_length());
    let mut lines = Vec::new();
    index.line(&IndexLine::of(0, &entry, sketch.bytes()), &mut lines);
    let mtime = head.source.received_at.as_micros().max(0) as u64 / 1_000_000;
    let (end, header, ending) = index.finish(mtime, None);
    let tail = [padding(length), &header, &lines, &end].concat();
    (tail, ending.file_length())
}

#[async_trait]
impl LargeEntry for LargeWriter {
    async fn write(&mut self, bytes: Bytes) -> Result<(), ShelfError> {
        self.gathered_length += bytes.len();
        self.gathered.push(bytes);
        if self.gathered_length < GATHER {
            return Ok(());
        }
        self.flush().await
    }

    async fn read_back(&mut self, offset: u64, length: usize) -> Result<Bytes, ShelfError> {
        self.flush().await?;
        let read = self.part.read.try_clone();
        let length = (length as u64).min(self.part.length.saturating_sub(offset)) as usize;
        blocking("read a large entry back", move || {
            let mut bytes = BytesMut::zeroed(length);
            read?.read_exact_at(&mut bytes, RESERVED + offset)?;
            Ok(bytes.freeze())
        })
        .await
    }

    async fn finish(mut self: Box<Self>, head: NewEntryHead) -> Result<Appended, ShelfError> {
        check_name(&head.name)?;
        self.flush().await?;
        if self.part.length <= self.shared.config.largest_shared {
            return self.share(head).await;
        }
        match Sketch::filling(&head, self.part.length, RESERVED as usize) {
            Ok(sketch) => self.place(head, sketch).await,
            // A head beyond what was reserved: the content is copied behind it, whatever its size.
            Err(_) => self.share(head).await,
        }
    }

    async fn abort(self: Box<Self>) {}
}

/// A disk that fills up while we write says so as one that was full before does.
fn refused(action: &'static str, error: io::Error) -> ShelfError {
    match is_full(&error) {
        true => ShelfError::Full { needed: GATHER as u64, free: 0 },
        false => ShelfError::Io { action, source: Arc::new(error) },
    }
}

/// Runs blocking work on tokio's threads for that.
async fn blocking<T: Send + 'static>(
    action: &'static str,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, ShelfError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(refused(action, error)),
        Err(_) => Err(ShelfError::Closed),
    }
}
