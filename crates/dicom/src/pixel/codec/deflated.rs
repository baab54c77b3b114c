//! Deflated Image Frame Compression (PS3.5 §A.4.13): each frame is one deflate stream.

use std::io::{Read, Write};

use bytes::Bytes;

use super::super::{PixelDescription, PixelError};

const NAME: &str = "deflated frame";

/// Inflates a frame, up to the size the header declares and no further.
pub(crate) fn decode(description: &PixelDescription, coded: &[u8]) -> Result<Bytes, PixelError> {
    let bytes = description.frame_bytes()?;
    let mut out = Vec::with_capacity(bytes.min(coded.len().saturating_mul(8)));
    flate2::read::DeflateDecoder::new(coded)
        .take(bytes as u64)
        .read_to_end(&mut out)
        .map_err(|error| PixelError::damaged(NAME, error))?;
    Ok(out.into())
}

/// Deflates a native frame.
pub(crate) fn encode(samples: &[u8]) -> Result<Vec<u8>, PixelError> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder
        .write_all(samples)
        .and_then(|()| encoder.finish())
        .map_err(|error| PixelError::damaged(NAME, error))
}
