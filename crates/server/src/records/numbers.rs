//! Numbers of persons and records are kept in the archive (ADR 75): written there when some were given, and read back
//! before anything else where the ledger knows none.

use super::{RecordsError, Source};
use crate::App;
use futures::TryStreamExt;
use intake::{Format, Locator, RecordHead};
use model::{Door, Timestamp};
use records::names::NumberOf;

/// Numbers in one entry of the archive.
const AT_ONCE: i64 = 20_000;
/// So many are written, whenever the last were.
const MANY: i64 = 5000;
/// Fewer wait for so long, in microseconds: each entry costs a flush.
const EVERY: i64 = 600_000_000;
/// The cursor that says when the last were written.
const WRITTEN: &str = "numbers-written";
/// The cursor that says that the archive was looked through for numbers.
pub(super) const READ_BACK: &str = "numbers";

/// Where that cursor stands meanwhile.
const READING: &str = "reading";
/// Who reads back is alone: nobody gives numbers while some are not known yet.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
/// Writes the numbers that wait to the archive, when there are many or the last were written a while ago.
pub(super) async fn keep_now_and_then(app: &App) -> Result<(), RecordsError> {
    let waiting = app.records.count_numbers_to_keep().await?;
    if waiting == 0 {
        return Ok(());
    }
    let now = Timestamp::now().as_micros();
    let last = app.records.cursor(WRITTEN).await?.and_then(|text| text.parse::<i64>().ok());
    if waiting >= MANY || last.is_some_and(|last| now - last >= EVERY) {
        keep(app).await?;
    } else if last.is_some() {
        return Ok(());
    }
    app.records.move_cursor(WRITTEN, &now.to_string()).await?;
    Ok(())
}

/// Writes all numbers that wait to the archive.
///
/// # Errors
/// [`RecordsError`]; those that were not written wait on.
async fn keep(app: &App) -> Result<(), RecordsError> {
    loop {
        let numbers = app.records.numbers_to_keep(AT_ONCE).await?;
        if numbers.is_empty() {
            return Ok(());
        }
        let lines: String = numbers.iter().map(|one| format!("{}\n", serde_json::json!(one))).collect();
        let head = RecordHead { format: Format::Numbers, file_name: None, system: None };
        let mut kept = app.intake.begin_record(head);
        kept.push(lines.into()).await?;
        let received_at = Timestamp::now();
        let account = "isocenter".to_owned();
        let source = model::Source { door: Door::Made, account, peer: None, path: None, received_at };
        kept.finish(source).await?;
        app.records.kept_numbers(&numbers).await?;
    }
}

/// Learns what one entry of the archive keeps.
pub(super) async fn learn(app: &App, locator: &Locator) -> Result<(), RecordsError> {
    let content = app.archive.read(locator, 0..locator.length).await?;
    let lines = content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    // A line that can't be read is of a later version; its name gets another number.
    let numbers: Vec<NumberOf> = lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
    app.records.learn_numbers(&numbers).await?;
    Ok(())
}

/// Reads back what the archive keeps, once, before anything is given a number: in a ledger that knows none, it may
/// be that the ledger was lost. Stopped half-way, it begins again.
pub(super) async fn read_back(app: &App) -> Result<(), RecordsError> {
    let _turn = TURN.lock().await;
    let cursor = app.records.cursor(READ_BACK).await?;
    if cursor.as_deref() == Some(super::DONE) {
        return Ok(());
    }
    if cursor.is_some() || !app.records.has_numbers().await? {
        app.records.move_cursor(READ_BACK, READING).await?;
        let mut entries = std::pin::pin!(app.archive.scan(None));
        while let Some(entry) = entries.try_next().await? {
            let source = Source { head: entry.head, locator: entry.locator };
            if source.head.kind == intake::Kind::Record && source.format() == Some(Format::Numbers) {
                learn(app, &source.locator).await?;
            }
            app.health.note::<RecordsError>("records", Ok(()));
        }
    }
    app.records.move_cursor(READ_BACK, super::DONE).await?;
    Ok(())
}
