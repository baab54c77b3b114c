//! Workers: they carry what one room has done to the next, each with a cursor of its own.

pub mod indexer;
pub mod jobs;
