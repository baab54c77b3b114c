//! Transfers: exams sent to or fetched from a peer, as jobs that survive a restart and take up where
//! they stopped. Each has a row that tells how far it is.

use super::ask::{self, AskError};
use super::call::{self, CallError};
use super::deliver::{Delivered, Delivery, Way, read_ahead};
use super::retrieve::{by_kinds, kinds};
use crate::App;
use catalog::{Located, Scope};
use dicom::net::scu;
use dicom::{DataSet, tags};
use futures::StreamExt as _;
use govern::Peer;
use model::{SeriesInstanceUid, StudyInstanceUid, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::jobs::Job;
use store::{Ledger, MigrateError, Migration};
use tokio_util::sync::CancellationToken;

/// The kind of job in the ledger.
const KIND: &str = "transfer";

/// Tries before a transfer is given up: with growing pauses, about two hours.
const ATTEMPTS: i64 = 13;

/// Between two notes of progress.
const NOTE_EVERY: Duration = Duration::from_secs(1);

const TABLES: &[Migration] = &[Migration::both(
    1,
    "CREATE TABLE transfer (
        id {id}, direction {text} NOT NULL, peer {text} NOT NULL, study {text} NOT NULL, series {text},
        rate BIGINT NOT NULL, state {text} NOT NULL, done BIGINT NOT NULL, failed BIGINT NOT NULL,
        total BIGINT NOT NULL, reason TEXT, actor TEXT NOT NULL,
        created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL);",
)];

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    /// From us to the peer.
    Send,
    /// From the peer to us.
    Fetch,
}

/// A transfer that is asked for.
#[derive(Debug, Clone)]
pub(crate) struct NewTransfer {
    pub direction: Direction,
    pub peer: String,
    pub study: StudyInstanceUid,
    pub series: Option<SeriesInstanceUid>,
    /// Instances a second at most; 0: as fast as it goes.
    pub rate: u32,
    pub actor: String,
}

/// A transfer and how far it is.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Transfer {
    pub id: i64,
    pub direction: Direction,
    /// The peer's entry.
    pub peer: String,
    pub study_instance_uid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series_instance_uid: Option<String>,
    /// waiting, running, done, failed
    pub state: String,
    /// Instances that arrived.
    pub completed: i64,
    /// Instances that did not.
    pub failed: i64,
    /// Instances in all, as far as is known.
    pub total: i64,
    /// Why it waits or failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who asked for it.
    pub asked_by: String,
    pub created_at: String,
    pub updated_at: String,
    #[serde(skip)]
    rate: u32,
}

/// Why a transfer stopped; it is tried again.
#[derive(Debug, thiserror::Error)]
enum TransferError {
    #[error("there is no such peer any more")]
    NoPeer,
    #[error("its row is gone")]
    NoRow,
    #[error("one of its UIDs is invalid")]
    Uid,
    #[error("nothing of it is held")]
    NothingHeld,
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Ask(#[from] AskError),
    #[error("the association broke off: {0}")]
    Broke(#[from] dicom::net::NetError),
}

/// Makes the tables.
pub(super) async fn migrate(ledger: &Ledger) -> Result<(), MigrateError> {
    ledger.migrate("server.transfers", TABLES).await
}

/// Puts a transfer in the queue.
pub(crate) async fn begin(app: &App, new: &NewTransfer) -> Result<Transfer, sqlx::Error> {
    let now = Timestamp::now();
    let mut tx = app.ledger.write().await?;
    let row = sqlx::query(
        "INSERT INTO transfer (direction, peer, study, series, rate, state, done, failed, total, actor, \
         created_at, updated_at) VALUES ($1, $2, $3, $4, $5, 'waiting', 0, 0, 0, $6, $7, $7) RETURNING id",
    )
    .bind(if new.direction == Direction::Send { "send" } else { "fetch" })
    .bind(&new.peer)
    .bind(new.study.as_str())
    .bind(new.series.as_ref().map(|uid| uid.as_str().to_owned()))
    .bind(i64::from(new.rate))
    .bind(&new.actor)
    .bind(now.as_micros())
    .fetch_one(&mut *tx)
    .await?;
    let id: i64 = row.try_get(0)?;
    tx.commit().await?;
    app.ledger.enqueue(KIND, &id.to_string(), ATTEMPTS, now).await?;
    app.transfers.notify_one();
    one(app, id).await?.ok_or(sqlx::Error::RowNotFound)
}

const COLUMNS: &str = "SELECT id, direction, peer, study, series, state, done, failed, total, reason, actor, \
     created_at, updated_at, rate FROM transfer";

/// The latest transfers, newest first.
pub(crate) async fn list(app: &App, limit: i64) -> Result<Vec<Transfer>, sqlx::Error> {
    let sql = format!("{COLUMNS} ORDER BY id DESC LIMIT $1");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(limit).fetch_all(app.ledger.pool()).await?;
    rows.iter().map(transfer).collect()
}

/// One transfer.
pub(crate) async fn one(app: &App, id: i64) -> Result<Option<Transfer>, sqlx::Error> {
    let sql = format!("{COLUMNS} WHERE id = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(app.ledger.pool()).await?;
    row.as_ref().map(transfer).transpose()
}

fn transfer(row: &sqlx::any::AnyRow) -> Result<Transfer, sqlx::Error> {
    let moment = |at| row.try_get(at).map(|micros| Timestamp::from_micros(micros).to_string());
    let direction: String = row.try_get(1)?;
    Ok(Transfer {
        id: row.try_get(0)?,
        direction: if direction == "send" { Direction::Send } else { Direction::Fetch },
        peer: row.try_get(2)?,
        study_instance_uid: row.try_get(3)?,
        series_instance_uid: row.try_get(4)?,
        state: row.try_get(5)?,
        completed: row.try_get(6)?,
        failed: row.try_get(7)?,
        total: row.try_get(8)?,
        reason: row.try_get(9)?,
        asked_by: row.try_get(10)?,
        created_at: moment(11)?,
        updated_at: moment(12)?,
        rate: u32::try_from(row.try_get::<i64, _>(13)?).unwrap_or(0),
    })
}

async fn note(app: &App, transfer: &Transfer) -> Result<(), sqlx::Error> {
    let mut tx = app.ledger.write().await?;
    sqlx::query(
        "UPDATE transfer SET state = $2, done = $3, failed = $4, total = $5, reason = $6, updated_at = $7 \
         WHERE id = $1",
    )
    .bind(transfer.id)
    .bind(&transfer.state)
    .bind(transfer.completed)
    .bind(transfer.failed)
    .bind(transfer.total)
    .bind(transfer.reason.clone())
    .bind(Timestamp::now().as_micros())
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Works off transfers until `stop`; several of these run at once.
pub(super) async fn work(app: Arc<App>, number: u32, stop: CancellationToken) {
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
        Ok(()) => app.ledger.finish(job.id, now).await,
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
    let peer = app.govern.peers.get(&transfer.peer).await?.ok_or(TransferError::NoPeer)?;
    let mut progress = Running { app, job, transfer, noted: Instant::now(), kept: Instant::now() };
    progress.transfer.state = "running".into();
    progress.transfer.reason = None;
    note(app, &progress.transfer).await?;
    match progress.transfer.direction {
        Direction::Send => send(&mut progress, &peer).await?,
        Direction::Fetch => fetch(&mut progress, &peer).await?,
    }
    let transfer = &mut progress.transfer;
    transfer.state = if transfer.failed == 0 { "done" } else { "failed" }.into();
    if transfer.failed > 0 {
        transfer.reason = Some("some instances were not taken; the log names them".into());
    }
    Ok(note(app, transfer).await?)
}

/// A transfer under way.
struct Running<'a> {
    app: &'a Arc<App>,
    job: &'a Job,
    transfer: Transfer,
    noted: Instant,
    kept: Instant,
}

impl Running<'_> {
    async fn note_now_and_then(&mut self) -> Result<(), sqlx::Error> {
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

    /// Waits so that no more than the rate goes.
    async fn throttle(&self, started: Instant, so_far: i64) {
        if self.transfer.rate > 0 {
            let due = Duration::from_secs_f64(so_far as f64 / f64::from(self.transfer.rate));
            tokio::time::sleep(due.saturating_sub(started.elapsed())).await;
        }
    }

    fn study(&self) -> Result<StudyInstanceUid, TransferError> {
        StudyInstanceUid::parse(&self.transfer.study_instance_uid).map_err(|_| TransferError::Uid)
    }

    fn series(&self) -> Result<Option<SeriesInstanceUid>, TransferError> {
        let parse = |uid: &String| SeriesInstanceUid::parse(uid).map_err(|_| TransferError::Uid);
        self.transfer.series_instance_uid.as_ref().map(parse).transpose()
    }
}

async fn send(running: &mut Running<'_>, peer: &Peer) -> Result<(), TransferError> {
    let study = running.study()?;
    let scope = match running.series()? {
        Some(series) => Scope::Series(study, series),
        None => Scope::Study(study),
    };
    let located = running.app.catalog.locate(&scope).await?;
    if located.is_empty() {
        return Err(TransferError::NothingHeld);
    }
    running.transfer.total = located.len() as i64;
    // What the peer has confirmed before is not sent again; the order of what is held is stable.
    let before = usize::try_from(running.transfer.completed + running.transfer.failed).unwrap_or(0);
    let rest: Vec<Located> = located.into_iter().skip(before).collect();
    for group in by_kinds(rest) {
        send_group(running, peer, group).await?;
    }
    Ok(())
}

async fn send_group(
    running: &mut Running<'_>,
    peer: &Peer,
    group: Vec<Located>,
) -> Result<(), TransferError> {
    let app = Arc::clone(running.app);
    let proposal = call::proposal(&app, peer, scu::contexts_for(&kinds(&group)))?;
    let mut association = call::call(&app, peer, &proposal).await?;
    let (started, mut sent) = (Instant::now(), 0);
    let mut files = Box::pin(read_ahead(Arc::clone(&app), group));
    while let Some((one, file)) = files.next().await {
        let delivered = match file {
            Ok(file) => Delivery::new(&app, &mut association, Way::ToPeer, None).deliver(&one, file).await,
            Err(()) => Ok(Delivered::Failed("it can't be read from the archive")),
        };
        match delivered {
            Ok(Delivered::Done | Delivered::Warned) => running.transfer.completed += 1,
            Ok(Delivered::Failed(why)) => {
                tracing::warn!(sop_instance.uid = %one.sop, peer = %peer.name, why, "an instance was not sent");
                running.transfer.failed += 1;
            }
            Err(error) => {
                note(&app, &running.transfer).await?;
                return Err(error.into());
            }
        }
        sent += 1;
        running.note_now_and_then().await?;
        running.throttle(started, sent).await;
    }
    let _ = association.release().await;
    Ok(())
}

/// Fetches series by series, so that a broken transfer goes on where it stopped and a rate can be
/// kept. Series of which we hold as many instances as the peer counts are passed over.
async fn fetch(running: &mut Running<'_>, peer: &Peer) -> Result<(), TransferError> {
    let app = Arc::clone(running.app);
    let study = running.study()?;
    let wanted = running.series()?.map(|uid| uid.as_str().to_owned());
    let mut question = DataSet::new();
    question.put_text(tags::QUERY_RETRIEVE_LEVEL, "SERIES");
    question.put_text(tags::STUDY_INSTANCE_UID, study.as_str());
    question.put_text(tags::SERIES_INSTANCE_UID, wanted.as_deref().unwrap_or_default());
    question.put_text(tags::NUMBER_OF_SERIES_RELATED_INSTANCES, "");
    let matches = ask::query(&app, peer, &question, 10_000).await?;
    let series: Vec<(String, Option<i64>)> = matches
        .data_sets
        .iter()
        .filter_map(|one| {
            let count = one.int(tags::NUMBER_OF_SERIES_RELATED_INSTANCES);
            Some((one.uid(tags::SERIES_INSTANCE_UID)?, count))
        })
        .collect();
    running.transfer.total = series.iter().filter_map(|(_, count)| *count).sum();
    (running.transfer.completed, running.transfer.failed) = (0, 0);
    let started = Instant::now();
    for (uid, count) in series {
        let held = held(&app, &study, &uid).await?;
        if count.is_some_and(|count| count > 0 && held >= count) {
            running.transfer.completed += held;
            continue;
        }
        let ended = ask::fetch_series(&app, peer, study.as_str(), &uid, |_| {}).await?;
        running.transfer.completed += i64::from(ended.counts.completed) + i64::from(ended.counts.warning);
        running.transfer.failed += i64::from(ended.counts.failed);
        running.note_now_and_then().await?;
        running.throttle(started, running.transfer.completed).await;
    }
    // "Done" means that it is found.
    app.findable().await;
    Ok(())
}

async fn held(app: &App, study: &StudyInstanceUid, series: &str) -> Result<i64, TransferError> {
    let series = SeriesInstanceUid::parse(series).map_err(|_| TransferError::Uid)?;
    let located = app.catalog.locate(&Scope::Series(study.clone(), series)).await?;
    let distinct: HashSet<&str> = located.iter().map(|one| one.sop.as_str()).collect();
    Ok(distinct.len() as i64)
}
