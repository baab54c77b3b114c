//! The codecs, one file each, behind one shape: coded bytes to a [`Raster`].
//!
//! Third-party codecs run inside [`guarded`]. It catches Rust panics; the C++ of CharLS turns
//! its own exceptions into codes. OpenJPEG's Rust port reads with raw pointers, so its input is
//! bounded first by the size of the image its header declares.

pub(crate) mod deflated;
pub(crate) mod jpeg;
pub(crate) mod jpeg2000;
mod jpeg_bits;
pub(crate) mod jpeg_dct;
mod jpeg_idct;
pub(crate) mod jpeg_ls;
mod jpeg_marks;
pub(crate) mod jpeg_xl;
pub(crate) mod rle;

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{PixelDescription, PixelError};

/// How many components a JPEG stream has; `None` where it is none.
#[must_use]
pub fn jpeg_components(coded: &[u8]) -> Option<u16> {
    jpeg_marks::head(coded).map(|head| head.components.len() as u16)
}

/// Samples as a codec gives them: pixel by pixel.
pub(crate) struct Raster {
    /// Significant bits of each sample.
    pub precision: u16,
    /// True where the samples are still luminance and chrominance.
    pub is_ybr: bool,
    /// The samples.
    pub samples: RasterSamples,
}

/// The sample types codecs work in.
pub(crate) enum RasterSamples {
    U8(Vec<u8>),
    U16(Vec<u16>),
    I32(Vec<i32>),
}

impl RasterSamples {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::U8(v) => v.len(),
            Self::U16(v) => v.len(),
            Self::I32(v) => v.len(),
        }
    }

    pub(crate) fn into_iter(self) -> Box<dyn Iterator<Item = i32>> {
        match self {
            Self::U8(v) => Box::new(v.into_iter().map(i32::from)),
            Self::U16(v) => Box::new(v.into_iter().map(i32::from)),
            Self::I32(v) => Box::new(v.into_iter()),
        }
    }
}

/// A decoder that gives a raster.
pub(crate) type DecodeRaster = fn(&PixelDescription, &[u8]) -> Result<Raster, PixelError>;

/// How a transfer syntax is decoded.
pub(crate) enum Decoder {
    /// The frame is native already (Encapsulated Uncompressed included).
    Native,
    /// Deflated Image Frame Compression.
    Deflated,
    /// RLE Lossless.
    Rle,
    /// A codec of pictures.
    Raster {
        /// What it is called in errors.
        name: &'static str,
        /// Decodes a frame.
        decode: DecodeRaster,
    },
}

/// The decoder of a transfer syntax, or `None` for video and what is unknown.
pub(crate) fn by_transfer_syntax(uid: &str) -> Option<Decoder> {
    let raster = |name, decode| Some(Decoder::Raster { name, decode });
    match uid {
        "1.2.840.10008.1.2"
        | "1.2.840.10008.1.2.1"
        | "1.2.840.10008.1.2.1.99"
        | "1.2.840.10008.1.2.2"
        | "1.2.840.113619.5.2"
        | "1.2.840.10008.1.2.1.98" => Some(Decoder::Native),
        "1.2.840.10008.1.2.8.1" => Some(Decoder::Deflated),
        "1.2.840.10008.1.2.5" => Some(Decoder::Rle),
        "1.2.840.10008.1.2.4.50"
        | "1.2.840.10008.1.2.4.51"
        | "1.2.840.10008.1.2.4.53"
        | "1.2.840.10008.1.2.4.55"
        | "1.2.840.10008.1.2.4.57"
        | "1.2.840.10008.1.2.4.70" => raster(jpeg::NAME, jpeg::decode),
        "1.2.840.10008.1.2.4.80" | "1.2.840.10008.1.2.4.81" => raster(jpeg_ls::NAME, jpeg_ls::decode),
        "1.2.840.10008.1.2.4.90"
        | "1.2.840.10008.1.2.4.91"
        | "1.2.840.10008.1.2.4.92"
        | "1.2.840.10008.1.2.4.93"
        | "1.2.840.10008.1.2.4.201"
        | "1.2.840.10008.1.2.4.202"
        | "1.2.840.10008.1.2.4.203" => raster(jpeg2000::NAME, jpeg2000::decode),
        "1.2.840.10008.1.2.4.110" | "1.2.840.10008.1.2.4.111" | "1.2.840.10008.1.2.4.112" => {
            raster(jpeg_xl::NAME, jpeg_xl::decode)
        }
        _ => None,
    }
}

/// Runs a third-party codec so that its panic is an error.
pub(crate) fn guarded<T>(
    codec: &'static str,
    run: impl FnOnce() -> Result<T, PixelError>,
) -> Result<T, PixelError> {
    catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|_| Err(PixelError::damaged(codec, "the codec gave up")))
}

/// The coded picture must have the size the header declares, or memory is taken for nothing.
pub(crate) fn same_size(
    codec: &'static str,
    description: &PixelDescription,
    width: u32,
    height: u32,
    components: u32,
) -> Result<(), PixelError> {
    let declared =
        (u32::from(description.columns), u32::from(description.rows), u32::from(description.samples));
    if (width, height, components) == declared {
        return Ok(());
    }
    let reason = format!(
        "it is {width} × {height} with {components} samples, the header says {} × {} with {}",
        declared.0, declared.1, declared.2
    );
    Err(PixelError::damaged(codec, reason))
}
