//! Bytes by name, in a folder or in an S3 bucket, chosen by URI.

mod location;

use bytes::{Bytes, BytesMut};
use futures::stream::{BoxStream, StreamExt, TryStreamExt};
use object_store::path::Path as Name;
use object_store::prefix::PrefixStore;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, WriteMultipart};
use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use location::LocationError;

/// Parts of a multipart upload have at least so many bytes, and S3 allows 10,000 of them.
const PART: u64 = 8 << 20;
/// Parts under way at once.
const PARTS_AT_ONCE: usize = 4;

/// A place for blobs.
#[derive(Debug, Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    prefix: Name,
    /// The folder, when it is one: its files are flushed by us.
    folder: Option<PathBuf>,
}

/// One blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// Its name, below the place's prefix.
    pub name: String,
    /// Its bytes.
    pub length: u64,
}

/// Why a blob could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// There is none of that name.
    #[error("there is no blob {0}")]
    NotFound(String),
    /// The store refused.
    #[error("could not {action} blob {name}")]
    Store {
        /// What was tried.
        action: &'static str,
        /// With which blob.
        name: String,
        /// What the store said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl BlobError {
    fn of(action: &'static str, name: &str) -> impl FnOnce(object_store::Error) -> Self + use<> {
        let name = name.to_owned();
        move |error| match error {
            object_store::Error::NotFound { .. } => Self::NotFound(name),
            other => Self::Store { action, name, source: Box::new(other) },
        }
    }

    fn io(action: &'static str, name: &str) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let name = name.to_owned();
        move |error| Self::Store { action, name, source: Box::new(error) }
    }
}

impl Blobs {
    /// Opens a place: `s3://bucket/prefix?region=…&endpoint=…&allow_http=true&credentials_file=…`,
    /// `file:///folder`, or a folder's path. Without a credentials file (as the AWS tools write
    /// them) the usual `AWS_…` variables and the machine's role are used.
    ///
    /// # Errors
    /// [`LocationError`] when the URI can't be understood or the folder can't be made.
    pub fn open(uri: &str) -> Result<Self, LocationError> {
        location::open(uri)
    }

    /// The place as the libraries take it that keep tables in it; names begin below its prefix.
    #[must_use]
    pub fn objects(&self) -> Arc<dyn ObjectStore> {
        Arc::new(PrefixStore::new(self.store.clone(), self.prefix.clone()))
    }

    fn name(&self, name: &str) -> Name {
        self.prefix.parts().chain(Name::from(name).parts()).collect()
    }

    /// Copies a file into the place, in parts; readers see all of it or nothing.
    ///
    /// # Errors
    /// [`BlobError::Store`]; nothing is kept then.
    pub async fn put_file(&self, name: &str, path: &Path) -> Result<u64, BlobError> {
        let file = Arc::new(File::open(path).map_err(BlobError::io("read the file for", name))?);
        let length = file.metadata().map_err(BlobError::io("read the file for", name))?.len();
        let upload = self.store.put_multipart(&self.name(name)).await;
        let upload = upload.map_err(BlobError::of("begin", name))?;
        let part = PART.max(length / 9_000);
        let mut writer = WriteMultipart::new_with_chunk_size(upload, part as usize);
        let mut at = 0;
        while at < length {
            let end = length.min(at + part);
            let bytes = match read_part(file.clone(), at..end).await {
                Ok(bytes) => bytes,
                Err(error) => {
                    let _ = writer.abort().await; // the first error is the one to tell
                    return Err(BlobError::io("read the file for", name)(error));
                }
            };
            if let Err(error) = writer.wait_for_capacity(PARTS_AT_ONCE).await {
                let _ = writer.abort().await;
                return Err(BlobError::of("write", name)(error));
            }
            writer.put(bytes);
            at = end;
        }
        writer.finish().await.map_err(BlobError::of("write", name))?;
        self.flush(name).await?;
        Ok(length)
    }

    /// Writes a small blob.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<(), BlobError> {
        let put = self.store.put(&self.name(name), bytes.into()).await;
        put.map_err(BlobError::of("write", name))?;
        self.flush(name).await
    }

    /// Makes what was put durable. Object stores do so by themselves, a folder doesn't.
    async fn flush(&self, name: &str) -> Result<(), BlobError> {
        let Some(folder) = self.folder.clone() else { return Ok(()) };
        let path = folder.join(self.name(name).as_ref());
        let flush = move || -> std::io::Result<()> {
            File::open(&path)?.sync_all()?;
            let parents = path.ancestors().skip(1).take_while(|parent| parent.starts_with(&folder));
            parents.into_iter().try_for_each(|parent| File::open(parent)?.sync_all())
        };
        let flushed = tokio::task::spawn_blocking(flush).await;
        let flushed = flushed.unwrap_or_else(|_| Err(std::io::Error::other("cut short")));
        flushed.map_err(BlobError::io("flush", name))
    }

    /// Reads a range of a blob.
    ///
    /// # Errors
    /// [`BlobError::NotFound`], or [`BlobError::Store`] also when the range lies outside.
    pub async fn get_range(&self, name: &str, range: Range<u64>) -> Result<Bytes, BlobError> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let length = range.end - range.start;
        let got = self.store.get_range(&self.name(name), range).await;
        let bytes = got.map_err(BlobError::of("read", name))?;
        if bytes.len() as u64 == length {
            return Ok(bytes);
        }
        Err(BlobError::io("read", name)(std::io::ErrorKind::UnexpectedEof.into()))
    }

    /// Reads the last bytes of a blob, or all of a shorter one.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn get_last(&self, name: &str, length: u64) -> Result<Bytes, BlobError> {
        let range = Some(GetRange::Suffix(length));
        let options = GetOptions { range, ..GetOptions::default() };
        let got = self.store.get_opts(&self.name(name), options).await;
        let got = got.map_err(BlobError::of("read", name))?;
        got.bytes().await.map_err(BlobError::of("read", name))
    }

    /// Streams a whole blob.
    ///
    /// # Errors
    /// [`BlobError`], also from the stream.
    pub async fn get(&self, name: &str) -> Result<BoxStream<'static, Result<Bytes, BlobError>>, BlobError> {
        let got = self.store.get(&self.name(name)).await.map_err(BlobError::of("read", name))?;
        let name = name.to_owned();
        Ok(got.into_stream().map_err(move |error| BlobError::of("read", &name)(error)).boxed())
    }

    /// What is said of a blob, if it is there.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn head(&self, name: &str) -> Result<Option<Blob>, BlobError> {
        match self.store.head(&self.name(name)).await {
            Ok(meta) => Ok(Some(Blob { name: name.to_owned(), length: meta.size })),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(BlobError::of("find", name)(error)),
        }
    }

    /// Lists the blobs whose names begin with whole parts such as `segments/2026`.
    pub fn list(&self, below: &str) -> BoxStream<'static, Result<Blob, BlobError>> {
        let (below, own) = (self.name(below), self.prefix.clone());
        let listed = self.store.list((below.parts().next().is_some()).then_some(&below));
        let blob = move |meta: object_store::ObjectMeta| {
            let parts = meta.location.prefix_match(&own)?;
            let name: Name = parts.collect();
            Some(Blob { name: name.to_string(), length: meta.size })
        };
        let listed = listed.map_err(move |error| BlobError::of("list", below.as_ref())(error));
        listed.try_filter_map(move |meta| std::future::ready(Ok(blob(meta)))).boxed()
    }

    /// Removes a blob; one that isn't there is no error.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn delete(&self, name: &str) -> Result<(), BlobError> {
        match self.store.delete(&self.name(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(BlobError::of("delete", name)(error)),
        }
    }
}

async fn read_part(file: Arc<File>, range: Range<u64>) -> std::io::Result<Bytes> {
    let read = tokio::task::spawn_blocking(move || {
        let mut bytes = BytesMut::zeroed((range.end - range.start) as usize);
        file.read_exact_at(&mut bytes, range.start)?;
        Ok(bytes.freeze())
    });
    read.await.unwrap_or_else(|_| Err(std::io::Error::other("cut short")))
}
