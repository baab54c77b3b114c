//! The index at the end of a sealed segment, and the end itself.
//!
//! The last member of a sealed segment is `isocenter-index.jsonl`: one JSON object for each
//! entry, then one line of which the last 512 bytes tell where the index begins; then the two
//! zero blocks that end a tar archive. So whoever reads a segment's last 1,536 bytes, from a
//! file or from an object store, finds all its entries with one more read.

use super::entry::{EntryHead, Origin};
use super::ustar::Ustar;
use super::{BLOCK, block_end};
use intake::Kind;
use model::Sha256Digest;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The index's name in the segment.
pub const INDEX_NAME: &str = "isocenter-index.jsonl";
/// Bytes to read from the end of a segment to learn whether and how it is sealed.
pub const ENDING: usize = 3 * BLOCK;

/// One line of the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IndexLine {
    /// Where the entry's head begins.
    pub head: u64,
    /// The digest of the head's bytes, provenance and all.
    pub head_sha256: Sha256Digest,
    /// Where the content begins.
    pub offset: u64,
    /// Bytes of content as stored.
    pub length: u64,
    /// The digest of the content as it was received.
    pub sha256: Sha256Digest,
    /// What the entry is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its details.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub details: serde_json::Map<String, serde_json::Value>,
    /// Set when the entry was rewritten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

impl IndexLine {
    /// The line of the entry whose head begins at `at` and consists of these bytes.
    #[must_use]
    pub fn of(at: u64, entry: &EntryHead, head: &[u8]) -> Self {
        Self {
            head: at,
            head_sha256: Sha256Digest(Sha256::digest(head).into()),
            offset: at + entry.head_length,
            length: entry.length,
            sha256: entry.head.digest,
            kind: entry.head.kind,
            name: entry.head.name.clone(),
            details: entry.head.details.clone(),
            origin: entry.origin.clone(),
        }
    }

    /// The offset locators name: where the content began when it was appended.
    #[must_use]
    pub fn origin_offset(&self) -> u64 {
        self.origin.as_ref().map_or(self.offset, |origin| origin.offset)
    }
}

/// What the end of a sealed segment tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ending {
    /// The version of this format: 1.
    pub isocenter_index: u32,
    /// Where the index's header begins, which is where the entries end.
    pub at: u64,
    /// Bytes of index lines; they begin 512 bytes after `at`.
    pub length: u64,
    /// Number of lines.
    pub entries: u64,
    /// The digest of the lines.
    pub sha256: Sha256Digest,
    /// Where the entries ended before the segment was rewritten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appended: Option<u64>,
    /// Whether its instances were given smaller forms where that saved something.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recompressed: bool,
}

impl Ending {
    /// Reads the last [`ENDING`] bytes of a segment; `None` when it isn't sealed.
    #[must_use]
    pub fn parse(last: &[u8]) -> Option<Self> {
        let at = last.len().checked_sub(ENDING)?;
        let (line, zeros) = last[at..].split_at(BLOCK);
        let ending: Self = serde_json::from_slice(line).ok()?;
        (ending.isocenter_index == 1 && zeros.iter().all(|&b| b == 0)).then_some(ending)
    }

    /// Bytes of the whole segment.
    #[must_use]
    pub const fn file_length(&self) -> u64 {
        self.at + BLOCK as u64 + block_end(self.length) + ENDING as u64
    }

    /// Reads the lines, checking them against the digest.
    ///
    /// # Errors
    /// [`IndexError`] when they are not the lines that were written.
    pub fn lines(&self, bytes: &[u8]) -> Result<Vec<IndexLine>, IndexError> {
        if Sha256Digest(Sha256::digest(bytes).into()) != self.sha256 {
            return Err(IndexError);
        }
        let lines = bytes.split(|&b| b == b'\n').filter(|line| !line.is_empty());
        lines.map(|line| serde_json::from_slice(line).map_err(|_| IndexError)).collect()
    }
}

/// The index was changed after it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the segment's index is damaged")]
pub struct IndexError;

/// What the end of a segment that was rewritten says of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rewriting {
    /// Where the entries ended when they were appended.
    pub appended: u64,
    /// Whether its instances were given smaller forms where that saved something.
    pub recompressed: bool,
}

/// Writes an index piece by piece.
#[derive(Debug)]
pub struct IndexWriter {
    at: u64,
    length: u64,
    entries: u64,
    digest: Sha256,
}

impl IndexWriter {
    /// An index that begins where the entries end.
    #[must_use]
    pub fn new(at: u64) -> Self {
        Self { at, length: 0, entries: 0, digest: Sha256::new() }
    }

    /// Adds a line to bytes that will be written at [`IndexWriter::position`].
    pub fn line(&mut self, line: &IndexLine, out: &mut Vec<u8>) {
        let from = out.len();
        let json = serde_json::to_vec(line).unwrap_or_else(|_| unreachable!("plain data is JSON"));
        out.extend_from_slice(&json);
        out.push(b'\n');
        self.digest.update(&out[from..]);
        self.length += (out.len() - from) as u64;
        self.entries += 1;
    }

    /// Where the next line belongs.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.at + BLOCK as u64 + self.length
    }

    /// What follows the lines, and the header that belongs before them.
    #[must_use]
    pub fn finish(self, mtime: u64, rewritten: Option<Rewriting>) -> (Vec<u8>, [u8; BLOCK], Ending) {
        let ending = Ending {
            isocenter_index: 1,
            at: self.at,
            length: self.length,
            entries: self.entries,
            sha256: Sha256Digest(self.digest.finalize().into()),
            appended: rewritten.map(|rewritten| rewritten.appended),
            recompressed: rewritten.is_some_and(|rewritten| rewritten.recompressed),
        };
        let fill = (block_end(self.length) - self.length) as usize;
        let mut tail = vec![b' '; fill + BLOCK];
        let json = serde_json::to_vec(&ending).unwrap_or_else(|_| unreachable!("plain data is JSON"));
        tail[fill..fill + json.len()].copy_from_slice(&json);
        tail[fill + BLOCK - 1] = b'\n';
        tail.resize(fill + ENDING, 0);
        let size = block_end(self.length) + BLOCK as u64;
        let header = Ustar { name: INDEX_NAME.into(), kind: b'0', size, mtime }.to_block();
        (tail, header, ending)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_end_tells_where_the_index_is() {
        for entries in [0, 1, 30] {
            let head = super::super::entry::tests::head("a/b.dcm");
            let entry = EntryHead { head, synced: 0, origin: None, head_length: 1536, length: 5 };
            let (mut writer, mut bytes) = (IndexWriter::new(4096), Vec::new());
            for at in 0..entries {
                writer.line(&IndexLine::of(at * 2048, &entry, b"head"), &mut bytes);
            }
            let lines = bytes.clone();
            let (tail, header, ending) = writer.finish(0, None);
            bytes.extend_from_slice(&tail);
            assert_eq!(Ending::parse(&bytes), Some(ending));
            assert_eq!(ending.file_length(), 4096 + BLOCK as u64 + bytes.len() as u64);
            let size = Ustar::parse(&header).unwrap().size;
            assert_eq!(size, (bytes.len() - 2 * BLOCK) as u64);
            assert_eq!(ending.lines(&lines).unwrap().len(), entries as usize);
        }
    }

    #[test]
    fn an_unsealed_segment_has_no_ending() {
        assert_eq!(Ending::parse(&[0; ENDING]), None);
        assert_eq!(Ending::parse(b"short"), None);
    }
}
