//! Entries to append, and archives to append them to.

use crate::archive::{Archive, ArchiveConfig};
use bytes::Bytes;
use intake::{Kind, NewEntry, NewEntryHead};
use model::{Door, Sha256Digest, Source, Timestamp};
use sha2::{Digest, Sha256};
use std::path::Path;

pub fn digest(content: &[u8]) -> Sha256Digest {
    Sha256Digest(Sha256::digest(content).into())
}

/// Bytes that differ from one number to another and don't compress to nothing.
pub fn content(number: u64, length: usize) -> Bytes {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes.into()
}

pub fn head(number: u64, content: &[u8]) -> NewEntryHead {
    NewEntryHead {
        kind: Kind::Instance,
        name: format!("1.2.840.{}/1.2.3/1.2.3.{number}.dcm", number % 7),
        digest: digest(content),
        source: Source {
            door: Door::Import,
            account: "test".into(),
            peer: None,
            path: Some(format!("in/{number}")),
            received_at: Timestamp::from_micros(1_790_000_000_000_000 + number as i64),
        },
        details: serde_json::Map::from_iter([("number".to_owned(), number.into())]),
    }
}

pub fn entry(number: u64, length: usize) -> NewEntry {
    let content = content(number, length);
    let NewEntryHead { kind, name, digest, source, details } = head(number, &content);
    let half = content.len() / 2;
    let content = vec![content.slice(..half), content.slice(half..)];
    NewEntry { kind, name, digest, source, details, content, header: None }
}

pub fn config(folder: &Path) -> ArchiveConfig {
    ArchiveConfig { reserve: 0, ..ArchiveConfig::new(folder) }
}

pub async fn open(folder: &Path) -> Archive {
    Archive::open(config(folder)).await.unwrap()
}

/// The files below a folder that hold segments.
pub fn segment_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut todo = vec![folder.join("segments")];
    while let Some(next) = todo.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { todo.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
