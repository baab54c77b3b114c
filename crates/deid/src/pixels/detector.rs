//! Finding text in pictures: what a detector must do, and what can go wrong with it.

use super::Area;
use dicom::pixel::render::Picture;

/// A place where there is text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// A box around all of its ink.
    pub area: Area,
    /// How sure the detector is, from 0 to 1.
    pub score: f32,
}

/// Something that finds text, whatever it says, in whatever colour on whatever ground.
pub trait Detector: Send + Sync + std::fmt::Debug {
    /// The lines of text in a picture.
    ///
    /// # Errors
    /// [`DetectorError`]; whatever was to be searched is then not known to be clean.
    fn find(&self, picture: &Picture) -> Result<Vec<Found>, DetectorError>;
}

/// Why pictures could not be searched. Every one of them withholds the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DetectorError {
    /// There is none.
    #[error(
        "no text detector was found: install it with `scripts/tools detector FOLDER`, and name the folder in ISOCENTER_DEID_DETECTOR"
    )]
    Absent,
    /// ONNX Runtime can't be loaded.
    #[error("the text detector's libonnxruntime.so can't be loaded: version 1.17 or later is needed")]
    Library,
    /// The model can't be loaded, or does not see a word that was drawn for it.
    #[error("the text detector's model is not one that finds text")]
    Model,
    /// It ended with an error.
    #[error("the text detector failed")]
    Failed,
    /// Its answer is not one.
    #[error("the text detector's answer can't be read")]
    Unreadable,
}
