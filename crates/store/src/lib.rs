//! `store` — the machinery of the floor: the relational ledger, blobs, outbox and jobs.
//! Takes a URI, gives a place to keep rows or bytes; knows nothing of images or patients.
//! Read in this order: [`ledger`], [`migrate`], [`outbox`], [`rows`], [`jobs`], [`blobs`].

pub mod blobs;
pub mod jobs;
pub mod ledger;
pub mod migrate;
pub mod outbox;
pub mod rows;
#[cfg(feature = "testing")]
pub mod testing;

pub use blobs::{Blob, BlobError, Blobs};
pub use ledger::{Engine, Ledger, OpenError, WriteTx};
pub use migrate::{MigrateError, Migration};
pub use rows::Statement;
