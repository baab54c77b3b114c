//! The archive as a whole: opening, appending, closing.

use crate::commit::{self, Committer, SharedCommitter};
use crate::config::ArchiveConfig;
use crate::container::Sketch;
use crate::container::entry::{LONGEST_NAME, name_is_safe};
use crate::cursor::Cursor;
use crate::disk::{Disk, LocalDisk, create_folder};
use crate::elsewhere::Elsewhere;
use crate::feed::Feed;
use crate::files::{OpenFiles, Recent};
use crate::large::LargeWriter;
use crate::moved::Moved;
use crate::queue::{Answer, Body, Queue, Waiting, Work};
use crate::recover;
use crate::segments::{Lane, Segment, SegmentKey, Segments};
use async_trait::async_trait;
use bytes::Bytes;
use intake::{Appended, LargeEntry, Locator, NewEntry, Shelf, ShelfError};
use model::Sha256Digest;
use std::fs::{File, TryLockError};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;
use store::BlobError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tracing::warn;

/// Entries of rewritten segments whose places are kept in memory.
const MOVED_ENTRIES: usize = 200_000;
/// Bytes of restored originals kept in memory.
const RESTORED_BYTES: usize = 64 << 20;

/// Why an archive can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("the archive in {} is open in another process", .0.display())]
    InUse(PathBuf),
    /// The folder holds something else.
    #[error("{} is not an archive this version can open", .0.display())]
    Format(PathBuf),
    /// The tier can't be listed, so it isn't known what is held there.
    #[error("could not list the tier")]
    Tier(#[source] BlobError),
    /// The disk refused.
    #[error("could not {action} in {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// The shelves: append-only segments in a folder, and what is known about them.
pub struct Archive {
    pub(crate) shared: Arc<Shared>,
    committer: Option<SharedCommitter>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    _lock: Option<File>,
}

/// What the archive's threads share.
pub(crate) struct Shared {
    pub config: ArchiveConfig,
    pub disk: Arc<dyn Disk>,
    pub segments_folder: PathBuf,
    pub incoming: PathBuf,
    /// Six hexadecimal digits that tell this archive's segments from another's.
    pub writer: String,
    pub segments: Segments,
    pub files: OpenFiles,
    /// Tables of rewritten segments, weighed by their entries.
    pub moved: Recent<(SegmentKey, u32), Arc<Moved>>,
    /// Originals restored from a smaller form, by the digest of that form, weighed in bytes.
    pub restored: Recent<Sha256Digest, Bytes>,
    /// One rewriting of segments, or one repair, at a time.
    pub upkeep: tokio::sync::Mutex<()>,
    pub queue: Queue,
    pub feed: Feed,
    pub parts: AtomicU64,
    /// Segments that could not be sealed so far.
    pub unsealed: AtomicU64,
    /// The last entry was refused for want of room.
    pub full: AtomicBool,
    room: Arc<Semaphore>,
    sealer: Mutex<Option<mpsc::Sender<Arc<Segment>>>>,
}

impl Archive {
    /// Opens the archive in a folder, making it if needed, and repairs what a crash left.
    ///
    /// # Errors
    /// [`OpenError`] when another process has it open or the disk refuses.
    pub async fn open(config: ArchiveConfig) -> Result<Self, OpenError> {
        Self::open_on(config, Arc::new(LocalDisk)).await
    }

    /// Opens the archive on a disk given by the caller; for tests.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub async fn open_on(config: ArchiveConfig, disk: Arc<dyn Disk>) -> Result<Self, OpenError> {
        let elsewhere = Elsewhere::list(&config).await.map_err(OpenError::Tier)?;
        let opened = tokio::task::spawn_blocking(move || open_blocking(config, disk, &elsewhere)).await;
        let opened = opened.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
        let (archive, hurt) = opened?;
        archive.learn_endings(&hurt).await;
        Ok(archive)
    }

    /// Six hexadecimal digits that tell this archive from others, for as long as its folder exists.
    /// No two processes write to it at a time.
    pub fn writer(&self) -> &str {
        &self.shared.writer
    }

    /// Whether the last that came was refused for want of room.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.shared.full.load(Ordering::Relaxed)
    }

    /// Entries that wait for the disk.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.shared.queue.len()
    }

    /// Segments that have reached their size and could not be sealed; it is tried again and again.
    #[must_use]
    pub fn unsealed(&self) -> u64 {
        self.shared.unsealed.load(Ordering::Relaxed)
    }

    /// All segments, in the order they were written.
    #[must_use]
    pub fn segments(&self) -> Vec<Arc<Segment>> {
        self.shared.segments.all()
    }

    /// Bytes that whoever has read so far has still to read; all of them before the first.
    #[must_use]
    pub fn unread(&self, from: Option<Cursor>) -> u64 {
        let from = from.unwrap_or_default();
        let segments = self.shared.segments.all();
        let rest = segments.iter().filter(|segment| segment.key.number >= from.segment(segment.key.lane));
        rest.map(|segment| segment.appended().saturating_sub(from.offset_in(&segment.key))).sum()
    }

    /// Bytes that still fit into the archive's folder, above the reserve.
    #[must_use]
    pub fn room(&self) -> u64 {
        self.shared.room()
    }

    /// Ends the segment that is being appended to, however small, and waits until it is sealed.
    ///
    /// # Errors
    /// [`ShelfError::Closed`].
    pub async fn seal(&self) -> Result<(), ShelfError> {
        let open = self.segments().into_iter().filter(|segment| !segment.placement().sealed);
        let last = open.last();
        self.turn().await?;
        // A segment whose disk has failed is never sealed; then a minute is long enough.
        for _ in 0..600 {
            if last.as_ref().is_none_or(|segment| segment.placement().sealed) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }

    /// Ends the segment that is being appended to, however small; it is sealed in the background.
    /// The next entry begins a new one.
    ///
    /// # Errors
    /// [`ShelfError::Closed`].
    pub async fn turn(&self) -> Result<(), ShelfError> {
        let (done, waits) = oneshot::channel();
        self.shared.queue.put(Work::Turn(done))?;
        waits.await.map_err(|_| ShelfError::Closed)
    }

    /// Makes sure that everything from now on is appended behind a place somebody has reached, also when
    /// the archive has lost what they read: they would take new entries for those they know.
    /// Tells whether something was lost.
    ///
    /// # Errors
    /// [`ShelfError::Closed`].
    pub async fn begin_behind(&self, reached: Cursor) -> Result<bool, ShelfError> {
        let segments = &self.shared.segments;
        let [shared, whole] = [Lane::Shared, Lane::Whole].map(|lane| reached.segment(lane));
        let last =
            segments.from(Lane::Shared, shared).into_iter().find(|segment| segment.key.number == shared);
        let held = last.as_ref().map_or(0, |segment| segment.appended());
        let is_cut = reached.offset_in_shared() > held && last.is_none_or(|last| !last.placement().sealed);
        let lost = is_cut
            || shared > segments.next_number(Lane::Shared)
            || whole > segments.next_number(Lane::Whole);
        if lost {
            segments.begin_at(Lane::Shared, shared + 1);
            segments.begin_at(Lane::Whole, whole);
            self.turn().await?;
        }
        Ok(lost)
    }

    /// Hands work to the committer, or does it here and now where that is faster.
    fn commit(&self, work: Work) -> Result<(), ShelfError> {
        match &self.committer {
            Some(committer) if self.shared.queue.is_quick() => {
                self.shared.queue.put_quietly(work)?;
                commit::serve_here(committer, &self.shared);
                Ok(())
            }
            _ => self.shared.queue.put(work),
        }
    }

    /// Finishes what waits and ends the archive's threads. Dropping does the same.
    pub fn close(&self) {
        self.shared.queue.close();
        *self.shared.sealer.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            if thread.join().is_err() {
                warn!("a thread of the archive had panicked");
            }
        }
        self.shared.feed.close();
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        self.close();
    }
}

#[async_trait]
impl Shelf for Archive {
    async fn append(&self, entry: NewEntry) -> Result<Appended, ShelfError> {
        let header = entry.header.clone();
        let (head, content) = entry.into_parts();
        check_name(&head.name)?;
        let length = content.iter().map(|chunk| chunk.len() as u64).sum();
        let sketch = Sketch::new(&head, length, None);
        let _room = self.shared.queue_room(length).await?;
        let (answer, waits) = oneshot::channel();
        let body = Body::Memory(content);
        self.commit(Work::Append(Box::new(Waiting { head, sketch, body, length, header, answer, _room })))?;
        waits.await.map_err(|_| ShelfError::Closed)?
    }

    async fn begin_large(&self) -> Result<Box<dyn LargeEntry>, ShelfError> {
        Ok(Box::new(LargeWriter::begin(self.shared.clone()).await?))
    }

    async fn read(&self, locator: &Locator, range: Range<u64>) -> Result<Bytes, ShelfError> {
        let end = range.end.min(locator.length);
        let read = Self::read(self, locator, range.start.min(end)..end).await;
        read.map_err(|error| ShelfError::Io {
            action: "read an entry back",
            source: Arc::new(io::Error::other(error)),
        })
    }
}

impl Shared {
    /// Puts work in the queue and waits for its answer.
    pub async fn put(&self, work: impl FnOnce(Answer) -> Work) -> Result<Appended, ShelfError> {
        let (answer, waits) = oneshot::channel();
        self.queue.put(work(answer))?;
        waits.await.map_err(|_| ShelfError::Closed)?
    }

    /// Waits until the queue has room for so many bytes.
    pub async fn queue_room(&self, length: u64) -> Result<OwnedSemaphorePermit, ShelfError> {
        let permits = length.min(self.config.queue as u64) as u32;
        self.room.clone().acquire_many_owned(permits).await.map_err(|_| ShelfError::Closed)
    }

    /// Bytes free above the reserve.
    pub fn room(&self) -> u64 {
        self.disk.free(&self.config.folder).unwrap_or(0).saturating_sub(self.config.reserve)
    }

    /// Refuses early what would not fit.
    pub fn check_room(&self, needed: u64) -> Result<(), ShelfError> {
        match self.room() {
            free if needed > free => {
                self.full.store(true, Ordering::Relaxed);
                Err(ShelfError::Full { needed, free })
            }
            _ => Ok(()),
        }
    }

    /// Hands a segment that will not be appended to any more to the sealer.
    pub fn seal_later(&self, segment: Arc<Segment>) {
        if let Some(sealer) = &*self.sealer.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = sealer.send(segment); // when it has ended, the next start seals
        }
    }
}

pub(crate) fn check_name(name: &str) -> Result<(), ShelfError> {
    if name_is_safe(name) { Ok(()) } else { Err(ShelfError::Name { max: LONGEST_NAME }) }
}

type Opened = (Archive, Vec<Arc<Segment>>);

/// Gives the archive and those of its segments whose end only another place knows.
fn open_blocking(
    config: ArchiveConfig,
    disk: Arc<dyn Disk>,
    elsewhere: &Elsewhere,
) -> Result<Opened, OpenError> {
    let folder = config.folder.clone();
    let segments_folder = folder.join("segments");
    let incoming = folder.join("incoming");
    let lock = if config.read_only { None } else { Some(prepare(&folder, &*disk)?) };
    let writer = writer(&folder, &*disk, config.read_only)?;
    let recovered = recover::recover(&*disk, &config, elsewhere);
    let recovered = recovered.map_err(failed("read the segments", &segments_folder))?;
    let (sealer, to_seal) = mpsc::channel();
    let shared = Arc::new(Shared {
        files: OpenFiles::new(config.open_files),
        feed: Feed::new(config.feed),
        moved: Recent::new(MOVED_ENTRIES),
        restored: Recent::new(RESTORED_BYTES),
        upkeep: tokio::sync::Mutex::new(()),
        room: Arc::new(Semaphore::new(config.queue)),
        segments: recovered.segments,
        config,
        disk,
        segments_folder,
        incoming,
        writer,
        queue: Queue::default(),
        parts: AtomicU64::new(0),
        unsealed: AtomicU64::new(0),
        full: AtomicBool::new(false),
        sealer: Mutex::new(Some(sealer)),
    });
    recovered.to_seal.into_iter().for_each(|segment| shared.seal_later(segment));
    if shared.config.read_only {
        shared.queue.close();
        let threads = Mutex::new(Vec::new());
        return Ok((Archive { shared, committer: None, threads, _lock: lock }, recovered.hurt));
    }
    let committer = Arc::new(Mutex::new(Committer::new(shared.clone(), recovered.active)));
    let spawn = |name: &str, work: Box<dyn FnOnce() + Send>| {
        let thread = std::thread::Builder::new().name(name.into()).spawn(work);
        thread.map_err(failed("start a thread", &folder))
    };
    let threads = vec![
        spawn(
            "archive-commit",
            Box::new({
                let (committer, shared) = (committer.clone(), shared.clone());
                move || commit::run(&committer, &shared)
            }),
        )?,
        spawn(
            "archive-seal",
            Box::new({
                let shared = shared.clone();
                move || crate::seal::run(&shared, &to_seal)
            }),
        )?,
    ];
    let threads = Mutex::new(threads);
    Ok((Archive { shared, committer: Some(committer), threads, _lock: lock }, recovered.hurt))
}

fn failed<'a>(action: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> OpenError + 'a {
    move |source| OpenError::Io { action, path: path.to_owned(), source }
}

/// Makes the folders, locks the archive and clears what was left unfinished.
fn prepare(folder: &Path, disk: &dyn Disk) -> Result<File, OpenError> {
    let incoming = folder.join("incoming");
    for needed in [folder, &folder.join("segments"), &incoming] {
        create_folder(disk, needed).map_err(failed("make a folder", needed))?;
    }
    let lock = lock(folder)?;
    recover::clear_folder(&incoming).map_err(failed("clear what was left unfinished", &incoming))?;
    Ok(lock)
}

fn lock(folder: &Path) -> Result<File, OpenError> {
    let path = folder.join("lock");
    let file = File::options().create(true).write(true).truncate(false).open(&path);
    let file = file.map_err(failed("make the lock", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(failed("take the lock", &path)(error)),
    }
}

/// The archive's own part of its segments' names, made once.
fn writer(folder: &Path, disk: &dyn Disk, read_only: bool) -> Result<String, OpenError> {
    let path = folder.join("archive.json");
    match std::fs::read(&path) {
        Ok(json) => {
            let about: serde_json::Value = serde_json::from_slice(&json).unwrap_or_default();
            let writer = about["writer"].as_str().filter(|_| about["format"] == 1);
            writer.map(str::to_owned).ok_or(OpenError::Format(folder.to_owned()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound && !read_only => {
            let writer = format!("{:06x}", random_number() & 0xff_ffff);
            let about = serde_json::json!({ "format": 1, "writer": writer });
            write_durably(&path, about.to_string().as_bytes(), disk).map_err(failed("write", &path))?;
            Ok(writer)
        }
        Err(error) => Err(failed("read", &path)(error)),
    }
}

/// A number nobody else has at this moment, from the seed the standard library gives hash maps.
fn random_number() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::hash::RandomState::new().build_hasher().finish()
}

/// Writes a small file so that it is there whole or not at all.
pub(crate) fn write_durably(path: &Path, content: &[u8], disk: &dyn Disk) -> io::Result<()> {
    let draft = path.with_extension("draft");
    let _ = disk.remove(&draft);
    let mut file = disk.create(&draft)?;
    file.write_at(0, &mut [io::IoSlice::new(content)])?;
    file.sync()?;
    disk.rename(&draft, path)?;
    path.parent().map_or(Ok(()), |folder| disk.sync_folder(folder))
}
