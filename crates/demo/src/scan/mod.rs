//! Scanners: tissues become pixels, and pixels get the header of their kind (PS3.3 Annex A).

mod cr;
mod ct;
mod mr;
mod pt;
mod us;

use crate::body::{Chest, Head, Load};
use crate::exam::Exam;
use crate::header::About;
use crate::patients::Kind;
use dicom::DataSet;

/// Makes the instances of a series.
type Make<'a> = dyn Fn(&About) -> Vec<DataSet> + 'a;

/// A series, not made yet.
pub(crate) struct Series<'a> {
    pub about: About,
    make: Box<Make<'a>>,
}

impl<'a> Series<'a> {
    fn new(about: About, make: impl Fn(&About) -> Vec<DataSet> + 'a) -> Self {
        Self { about, make: Box::new(make) }
    }

    /// Makes its instances, in order.
    pub(crate) fn instances(&self) -> Vec<DataSet> {
        (self.make)(&self.about)
    }
}

/// The series of an exam.
pub(crate) fn series_of(exam: &Exam) -> Vec<Series<'_>> {
    let seed = exam.seed();
    match exam.visit.kind {
        Kind::ChestCt { nodule, contrast } => ct::chest(exam, Chest::new(seed, nodule, 1.0), contrast),
        Kind::ChestSurvey { nodule } => ct::survey(exam, Chest::new(seed, nodule, 1.0)),
        Kind::HeadCt => ct::head(exam, Head::new(seed, exam.age(), Load(0))),
        Kind::HeadMr { lesions } => mr::head(exam, Head::new(seed, exam.age(), Load(lesions))),
        Kind::ChestCr { nodule, heart } => cr::chest(exam, Chest::new(seed, nodule, heart)),
        Kind::Echo { ejection } => us::heart(exam, ejection),
        Kind::PetCt { nodule, uptake } => pt::chest(exam, nodule, uptake),
    }
}

/// Heights of `count` slices `distance` mm apart, from the feet to the head, around `middle`.
fn heights(count: usize, distance: f32, middle: f32) -> impl Iterator<Item = (u32, f32)> {
    let first = middle - (count - 1) as f32 / 2.0 * distance;
    (0..count).map(move |number| (number as u32 + 1, first + number as f32 * distance))
}
