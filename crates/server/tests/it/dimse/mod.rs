//! The DICOM door.

mod admission;
mod commitment;
mod protocol;
mod retrieve;
mod storage;
mod support;
mod tls;
mod transfers;
