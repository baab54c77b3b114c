//! What other places have of the archive, learned when it is opened: which segments are in the tier, which
//! are only in the second copy, and which local files were sealed once and have lost their end.

use crate::archive::{Archive, Shared};
use crate::config::ArchiveConfig;
use crate::copies::{Copied, Place, blob_name};
use crate::segments::{Placement, Segment, SegmentKey, parse_relative_path};
use futures::TryStreamExt;
use intake::SegmentId;
use std::collections::HashMap;
use std::sync::Arc;
use store::{BlobError, Blobs};
use tracing::{error, warn};

/// The newest form of each segment in a place, and its bytes.
pub(crate) type Listing = HashMap<SegmentKey, (u32, u64)>;

/// What the tier and the second copy have. Only sealed segments are ever sent there.
#[derive(Debug, Default)]
pub(crate) struct Elsewhere {
    pub tier: Listing,
    pub second: Listing,
}

impl Elsewhere {
    /// Lists both. The second copy may be away: it is only for repairs.
    ///
    /// # Errors
    /// When the tier can't be listed: without it, nobody knows what the archive holds.
    pub async fn list(config: &ArchiveConfig) -> Result<Self, BlobError> {
        let tier = match &config.tier {
            Some(tier) => list(tier).await?,
            None => Listing::new(),
        };
        let second = match &config.second_copy {
            Some(second) => list(second).await.unwrap_or_else(|cause| {
                error!(%cause, "the second copy can't be listed; segments only it has are not known");
                Listing::new()
            }),
            None => Listing::new(),
        };
        Ok(Self { tier, second })
    }

    /// Bytes of a segment's form that was sealed and sent, wherever it is.
    pub fn sealed_length(&self, key: &SegmentKey, generation: u32) -> Option<u64> {
        let listings = [&self.tier, &self.second].into_iter();
        let mut forms = listings.filter_map(|listing| listing.get(key));
        forms.find(|form| form.0 == generation).map(|form| form.1)
    }

    /// Whether the tier has just this form.
    pub fn is_tiered(&self, key: &SegmentKey, generation: u32, length: u64) -> bool {
        self.tier.get(key) == Some(&(generation, length))
    }

    /// Segments of which another place has a newer form than this archive's folder, or the only one.
    pub fn beyond(&self, local: &HashMap<SegmentKey, u32>) -> Vec<Arc<Segment>> {
        let newer = |key: &SegmentKey, generation| local.get(key).is_none_or(|own| *own < generation);
        let mut found = HashMap::new();
        for (listing, tiered) in [(&self.second, false), (&self.tier, true)] {
            for (key, &(generation, length)) in listing {
                let better = found.get(key).is_none_or(|(known, _, _)| *known <= generation);
                if newer(key, generation) && better {
                    found.insert(key, (generation, length, tiered));
                }
            }
        }
        let segments = found.into_iter();
        segments.map(|(key, (generation, length, tiered))| away(key, generation, length, tiered)).collect()
    }
}

/// A segment of which nothing is in the folder. Where its entries end is known to its index; until that is
/// read the whole counts.
fn away(key: &SegmentKey, generation: u32, length: u64, tiered: bool) -> Arc<Segment> {
    let placement = Placement {
        generation,
        sealed: true,
        tiered,
        file_length: length,
        entries_end: Some(length),
        ..Placement::default()
    };
    if !tiered {
        error!(segment.id = %key.id(), "a segment is missing; it is read from the second copy");
    }
    Arc::new(Segment::new(key.clone(), length, placement))
}

async fn list(blobs: &Blobs) -> Result<Listing, BlobError> {
    let mut listing = Listing::new();
    let mut listed = blobs.list("segments");
    while let Some(blob) = listed.try_next().await? {
        let path = blob.name.strip_prefix("segments/").and_then(parse_relative_path);
        let Some((key, generation)) = path else { continue };
        let newest = listing.entry(key).or_insert((generation, blob.length));
        if newest.0 < generation {
            *newest = (generation, blob.length);
        }
    }
    Ok(listing)
}

impl Archive {
    /// Reads where the entries end in segments whose local file can't tell: it is gone or was cut.
    pub(crate) async fn learn_endings(&self, of: &[Arc<Segment>]) {
        for segment in of {
            let placement = segment.placement();
            let Some(ending) = self.shared.ending_elsewhere(segment, placement).await else {
                warn!(segment.id = %segment.id, "the end of a segment can't be read anywhere");
                continue;
            };
            segment.place(|now| {
                now.entries_end = Some(ending.at);
                now.appended = ending.appended;
            });
        }
    }
}

impl Archive {
    /// How far a segment reaches, counted as when it was appended to; `None` when there is no such segment.
    pub async fn reach(&self, id: &SegmentId) -> Option<u64> {
        let segment = self.shared.segments.get(id)?;
        let placement = segment.placement();
        // Of a rewritten segment that is only in the tier, just its length is known.
        if placement.generation > 0 && placement.appended.is_none() {
            self.learn_endings(std::slice::from_ref(&segment)).await;
        }
        Some(segment.appended())
    }
}

impl Shared {
    async fn ending_elsewhere(
        &self,
        segment: &Segment,
        placement: Placement,
    ) -> Option<crate::container::Ending> {
        for place in [Place::Tier, Place::SecondCopy] {
            let Some(blobs) = self.blobs(place) else { continue };
            let copy = Copied::blob(blobs.clone(), blob_name(segment, placement.generation));
            if let Ok(Some(ending)) = copy.ending().await {
                return Some(ending);
            }
        }
        None
    }
}
