//! The catalog's promises, on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, missing_docs)]

extern crate isocenter_catalog as catalog;

mod deleting;
mod elsewhere;
mod finding;
mod indexing;
mod listing;
mod making;
mod matching;
mod measured;
mod parts;
mod working;
mod writing_out;
