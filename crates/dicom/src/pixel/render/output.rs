//! Pictures as files.

use jpeg_encoder::{ColorType, Encoder, ImageBuffer, JpegColorType};

use super::Picture;
use super::grey::Rows;
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
        PictureFormat::Jpeg => jpeg(picture, quality),
        PictureFormat::Png => png(picture).map_err(|error| PixelError::damaged("PNG", error)),
    }
}

fn jpeg(picture: &Picture, quality: u8) -> Result<Vec<u8>, PixelError> {
    let size = |side: u32| {
        let limit = u64::from(u16::MAX);
        u16::try_from(side).map_err(|_| PixelError::TooLarge { bytes: side.into(), limit })
    };
    let (width, height) = (size(picture.width)?, size(picture.height)?);
    let mut out = Vec::with_capacity(picture.data.len() / 4);
    let encoder = Encoder::new(&mut out, quality.clamp(1, 100));
    let written = match picture.channels {
        1 => encoder.encode_image(Grey { data: &picture.data, width, height }),
        _ => encoder.encode(&picture.data, width, height, ColorType::Rgb),
    };
    written.map_err(|error| PixelError::damaged("JPEG", error))?;
    Ok(out)
}

/// Writes a grey frame that is shaded while it is written.
pub(super) fn grey_jpeg(rows: &Rows<'_>, quality: u8) -> Result<Vec<u8>, PixelError> {
    let mut out = Vec::with_capacity(32 << 10);
    let written = Encoder::new(&mut out, quality.clamp(1, 100)).encode_image(rows);
    written.map_err(|error| PixelError::damaged("JPEG", error))?;
    Ok(out)
}

impl ImageBuffer for &Rows<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Luma
    }

    fn width(&self) -> u16 {
        self.size().0
    }

    fn height(&self) -> u16 {
        self.size().1
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        self.fill(y.into(), &mut buffers[0]);
    }
}

/// Grey samples, given to the encoder row by row rather than one by one.
struct Grey<'a> {
    data: &'a [u8],
    width: u16,
    height: u16,
}

impl ImageBuffer for Grey<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Luma
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let width = usize::from(self.width);
        let row = self.data.chunks_exact(width).nth(y.into());
        buffers[0].extend_from_slice(row.unwrap_or_default());
    }
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
