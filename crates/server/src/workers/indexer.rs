//! The indexer: what the archive holds becomes rows of the catalog.
//!
//! It follows the archive from the cursor that was committed with the last batch, so nothing is left
//! out after a crash, and what is indexed twice is the same. While little arrives it rests between
//! batches: each costs a flush of the ledger's log, and a sender must not wait for those.

use crate::App;
use archive::{Archive, Cursor, Follower, Fresh, HeaderError, ReadError};
use catalog::index::BATCH;
use catalog::{Catalog, IndexError, Indexed, ToIndex};
use dicom::Header;
use futures::future::try_join_all;
use futures::{StreamExt, TryStreamExt};
use intake::Kind;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

/// The cursor's name in the catalog.
pub const READER: &str = "archive";
/// Rest after a small batch: several small ones cost much more than one of their size.
const REST: Duration = Duration::from_millis(40);
/// Pause after a failure, which may be a full disk or a database that is away.
const PAUSE: Duration = Duration::from_secs(2);
/// Files read at the same time while catching up.
const AT_ONCE: usize = 16;

/// Why a batch could not be indexed; it will be tried again.
#[derive(Debug, thiserror::Error)]
pub enum IndexerError {
    /// The archive can't be read.
    #[error("the archive could not be read")]
    Read(#[from] ReadError),
    /// The catalog can't be written.
    #[error(transparent)]
    Write(#[from] IndexError),
    /// The cursor can't be read.
    #[error("the catalog's cursor could not be read")]
    Cursor(#[from] sqlx::Error),
}

/// Indexes until `stop`, whatever happens; not while somebody else has the turn.
pub(crate) async fn run(app: Arc<App>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let went = follow(&app, &stop).await;
        app.health.note("indexing", went.as_ref().map(drop));
        let Err(error) = went else { return };
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        warn!(%error, cause, "indexing paused");
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Follows the archive until `stop` or until the archive closes.
async fn follow(app: &App, stop: &CancellationToken) -> Result<(), IndexerError> {
    let (archive, catalog) = (&app.archive, &app.catalog);
    let mut at = reached(catalog).await?;
    let mut follower = archive.follow(at);
    loop {
        let fresh = tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = app.catalog_moved.notified() => {
                at = reached(catalog).await?;
                follower = archive.follow(at);
                continue;
            }
            fresh = follower.next(BATCH) => fresh?,
        };
        if fresh.is_empty() {
            return Ok(());
        }
        {
            let _turn = app.indexing.lock().await;
            let now = reached(catalog).await?;
            if now != at {
                // Somebody else indexed meanwhile, or began again from the start and did not come to the end.
                at = now;
                follower = archive.follow(at);
                continue;
            }
            index(archive, catalog, &fresh, &follower).await?;
            at = Some(follower.cursor());
        }
        app.health.note::<IndexerError>("indexing", Ok(()));
        if fresh.iter().any(|entry| entry.head.kind == Kind::Event) {
            // Something may have been deleted: sent again, it must be taken again.
            app.intake.forget_all();
            app.desk.forget_all();
        }
        if fresh.len() < BATCH / 2 {
            tokio::time::sleep(REST).await;
        }
    }
}

/// How far the archive is indexed.
///
/// # Errors
/// The ledger's.
pub async fn reached(catalog: &Catalog) -> Result<Option<Cursor>, sqlx::Error> {
    // A cursor that can't be read means beginning at the start: slow, and right.
    Ok(catalog.cursor(READER).await?.and_then(|text| text.parse().ok()))
}

async fn index(
    archive: &Archive,
    catalog: &Catalog,
    fresh: &[Arc<Fresh>],
    follower: &Follower,
) -> Result<Indexed, IndexerError> {
    let items = all_to_index(archive, fresh.iter().map(Arc::as_ref).collect()).await?;
    let position = follower.cursor().to_string();
    let done = catalog.index(&items, Some((READER, &position))).await?;
    debug!(added = done.added, known = done.known, conflicts = done.conflicts, "indexed a batch");
    if done.unplaced > 0 {
        warn!(instances = done.unplaced, "instances without UIDs can't be indexed");
    }
    Ok(done)
}

async fn all_to_index(archive: &Archive, entries: Vec<&Fresh>) -> Result<Vec<ToIndex>, ReadError> {
    let mut items = Vec::with_capacity(entries.len());
    for part in entries.chunks(AT_ONCE) {
        items.extend(try_join_all(part.iter().map(|entry| to_index(archive, entry))).await?);
    }
    Ok(items)
}

async fn to_index(archive: &Archive, entry: &Fresh) -> Result<ToIndex, ReadError> {
    let header = match entry.head.kind {
        // Without a header the instance is placed by what intake noted when it could.
        Kind::Instance => header(archive, entry).await?,
        _ => None,
    };
    Ok(ToIndex { head: entry.head.clone(), locator: entry.locator.clone(), header })
}

async fn header(archive: &Archive, entry: &Fresh) -> Result<Option<Arc<Header>>, ReadError> {
    if let Some(read) = &entry.header {
        return Ok(Some(read.clone()));
    }
    match archive.header(&entry.locator).await {
        Ok(header) => Ok(Some(Arc::new(header))),
        Err(HeaderError::Read(error)) => Err(error),
        Err(HeaderError::Dicom(_)) => Ok(None),
    }
}

/// Makes the catalog again from the archive alone. The caller has the indexer's turn. `told` hears how
/// many entries were indexed so far.
///
/// # Errors
/// [`IndexerError`]; the catalog is incomplete then, and the indexer goes on where this stopped.
pub async fn rebuild(
    archive: &Archive,
    catalog: &Catalog,
    mut told: impl FnMut(u64),
) -> Result<u64, IndexerError> {
    catalog.clear().await.map_err(IndexerError::Cursor)?;
    let entries = catch_up(archive, catalog, &mut told).await?;
    info!(entries, "rebuilt the catalog");
    Ok(entries)
}

/// Indexes what the archive holds behind the catalog's cursor, and returns at its end.
///
/// # Errors
/// [`IndexerError`]; what was indexed before stays.
pub async fn catch_up(
    archive: &Archive,
    catalog: &Catalog,
    mut told: impl FnMut(u64),
) -> Result<u64, IndexerError> {
    let scan = archive.scan(reached(catalog).await?);
    let mut batches = std::pin::pin!(scan.try_chunks(BATCH));
    let mut entries = 0;
    while let Some(batch) = batches.next().await {
        let batch: Vec<Fresh> = batch.map_err(|failed| failed.1)?.into_iter().map(Fresh::from).collect();
        let Some(last) = batch.last().map(|entry| entry.cursor.to_string()) else { break };
        let items = all_to_index(archive, batch.iter().collect()).await?;
        catalog.index(&items, Some((READER, &last))).await?;
        entries += batch.len() as u64;
        told(entries);
    }
    Ok(entries)
}
