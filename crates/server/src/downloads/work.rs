//! Making packages: one at a time, written beside their place and put there whole.

use super::make::{self, MakeError};
use super::table::{self, ATTEMPTS, KIND, Progress};
use super::{Form, one};
use crate::App;
use catalog::Located;
use futures::TryStreamExt;
use model::Timestamp;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use store::jobs::Job;
use tokio::fs::File;
use tokio::io::{AsyncWriteExt, BufWriter};
use tokio_util::sync::CancellationToken;

/// Between two notes of progress.
const NOTE_EVERY: Duration = Duration::from_millis(500);
/// Between two looks for files whose time is over.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Why a package was not made.
#[derive(Debug, thiserror::Error)]
enum WorkError {
    #[error("its row is gone")]
    NoRow,
    #[error("it was cancelled")]
    Cancelled,
    #[error("the disk is full; ask an administrator for room, then ask for it again")]
    Full,
    #[error("the file could not be written")]
    Write(#[source] std::io::Error),
    #[error(transparent)]
    Make(#[from] MakeError),
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
}

impl WorkError {
    fn of(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Write(error),
        }
    }

    /// Whether it may go better another time.
    const fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Ledger(_) | Self::Write(_) | Self::Make(MakeError::Ledger(_) | MakeError::View(_))
        )
    }
}

/// The file of a download.
pub(crate) fn file(app: &App, id: i64, form: Form) -> PathBuf {
    folder(app).join(format!("{id}.{}", if form == Form::Csv { "csv" } else { "zip" }))
}

fn folder(app: &App) -> PathBuf {
    app.config.data.join("downloads")
}

fn unfinished(app: &App, id: i64) -> PathBuf {
    folder(app).join(format!("{id}.part"))
}

/// Removes whatever there is of a download.
pub(super) async fn remove(app: &App, id: i64) -> std::io::Result<()> {
    for path in [file(app, id, Form::Csv), file(app, id, Form::Dicom), unfinished(app, id)] {
        match tokio::fs::remove_file(path).await {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Makes packages until `stop`.
pub(crate) async fn work(app: Arc<App>, stop: CancellationToken) {
    let worker = format!("{}-downloads", app.archive.writer());
    if let Err(error) = app.ledger.put_back(&worker, Timestamp::now()).await {
        tracing::warn!(%error, "the ledger did not put back downloads");
    }
    if let Err(error) = table::take_up(&app).await {
        tracing::warn!(%error, "the ledger did not take up downloads");
    }
    let mut swept: Option<Instant> = None;
    loop {
        if swept.is_none_or(|at| at.elapsed() >= SWEEP_EVERY) {
            swept = Some(Instant::now());
            sweep(&app).await;
        }
        match app.ledger.claim(KIND, &worker, Timestamp::now()).await {
            Ok(Some(job)) => {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = settle(&app, &job) => continue,
                }
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "the ledger did not give downloads"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.downloads.notified() => {}
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
        }
    }
}

async fn sweep(app: &App) {
    if let Err(error) = table::expire(app, Timestamp::now()).await {
        tracing::warn!(%error, "the ledger did not tell which downloads are over");
        return;
    }
    if let Err(error) = clear(app).await {
        tracing::warn!(%error, "files of downloads whose time is over could not be removed");
    }
}

/// Removes the files in our folder that no download has any more. Several servers on one ledger have a
/// folder each, and whichever ends a download can't reach into the others': each goes by what it holds.
async fn clear(app: &App) -> Result<(), WorkError> {
    let mut entries = match tokio::fs::read_dir(folder(app)).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(WorkError::Write(error)),
    };
    while let Some(entry) = entries.next_entry().await.map_err(WorkError::Write)? {
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.split('.').next()).and_then(|id| id.parse().ok());
        let Some(id) = id else { continue };
        if !table::has_file(app, id).await? {
            remove(app, id).await.map_err(WorkError::Write)?;
        }
    }
    Ok(())
}

async fn settle(app: &App, job: &Job) {
    let Ok(id) = job.payload.parse::<i64>() else { return };
    let ended = carry_out(app, job, id).await;
    let now = Timestamp::now();
    let noted = match ended {
        Ok(()) => app.ledger.finish(job.id, now).await,
        Err(error) => {
            // Nothing half stays, whatever happened.
            if let Err(error) = remove(app, id).await {
                tracing::warn!(%error, "the file of a download that failed could not be removed");
            }
            give_back(app, job, id, &error).await
        }
    };
    if let Err(error) = noted {
        tracing::error!(%error, "the ledger did not take the end of a download");
    }
}

async fn give_back(app: &App, job: &Job, id: i64, error: &WorkError) -> Result<(), sqlx::Error> {
    let now = Timestamp::now();
    if matches!(error, WorkError::Cancelled | WorkError::NoRow) {
        return app.ledger.finish(job.id, now).await;
    }
    let reason = error.to_string();
    let again = error.may_pass() && job.attempts < ATTEMPTS;
    tracing::warn!(attempt = job.attempts, reason, cause = ?std::error::Error::source(error), "a download stopped");
    table::settle(app, id, if again { "waiting" } else { "failed" }, Some(&reason), None).await?;
    if again { app.ledger.fail(job, &reason, now).await } else { app.ledger.finish(job.id, now).await }
}

async fn carry_out(app: &App, job: &Job, id: i64) -> Result<(), WorkError> {
    let download = one(app, id).await?.ok_or(WorkError::NoRow)?;
    // It has ended already: a second job for it, or one that was cancelled.
    if !matches!(download.state.as_str(), "waiting" | "running") {
        return Ok(());
    }
    let found = make::find(app, &download.wanted).await?;
    let bytes: u64 = found.iter().map(|located| located.locator.length).sum();
    if download.form == Form::Dicom && bytes > app.archive.room() {
        return Err(WorkError::Full);
    }
    let package = make::begin(app, &download.wanted, found.clone()).await?;
    tokio::fs::create_dir_all(folder(app)).await.map_err(WorkError::of)?;
    let part = unfinished(app, id);
    write(app, job, id, &part, package).await?;
    still_there(app, &download.wanted, &found).await?;
    tokio::fs::rename(&part, file(app, id, download.form)).await.map_err(WorkError::of)?;
    let hours = i64::from(app.config.downloads.keep_hours);
    let expires = Timestamp::from_micros(Timestamp::now().as_micros() + hours * 3_600_000_000);
    if table::settle(app, id, "done", None, Some(expires)).await? {
        Ok(())
    } else {
        Err(WorkError::Cancelled)
    }
}

/// What was deleted while the package was made is not handed out.
async fn still_there(app: &App, wanted: &super::Wanted, before: &[Located]) -> Result<(), WorkError> {
    let now = make::find(app, wanted).await?;
    let held: std::collections::HashSet<_> = now.iter().map(|located| &located.sop).collect();
    match before.iter().all(|located| held.contains(&located.sop)) {
        true => Ok(()),
        false => Err(MakeError::Deleted.into()),
    }
}

async fn write(
    app: &App,
    job: &Job,
    id: i64,
    part: &Path,
    mut package: make::Package,
) -> Result<(), WorkError> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(part).await.map_err(WorkError::of)?);
    let mut progress = Progress { total: package.instances, ..Progress::default() };
    let (mut noted, mut kept): (Option<Instant>, Instant) = (None, Instant::now());
    loop {
        if noted.is_none_or(|at| at.elapsed() >= NOTE_EVERY) {
            noted = Some(Instant::now());
            progress.done = package.done.load(Ordering::Relaxed);
            if !table::note(app, id, progress).await? {
                return Err(WorkError::Cancelled);
            }
            // The room that is left belongs to what arrives.
            if app.archive.room() == 0 {
                return Err(WorkError::Full);
            }
        }
        if kept.elapsed() >= Duration::from_secs(60) {
            kept = Instant::now();
            app.ledger.keep(job.id, Timestamp::now()).await?;
        }
        let next = tokio::select! {
            next = package.body.try_next() => next,
            // One that is cancelled stops at once, also within a slow image.
            () = app.download_ended.notified() => { noted = None; continue; }
        };
        let Some(chunk) = next.map_err(MakeError::View)? else { break };
        out.write_all(&chunk).await.map_err(WorkError::of)?;
        progress.written += chunk.len() as i64;
    }
    out.flush().await.map_err(WorkError::of)?;
    out.into_inner().sync_all().await.map_err(WorkError::of)?;
    progress.done = package.instances;
    if table::note(app, id, progress).await? { Ok(()) } else { Err(WorkError::Cancelled) }
}
