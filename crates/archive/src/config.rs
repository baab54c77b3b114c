//! What can be set about an archive.

use crate::recode::Recode;
use std::path::PathBuf;
use store::Blobs;

/// Sizes are in bytes.
#[derive(Debug, Clone)]
pub struct ArchiveConfig {
    /// The folder that holds the archive; made if it isn't there.
    pub folder: PathBuf,
    /// A segment that reaches this size is sealed and a new one begun.
    pub segment_size: u64,
    /// Space on the disk that is left free: an entry that would need it is refused.
    pub reserve: u64,
    /// Bytes of entries that may wait for the disk before callers are held back.
    pub queue: usize,
    /// Large entries up to this size are copied into the common segment,
    /// larger ones get a segment of their own.
    pub largest_shared: u64,
    /// Files of segments kept open for reading.
    pub open_files: usize,
    /// Bytes of recent entries kept in memory for those who follow the archive.
    pub feed: usize,
    /// Where sealed segments move to.
    pub tier: Option<Blobs>,
    /// Bytes of segments that stay in the folder although they are in the tier; the newest stay.
    pub keep_local: u64,
    /// Where a second copy of every sealed segment is kept, to repair damage from.
    pub second_copy: Option<Blobs>,
    /// How originals are kept in a smaller form, and restored.
    pub recode: Recode,
    /// Open beside another process that has the archive: nothing is locked, repaired or written.
    pub read_only: bool,
}

impl ArchiveConfig {
    /// The defaults, for an archive in this folder.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            segment_size: 1 << 30,
            reserve: 256 << 20,
            queue: 32 << 20,
            largest_shared: 64 << 20,
            open_files: 256,
            feed: 32 << 20,
            tier: None,
            keep_local: u64::MAX,
            second_copy: None,
            recode: Recode::JPEG_LS,
            read_only: false,
        }
    }
}
