//! Pictures as files.

use jpeg_encoder::{ColorType, Encoder};

use super::Picture;
use crate::pixel::PixelError;

/// The file formats pictures are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PictureFormat {
    /// image/jpeg, baseline.
    #[default]
    Jpeg,
    /// image/png.
    Png,
}

impl PictureFormat {
    /// The media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// Writes a picture.
pub(super) fn write(picture: &Picture, format: PictureFormat, quality: u8) -> Result<Vec<u8>, PixelError> {
    match format {
        PictureFormat::Jpeg => jpeg(picture, quality.clamp(1, 100)),
        PictureFormat::Png => png(picture).map_err(|error| PixelError::damaged("PNG", error)),
    }
}

fn jpeg(picture: &Picture, quality: u8) -> Result<Vec<u8>, PixelError> {
    let size = |side: u32| {
        let limit = u64::from(u16::MAX);
        u16::try_from(side).map_err(|_| PixelError::TooLarge { bytes: side.into(), limit })
    };
    let kind = if picture.channels == 1 { ColorType::Luma } else { ColorType::Rgb };
    let mut out = Vec::with_capacity(picture.data.len() / 4);
    Encoder::new(&mut out, quality)
        .encode(&picture.data, size(picture.width)?, size(picture.height)?, kind)
        .map_err(|error| PixelError::damaged("JPEG", error))?;
    Ok(out)
}

fn png(picture: &Picture) -> Result<Vec<u8>, png::EncodingError> {
    let mut out = Vec::with_capacity(picture.data.len() / 2);
    let mut encoder = png::Encoder::new(&mut out, picture.width, picture.height);
    encoder.set_color(if picture.channels == 1 { png::ColorType::Grayscale } else { png::ColorType::Rgb });
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&picture.data)?;
    writer.finish()?;
    Ok(out)
}
