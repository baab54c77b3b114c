//! Why something can't be shown.

use dicom::pixel::PixelError;

/// Why something can't be shown. Carries no identifiers.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// None of the media types accepted can be given; the text tells which could.
    #[error("none of the accepted media types can be given; on offer: {0}")]
    NotAcceptable(String),
    /// The instance has no such frame, bulk data or picture.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The pixels can't be read or shown.
    #[error("the pixels could not be read")]
    Pixel(#[from] PixelError),
    /// The archive did not give the bytes.
    #[error("the archive could not be read")]
    Archive(#[from] archive::ReadError),
    /// The privacy wall lets nothing of it through.
    #[error("it is withheld: {0}")]
    Withheld(String),
    /// The stored bytes are not a data set this product reads.
    #[error("the stored data set could not be read")]
    DataSet(#[from] dicom::ReadError),
    /// The file can't be shown as a slide.
    #[error(transparent)]
    Tiff(#[from] crate::tiff::TiffError),
    /// The process is stopping.
    #[error("the work was given up because the process is stopping")]
    Stopped,
}
