//! `intake` — every front door: bytes become durable, or are refused for a stated reason.
//! Takes bytes from C-STORE, STOW-RS, folders, archives and browsers; gives each file exactly one
//! [`Outcome`], after the bytes survive a power cut. Does not index, decode pixels or search.
//! Read in this order: [`shelf`], [`outcome`], [`incoming`], `examine`, `place`, [`quarantine`],
//! [`attach`], [`multipart`], [`import`],
//! [`uploads`].

pub mod attach;
mod body;
mod budget;
pub mod events;
mod examine;
pub mod import;
pub mod incoming;
pub mod multipart;
pub mod outcome;
mod place;
pub mod quarantine;
pub mod record;
mod remembered;
pub mod shelf;
pub mod sniff;
mod tail;
pub mod uploads;

pub use attach::{Attached, Attaching, Subject, SubjectKind};
pub use examine::weight_of;
pub use incoming::{Incoming, Intake, Limits, Strangers};
pub use outcome::{Identity, IntakeError, Outcome, Placed, Quarantined, Reason};
pub use quarantine::InQuarantine;
pub use record::{Format, KeptRecord, RecordHead, Recording, record_id};
pub use shelf::{
    Appended, HeldInstance, Kind, Known, KnownError, LargeEntry, Locator, NewEntry, NewEntryHead, SegmentId,
    Shelf, ShelfError,
};
