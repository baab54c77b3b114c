//! The DICOM door.

mod admission;
mod commitment;
mod protocol;
mod retrieve;
mod storage;
pub mod support;
pub mod tls;
mod transfers;
