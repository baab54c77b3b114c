//! The threads that read ahead of the doors.

use super::{
    found::{Content, Found, Stamp, Trouble},
    journal::Known,
    packed,
    walk::{Next, Walk},
};
use crate::sniff::{GLANCE, Looks, looks};
use bytes::Bytes;
use std::{
    fs::{File, Metadata},
    io::{self, Read, Seek},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::UNIX_EPOCH,
};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
};
use tokio_util::sync::CancellationToken;

/// Files up to this size are read whole; larger ones come in chunks.
pub(super) const WHOLE: usize = 4 << 20;

/// Bytes in a chunk.
const CHUNK: usize = 1 << 20;

/// Chunks read ahead of a large file's taker.
const CHUNKS_AHEAD: usize = 2;

/// Bytes of whole files that are read but not yet settled, in grains of 64 KiB.
const AHEAD: usize = 48 << 20;
const GRAIN: usize = 64 << 10;

/// What the readers share.
pub(super) struct Readers {
    walk: Mutex<Walk>,
    known: Known,
    out: mpsc::Sender<Found>,
    ahead: Arc<Semaphore>,
    runtime: Handle,
    stop: CancellationToken,
}

/// The taker is gone or the import was stopped.
pub(super) struct Stopped;

/// Starts the readers; they end when all is read, when the receiver is dropped, or at `stop`.
pub(super) fn start(
    roots: Vec<PathBuf>,
    readers: usize,
    known: Known,
    stop: CancellationToken,
) -> mpsc::Receiver<Found> {
    let (out, found) = mpsc::channel(64);
    let walk = Mutex::new(Walk::new(roots));
    let ahead = Arc::new(Semaphore::new(AHEAD / GRAIN));
    let shared = Arc::new(Readers { walk, known, out, ahead, runtime: Handle::current(), stop });
    for _ in 0..readers.max(1) {
        let shared = Arc::clone(&shared);
        tokio::task::spawn_blocking(move || while matches!(shared.step(), Ok(true)) {});
    }
    found
}

/// Reads a file that the journal knew but the archive no longer holds.
pub(super) async fn read_again(path: &str, stamp: Option<&Stamp>) -> Content {
    let (path, size) = (PathBuf::from(path), stamp.map_or(0, |stamp| stamp.size));
    let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD);
    let _reading = tokio::task::spawn_blocking(move || {
        let opened = File::open(path).map_err(|error| super::trouble_of(&error));
        match opened {
            Ok(mut file) => stream(&mut file, size as usize, &sender, Bytes::new()),
            Err(trouble) => drop(sender.blocking_send(Err(trouble))),
        }
    });
    Content::Stream(receiver)
}

impl Readers {
    /// Reads one more file; `false` when there is none.
    fn step(&self) -> Result<bool, Stopped> {
        if self.stop.is_cancelled() {
            return Err(Stopped);
        }
        let next = self.walk.lock().unwrap_or_else(PoisonError::into_inner).next();
        match next {
            None => return Ok(false),
            Some(Next::Trouble(path, trouble)) => self.trouble(name(&path), trouble)?,
            Some(Next::File { path, named }) => self.file(&path, named)?,
        }
        Ok(true)
    }

    fn file(&self, path: &Path, named: bool) -> Result<(), Stopped> {
        let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
        let (metadata, mut file) = match opened {
            Ok(opened) => opened,
            Err(error) => return self.trouble(name(path), super::trouble_of(&error)),
        };
        let stamp = stamp(&metadata);
        if let Some((_, settled)) = self.known.get(&name(path)).filter(|(known, _)| *known == stamp) {
            let content = Content::Settled(settled.clone());
            return self.send(name(path), Some(stamp), content, None);
        }
        let mut first = [0; GLANCE];
        let read = read_full(&mut file, &mut first).and_then(|length| {
            file.rewind()?;
            Ok(length)
        });
        match read {
            Err(error) => self.trouble(name(path), super::trouble_of(&error)),
            Ok(length) => self.by_looks(path, file, stamp, looks(&first[..length]), named),
        }
    }

    fn by_looks(
        &self,
        path: &Path,
        mut file: File,
        stamp: Stamp,
        looks: Looks,
        named: bool,
    ) -> Result<(), Stopped> {
        match looks {
            Looks::Zip | Looks::Tar | Looks::Gzip | Looks::Zstd => {
                packed::open(self, &name(path), file, stamp, looks)
            }
            _ => {
                if super::dicomdir::is_named_so(path) {
                    self.list(path, named)?;
                }
                let size = stamp.size as usize;
                self.content(name(path), Some(stamp), &mut file, size)
            }
        }
    }

    /// Looks after the files that a DICOMDIR lists: one that was named brings them along,
    /// one in a folder is checked against it.
    fn list(&self, path: &Path, named: bool) -> Result<(), Stopped> {
        for listed in super::dicomdir::listed(path) {
            match listed {
                Ok(file) if named => {
                    self.walk.lock().unwrap_or_else(PoisonError::into_inner).add(file);
                }
                Ok(_) => {}
                Err(missing) => self.trouble(name(&missing), Trouble::ListedButMissing)?,
            }
        }
        Ok(())
    }

    /// Sends a file's bytes: at once when it is small, in chunks when it is not. `size` is a hint.
    pub(super) fn content(
        &self,
        path: String,
        stamp: Option<Stamp>,
        reader: &mut dyn Read,
        size: usize,
    ) -> Result<(), Stopped> {
        let expected = size.min(WHOLE) + 1;
        let mut held = self.reserve(expected)?;
        let mut bytes = Vec::with_capacity(expected);
        let read = (&mut *reader).take(WHOLE as u64 + 1).read_to_end(&mut bytes);
        if let Err(error) = read {
            return self.send(path, stamp, Content::Trouble(packed::trouble_of(&error)), None);
        }
        if bytes.len() <= WHOLE {
            if bytes.len() > expected {
                held = self.reserve(bytes.len())?;
            }
            return self.send(path, stamp, Content::Whole(bytes.into()), Some(held));
        }
        let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD);
        self.send(path, stamp, Content::Stream(receiver), Some(held))?;
        stream(reader, size, &sender, bytes.into());
        Ok(())
    }

    fn reserve(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Stopped> {
        let grains = bytes.div_ceil(GRAIN).min(AHEAD / GRAIN) as u32;
        let ahead = Arc::clone(&self.ahead);
        self.runtime.block_on(async {
            tokio::select! {
                () = self.stop.cancelled() => Err(Stopped),
                permit = ahead.acquire_many_owned(grains) => permit.map_err(|_| Stopped),
            }
        })
    }

    pub(super) fn trouble(&self, path: String, trouble: Trouble) -> Result<(), Stopped> {
        self.send(path, None, Content::Trouble(trouble), None)
    }

    fn send(
        &self,
        path: String,
        stamp: Option<Stamp>,
        content: Content,
        held: Option<OwnedSemaphorePermit>,
    ) -> Result<(), Stopped> {
        if self.stop.is_cancelled() {
            return Err(Stopped);
        }
        self.out.blocking_send(Found { path, stamp, content, held }).map_err(|_| Stopped)
    }
}

/// Sends the rest of a large file in chunks, until its taker has enough.
fn stream(reader: &mut dyn Read, size: usize, sender: &mpsc::Sender<Result<Bytes, Trouble>>, first: Bytes) {
    if !first.is_empty() && sender.blocking_send(Ok(first)).is_err() {
        return;
    }
    let chunk = CHUNK.min(size.max(GRAIN));
    loop {
        let mut bytes = Vec::with_capacity(chunk);
        let read = (&mut *reader).take(chunk as u64).read_to_end(&mut bytes);
        let (next, last) = match read {
            Ok(0) => return,
            Ok(_) => (Ok(bytes.into()), false),
            Err(error) => (Err(packed::trouble_of(&error)), true),
        };
        if sender.blocking_send(next).is_err() || last {
            return;
        }
    }
}

/// Fills as much of `buffer` as there is.
pub(super) fn read_full(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match reader.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

fn stamp(metadata: &Metadata) -> Stamp {
    let modified = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    Stamp { size: metadata.len(), modified: modified.map_or(0, |since| since.as_nanos() as i128) }
}

fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
