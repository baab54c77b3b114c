//! The archive's smaller form of an uncompressed file: JPEG-LS lossless, with a recipe that gives
//! back the received file bit by bit.
//!
//! The smaller form is itself a valid DICOM file that any viewer with JPEG-LS opens. What it can't
//! carry — the received group 2, how the header was written when it was in implicit VR, the header
//! of the Pixel Data element, padding — is in the [`RestoreRecipe`], which is text.

use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use dicom_dictionary_std::{tags, uids};
use serde::{Deserialize, Serialize};

use super::image::read_file;
use super::{Image, Limits, PixelError, SampleKind, decode_frame, encode, encode_frame, transcode};
use crate::{DataSet, Fragments, TransferSyntax, Value, read_header, write_data_set};

/// A smaller file and how to get the received one back from it.
#[derive(Debug, Clone)]
pub struct Recompressed {
    /// A complete DICOM file in JPEG-LS lossless.
    pub file: Bytes,
    /// What [`restore`] needs.
    pub restore: RestoreRecipe,
}

/// What the smaller form can't carry of the received file.
///
/// Written down as JSON. Restoring with ordinary tools: inflate `head` (base64 of zlib), add
/// `header_length` bytes of the smaller file from `header_at`, add `pixel_element` and the decoded
/// frames, inflate and add `tail`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreRecipe {
    /// Form of this recipe: 1.
    version: u8,
    /// Everything before what `header_at` tells of: preamble and group 2; the whole header where
    /// it was in implicit VR.
    head: Packed,
    /// Where the header lies in the smaller file, unchanged.
    header_at: u64,
    /// How long it is; 0 where `head` has it.
    header_length: u64,
    /// Tag, VR and length of Pixel Data as received.
    pixel_element: Packed,
    /// Samples were by plane.
    by_plane: bool,
    /// What follows the last whole frame: padding, and elements after Pixel Data.
    tail: Packed,
    /// Size of the received file in bytes.
    size: u64,
}

/// Bytes as base64 of zlib.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct Packed(String);

impl Packed {
    fn new(bytes: &[u8]) -> Result<Self, PixelError> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
        packed.map(|b| Self(STANDARD.encode(b))).map_err(|_| PixelError::NotExact("recompressed"))
    }

    fn bytes(&self, most: u64) -> Result<Vec<u8>, PixelError> {
        let packed = STANDARD.decode(&self.0).map_err(|e| PixelError::damaged("restore recipe", e))?;
        let mut out = Vec::new();
        let read = flate2::read::ZlibDecoder::new(&packed[..]).take(most).read_to_end(&mut out);
        read.map_err(|e| PixelError::damaged("restore recipe", e))?;
        Ok(out)
    }
}

impl RestoreRecipe {
    /// The recipe as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what [`RestoreRecipe::to_json`] wrote.
    ///
    /// # Errors
    /// [`PixelError::Damaged`] for any other text.
    pub fn from_json(text: &str) -> Result<Self, PixelError> {
        let recipe: Self =
            serde_json::from_str(text).map_err(|e| PixelError::damaged("restore recipe", e))?;
        if recipe.version == 1 {
            Ok(recipe)
        } else {
            Err(PixelError::damaged("restore recipe", "newer version"))
        }
    }
}

/// Where the parts of a received file lie.
struct Parts {
    data_set_at: usize,
    pixel_at: usize,
    value_at: usize,
    value_end: usize,
}

/// Makes the smaller form of a file whose pixel data is native and little endian, and proves that
/// [`restore`] gives the file back.
///
/// # Errors
/// [`PixelError::Unsupported`] for files it is not for or does not make smaller;
/// [`PixelError::NotExact`] where restoring does not give the same bytes.
pub fn recompress(file: &Bytes, limits: &Limits) -> Result<Recompressed, PixelError> {
    let (part10, data_set) = read_file(file)?;
    let syntax = part10.transfer_syntax.clone();
    let declared = part10.meta.transfer_syntax().unwrap_or_else(|| syntax.uid().to_owned());
    let plain = matches!(syntax.uid(), uids::IMPLICIT_VR_LITTLE_ENDIAN | uids::EXPLICIT_VR_LITTLE_ENDIAN);
    if !plain || declared != syntax.uid() {
        return Err(PixelError::Unsupported(format!("recompressing {}", syntax.name())));
    }
    let image = Image::of(&data_set, &syntax, limits)?;
    if image.description.kind != SampleKind::Integer {
        return Err(PixelError::Unsupported("recompressing floating point samples".to_owned()));
    }
    let parts = parts(file, &syntax)?;
    let fragments = frames(&image)?;
    let (smaller, header_at) =
        smaller_file(file, &part10.meta.elements, data_set, &syntax, &parts, fragments);
    let restore_recipe = recipe(file, &image, &syntax, &parts, header_at)?;
    if smaller.len() >= file.len() {
        return Err(PixelError::Unsupported("a file that does not get smaller".to_owned()));
    }
    match restore(&smaller, &restore_recipe) {
        Ok(restored) if restored == *file => Ok(Recompressed { file: smaller, restore: restore_recipe }),
        _ => Err(PixelError::NotExact("recompressed")),
    }
}

/// The frames in JPEG-LS. Decoding the native frame only slices it.
fn frames(image: &Image) -> Result<Vec<Bytes>, PixelError> {
    (0..image.frames.count()).map(|i| encode_frame(&image.decode(i)?, uids::JPEGLS_LOSSLESS)).collect()
}

fn parts(file: &Bytes, syntax: &TransferSyntax) -> Result<Parts, PixelError> {
    let header = read_header(file).map_err(|e| PixelError::Read(Box::new(e)))?;
    let pixel_at = header.pixel_data_at.ok_or(PixelError::NoPixelData)? as usize;
    // Tag, VR, two reserved bytes and a 32-bit length; in implicit VR tag and length.
    let value_at = pixel_at + if syntax.explicit_vr() { 12 } else { 8 };
    let length = file.get(value_at - 4..value_at).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    let value_end = length.map_or(usize::MAX, |length| value_at.saturating_add(length as usize));
    if value_end > file.len() {
        return Err(PixelError::damaged("native", "the value ends early"));
    }
    Ok(Parts { data_set_at: header.data_set_at as usize, pixel_at, value_at, value_end })
}

fn recipe(
    file: &Bytes,
    image: &Image,
    syntax: &TransferSyntax,
    parts: &Parts,
    header_at: u64,
) -> Result<RestoreRecipe, PixelError> {
    let explicit = syntax.explicit_vr();
    let head_end = if explicit { parts.data_set_at } else { parts.pixel_at };
    let samples = image.description.frame_bytes()? * image.description.frames as usize;
    Ok(RestoreRecipe {
        version: 1,
        head: Packed::new(&file[..head_end])?,
        header_at,
        header_length: if explicit { (parts.pixel_at - parts.data_set_at) as u64 } else { 0 },
        pixel_element: Packed::new(&file[parts.pixel_at..parts.value_at])?,
        by_plane: image.description.by_plane,
        tail: Packed::new(&file[(parts.value_at + samples).min(file.len())..])?,
        size: file.len() as u64,
    })
}

/// The smaller file, and where in it the header begins.
fn smaller_file(
    file: &Bytes,
    meta: &DataSet,
    mut data_set: DataSet,
    syntax: &TransferSyntax,
    parts: &Parts,
    fragments: Vec<Bytes>,
) -> (Bytes, u64) {
    let mut out = group_2(meta, &data_set);
    let header_at = out.len() as u64;
    let target = TransferSyntax::or_unknown(uids::JPEGLS_LOSSLESS);
    let pixels = Fragments { offset_table: transcode::offset_table(&fragments), fragments };
    if syntax.explicit_vr() {
        out.extend_from_slice(&file[parts.data_set_at..parts.pixel_at]);
        let mut alone = DataSet::new();
        alone.put_fragments(tags::PIXEL_DATA, pixels);
        write_data_set(&alone, &target, &mut out);
        out.extend_from_slice(&file[parts.value_end..]);
    } else {
        data_set.put_fragments(tags::PIXEL_DATA, pixels);
        write_data_set(&data_set, &target, &mut out);
    }
    (out.into(), header_at)
}

/// Preamble and group 2 as received but for the transfer syntax.
fn group_2(meta: &DataSet, data_set: &DataSet) -> Vec<u8> {
    let mut meta = meta.clone();
    for (own, of) in [
        (tags::MEDIA_STORAGE_SOP_CLASS_UID, tags::SOP_CLASS_UID),
        (tags::MEDIA_STORAGE_SOP_INSTANCE_UID, tags::SOP_INSTANCE_UID),
    ] {
        if meta.uid(own).is_none() {
            meta.put_text(own, &data_set.uid(of).unwrap_or_default());
        }
    }
    meta.put_text(tags::TRANSFER_SYNTAX_UID, uids::JPEGLS_LOSSLESS);
    let mut elements = Vec::new();
    write_data_set(&meta, &TransferSyntax::EXPLICIT_LE, &mut elements);
    let mut out = vec![0; 128];
    out.extend_from_slice(b"DICM\x02\0\0\0UL\x04\0");
    out.extend_from_slice(&(elements.len() as u32).to_le_bytes());
    out.extend_from_slice(&elements);
    out
}

/// Gives back the received file. The caller compares its SHA-256 with the one recorded at intake.
///
/// # Errors
/// [`PixelError::Damaged`] where the smaller form or the recipe is not what [`recompress`] made.
pub fn restore(smaller: &Bytes, recipe: &RestoreRecipe) -> Result<Bytes, PixelError> {
    let damaged = || PixelError::damaged("recompressed", "the recipe does not fit the file");
    let header_end = recipe.header_at.checked_add(recipe.header_length).ok_or_else(damaged)?;
    let header = smaller.get(recipe.header_at as usize..header_end as usize).ok_or_else(damaged)?;
    let mut out = BytesMut::with_capacity(usize::try_from(recipe.size).map_err(|_| damaged())?.min(4 << 30));
    out.extend_from_slice(&recipe.head.bytes(recipe.size)?);
    out.extend_from_slice(header);
    out.extend_from_slice(&recipe.pixel_element.bytes(recipe.size)?);
    put_frames(smaller, recipe, &mut out)?;
    out.extend_from_slice(&recipe.tail.bytes(recipe.size)?);
    if out.len() as u64 != recipe.size {
        return Err(damaged());
    }
    Ok(out.freeze())
}

fn put_frames(smaller: &Bytes, recipe: &RestoreRecipe, out: &mut BytesMut) -> Result<(), PixelError> {
    let (part10, data_set) = read_file(smaller)?;
    if !matches!(data_set.get(tags::PIXEL_DATA).map(|e| &e.value), Some(Value::Fragments(_))) {
        return Err(PixelError::NoPixelData);
    }
    let image = Image::of(&data_set, &part10.transfer_syntax, &Limits::default())?;
    for number in 0..image.frames.count() {
        let coded = image.frames.get(number)?;
        let frame = decode_frame(&image.description, &image.transfer_syntax, &coded)?;
        if recipe.by_plane {
            out.extend_from_slice(&encode::by_plane(&frame.description, &frame.data));
        } else {
            out.extend_from_slice(&frame.data);
        }
    }
    Ok(())
}
