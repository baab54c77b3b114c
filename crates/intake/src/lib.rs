//! `intake` — every front door: bytes become durable, or are refused for a stated reason.
//! Takes bytes from C-STORE, STOW-RS, folders, archives and browsers; gives each file exactly one
//! [`Outcome`], after the bytes survive a power cut. Does not index, decode pixels or search.
//! Read in this order: [`shelf`], [`outcome`], [`incoming`].

pub mod incoming;
pub mod outcome;
pub mod shelf;

pub use incoming::{Incoming, Intake, Limits};
pub use outcome::{Identity, IntakeError, Outcome, Placed, Quarantined, Reason};
pub use shelf::{
    Appended, HeldInstance, Kind, Known, KnownError, LargeEntry, Locator, NewEntry, NewEntryHead,
    SegmentId, Shelf, ShelfError,
};
