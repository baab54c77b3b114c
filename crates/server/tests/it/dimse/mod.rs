//! The DICOM door.

mod admission;
mod commitment;
mod retrieve;
mod storage;
mod support;
mod tls;
mod transfers;
