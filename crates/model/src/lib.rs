//! `model` — the words of the house: typed UIDs, digests, times, sources, secrets-by-type.
//! No I/O, no protocol, no storage. Every room may use it; it uses none.
//! Read in this order: [`uid`], [`digest`], [`time`], [`phi`], [`source`].

pub mod digest;
pub mod phi;
pub mod source;
pub mod time;
pub mod uid;

pub use digest::Sha256Digest;
pub use phi::Phi;
pub use source::{AeTitle, Door, Source};
pub use time::Timestamp;
pub use uid::{
    SeriesInstanceUid, SopClassUid, SopInstanceUid, StudyInstanceUid, TransferSyntaxUid, UidError,
};
