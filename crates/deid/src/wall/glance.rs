//! A first look at many files: what an object says of its patient, where others like it have said the rest.

use super::Wall;
use super::original::Original;
use super::shape::{Opened, Recent, Shape};
use crate::text::Known;
use bytes::Bytes;
use dicom::{DataSet, tags};

/// What objects have said so far that were read whole.
#[derive(Default)]
pub struct Heard(Recent<Shape>);

/// What an object says that none before it has said. It identifies.
pub struct Glance {
    subject: String,
    instance: String,
    set: DataSet,
}

impl Wall {
    /// Looks at a file, or at the beginning of one of `length` bytes, that is like one that was heard. `None` if there
    /// is none: then it has to be read.
    #[must_use]
    pub fn glance(&self, heard: &Heard, file: &Bytes, length: u64) -> Option<Glance> {
        let opened = Opened::new(file, length)?;
        heard.0.find(|shape| {
            let set = shape.fit(&opened)?.set;
            Some(Glance { subject: shape.subject.clone(), instance: set.uid(tags::SOP_INSTANCE_UID)?, set })
        })
    }

    /// Adds what a glance showed to what is known of its patient.
    pub fn learn_from_glance(&self, glance: &Glance, known: &mut Known) {
        self.learn_set(&glance.set, known);
    }
}

impl Heard {
    /// Hears an original whose patient it was learnt from; others need not say the same again.
    pub fn add(&self, original: &Original) {
        if let Some(shape) = Shape::of(original) {
            self.0.add(shape);
        }
    }
}

impl Glance {
    /// What tells its patient from others; identifies.
    #[must_use]
    pub fn subject(&self) -> model::Phi<String> {
        model::Phi::new(self.subject.clone())
    }

    /// Its SOP Instance UID.
    #[must_use]
    pub fn instance(&self) -> &str {
        &self.instance
    }
}

/// Shows no value.
impl std::fmt::Debug for Glance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Glance({:?})", self.set)
    }
}
