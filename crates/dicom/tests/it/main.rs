//! The `dicom` room against other people's implementations.
#![allow(clippy::unwrap_used)]

mod net;
