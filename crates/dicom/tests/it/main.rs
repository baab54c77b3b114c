//! The `dicom` room against other people's implementations and files.
#![allow(clippy::unwrap_used)]

mod hostile;
mod net;
mod pixel;
mod sample_files;
mod shared;
