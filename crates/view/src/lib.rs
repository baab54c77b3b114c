//! `view` — what eyes may see: retrieval in the form asked for, frames, metadata, pictures.
//!
//! Takes [`catalog::Located`] instances and what a caller accepts, gives streams of bytes; never
//! holds a whole exam in memory. Knows the media types of DICOMweb, not HTTP. Decides nothing about
//! who may see what: the doors ask `govern` first.
//!
//! Read in this order: [`accept`], [`instance`], [`retrieve`], [`frames`], [`metadata`], [`rendered`], [`tiff`],
//! [`slide`], [`nifti`], [`attributes`].

pub mod accept;
pub mod attributes;
mod cache;
mod error;
mod files;
pub mod frames;
pub mod instance;
pub mod media;
pub mod metadata;
pub mod multipart;
pub mod nifti;
pub mod rendered;
pub mod retrieve;
pub mod slide;
pub mod tiff;
mod whole;
pub mod zip;

pub use accept::{Accepted, MediaRange};
pub use error::ViewError;
pub use files::{Files, announced};
pub use instance::Instance;
pub use rendered::Representative;
pub use slide::Slide;
pub use whole::Whole;

use std::sync::Arc;

use bytes::Bytes;
use futures::stream::BoxStream;
use tokio::sync::Semaphore;

/// Bytes as they become available.
pub type ByteStream = BoxStream<'static, Result<Bytes, ViewError>>;

/// The room, open. Cheap to clone.
#[derive(Clone)]
pub struct View {
    files: Arc<dyn Files>,
    opened: Arc<cache::Opened>,
    slides: Arc<slide::OpenedSlides>,
    made: Arc<slide::MadeTiles>,
    workers: Arc<Semaphore>,
}

impl View {
    /// Looks at files: an archive's, or what a wall makes of them.
    #[must_use]
    pub fn new(files: Arc<dyn Files>) -> Self {
        // Decoding takes memory for its frame: no more at once than there are processors to do it.
        let workers = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            files,
            opened: Arc::default(),
            slides: Arc::default(),
            made: Arc::default(),
            workers: Arc::new(Semaphore::new(workers)),
        }
    }

    /// Where its bytes come from.
    #[must_use]
    pub const fn files(&self) -> &Arc<dyn Files> {
        &self.files
    }

    /// Runs work that takes a processor for a while, away from the threads that answer requests.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, ViewError> + Send + 'static,
    ) -> Result<T, ViewError> {
        let permit = self.workers.clone().acquire_owned().await.map_err(|_| ViewError::Stopped)?;
        let running = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        running.await.unwrap_or(Err(ViewError::Stopped))
    }
}
