//! Pixels: from the bytes of Pixel Data to samples, other encodings and pictures.
//!
//! Every function here takes input that anybody may have sent: sizes are checked against
//! [`Limits`] and against the size of what was sent before memory is taken, third-party
//! codecs are asked for their own header first, and a codec that panics is an error
//! ([`PixelError::Damaged`]), not the end of the process.
//!
//! Read in this order: `description`, `frames`, `codec`, `decode`, `transcode`, `recompress`, `render`.

mod codec;
mod decode;
mod description;
mod error;
mod frames;

pub use decode::{DecodedFrame, can_decode, decode_frame};
pub use description::{Photometric, PixelDescription, SampleKind};
pub use error::{Limits, PixelError};
pub use frames::{Frames, OffsetTables};
