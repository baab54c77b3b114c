//! Reading every byte and holding it against its digest, and mending what is damaged from
//! another copy.

use crate::archive::{Archive, Shared};
use crate::check::Check;
use crate::container::IndexLine;
use crate::copies::{Copied, Place};
use crate::disk::create_folder;
use crate::segments::{Placement, Segment, relative_path};
use intake::{Locator, SegmentId};
use std::io::{self, IoSlice};
use tracing::{error, info, warn};

/// Bytes read at a time.
pub(crate) const PIECE: u64 = 4 << 20;

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
    /// Bytes that are in doubt from there on, when no single entry is meant.
    pub length: u64,
    /// The entry, when it is known which.
    pub entry: Option<Locator>,
    /// The entry's name, such as `<study>/<series>/<instance>.dcm`.
    pub name: Option<String>,
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

impl Damage {
    /// Damage of a copy as a whole.
    pub(crate) fn of(segment: &Segment, place: Place) -> Self {
        Self {
            segment: segment.id.clone(),
            place,
            offset: 0,
            length: 0,
            entry: None,
            name: None,
            what: String::new(),
            repaired: false,
        }
    }
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
    /// What can't be read is damage, and so is what could not be repaired.
    pub async fn verify(&self, options: VerifyOptions, mut progress: impl FnMut(&Verified, u64)) -> Verified {
        let mut verified = Verified::default();
        let segments = self.segments();
        let total = segments.iter().map(|segment| segment.durable()).sum();
        for segment in segments {
            let _alone = self.shared.upkeep.lock().await;
            let damage = self
                .shared
                .verify_segment(&segment, options, &mut verified, &mut |v| progress(v, total))
                .await;
            verified.damage.extend(damage);
            progress(&verified, total);
        }
        verified
    }
}

impl Shared {
    async fn verify_segment(
        &self,
        segment: &Segment,
        options: VerifyOptions,
        verified: &mut Verified,
        progress: &mut impl FnMut(&Verified),
    ) -> Vec<Damage> {
        let placement = segment.placement();
        let places: &[Place] = match options.elsewhere || !placement.local {
            true => &[Place::Local, Place::Tier, Place::SecondCopy],
            false => &[Place::Local],
        };
        let (mut damage, mut bad) = (Vec::new(), Vec::new());
        if placement.sealed && !placement.local && !placement.tiered {
            let what = "the segment is missing; the second copy has it".to_owned();
            damage.push(Damage { what, length: placement.file_length, ..Damage::of(segment, Place::Local) });
            bad.push(Place::Local);
        }
        for place in places {
            let found = self.verify_copy(segment, placement, *place, verified, progress).await;
            if !found.is_empty() {
                bad.push(*place);
            }
            damage.extend(found);
        }
        if options.repair {
            for place in bad {
                let repaired = self.repair(segment, place).await;
                let repaired = repaired.unwrap_or_else(|error| {
                    error!(segment.id = %segment.id, %error, "a copy could not be repaired");
                    false
                });
                damage.iter_mut().filter(|d| d.place == place).for_each(|d| d.repaired = repaired);
            }
        }
        damage
    }

    async fn verify_copy(
        &self,
        segment: &Segment,
        placement: Placement,
        place: Place,
        verified: &mut Verified,
        progress: &mut impl FnMut(&Verified),
    ) -> Vec<Damage> {
        let unreadable = |error: &io::Error| {
            let gone = error.kind() == io::ErrorKind::NotFound;
            let what =
                if gone { "the copy is gone".into() } else { format!("the copy can't be read: {error}") };
            let length = if gone { placement.file_length.max(segment.durable()) } else { 0 };
            Damage { what, length, ..Damage::of(segment, place) }
        };
        let copy = match self.copy_in(segment, placement, place) {
            Ok(Some(copy)) => copy,
            Ok(None) => return Vec::new(),
            Err(error) => return vec![unreadable(&error)],
        };
        // A segment that isn't sealed, or was sealed this hour, has no second copy yet.
        let absent = copy.length().await.is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        if place == Place::SecondCopy && absent {
            return Vec::new();
        }
        verified.copies += 1;
        let elsewhere = self.lines_elsewhere(segment, placement, place).await;
        let mut check = Check { segment, place, copy: &copy, verified, progress, damage: Vec::new() };
        if let Err(error) = check.run(segment.durable_in(placement), placement.sealed, elsewhere).await {
            check.damage.push(unreadable(&error));
        }
        check.damage
    }

    /// The index another copy of a sealed segment has, for a copy that has lost its own.
    async fn lines_elsewhere(
        &self,
        segment: &Segment,
        placement: Placement,
        but: Place,
    ) -> Option<Vec<IndexLine>> {
        let own = self.copy_in(segment, placement, but).ok().flatten()?;
        if !placement.sealed || matches!(own.ending().await, Ok(Some(_))) {
            return None;
        }
        for place in [Place::Local, Place::Tier, Place::SecondCopy].into_iter().filter(|place| *place != but)
        {
            let Ok(Some(copy)) = self.copy_in(segment, placement, place) else { continue };
            let Ok(Some(ending)) = copy.ending().await else { continue };
            if let Ok(lines) = copy.index(&ending).await {
                return Some(lines);
            }
        }
        None
    }

    /// Replaces a damaged copy by a good one; false when there is none.
    async fn repair(&self, segment: &Segment, bad: Place) -> io::Result<bool> {
        let placement = segment.placement();
        for place in [Place::Local, Place::SecondCopy, Place::Tier] {
            if place == bad {
                continue;
            }
            let Ok(Some(copy)) = self.copy_in(segment, placement, place) else { continue };
            if !self.is_good(segment, placement, place, &copy).await {
                continue;
            }
            warn!(segment.id = %segment.id, damaged = bad.as_str(), from = place.as_str(), "repairing a copy");
            if bad == Place::Local || !placement.local {
                self.replace_local(segment, placement, &copy).await?;
            }
            if let Some(blobs) = self.blobs(bad) {
                self.send(segment, segment.placement(), blobs).await?;
            }
            return Ok(true);
        }
        Ok(false)
    }

    async fn is_good(&self, segment: &Segment, placement: Placement, place: Place, copy: &Copied) -> bool {
        let (mut verified, mut quiet) = (Verified::default(), |_: &Verified| {});
        let (verified, progress) = (&mut verified, &mut quiet);
        let mut check = Check { segment, place, copy, verified, progress, damage: Vec::new() };
        let read = check.run(segment.durable_in(placement), placement.sealed, None).await;
        read.is_ok() && check.damage.is_empty()
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
        let ending = good.ending().await?;
        let relative = relative_path(&segment.id, placement.generation);
        let (path, damaged) = (self.segments_folder.join(&relative), self.config.folder.join("damaged"));
        create_folder(&*self.disk, &damaged)?;
        create_folder(&*self.disk, path.parent().unwrap_or(&self.segments_folder))?;
        let aside = damaged.join(relative.replace('/', "-"));
        let _ = self.disk.remove(&aside); // an older one
        // A second name first, so that at no moment there is no file.
        std::fs::hard_link(&path, &aside).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
        self.disk.rename(&draft, &path)?;
        path.parent().map_or(Ok(()), |folder| self.disk.sync_folder(folder))?;
        segment.place(|now| {
            now.local = true;
            if let Some(ending) = ending {
                (now.file_length, now.entries_end) = (ending.file_length(), Some(ending.at));
                now.appended = ending.appended;
            }
        });
        self.files.forget(segment);
        info!(segment.id = %segment.id, "repaired the local copy");
        Ok(())
    }
}
