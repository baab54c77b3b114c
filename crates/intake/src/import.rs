//! `isocenter import`: folders, zip and tar archives, DICOMDIRs and whatever lies between them.
//!
//! Reader threads walk and read ([`found`]); each file goes through a [`Sink`] (intake itself, or a
//! running server's door), many at a time so that they share flushes; every file ends as one
//! [`Line`]. Nothing is counted before it is durable.

mod dicomdir;
pub mod found;
pub mod journal;
pub mod line;
mod packed;
mod reader;
mod squeezed;
mod walk;

pub use found::{Content, Found, Stamp, Trouble};
pub use journal::Journal;
pub use line::{Line, Settled, Tally, Verdict};

use crate::{
    attach::Subject,
    incoming::{Intake, Strangers},
    outcome::IntakeError,
    sniff::{Looks, looks},
};
use async_trait::async_trait;
use bytes::Bytes;
use model::{Door, Source, Timestamp};
use std::{io, path::PathBuf, sync::Arc};
use tokio::{sync::mpsc, task::JoinSet};
use tokio_util::sync::CancellationToken;

/// Files on their way in at a time; they share flushes.
const IN_FLIGHT: usize = 128;

/// Takes the files that are found.
#[async_trait]
pub trait Sink: Send + Sync {
    /// Takes one file; its bytes are durable when this returns a verdict that says so.
    ///
    /// # Errors
    /// [`SinkError`] when no further file can be taken.
    async fn put(&self, path: &str, content: Content) -> Result<Settled, SinkError>;

    /// Whether a file that was settled in an earlier run is still held.
    async fn still_holds(&self, settled: &Settled) -> bool;
}

/// Why an import can't go on.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// No room is left. What was counted is safe.
    #[error("the archive is full; what was counted is safe")]
    Full(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Nothing can be taken any more.
    #[error("the import can't go on; what was counted is safe")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What to import.
pub struct Import {
    /// Folders, files, archives.
    pub roots: Vec<PathBuf>,
    /// Threads that read.
    pub readers: usize,
    /// Files settled in earlier runs.
    pub journal: Option<Journal>,
}

/// Imports everything under the roots. `each` sees every line as it is settled.
///
/// # Errors
/// [`SinkError`] when the sink can take no more; every line told before stays true.
pub async fn run(
    import: Import,
    sink: Arc<dyn Sink>,
    stop: CancellationToken,
    mut each: impl FnMut(&Line) + Send,
) -> Result<(), SinkError> {
    let Import { roots, readers, mut journal } = import;
    let known = journal.as_ref().map(Journal::known).unwrap_or_default();
    let mut found = reader::start(roots, readers, known, stop.clone());
    let mut under_way = JoinSet::new();
    let mut failed = None;
    let mut settle = |done: Result<Result<Line, SinkError>, tokio::task::JoinError>| match done
        .map_err(|error| SinkError::Failed(error.into()))
        .flatten()
    {
        Ok(line) => {
            if let Some(journal) = &mut journal {
                journal.add(&line);
            }
            each(&line);
        }
        Err(error) => {
            stop.cancel();
            failed.get_or_insert(error);
        }
    };
    loop {
        tokio::select! {
            biased;
            Some(done) = under_way.join_next() => settle(done),
            next = found.recv(), if under_way.len() < IN_FLIGHT => match next {
                Some(next) => { under_way.spawn(take(Arc::clone(&sink), next)); }
                None => break,
            },
        }
    }
    while let Some(done) = under_way.join_next().await {
        settle(done);
    }
    failed.map_or(Ok(()), Err)
}

async fn take(sink: Arc<dyn Sink>, found: Found) -> Result<Line, SinkError> {
    let Found { path, stamp, content, held } = found;
    let size = stamp.as_ref().map(|stamp| stamp.size);
    let (settled, again) = match content {
        Content::Settled(settled) if sink.still_holds(&settled).await => (settled.again(), true),
        Content::Settled(_) => {
            let content = reader::read_again(&path, stamp.as_ref()).await;
            (sink.put(&path, content).await?, false)
        }
        Content::Trouble(trouble) => (Settled::refused(trouble), false),
        content => (sink.put(&path, content).await?, false),
    };
    drop(held);
    Ok(Line { path, size, settled, again, stamp })
}

/// Intake as a sink, for a data folder that no server uses.
pub struct IntakeSink {
    intake: Intake,
    account: String,
    attach_to: Option<Subject>,
}

impl IntakeSink {
    /// Files brought by `account`. With a subject, files that are not DICOM are attached to it
    /// instead of being refused.
    #[must_use]
    pub const fn new(intake: Intake, account: String, attach_to: Option<Subject>) -> Self {
        Self { intake, account, attach_to }
    }

    fn source(&self, path: &str) -> Source {
        Source {
            door: Door::Import,
            account: self.account.clone(),
            peer: None,
            path: Some(path.into()),
            received_at: Timestamp::now(),
        }
    }

    async fn put_chunks(&self, path: &str, mut chunks: Chunks) -> Result<Settled, PutError> {
        let first = chunks.next().await?.unwrap_or_default();
        let subject = self.attach_to.clone().filter(|_| looks(&first) != Looks::Dicom);
        if let Some(subject) = subject {
            let mut attaching = self.intake.begin_attachment(subject, path, media_type(path));
            attaching.push(first).await?;
            while let Some(chunk) = chunks.next().await? {
                attaching.push(chunk).await?;
            }
            return Ok(Settled::attached(&attaching.finish(self.source(path)).await?));
        }
        let mut incoming = self.intake.begin();
        incoming.strangers(Strangers::Refuse);
        if !first.is_empty() && looks(&first) != Looks::Dicom {
            // Nothing to gain from the rest of it; and an archive's bomb stops here.
            return Ok(Settled::not_dicom(&first));
        }
        incoming.push(first).await?;
        while let Some(chunk) = chunks.next().await? {
            incoming.push(chunk).await?;
        }
        Ok(Settled::of(&incoming.finish(self.source(path)).await?))
    }
}

#[async_trait]
impl Sink for IntakeSink {
    async fn put(&self, path: &str, content: Content) -> Result<Settled, SinkError> {
        let chunks = match content {
            Content::Whole(bytes) => Chunks::Whole(Some(bytes)),
            Content::Stream(receiver) => Chunks::Stream(receiver),
            Content::Trouble(trouble) => return Ok(Settled::refused(trouble)),
            Content::Settled(settled) => return Ok(settled),
        };
        match self.put_chunks(path, chunks).await {
            Ok(settled) => Ok(settled),
            Err(PutError::Read(trouble)) => Ok(Settled::refused(trouble)),
            Err(PutError::Intake(IntakeError::TooLarge { .. })) => Ok(Settled::refused(Trouble::TooLarge)),
            Err(PutError::Intake(error)) if error.is_full() => Err(SinkError::Full(error.into())),
            Err(PutError::Intake(error)) => Err(SinkError::Failed(error.into())),
        }
    }

    async fn still_holds(&self, settled: &Settled) -> bool {
        let (Some(series), Some(instance), Some(digest)) =
            (&settled.series_instance_uid, &settled.sop_instance_uid, settled.sha256)
        else {
            return false;
        };
        self.intake.holds(series, instance, &digest).await.unwrap_or(false)
    }
}

enum PutError {
    Read(Trouble),
    Intake(IntakeError),
}

impl From<IntakeError> for PutError {
    fn from(error: IntakeError) -> Self {
        Self::Intake(error)
    }
}

enum Chunks {
    Whole(Option<Bytes>),
    Stream(mpsc::Receiver<Result<Bytes, Trouble>>),
}

impl Chunks {
    async fn next(&mut self) -> Result<Option<Bytes>, PutError> {
        match self {
            Self::Whole(bytes) => Ok(bytes.take()),
            Self::Stream(receiver) => receiver.recv().await.transpose().map_err(PutError::Read),
        }
    }
}

/// A guess from the file's name, for files that are attached.
#[must_use]
pub fn media_type(path: &str) -> &'static str {
    let name = path.to_ascii_lowercase();
    let known = [
        (".nii.gz", "application/gzip"),
        (".nii", "application/octet-stream"),
        (".pdf", "application/pdf"),
        (".csv", "text/csv"),
        (".tsv", "text/tab-separated-values"),
        (".txt", "text/plain"),
        (".json", "application/json"),
        (".xml", "application/xml"),
        (".png", "image/png"),
        (".jpg", "image/jpeg"),
        (".jpeg", "image/jpeg"),
        (".mp4", "video/mp4"),
        (".zip", "application/zip"),
        (".gz", "application/gzip"),
        (".zst", "application/zstd"),
    ];
    let found = known.iter().find(|(suffix, _)| name.ends_with(suffix));
    found.map_or("application/octet-stream", |(_, media_type)| media_type)
}

/// Turns what went wrong with reading a file into a reason.
pub(crate) fn trouble_of(error: &io::Error) -> Trouble {
    Trouble::FileUnreadable { detail: error.kind().to_string() }
}
