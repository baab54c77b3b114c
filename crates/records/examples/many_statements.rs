//! Has thousands of things said of one record, one message after the other, and measures how long they take:
//! the next is as quick as the first (ADR 77).
//!
//! `cargo run --release -p isocenter-records --example many_statements -- sqlite://many.db 8000`
#![expect(clippy::print_stdout, reason = "the figures are the point")]

use clinical::{Identifier, Record, Said, Statement, Told, When};
use intake::{Kind, Locator, NewEntryHead, SegmentId};
use isocenter_records as records;
use model::{Door, Sha256Digest, Source, Timestamp};
use records::{Records, Sent, Taken};
use serde_json::{Map, json};
use std::error::Error;
use std::time::Instant;
use store::Ledger;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let uri = arguments.next().unwrap_or_else(|| "sqlite://many.db".into());
    let count: i64 = arguments.next().map_or(Ok(8000), |count| count.parse())?;
    let records = Records::open(Ledger::open(&uri).await?).await?;
    let mut next = 1000;
    let whole = Instant::now();
    for at in 1..=count {
        records.take(&[message(at)?]).await?;
        if at == next {
            println!("{at} messages: {:.2} s in all", whole.elapsed().as_secs_f64());
            next *= 2;
        }
    }
    Ok(())
}

/// The nth message about one patient.
fn message(at: i64) -> Result<Taken, Box<dyn Error>> {
    let id = Identifier::new("NGH", "M1", Some("MR")).ok_or("an identifier")?;
    let content = json!({"resourceType": "Patient", "birthDate": "1970-01-01", "identifier": [id.to_json()],
        "name": [{"family": "Sample", "given": ["Anna"]}], "telecom": [{"value": at.to_string()}]});
    let record = Record {
        kind: "Patient".into(),
        keys: vec![id],
        patient: vec![],
        content,
        told: Told::Change,
        state: None,
    };
    let moment = Timestamp::from_micros(1_700_000_000_000_000 + at * 1_000_000);
    let said = Statement {
        said: Said::Record(Box::new(record)),
        at: Some(When::parse(&moment.to_string())?),
        place: "PID".into(),
    };
    let mut details = Map::new();
    details.insert("id".into(), format!("{at:032}").into());
    details.insert("format".into(), "hl7v2".into());
    let source =
        Source { door: Door::Mllp, account: "ris".into(), peer: None, path: None, received_at: moment };
    let digest = Sha256Digest([0; 32]);
    let head = NewEntryHead { kind: Kind::Record, name: format!("records/{at}"), digest, source, details };
    Ok(Taken {
        head,
        locator: Locator { segment: SegmentId("1".into()), offset: 0, length: 1 },
        sent: Sent { sender: "RIS|NGH".into(), ..Sent::default() },
        first: (0, 0),
        statements: vec![said],
        left: Vec::new(),
        ends: true,
        refusal: None,
        part: false,
    })
}
