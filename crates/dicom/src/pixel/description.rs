//! The Image Pixel module as the codecs need it (PS3.3 §C.7.6.3).

use super::{Limits, PixelError};

/// How samples make a colour (Photometric Interpretation, PS3.3 §C.7.6.3.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Photometric {
    /// Lowest value is white.
    Monochrome1,
    /// Lowest value is black.
    Monochrome2,
    /// One sample indexes the red, green and blue palettes.
    PaletteColor,
    /// Red, green, blue.
    Rgb,
    /// Full-range YCbCr, one chroma pair for each pixel.
    YbrFull,
    /// Full-range YCbCr, one chroma pair for two pixels of a row.
    YbrFull422,
    /// Studio-range YCbCr, one chroma pair for two pixels of a row (retired).
    YbrPartial422,
    /// Studio-range YCbCr, one chroma pair for two by two pixels.
    YbrPartial420,
    /// The irreversible transform inside JPEG 2000.
    YbrIct,
    /// The reversible transform inside JPEG 2000.
    YbrRct,
    /// The XYB space inside lossy JPEG XL.
    Xyb,
}

impl Photometric {
    const NAMES: [(&'static str, Self); 11] = [
        ("MONOCHROME1", Self::Monochrome1),
        ("MONOCHROME2", Self::Monochrome2),
        ("PALETTE COLOR", Self::PaletteColor),
        ("RGB", Self::Rgb),
        ("YBR_FULL", Self::YbrFull),
        ("YBR_FULL_422", Self::YbrFull422),
        ("YBR_PARTIAL_422", Self::YbrPartial422),
        ("YBR_PARTIAL_420", Self::YbrPartial420),
        ("YBR_ICT", Self::YbrIct),
        ("YBR_RCT", Self::YbrRct),
        ("XYB", Self::Xyb),
    ];

    /// Reads the defined term; a retired or unknown one gives `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches(['\0', ' ']);
        Self::NAMES.iter().find(|(name, _)| *name == text).map(|&(_, photometric)| photometric)
    }

    /// The defined term.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, photometric)| *photometric == self).map_or("", |(name, _)| name)
    }

    /// True for the luminance and chrominance spaces.
    #[must_use]
    pub fn is_ybr(self) -> bool {
        self.name().starts_with("YBR")
    }

    /// True for the two grey scales.
    #[must_use]
    pub fn is_monochrome(self) -> bool {
        matches!(self, Self::Monochrome1 | Self::Monochrome2)
    }
}

/// What one sample is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SampleKind {
    /// Pixel Data (7FE0,0010).
    Integer,
    /// Float Pixel Data (7FE0,0008).
    Float,
    /// Double Float Pixel Data (7FE0,0009).
    Double,
}

/// The layout of the samples of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PixelDescription {
    /// Rows of a frame.
    pub rows: u16,
    /// Columns of a frame.
    pub columns: u16,
    /// Samples per Pixel.
    pub samples: u16,
    /// How samples make a colour.
    pub photometric: Photometric,
    /// Planar Configuration 1: all red, then all green, then all blue.
    pub by_plane: bool,
    /// Bits Allocated: 1, 8, 16, 32 or 64.
    pub bits_allocated: u16,
    /// Bits Stored.
    pub bits_stored: u16,
    /// Pixel Representation 1: two's complement.
    pub signed: bool,
    /// Number of Frames, at least 1.
    pub frames: u32,
    /// Integer or floating point samples.
    pub kind: SampleKind,
}

impl PixelDescription {
    /// Checks that the parts fit together and that a frame is within the limits.
    ///
    /// # Errors
    /// [`PixelError::Attribute`] or [`PixelError::Unsupported`] for a layout that can't be,
    /// [`PixelError::TooLarge`] beyond the limit.
    pub fn checked(self, limits: &Limits) -> Result<Self, PixelError> {
        if self.rows == 0 || self.columns == 0 {
            return Err(PixelError::Attribute("Rows or Columns"));
        }
        if !matches!(self.samples, 1 | 3 | 4) {
            return Err(PixelError::Unsupported(format!("{} samples per pixel", self.samples)));
        }
        if !matches!(self.bits_allocated, 1 | 8 | 16 | 32 | 64) {
            return Err(PixelError::Unsupported(format!("Bits Allocated of {}", self.bits_allocated)));
        }
        if self.bits_stored == 0 || self.bits_stored > self.bits_allocated {
            return Err(PixelError::Attribute("Bits Stored"));
        }
        let bytes = self.frame_bits().div_ceil(8);
        if bytes > limits.frame_bytes {
            return Err(PixelError::TooLarge { bytes, limit: limits.frame_bytes });
        }
        Ok(self)
    }

    /// Pixels of one frame.
    #[must_use]
    pub fn pixels(&self) -> usize {
        usize::from(self.rows) * usize::from(self.columns)
    }

    /// Samples of one frame when every pixel has all of its samples.
    #[must_use]
    pub fn frame_samples(&self) -> usize {
        self.pixels() * usize::from(self.samples)
    }

    /// Bytes of one sample; 1 for single-bit images, whose samples are packed.
    #[must_use]
    pub fn sample_bytes(&self) -> usize {
        usize::from(self.bits_allocated).div_ceil(8)
    }

    /// Bits of one native frame, the subsampled chroma of YBR_*_422 and 420 considered.
    #[must_use]
    pub fn frame_bits(&self) -> u64 {
        let full = self.frame_samples() as u64 * u64::from(self.bits_allocated);
        match self.photometric {
            Photometric::YbrFull422 | Photometric::YbrPartial422 if self.samples == 3 => full / 3 * 2,
            Photometric::YbrPartial420 if self.samples == 3 => full / 2,
            _ => full,
        }
    }

    /// Bytes of one native frame that starts on a byte.
    ///
    /// # Errors
    /// [`PixelError::TooLarge`] where the machine can't address it.
    pub fn frame_bytes(&self) -> Result<usize, PixelError> {
        let bytes = self.frame_bits().div_ceil(8);
        usize::try_from(bytes).map_err(|_| PixelError::TooLarge { bytes, limit: usize::MAX as u64 })
    }

    /// The same layout with one frame only.
    #[must_use]
    pub fn single(&self) -> Self {
        Self { frames: 1, ..self.clone() }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn grey(rows: u16, columns: u16, bits_stored: u16) -> PixelDescription {
        PixelDescription {
            rows,
            columns,
            samples: 1,
            photometric: Photometric::Monochrome2,
            by_plane: false,
            bits_allocated: if bits_stored > 8 { 16 } else { 8 },
            bits_stored,
            signed: false,
            frames: 1,
            kind: SampleKind::Integer,
        }
    }

    #[test]
    fn a_frame_beyond_the_limit_is_refused() {
        let huge = grey(65_535, 65_535, 16);
        assert!(matches!(huge.checked(&Limits::default()), Err(PixelError::TooLarge { .. })));
    }

    #[test]
    fn subsampled_chroma_takes_two_thirds() {
        let ybr = PixelDescription { samples: 3, photometric: Photometric::YbrFull422, ..grey(2, 4, 8) };
        assert_eq!(ybr.frame_bits(), 16 * 8);
    }

    #[test]
    fn every_term_is_read_back() {
        for (name, photometric) in Photometric::NAMES {
            assert_eq!(Photometric::parse(&format!("{name} ")), Some(photometric));
            assert_eq!(photometric.name(), name);
        }
    }
}
