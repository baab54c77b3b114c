//! `measure` — what people draw and measure on images, and the objects that keep it.
//!
//! Takes one change after another of one person's work on one exam; gives versions of it, and each as a
//! DICOM report (TID 1500) or segmentation that any program reads. What was drawn comes back exactly; two
//! people's work never meets, and of two changes to one measurement the later one is told of the earlier.
//! Does not store, search or decide who may: the shell does.
//!
//! Read in this order: [`measurement`], [`work`], [`exam`], [`report`], [`others`]; then [`segmentation`].

pub mod exam;
pub mod measurement;
pub mod others;
pub mod report;
pub mod segmentation;
pub mod work;

pub use exam::{Exam, Version};
pub use measurement::{Derivation, Invalid, Measurement, Place, Quantity, Shape, Value};
pub use work::{Entry, Expected, Stale, Work};

/// The note's kind of reports of measurements.
pub const MEASUREMENTS: &str = "measurements";
