//! The facts keep up: what the catalog and the records were told is told to the warehouse, which makes again what
//! it touched. It hears of an event after the records have, and waits for reports to be read.

use crate::App;
use crate::projects::membership::{self, TellError};
use catalog::elsewhere::ELSEWHERE;
use catalog::index::{DECIDED, RECORDS, TOPIC};
use govern::projects::SUBJECTS;
use model::Timestamp;
use reading::ENGINE;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use warehouse::WarehouseError;
use warehouse::clean::Cleaned;
use warehouse::gather::FORM;

/// Of each topic, the consumer that the warehouse follows, and its own.
const TOPICS: [(&str, &str, &str); 4] = [
    (TOPIC, "records-exams", "facts-exams"),
    (DECIDED, "records-decided", "facts-decided"),
    (ELSEWHERE, "records-elsewhere", "facts-elsewhere"),
    (RECORDS, "records", "facts-sources"),
];
/// The consumer's name for changes of who is in a project.
const MEMBERS: &str = "facts-members";
/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Events heard in one go.
const AT_ONCE: i64 = 100;
/// The cursor that says by which engine and lexicon the reports in the facts were read, and in which form rows were made.
const READ_BY: &str = "facts-read-by";

/// Why a round ended; it is tried again.
#[derive(Debug, thiserror::Error)]
enum FactsError {
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    #[error("facts could not be made")]
    Warehouse(#[from] WarehouseError),
    #[error("who is in which project is not known now")]
    Members(#[from] TellError),
}

/// Between two looks at what can be cleaned away.
const CLEAN_EVERY: Duration = Duration::from_secs(3600);

/// Works until `stop`.
pub(crate) async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut clean_at = Instant::now();
    // What happened while an earlier program ran is heard of in no event.
    let mut told = false;
    while !stop.is_cancelled() {
        let mut went = tell_members(&app, &mut told).await;
        if went.is_ok() {
            went = round(&app, &stop).await;
        }
        if went.is_ok() && Instant::now() >= clean_at {
            went = clean(&app).await;
            clean_at = Instant::now() + CLEAN_EVERY;
        }
        if let Err(error) = &went {
            let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            tracing::warn!(%error, cause, "making facts paused");
        }
        app.health.note("facts", went.as_ref().map(drop));
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Tells the facts who is in the projects that something changed in; the first time in all. While the vault is
/// locked nobody can say.
async fn tell_members(app: &App, told: &mut bool) -> Result<(), FactsError> {
    if app.projects.vault().is_err() {
        return Ok(());
    }
    if !*told {
        membership::tell_all(app).await?;
        *told = true;
    }
    loop {
        let events = app.ledger.events(SUBJECTS, app.ledger.position(MEMBERS).await?, AT_ONCE).await?;
        let Some(last) = events.last().map(|event| event.id) else { return Ok(()) };
        let project = |payload: &str| text(&serde_json::from_str::<Value>(payload).ok()?["project"]);
        let projects: BTreeSet<String> = events.iter().filter_map(|event| project(&event.payload)).collect();
        for project in projects {
            membership::tell(app, &project).await?;
        }
        let mut tx = app.ledger.write().await?;
        store::outbox::advance(&mut tx, MEMBERS, last).await?;
        tx.commit().await?;
    }
}

async fn round(app: &App, stop: &CancellationToken) -> Result<(), FactsError> {
    for (topic, before, own) in TOPICS {
        while !stop.is_cancelled() && hear(app, topic, before, own).await? {}
    }
    let lexicon = app.reader.lexicon().version();
    if !app.records.unread(ENGINE, lexicon, 1).await?.is_empty() {
        return Ok(());
    }
    let read_by = format!("{ENGINE} {lexicon} {FORM}");
    if app.records.cursor(READ_BY).await?.as_deref() != Some(read_by.as_str()) {
        app.warehouse.note_all(now()).await?;
        app.records.move_cursor(READ_BY, &read_by).await?;
    }
    while !stop.is_cancelled() && app.warehouse.refresh(now()).await? {
        app.health.note::<FactsError>("facts", Ok(()));
    }
    Ok(())
}

/// Cleans away versions, files and people whose time has come.
async fn clean(app: &App) -> Result<(), FactsError> {
    let cleaned = app.warehouse.clean(app.config.facts.terms(), now()).await?;
    if cleaned != Cleaned::default() {
        let Cleaned { versions, files, people } = cleaned;
        tracing::info!(versions, files, people, "cleaned the facts");
    }
    Ok(())
}

/// Hears of what the records have heard of. Whether there may be more.
async fn hear(app: &App, topic: &str, before: &str, own: &str) -> Result<bool, FactsError> {
    let reached = app.ledger.position(before).await?;
    let events = app.ledger.events(topic, app.ledger.position(own).await?, AT_ONCE).await?;
    let heard: Vec<_> = events.iter().take_while(|event| event.id <= reached).collect();
    let Some(last) = heard.last() else { return Ok(false) };
    let (mut studies, mut sources) = (Vec::new(), Vec::new());
    for event in &heard {
        let told: Value = serde_json::from_str(&event.payload).unwrap_or_default();
        let exams = told["exams"].as_array().into_iter().flatten();
        studies.extend(exams.filter_map(|exam| text(exam).or_else(|| text(&exam["studyInstanceUid"]))));
        let records = told["records"].as_array().into_iter().flatten();
        sources.extend(records.filter_map(|record| text(&record["head"]["details"]["id"])));
    }
    studies.sort_unstable();
    studies.dedup();
    // The exam by which somebody's membership is known may be gone.
    if topic == DECIDED && app.projects.vault().is_ok() {
        membership::tell_all(app).await?;
    }
    app.warehouse.note(&sources, &studies, (own, last.id), now()).await?;
    Ok(true)
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn now() -> i64 {
    Timestamp::now().as_micros()
}

/// Whether something that came is not in the facts yet.
///
/// # Errors
/// The ledger's.
pub(crate) async fn is_behind(app: &App) -> Result<bool, sqlx::Error> {
    for (topic, _, own) in TOPICS {
        if !app.ledger.events(topic, app.ledger.position(own).await?, 1).await?.is_empty() {
            return Ok(true);
        }
    }
    let open = app.projects.vault().is_ok();
    if open && !app.ledger.events(SUBJECTS, app.ledger.position(MEMBERS).await?, 1).await?.is_empty() {
        return Ok(true);
    }
    app.warehouse.is_behind().await
}
