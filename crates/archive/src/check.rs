//! One copy of one segment, read from end to end and held against its digests.

use crate::container::{BLOCK, EntryHead, HeadError, IndexLine};
use crate::copies::{Copied, Place};
use crate::scan::locator;
use crate::segments::Segment;
use crate::verify::{Damage, PIECE, Verified};
use bytes::Bytes;
use intake::Locator;
use model::Sha256Digest;
use sha2::{Digest, Sha256};
use std::io;
use tracing::warn;

/// A copy being read.
pub(crate) struct Check<'a, P> {
    pub segment: &'a Segment,
    pub place: Place,
    pub copy: &'a Copied,
    pub verified: &'a mut Verified,
    pub progress: &'a mut P,
    pub damage: Vec<Damage>,
}

impl<P: FnMut(&Verified)> Check<'_, P> {
    /// Reads the entries up to `end`: by the copy's index, by the one of another copy (`elsewhere`), or
    /// from head to head.
    ///
    /// # Errors
    /// When nothing at all can be read.
    pub async fn run(&mut self, end: u64, sealed: bool, elsewhere: Option<Vec<IndexLine>>) -> io::Result<()> {
        let own = if sealed { self.index().await? } else { None };
        match own.or(elsewhere) {
            Some(lines) => {
                for line in lines {
                    self.check_line(line).await;
                }
                Ok(())
            }
            None => self.walk(end).await,
        }
    }

    async fn index(&mut self) -> io::Result<Option<Vec<IndexLine>>> {
        let length = self.copy.length().await?;
        let Some(ending) = self.copy.ending().await? else {
            self.found(length, 0, "the end of the segment is damaged or missing");
            return Ok(None);
        };
        let lines = self.copy.index(&ending).await;
        if lines.is_err() {
            self.found(ending.at, 0, "the index is damaged");
        }
        Ok(lines.ok())
    }

    /// The index says where each entry begins, whatever became of the one before it.
    async fn check_line(&mut self, line: IndexLine) {
        let what = match self.compare(&line).await {
            Ok(None) => return,
            Ok(Some(what)) => what.to_owned(),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                "the copy ends before it".to_owned()
            }
            Err(error) => format!("it can't be read: {error}"),
        };
        let recoding = line.origin.as_ref().and_then(|origin| origin.recoding.as_ref());
        let length = recoding.map_or(line.length, |recoding| recoding.length);
        let entry = Locator { segment: self.segment.id.clone(), offset: line.origin_offset(), length };
        self.entry(line.offset, entry, line.name, what);
    }

    async fn compare(&mut self, line: &IndexLine) -> io::Result<Option<&'static str>> {
        let head = self.copy.read(line.head..line.offset).await?;
        if Sha256Digest(Sha256::digest(&head).into()) != line.head_sha256 {
            return Ok(Some("the entry's head is damaged"));
        }
        let recoding = line.origin.as_ref().and_then(|origin| origin.recoding.as_ref());
        let expected = recoding.map_or(line.sha256, |recoding| recoding.stored);
        let found = self.digest(line.offset, line.length).await?;
        Ok((found != expected).then_some("the content differs from its digest"))
    }

    /// From head to head, as far as the copy reaches.
    async fn walk(&mut self, end: u64) -> io::Result<()> {
        let length = self.copy.length().await?;
        if length < end {
            self.found(length, end - length, "the copy ends early");
        }
        let (mut at, end) = (0, end.min(length));
        while at < end {
            let Some(entry) = self.head_at(at, end).await? else {
                let next = self.next_head(at, end).await?;
                self.found(at, next - at, "an entry's head is damaged");
                at = next;
                continue;
            };
            if self.digest(at + entry.head_length, entry.length).await? != entry.stored_digest() {
                let (whole, name) = (locator(self.segment, at, &entry), entry.head.name.clone());
                self.entry(whole.offset, whole, name, "the content differs from its digest".to_owned());
            }
            at += entry.whole_length();
        }
        Ok(())
    }

    /// The head that begins here.
    async fn head_at(&self, at: u64, end: u64) -> io::Result<Option<EntryHead>> {
        let mut want = 8 * BLOCK as u64;
        loop {
            let bytes: Bytes = self.copy.read(at..end.min(at + want)).await?;
            match EntryHead::parse(&bytes) {
                Ok(entry) if at + entry.whole_length() <= end => return Ok(Some(entry)),
                Err(HeadError::NeedMore(more)) if more as u64 > want && at + more as u64 <= end => {
                    want = more as u64;
                }
                _ => return Ok(None),
            }
        }
    }

    /// Where the next readable head begins.
    async fn next_head(&self, at: u64, end: u64) -> io::Result<u64> {
        let mut next = at + BLOCK as u64;
        while next < end && self.head_at(next, end).await?.is_none() {
            next += BLOCK as u64;
        }
        Ok(next.min(end))
    }

    async fn digest(&mut self, offset: u64, length: u64) -> io::Result<Sha256Digest> {
        let mut digest = Sha256::new();
        let (mut from, end) = (offset, offset + length);
        while from < end {
            let bytes = self.copy.read(from..end.min(from + PIECE)).await?;
            digest.update(&bytes);
            from += bytes.len() as u64;
            self.verified.bytes += bytes.len() as u64;
            (self.progress)(self.verified);
        }
        self.verified.entries += 1;
        Ok(Sha256Digest(digest.finalize().into()))
    }

    fn entry(&mut self, offset: u64, entry: Locator, name: String, what: String) {
        warn!(segment.id = %self.segment.id, place = self.place.as_str(), offset, what, "found damage");
        let about = Damage::of(self.segment, self.place);
        self.damage.push(Damage { offset, what, entry: Some(entry), name: Some(name), ..about });
    }

    fn found(&mut self, offset: u64, length: u64, what: &str) {
        warn!(segment.id = %self.segment.id, place = self.place.as_str(), offset, what, "found damage");
        let about = Damage::of(self.segment, self.place);
        self.damage.push(Damage { offset, length, what: what.to_owned(), ..about });
    }
}
