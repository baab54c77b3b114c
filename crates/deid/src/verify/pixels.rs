//! What a check asks of pixels.

use dicom::pixel::{Image, Limits, PixelDescription};
use dicom::{DataSet, TransferSyntax, tags};
use sha2::{Digest as _, Sha256};

/// SHA-256 of Pixel Data as it is stored, in hexadecimal.
pub(super) fn digest(data_set: &DataSet) -> String {
    let bytes = data_set.get(tags::PIXEL_DATA).and_then(|element| element.value.bytes());
    let digest = Sha256::digest(bytes.map(AsRef::as_ref).unwrap_or_default());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A box of pixels, corners included.
#[derive(serde::Deserialize)]
struct Box {
    top_left: [usize; 2],
    bottom_right: [usize; 2],
}

/// Whether nothing can be read in a box of any frame: all its pixels have one value.
pub(super) fn hidden(data_set: &DataSet, ts: &TransferSyntax, asked: &str) -> bool {
    let Ok(area) = serde_json::from_str::<Box>(asked) else { return false };
    let Ok(image) = Image::of(data_set, ts, &Limits::default()) else { return false };
    (0..image.frames.count()).all(|frame| {
        image.decode(frame).is_ok_and(|decoded| is_uniform(&decoded.description, &decoded.data, &area))
    })
}

fn is_uniform(layout: &PixelDescription, data: &[u8], area: &Box) -> bool {
    let bytes = usize::from(layout.bits_allocated / 8).max(1)
        * if layout.by_plane { 1 } else { usize::from(layout.samples) };
    let columns = usize::from(layout.columns);
    let rows = area.top_left[1]..=area.bottom_right[1].min(usize::from(layout.rows).saturating_sub(1));
    let mut pixels = rows.flat_map(|row| {
        let columns_in = area.top_left[0]..=area.bottom_right[0].min(columns.saturating_sub(1));
        columns_in.filter_map(move |column| data.get((row * columns + column) * bytes..)?.get(..bytes))
    });
    let Some(first) = pixels.next() else { return false };
    pixels.all(|pixel| pixel == first)
}
