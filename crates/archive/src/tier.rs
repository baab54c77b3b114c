//! Sealed segments in other places: the tier they move to, and the second copy.
//!
//! Every step can be repeated: a segment is sent whole, read back and compared, and only then
//! counted as being there. Nothing local is removed before.

use crate::archive::{Archive, Shared};
use crate::copies::{Copied, Place, blob_name, from_blob};
use crate::segments::{Placement, Segment, parse_relative_path, relative_path};
use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io;
use std::path::Path;
use store::Blobs;
use tracing::info;

/// Bytes compared at a time.
const PIECE: u64 = 4 << 20;

/// What one round of keeping did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// Segments sent to the tier.
    pub tiered: u64,
    /// Segments sent to the second copy.
    pub copied: u64,
    /// Local files removed, since the tier has them.
    pub released: u64,
    /// Old forms of rewritten segments removed from the tier and the second copy.
    pub removed: u64,
}

/// Why a segment could not be kept elsewhere.
#[derive(Debug, thiserror::Error)]
#[error("could not keep segment {segment} in the {}", place.as_str())]
pub struct KeepError {
    /// Which.
    pub segment: String,
    /// Where.
    pub place: Place,
    /// What was said.
    #[source]
    pub source: io::Error,
}

impl Archive {
    /// Sends sealed segments to the tier and the second copy, removes local files the tier has
    /// beyond what is kept, and removes old forms of rewritten segments. Run it now and then.
    ///
    /// # Errors
    /// The first [`KeepError`] met; what was done stays done, and the next call goes on.
    pub async fn keep(&self) -> Result<Kept, KeepError> {
        let _alone = self.shared.upkeep.lock().await;
        let (mut kept, mut trouble) = (Kept::default(), None);
        for place in [Place::SecondCopy, Place::Tier] {
            // One place may be full or away; the other gets what is due all the same.
            if let Err(failed) = self.keep_in(place, &mut kept).await {
                trouble = trouble.or(Some(failed));
            }
        }
        self.release(&mut kept)?;
        trouble.map_or(Ok(kept), Err)
    }

    async fn keep_in(&self, place: Place, kept: &mut Kept) -> Result<(), KeepError> {
        let Some(blobs) = self.shared.blobs(place) else { return Ok(()) };
        let there = list(blobs).await;
        let there = there.map_err(|source| KeepError { segment: "(all)".into(), place, source })?;
        self.send_missing(place, blobs, &there, kept).await?;
        self.remove_old_forms(place, blobs, &there, kept).await
    }

    /// Sends what isn't there; goes on with the others when one fails.
    async fn send_missing(
        &self,
        place: Place,
        blobs: &Blobs,
        there: &HashMap<String, u64>,
        kept: &mut Kept,
    ) -> Result<(), KeepError> {
        let mut trouble = None;
        for segment in self.segments() {
            let placement = segment.placement();
            let name = blob_name(&segment, placement.generation);
            if !placement.sealed || !placement.local || there.get(&name) == Some(&placement.file_length) {
                continue;
            }
            if let Err(source) = self.shared.send(&segment, placement, blobs).await {
                trouble = trouble.or(Some(KeepError { segment: segment.id.to_string(), place, source }));
                continue;
            }
            match place {
                Place::Tier => kept.tiered += 1,
                _ => kept.copied += 1,
            }
            if place == Place::Tier {
                segment.place(|now| now.tiered |= now.generation == placement.generation);
            }
        }
        trouble.map_or(Ok(()), Err)
    }

    /// Removes forms that were replaced: what was purged must not live on in a copy.
    async fn remove_old_forms(
        &self,
        place: Place,
        blobs: &Blobs,
        there: &HashMap<String, u64>,
        kept: &mut Kept,
    ) -> Result<(), KeepError> {
        for name in there.keys() {
            let Some((key, generation)) = name.strip_prefix("segments/").and_then(parse_relative_path) else {
                continue;
            };
            let Some(segment) = self.shared.segments.get(&key.id()) else { continue };
            if generation < segment.placement().generation {
                let failed =
                    |error| KeepError { segment: key.id().to_string(), place, source: from_blob(error) };
                blobs.delete(name).await.map_err(failed)?;
                kept.removed += 1;
            }
        }
        Ok(())
    }

    /// Removes the oldest local files the tier has, until what stays is within bounds.
    fn release(&self, kept: &mut Kept) -> Result<(), KeepError> {
        let shared = &self.shared;
        let segments = self.segments();
        let local = || segments.iter().filter(|segment| segment.placement().local);
        let mut bytes: u64 = local().map(|segment| segment.placement().file_length).sum();
        for segment in local().filter(|segment| segment.placement().tiered) {
            if bytes <= shared.config.keep_local {
                break;
            }
            let placement = segment.placement();
            let failed = |source| KeepError { segment: segment.id.to_string(), place: Place::Local, source };
            segment.place(|now| now.local = false);
            shared.files.forget(segment);
            shared
                .disk
                .remove(&shared.segments_folder.join(relative_path(&segment.id, placement.generation)))
                .map_err(failed)?;
            bytes -= placement.file_length;
            kept.released += 1;
        }
        Ok(())
    }
}

impl Shared {
    pub fn blobs(&self, place: Place) -> Option<&Blobs> {
        match place {
            Place::Local => None,
            Place::Tier => self.config.tier.as_ref(),
            Place::SecondCopy => self.config.second_copy.as_ref(),
        }
    }

    /// Sends a local segment and reads it back.
    pub async fn send(&self, segment: &Segment, placement: Placement, blobs: &Blobs) -> io::Result<()> {
        let path = self.segments_folder.join(relative_path(&segment.id, placement.generation));
        let name = blob_name(segment, placement.generation);
        let there = Copied::blob(blobs.clone(), name.clone());
        self.may_send(&path, placement, &there).await?;
        let length = blobs.put_file(&name, &path).await.map_err(from_blob)?;
        let file = self.files.get(segment, placement.generation, &self.segments_folder)?;
        let here = digest(&Copied::file(file), length).await?;
        if here != digest(&there, length).await? {
            return Err(io::Error::other("what was read back differs from what was sent"));
        }
        info!(segment.id = %segment.id, bytes = length, "sent a segment");
        Ok(())
    }

    /// A file that was cut is no copy to make others from; and a sealed segment of another length under
    /// the same name may be the better one.
    async fn may_send(&self, path: &Path, placement: Placement, there: &Copied) -> io::Result<()> {
        if std::fs::metadata(path)?.len() != placement.file_length {
            return Err(io::Error::other("the local file has another length than when it was sealed"));
        }
        match there.ending().await {
            Ok(Some(ending)) if ending.file_length() != placement.file_length => {
                Err(io::Error::other("another segment is there under the same name, and it is kept"))
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()), // nothing, the same, or something that isn't whole
        }
    }
}

async fn digest(copy: &Copied, length: u64) -> io::Result<[u8; 32]> {
    let mut digest = Sha256::new();
    let mut at = 0;
    while at < length {
        let end = length.min(at + PIECE);
        digest.update(&copy.read(at..end).await?);
        at = end;
    }
    Ok(digest.finalize().into())
}

async fn list(blobs: &Blobs) -> io::Result<HashMap<String, u64>> {
    let listed = blobs.list("segments").map_ok(|blob| (blob.name, blob.length));
    listed.try_collect().await.map_err(from_blob)
}
