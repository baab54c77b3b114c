//! `dicom` — The one door to DICOM: parse, write, JSON, transcode, render, the DIMSE wire.

pub mod pixel;
