//! The ledger's promises, on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, missing_docs)]

extern crate isocenter_store as store;

mod blobs;
mod jobs;
mod ledger;
mod outbox;
