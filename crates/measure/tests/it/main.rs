//! What is drawn comes back, through the report that keeps it.
#![allow(clippy::unwrap_used, missing_docs)]

extern crate isocenter_measure as measure;

mod reports;
mod versions;
