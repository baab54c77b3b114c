//! The bytes of a segment: a POSIX tar archive in pax interchange format (IEEE 1003.1, `pax`).
//!
//! Every entry is a pax extended header (`x`) with the archive's records, a ustar header with
//! the name and the size, the content, and zeros up to the next multiple of 512 bytes.
//! The records have names of extended attributes (`SCHILY.xattr.user.isocenter.…`), which common
//! tars know: `tar --xattrs` puts them onto the extracted files, and without it they are
//! skipped without a word. (Own keywords make GNU tar warn four times for every file.)

pub mod entry;
pub mod index;
pub mod pax;
pub mod ustar;

pub use entry::{EntryHead, HeadError, Sketch, padding};
pub use index::{Ending, IndexLine, IndexWriter};

/// A tar archive consists of blocks of this many bytes.
pub const BLOCK: usize = 512;

/// The next multiple of [`BLOCK`].
#[must_use]
pub const fn block_end(length: u64) -> u64 {
    length.next_multiple_of(BLOCK as u64)
}
