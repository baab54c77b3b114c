//! A segment's bytes, wherever a copy of them lies.

use crate::archive::Shared;
use crate::container::BLOCK;
use crate::container::Ending;
use crate::container::index::{ENDING, IndexLine};
use crate::reuse::Piece;
use crate::segments::{Placement, Segment, relative_path};
use bytes::Bytes;
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

/// A segment's bytes to read from: one copy, or several of which the first that can be read is used.
#[derive(Debug, Clone)]
pub(crate) struct Copied(Vec<Way>);

/// One copy of a segment.
#[derive(Debug, Clone)]
enum Way {
    File(Arc<File>),
    Blob(Blobs, String),
}

impl Copied {
    /// The copy in a file.
    pub fn file(file: Arc<File>) -> Self {
        Self(vec![Way::File(file)])
    }

    /// The copy in a blob.
    pub fn blob(blobs: Blobs, name: String) -> Self {
        Self(vec![Way::Blob(blobs, name)])
    }

    /// Reads a range.
    pub async fn read(&self, range: Range<u64>) -> io::Result<Bytes> {
        let mut trouble = Trouble::default();
        for way in &self.0 {
            match way.read(range.clone()).await {
                Ok(bytes) => return Ok(bytes),
                Err(error) => trouble.note(error),
            }
        }
        Err(trouble.into())
    }

    /// Bytes of the whole copy.
    pub async fn length(&self) -> io::Result<u64> {
        let mut trouble = Trouble::default();
        for way in &self.0 {
            match way.length().await {
                Ok(length) => return Ok(length),
                Err(error) => trouble.note(error),
            }
        }
        Err(trouble.into())
    }

    /// How it ends, if it is sealed.
    pub async fn ending(&self) -> io::Result<Option<Ending>> {
        let mut trouble = Trouble::default();
        for way in &self.0 {
            match way.ending().await {
                Ok(Some(ending)) => return Ok(Some(ending)),
                Ok(None) => {}
                Err(error) => trouble.note(error),
            }
        }
        trouble.0.map_or(Ok(None), Err)
    }

    /// The lines of its index.
    pub async fn index(&self, ending: &Ending) -> io::Result<Vec<IndexLine>> {
        let mut trouble = Trouble::default();
        for way in &self.0 {
            match way.index(ending).await {
                Ok(lines) => return Ok(lines),
                Err(error) => trouble.note(error),
            }
        }
        Err(trouble.into())
    }
}

/// What the nearest copy said that could not be read.
#[derive(Default)]
struct Trouble(Option<io::Error>);

impl Trouble {
    fn note(&mut self, error: io::Error) {
        self.0.get_or_insert(error);
    }
}

impl From<Trouble> for io::Error {
    fn from(trouble: Trouble) -> Self {
        trouble.0.unwrap_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Way {
    async fn read(&self, range: Range<u64>) -> io::Result<Bytes> {
        match self {
            Self::File(file) => read_file(file.clone(), range).await,
            Self::Blob(blobs, name) => blobs.get_range(name, range).await.map_err(from_blob),
        }
    }

    async fn length(&self) -> io::Result<u64> {
        match self {
            Self::File(file) => Ok(file.metadata()?.len()),
            Self::Blob(blobs, name) => {
                let blob = blobs.head(name).await.map_err(from_blob)?;
                blob.map(|blob| blob.length).ok_or_else(|| io::ErrorKind::NotFound.into())
            }
        }
    }

    async fn ending(&self) -> io::Result<Option<Ending>> {
        let length = self.length().await?;
        let Some(at) = length.checked_sub(ENDING as u64) else { return Ok(None) };
        let ending = Ending::parse(&self.read(at..length).await?);
        Ok(ending.filter(|ending| ending.file_length() == length))
    }

    async fn index(&self, ending: &Ending) -> io::Result<Vec<IndexLine>> {
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
    /// The copies to read from, the local one first. One that fails (a disk that rots, a file that was cut
    /// or lost) is stepped over as long as there is another.
    pub fn nearest_copy(&self, segment: &Segment, placement: Placement) -> io::Result<Copied> {
        let (mut ways, mut missing) = (Vec::new(), None);
        if placement.local {
            match self.files.get(segment, placement.generation, &self.segments_folder) {
                Ok(file) => ways.push(Way::File(file)),
                Err(error) => missing = Some(error),
            }
        }
        let tier = self.config.tier.as_ref().filter(|_| placement.tiered);
        let second = self.config.second_copy.as_ref().filter(|_| placement.sealed);
        for blobs in tier.into_iter().chain(second) {
            ways.push(Way::Blob(blobs.clone(), blob_name(segment, placement.generation)));
        }
        match missing {
            Some(error) if ways.is_empty() => Err(error),
            _ => Ok(Copied(ways)),
        }
    }

    /// The copy in one place, if the segment is kept there; opened anew, so that a file that was removed
    /// or replaced behind our back isn't read from memory.
    pub fn copy_in(
        &self,
        segment: &Segment,
        placement: Placement,
        place: Place,
    ) -> io::Result<Option<Copied>> {
        let blob = |blobs: &Blobs| Copied::blob(blobs.clone(), blob_name(segment, placement.generation));
        match place {
            Place::Local if placement.local => {
                let path = self.segments_folder.join(relative_path(&segment.id, placement.generation));
                Ok(Some(Copied::file(Arc::new(File::open(path)?))))
            }
            Place::Tier if placement.tiered => Ok(self.config.tier.as_ref().map(blob)),
            Place::SecondCopy => Ok(self.config.second_copy.as_ref().map(blob)),
            _ => Ok(None),
        }
    }
}

/// Reads from the page cache at once, or from the disk on a thread that may wait.
async fn read_file(file: Arc<File>, range: Range<u64>) -> io::Result<Bytes> {
    let length = (range.end - range.start) as usize;
    let mut piece = Piece::of(length);
    let cached = if length <= TRY_CACHED { read_cached(&file, piece.bytes(), range.start) } else { 0 };
    if cached == length {
        return Ok(piece.freeze());
    }
    let read = tokio::task::spawn_blocking(move || {
        file.read_exact_at(&mut piece.bytes()[cached..], range.start + cached as u64)?;
        Ok(piece.freeze())
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
