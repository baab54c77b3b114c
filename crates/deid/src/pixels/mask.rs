//! Boxes filled with one value each, everything else left byte for byte.

use super::Area;
use bytes::Bytes;
use dicom::pixel::{
    DecodedFrame, Image, Photometric, PixelDescription, PixelError, can_encode, encode_frame, is_native,
};
use dicom::{DataSet, Fragments, TransferSyntax, Value, Vr, tags, uids};
use std::collections::HashMap;

/// Puts the masked pixels into `clean`, and gives the transfer syntax they are now in: the one they had where
/// frames can be coded in it without loss, else Explicit VR Little Endian.
pub(super) fn mask(
    clean: &mut DataSet,
    image: &Image,
    from: &TransferSyntax,
    boxes: &[Vec<Area>],
) -> Result<TransferSyntax, PixelError> {
    let native = clean.get(tags::PIXEL_DATA).and_then(|element| element.value.bytes().cloned());
    if let Some(value) = native {
        let masked = masked_native(&image.description, &value, boxes)?;
        if let Some(element) = clean.get_mut(tags::PIXEL_DATA) {
            element.value = Value::Bytes(masked.into());
        }
        return Ok(from.clone());
    }
    match mixed(image, boxes)? {
        Some(fragments) => {
            clean.remove(tags::EXTENDED_OFFSET_TABLE);
            clean.remove(tags::EXTENDED_OFFSET_TABLE_LENGTHS);
            clean.put_fragments(tags::PIXEL_DATA, Fragments { offset_table: Bytes::new(), fragments });
            Ok(from.clone())
        }
        None => decoded(clean, image, boxes),
    }
}

/// The touched frames coded anew, the others as they were; `None` where the coding has no lossless writer.
fn mixed(image: &Image, boxes: &[Vec<Area>]) -> Result<Option<Vec<Bytes>>, PixelError> {
    let coding = match image.transfer_syntax.as_str() {
        // Its frames may be without loss.
        uids::JPEGLS_NEAR_LOSSLESS => uids::JPEGLS_LOSSLESS,
        other => other,
    };
    if is_native(coding) || !can_encode(coding) {
        return Ok(None);
    }
    let mut fragments = Vec::with_capacity(boxes.len());
    for (number, boxes) in boxes.iter().enumerate() {
        let number = number as u32;
        if boxes.is_empty() {
            fragments.push(image.frames.get(number)?);
            continue;
        }
        let frame = image.decode(number)?;
        if frame.description.photometric != image.description.photometric {
            return Ok(None);
        }
        fragments.push(encode_frame(&masked_frame(&frame, boxes)?, coding)?);
    }
    Ok(Some(fragments))
}

/// All frames as plain samples.
fn decoded(clean: &mut DataSet, image: &Image, boxes: &[Vec<Area>]) -> Result<TransferSyntax, PixelError> {
    let mut value = Vec::new();
    let mut last = None;
    for (number, boxes) in boxes.iter().enumerate() {
        let frame = image.decode(number as u32)?;
        value.extend_from_slice(&masked_frame(&frame, boxes)?.data);
        last = Some(frame.description);
    }
    let layout = last.ok_or(PixelError::NoPixelData)?;
    if !layout.frame_bits().is_multiple_of(8) {
        return Err(PixelError::Unsupported("masking single bits in this coding".into()));
    }
    clean.remove(tags::EXTENDED_OFFSET_TABLE);
    clean.remove(tags::EXTENDED_OFFSET_TABLE_LENGTHS);
    clean.put_text(tags::PHOTOMETRIC_INTERPRETATION, layout.photometric.name());
    if layout.samples > 1 {
        clean.put_u16(tags::PLANAR_CONFIGURATION, u16::from(layout.by_plane));
    }
    let vr = if layout.bits_allocated > 8 { Vr::OW } else { Vr::OB };
    clean.put_bytes(tags::PIXEL_DATA, vr, value);
    Ok(TransferSyntax::EXPLICIT_LE)
}

fn masked_frame(frame: &DecodedFrame, boxes: &[Area]) -> Result<DecodedFrame, PixelError> {
    if boxes.is_empty() {
        return Ok(frame.clone());
    }
    let mut data = frame.data.to_vec();
    let layout = Layout::of(&frame.description)?;
    layout.fill_all(&mut data, boxes);
    Ok(DecodedFrame { description: frame.description.clone(), data: data.into() })
}

fn masked_native(d: &PixelDescription, value: &Bytes, boxes: &[Vec<Area>]) -> Result<Vec<u8>, PixelError> {
    let mut value = value.to_vec();
    let ends = || PixelError::Unsupported("pixel data that ends before its frames do".into());
    if d.bits_allocated == 1 {
        for (number, areas) in boxes.iter().enumerate() {
            let first = number * d.pixels();
            areas.iter().for_each(|area| clear_bits(&mut value, first, usize::from(d.columns), area));
        }
        return Ok(value);
    }
    let size = d.frame_bytes()?;
    let layout = Layout::of(d)?;
    for (number, areas) in boxes.iter().enumerate().filter(|(_, areas)| !areas.is_empty()) {
        let frame = value.get_mut(number * size..(number + 1) * size).ok_or_else(ends)?;
        layout.fill_all(frame, areas);
    }
    Ok(value)
}

fn clear_bits(value: &mut [u8], first: usize, columns: usize, area: &Area) {
    for bit in
        (area.top..area.bottom).flat_map(|y| (area.left..area.right).map(move |x| first + y * columns + x))
    {
        if let Some(byte) = value.get_mut(bit / 8) {
            *byte &= !(1 << (bit % 8));
        }
    }
}

/// How the bytes of a frame lie.
struct Layout {
    columns: usize,
    rows: usize,
    /// Bytes of a unit, and how many columns share it: two with subsampled chroma.
    unit: usize,
    shared: usize,
    planes: usize,
}

impl Layout {
    fn of(d: &PixelDescription) -> Result<Self, PixelError> {
        let samples = usize::from(d.samples);
        let whole = (d.frame_samples() * d.sample_bytes()) as u64 * 8;
        let (rows, columns) = (usize::from(d.rows), usize::from(d.columns));
        let layout = |unit, shared, planes| Ok(Self { columns, rows, unit, shared, planes });
        match d.photometric {
            Photometric::YbrFull422 | Photometric::YbrPartial422 if d.frame_bits() != whole => {
                if columns % 2 == 1 || d.bits_allocated != 8 {
                    return Err(PixelError::Unsupported("masking this subsampling".into()));
                }
                layout(4, 2, 1)
            }
            _ if d.frame_bits() != whole || d.bits_allocated < 8 => {
                Err(PixelError::Unsupported("masking this subsampling".into()))
            }
            _ if d.by_plane => layout(d.sample_bytes(), 1, samples),
            _ => layout(d.sample_bytes() * samples, 1, 1),
        }
    }

    /// Fills boxes, those that overlap with one value: of what was text no edge is left.
    fn fill_all(&self, data: &mut [u8], areas: &[Area]) {
        let mut left: Vec<Area> = areas.to_vec();
        while let Some(first) = left.pop() {
            let mut group = vec![first];
            let mut at = 0;
            while at < group.len() {
                let (touching, apart) = left.into_iter().partition(|area| area.shared(&group[at]) > 0);
                left = apart;
                group.extend::<Vec<Area>>(touching);
                at += 1;
            }
            let Some(largest) = group.iter().max_by_key(|area| (area.pixels(), **area)).copied() else {
                return;
            };
            let value = self.ground(data, &largest);
            group.iter().for_each(|area| self.fill(data, area, &value));
        }
    }

    /// Columns in units, and rows.
    fn within(&self, area: &Area) -> (usize, usize, usize, usize) {
        let units = self.columns / self.shared;
        let (left, right) = (area.left / self.shared, area.right.div_ceil(self.shared).min(units));
        (left, right, area.top.min(self.rows), area.bottom.min(self.rows))
    }

    fn fill(&self, data: &mut [u8], area: &Area, value: &[u8]) {
        let units = self.columns / self.shared;
        let (left, right, top, bottom) = self.within(area);
        for plane in 0..self.planes {
            for row in top..bottom {
                for column in left..right {
                    let to = self.place(plane, row * units + column, units);
                    let from = plane * self.unit..(plane + 1) * self.unit;
                    if let (Some(target), Some(value)) = (data.get_mut(to..to + self.unit), value.get(from)) {
                        target.copy_from_slice(value);
                    }
                }
            }
        }
    }

    fn place(&self, plane: usize, index: usize, units: usize) -> usize {
        (plane * units * self.rows + index) * self.unit
    }

    /// The value that is most frequent around a box, so that even ground stays even.
    fn ground(&self, data: &[u8], area: &Area) -> Vec<u8> {
        let units = self.columns / self.shared;
        let (left, right, top, bottom) = self.within(area);
        if left >= right || top >= bottom {
            return Vec::new();
        }
        let around = (top.saturating_sub(1), (bottom + 1).min(self.rows));
        let level = (left..right).flat_map(|x| [around.0 * units + x, (around.1 - 1) * units + x]);
        let sides = (around.0..around.1)
            .flat_map(|y| [y * units + left.saturating_sub(1), y * units + right.min(units - 1)]);
        let mut counts: HashMap<Vec<u8>, (usize, usize)> = HashMap::new();
        for index in level.chain(sides) {
            let value = (0..self.planes).flat_map(|plane| {
                let at = self.place(plane, index, units);
                data.get(at..at + self.unit).unwrap_or_default()
            });
            let count = counts.entry(value.copied().collect()).or_insert((0, index));
            *count = (count.0 + 1, count.1.min(index));
        }
        // Of equally frequent values always the same one.
        let most = counts.into_iter().max_by_key(|(_, (times, index))| (*times, std::cmp::Reverse(*index)));
        most.map(|(value, _)| value).unwrap_or_default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use dicom::pixel::SampleKind;

    fn described(samples: u16, photometric: Photometric, by_plane: bool, bits: u16) -> PixelDescription {
        PixelDescription {
            rows: 6,
            columns: 8,
            samples,
            photometric,
            by_plane,
            bits_allocated: bits,
            bits_stored: bits,
            signed: false,
            frames: 2,
            kind: SampleKind::Integer,
        }
    }

    #[test]
    fn nothing_but_the_box_changes_in_any_layout() {
        let area = Area { left: 2, top: 2, right: 6, bottom: 4 };
        for d in [
            described(1, Photometric::Monochrome2, false, 8),
            described(1, Photometric::Monochrome1, false, 16),
            described(3, Photometric::Rgb, false, 8),
            described(3, Photometric::Rgb, true, 16),
            described(3, Photometric::YbrFull422, false, 8),
        ] {
            let size = d.frame_bytes().unwrap();
            let before: Bytes = (0..size * 2).map(|n| (n * 7) as u8).collect();
            let after = masked_native(&d, &before, &[vec![], vec![area]]).unwrap();
            assert_eq!(after[..size], before[..size], "the other frame");
            let changed = before.iter().zip(&after).filter(|(a, b)| a != b).count();
            let inside = area.pixels() * size / d.pixels();
            assert!(changed > inside / 2 && changed <= inside, "{d:?}: {changed} of {inside}");
        }
    }

    #[test]
    fn even_ground_stays_even() {
        let d = described(1, Photometric::Monochrome2, false, 8);
        let mut before = vec![9u8; 96];
        before[19..22].fill(255);
        let area = Area { left: 2, top: 1, right: 7, bottom: 4 };
        let after = masked_native(&d, &before.into(), &[vec![area], vec![]]).unwrap();
        assert!(after.iter().all(|value| *value == 9));
    }
}
