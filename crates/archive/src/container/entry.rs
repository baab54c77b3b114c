//! One entry: its head (pax header and ustar header) as bytes, and back.

use super::pax::{self, Records};
use super::ustar::{self, Ustar, UstarError};
use super::{BLOCK, block_end};
use intake::{Kind, NewEntryHead};
use model::Sha256Digest;
use serde::{Deserialize, Serialize};

/// The longest name an entry may have, in bytes.
pub const LONGEST_NAME: usize = 1024;
/// The longest pax header the archive writes or reads.
const LONGEST_RECORDS: u64 = 8 << 20;
const PREFIX: &str = "SCHILY.xattr.user.isocenter.";
/// Digits of the `synced` record, of fixed length so that it can be filled in last.
const SYNCED_DIGITS: usize = 20;

/// What a rewritten entry says about the form it had when it was appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Where its content began then: the offset its locators still name.
    pub offset: u64,
    /// How the stored bytes were made from the original ones, if they differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recoding: Option<Recoding>,
}

/// A smaller form that gives the original back bit for bit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recoding {
    /// Bytes of the original.
    pub length: u64,
    /// The digest of the bytes stored instead.
    pub stored: Sha256Digest,
    /// What restores the original from them.
    pub recipe: serde_json::Value,
}

/// The head of an entry, ready to be written but for the number that is known only then.
#[derive(Debug, Clone)]
pub struct Sketch {
    bytes: Vec<u8>,
    synced_at: usize,
}

impl Sketch {
    /// Encodes the head of an entry with `length` bytes of (stored) content.
    #[must_use]
    pub fn new(head: &NewEntryHead, length: u64, origin: Option<&Origin>) -> Self {
        Self::build(head, length, origin, 0).unwrap_or_else(|_| unreachable!("nothing was reserved"))
    }

    /// Encodes a head into exactly `reserved` bytes, a multiple of 512.
    ///
    /// # Errors
    /// The number of bytes it needs when that is more.
    pub fn filling(head: &NewEntryHead, length: u64, reserved: usize) -> Result<Self, usize> {
        Self::build(head, length, None, reserved)
    }

    fn build(
        head: &NewEntryHead,
        length: u64,
        origin: Option<&Origin>,
        reserved: usize,
    ) -> Result<Self, usize> {
        let (mut records, synced_in_records) = records(head, length, origin);
        let needed = 2 * BLOCK + block_end(records.len() as u64) as usize;
        if reserved > needed {
            // One block more than needed leaves room for the shortest filler.
            let room = reserved - 2 * BLOCK - records.len();
            pax::put_filler(&mut records, room);
        } else if reserved != 0 && reserved != needed {
            return Err(needed);
        }
        let mtime = head.source.received_at.as_micros().max(0) as u64 / 1_000_000;
        let size = records.len() as u64;
        let extended = Ustar { name: extended_name(head), kind: b'x', size, mtime };
        let file = Ustar { name: head.name.clone(), kind: b'0', size: length, mtime };
        let mut bytes = Vec::with_capacity(3 * BLOCK + records.len());
        bytes.extend_from_slice(&extended.to_block());
        bytes.extend_from_slice(&records);
        bytes.resize(BLOCK + block_end(size) as usize, 0);
        bytes.extend_from_slice(&file.to_block());
        Ok(Self { bytes, synced_at: BLOCK + synced_in_records })
    }

    /// Notes how many bytes of the segment are known to be durable when this entry is written.
    pub fn set_synced(&mut self, synced: u64) {
        let digits = format!("{synced:0SYNCED_DIGITS$}");
        self.bytes[self.synced_at..][..SYNCED_DIGITS].copy_from_slice(digits.as_bytes());
    }

    /// The bytes that stand before the content.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Zeros that follow `length` bytes of content.
#[must_use]
pub fn padding(length: u64) -> &'static [u8] {
    static ZEROS: [u8; BLOCK] = [0; BLOCK];
    &ZEROS[..(block_end(length) - length) as usize]
}

/// True for a name that is safe to extract: relative, no `..`, nothing unprintable.
#[must_use]
pub fn name_is_safe(name: &str) -> bool {
    let part_is_safe = |part: &str| !part.is_empty() && part != "." && part != "..";
    name.len() <= LONGEST_NAME
        && name.split('/').all(part_is_safe)
        && !name.chars().any(|c| c.is_control() || c == '\\')
}

fn extended_name(head: &NewEntryHead) -> String {
    let last = head.name.rsplit('/').next().unwrap_or_default();
    let last: String = last.chars().filter(char::is_ascii).take(80).collect();
    format!("PaxHeaders/{last}")
}

/// The pax records, and where among them the digits of `synced` stand.
fn records(head: &NewEntryHead, length: u64, origin: Option<&Origin>) -> (Vec<u8>, usize) {
    let mut out = Vec::with_capacity(1024);
    let put = |out: &mut Vec<u8>, key: &str, value: &[u8]| {
        pax::put(out, &format!("{PREFIX}{key}"), value);
    };
    put(&mut out, "synced", &[b'0'; SYNCED_DIGITS]);
    let synced = out.len() - 1 - SYNCED_DIGITS;
    put(&mut out, "kind", head.kind.as_str().as_bytes());
    put(&mut out, "sha256", head.digest.to_hex().as_bytes());
    put(&mut out, "source", &json(&head.source));
    if !head.details.is_empty() {
        put(&mut out, "details", &json(&head.details));
    }
    if let Some(origin) = origin {
        put(&mut out, "origin", &json(origin));
    }
    if !ustar::name_fits(&head.name) {
        pax::put(&mut out, "path", head.name.as_bytes());
    }
    if length > ustar::LARGEST_SIZE {
        pax::put(&mut out, "size", length.to_string().as_bytes());
    }
    (out, synced)
}

/// JSON of plain data (text keys, no own serializers that fail).
fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_else(|_| unreachable!("plain data is always JSON"))
}

/// An entry's head as read from a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryHead {
    /// What was appended.
    pub head: NewEntryHead,
    /// Bytes of the segment known to be durable when the entry was written.
    pub synced: u64,
    /// Set when the entry was rewritten.
    pub origin: Option<Origin>,
    /// Bytes of head.
    pub head_length: u64,
    /// Bytes of content as stored.
    pub length: u64,
}

/// Why bytes are not the head of an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// There is no entry here: zeros, or nothing.
    #[error("there is no entry here")]
    End,
    /// The index of a sealed segment begins here: there are no more entries.
    #[error("the entries end here")]
    Index,
    /// This many bytes, counted from the head's first, are needed to tell.
    #[error("{0} bytes are needed to read the entry's head")]
    NeedMore(usize),
    /// What stands here isn't a head the archive has written.
    #[error("the entry's head is damaged: {0}")]
    Damaged(&'static str),
}

impl EntryHead {
    /// Reads the head that begins at the first of `bytes`.
    ///
    /// # Errors
    /// [`HeadError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, HeadError> {
        let extended = header(bytes, 0)?;
        if extended.kind == b'0' && extended.name == super::index::INDEX_NAME {
            return Err(HeadError::Index);
        }
        if extended.kind != b'x' || extended.size > LONGEST_RECORDS {
            return Err(HeadError::Damaged("it doesn't begin with a pax header"));
        }
        let records_end = BLOCK + extended.size as usize;
        let file_at = BLOCK + block_end(extended.size) as usize;
        let file = header(bytes, file_at).map_err(|error| match error {
            HeadError::End => HeadError::Damaged("the pax header stands alone"),
            other => other,
        })?;
        let raw = Raw::read(&bytes[BLOCK..records_end])?;
        raw.into_head(&file, (file_at + BLOCK) as u64)
    }

    /// Bytes of the whole entry: head, content, padding.
    #[must_use]
    pub const fn whole_length(&self) -> u64 {
        self.head_length + block_end(self.length)
    }

    /// The digest the stored bytes must have.
    #[must_use]
    pub fn stored_digest(&self) -> Sha256Digest {
        let recoding = self.origin.as_ref().and_then(|origin| origin.recoding.as_ref());
        recoding.map_or(self.head.digest, |recoding| recoding.stored)
    }
}

fn header(bytes: &[u8], at: usize) -> Result<Ustar, HeadError> {
    let block = bytes.get(at..at + BLOCK).and_then(|block| block.try_into().ok());
    match Ustar::parse(block.ok_or(HeadError::NeedMore(at + BLOCK))?) {
        Ok(header) => Ok(header),
        Err(UstarError::Empty) => Err(HeadError::End),
        Err(_) => Err(HeadError::Damaged("a header block has a wrong checksum")),
    }
}

/// The records the archive knows, as text.
#[derive(Default)]
struct Raw<'a> {
    synced: Option<&'a [u8]>,
    kind: Option<&'a [u8]>,
    sha256: Option<&'a [u8]>,
    source: Option<&'a [u8]>,
    details: Option<&'a [u8]>,
    origin: Option<&'a [u8]>,
    path: Option<&'a [u8]>,
    size: Option<&'a [u8]>,
}

impl<'a> Raw<'a> {
    fn read(records: &'a [u8]) -> Result<Self, HeadError> {
        let mut raw = Self::default();
        for record in Records(records) {
            let (keyword, value) = record.map_err(|_| HeadError::Damaged("a record is malformed"))?;
            match keyword.strip_prefix(PREFIX).unwrap_or(keyword) {
                "synced" => raw.synced = Some(value),
                "kind" => raw.kind = Some(value),
                "sha256" => raw.sha256 = Some(value),
                "source" => raw.source = Some(value),
                "details" => raw.details = Some(value),
                "origin" => raw.origin = Some(value),
                "path" => raw.path = Some(value),
                "size" => raw.size = Some(value),
                _ => {}
            }
        }
        Ok(raw)
    }

    fn into_head(self, file: &Ustar, head_length: u64) -> Result<EntryHead, HeadError> {
        let damaged = HeadError::Damaged("a record is missing or can't be read");
        let read = || -> Option<EntryHead> {
            Some(EntryHead {
                head: NewEntryHead {
                    kind: kind(self.kind?)?,
                    name: self.path.map_or(Some(file.name.clone()), text)?,
                    digest: Sha256Digest::parse(std::str::from_utf8(self.sha256?).ok()?).ok()?,
                    source: serde_json::from_slice(self.source?).ok()?,
                    details: optional(self.details)?.unwrap_or_default(),
                },
                synced: number(self.synced?)?,
                origin: optional(self.origin)?,
                head_length,
                length: self.size.map_or(Some(file.size), number)?,
            })
        };
        read().ok_or(damaged)
    }
}

fn kind(word: &[u8]) -> Option<Kind> {
    let kinds = [Kind::Instance, Kind::Attachment, Kind::Quarantine, Kind::Event, Kind::Record];
    kinds.into_iter().find(|kind| kind.as_str().as_bytes() == word)
}

fn text(value: &[u8]) -> Option<String> {
    std::str::from_utf8(value).ok().map(str::to_owned)
}

fn number(value: &[u8]) -> Option<u64> {
    std::str::from_utf8(value).ok()?.parse().ok()
}

/// `None` for a value that can't be read, `Some(None)` for one that isn't there.
fn optional<T: serde::de::DeserializeOwned>(value: Option<&[u8]>) -> Option<Option<T>> {
    value.map_or(Some(None), |json| serde_json::from_slice(json).ok().map(Some))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
pub(crate) mod tests {
    use super::*;
    use model::{Door, Source, Timestamp};

    pub(crate) fn head(name: &str) -> NewEntryHead {
        let received_at = Timestamp::from_micros(1_700_000_000_000_000);
        NewEntryHead {
            kind: Kind::Instance,
            name: name.into(),
            digest: Sha256Digest([7; 32]),
            source: Source {
                door: Door::CStore,
                account: "ct1".into(),
                peer: Some("CT1@10.0.0.1".into()),
                path: None,
                received_at,
            },
            details: serde_json::Map::from_iter([("sop".to_owned(), "1.2.3".into())]),
        }
    }

    #[test]
    fn a_head_goes_there_and_back() {
        for (name, length) in [("a/b/c.dcm", 10), ("Überweg/ö.pdf", 0), ("x", 1 << 40)] {
            let origin = Origin { offset: 99, recoding: None };
            let mut sketch = Sketch::new(&head(name), length, Some(&origin));
            sketch.set_synced(4096);
            let read = EntryHead::parse(sketch.bytes()).unwrap();
            assert_eq!(read.head, head(name));
            assert_eq!((read.synced, read.length), (4096, length));
            assert_eq!(read.head_length, sketch.bytes().len() as u64);
            assert_eq!(read.origin, Some(origin));
        }
    }

    #[test]
    fn a_head_fills_the_space_reserved_for_it() {
        let whole = Sketch::new(&head("a"), 5, None).bytes().len();
        for reserved in [whole, whole + BLOCK, 16 * 1024] {
            let sketch = Sketch::filling(&head("a"), 5, reserved).unwrap();
            assert_eq!(sketch.bytes().len(), reserved);
            assert_eq!(EntryHead::parse(sketch.bytes()).unwrap().head, head("a"));
        }
        assert_eq!(Sketch::filling(&head("a"), 5, BLOCK).unwrap_err(), whole);
    }

    #[test]
    fn a_cut_head_asks_for_more() {
        let sketch = Sketch::new(&head("a"), 5, None);
        let whole = sketch.bytes().len();
        for end in (0..whole).step_by(100) {
            let error = EntryHead::parse(&sketch.bytes()[..end]).unwrap_err();
            assert!(matches!(error, HeadError::NeedMore(n) if n <= whole && n > end), "{error}");
        }
    }

    #[test]
    fn names_that_could_escape_are_unsafe() {
        for name in ["/etc", "a/../b", "", "a//b", "a\\b", "./a", "a\nb"] {
            assert!(!name_is_safe(name), "{name:?}");
        }
        assert!(name_is_safe("1.2/3.4/5.6.dcm"));
    }
}
