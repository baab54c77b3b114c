//! The writer: one per process, committing what has gathered while the last commit was under way.
//! Processes on the same ledger take turns on the head's row, so there is one chain.

use super::chain::{Head, Row};
use super::entry::Entry;
use model::Sha256Digest;
use sqlx::{AnyConnection, Row as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use store::Ledger;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;

/// Entries that may wait; more make the callers wait.
const QUEUE: usize = 4096;
/// Rows in one transaction.
const BATCH: usize = 512;
/// Pause before an entry about something done is tried again.
const LATER: Duration = Duration::from_secs(2);
/// How often a failed commit is tried again before its entries are given up.
const TRIES: u32 = 5;

/// Why an entry was not recorded. What it was about must not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the audit log can't be written, so nothing may be changed or shown")]
pub struct AuditError;

/// The audit log's writer. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Audit {
    ledger: Ledger,
    queue: mpsc::Sender<Pending>,
    broken: Arc<AtomicBool>,
    /// Entries about things done that are still to be written.
    late: Arc<AtomicUsize>,
    task: Arc<Mutex<Option<JoinHandle<()>>>>,
}

#[derive(Debug)]
enum Pending {
    Entry(Box<Entry>, Option<oneshot::Sender<Result<(), AuditError>>>),
    Stop,
}

impl Audit {
    /// Starts the writer on the current runtime.
    pub(crate) fn start(ledger: Ledger) -> Self {
        let (queue, entries) = mpsc::channel(QUEUE);
        let broken = Arc::<AtomicBool>::default();
        let writer = Writer { ledger: ledger.clone(), entries, broken: Arc::clone(&broken) };
        let task = Arc::new(Mutex::new(Some(tokio::spawn(writer.run()))));
        Self { ledger, queue, broken, late: Arc::default(), task }
    }

    pub(crate) const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Records an entry; it is durable when this returns. For changes.
    ///
    /// # Errors
    /// [`AuditError`] when it could not be written.
    pub async fn record(&self, entry: Entry) -> Result<(), AuditError> {
        let (told, written) = oneshot::channel();
        let pending = Pending::Entry(Box::new(entry), Some(told));
        self.queue.send(pending).await.map_err(|_| AuditError)?;
        written.await.map_err(|_| AuditError)?
    }

    /// Records an entry about what has been done already, however long the log can't be written: it is tried
    /// until it is there, or this process ends.
    pub fn record_late(&self, entry: Entry) {
        let audit = self.clone();
        audit.late.fetch_add(1, Ordering::Relaxed);
        tokio::spawn(async move {
            while audit.record(entry.clone()).await.is_err() && !audit.queue.is_closed() {
                tokio::time::sleep(LATER).await;
            }
            audit.late.fetch_sub(1, Ordering::Relaxed);
        });
    }

    /// Whether entries wait that could not be written, or the last one could not and still can't.
    pub async fn is_failing(&self) -> bool {
        if self.late.load(Ordering::Relaxed) > 0 {
            return true;
        }
        if self.broken.load(Ordering::Relaxed) {
            let tried = probe(&self.ledger).await;
            self.broken.store(tried.is_err(), Ordering::Relaxed);
        }
        self.broken.load(Ordering::Relaxed)
    }

    /// Hands an entry to the writer, which makes it durable within milliseconds. For reads, where
    /// waiting for the disk would cost more than the read. While the log can't be written it waits
    /// for the entry like [`Audit::record`], so that nothing is read unrecorded.
    ///
    /// # Errors
    /// [`AuditError`] when it could not be written.
    pub async fn record_soon(&self, entry: Entry) -> Result<(), AuditError> {
        if self.broken.load(Ordering::Relaxed) {
            return self.record(entry).await;
        }
        let pending = Pending::Entry(Box::new(entry), None);
        self.queue.send(pending).await.map_err(|_| AuditError)
    }

    /// Writes what is waiting and stops.
    pub async fn close(&self) {
        let Some(task) = self.task.lock().await.take() else { return };
        // The writer is gone only if it panicked; then there is nothing to stop.
        let _ = self.queue.send(Pending::Stop).await;
        let _ = task.await;
    }
}

struct Writer {
    ledger: Ledger,
    entries: mpsc::Receiver<Pending>,
    broken: Arc<AtomicBool>,
}

impl Writer {
    async fn run(mut self) {
        let mut gathered = Vec::with_capacity(BATCH);
        while self.entries.recv_many(&mut gathered, BATCH).await > 0 {
            let stop = gathered.iter().any(|pending| matches!(pending, Pending::Stop));
            let (entries, waiting): (Vec<_>, Vec<_>) = gathered.drain(..).filter_map(split).unzip();
            let result = self.write(&entries).await;
            for told in waiting.into_iter().flatten() {
                // Nobody listens any more when the request was cancelled; the entry stands.
                let _ = told.send(result);
            }
            if stop {
                return;
            }
        }
    }

    async fn write(&self, entries: &[Entry]) -> Result<(), AuditError> {
        for attempt in 1..=TRIES {
            let Err(error) = append(&self.ledger, entries).await else {
                self.broken.store(false, Ordering::Relaxed);
                return Ok(());
            };
            self.broken.store(true, Ordering::Relaxed);
            let count = entries.len();
            tracing::error!(%error, count, attempt, "audit entries could not be written");
            tokio::time::sleep(Duration::from_millis(u64::from(attempt) * 100)).await;
        }
        Err(AuditError)
    }
}

type Told = Option<oneshot::Sender<Result<(), AuditError>>>;

fn split(pending: Pending) -> Option<(Entry, Told)> {
    match pending {
        Pending::Entry(entry, told) => Some((*entry, told)),
        Pending::Stop => None,
    }
}

/// Appends the entries in one transaction.
async fn append(ledger: &Ledger, entries: &[Entry]) -> Result<(), sqlx::Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let mut tx = ledger.write().await?;
    let mut head = take_head(&mut tx).await?;
    for entry in entries {
        let row = Row::after(head, entry);
        insert(&mut tx, &row).await?;
        head = row.head();
    }
    sqlx::query("UPDATE audit_head SET seq = $1, hash = $2 WHERE one = 1")
        .bind(head.seq)
        .bind(head.hash.to_hex())
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// Writes what is there already, to see whether the log can be written.
async fn probe(ledger: &Ledger) -> Result<(), sqlx::Error> {
    let mut tx = ledger.write().await?;
    take_head(&mut tx).await?;
    tx.commit().await
}

/// Reads the head and keeps other writers waiting: the update locks its row until the commit.
async fn take_head(tx: &mut AnyConnection) -> Result<Head, sqlx::Error> {
    let row = sqlx::query("UPDATE audit_head SET seq = seq WHERE one = 1 RETURNING seq, hash")
        .fetch_one(tx)
        .await?;
    read_head(&row)
}

pub(crate) fn read_head(row: &sqlx::any::AnyRow) -> Result<Head, sqlx::Error> {
    let hash: String = row.try_get(1)?;
    let hash = Sha256Digest::parse(&hash).map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(Head { seq: row.try_get(0)?, hash })
}

async fn insert(tx: &mut AnyConnection, row: &Row) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO audit (seq, at, actor, door, action, resources, outcome, detail, previous, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(row.seq)
    .bind(row.at.as_micros())
    .bind(&row.actor)
    .bind(&row.door)
    .bind(&row.action)
    .bind(&row.resources)
    .bind(&row.outcome)
    .bind(&row.detail)
    .bind(&row.previous)
    .bind(&row.hash)
    .execute(tx)
    .await
    .map(drop)
}
