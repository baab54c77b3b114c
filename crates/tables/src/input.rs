//! Where a table's bytes come from: one after the other, and, for Parquet, whose contents stand at its end, at any place.

use bytes::Bytes;
use std::fs::File;
use std::io::{self, BufReader, Chain, Cursor, Read};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

/// Bytes that can be read at any place.
pub trait AtAnyPlace: Send + Sync {
    /// How many there are.
    fn length(&self) -> u64;

    /// Some of them; all that were asked for.
    ///
    /// # Errors
    /// The source's; [`io::ErrorKind::UnexpectedEof`] when there aren't so many.
    fn read_at(&self, start: u64, length: usize) -> io::Result<Bytes>;
}

/// The bytes of a table.
pub trait Input: Read {
    /// The same bytes at any place, where that can be had.
    ///
    /// # Errors
    /// The source's.
    fn at_any_place(&self) -> io::Result<Option<Arc<dyn AtAnyPlace>>> {
        Ok(None)
    }
}

impl Input for &[u8] {}

impl<A: Read, B: Read> Input for Chain<A, B> {}

impl<R: Input> Input for BufReader<R> {
    fn at_any_place(&self) -> io::Result<Option<Arc<dyn AtAnyPlace>>> {
        self.get_ref().at_any_place()
    }
}

impl<T: AsRef<[u8]>> Input for Cursor<T> {
    fn at_any_place(&self) -> io::Result<Option<Arc<dyn AtAnyPlace>>> {
        Ok(Some(Arc::new(Bytes::copy_from_slice(self.get_ref().as_ref()))))
    }
}

impl Input for File {
    fn at_any_place(&self) -> io::Result<Option<Arc<dyn AtAnyPlace>>> {
        // A pipe has no places.
        let meta = self.metadata()?;
        if !meta.is_file() {
            return Ok(None);
        }
        Ok(Some(Arc::new(Opened { file: self.try_clone()?, length: meta.len() })))
    }
}

struct Opened {
    file: File,
    length: u64,
}

impl AtAnyPlace for Opened {
    fn length(&self) -> u64 {
        self.length
    }

    fn read_at(&self, start: u64, length: usize) -> io::Result<Bytes> {
        within(self.length, start, length)?;
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, start)?;
        Ok(bytes.into())
    }
}

impl AtAnyPlace for Bytes {
    fn length(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, start: u64, length: usize) -> io::Result<Bytes> {
        within(self.length(), start, length)?;
        let start = start as usize;
        Ok(self.slice(start..start + length))
    }
}

/// Nothing is made room for that isn't there.
fn within(all: u64, start: u64, length: usize) -> io::Result<()> {
    match start.checked_add(length as u64) {
        Some(end) if end <= all => Ok(()),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}
