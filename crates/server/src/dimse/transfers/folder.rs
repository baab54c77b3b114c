//! From us into a folder that the configuration names: `STUDY/SERIES/INSTANCE.dcm`, each file whole or not there.

use super::work::{Running, TransferError};
use catalog::Located;
use futures::TryStreamExt as _;
use intake::Locator;
use model::{SeriesInstanceUid, SopInstanceUid, StudyInstanceUid};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use view::{Files, ViewError};

/// Why a file is not in the folder.
#[derive(Debug, thiserror::Error)]
enum WriteError {
    #[error("one of its UIDs is invalid")]
    Uid,
    #[error("it could not be read")]
    Read(#[source] ViewError),
    #[error("the folder can't be written")]
    Write(#[from] std::io::Error),
}

/// Writes the exam. What can't be read is counted and told; a folder that can't be written is tried again later.
pub(super) async fn write(running: &mut Running<'_>, folder: &Path) -> Result<(), TransferError> {
    let (room, rest) = running.what_is_left().await?;
    let stop = running.stop();
    let (started, mut written) = (Instant::now(), 0);
    for one in rest {
        if stop.is_cancelled() {
            return Err(TransferError::Cancelled);
        }
        match put(room.view.files(), folder, &one, running.transfer.id).await {
            Ok(()) => running.transfer.completed += 1,
            Err(WriteError::Write(error)) => return Err(TransferError::Folder(error)),
            Err(error) => {
                tracing::warn!(sop_instance.uid = %one.sop, %error, "an instance was not written");
                running.transfer.failed += 1;
            }
        }
        written += 1;
        running.note_now_and_then().await?;
        running.throttle(started, written).await;
    }
    Ok(())
}

/// Another transfer may write the same file at the same time, so each has drafts of its own.
async fn put(files: &Arc<dyn Files>, folder: &Path, one: &Located, transfer: i64) -> Result<(), WriteError> {
    let path = place(folder, one).ok_or(WriteError::Uid)?;
    let draft = path.with_extension(format!("{transfer}.part"));
    tokio::fs::create_dir_all(path.parent().unwrap_or(folder)).await?;
    let copied = copy(files, &one.locator, &draft).await;
    match copied {
        Ok(()) => Ok(tokio::fs::rename(&draft, &path).await?),
        Err(error) => {
            // Nothing half stays.
            let _ = tokio::fs::remove_file(&draft).await;
            Err(error)
        }
    }
}

async fn copy(files: &Arc<dyn Files>, at: &Locator, draft: &Path) -> Result<(), WriteError> {
    let mut pieces = files.stream(at, 0..at.length);
    let mut file = File::create(draft).await?;
    while let Some(piece) = pieces.try_next().await.map_err(WriteError::Read)? {
        file.write_all(&piece).await?;
    }
    file.flush().await?;
    Ok(file.sync_all().await?)
}

/// Valid UIDs are digits and full stops: no name leads out of the folder.
fn place(folder: &Path, one: &Located) -> Option<PathBuf> {
    let study = StudyInstanceUid::parse(&one.study).ok()?;
    let series = SeriesInstanceUid::parse(&one.series).ok()?;
    let sop = SopInstanceUid::parse(&one.sop).ok()?;
    Some(folder.join(study.as_str()).join(series.as_str()).join(format!("{}.dcm", sop.as_str())))
}
