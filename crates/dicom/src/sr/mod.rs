//! Structured reports (PS3.3 §A.35, §C.17.3): content trees written and read.
//!
//! [`item`] makes content items, [`tree`] walks those of any writer, [`groups`](mod@groups) finds the
//! measurements in them: those of TID 1500 reports (PS3.16) and of annotation reports that came before it.
//!
//! Read in this order: [`code`], [`item`], [`tree`], [`groups`](mod@groups).

pub mod code;
pub mod groups;
pub mod item;
pub mod tree;

pub use code::Code;
pub use groups::{Group, ImageReference, Measured, Region, Report, is_report, report};
pub use item::{Graphic, Relation};

/// Comprehensive 3D SR Storage (PS3.3 §A.35.13): coordinates on images and in space.
pub const COMPREHENSIVE_3D: &str = "1.2.840.10008.5.1.4.1.1.88.34";
