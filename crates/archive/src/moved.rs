//! Where the entries of a rewritten segment stand now. Locators are for ever: they name the
//! place an entry had when it was appended, and a rewritten segment knows where it went.

use crate::archive::Shared;
use crate::container::entry::Recoding;
use crate::container::index::IndexLine;
use crate::copies::Copied;
use crate::segments::{Placement, Segment};
use bytes::Bytes;
use std::collections::HashMap;
use std::io;
use std::sync::Arc;

/// Where an entry stands in the present form of its segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    pub offset: u64,
    pub length: u64,
    pub recoding: Option<Recoding>,
}

/// The entries of a rewritten segment, by the offset locators name.
pub(crate) type Moved = HashMap<u64, Stored>;

impl Shared {
    /// The table of a rewritten segment.
    pub async fn moved(
        &self,
        segment: &Segment,
        placement: Placement,
        copy: &Copied,
    ) -> io::Result<Arc<Moved>> {
        let key = (segment.key.clone(), placement.generation);
        if let Some(moved) = self.moved.get(&key) {
            return Ok(moved);
        }
        let ending = copy.ending().await?;
        let ending = ending.ok_or_else(|| io::Error::other("a rewritten segment has no index"))?;
        let lines = copy.index(&ending).await?;
        let moved: Arc<Moved> = Arc::new(lines.into_iter().map(stored).collect());
        self.moved.put(key, moved.clone(), moved.len().max(1));
        Ok(moved)
    }

    /// The original bytes of an entry that is stored in a smaller form.
    pub async fn restored(&self, copy: &Copied, stored: &Stored, recoding: &Recoding) -> io::Result<Bytes> {
        if let Some(original) = self.restored.get(&recoding.stored) {
            return Ok(original);
        }
        let bytes = copy.read(stored.offset..stored.offset + stored.length).await?;
        let (recode, recipe, length) = (self.config.recode, recoding.recipe.clone(), recoding.length);
        let restore = move || (recode.restore)(&bytes, &recipe).map_err(io::Error::other);
        let original = tokio::task::spawn_blocking(restore).await;
        let original = original.unwrap_or_else(|_| Err(io::Error::other("restoring was cut short")))?;
        if original.len() as u64 != length {
            return Err(io::Error::other("the restored original has another length"));
        }
        self.restored.put(recoding.stored, original.clone(), original.len());
        Ok(original)
    }
}

fn stored(line: IndexLine) -> (u64, Stored) {
    let offset = line.origin_offset();
    let recoding = line.origin.and_then(|origin| origin.recoding);
    (offset, Stored { offset: line.offset, length: line.length, recoding })
}
