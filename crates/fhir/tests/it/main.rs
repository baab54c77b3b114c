//! The tests of the room: forms of files, R5, samples at hand, properties.
#![allow(clippy::unwrap_used, missing_docs)]

extern crate isocenter_fhir as fhir;

mod files;
mod later;
mod laws;
mod samples;
mod support;
