//! The `dicom` room against other people's implementations and files.
#![allow(clippy::unwrap_used)]

mod net;
mod sample_files;
mod shared;
