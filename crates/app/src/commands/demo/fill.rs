//! Filling an archive with the demo hospital, once.

use super::{bar, make, told};
use crate::commands::import::Way;
use crate::connection::{Connection, Requests, answer};
use anyhow::Context as _;
use demo::{DemoFile, Exam, Message};
use futures::{StreamExt, TryStreamExt, stream};
use intake::import::{Content, Line, Sink, SinkError, Tally, Verdict};
use intake::{Format, RecordHead};
use model::{Door, Phi, Source, StudyInstanceUid, Timestamp};
use reqwest::Method;
use server::App;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// In the data folder: which exams were made, a Study Instance UID a line.
pub(super) const DONE: &str = "demo-hospital";
/// Files on their way at a time; they share flushes.
const AT_ONCE: usize = 32;

/// An exam with what other systems say of it.
type Told = (Exam, Vec<Message>);

/// What filling came to.
pub(crate) struct Filled {
    pub(super) tally: Tally,
    pub(super) exams: usize,
}

impl fmt::Display for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (stored, held) = (self.tally.count(Verdict::Stored), self.tally.count(Verdict::AlreadyHeld));
        match (self.exams, held) {
            (0, _) => f.write_str("the demo hospital is there already"),
            (exams, 0) => write!(f, "the demo hospital is ready: {exams} exams, {stored} instances"),
            (exams, held) => write!(f, "{exams} exams: {stored} instances stored, {held} already there"),
        }
    }
}

/// Fills beside a running server of this process; tells how it went on the terminal.
pub(crate) async fn beside(app: Arc<App>, stop: CancellationToken) {
    let done = app.config.data.join(DONE);
    let post = Post::Rooms(Arc::clone(&app));
    let filled = async {
        fill(Way::rooms(&app, None)?, &post, demo::exams().into_iter().map(told).collect(), &done, &stop)
            .await
    };
    match filled.await {
        Ok(Filled { exams: 0, .. }) => {}
        // Stopping cuts it off; the next start goes on.
        _ if stop.is_cancelled() => {}
        Ok(filled) => println!("{filled}"),
        Err(error) => tracing::error!(error = %format!("{error:#}"), "the demo hospital is not complete"),
    }
}

/// Fills the data folder, or the server that has it.
pub(super) async fn through(
    connection: &Connection,
    exams: Vec<Told>,
    done: &Path,
) -> anyhow::Result<Filled> {
    let post = Post::Server(connection.requests());
    fill(Way::open(connection, None).await?, &post, exams, done, &CancellationToken::new()).await
}

/// How messages about the patients get there.
enum Post {
    /// Into the rooms of this process.
    Rooms(Arc<App>),
    /// To the server that has the data folder.
    Server(Requests),
}

impl Post {
    async fn send(&self, message: Message) -> anyhow::Result<()> {
        match self {
            Self::Rooms(app) => keep(app, message).await,
            Self::Server(requests) => {
                let path = format!("/api/v1/records/sources?format={}", message.format);
                let request = requests.request(Method::POST, &path).header("x-file-name", message.name);
                answer(request.body(message.text)).await.map(drop)
            }
        }
    }
}

async fn keep(app: &App, message: Message) -> anyhow::Result<()> {
    let format = Format::parse(message.format).context("the demo hospital speaks a format nobody knows")?;
    let head = RecordHead { format, file_name: Some(Phi::new(message.name)), system: None };
    let mut recording = app.intake.begin_record(head);
    recording.push(message.text.into()).await?;
    let account = "demo".to_owned();
    let source = Source { door: Door::Made, account, peer: None, path: None, received_at: Timestamp::now() };
    recording.finish(source).await?;
    Ok(())
}

async fn fill(
    way: Way,
    post: &Post,
    mut exams: Vec<Told>,
    done: &Path,
    stop: &CancellationToken,
) -> anyhow::Result<Filled> {
    let before = std::fs::read_to_string(done).unwrap_or_default();
    let before: BTreeSet<&str> = before.lines().collect();
    exams.retain(|(exam, _)| !before.contains(exam.study_instance_uid().as_str()));
    let mut filled = Filled { tally: Tally::default(), exams: 0 };
    if exams.is_empty() {
        return Ok(filled);
    }
    let mut studies = BTreeSet::new();
    let made = make_all(&way, post, exams, done, stop, &mut filled, &mut studies).await;
    // What came in is recorded in the audit log, also when the rest did not.
    let ended = way.end(&filled.tally, &studies).await;
    made.and(ended).map(|()| filled)
}

async fn make_all(
    way: &Way,
    post: &Post,
    exams: Vec<Told>,
    done: &Path,
    stop: &CancellationToken,
    filled: &mut Filled,
    studies: &mut BTreeSet<StudyInstanceUid>,
) -> anyhow::Result<()> {
    let record = OpenOptions::new().create(true).append(true).open(done);
    let mut record = record.with_context(|| format!("{} can't be written", done.display()))?;
    let bar = bar(exams.len());
    let mut said: BTreeMap<String, Vec<Message>> = BTreeMap::new();
    let mut all = Vec::new();
    for (exam, messages) in exams {
        said.insert(exam.study_instance_uid(), messages);
        all.push(exam);
    }
    let mut made = make(all, stop.clone());
    while let Some((finished, files)) = made.recv().await {
        put(way.sink(), files, &mut filled.tally).await?;
        if !finished.is_empty() {
            for message in said.remove(&finished).unwrap_or_default() {
                post.send(message).await?;
            }
            writeln!(record, "{finished}").context("what was made can't be recorded")?;
            studies.extend(StudyInstanceUid::parse(&finished));
            filled.exams += 1;
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    Ok(())
}

async fn put(sink: Arc<dyn Sink>, files: Vec<DemoFile>, tally: &mut Tally) -> Result<(), SinkError> {
    let putting = stream::iter(files).map(|file| {
        let sink = Arc::clone(&sink);
        async move {
            let (size, path) = (file.bytes.len() as u64, file.path);
            let settled = sink.put(&path, Content::Whole(file.bytes.into())).await?;
            Ok::<_, SinkError>(Line::new(path, Some(size), settled))
        }
    });
    let mut putting = pin!(putting.buffer_unordered(AT_ONCE));
    while let Some(line) = putting.try_next().await? {
        tally.add(&line);
    }
    Ok(())
}
