//! Mosaics: one frame with all slices of a volume side by side, as some MR scanners write them.
//! What tells how many and which way they lie is in a private header ("CSA").

use dicom::pixel::PixelDescription;
use dicom::{DataSet, tags};

use super::slice::{Groups, Place, Slice, Tile, kind, order, place, raster, scale};
use super::vector::{Vec3, add, scaled, unit};

const CREATOR: &str = "SIEMENS CSA HEADER";
/// More tiles than any scanner makes.
const MOST: usize = 4096;
/// Bytes of a tag's head, of an item's head, and of a name in the private header.
const TAG_HEAD: usize = 84;
const ITEM_HEAD: usize = 16;
const NAME: usize = 64;

/// What the private header says of the tiles.
pub(super) struct Mosaic {
    count: usize,
    /// The direction in which slices follow each other, in the patient.
    normal: Vec3,
}

impl Mosaic {
    /// Reads it; `None` for an image that is no mosaic.
    pub fn of(header: &DataSet) -> Result<Option<Self>, String> {
        if !header.texts(tags::IMAGE_TYPE).iter().any(|word| word == "MOSAIC") {
            return Ok(None);
        }
        let unknown = || "it is a mosaic without the private header that tells its tiles".to_owned();
        let tag = header.private_tag(0x0029, CREATOR, 0x10).ok_or_else(unknown)?;
        let bytes = header.get(tag).and_then(|element| element.value.bytes()).ok_or_else(unknown)?;
        let number = |name| values(bytes, name).into_iter().map(|v| v.parse::<f64>().ok()).collect();
        let counts: Option<Vec<f64>> = number("NumberOfImagesInMosaic");
        let normals: Option<Vec<f64>> = number("SliceNormalVector");
        let count = counts.and_then(|n| n.first().copied()).filter(|n| (1.0..=MOST as f64).contains(n));
        let normal = normals.and_then(|n| n.get(..3).and_then(|n| n.try_into().ok())).and_then(unit);
        let (count, normal) = count.zip(normal).ok_or_else(unknown)?;
        Ok(Some(Self { count: count as usize, normal }))
    }

    pub fn slices(
        &self,
        instance: usize,
        header: &DataSet,
        description: &PixelDescription,
    ) -> Result<Vec<Slice>, String> {
        let groups = Groups { header, frame: 0 };
        let whole = place(&groups)?;
        let across = (1..).find(|n| n * n >= self.count).unwrap_or(1);
        let mut raster = raster(header, description)?;
        let (columns, rows) = (raster.columns / across, raster.rows / across);
        if columns == 0 || rows == 0 {
            return Err("its tiles are smaller than a pixel".into());
        }
        let first = Self::first_tile(&whole, [raster.columns - columns, raster.rows - rows]);
        raster.columns = columns;
        raster.rows = rows;
        let (kind, order, scale) = (kind(&groups), order(&groups), scale(header, 0));
        let one = |n: usize| Slice {
            instance,
            frame: 0,
            tile: Some(Tile { left: n % across * columns, top: n / across * rows }),
            place: Place {
                origin: add(first.origin, scaled(self.normal, n as f64 * whole.thickness)),
                ..first
            },
            raster,
            scale,
            kind: kind.clone(),
            order: order.clone(),
            diffusion: None,
        };
        Ok((0..self.count).map(one).collect())
    }

    /// The position in the header is the corner a single image as large as the mosaic would have.
    fn first_tile(whole: &Place, more: [usize; 2]) -> Place {
        let half = |n: usize, spacing: f64| n as f64 / 2.0 * spacing;
        let right = scaled(whole.along_row, half(more[0], whole.spacing[0]));
        let down = scaled(whole.along_column, half(more[1], whole.spacing[1]));
        Place { origin: add(add(whole.origin, right), down), ..*whole }
    }
}

/// The values of a name in the private header, of its second form ("SV10"). What ends early or
/// contradicts itself gives no values.
fn values(bytes: &[u8], wanted: &str) -> Vec<String> {
    read(bytes, wanted).unwrap_or_default()
}

fn read(bytes: &[u8], wanted: &str) -> Option<Vec<String>> {
    let count = word(bytes.strip_prefix(b"SV10")?.get(4..)?, 0)?;
    let mut rest = bytes.get(16..)?;
    for _ in 0..count.min(10_000) {
        let (head, after) = rest.split_at_checked(TAG_HEAD)?;
        let items = word(head, 76)?;
        rest = after;
        let mut found = Vec::new();
        for _ in 0..items.min(10_000) {
            let (head, after) = rest.split_at_checked(ITEM_HEAD)?;
            let length = word(head, 4)? as usize;
            let (value, after) = after.split_at_checked(length.checked_next_multiple_of(4)?)?;
            found.extend(text(value.get(..length)?));
            rest = after;
        }
        if text(head.get(..NAME)?).as_deref() == Some(wanted) {
            return Some(found);
        }
    }
    None
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk::<4>()?))
}

fn text(bytes: &[u8]) -> Option<String> {
    let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    let text = std::str::from_utf8(&bytes[..end]).ok()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csa(name: &str, values: &[&str]) -> Vec<u8> {
        let mut out = b"SV10\x04\x03\x02\x01".to_vec();
        out.extend(1u32.to_le_bytes());
        out.extend(77u32.to_le_bytes());
        let mut head = name.as_bytes().to_vec();
        head.resize(76, 0);
        out.extend(head);
        out.extend((values.len() as u32).to_le_bytes());
        out.extend(77u32.to_le_bytes());
        for value in values {
            let length = value.len() as u32 + 1;
            [length, length, 77, length].iter().for_each(|n| out.extend(n.to_le_bytes()));
            out.extend(value.as_bytes());
            out.resize(out.len() + (length.next_multiple_of(4) as usize - value.len()), 0);
        }
        out
    }

    #[test]
    fn values_are_found_by_name() {
        let bytes = csa("SliceNormalVector", &["0.1", "-0.5", "0.8"]);
        assert_eq!(values(&bytes, "SliceNormalVector"), ["0.1", "-0.5", "0.8"]);
        assert!(values(&bytes, "NumberOfImagesInMosaic").is_empty());
    }

    #[test]
    fn a_header_cut_anywhere_is_no_panic() {
        let bytes = csa("SliceNormalVector", &["0.1", "-0.5", "0.8"]);
        for end in 0..bytes.len() {
            assert!(values(&bytes[..end], "SliceNormalVector").is_empty());
        }
    }
}
