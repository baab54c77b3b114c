//! A picture as planes of 8 bits in which text is bright.

use dicom::pixel::render::Picture;

/// Brightness, row by row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Plane {
    pub width: usize,
    pub height: usize,
    pub data: Vec<u8>,
}

impl Plane {
    /// Text of any colour on black is bright in its strongest colour; on white it is dark in its weakest.
    pub(super) fn both(picture: &Picture) -> [Self; 2] {
        let bright = Self::of(picture, |pixel| pixel.iter().copied().max().unwrap_or(0));
        let dark = Self::of(picture, |pixel| 255 - pixel.iter().copied().min().unwrap_or(0));
        [bright, dark]
    }

    fn of(picture: &Picture, pixel: impl Fn(&[u8]) -> u8) -> Self {
        let (width, height) = (picture.width as usize, picture.height as usize);
        let data = match picture.channels {
            1 => picture.data.iter().map(|value| pixel(std::slice::from_ref(value))).collect(),
            channels => picture.data.chunks_exact(channels.max(1).into()).map(pixel).collect(),
        };
        Self { width, height, data }
    }

    /// A third of the size: means of 3 × 3 pixels. Large letters have thin strokes there.
    pub(super) fn third(&self) -> Self {
        let (width, height) = (self.width / 3, self.height / 3);
        let mut data = Vec::with_capacity(width * height);
        for y in 0..height {
            let rows: [&[u8]; 3] = [0, 1, 2].map(|n| &self.data[(y * 3 + n) * self.width..][..width * 3]);
            for x in 0..width {
                let sum: u32 =
                    rows.iter().flat_map(|row| &row[x * 3..x * 3 + 3]).map(|v| u32::from(*v)).sum();
                data.push((sum / 9) as u8);
            }
        }
        Self { width, height, data }
    }
}
