//! Decisions, kept in the archive beside what they decide about.

use crate::shelf::{Kind, NewEntry};
use bytes::Bytes;
use model::{Sha256Digest, Source};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// A decision as an entry: `event` names it, `about` says what it is about.
#[must_use]
pub fn event(event: &str, about: Map<String, Value>, source: Source) -> NewEntry {
    let mut decision = Map::new();
    decision.insert("event".into(), event.into());
    decision.extend(about);
    decision.insert("account".into(), source.account.as_str().into());
    decision.insert("at".into(), json!(source.received_at.to_string()));
    let content = Value::Object(decision.clone()).to_string();
    let digest = Sha256Digest(Sha256::digest(&content).into());
    let stamp = source.received_at.as_micros();
    let name = format!("events/{stamp}-{}.json", &digest.to_hex()[..12]);
    NewEntry {
        kind: Kind::Event,
        name,
        digest,
        source,
        details: decision,
        content: vec![Bytes::from(content)],
        header: None,
    }
}
