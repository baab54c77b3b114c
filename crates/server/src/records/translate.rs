//! Sources to statements: each format by its own crate.

mod bytes;
mod codes;
mod files;

use super::{RecordsError, Source};
use crate::App;
use clinical::When;
use hl7::Message;
use intake::Format;
use records::{Sent, Taken};
use std::sync::Arc;

/// Messages up to this size are translated where they stand.
const SMALL: u64 = 256 << 10;
/// Messages of a batch that are taken together.
const MESSAGES: usize = 200;

/// What a small message says; none when it must be read another way.
pub(super) async fn small(app: &App, source: &Source) -> Result<Option<Taken>, RecordsError> {
    let small = source.locator.length <= SMALL;
    match source.format() {
        None => Ok(Some(refused(source, "this program does not know how to read it"))),
        Some(Format::Part) => Ok(Some(Taken { part: true, ..begun(source) })),
        Some(Format::Hl7v2) if small => {
            let content = app.archive.read(&source.locator, 0..source.locator.length).await?;
            let batch = hl7::batch::split(&content);
            match batch.messages[..] {
                [message] if batch.left.is_empty() => Ok(Some(said(source, message))),
                [] => Ok(Some(refused(source, "there is no MSH segment in it"))),
                _ => Ok(None),
            }
        }
        Some(_) => Ok(None),
    }
}

/// Takes a file of many parts, some at a time.
pub(super) async fn large(app: &Arc<App>, source: Source) -> Result<(), RecordsError> {
    match source.format() {
        Some(Format::Hl7v2) => messages(app, &source).await,
        Some(format @ (Format::Fhir | Format::FhirNdjson | Format::Omop | Format::Table | Format::Vcf)) => {
            files::read(app, &source, format).await
        }
        Some(Format::Codes) => codes::read(app, &source).await,
        _ => {
            let taken = refused(&source, "this program does not know how to read it");
            app.records.take(&[taken]).await.map(drop).map_err(Into::into)
        }
    }
}

/// A source of which nothing was read yet.
fn begun(source: &Source) -> Taken {
    Taken {
        head: source.head.clone(),
        locator: source.locator.clone(),
        sent: Sent::default(),
        first: (0, 0),
        statements: Vec::new(),
        left: Vec::new(),
        ends: true,
        refusal: None,
        part: false,
    }
}

fn refused(source: &Source, why: &str) -> Taken {
    Taken { refusal: Some(why.into()), ..begun(source) }
}

/// What one HL7 message says.
fn said(source: &Source, content: &[u8]) -> Taken {
    let message = match Message::parse(content) {
        Ok(message) => message,
        Err(refusal) => return refused(source, &refusal.to_string()),
    };
    let translation = hl7::translate(&message);
    Taken {
        sent: sent(&message),
        statements: translation.statements,
        left: translation.left,
        ..begun(source)
    }
}

fn sent(message: &Message) -> Sent {
    let header = message.header();
    let (kind, trigger) = message.kind_and_trigger();
    let sender = [3, 4].into_iter().filter_map(|field| header.first(field)).collect::<Vec<_>>();
    Sent {
        title: if trigger.is_empty() { kind } else { format!("{kind}^{trigger}") },
        control: header.first(10).unwrap_or_default(),
        sender: sender.join("|"),
        at: header.first(7).and_then(|at| When::parse_hl7(&at).ok()).map(|at| at.earliest().as_micros()),
    }
}

/// A batch of HL7 messages.
async fn messages(app: &App, source: &Source) -> Result<(), RecordsError> {
    let content = app.archive.read(&source.locator, 0..source.locator.length).await?;
    let batch = hl7::batch::split(&content);
    let mut taken = Taken { left: batch.left, ends: false, ..begun(source) };
    taken.sent.title = format!("batch of {}", batch.messages.len());
    for (at, message) in batch.messages.iter().enumerate() {
        let one = said(source, message);
        let place = |place: &str| format!("message[{}].{place}", at + 1);
        taken.statements.extend(one.statements.into_iter().map(|mut statement| {
            statement.place = place(&statement.place);
            statement
        }));
        let refusal = one.refusal.map(|why| clinical::Left { place: "MSH".into(), why, refused: true });
        taken.left.extend(one.left.into_iter().chain(refusal).map(|mut left| {
            left.place = place(&left.place);
            left
        }));
        if (at + 1) % MESSAGES == 0 {
            taken = continued(app, taken).await?;
        }
    }
    taken.ends = true;
    app.records.take(&[taken]).await?;
    Ok(())
}

/// Takes a part; what comes next begins behind it.
async fn continued(app: &App, taken: Taken) -> Result<Taken, RecordsError> {
    let first = (taken.first.0 + taken.statements.len() as i64, taken.first.1 + taken.left.len() as i64);
    let next = Taken { first, statements: Vec::new(), left: Vec::new(), ..taken.clone() };
    app.records.take(&[taken]).await?;
    Ok(next)
}
