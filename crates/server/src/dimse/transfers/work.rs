//! Carrying transfers out: who takes which, how one ends, and how a running one is stopped.

use super::{ATTEMPTS, Direction, KIND, Transfer, fetch, folder, note, one, send};
use crate::App;
use crate::dimse::ask::AskError;
use crate::dimse::call::CallError;
use crate::projects::{Place, ProjectsError, Room};
use catalog::{Located, Scope};
use model::{SeriesInstanceUid, StudyInstanceUid, Timestamp};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::jobs::Job;
use tokio_util::sync::CancellationToken;

/// Between two notes of progress.
const NOTE_EVERY: Duration = Duration::from_secs(1);

/// Between two looks whether another process cancelled it; this process is told at once.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Why a transfer stopped; it is tried again.
#[derive(Debug, thiserror::Error)]
pub(super) enum TransferError {
    #[error("there is no such peer any more")]
    NoPeer,
    #[error("the configuration names no such folder any more")]
    NoFolder,
    #[error("the folder can't be written: {0}")]
    Folder(std::io::Error),
    #[error("its row is gone")]
    NoRow,
    #[error("one of its UIDs is invalid")]
    Uid,
    #[error("nothing of it is held")]
    NothingHeld,
    #[error(transparent)]
    Project(#[from] ProjectsError),
    #[error("the peer is not a member of the project")]
    NoMember,
    #[error("it was cancelled")]
    Cancelled,
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Ask(#[from] AskError),
    #[error("the association broke off: {0}")]
    Broke(#[from] dicom::net::NetError),
}

/// Works off transfers until `stop`; several of these run at once.
pub(in crate::dimse) async fn work(app: Arc<App>, number: u32, stop: CancellationToken) {
    let worker = format!("{}-transfers-{number}", app.archive.writer());
    if let Err(error) = app.ledger.put_back(&worker, Timestamp::now()).await {
        tracing::warn!(%error, "the ledger did not put back transfers");
    }
    loop {
        match app.ledger.claim(KIND, &worker, Timestamp::now()).await {
            Ok(Some(job)) => {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = settle(&app, &job) => continue,
                }
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "the ledger did not give transfers"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.transfers.notified() => {}
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
        }
    }
}

async fn settle(app: &Arc<App>, job: &Job) {
    let ended = carry_out(app, job).await;
    let now = Timestamp::now();
    let noted = match ended {
        Ok(()) | Err(TransferError::Cancelled) => app.ledger.finish(job.id, now).await,
        Err(error) => {
            let reason = error.to_string();
            tracing::warn!(attempt = job.attempts, reason, "a transfer stopped");
            let last = job.attempts >= ATTEMPTS;
            set_back(app, job, if last { "failed" } else { "waiting" }, &reason).await;
            app.ledger.fail(job, &reason, now).await
        }
    };
    if let Err(error) = noted {
        tracing::error!(%error, "the ledger did not take the end of a transfer");
    }
}

async fn set_back(app: &App, job: &Job, state: &str, reason: &str) {
    let Ok(id) = job.payload.parse() else { return };
    if let Ok(Some(mut transfer)) = one(app, id).await {
        transfer.state = state.to_owned();
        transfer.reason = Some(reason.to_owned());
        let _ = note(app, &transfer).await;
    }
}

async fn carry_out(app: &Arc<App>, job: &Job) -> Result<(), TransferError> {
    let id = job.payload.parse().map_err(|_| TransferError::NoRow)?;
    let transfer = one(app, id).await?.ok_or(TransferError::NoRow)?;
    let stop = CancellationToken::new();
    let mut running =
        Running { app, job, transfer, noted: Instant::now(), kept: Instant::now(), stop: stop.clone() };
    let ended = tokio::select! {
        ended = run(&mut running) => ended,
        never = until_cancelled(app, id, &stop) => match never {},
    };
    // What was done until then is told, however it ended.
    note(app, &running.transfer).await?;
    ended
}

/// Tells `stop` when the transfer is cancelled, by this process or another.
async fn until_cancelled(app: &App, id: i64, stop: &CancellationToken) -> std::convert::Infallible {
    loop {
        // Made before the look, so that nothing is missed between the look and the wait.
        let told = app.transfer_cancelled.notified();
        if matches!(one(app, id).await, Ok(Some(transfer)) if transfer.state == "cancelled") {
            stop.cancel();
            std::future::pending::<()>().await;
        }
        tokio::select! {
            () = told => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn run(running: &mut Running<'_>) -> Result<(), TransferError> {
    if running.transfer.state == "cancelled" {
        return Err(TransferError::Cancelled);
    }
    let app = Arc::clone(running.app);
    let folder = app.config.routing.folder(&running.transfer.peer);
    let peer = match &folder {
        None => Some(app.govern.peers.get(&running.transfer.peer).await?.ok_or(TransferError::NoPeer)?),
        Some(_) => None,
    };
    running.transfer.state = "running".into();
    running.transfer.reason = None;
    note(running.app, &running.transfer).await?;
    match (folder, peer, running.transfer.direction) {
        (None, Some(peer), Direction::Send) => send::send(running, &peer).await?,
        (None, Some(peer), Direction::Fetch) => fetch::fetch(running, &peer).await?,
        (Some(folder), _, Direction::Send) => {
            folder::write(running, folder.ok_or(TransferError::NoFolder)?).await?;
        }
        _ => return Err(TransferError::NoPeer),
    }
    let transfer = &mut running.transfer;
    transfer.state = if transfer.failed == 0 { "done" } else { "failed" }.into();
    if transfer.failed > 0 {
        transfer.reason = Some("some instances were not taken; the log names them".into());
    }
    Ok(())
}

/// A transfer under way.
pub(super) struct Running<'a> {
    pub app: &'a Arc<App>,
    pub transfer: Transfer,
    job: &'a Job,
    noted: Instant,
    kept: Instant,
    stop: CancellationToken,
}

impl Running<'_> {
    pub async fn note_now_and_then(&mut self) -> Result<(), sqlx::Error> {
        if self.noted.elapsed() >= NOTE_EVERY {
            self.noted = Instant::now();
            note(self.app, &self.transfer).await?;
        }
        if self.kept.elapsed() >= Duration::from_secs(60) {
            self.kept = Instant::now();
            self.app.ledger.keep(self.job.id, Timestamp::now()).await?;
        }
        Ok(())
    }

    /// Tells when it is to stop.
    pub fn stop(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Waits for something that can be dropped at any time, unless the transfer is cancelled first.
    pub async fn unless_cancelled<T, E: Into<TransferError>>(
        &self,
        what: impl Future<Output = Result<T, E>>,
    ) -> Result<T, TransferError> {
        tokio::select! {
            done = what => done.map_err(Into::into),
            () = self.stop.cancelled() => Err(TransferError::Cancelled),
        }
    }

    /// Waits so that no more than the rate goes; ends early when it is cancelled.
    pub async fn throttle(&self, started: Instant, so_far: i64) {
        if self.transfer.rate > 0 {
            let due = Duration::from_secs_f64(so_far as f64 / f64::from(self.transfer.rate));
            tokio::select! {
                () = tokio::time::sleep(due.saturating_sub(started.elapsed())) => {}
                () = self.stop.cancelled() => {}
            }
        }
    }

    /// Whose exam it is.
    pub fn place(&self) -> Place {
        self.transfer.project.clone().map_or(Place::Archive, Place::Project)
    }

    /// What is still to be sent, and where it is read from. What was sent before is not sent again; the order of what
    /// is held is stable.
    pub async fn what_is_left(&mut self) -> Result<(Room, Vec<Located>), TransferError> {
        let study = self.study()?;
        let scope = match self.series()? {
            Some(series) => Scope::Series(study, series),
            None => Scope::Study(study),
        };
        // What came before the transfer was asked for belongs to it.
        self.app.findable().await;
        let room = self.place().enter(self.app).await?;
        let located = self.transfer.only(room.catalog.locate(&scope).await?);
        if located.is_empty() {
            return Err(TransferError::NothingHeld);
        }
        self.transfer.total = located.len() as i64;
        let before = usize::try_from(self.transfer.completed + self.transfer.failed).unwrap_or(0);
        Ok((room, located.into_iter().skip(before).collect()))
    }

    pub fn study(&self) -> Result<StudyInstanceUid, TransferError> {
        StudyInstanceUid::parse(&self.transfer.study_instance_uid).map_err(|_| TransferError::Uid)
    }

    pub fn series(&self) -> Result<Option<SeriesInstanceUid>, TransferError> {
        let parse = |uid: &String| SeriesInstanceUid::parse(uid).map_err(|_| TransferError::Uid);
        self.transfer.series_instance_uid.as_ref().map(parse).transpose()
    }
}
