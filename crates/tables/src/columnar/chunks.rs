//! Bytes as the Parquet library asks for them, with what it would believe looked at first.

use super::Broken;
use crate::input::AtAnyPlace;
use crate::sheet::TableError;
use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};
use std::io::{self, BufReader, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// Read ahead of a page's header.
const AHEAD: usize = 16 << 10;
/// No page is longer, packed or unpacked: writers end one after about 1 MiB.
const PAGE: u64 = 256 << 20;

/// The bytes of a file.
pub(super) struct Chunks {
    file: Arc<dyn AtAnyPlace>,
    troubles: Troubles,
}

/// What the source of the bytes said, which the library would only tell in words.
#[derive(Clone, Default)]
pub(super) struct Troubles(Arc<Mutex<Option<io::Error>>>);

impl Troubles {
    fn note(&self, error: io::Error) -> ParquetError {
        let told = ParquetError::General("the bytes don't come".into());
        if error.kind() != io::ErrorKind::UnexpectedEof {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        }
        told
    }

    /// Why a file isn't read further, behind so many of all rows.
    pub(super) fn told(&self, why: Broken, read: u64, all: u64) -> TableError {
        if let Some(error) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return TableError::Io(error);
        }
        let what = match why {
            Broken::Damaged => "it is damaged",
            Broken::Unknown => "it is written in a way that is not known here",
        };
        TableError::Parquet(if read == 0 {
            what.into()
        } else {
            format!("{what} behind row {read} of {all}; the rest is not read")
        })
    }
}

impl Chunks {
    pub(super) fn new(file: Arc<dyn AtAnyPlace>) -> Self {
        Self { file, troubles: Troubles::default() }
    }

    pub(super) fn troubles(&self) -> Troubles {
        self.troubles.clone()
    }
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.file.length()
    }
}

impl ChunkReader for Chunks {
    type T = BufReader<From>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        let from = From { file: self.file.clone(), troubles: self.troubles.clone(), at: start };
        let ahead = (self.file.length().saturating_sub(start)).min(32) as usize;
        let begins = self.file.read_at(start, ahead).map_err(|error| self.troubles.note(error))?;
        if page_sizes(&begins).is_some_and(|(unpacked, packed)| unpacked.max(packed) > PAGE) {
            return Err(ParquetError::General("a page that is too long".into()));
        }
        Ok(BufReader::with_capacity(AHEAD, from))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        self.file.read_at(start, length).map_err(|error| self.troubles.note(error))
    }
}

/// The bytes from a place on.
pub(super) struct From {
    file: Arc<dyn AtAnyPlace>,
    troubles: Troubles,
    at: u64,
}

impl Read for From {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.file.length().saturating_sub(self.at);
        let length = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        match self.file.read_at(self.at, length) {
            Ok(bytes) => {
                buffer[..length].copy_from_slice(&bytes);
                self.at += length as u64;
                Ok(length)
            }
            Err(error) => Err(io::Error::other(self.troubles.note(error))),
        }
    }
}

/// The unpacked and packed sizes that a page's header tells: in Thrift's compact protocol its fields 1 to 3, 32 bit
/// integers (parquet.thrift, `PageHeader`). None of anything else.
fn page_sizes(bytes: &[u8]) -> Option<(u64, u64)> {
    const NEXT_I32: u8 = 0x15;
    let mut rest = bytes;
    let mut sizes = [0; 3];
    for size in &mut sizes {
        let (first, behind) = rest.split_first()?;
        if *first != NEXT_I32 {
            return None;
        }
        (*size, rest) = varint(behind)?;
    }
    Some((sizes[1] >> 1, sizes[2] >> 1))
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7F) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_how_long_it_is_before_it_is_believed() {
        assert_eq!(page_sizes(&[0x15, 0, 0x15, 20, 0x15, 0x80, 0x02, 0x2C]), Some((10, 128)));
        assert_eq!(page_sizes(&[0x15, 2, 0x19, 20]), None);
        let file: Arc<dyn AtAnyPlace> =
            Arc::new(Bytes::from_static(&[0x15, 0, 0x15, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F, 0x15, 2, 0]));
        assert!(Chunks::new(file).get_read(0).is_err());
    }
}
