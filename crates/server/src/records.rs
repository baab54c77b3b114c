//! Messages and files about patients become records: what the catalog hands on is translated, taken, linked, and
//! reports are read. Whatever stops in between, it goes on from the outbox's position; twice is the same as once.
//! Read in this order: this file, [`translate`], [`numbers`].

mod numbers;
mod translate;

use crate::App;
use crate::text_model::{TextModel, TextModelError};
use catalog::elsewhere::ELSEWHERE;
use catalog::index::{DECIDED, RECORDS, TOPIC};
use intake::{Format, Locator, NewEntryHead};
use model::Timestamp;
use reading::{ENGINE, Reading};
use records::decide::Decided;
use records::exams::Held;
use records::opinions::Opinions;
use records::{Taken, Unread};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use store::outbox;
use tokio_util::sync::CancellationToken;

/// Consumers of the outbox that hear of exams.
const EXAMS: [(&str, &str); 2] = [("records-exams", TOPIC), ("records-decided", DECIDED)];
/// The consumer that hears of exams that peers hold.
const OTHERS: &str = "records-elsewhere";
/// The cursor that says all of these were told of once.
const ALL_OTHERS: &str = "elsewhere";
/// The consumer that hears of messages and files.
const SOURCES: &str = "records";
/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Events heard in one go.
const AT_ONCE: i64 = 100;
/// Exams written in one transaction.
const EXAMS_AT_ONCE: usize = 25;
/// Messages taken in one transaction: senders of images wait meanwhile.
const MESSAGES_AT_ONCE: usize = 200;
/// Reports read in one go.
const REPORTS: i64 = 200;
/// The cursor that says all exams were gone through once.
const ALL_EXAMS: &str = "exams";
/// Where that cursor stands then.
const DONE: &str = "done";

/// Why a round ended; it is tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordsError {
    /// The ledger.
    #[error("the records could not be written")]
    Ledger(#[from] sqlx::Error),
    /// The archive.
    #[error("a message or file about patients could not be read from the archive")]
    Read(#[from] archive::ReadError),
    /// A file in passing.
    #[error("a message or file about patients could not be put aside to be read")]
    Aside(#[from] std::io::Error),
    /// The archive can't be written.
    #[error("the numbers of persons and records could not be kept in the archive")]
    Keep(#[from] intake::IntakeError),
    /// A thread ended.
    #[error("reading a message or file about patients was broken off")]
    Broken,
}

/// Works until `stop`.
pub(crate) async fn run(app: Arc<App>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let went = round(&app, &stop).await;
        if let Err(error) = &went {
            let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            tracing::warn!(%error, cause, "reading records paused");
        }
        app.health.note("records", went.as_ref().map(drop));
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn round(app: &Arc<App>, stop: &CancellationToken) -> Result<(), RecordsError> {
    numbers::read_back(app).await?;
    go_through_exams(app, stop).await?;
    for (consumer, topic) in EXAMS {
        while !stop.is_cancelled() && hear_exams(app, consumer, topic).await? {}
    }
    if app.records.cursor(ALL_OTHERS).await?.is_none() {
        app.catalog.tell_all_elsewhere().await?;
        app.records.move_cursor(ALL_OTHERS, DONE).await?;
    }
    while !stop.is_cancelled() && hear_exams(app, OTHERS, ELSEWHERE).await? {}
    while !stop.is_cancelled() && hear_sources(app).await? {}
    while !stop.is_cancelled() && read_reports(app).await? {}
    numbers::keep_now_and_then(app).await
}

/// Drops all records, to be made again from what the catalog hands on while it is made again: each exam too.
///
/// # Errors
/// [`RecordsError`].
pub(crate) async fn start_again(app: &App) -> Result<(), RecordsError> {
    numbers::read_back(app).await?;
    app.records.clear().await?;
    app.records.move_cursor(numbers::READ_BACK, DONE).await?;
    app.records.move_cursor(ALL_EXAMS, DONE).await?;
    Ok(())
}

/// Takes every exam once: those that were there before records were kept.
async fn go_through_exams(app: &App, stop: &CancellationToken) -> Result<(), RecordsError> {
    let known = app.records.cursor(ALL_EXAMS).await?;
    if known.is_none() {
        // What is told of exams so far is in what they are by now: nobody is taken twice.
        let last = app.ledger.last_event().await?;
        for (consumer, _) in EXAMS {
            let behind = app.ledger.position(consumer).await? < last;
            let position = behind.then_some((consumer, last));
            app.records.take_exams(Held::Here, &[], position, Timestamp::now().as_micros()).await?;
        }
    }
    let mut at = known.unwrap_or_default();
    while at != DONE && !stop.is_cancelled() {
        let studies = app.catalog.studies_after(&at, EXAMS_AT_ONCE as i64).await?;
        let exams = app.catalog.exam_facts(&studies).await?;
        app.records.take_exams(Held::Here, &exams, None, Timestamp::now().as_micros()).await?;
        at = studies.last().cloned().unwrap_or_else(|| DONE.into());
        app.records.move_cursor(ALL_EXAMS, &at).await?;
        app.health.note::<RecordsError>("records", Ok(()));
    }
    Ok(())
}

/// Takes the exams that something happened to. Whether there may be more.
async fn hear_exams(app: &App, consumer: &str, topic: &str) -> Result<bool, RecordsError> {
    let events = app.ledger.events(topic, app.ledger.position(consumer).await?, AT_ONCE).await?;
    let Some(last) = events.last().map(|event| event.id) else { return Ok(false) };
    let mut studies = Vec::new();
    for event in &events {
        let told: serde_json::Value = serde_json::from_str(&event.payload).unwrap_or_default();
        let exams = told["exams"].as_array().into_iter().flatten();
        let uids = exams.filter_map(|exam| exam.as_str().or_else(|| exam["studyInstanceUid"].as_str()));
        studies.extend(uids.map(str::to_owned));
    }
    studies.sort_unstable();
    studies.dedup();
    // Senders wait while rows are written: a few at a time. The position moves with the last of them.
    let mut parts = studies.chunks(EXAMS_AT_ONCE).peekable();
    while let Some(part) = parts.next() {
        let position = parts.peek().is_none().then_some((consumer, last));
        let now = Timestamp::now().as_micros();
        if topic == ELSEWHERE {
            let exams = app.catalog.elsewhere_facts(part).await?;
            app.records.take_exams(Held::Elsewhere, &exams, position, now).await?;
        } else {
            let exams = app.catalog.exam_facts(part).await?;
            app.records.take_exams(Held::Here, &exams, position, now).await?;
        }
        app.health.note::<RecordsError>("records", Ok(()));
    }
    if studies.is_empty() {
        app.records.take_exams(Held::Here, &[], Some((consumer, last)), Timestamp::now().as_micros()).await?;
    }
    Ok(true)
}

/// What the catalog hands on.
#[derive(Deserialize)]
struct HandedOn {
    records: Vec<Source>,
}

/// A message or file, and where it stands.
#[derive(Deserialize)]
pub(crate) struct Source {
    head: NewEntryHead,
    locator: Locator,
}

impl Source {
    fn format(&self) -> Option<Format> {
        self.detail("format").and_then(Format::parse)
    }

    fn detail(&self, name: &str) -> Option<&str> {
        self.head.details.get(name)?.as_str()
    }
}

/// Has a message or file read once more.
///
/// # Errors
/// The ledger's.
pub(crate) async fn read_again(app: &App, id: &str) -> Result<(), sqlx::Error> {
    let Some((head, locator)) = app.records.unsay(id).await? else { return Ok(()) };
    let payload = serde_json::json!({"records": [{"head": head, "locator": locator}]}).to_string();
    let mut tx = app.ledger.write().await?;
    outbox::append(&app.ledger, &mut tx, RECORDS, &payload).await?;
    tx.commit().await
}

/// Whether something that came waits to be read.
///
/// # Errors
/// The ledger's.
pub(crate) async fn is_busy(app: &App) -> Result<bool, sqlx::Error> {
    for (consumer, topic) in EXAMS.into_iter().chain([(OTHERS, ELSEWHERE), (SOURCES, RECORDS)]) {
        if !app.ledger.events(topic, app.ledger.position(consumer).await?, 1).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes the messages and files that came. Whether there may be more.
async fn hear_sources(app: &Arc<App>) -> Result<bool, RecordsError> {
    let events = app.ledger.events(RECORDS, app.ledger.position(SOURCES).await?, AT_ONCE).await?;
    let Some(last) = events.last().map(|event| event.id) else { return Ok(false) };
    let handed = events.iter().filter_map(|event| serde_json::from_str::<HandedOn>(&event.payload).ok());
    let mut small = Vec::new();
    for source in handed.flat_map(|handed| handed.records) {
        // Small ones share a transaction; their order is kept.
        match translate::small(app, &source).await? {
            Some(taken) => {
                small.push(taken);
                if small.len() >= MESSAGES_AT_ONCE {
                    take(app, &mut small).await?;
                }
            }
            None => {
                take(app, &mut small).await?;
                whole(app, source).await?;
            }
        }
    }
    take(app, &mut small).await?;
    let mut tx = app.ledger.write().await?;
    outbox::advance(&mut tx, SOURCES, last).await?;
    tx.commit().await?;
    Ok(true)
}

async fn take(app: &App, taken: &mut Vec<Taken>) -> Result<(), RecordsError> {
    if !taken.is_empty() {
        app.records.take(taken).await?;
        taken.clear();
    }
    Ok(())
}

/// A decision, numbers, or a file of many parts.
async fn whole(app: &Arc<App>, source: Source) -> Result<(), RecordsError> {
    if source.format() == Some(Format::Numbers) {
        return numbers::learn(app, &source.locator).await;
    }
    if source.format() != Some(Format::Decision) {
        return translate::large(app, source).await;
    }
    let content = app.archive.read(&source.locator, 0..source.locator.length).await?;
    let done = match serde_json::from_slice::<Decided>(&content) {
        Ok(decided) => app.records.decide(&decided).await?,
        Err(_) => false,
    };
    if !done {
        tracing::warn!(
            source = source.detail("id"),
            "a decision about records speaks of something that isn't there"
        );
    }
    Ok(())
}

/// Reads reports that changed or that this engine has not read yet. Whether there may be more.
///
/// # Errors
/// [`RecordsError`].
pub(crate) async fn read_reports(app: &Arc<App>) -> Result<bool, RecordsError> {
    let reader = Arc::clone(&app.reader);
    let lexicon = reader.lexicon().version().to_owned();
    let reports = app.records.unread(ENGINE, &lexicon, REPORTS).await?;
    if reports.is_empty() {
        return Ok(false);
    }
    let model = app.text_model.clone();
    let read = tokio::task::spawn_blocking(move || {
        let read = |report: Unread| {
            let reading = reader.read(&report.text);
            (report, reading)
        };
        let read: Vec<_> = reports.into_iter().map(read).collect();
        let opinions = model.map(|model| opinions(&model, &read));
        (read, opinions)
    });
    let (read, opinions) = read.await.map_err(|_| RecordsError::Broken)?;
    if let Some(opinions) = &opinions {
        app.health.note("reading", opinions.as_ref().map(drop));
    }
    let opinions = opinions.and_then(Result::ok);
    let now = Timestamp::now().as_micros();
    app.records.keep_readings(ENGINE, &lexicon, &read, opinions.as_ref(), now).await?;
    Ok(true)
}

/// The text model's word on what was read. If it fails, the rules' stands alone.
fn opinions(model: &TextModel, read: &[(Unread, Reading)]) -> Result<Opinions, TextModelError> {
    let of = read.iter().map(|(report, reading)| reading.opinions(&report.text, model));
    let of = of.collect::<Result<_, _>>()?;
    Ok(Opinions { model: model.name.clone(), digest: model.digest.clone(), of })
}
