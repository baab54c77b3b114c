//! Where bytes come from.

use super::TiffError;
use crate::{Files, ViewError};
use bytes::Bytes;
use catalog::AttachedFile;
use futures::FutureExt;
use futures::future::BoxFuture;
use std::ops::Range;
use std::sync::Arc;

/// Something that parts can be read of.
pub trait Ranges: Send + Sync {
    /// Bytes in all.
    fn length(&self) -> u64;
    /// A part that lies inside.
    fn read(&self, range: Range<u64>) -> BoxFuture<'_, Result<Bytes, TiffError>>;
}

/// A file in memory.
impl Ranges for Bytes {
    fn length(&self) -> u64 {
        self.len() as u64
    }

    fn read(&self, range: Range<u64>) -> BoxFuture<'_, Result<Bytes, TiffError>> {
        let inside = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
        let inside = inside.filter(|(start, end)| start <= end && *end <= self.len());
        let part =
            inside.map(|(start, end)| self.slice(start..end)).ok_or(TiffError::Damaged("it ends early"));
        std::future::ready(part).boxed()
    }
}

/// An attached file in the archive.
struct Archived {
    files: Arc<dyn Files>,
    file: AttachedFile,
}

/// The parts of an attached file, as the archive gives them.
pub(crate) fn archived(files: Arc<dyn Files>, file: AttachedFile) -> Arc<dyn Ranges> {
    Arc::new(Archived { files, file })
}

impl Ranges for Archived {
    fn length(&self) -> u64 {
        self.file.locator.length
    }

    fn read(&self, range: Range<u64>) -> BoxFuture<'_, Result<Bytes, TiffError>> {
        async {
            self.files.read(&self.file.locator, range).await.map_err(|error| match error {
                ViewError::Archive(error) => TiffError::Archive(error),
                _ => TiffError::Damaged("it can't be read here"),
            })
        }
        .boxed()
    }
}
