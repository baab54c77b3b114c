//! The tests of the room: a CDM at hand, tables with a mapping, variants, and what is wrong with them.
#![allow(clippy::unwrap_used, missing_docs)]

extern crate isocenter_tables as tables;

mod laws;
mod mappings;
mod omop;
mod parquet;
mod sample;
mod support;
mod variants;
