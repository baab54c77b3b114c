//! A file of the archive as a reader that blocks, for formats that are read on a thread of their own.

use archive::Archive;
use bytes::{Buf, Bytes};
use intake::Locator;
use std::io::{self, BufReader, Read};
use std::sync::Arc;
use tables::input::{AtAnyPlace, Input};
use tokio::runtime::Handle;

/// A file of the archive at any place.
struct Placed {
    archive: Arc<Archive>,
    locator: Locator,
    runtime: Handle,
}

impl AtAnyPlace for Placed {
    fn length(&self) -> u64 {
        self.locator.length
    }

    fn read_at(&self, start: u64, length: usize) -> io::Result<Bytes> {
        let end = start.checked_add(length as u64).filter(|end| *end <= self.locator.length);
        let Some(end) = end else { return Err(io::ErrorKind::UnexpectedEof.into()) };
        self.runtime.block_on(self.archive.read(&self.locator, start..end)).map_err(io::Error::other)
    }
}

impl Input for Stored {
    fn at_any_place(&self) -> io::Result<Option<Arc<dyn AtAnyPlace>>> {
        let (archive, locator) = (Arc::clone(&self.archive), self.locator.clone());
        Ok(Some(Arc::new(Placed { archive, locator, runtime: self.runtime.clone() })))
    }
}

/// Read at once.
const PIECE: u64 = 1 << 20;

/// The bytes of an entry, piece by piece.
pub(super) struct Stored {
    archive: Arc<Archive>,
    locator: Locator,
    runtime: Handle,
    at: u64,
    piece: Bytes,
}

impl Stored {
    /// From the start. Only for threads that may block.
    pub(super) fn open(archive: &Arc<Archive>, locator: &Locator, runtime: &Handle) -> BufReader<Self> {
        let (archive, locator, runtime) = (Arc::clone(archive), locator.clone(), runtime.clone());
        BufReader::with_capacity(64 << 10, Self { archive, locator, runtime, at: 0, piece: Bytes::new() })
    }
}

impl Read for Stored {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.piece.is_empty() && self.at < self.locator.length {
            let end = self.locator.length.min(self.at + PIECE);
            let read = self.archive.read(&self.locator, self.at..end);
            self.piece = self.runtime.block_on(read).map_err(io::Error::other)?;
            self.at = end;
        }
        let length = buffer.len().min(self.piece.len());
        self.piece.copy_to_slice(&mut buffer[..length]);
        Ok(length)
    }
}
