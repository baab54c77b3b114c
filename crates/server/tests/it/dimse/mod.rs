//! The DICOM door.

mod admission;
mod storage;
mod support;
mod tls;
