//! Reading every byte and holding it against its digest, and mending what is damaged from
//! another copy.

use crate::archive::{Archive, Shared};
use crate::container::{BLOCK, Ending, EntryHead, HeadError, IndexLine, padding};
use crate::copies::{Copied, Place, blob_name, from_blob};
use crate::disk::create_folder;
use crate::scan::locator;
use crate::segments::{Placement, Segment, parse_relative_path, relative_path};
use bytes::Bytes;
use futures::TryStreamExt;
use intake::{Locator, SegmentId};
use model::Sha256Digest;
use sha2::{Digest, Sha256};
use std::io::{self, IoSlice};
use std::sync::Arc;
use store::Blobs;
use tracing::{info, warn};

/// Bytes read at a time.
const PIECE: u64 = 4 << 20;

/// What to verify.
#[derive(Debug, Clone, Copy)]
pub struct VerifyOptions {
    /// Also the copies in the tier and in the second copy.
    pub elsewhere: bool,
    /// Replace a damaged copy by a good one of another place.
    pub repair: bool,
}

/// Something that isn't as it was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Damage {
    /// In which segment.
    pub segment: SegmentId,
    /// In which copy of it.
    pub place: Place,
    /// Where in the copy it begins.
    pub offset: u64,
    /// The entry, when its head can be read.
    pub entry: Option<Locator>,
    /// What is wrong.
    pub what: String,
    /// Whether the copy was replaced by a good one.
    pub repaired: bool,
}

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    /// Copies of segments read.
    pub copies: u64,
    /// Entries whose digest was computed.
    pub entries: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Everything that isn't as it was.
    pub damage: Vec<Damage>,
}

impl Verified {
    /// Whether nothing is damaged now.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.damage.iter().all(|damage| damage.repaired)
    }
}

impl Archive {
    /// Reads everything and compares. `progress` is told what was read so far and the bytes of all.
    ///
    /// # Errors
    /// Of the disk, when a repair fails. What can't be read is damage, not an error.
    pub async fn verify(
        &self,
        options: VerifyOptions,
        mut progress: impl FnMut(&Verified, u64),
    ) -> io::Result<Verified> {
        let mut verified = Verified::default();
        if options.elsewhere {
            verified.damage = self.shared.missing_segments(options.repair).await?;
        }
        let segments = self.segments();
        let total = segments.iter().map(|segment| segment.durable()).sum();
        for segment in segments {
            let _alone = self.shared.upkeep.lock().await;
            let damage = self
                .shared
                .verify_segment(&segment, options, &mut verified, &mut |v| progress(v, total))
                .await?;
            verified.damage.extend(damage);
            progress(&verified, total);
        }
        Ok(verified)
    }
}

impl Shared {
    /// Segments only the second copy knows: the local file is gone and the tier has none.
    async fn missing_segments(&self, repair: bool) -> io::Result<Vec<Damage>> {
        let Some(second) = &self.config.second_copy else { return Ok(Vec::new()) };
        let mut damage = Vec::new();
        let mut listed: Vec<_> = second.list("segments").try_collect().await.map_err(from_blob)?;
        listed.sort_by(|a, b| b.name.cmp(&a.name)); // the newest form of each first
        for blob in listed {
            let path = blob.name.strip_prefix("segments/").and_then(parse_relative_path);
            let Some((key, generation)) = path.filter(|(key, _)| self.segments.get(&key.id()).is_none())
            else {
                continue;
            };
            let segment = Segment::new(key, 0, Placement { generation, ..Placement::default() });
            let what = "the segment is missing; the second copy has it".to_owned();
            let (id, place) = (segment.id.clone(), Place::Local);
            let repaired = repair && self.restore_missing(segment, second).await?;
            damage.push(Damage { segment: id, place, offset: 0, entry: None, what, repaired });
        }
        Ok(damage)
    }

    async fn restore_missing(&self, segment: Segment, second: &Blobs) -> io::Result<bool> {
        let mut placement = segment.placement();
        let good = Copied::Blob(second.clone(), blob_name(&segment, placement.generation));
        let Some(ending) = good.ending().await? else { return Ok(false) };
        placement = Placement {
            sealed: true,
            local: true,
            file_length: ending.file_length(),
            entries_end: Some(ending.at),
            appended: ending.appended,
            ..placement
        };
        let path = segment.path(&self.segments_folder);
        create_folder(&*self.disk, path.parent().unwrap_or(&self.segments_folder))?;
        self.replace_local(&segment, placement, &good).await?;
        segment.place(|now| *now = placement);
        self.segments.insert(Arc::new(segment));
        Ok(true)
    }

    async fn verify_segment(
        &self,
        segment: &Segment,
        options: VerifyOptions,
        verified: &mut Verified,
        progress: &mut impl FnMut(&Verified),
    ) -> io::Result<Vec<Damage>> {
        let placement = segment.placement();
        let places: &[Place] = match options.elsewhere || !placement.local {
            true => &[Place::Local, Place::Tier, Place::SecondCopy],
            false => &[Place::Local],
        };
        let (mut damage, mut bad) = (Vec::new(), Vec::new());
        for place in places {
            let found = self.verify_copy(segment, placement, *place, verified, progress).await;
            if found.iter().any(|damage| damage.place == *place) {
                bad.push(*place);
            }
            damage.extend(found);
        }
        if options.repair {
            for place in bad {
                let repaired = self.repair(segment, placement, place).await?;
                damage.iter_mut().filter(|d| d.place == place).for_each(|d| d.repaired = repaired);
            }
        }
        Ok(damage)
    }

    async fn verify_copy(
        &self,
        segment: &Segment,
        placement: Placement,
        place: Place,
        verified: &mut Verified,
        progress: &mut impl FnMut(&Verified),
    ) -> Vec<Damage> {
        let missing = |error: &io::Error| Damage {
            segment: segment.id.clone(),
            place,
            offset: 0,
            entry: None,
            what: format!("the copy can't be read: {error}"),
            repaired: false,
        };
        let copy = match self.copy_in(segment, placement, place) {
            Ok(Some(copy)) => copy,
            Ok(None) => return Vec::new(),
            Err(error) => return vec![missing(&error)],
        };
        // A segment that isn't sealed, or was sealed this hour, has no second copy yet.
        let absent = copy.length().await.is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        if place == Place::SecondCopy && absent {
            return Vec::new();
        }
        verified.copies += 1;
        let mut check = Check { segment, place, copy: &copy, verified, progress, damage: Vec::new() };
        if let Err(error) = check.run(segment.durable_in(placement), placement).await {
            check.damage.push(missing(&error));
        }
        check.damage
    }

    /// Replaces a damaged copy by a good one; false when there is none.
    async fn repair(&self, segment: &Segment, placement: Placement, bad: Place) -> io::Result<bool> {
        for place in [Place::Local, Place::SecondCopy, Place::Tier] {
            if place == bad {
                continue;
            }
            let Ok(Some(copy)) = self.copy_in(segment, placement, place) else { continue };
            let (mut verified, mut quiet) = (Verified::default(), |_: &Verified| {});
            let mut check = Check {
                segment,
                place,
                copy: &copy,
                verified: &mut verified,
                progress: &mut quiet,
                damage: Vec::new(),
            };
            if check.run(segment.durable_in(placement), placement).await.is_err() || !check.damage.is_empty()
            {
                continue;
            }
            warn!(segment.id = %segment.id, damaged = bad.as_str(), from = place.as_str(), "repairing a copy");
            match (bad, self.blobs(bad)) {
                (Place::Local, _) => self.replace_local(segment, placement, &copy).await?,
                (_, Some(blobs)) if placement.local => self.send(segment, placement, blobs).await?,
                _ => continue,
            }
            return Ok(true);
        }
        Ok(false)
    }

    /// Puts a good copy in the place of the local file; the damaged one is kept in `damaged`.
    async fn replace_local(&self, segment: &Segment, placement: Placement, good: &Copied) -> io::Result<()> {
        let draft = self.incoming.join(format!("{}.repaired", segment.id.as_str().replace('/', "-")));
        let _ = self.disk.remove(&draft); // from an attempt that failed
        let mut file = self.disk.create(&draft)?;
        let (length, mut at) = (good.length().await?, 0);
        while at < length {
            let bytes = good.read(at..length.min(at + PIECE)).await?;
            file.write_at(at, &mut [IoSlice::new(&bytes)])?;
            at += bytes.len() as u64;
        }
        file.sync()?;
        let relative = relative_path(&segment.id, placement.generation);
        let (path, damaged) = (self.segments_folder.join(&relative), self.config.folder.join("damaged"));
        create_folder(&*self.disk, &damaged)?;
        let aside = damaged.join(relative.replace('/', "-"));
        let _ = self.disk.remove(&aside); // an older one
        // A second name first, so that at no moment there is no file.
        std::fs::hard_link(&path, &aside).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
        self.disk.rename(&draft, &path)?;
        path.parent().map_or(Ok(()), |folder| self.disk.sync_folder(folder))?;
        self.files.forget(segment);
        info!(segment.id = %segment.id, "repaired the local copy");
        Ok(())
    }
}

/// One copy of one segment being read.
struct Check<'a, P> {
    segment: &'a Segment,
    place: Place,
    copy: &'a Copied,
    verified: &'a mut Verified,
    progress: &'a mut P,
    damage: Vec<Damage>,
}

impl<P: FnMut(&Verified)> Check<'_, P> {
    async fn run(&mut self, end: u64, placement: Placement) -> io::Result<()> {
        let index = if placement.sealed { self.index().await? } else { None };
        let end = index.as_ref().map_or(end, |(ending, _)| ending.at);
        let mut lines = index.map(|(_, lines)| lines.into_iter());
        let mut at = 0;
        while at < end {
            // The index says where each entry begins, whatever became of the one before it.
            let line = lines.as_mut().and_then(Iterator::next);
            let start = line.as_ref().map_or(at, |line| line.head);
            match self.head_at(start, end).await? {
                Some((entry, head))
                    if line.as_ref().is_none_or(|line| *line == IndexLine::of(start, &entry, &head)) =>
                {
                    self.check_entry(start, &entry).await?;
                    at = start + entry.whole_length();
                }
                _ => {
                    self.found(start, None, "an entry's head is damaged");
                    at = match line {
                        Some(line) => line.offset + line.length + padding(line.length).len() as u64,
                        None => self.next_head(start, end).await?,
                    };
                }
            }
        }
        Ok(())
    }

    async fn index(&mut self) -> io::Result<Option<(Ending, Vec<IndexLine>)>> {
        let length = self.copy.length().await?;
        let Some(ending) = self.copy.ending().await? else {
            self.found(length, None, "the end of the segment is damaged or missing");
            return Ok(None);
        };
        match self.copy.index(&ending).await {
            Ok(lines) => Ok(Some((ending, lines))),
            Err(_) => {
                self.found(ending.at, None, "the index is damaged");
                Ok(None)
            }
        }
    }

    /// The head that begins here, and its bytes.
    async fn head_at(&self, at: u64, end: u64) -> io::Result<Option<(EntryHead, Bytes)>> {
        let mut want = 8 * BLOCK as u64;
        loop {
            let bytes = self.copy.read(at..end.min(at + want)).await?;
            match EntryHead::parse(&bytes) {
                Ok(entry) if at + entry.whole_length() <= end => {
                    let head = bytes.slice(..entry.head_length as usize);
                    return Ok(Some((entry, head)));
                }
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
        Ok(next)
    }

    async fn check_entry(&mut self, at: u64, entry: &EntryHead) -> io::Result<()> {
        let mut digest = Sha256::new();
        let (mut from, end) = (at + entry.head_length, at + entry.head_length + entry.length);
        while from < end {
            let bytes = self.copy.read(from..end.min(from + PIECE)).await?;
            digest.update(&bytes);
            from += bytes.len() as u64;
            self.verified.bytes += bytes.len() as u64;
            (self.progress)(self.verified);
        }
        self.verified.entries += 1;
        if Sha256Digest(digest.finalize().into()) != entry.stored_digest() {
            let entry = locator(self.segment, at, entry);
            self.found(entry.offset, Some(entry), "the content differs from its digest");
        }
        Ok(())
    }

    fn found(&mut self, offset: u64, entry: Option<Locator>, what: &str) {
        warn!(segment.id = %self.segment.id, place = self.place.as_str(), offset, what, "found damage");
        let (segment, place) = (self.segment.id.clone(), self.place);
        self.damage.push(Damage { segment, place, offset, entry, what: what.to_owned(), repaired: false });
    }
}
