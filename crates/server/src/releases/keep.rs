//! The files of packages in their place for blobs. A file is entered after its bytes are durable; what is not entered
//! does not count.

use crate::App;
use bytes::Bytes;
use release::desk::KeptFile;
use sha2::{Digest as _, Sha256};
use std::io::Read as _;
use std::path::Path;
use store::BlobError;

/// Why a file could not be kept or removed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeepError {
    #[error("the place for packages can't be read or written")]
    Blob(#[from] BlobError),
    #[error("a file of the package could not be read back")]
    Read(#[source] std::io::Error),
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
}

/// What a file is of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Of<'a> {
    pub form: &'a str,
    pub subject: &'a str,
    pub study: &'a str,
}

impl Of<'_> {
    fn file(self, path: &str, size: u64, sha256: String) -> KeptFile {
        KeptFile {
            path: path.to_owned(),
            size,
            sha256,
            form: self.form.to_owned(),
            subject: self.subject.to_owned(),
            study: self.study.to_owned(),
        }
    }
}

/// Where a file's bytes are.
pub(crate) fn blob(release: &str, path: &str) -> String {
    format!("{release}/{path}")
}

/// Keeps bytes.
pub(super) async fn put(
    app: &App,
    id: &str,
    path: &str,
    bytes: Bytes,
    of: Of<'_>,
) -> Result<KeptFile, KeepError> {
    let (size, sha256) = (bytes.len() as u64, release::papers::sha256(&bytes));
    app.packages.put(&blob(id, path), bytes).await?;
    Ok(of.file(path, size, sha256))
}

/// Keeps what a file on disk holds.
pub(super) async fn put_file(
    app: &App,
    id: &str,
    path: &str,
    from: &Path,
    of: Of<'_>,
) -> Result<KeptFile, KeepError> {
    let file = from.to_owned();
    let summed = tokio::task::spawn_blocking(move || sum(&file)).await;
    let sha256 =
        summed.unwrap_or_else(|_| Err(std::io::Error::other("cut short"))).map_err(KeepError::Read)?;
    let size = app.packages.put_file(&blob(id, path), from).await?;
    Ok(of.file(path, size, sha256))
}

fn sum(path: &Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let (mut hash, mut piece) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut piece)? {
            0 => break,
            read => hash.update(&piece[..read]),
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Removes the files of a release that are not to stay; first they are forgotten, so that nobody is given half.
pub(crate) async fn clear(
    app: &App,
    id: &str,
    stays: impl Fn(&KeptFile) -> bool,
) -> Result<usize, KeepError> {
    let gone: Vec<String> =
        app.releases.files(id).await?.into_iter().filter(|file| !stays(file)).map(|file| file.path).collect();
    app.releases.forget_files(id, &gone).await?;
    for path in &gone {
        app.packages.delete(&blob(id, path)).await?;
    }
    Ok(gone.len())
}
