//! The DICOM door.

mod admission;
mod retrieve;
mod storage;
mod support;
mod tls;
