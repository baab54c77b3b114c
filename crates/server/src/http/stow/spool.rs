//! Bytes of a request that must wait until it is complete: a few in memory, more in a file that has
//! no name and goes with the request, however that ends.

use bytes::{Bytes, BytesMut};
use std::io::{self, SeekFrom};
use std::ops::Range;
use std::path::PathBuf;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

/// Bytes of one request kept in memory.
const IN_MEMORY: usize = 256 << 10;

/// The bytes could not be written or read back.
#[derive(Debug, thiserror::Error)]
#[error("a request could not be kept on disk while it arrived")]
pub(super) struct LostSpool(#[source] pub(super) io::Error);

/// Bytes that are appended, then read by range.
pub(super) struct Spool {
    folder: PathBuf,
    memory: BytesMut,
    file: Option<File>,
    length: u64,
}

impl Spool {
    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, memory: BytesMut::new(), file: None, length: 0 }
    }

    pub(super) async fn push(&mut self, bytes: Bytes) -> Result<(), LostSpool> {
        self.memory.extend_from_slice(&bytes);
        self.length += bytes.len() as u64;
        if self.memory.len() > IN_MEMORY {
            self.write_out().await.map_err(LostSpool)?;
        }
        Ok(())
    }

    /// Reads a range of what was pushed. Nothing may be pushed any more.
    pub(super) async fn read(&mut self, range: Range<u64>) -> Result<Bytes, LostSpool> {
        if self.file.is_none() {
            let bytes = &self.memory[range.start as usize..range.end as usize];
            return Ok(Bytes::copy_from_slice(bytes));
        }
        self.read_file(range).await.map_err(LostSpool)
    }

    async fn read_file(&mut self, range: Range<u64>) -> io::Result<Bytes> {
        self.write_out().await?;
        let Some(file) = &mut self.file else { return Ok(Bytes::new()) };
        let mut bytes = vec![0; (range.end - range.start) as usize];
        file.seek(SeekFrom::Start(range.start)).await?;
        file.read_exact(&mut bytes).await?;
        Ok(bytes.into())
    }

    async fn write_out(&mut self) -> io::Result<()> {
        let bytes = std::mem::take(&mut self.memory);
        if bytes.is_empty() {
            return Ok(());
        }
        if self.file.is_none() {
            let folder = self.folder.clone();
            let made = tokio::task::spawn_blocking(move || tempfile::tempfile_in(folder)).await;
            self.file = Some(File::from_std(made.map_err(io::Error::other)??));
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write_all(&bytes).await?;
        file.flush().await
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_range_is_read_back_from_memory_and_from_disk() {
        for length in [1000, IN_MEMORY, 3 * IN_MEMORY + 17] {
            let whole: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let folder = tempfile::tempdir().unwrap();
            let mut spool = Spool::new(folder.path().to_owned());
            for piece in whole.chunks(7777) {
                spool.push(Bytes::copy_from_slice(piece)).await.unwrap();
            }
            for range in [0..length, 3..length - 5, length..length, 500..501] {
                let read = spool.read(range.start as u64..range.end as u64).await.unwrap();
                assert_eq!(read, whole[range]);
            }
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "it has no name");
        }
    }
}
