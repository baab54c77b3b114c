//! The audit log: append-only, each row's hash covering the row before, so that an edited, removed
//! or moved row shows. The same rule works outside the server: see [`chain`].
//! Read in this order: [`entry`], [`chain`], [`writer`], [`verify`](mod@verify), [`read`].

pub mod chain;
pub mod entry;
pub mod read;
pub mod verify;
pub mod writer;

pub use chain::{Head, Row};
pub use entry::{Entry, Outcome};
pub use read::Filter;
pub use verify::{Fault, Verdict};
pub use writer::{Audit, AuditError};
