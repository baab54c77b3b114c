//! One frame: read, kept, answered. It is kept whether it can be read or not; its sender hears success only of what
//! is durable and was understood.

use super::session::Sender;
use super::{Door, SMALL};
use bytes::Bytes;
use govern::{Action, Resource, authorize};
use hl7::ack::{Verdict, answer, answer_to_nothing};
use hl7::{Kind, Message, Problem, Refusal};
use intake::{Format, IntakeError, RecordHead};
use model::{Source, Timestamp};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What became of a frame, and what its sender is told.
pub(super) struct Answer {
    pub outcome: Outcome,
    pub text: Option<Vec<u8>>,
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Kept, and understood.
    Kept,
    /// Kept, but refused.
    Refused,
    /// Not kept.
    Lost,
}

/// A message, or why there is none, and what is wrong with it.
type Read = Result<(Message, Option<Refusal>), Refusal>;

/// Takes one frame.
pub(super) async fn take(door: &Arc<Door>, sender: &Sender, frame: Vec<u8>) -> Answer {
    let content = Bytes::from(frame);
    let read = read(&content).await;
    let kept = keep(door, sender, content).await;
    let mut outcome = Outcome::Kept;
    let texts = read.iter().filter_map(|one| {
        let refusal = match one {
            _ if kept.is_err() => Some(Refusal::at("MSH", Problem::NotKept)),
            Ok((_, refusal)) => refusal.clone(),
            Err(refusal) => Some(refusal.clone()),
        };
        if refusal.is_some() {
            outcome = Outcome::Refused;
        }
        told(door, one, refusal.as_ref())
    });
    let texts: Vec<_> = texts.collect();
    let outcome = if kept.is_err() { Outcome::Lost } else { outcome };
    Answer { outcome, text: together(texts) }
}

/// The answer to a frame that was not taken.
pub(super) fn refuse(door: &Door, refusal: &Refusal) -> Answer {
    let text = answer_to_nothing(refusal, &control_id(door), Timestamp::now());
    Answer { outcome: Outcome::Lost, text: Some(text) }
}

/// Reads what is in a frame: a message, or a batch of them. Large ones are read where they hold nobody up.
async fn read(content: &Bytes) -> Vec<Read> {
    if content.len() < SMALL / 4 {
        return read_now(content);
    }
    let content = content.clone();
    let read = tokio::task::spawn_blocking(move || read_now(&content)).await;
    read.unwrap_or_else(|_| vec![Err(Refusal::at("MSH", Problem::NotKept))])
}

fn read_now(content: &[u8]) -> Vec<Read> {
    let batch = hl7::batch::split(content);
    if batch.messages.len() > 1 {
        return batch.messages.into_iter().map(read_one).collect();
    }
    vec![read_one(batch.messages.first().copied().unwrap_or(content))]
}

fn read_one(content: &[u8]) -> Read {
    let message = Message::parse(content)?;
    let refusal = refusal(&message);
    Ok((message, refusal))
}

/// What is wrong with a message: its header, or that nothing can be understood of it.
fn refusal(message: &Message) -> Option<Refusal> {
    match message.kind() {
        Err(refusal) => return Some(refusal),
        Ok(Kind::Other) => return None,
        Ok(_) => {}
    }
    // Translated it is by the worker that keeps records; here it is enough that it says something.
    if hl7::names_somebody(message) {
        return None;
    }
    let translation = hl7::translate(message);
    let wrong = || translation.left.iter().find(|left| left.refused);
    let silent = translation.statements.is_empty();
    silent.then(wrong).flatten().map(|left| Refusal::at(left.place.clone(), Problem::Missing))
}

/// Makes a frame durable, as it came.
async fn keep(door: &Door, sender: &Sender, content: Bytes) -> Result<(), ()> {
    let app = &door.app;
    let allowed = authorize(&sender.principal, Action::Store, &Resource::Archive).is_ok();
    if !allowed || app.govern.audit.is_failing().await {
        tracing::error!(peer = %sender.principal, "an HL7 message was not kept: the audit log can't be written");
        return Err(());
    }
    let went = async {
        let mut recording =
            app.intake.begin_record(RecordHead { format: Format::Hl7v2, file_name: None, system: None });
        recording.push(content).await?;
        recording.finish(source(sender)).await
    };
    went.await.map(drop).map_err(|error: IntakeError| {
        let causes = std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
        let error = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
        tracing::error!(peer = %sender.principal, error, "an HL7 message was not kept");
    })
}

fn source(sender: &Sender) -> Source {
    Source {
        door: model::Door::Mllp,
        account: sender.principal.to_string(),
        peer: Some(sender.address.to_string()),
        path: None,
        received_at: Timestamp::now(),
    }
}

fn told(door: &Door, read: &Read, refusal: Option<&Refusal>) -> Option<Vec<u8>> {
    let (id, now) = (control_id(door), Timestamp::now());
    match (read, refusal) {
        (Ok((message, _)), None) => answer(message, Verdict::Kept, &id, now),
        (Ok((message, _)), Some(refusal)) => answer(message, Verdict::Refused(refusal), &id, now),
        (Err(_), Some(refusal)) => Some(answer_to_nothing(refusal, &id, now)),
        (Err(refusal), None) => Some(answer_to_nothing(refusal, &id, now)),
    }
}

/// The answers to a batch are a batch (v2.9 §2.10.3).
fn together(mut texts: Vec<Vec<u8>>) -> Option<Vec<u8>> {
    match texts.len() {
        0 | 1 => texts.pop(),
        count => {
            let end = format!("BTS|{count}\r");
            Some([b"BHS|^~\\&\r".to_vec(), texts.concat(), end.into_bytes()].concat())
        }
    }
}

/// At most 20 characters, as MSH-10 allows everywhere: the time in microseconds, and a count.
fn control_id(door: &Door) -> String {
    let count = door.answers.fetch_add(1, Ordering::Relaxed) % 0x10_0000;
    format!("{:x}-{count:05x}", Timestamp::now().as_micros())
}
