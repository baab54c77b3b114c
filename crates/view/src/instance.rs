//! One instance opened for its frames: small files are read whole, of large ones only the header
//! and then the frames asked for.

use std::ops::Range;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use catalog::Located;
use dicom::pixel::{DecodedFrame, Image, Limits, PixelDescription, PixelError, decode_frame};
use dicom::{DataSet, Header, Tag, tags};

use crate::{Files, View, ViewError};

/// Files up to this size are read whole.
const SMALL: u64 = 16 << 20;
/// Uncompressed files up to this size are opened on the spot.
const QUICK: usize = 2 << 20;
/// Bytes read at a time while fragments are looked for.
const STEP: u64 = 64 << 10;

/// An instance opened for its frames.
pub struct Instance {
    /// Where it lies.
    pub located: Located,
    /// Its header; of small files the whole data set.
    pub data_set: DataSet,
    pixels: Result<Pixels, PixelError>,
    weight: usize,
}

/// Where the coded frames are.
enum Pixels {
    /// In memory.
    Whole(Image),
    /// In the archive.
    Apart { description: PixelDescription, transfer_syntax: String, places: Places },
}

enum Places {
    /// One after the other from this offset.
    Native { at: u64 },
    /// The fragments of each frame.
    Fragments(Vec<Vec<Range<u64>>>),
}

impl View {
    /// Opens an instance, or takes it from those opened lately.
    ///
    /// # Errors
    /// [`ViewError::Archive`] and [`ViewError::DataSet`].
    pub async fn open(&self, located: &Located) -> Result<Arc<Instance>, ViewError> {
        if let Some(instance) = self.opened.get(&located.digest) {
            return Ok(instance);
        }
        let large = located.locator.length > SMALL && located.pixel_data_at.is_some();
        let instance = if large { self.open_large(located).await? } else { self.open_small(located).await? };
        let instance = Arc::new(instance);
        self.opened.put(located.digest, &instance);
        Ok(instance)
    }

    async fn open_small(&self, located: &Located) -> Result<Instance, ViewError> {
        let file = self.files.read_all(&located.locator).await?;
        let located = located.clone();
        let weight = file.len();
        let quick = weight <= QUICK && dicom::pixel::is_native(&located.transfer_syntax);
        let open = move || match Image::open(&file, &Limits::default()) {
            Ok((data_set, image)) => {
                Ok(Instance { located, data_set, pixels: Ok(Pixels::Whole(image)), weight })
            }
            Err(error) => {
                let header = dicom::read_header(&file)?;
                Ok(Instance { located, data_set: header.data_set, pixels: Err(error), weight })
            }
        };
        // Samples as they are only have to be found: handing that to another thread would cost more.
        if quick { open() } else { self.work(open).await }
    }

    async fn open_large(&self, located: &Located) -> Result<Instance, ViewError> {
        let header = self.header(located).await?;
        let pixels = self.find_frames(located, &header).await;
        let pixels = match pixels {
            Ok(pixels) => Ok(pixels),
            Err(ViewError::Pixel(error)) => Err(error),
            Err(other) => return Err(other),
        };
        let weight = located.pixel_data_at.unwrap_or(0) as usize;
        Ok(Instance { located: located.clone(), data_set: header.data_set, pixels, weight })
    }

    /// The header of an instance; pixel data is not read.
    pub(crate) async fn header(&self, located: &Located) -> Result<Header, ViewError> {
        let bytes = self.files.read(&located.locator, 0..header_end(located)).await?;
        Ok(dicom::read_header_prefix(&bytes, located.locator.length)?)
    }

    async fn find_frames(&self, located: &Located, header: &Header) -> Result<Pixels, ViewError> {
        let description = PixelDescription::of(&header.data_set, &Limits::default())?;
        let element = pixel_element(&*self.files, located, header).await?;
        let transfer_syntax = header.transfer_syntax.uid().to_owned();
        if header.transfer_syntax.big_endian() || element.tag != tags::PIXEL_DATA {
            let file = self.files.read_all(&located.locator).await?;
            return Ok(Pixels::Whole(Image::open(&file, &Limits::default())?.1));
        }
        let places = match element.length {
            Some(_) => Places::Native { at: element.value_at },
            None => {
                let fragments = fragments(&*self.files, located, element.value_at).await?;
                Places::Fragments(assigned(&*self.files, located, header, &description, fragments).await?)
            }
        };
        Ok(Pixels::Apart { description, transfer_syntax, places })
    }
}

/// Header bytes with the head of the pixel data element.
pub(crate) fn header_end(located: &Located) -> u64 {
    let length = located.locator.length;
    located.pixel_data_at.map_or(length, |at| at.saturating_add(16).min(length))
}

/// The head of a pixel data element.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PixelElement {
    pub tag: Tag,
    pub value_at: u64,
    /// `None` when encapsulated.
    pub length: Option<u32>,
}

/// Reads the head of the pixel data element from bytes that begin with it.
pub(crate) fn parse_pixel_element(bytes: &[u8], at: u64, header: &Header) -> Option<PixelElement> {
    let head = bytes.first_chunk::<12>()?;
    let big = header.transfer_syntax.big_endian();
    let u16_at = |i: usize| {
        if big {
            u16::from_be_bytes([head[i], head[i + 1]])
        } else {
            u16::from_le_bytes([head[i], head[i + 1]])
        }
    };
    let u32_at = |i: usize| {
        let four = [head[i], head[i + 1], head[i + 2], head[i + 3]];
        if big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }
    };
    let tag = Tag(u16_at(0), u16_at(2));
    let explicit = header.transfer_syntax.explicit_vr();
    let (length, size) = if explicit { (u32_at(8), 12) } else { (u32_at(4), 8) };
    Some(PixelElement { tag, value_at: at + size, length: (length != u32::MAX).then_some(length) })
}

async fn pixel_element(
    files: &dyn Files,
    located: &Located,
    header: &Header,
) -> Result<PixelElement, ViewError> {
    let at = located.pixel_data_at.ok_or(PixelError::NoPixelData)?;
    let end = (at + 12).min(located.locator.length);
    let bytes = files.read(&located.locator, at..end).await?;
    Ok(parse_pixel_element(&bytes, at, header).ok_or(PixelError::NoPixelData)?)
}

/// Finds the fragments by their item headers, the offset table first.
async fn fragments(files: &dyn Files, located: &Located, from: u64) -> Result<Vec<Range<u64>>, ViewError> {
    let length = located.locator.length;
    let damaged =
        || PixelError::Damaged { codec: "encapsulated", reason: "the fragments end early".to_owned() };
    let (mut found, mut at) = (Vec::new(), from);
    let (mut window, mut window_at) = (Bytes::new(), 0);
    loop {
        if at < window_at || at + 8 > window_at + window.len() as u64 {
            window = files.read(&located.locator, at..(at + STEP).min(length)).await?;
            window_at = at;
        }
        let head =
            window.get((at - window_at) as usize..).and_then(<[u8]>::first_chunk::<8>).ok_or_else(damaged)?;
        let [a, b, c, d, size @ ..] = *head;
        let size = u64::from(u32::from_le_bytes(size));
        match [a, b, c, d] {
            [0xFE, 0xFF, 0x00, 0xE0] if at + 8 + size <= length => found.push(at + 8..at + 8 + size),
            [0xFE, 0xFF, 0xDD, 0xE0] => return Ok(found),
            _ => return Err(damaged().into()),
        }
        at += 8 + size;
    }
}

/// Assigns fragments to frames as [`dicom::pixel::Frames`] does for fragments in memory.
async fn assigned(
    files: &dyn Files,
    located: &Located,
    header: &Header,
    description: &PixelDescription,
    mut fragments: Vec<Range<u64>>,
) -> Result<Vec<Vec<Range<u64>>>, ViewError> {
    if fragments.is_empty() {
        return Err(PixelError::NoPixelData.into());
    }
    let table = fragments.remove(0);
    let count = description.frames as usize;
    if count == 1 {
        return Ok(vec![fragments]);
    }
    if fragments.len() == count {
        return Ok(fragments.into_iter().map(|fragment| vec![fragment]).collect());
    }
    let extended = header.data_set.get(tags::EXTENDED_OFFSET_TABLE).and_then(|e| e.value.bytes().cloned());
    let offsets: Vec<u64> = match extended.filter(|table| !table.is_empty()) {
        Some(table) => table.as_chunks::<8>().0.iter().map(|c| u64::from_le_bytes(*c)).collect(),
        None => {
            let table = files.read(&located.locator, table).await?;
            table.as_chunks::<4>().0.iter().map(|c| u64::from(u32::from_le_bytes(*c))).collect()
        }
    };
    grouped(&offsets, fragments, count)
}

fn grouped(
    offsets: &[u64],
    fragments: Vec<Range<u64>>,
    count: usize,
) -> Result<Vec<Vec<Range<u64>>>, ViewError> {
    let unassignable = PixelError::NotSeparable { fragments: fragments.len(), frames: count as u32 };
    let first = fragments.first().map_or(0, |f| f.start);
    let mut groups: Vec<Vec<Range<u64>>> = Vec::new();
    for fragment in fragments {
        if offsets.binary_search(&(fragment.start - first)).is_ok() {
            groups.push(Vec::new());
        }
        if let Some(group) = groups.last_mut() {
            group.push(fragment);
        }
    }
    if groups.len() == count { Ok(groups) } else { Err(unassignable.into()) }
}

impl Instance {
    /// Bytes it holds in memory.
    pub(crate) fn weight(&self) -> usize {
        self.weight + 4096
    }

    fn pixels(&self) -> Result<&Pixels, ViewError> {
        self.pixels.as_ref().map_err(|error| match error {
            PixelError::NoPixelData => ViewError::NotFound("pixel data"),
            other => ViewError::Pixel(PixelError::Unsupported(other.to_string())),
        })
    }

    /// The layout of its samples.
    ///
    /// # Errors
    /// [`ViewError::NotFound`] for an object without pixels, [`ViewError::Pixel`] for unreadable ones.
    pub fn description(&self) -> Result<&PixelDescription, ViewError> {
        Ok(match self.pixels()? {
            Pixels::Whole(image) => &image.description,
            Pixels::Apart { description, .. } => description,
        })
    }

    /// How its frames are coded.
    ///
    /// # Errors
    /// As [`Instance::description`].
    pub fn transfer_syntax(&self) -> Result<&str, ViewError> {
        Ok(match self.pixels()? {
            Pixels::Whole(image) => &image.transfer_syntax,
            Pixels::Apart { places: Places::Native { .. }, .. } => crate::media::EXPLICIT,
            Pixels::Apart { transfer_syntax, .. } => transfer_syntax,
        })
    }

    /// How many frames it has.
    ///
    /// # Errors
    /// As [`Instance::description`].
    pub fn frames(&self) -> Result<u32, ViewError> {
        Ok(match self.pixels()? {
            Pixels::Whole(image) => image.frames.count(),
            Pixels::Apart { description, .. } => description.frames,
        })
    }
}

impl View {
    /// The coded bytes of a frame counted from 0.
    ///
    /// # Errors
    /// [`ViewError::NotFound`] beyond the last frame; as [`Instance::description`].
    pub async fn coded_frame(&self, instance: &Instance, frame: u32) -> Result<Bytes, ViewError> {
        if frame >= instance.frames()? {
            return Err(ViewError::NotFound("frame"));
        }
        match instance.pixels()? {
            Pixels::Whole(image) => Ok(image.frames.get(frame)?),
            Pixels::Apart { description, places: Places::Native { at }, .. } => {
                self.native_frame(instance, description, *at, frame).await
            }
            Pixels::Apart { places: Places::Fragments(frames), .. } => {
                let ranges = frames.get(frame as usize).ok_or(ViewError::NotFound("frame"))?;
                let wanted: Vec<_> =
                    ranges.iter().map(|r| (instance.located.locator.clone(), r.clone())).collect();
                let parts = self.files.read_many(&wanted).await?;
                Ok(joined(parts))
            }
        }
    }

    async fn native_frame(
        &self,
        instance: &Instance,
        description: &PixelDescription,
        at: u64,
        frame: u32,
    ) -> Result<Bytes, ViewError> {
        let bits = description.frame_bits();
        let first = bits * u64::from(frame);
        let range = at + first / 8..at + (first + bits).div_ceil(8);
        let bytes = self.files.read(&instance.located.locator, range).await?;
        if first.is_multiple_of(8) && bits.is_multiple_of(8) {
            return Ok(bytes);
        }
        Ok(dicom::pixel::Frames::native_at_bit(description, &bytes, (first % 8) as u32)?)
    }

    /// A frame counted from 0, decoded.
    ///
    /// # Errors
    /// As [`View::coded_frame`]; [`ViewError::Pixel`] where it can't be decoded.
    pub async fn decoded_frame(
        &self,
        instance: &Arc<Instance>,
        frame: u32,
    ) -> Result<DecodedFrame, ViewError> {
        let coded = self.coded_frame(instance, frame).await?;
        let instance = instance.clone();
        self.work(move || Ok(decode_frame(instance.description()?, instance.transfer_syntax()?, &coded)?))
            .await
    }
}

fn joined(mut parts: Vec<Bytes>) -> Bytes {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    let mut whole = BytesMut::with_capacity(parts.iter().map(Bytes::len).sum());
    parts.iter().for_each(|part| whole.extend_from_slice(part));
    whole.freeze()
}
