//! Taking entries away for good, and making originals smaller: both rewrite sealed segments.

use crate::archive::Archive;
use crate::container::entry::Recoding;
use crate::container::index::IndexLine;
use crate::copies::Copied;
use crate::rewrite::{Fate, Plan};
use crate::segments::Segment;
use bytes::Bytes;
use intake::{Kind, Locator, SegmentId};
use model::Sha256Digest;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tracing::info;

/// Originals larger than this stay as they are.
const LARGEST_RECODED: u64 = 1 << 30;

/// Why entries could not be purged or made smaller.
#[derive(Debug, thiserror::Error)]
pub enum PurgeError {
    /// There is no such segment.
    #[error("the archive has no segment {0}")]
    NoSegment(SegmentId),
    /// The segment couldn't be sealed, which comes first.
    #[error("segment {0} could not be sealed")]
    NotSealed(SegmentId),
    /// The disk or the tier refused. The segment is as it was.
    #[error("could not rewrite segment {segment}")]
    Io {
        /// Which.
        segment: SegmentId,
        /// What was said.
        #[source]
        source: io::Error,
    },
}

/// What rewriting did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rewritten {
    /// Entries taken away or made smaller.
    pub entries: u64,
    /// Bytes of disk it gave back.
    pub saved: u64,
}

impl Archive {
    /// Takes entries away for good: their segments are written anew without them, here at once,
    /// and in the tier and the second copy at the next [`Archive::keep`]. Reading one gives
    /// [`crate::ReadError::Purged`] from then on.
    ///
    /// # Errors
    /// The first [`PurgeError`]; segments before it are done, and calling again goes on.
    pub async fn purge(&self, entries: &[Locator]) -> Result<Rewritten, PurgeError> {
        let mut by_segment: HashMap<&SegmentId, HashSet<u64>> = HashMap::new();
        for entry in entries {
            by_segment.entry(&entry.segment).or_default().insert(entry.offset);
        }
        let mut done = Rewritten::default();
        for (id, offsets) in by_segment {
            let segment = self.sealed(id).await?;
            done.entries += offsets.len() as u64;
            done.saved += self.rewrite(&segment, &Without(offsets)).await?;
            info!(segment.id = %id, "purged entries");
        }
        Ok(done)
    }

    /// Keeps the instances of a sealed segment in a smaller form where that saves something.
    /// Every form is proven to restore the original, by its digest, before it is used.
    ///
    /// # Errors
    /// [`PurgeError`]; the segment is as it was.
    pub async fn recompress(&self, id: &SegmentId) -> Result<Rewritten, PurgeError> {
        let segment = self.sealed(id).await?;
        let plan = Smaller { archive: self, recoded: AtomicU64::new(0) };
        if !self.has_uncoded(&segment).await? {
            return Ok(Rewritten::default());
        }
        let saved = self.rewrite(&segment, &plan).await?;
        Ok(Rewritten { entries: plan.recoded.into_inner(), saved })
    }

    async fn has_uncoded(&self, segment: &Segment) -> Result<bool, PurgeError> {
        let read = async {
            let copy = self.shared.nearest_copy(segment, segment.placement())?;
            let ending = copy.ending().await?.ok_or(io::ErrorKind::InvalidData)?;
            if ending.recompressed {
                return Ok(false);
            }
            let lines = copy.index(&ending).await?;
            Ok(lines.iter().any(|line| is_plain_instance(line) && !is_known_dense(line)))
        };
        read.await.map_err(|source| PurgeError::Io { segment: segment.id.clone(), source })
    }

    async fn rewrite(&self, segment: &Segment, plan: &impl Plan) -> Result<u64, PurgeError> {
        let _alone = self.shared.upkeep.lock().await;
        let rewritten = self.shared.rewrite(segment, plan).await;
        rewritten.map_err(|source| PurgeError::Io { segment: segment.id.clone(), source })
    }

    /// The segment, sealed: the active one is ended first.
    async fn sealed(&self, id: &SegmentId) -> Result<Arc<Segment>, PurgeError> {
        let segment = self.shared.segments.get(id).ok_or_else(|| PurgeError::NoSegment(id.clone()))?;
        if !segment.placement().sealed {
            self.turn().await.map_err(|_| PurgeError::NotSealed(id.clone()))?;
        }
        for _ in 0..600 {
            if segment.placement().sealed {
                return Ok(segment);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(PurgeError::NotSealed(id.clone()))
    }
}

/// All but those whose content began at these offsets.
struct Without(HashSet<u64>);

impl Plan for Without {
    async fn fate(&self, _: &Copied, line: &IndexLine) -> io::Result<Fate> {
        Ok(if self.0.contains(&line.origin_offset()) { Fate::Drop } else { Fate::Keep })
    }
}

/// Instances in a smaller form.
struct Smaller<'a> {
    archive: &'a Archive,
    recoded: AtomicU64,
}

impl Plan for Smaller<'_> {
    async fn fate(&self, copy: &Copied, line: &IndexLine) -> io::Result<Fate> {
        if !is_plain_instance(line) || is_known_dense(line) {
            return Ok(Fate::Keep);
        }
        let original = copy.read(line.offset..line.offset + line.length).await?;
        let (recode, digest) = (self.archive.shared.config.recode, line.sha256);
        let smaller = tokio::task::spawn_blocking(move || shrink(recode, &original, digest)).await;
        match smaller.unwrap_or(None) {
            None => Ok(Fate::Keep),
            Some((bytes, recoding)) => {
                self.recoded.fetch_add(1, Ordering::Relaxed);
                Ok(Fate::Recode(bytes, recoding))
            }
        }
    }

    fn recompresses(&self) -> bool {
        true
    }
}

/// An instance stored as it was received, and not too large to be held in memory.
fn is_plain_instance(line: &IndexLine) -> bool {
    let recoded = line.origin.as_ref().is_some_and(|origin| origin.recoding.is_some());
    line.kind == Kind::Instance && !recoded && line.length <= LARGEST_RECODED
}

/// An instance that is compressed already, by what intake noted of it.
fn is_known_dense(line: &IndexLine) -> bool {
    const PLAIN: [&str; 3] = ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"];
    let syntax = line.details.get("transferSyntaxUid").and_then(|uid| uid.as_str());
    syntax.is_some_and(|uid| !PLAIN.contains(&uid))
}

/// The smaller form of an original, if there is one and it gives the original back.
fn shrink(recode: crate::Recode, original: &Bytes, digest: Sha256Digest) -> Option<(Bytes, Recoding)> {
    if digest_of(original) != digest {
        return None; // damaged: nothing to build on
    }
    let (bytes, recipe) = (recode.shrink)(original)?;
    let gains = (bytes.len() + recipe.to_string().len()) < original.len();
    let restored = (recode.restore)(&bytes, &recipe).ok()?;
    let recoding = Recoding { length: original.len() as u64, stored: digest_of(&bytes), recipe };
    (gains && digest_of(&restored) == digest).then_some((bytes, recoding))
}

fn digest_of(bytes: &[u8]) -> Sha256Digest {
    Sha256Digest(Sha256::digest(bytes).into())
}
