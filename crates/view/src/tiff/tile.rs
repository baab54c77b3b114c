//! One tile or strip: its coded bytes, and its picture.

use super::fields::File;
use super::image::{Coding, Colour};
use super::{Image, LARGEST_TILE, Ranges, TiffError};
use bytes::Bytes;
use dicom::pixel::render::{Picture, Presentation, Window, picture};
use dicom::pixel::{DecodedFrame, Photometric, PixelDescription, PixelError, SampleKind, decode_frame};
use std::io::Read;
use weezl::BitOrder;

/// Bytes that a coding may add to a small tile: tables, a colour profile.
const MOST_OVERHEAD: u64 = 256 << 10;
/// Tiles or strips of a picture that is read whole.
const MOST_TILES: u64 = 16_384;

const JPEG: &str = "1.2.840.10008.1.2.4.50";
const JPEG_2000: &str = "1.2.840.10008.1.2.4.91";

/// A tile as the file has it.
pub struct Coded {
    image: Image,
    rows: u32,
    big_endian: bool,
    /// One, or one for each sample where they stand apart.
    parts: Vec<Bytes>,
}

impl Image {
    /// The coded bytes of a tile; `None` where the file leaves it out or the picture has none there.
    ///
    /// # Errors
    /// [`TiffError`] where the file says it lies outside.
    pub async fn tile(&self, ranges: &dyn Ranges, column: u32, row: u32) -> Result<Option<Coded>, TiffError> {
        if column >= self.across() || row >= self.down() {
            return Ok(None);
        }
        let (file, _) = File::open(ranges).await?;
        let tiles = u64::from(self.across()) * u64::from(self.down());
        let nth = u64::from(row) * u64::from(self.across()) + u64::from(column);
        let mut parts = Vec::new();
        for plane in 0..if self.by_plane { u64::from(self.samples) } else { 1 } {
            let at = file.nth(&self.offsets, nth + plane * tiles).await?;
            let length = file.nth(&self.counts, nth + plane * tiles).await?;
            if at == 0 || length == 0 {
                return Ok(None);
            }
            // Coding never makes an honest tile much larger.
            if length > 2 * self.tile_bytes() + MOST_OVERHEAD {
                return Err(TiffError::Damaged("a tile is longer than its pixels can be"));
            }
            parts.push(file.read(at, length).await?);
        }
        let rows =
            if self.tiled { self.tile_rows } else { self.tile_rows.min(self.rows - row * self.tile_rows) };
        let big_endian = file.number(&[0, 1]) == 1;
        Ok(Some(Coded { image: self.clone(), rows, big_endian, parts }))
    }
}

impl Coded {
    /// A JPEG file any browser shows, where the tile is JPEG already; nothing is lost by it.
    #[must_use]
    pub fn as_jpeg(&self) -> Option<Bytes> {
        (self.image.coding == Coding::Jpeg && self.image.samples == 3).then(|| self.jpeg()).flatten()
    }

    /// Tables and tile joined, with a mark that says which colours they are where nothing says so
    /// (TIFF Technical Note 2).
    fn jpeg(&self) -> Option<Bytes> {
        const START: &[u8] = &[0xFF, 0xD8];
        let tile = self.parts.first()?.strip_prefix(START)?;
        let tables = self.image.tables.strip_prefix(START).unwrap_or_default();
        let tables = tables.strip_suffix(&[0xFF, 0xD9]).unwrap_or(tables);
        let mut whole = Vec::with_capacity(tile.len() + tables.len() + 18);
        whole.extend_from_slice(START);
        if self.image.samples == 3 {
            let transform = u8::from(self.image.colour == Colour::Ybr);
            whole.extend_from_slice(b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0");
            whole.push(transform);
        }
        whole.extend_from_slice(tables);
        whole.extend_from_slice(tile);
        Some(whole.into())
    }

    /// Its pixels, grey or red, green, blue.
    ///
    /// # Errors
    /// [`TiffError::Pixel`] and [`TiffError::Damaged`].
    pub fn picture(&self) -> Result<Picture, TiffError> {
        let frame = match self.image.coding {
            Coding::Jpeg => {
                let coded = self.jpeg().ok_or(TiffError::Damaged("a tile is not JPEG"))?;
                decode_frame(&self.described(self.colours()), JPEG, &coded)?
            }
            Coding::Jpeg2000 { ybr } => {
                let part = self.parts.first().ok_or(TiffError::Damaged("a tile is missing"))?;
                let mut frame = decode_frame(&self.described(self.colours()), JPEG_2000, part)?;
                if ybr && frame.description.samples == 3 {
                    frame.description.photometric = Photometric::YbrFull;
                }
                frame
            }
            Coding::Plain | Coding::Lzw | Coding::Deflate => self.native()?,
        };
        // Grey as it is: stretched, each tile would look different from its neighbour.
        Ok(picture(&frame, &Presentation::default(), Some(Window::between(0.0, 255.0)))?)
    }

    /// Samples that are shown: three of colour, one of grey; what follows is transparency.
    const fn colours(&self) -> u16 {
        if matches!(self.image.colour, Colour::Rgb | Colour::Ybr) { 3 } else { 1 }
    }

    fn described(&self, samples: u16) -> PixelDescription {
        let photometric = match self.image.colour {
            Colour::WhiteIsZero => Photometric::Monochrome1,
            Colour::Grey => Photometric::Monochrome2,
            Colour::Rgb => Photometric::Rgb,
            Colour::Ybr => Photometric::YbrFull422,
        };
        let side = |pixels: u32| u16::try_from(pixels).unwrap_or(u16::MAX);
        PixelDescription {
            rows: side(self.rows),
            columns: side(self.image.tile_columns),
            samples,
            photometric,
            by_plane: false,
            bits_allocated: 8,
            bits_stored: 8,
            signed: false,
            frames: 1,
            kind: SampleKind::Integer,
        }
    }

    fn native(&self) -> Result<DecodedFrame, TiffError> {
        let image = &self.image;
        let (shown, apart) = (usize::from(self.colours()), image.by_plane);
        let samples = if apart { 1 } else { usize::from(image.samples) };
        let mut data = vec![0; image.tile_columns as usize * self.rows as usize * shown];
        for (nth, part) in self.parts.iter().take(if apart { shown } else { 1 }).enumerate() {
            let plain = self.plain(part, samples)?;
            let pixels = plain.chunks_exact(samples).zip(data.chunks_exact_mut(shown));
            if apart {
                pixels.for_each(|(from, to)| to[nth] = from[0]);
            } else {
                pixels.for_each(|(from, to)| to.copy_from_slice(&from[..shown]));
            }
        }
        let description = self.described(self.colours());
        Ok(DecodedFrame { description, data: data.into() })
    }

    /// Samples of 8 bits, unpacked, differences summed.
    fn plain(&self, part: &Bytes, samples: usize) -> Result<Vec<u8>, TiffError> {
        let wide = self.image.bits == 16;
        let row = self.image.tile_columns as usize * samples;
        let needed = row * self.rows as usize * if wide { 2 } else { 1 };
        let mut bytes = unpacked(self.image.coding, part, needed)?;
        if !wide {
            if self.image.differences {
                for row in bytes.chunks_exact_mut(row) {
                    (samples..row.len()).for_each(|at| row[at] = row[at].wrapping_add(row[at - samples]));
                }
            }
            return Ok(bytes);
        }
        let pair = if self.big_endian { u16::from_be_bytes } else { u16::from_le_bytes };
        let mut values: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|two| pair(*two)).collect();
        if self.image.differences {
            for row in values.chunks_exact_mut(row) {
                (samples..row.len()).for_each(|at| row[at] = row[at].wrapping_add(row[at - samples]));
            }
        }
        let most = self.image.most.max(1);
        Ok(values.into_iter().map(|value| (u32::from(value).min(most) * 255 / most) as u8).collect())
    }
}

/// So many bytes, and no more, whatever a stream would unpack to.
fn unpacked(coding: Coding, part: &Bytes, needed: usize) -> Result<Vec<u8>, TiffError> {
    let short = || TiffError::Damaged("a tile is shorter than its pixels need");
    match coding {
        Coding::Lzw => {
            let mut out = vec![0; needed];
            let mut decoder = weezl::decode::Decoder::with_tiff_size_switch(BitOrder::Msb, 8);
            let (mut read, mut written) = (0, 0);
            while written < needed {
                let result = decoder.decode_bytes(&part[read..], &mut out[written..]);
                if result.consumed_in == 0 && result.consumed_out == 0 {
                    break;
                }
                read += result.consumed_in;
                written += result.consumed_out;
                if result.status.is_err() {
                    return Err(TiffError::Damaged("a tile's LZW is broken"));
                }
            }
            if written < needed { Err(short()) } else { Ok(out) }
        }
        Coding::Deflate => {
            let mut out = Vec::with_capacity(needed);
            let read = flate2::read::ZlibDecoder::new(&part[..]).take(needed as u64).read_to_end(&mut out);
            match read {
                Ok(length) if length == needed => Ok(out),
                Ok(_) => Err(short()),
                Err(_) => Err(TiffError::Damaged("a tile's deflated bytes are broken")),
            }
        }
        _ => part.get(..needed).map(<[u8]>::to_vec).ok_or_else(short),
    }
}

impl Image {
    /// The whole picture, for those that are small: the glass and its label.
    ///
    /// # Errors
    /// [`TiffError`]; as [`Coded::picture`].
    pub async fn whole(&self, ranges: &dyn Ranges) -> Result<Whole, TiffError> {
        if u64::from(self.columns) * u64::from(self.rows) * 3 > LARGEST_TILE {
            return Err(TiffError::Pixel(PixelError::TooLarge {
                bytes: u64::from(self.columns) * u64::from(self.rows) * 3,
                limit: LARGEST_TILE,
            }));
        }
        if u64::from(self.across()) * u64::from(self.down()) > MOST_TILES {
            return Err(TiffError::Unsupported("a small picture in more than 16,384 parts".into()));
        }
        let (mut tiles, mut bytes) = (Vec::new(), 0);
        for row in 0..self.down() {
            for column in 0..self.across() {
                if let Some(coded) = self.tile(ranges, column, row).await? {
                    bytes += coded.parts.iter().map(|part| part.len() as u64).sum::<u64>();
                    if bytes > 2 * LARGEST_TILE {
                        return Err(TiffError::Damaged("its parts are longer than its pixels can be"));
                    }
                    tiles.push((column, row, coded));
                }
            }
        }
        Ok(Whole { columns: self.columns, rows: self.rows, tile: (self.tile_columns, self.tile_rows), tiles })
    }
}

/// All tiles of a small picture.
pub struct Whole {
    columns: u32,
    rows: u32,
    tile: (u32, u32),
    tiles: Vec<(u32, u32, Coded)>,
}

impl Whole {
    /// Puts the tiles together.
    ///
    /// # Errors
    /// As [`Coded::picture`].
    pub fn picture(&self) -> Result<Picture, TiffError> {
        let (width, height) = (self.columns as usize, self.rows as usize);
        let mut data = vec![255; width * height * 3];
        for (column, row, coded) in &self.tiles {
            let tile = coded.picture()?;
            let (left, top) = ((column * self.tile.0) as usize, (row * self.tile.1) as usize);
            let (across, channels) = (tile.width as usize, usize::from(tile.channels));
            for y in 0..(tile.height as usize).min(height - top) {
                for x in 0..across.min(width - left) {
                    let from = &tile.data[(y * across + x) * channels..][..channels];
                    let to = &mut data[((top + y) * width + left + x) * 3..][..3];
                    (0..3).for_each(|nth| to[nth] = from[nth.min(channels - 1)]);
                }
            }
        }
        Ok(Picture { width: self.columns, height: self.rows, channels: 3, data })
    }
}
