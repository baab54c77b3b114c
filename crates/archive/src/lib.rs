//! `archive` — the shelves. Originals, bit for bit, in append-only segments.
//!
//! Takes entries through [`intake::Shelf`] and answers when they are durable; gives any part of
//! them back by [`intake::Locator`]. Keeps fixity, copies, tiers and tombstones.
//! Does not search, and looks into pixels only to recompress them without loss.
//!
//! Read in this order: [`container`] (the bytes of a segment), [`segments`] (which there are),
//! `commit` (appending), `recover` (opening after a crash), [`read`], [`scan`], [`feed`].

pub mod config;
pub mod container;
pub mod copies;
pub mod cursor;
pub mod disk;
pub mod export;
pub mod feed;
pub mod header;
pub mod purge;
pub mod read;
pub mod recode;
pub mod scan;
pub mod segments;
pub mod tier;
pub mod verify;

mod archive;
mod check;
mod commit;
mod elsewhere;
mod files;
mod large;
mod moved;
mod queue;
mod recover;
mod reuse;
mod rewrite;
mod runway;
mod seal;

pub use archive::{Archive, OpenError};
pub use config::ArchiveConfig;
pub use copies::Place;
pub use cursor::Cursor;
pub use export::{ExportError, Exported};
pub use feed::{Follower, Fresh, Lagged, Subscription};
pub use header::HeaderError;
pub use purge::{PurgeError, Rewritten};
pub use read::{ReadError, StoredForm};
pub use recode::Recode;
pub use scan::Scanned;
pub use tier::{KeepError, Kept};
pub use verify::{Damage, Verified, VerifyOptions};
