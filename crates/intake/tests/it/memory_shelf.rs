//! A shelf in memory, which can be full, slow, and asked what it holds.

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use intake::{
    Appended, HeldInstance, Intake, Kind, Known, KnownError, LargeEntry, Limits, Locator, NewEntry,
    NewEntryHead, SegmentId, Shelf, ShelfError,
};
use model::{SeriesInstanceUid, Sha256Digest, SopInstanceUid};
use std::{
    ops::Range,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

#[derive(Default)]
pub struct MemoryShelf {
    entries: Arc<Mutex<Vec<(NewEntryHead, Bytes)>>>,
    pub full: AtomicBool,
    pub large_begun: AtomicUsize,
}

impl MemoryShelf {
    pub fn intake(limits: Limits) -> (Intake, Arc<Self>) {
        let shelf = Arc::<Self>::default();
        (Intake::new(shelf.clone(), shelf.clone(), limits), shelf)
    }

    pub fn of(kind: Kind, shelf: &Self) -> Vec<(NewEntryHead, Bytes)> {
        let entries = shelf.entries.lock().unwrap();
        entries.iter().filter(|(head, _)| head.kind == kind).cloned().collect()
    }

    pub fn content(&self, locator: &Locator) -> Bytes {
        self.entries.lock().unwrap()[locator.offset as usize].1.clone()
    }
}

fn put(entries: &Mutex<Vec<(NewEntryHead, Bytes)>>, head: NewEntryHead, bytes: Bytes) -> Appended {
    let mut entries = entries.lock().unwrap();
    let locator = locator(entries.len(), bytes.len());
    let digest = head.digest;
    entries.push((head, bytes));
    Appended { locator, digest }
}

fn locator(at: usize, length: usize) -> Locator {
    Locator { segment: SegmentId("memory".into()), offset: at as u64, length: length as u64 }
}

#[async_trait]
impl Shelf for MemoryShelf {
    async fn append(&self, entry: NewEntry) -> Result<Appended, ShelfError> {
        if self.full.load(SeqCst) {
            return Err(ShelfError::Full { needed: 1, free: 0 });
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
        let (head, content) = entry.into_parts();
        Ok(put(&self.entries, head, content.concat().into()))
    }

    async fn begin_large(&self) -> Result<Box<dyn LargeEntry>, ShelfError> {
        if self.full.load(SeqCst) {
            return Err(ShelfError::Full { needed: 1, free: 0 });
        }
        self.large_begun.fetch_add(1, SeqCst);
        let entries = Arc::clone(&self.entries);
        Ok(Box::new(MemoryEntry { entries, bytes: BytesMut::new() }))
    }

    async fn read(&self, locator: &Locator, range: Range<u64>) -> Result<Bytes, ShelfError> {
        let content = self.content(locator);
        Ok(content.slice(range.start as usize..(range.end as usize).min(content.len())))
    }
}

struct MemoryEntry {
    entries: Arc<Mutex<Vec<(NewEntryHead, Bytes)>>>,
    bytes: BytesMut,
}

#[async_trait]
impl LargeEntry for MemoryEntry {
    async fn write(&mut self, bytes: Bytes) -> Result<(), ShelfError> {
        self.bytes.extend_from_slice(&bytes);
        Ok(())
    }

    async fn read_back(&mut self, offset: u64, length: usize) -> Result<Bytes, ShelfError> {
        let start = (offset as usize).min(self.bytes.len());
        let end = (start + length).min(self.bytes.len());
        Ok(Bytes::copy_from_slice(&self.bytes[start..end]))
    }

    async fn finish(self: Box<Self>, head: NewEntryHead) -> Result<Appended, ShelfError> {
        Ok(put(&self.entries, head, self.bytes.freeze()))
    }

    async fn abort(self: Box<Self>) {}
}

#[async_trait]
impl Known for MemoryShelf {
    async fn instances_of(&self, series: &SeriesInstanceUid) -> Result<Vec<HeldInstance>, KnownError> {
        let entries = self.entries.lock().unwrap();
        let held = entries.iter().enumerate().filter_map(|(at, (head, bytes))| {
            let uid = |key: &str| head.details.get(key).and_then(|uid| uid.as_str());
            (uid("seriesInstanceUid") == Some(series.as_str())).then(|| HeldInstance {
                sop_instance: SopInstanceUid::parse(uid("sopInstanceUid").unwrap()).unwrap(),
                digest: head.digest,
                locator: locator(at, bytes.len()),
                beside: head.details.get("conflict").is_some(),
            })
        });
        Ok(held.collect())
    }

    async fn quarantined(&self, digest: &Sha256Digest) -> Result<Option<Locator>, KnownError> {
        let entries = self.entries.lock().unwrap();
        let found = entries
            .iter()
            .enumerate()
            .find(|(_, (head, _))| head.kind == Kind::Quarantine && head.digest == *digest);
        Ok(found.map(|(at, (_, bytes))| locator(at, bytes.len())))
    }
}
