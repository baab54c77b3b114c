//! The pixels of one object: its layout, its transfer syntax and its frames.

use bytes::Bytes;
use dicom_dictionary_std::{tags, uids};

use super::{
    DecodedFrame, Frames, Limits, OffsetTables, Photometric, PixelDescription, PixelError, SampleKind,
    decode_frame,
};
use crate::{DataSet, Part10, ReadOptions, Tag, TransferSyntax, Value, open_file, read_data_set};

impl PixelDescription {
    /// Reads the Image Pixel module of a header.
    ///
    /// # Errors
    /// [`PixelError::Attribute`] for what is missing; as [`PixelDescription::checked`].
    pub fn of(data_set: &DataSet, limits: &Limits) -> Result<Self, PixelError> {
        let number = |tag: Tag| data_set.int(tag).and_then(|n| u16::try_from(n).ok());
        let need = |tag: Tag, name| number(tag).ok_or(PixelError::Attribute(name));
        let bits_allocated = need(tags::BITS_ALLOCATED, "Bits Allocated")?;
        let samples = number(tags::SAMPLES_PER_PIXEL).unwrap_or(1);
        let photometric = data_set.text(tags::PHOTOMETRIC_INTERPRETATION);
        let frames = data_set.int(tags::NUMBER_OF_FRAMES).and_then(|n| u32::try_from(n).ok());
        Self {
            rows: need(tags::ROWS, "Rows")?,
            columns: need(tags::COLUMNS, "Columns")?,
            samples,
            photometric: photometric_of(photometric.as_deref(), samples)?,
            by_plane: samples > 1 && number(tags::PLANAR_CONFIGURATION) == Some(1),
            bits_allocated,
            bits_stored: number(tags::BITS_STORED).unwrap_or(bits_allocated),
            signed: number(tags::PIXEL_REPRESENTATION) == Some(1),
            frames: frames.unwrap_or(1).max(1),
            kind: SampleKind::Integer,
        }
        .checked(limits)
    }
}

fn photometric_of(text: Option<&str>, samples: u16) -> Result<Photometric, PixelError> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None if samples == 1 => Ok(Photometric::Monochrome2),
        None => Ok(Photometric::Rgb),
        Some(text) => Photometric::parse(text)
            .ok_or_else(|| PixelError::Unsupported("this photometric interpretation".to_owned())),
    }
}

/// The pixels of one object.
#[derive(Debug, Clone)]
pub struct Image {
    /// The layout of the samples as the header declares it.
    pub description: PixelDescription,
    /// How frames are coded: native where the element is, whatever group 2 says.
    pub transfer_syntax: String,
    /// The coded frames.
    pub frames: Frames,
}

impl Image {
    /// The pixels of a data set that was read whole.
    ///
    /// # Errors
    /// [`PixelError::NoPixelData`] where there is none; as [`PixelDescription::of`] and
    /// [`Frames::encapsulated`].
    pub fn of(data_set: &DataSet, ts: &TransferSyntax, limits: &Limits) -> Result<Self, PixelError> {
        const PLACES: [(Tag, SampleKind); 3] = [
            (tags::PIXEL_DATA, SampleKind::Integer),
            (tags::FLOAT_PIXEL_DATA, SampleKind::Float),
            (tags::DOUBLE_FLOAT_PIXEL_DATA, SampleKind::Double),
        ];
        let found = PLACES.iter().find_map(|(tag, kind)| Some((data_set.get(*tag)?, *kind)));
        let (element, kind) = found.ok_or(PixelError::NoPixelData)?;
        let description = PixelDescription { kind, ..PixelDescription::of(data_set, limits)? };
        let (transfer_syntax, frames) = match &element.value {
            Value::Bytes(data) => {
                let data = if ts.big_endian() { whole_words(&description, data) } else { data.clone() };
                (uids::EXPLICIT_VR_LITTLE_ENDIAN, Frames::native(&description, data))
            }
            Value::Fragments(pixels) => {
                let tables =
                    OffsetTables { basic: pixels.offset_table.clone(), extended: extended(data_set) };
                (ts.uid(), Frames::encapsulated(description.frames, &tables, pixels.fragments.clone())?)
            }
            Value::Items(_) => return Err(PixelError::NoPixelData),
        };
        Ok(Self { description, transfer_syntax: transfer_syntax.to_owned(), frames })
    }

    /// The data set and the pixels of a file.
    ///
    /// # Errors
    /// [`PixelError::Read`] where it is no DICOM file; as [`Image::of`].
    pub fn open(file: &Bytes, limits: &Limits) -> Result<(DataSet, Self), PixelError> {
        let (part10, data_set) = read_file(file)?;
        let ts = pixel_syntax(&part10, &data_set);
        let image = Self::of(&data_set, &ts, limits)?;
        Ok((data_set, image))
    }

    /// Decodes a frame counted from 0.
    ///
    /// # Errors
    /// As [`Frames::get`] and [`decode_frame`].
    pub fn decode(&self, frame: u32) -> Result<DecodedFrame, PixelError> {
        decode_frame(&self.description, &self.transfer_syntax, &self.frames.get(frame)?)
    }
}

/// The transfer syntax the pixel data is coded in. A data set in implicit VR may hold compressed
/// pixel data all the same; then only group 2 can tell the codec.
pub(super) fn pixel_syntax(part10: &Part10, data_set: &DataSet) -> TransferSyntax {
    let declared = part10.meta.transfer_syntax().and_then(|uid| TransferSyntax::by_uid(&uid));
    let coded = matches!(data_set.get(tags::PIXEL_DATA).map(|e| &e.value), Some(Value::Fragments(_)));
    declared.filter(|ts| coded && ts.is_encapsulated()).unwrap_or_else(|| part10.transfer_syntax.clone())
}

/// Reads a file whole, without copying native pixel data.
pub(super) fn read_file(file: &Bytes) -> Result<(Part10, DataSet), PixelError> {
    let failed = |error: crate::ReadError| PixelError::Read(Box::new(error));
    let part10 = open_file(file).map_err(failed)?;
    let start = usize::try_from(part10.data_set_at).map_err(|_| PixelError::NoPixelData)?;
    let data_set = read_data_set(&file.slice(start..), &part10.transfer_syntax, &ReadOptions::default())
        .map_err(failed)?;
    Ok((part10, data_set))
}

/// Reading turned the 16-bit words of OW round; samples of 32 bits are two of them, in big endian
/// files most significant first.
pub(super) fn whole_words(description: &PixelDescription, data: &Bytes) -> Bytes {
    if description.kind != SampleKind::Integer || description.bits_allocated != 32 {
        return data.clone();
    }
    data.as_chunks::<4>().0.iter().flat_map(|[a, b, c, d]| [*c, *d, *a, *b]).collect()
}

fn extended(data_set: &DataSet) -> Bytes {
    let table = data_set.get(tags::EXTENDED_OFFSET_TABLE);
    table.and_then(|element| element.value.bytes().cloned()).unwrap_or_default()
}
