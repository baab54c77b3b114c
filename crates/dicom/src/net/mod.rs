//! `net` — the wire: the DICOM upper layer (PS3.8) and DIMSE messages (PS3.7), for both sides.
//! Pure protocol over any `AsyncRead + AsyncWrite`; who may do what, and what an instance means,
//! is decided by the rooms that use it.
//! Read in this order: [`pdu`], [`wire`], [`negotiate`], [`association`], [`dimse`], [`scp`], [`scu`].

pub mod association;
pub mod dimse;
pub mod negotiate;
pub mod pdu;
pub mod scp;
pub mod scu;
pub mod sop_class;
mod spare;
pub mod tcp;
pub mod wire;

pub use association::{Association, Event, Message};
pub use wire::{NetError, Timeouts};
