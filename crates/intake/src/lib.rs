//! `intake` — Every front door: bytes become durable, or are refused for a stated reason.

pub mod shelf;

pub use shelf::{
    Appended, Kind, LargeEntry, Locator, NewEntry, NewEntryHead, SegmentId, Shelf, ShelfError,
};
