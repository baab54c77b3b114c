//! From a URI to a place.

use super::{Blobs, Name};
use object_store::ObjectStore;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use url::Url;

/// Why a URI doesn't name a place for blobs. Never repeats what may be a secret.
#[derive(Debug, thiserror::Error)]
pub enum LocationError {
    /// Neither a folder nor `s3://`.
    #[error("a place for objects is a folder, file:///folder or s3://bucket/prefix")]
    Scheme,
    /// The URI has a key nobody knows.
    #[error("unknown key `{0}` in the s3:// URI; it may have region, endpoint, allow_http, credentials_file")]
    Key(String),
    /// The credentials file can't be used.
    #[error("{} has no aws_access_key_id and aws_secret_access_key", .0.display())]
    Credentials(PathBuf),
    /// A folder or file can't be used.
    #[error("could not use {}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The store's settings don't fit together.
    #[error("the object store's settings can't be used")]
    Store(#[from] object_store::Error),
}

pub(super) fn open(uri: &str) -> Result<Blobs, LocationError> {
    match Url::parse(uri) {
        Ok(url) if url.scheme() == "s3" => open_s3(&url),
        Ok(url) if url.scheme() == "file" => {
            open_folder(&url.to_file_path().map_err(|()| LocationError::Scheme)?)
        }
        Ok(_) => Err(LocationError::Scheme),
        Err(_) => open_folder(Path::new(uri)),
    }
}

fn open_folder(folder: &Path) -> Result<Blobs, LocationError> {
    let failed = |source| LocationError::Io { path: folder.to_owned(), source };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let folder = folder.canonicalize().map_err(failed)?;
    let store: Arc<dyn ObjectStore> = Arc::new(LocalFileSystem::new_with_prefix(&folder)?);
    Ok(Blobs { store, prefix: Name::default(), folder: Some(folder) })
}

fn open_s3(url: &Url) -> Result<Blobs, LocationError> {
    let mut builder = AmazonS3Builder::from_env().with_bucket_name(url.host_str().unwrap_or_default());
    for (key, value) in url.query_pairs() {
        builder = match &*key {
            "region" | "endpoint" | "allow_http" => builder.with_config(s3_key(&key)?, value),
            "credentials_file" => with_credentials(builder, Path::new(&*value))?,
            _ => return Err(LocationError::Key(key.into_owned())),
        };
    }
    let prefix = Name::from(url.path());
    Ok(Blobs { store: Arc::new(builder.build()?), prefix, folder: None })
}

fn s3_key(key: &str) -> Result<AmazonS3ConfigKey, LocationError> {
    AmazonS3ConfigKey::from_str(key)
        .or_else(|_| AmazonS3ConfigKey::from_str(&format!("aws_{key}")))
        .map_err(|_| LocationError::Key(key.to_owned()))
}

/// Reads the first profile of a file such as `~/.aws/credentials`.
fn with_credentials(builder: AmazonS3Builder, path: &Path) -> Result<AmazonS3Builder, LocationError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| LocationError::Io { path: path.to_owned(), source })?;
    let value = |wanted: &str| {
        let pairs = text.lines().filter_map(|line| line.split_once('='));
        pairs.map(|(key, value)| (key.trim(), value.trim())).find(|(key, _)| *key == wanted)
    };
    match (value("aws_access_key_id"), value("aws_secret_access_key")) {
        (Some((_, id)), Some((_, secret))) => {
            Ok(builder.with_access_key_id(id).with_secret_access_key(secret))
        }
        _ => Err(LocationError::Credentials(path.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_and_schemes_are_refused() {
        assert!(matches!(open("s3://bucket?secret=x"), Err(LocationError::Key(key)) if key == "secret"));
        assert!(matches!(open("ftp://host/path"), Err(LocationError::Scheme)));
    }
}
