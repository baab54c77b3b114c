//! Where the bytes of instances come from: the shelves themselves, or what a privacy wall makes of them.

use std::ops::Range;
use std::sync::Arc;

use archive::{Archive, ReadError};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{self, Stream, StreamExt};
use intake::Locator;

use crate::{ByteStream, ViewError};

/// Files by their place. Ranges are in bytes and count from the file's first one.
#[async_trait]
pub trait Files: Send + Sync {
    /// A part of a file.
    async fn read(&self, at: &Locator, range: Range<u64>) -> Result<Bytes, ViewError>;

    /// Parts of many files, in the order asked.
    async fn read_many(&self, wanted: &[(Locator, Range<u64>)]) -> Result<Vec<Bytes>, ViewError>;

    /// Whole files, each in pieces, in the order asked. Nobody is expected to ask for them again.
    async fn pieces(&self, wanted: &[Locator]) -> Result<Vec<Vec<Bytes>>, ViewError> {
        let wanted: Vec<_> = wanted.iter().map(|at| (at.clone(), 0..at.length)).collect();
        Ok(self.read_many(&wanted).await?.into_iter().map(|file| vec![file]).collect())
    }

    /// Tells which files will be asked for next, so that they can be looked up together.
    async fn expect(&self, _files: &[Locator]) {}

    /// A part of a file in pieces.
    fn stream(&self, at: &Locator, range: Range<u64>) -> ByteStream;

    /// A whole file.
    async fn read_all(&self, at: &Locator) -> Result<Bytes, ViewError> {
        self.read(at, 0..at.length).await
    }
}

/// Items that are looked up together.
const ANNOUNCED: usize = 512;

/// Items in groups, in their order; the files of each group are announced before it comes.
pub fn announced<T: Send + 'static>(
    files: Arc<dyn Files>,
    items: Vec<T>,
    place: fn(&T) -> &Locator,
) -> impl Stream<Item = Vec<T>> + Send {
    let mut items = items.into_iter();
    let groups = std::iter::from_fn(move || {
        let group: Vec<T> = items.by_ref().take(ANNOUNCED).collect();
        (!group.is_empty()).then_some(group)
    });
    stream::iter(groups).then(move |group| {
        let files = files.clone();
        async move {
            let places: Vec<Locator> = group.iter().map(|item| place(item).clone()).collect();
            files.expect(&places).await;
            group
        }
    })
}

#[async_trait]
impl Files for Archive {
    async fn read(&self, at: &Locator, range: Range<u64>) -> Result<Bytes, ViewError> {
        Ok(Self::read(self, at, range).await?)
    }

    async fn read_many(&self, wanted: &[(Locator, Range<u64>)]) -> Result<Vec<Bytes>, ViewError> {
        Ok(Self::read_many(self, wanted).await?)
    }

    fn stream(&self, at: &Locator, range: Range<u64>) -> ByteStream {
        Self::stream(self, at, range)
            .map(|piece: Result<_, ReadError>| piece.map_err(ViewError::from))
            .boxed()
    }
}
