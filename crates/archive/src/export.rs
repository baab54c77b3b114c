//! Everything out, as plain files with their provenance beside them.

use crate::archive::Archive;
use crate::container::entry::name_is_safe;
use crate::read::ReadError;
use crate::scan::Scanned;
use futures::TryStreamExt;
use intake::{Kind, Locator};
use model::Sha256Digest;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncWriteExt, BufWriter};

/// Bytes read at a time.
const PIECE: u64 = 4 << 20;
/// The file that says where each file came from.
pub const PROVENANCE: &str = "provenance.jsonl";

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Exported {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Entries whose bytes differ from their digest or can't be read; written as far as they go.
    pub damaged: Vec<Locator>,
}

/// Why the export stopped.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The folder isn't empty.
    #[error("{} is not empty; an export needs a folder of its own", .0.display())]
    NotEmpty(PathBuf),
    /// A file can't be written.
    #[error("could not write the export")]
    Write(#[from] io::Error),
    /// The archive can't be read on.
    #[error("could not read the archive")]
    Read(#[from] ReadError),
}

impl Archive {
    /// Writes every entry below a folder, as `dicom/…`, `attachments/…`, `quarantine/…` and
    /// `events/…`, and one line about each into [`PROVENANCE`].
    ///
    /// # Errors
    /// [`ExportError`]; what was written stays.
    pub async fn export(
        &self,
        folder: &Path,
        mut progress: impl FnMut(&Exported) + Send,
    ) -> Result<Exported, ExportError> {
        tokio::fs::create_dir_all(folder).await?;
        if tokio::fs::read_dir(folder).await?.next_entry().await?.is_some() {
            return Err(ExportError::NotEmpty(folder.to_owned()));
        }
        let mut provenance = BufWriter::new(File::create_new(folder.join(PROVENANCE)).await?);
        let mut exported = Exported::default();
        let mut scan = std::pin::pin!(self.scan(None));
        while let Some(entry) = scan.try_next().await? {
            let path = self.export_one(folder, &entry, &mut exported).await?;
            provenance.write_all(line(&path, &entry).as_bytes()).await?;
            progress(&exported);
        }
        provenance.flush().await?;
        provenance.get_ref().sync_all().await?;
        Ok(exported)
    }

    async fn export_one(
        &self,
        folder: &Path,
        entry: &Scanned,
        exported: &mut Exported,
    ) -> Result<String, ExportError> {
        let (path, mut file) = create(folder, &relative(entry)).await?;
        let (mut digest, mut at) = (Sha256::new(), 0);
        while at < entry.locator.length {
            let end = entry.locator.length.min(at + PIECE);
            let Ok(bytes) = self.read(&entry.locator, at..end).await else { break };
            digest.update(&bytes);
            file.write_all(&bytes).await?;
            at = end;
        }
        file.flush().await?;
        if Sha256Digest(digest.finalize().into()) != entry.head.digest {
            exported.damaged.push(entry.locator.clone());
        }
        exported.files += 1;
        exported.bytes += at;
        Ok(path)
    }
}

/// Where an entry's file belongs, below the folder of the export.
fn relative(entry: &Scanned) -> String {
    let top = match entry.head.kind {
        Kind::Instance => "dicom",
        Kind::Attachment => "attachments",
        Kind::Quarantine => "quarantine",
        Kind::Event => "events",
        Kind::Record => "records",
    };
    let name = &entry.head.name;
    // A segment from elsewhere may hold any name; ours were checked when they were appended.
    let name = if name_is_safe(name) { name.clone() } else { entry.head.digest.to_hex() };
    if name.starts_with(&format!("{top}/")) { name } else { format!("{top}/{name}") }
}

/// Makes the file; where the name is taken already, with a number behind it.
async fn create(folder: &Path, relative: &str) -> io::Result<(String, File)> {
    for number in 1.. {
        let name = if number == 1 { relative.to_owned() } else { format!("{relative}~{number}") };
        let path = folder.join(&name);
        if let Some(parent) = path.parent() {
            tokio::fs::create_dir_all(parent).await?;
        }
        match OpenOptions::new().write(true).create_new(true).open(&path).await {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|file| (name, file)),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

fn line(path: &str, entry: &Scanned) -> String {
    let line = json!({
        "path": path,
        "kind": entry.head.kind,
        "sha256": entry.head.digest,
        "length": entry.locator.length,
        "source": entry.head.source,
        "details": entry.head.details,
    });
    format!("{line}\n")
}
