//! `hl7` — HL7 v2 messages (v2.1 to v2.9): bytes in, what they say in FHIR's words out.
//!
//! Takes the bytes of one message as they came ([`Message::parse`]), or of a file with many ([`batch::split`]), and
//! gives [`clinical::Statement`]s ([`translate`]) and the answer its sender waits for ([`ack`]). Every segment is
//! accounted for: read, or left with a reason. Nothing here does I/O, keeps anything, or panics on any bytes.
//!
//! Read in this order: [`delimiters`], [`charset`], [`escape`], [`message`], [`batch`], [`refusal`], [`kind`], [`ack`],
//! [`mllp`], [`translate`].

pub mod ack;
pub mod batch;
pub mod charset;
pub mod delimiters;
pub mod escape;
mod iso2022;
pub mod kind;
pub mod message;
pub mod mllp;
mod part;
pub mod refusal;
mod translate;

pub use delimiters::Delimiters;
pub use kind::Kind;
pub use message::{Message, Segment};
pub use part::Part;
pub use refusal::{Problem, Refusal};
pub use translate::{Translation, names_somebody, translate};
