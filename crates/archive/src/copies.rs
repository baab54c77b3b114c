//! A segment's bytes, wherever a copy of them lies.

use crate::archive::Shared;
use crate::container::BLOCK;
use crate::container::Ending;
use crate::container::index::{ENDING, IndexLine};
use crate::segments::{Placement, Segment, relative_path};
use bytes::{Bytes, BytesMut};
use std::fs::File;
use std::io::{self, IoSliceMut};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use store::{BlobError, Blobs};

/// Reads up to this size are tried from the page cache first.
const TRY_CACHED: usize = 1 << 20;

/// Which of the places a copy is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The archive's folder.
    Local,
    /// The tier sealed segments move to.
    Tier,
    /// The second copy.
    SecondCopy,
}

impl Place {
    /// The word used in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Tier => "tier",
            Self::SecondCopy => "second copy",
        }
    }
}

/// The name a segment has in the tier and in the second copy.
pub(crate) fn blob_name(segment: &Segment, generation: u32) -> String {
    format!("segments/{}", relative_path(&segment.id, generation))
}

/// One copy of a segment, to read from.
#[derive(Debug, Clone)]
pub(crate) enum Copied {
    File(Arc<File>),
    Blob(Blobs, String),
}

impl Copied {
    /// Reads a range.
    pub async fn read(&self, range: Range<u64>) -> io::Result<Bytes> {
        match self {
            Self::File(file) => read_file(file.clone(), range).await,
            Self::Blob(blobs, name) => blobs.get_range(name, range).await.map_err(from_blob),
        }
    }

    /// Bytes of the whole copy.
    pub async fn length(&self) -> io::Result<u64> {
        match self {
            Self::File(file) => Ok(file.metadata()?.len()),
            Self::Blob(blobs, name) => {
                let blob = blobs.head(name).await.map_err(from_blob)?;
                blob.map(|blob| blob.length).ok_or_else(|| io::ErrorKind::NotFound.into())
            }
        }
    }

    /// How it ends, if it is sealed.
    pub async fn ending(&self) -> io::Result<Option<Ending>> {
        let length = self.length().await?;
        let Some(at) = length.checked_sub(ENDING as u64) else { return Ok(None) };
        let ending = Ending::parse(&self.read(at..length).await?);
        Ok(ending.filter(|ending| ending.file_length() == length))
    }

    /// The lines of its index.
    pub async fn index(&self, ending: &Ending) -> io::Result<Vec<IndexLine>> {
        let from = ending.at + BLOCK as u64;
        let bytes = self.read(from..from + ending.length).await?;
        ending.lines(&bytes).map_err(io::Error::other)
    }
}

pub(crate) fn from_blob(error: BlobError) -> io::Error {
    match error {
        BlobError::NotFound(_) => io::ErrorKind::NotFound.into(),
        other => io::Error::other(other),
    }
}

impl Shared {
    /// The copy to read from: the local one if there is one.
    pub fn nearest_copy(&self, segment: &Segment, placement: Placement) -> io::Result<Copied> {
        if placement.local {
            let place = if placement.tiered { self.config.tier.as_ref() } else { None };
            match self.files.get(segment, placement.generation, &self.segments_folder) {
                Ok(file) => return Ok(Copied::File(file)),
                Err(error) if place.is_none() => return Err(error),
                Err(_) => {} // it went to the tier this moment
            }
        }
        match &self.config.tier {
            Some(tier) if placement.tiered => {
                Ok(Copied::Blob(tier.clone(), blob_name(segment, placement.generation)))
            }
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// The copy in one place, if the segment is kept there.
    pub fn copy_in(
        &self,
        segment: &Segment,
        placement: Placement,
        place: Place,
    ) -> io::Result<Option<Copied>> {
        let blob = |blobs: &Blobs| Copied::Blob(blobs.clone(), blob_name(segment, placement.generation));
        match place {
            Place::Local if placement.local => {
                let file = self.files.get(segment, placement.generation, &self.segments_folder)?;
                Ok(Some(Copied::File(file)))
            }
            Place::Tier if placement.tiered => Ok(self.config.tier.as_ref().map(blob)),
            Place::SecondCopy => Ok(self.config.second_copy.as_ref().map(blob)),
            _ => Ok(None),
        }
    }
}

/// Reads from the page cache at once, or from the disk on a thread that may wait.
async fn read_file(file: Arc<File>, range: Range<u64>) -> io::Result<Bytes> {
    let mut bytes = BytesMut::zeroed((range.end - range.start) as usize);
    let cached = if bytes.len() <= TRY_CACHED { read_cached(&file, &mut bytes, range.start) } else { 0 };
    if cached == bytes.len() {
        return Ok(bytes.freeze());
    }
    let read = tokio::task::spawn_blocking(move || {
        file.read_exact_at(&mut bytes[cached..], range.start + cached as u64)?;
        Ok(bytes.freeze())
    });
    read.await.unwrap_or_else(|_| Err(io::Error::other("reading was cut short")))
}

/// Reads what is in memory; 0 when the file system can't tell.
fn read_cached(file: &File, bytes: &mut [u8], at: u64) -> usize {
    let slices = &mut [IoSliceMut::new(bytes)];
    match rustix::io::preadv2(file, slices, at, rustix::io::ReadWriteFlags::NOWAIT) {
        Ok(read) => read,
        Err(rustix::io::Errno::OPNOTSUPP) if is_in_memory(file) => {
            rustix::io::pread(file, bytes, at).unwrap_or(0)
        }
        Err(_) => 0,
    }
}

/// Whether nothing of this file is ever on a disk (tmpfs).
fn is_in_memory(file: &File) -> bool {
    const TMPFS: u64 = 0x0102_1994;
    rustix::fs::fstatfs(file).is_ok_and(|about| about.f_type as u64 == TMPFS)
}
