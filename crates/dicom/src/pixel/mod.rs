//! Pixels: from the bytes of Pixel Data to samples, other encodings and pictures.
//!
//! Every function here takes input that anybody may have sent: sizes are checked against
//! [`Limits`] and against the size of what was sent before memory is taken, third-party
//! codecs are asked for their own header first, and a codec that panics is an error
//! ([`PixelError::Damaged`]), not the end of the process.
//!
//! Read in this order: `description`, `frames`, `image`, `codec`, `decode`, `encode`, `transcode`,
//! `recompress`, [`render`].

mod codec;
mod decode;
mod description;
mod encode;
mod error;
mod frames;
mod image;
mod recompress;
pub mod render;
mod transcode;

pub use codec::jpeg_components;
pub use decode::{DecodedFrame, can_decode, decode_frame};
pub use description::{Photometric, PixelDescription, SampleKind};
pub use encode::{ENCAPSULATED, can_encode, encode_frame, is_native};
pub use error::{Limits, PixelError};
pub use frames::{Frames, OffsetTables};
pub use image::Image;
pub use recompress::{Recompressed, RestoreRecipe, recompress, restore};
pub use transcode::transcode;
