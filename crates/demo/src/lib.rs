//! `demo` — the demo hospital: synthetic patients with several visits, and their CT, MR, CR, US and PT
//! exams. Takes nothing, gives DICOM files; the same ones every time, so that a hospital that was
//! interrupted is completed and not doubled. No patient, no device and no picture in it is real.
//!
//! Anatomy is geometry ([`body`]): shapes and tubes in millimetres that say which tissue is where.
//! Scanners ([`scan`]) turn tissues into pixels and headers. Who comes when is in [`patients`]; what
//! the hospital's other systems say of it in [`messages`].
//!
//! People of an invented population get their pictures here, too ([`invented`]).
//! Read in this order: [`patients`], [`exam`], [`body`], [`scan`], [`messages`].

pub mod body;
pub mod exam;
pub mod invented;
pub mod messages;
pub mod patients;
pub mod scan;

mod header;
mod noise;
mod uid;

pub use exam::{DemoFile, Exam};
pub use messages::Message;

/// The institution that every file names.
pub const INSTITUTION: &str = "Isocenter Demo Hospital";

/// All exams of the hospital, oldest first.
#[must_use]
pub fn exams() -> Vec<Exam> {
    let mut exams: Vec<Exam> = patients::ALL.iter().flat_map(Exam::of).collect();
    exams.sort_by_key(|exam| (exam.visit.date, exam.patient.id));
    exams
}
