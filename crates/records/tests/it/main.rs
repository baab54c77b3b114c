//! The records' promises, on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, missing_docs)]

extern crate isocenter_records as records;

mod deciding;
mod linking;
mod long;
mod making;
mod medicines;
mod moving;
mod names;
mod people;
mod searching;
mod trying;
mod versions;
