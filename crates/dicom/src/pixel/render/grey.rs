//! One sample for each pixel to 8-bit grey.

use super::{Presentation, Window};
use crate::pixel::{DecodedFrame, Photometric, PixelDescription, PixelError, SampleKind};

/// Shades a frame of one sample for each pixel.
pub(super) fn shade(
    frame: &DecodedFrame,
    presentation: &Presentation,
    window: Option<Window>,
) -> Result<Vec<u8>, PixelError> {
    let d = &frame.description;
    let pixels = d.pixels();
    match (d.kind, d.bits_allocated) {
        (SampleKind::Integer, 1) => Ok(single_bits(frame)),
        (SampleKind::Integer, 8 | 16) => {
            let rows = Rows::new(frame, presentation, window);
            let mut data = Vec::with_capacity(pixels);
            (0..d.rows.into()).for_each(|y| rows.fill(y, &mut data));
            Ok(data)
        }
        (SampleKind::Integer, 32) => {
            let read = |c: &[u8; 4]| {
                if d.signed { f64::from(i32::from_le_bytes(*c)) } else { f64::from(u32::from_le_bytes(*c)) }
            };
            Ok(one_by_one(d, presentation, window, chunks(&frame.data, pixels, read)))
        }
        (SampleKind::Float, 32) => Ok(one_by_one(
            d,
            presentation,
            window,
            chunks(&frame.data, pixels, |c| f64::from(f32::from_le_bytes(*c))),
        )),
        (SampleKind::Double, 64) => {
            Ok(one_by_one(d, presentation, window, chunks(&frame.data, pixels, |c| f64::from_le_bytes(*c))))
        }
        (_, bits) => Err(PixelError::Unsupported(format!("showing samples of {bits} bits"))),
    }
}

fn single_bits(frame: &DecodedFrame) -> Vec<u8> {
    let white = if frame.description.photometric == Photometric::Monochrome1 { 0 } else { 255 };
    let bit = |i: usize| frame.data.get(i / 8).is_some_and(|b| b >> (i % 8) & 1 == 1);
    (0..frame.description.pixels()).map(|i| if bit(i) { white } else { 255 - white }).collect()
}

fn chunks<const N: usize>(data: &[u8], pixels: usize, read: impl Fn(&[u8; N]) -> f64) -> Vec<f64> {
    data.as_chunks::<N>().0.iter().take(pixels).map(read).collect()
}

/// A frame of up to 16 bits a sample, shaded row by row: every possible stored value is computed once.
pub(super) struct Rows<'a> {
    frame: &'a DecodedFrame,
    table: Vec<u8>,
}

impl<'a> Rows<'a> {
    /// The rows of a frame, if it is of that kind.
    pub fn of(frame: &'a DecodedFrame, presentation: &Presentation, window: Option<Window>) -> Option<Self> {
        let d = &frame.description;
        let fits = d.kind == SampleKind::Integer && matches!(d.bits_allocated, 8 | 16);
        let grey = d.samples == 1 && d.photometric != Photometric::PaletteColor;
        (fits && grey).then(|| Self::new(frame, presentation, window))
    }

    fn new(frame: &'a DecodedFrame, presentation: &Presentation, window: Option<Window>) -> Self {
        let d = &frame.description;
        let voi = Voi::choose(d, presentation, window, || {
            // Only an automatic window needs to look at all samples.
            let (low, high) = match d.bits_allocated {
                8 => stored_range(d, presentation, frame.data.iter().map(|b| u16::from(*b))),
                _ => stored_range(d, presentation, words(&frame.data)),
            };
            let ends = [presentation.modality.apply(low.into()), presentation.modality.apply(high.into())];
            (ends[0].min(ends[1]), ends[0].max(ends[1]))
        });
        let stored = (0..1 << d.bits_stored).map(|bits| signed_value(d, bits));
        let table = stored.map(|value| voi.grey(presentation.modality.apply(value.into()))).collect();
        Self { frame, table }
    }

    /// Columns and rows.
    pub fn size(&self) -> (u16, u16) {
        (self.frame.description.columns, self.frame.description.rows)
    }

    /// Appends a row.
    pub fn fill(&self, y: usize, out: &mut Vec<u8>) {
        let (width, mask) = (usize::from(self.frame.description.columns), self.table.len() - 1);
        let grey = |stored: usize| self.table[stored & mask];
        let row =
            |size: usize| self.frame.data.get(y * width * size..(y + 1) * width * size).unwrap_or_default();
        match self.frame.description.bits_allocated {
            8 => out.extend(row(1).iter().map(|byte| grey(usize::from(*byte)))),
            _ => out.extend(words(row(2)).map(|word| grey(usize::from(word)))),
        }
    }
}

fn words(data: &[u8]) -> impl Iterator<Item = u16> {
    data.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair))
}

/// The stored value of the low bits: two's complement of Bits Stored where signed.
fn signed_value(d: &PixelDescription, low_bits: u32) -> i32 {
    let shift = 32 - u32::from(d.bits_stored);
    if d.signed { (low_bits << shift) as i32 >> shift } else { low_bits as i32 }
}

/// The lowest and highest stored value that is not padding.
fn stored_range(
    d: &PixelDescription,
    presentation: &Presentation,
    words: impl Iterator<Item = u16>,
) -> (i32, i32) {
    let mask = (1u32 << d.bits_stored) - 1;
    let values = words.map(|w| signed_value(d, u32::from(w) & mask));
    let widest = |(low, high): (i32, i32), v: i32| (low.min(v), high.max(v));
    let (low, high) = match presentation.padding {
        Some((from, to)) => {
            values.filter(|v| !(from..=to).contains(&i64::from(*v))).fold((i32::MAX, i32::MIN), widest)
        }
        None => values.fold((i32::MAX, i32::MIN), widest),
    };
    if low > high { (0, 0) } else { (low, high) }
}

fn one_by_one(
    d: &PixelDescription,
    presentation: &Presentation,
    window: Option<Window>,
    values: Vec<f64>,
) -> Vec<u8> {
    let values: Vec<f64> = values.into_iter().map(|v| presentation.modality.apply(v)).collect();
    let voi = Voi::choose(d, presentation, window, || {
        let finite = values.iter().copied().filter(|v| v.is_finite());
        let (low, high) = finite.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        if low > high { (0.0, 0.0) } else { (low, high) }
    });
    values.into_iter().map(|v| voi.grey(v)).collect()
}

/// The part of the pipeline after the Modality LUT.
struct Voi<'a> {
    stage: Stage<'a>,
    inverse: bool,
}

enum Stage<'a> {
    Window(Window),
    Lut(&'a super::Lut),
}

impl<'a> Voi<'a> {
    /// The caller's window, else the object's first window or table, else all values there are.
    fn choose(
        d: &PixelDescription,
        presentation: &'a Presentation,
        window: Option<Window>,
        range: impl FnOnce() -> (f64, f64),
    ) -> Self {
        let own = || presentation.windows.first().copied().map(Stage::Window);
        let table = || presentation.voi_luts.first().map(Stage::Lut);
        let stage = window.map(Stage::Window).or_else(own).or_else(table).unwrap_or_else(|| {
            let (low, high) = range();
            Stage::Window(Window::between(low, high))
        });
        Self { stage, inverse: d.photometric == Photometric::Monochrome1 }
    }

    fn grey(&self, value: f64) -> u8 {
        let share = match &self.stage {
            Stage::Window(window) => window.apply(value),
            Stage::Lut(lut) => lut.share(value as i32),
        };
        let share = if self.inverse { 1.0 - share } else { share };
        (share * 255.0 + 0.5) as u8
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use bytes::Bytes;

    use super::super::VoiFunction;
    use super::*;
    use crate::pixel::description::tests::grey;

    fn frame(description: PixelDescription, values: &[i16]) -> DecodedFrame {
        let data: Bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        DecodedFrame { description, data }
    }

    #[test]
    fn without_a_window_the_whole_range_is_used() {
        let frame = frame(grey(1, 3, 16), &[100, 150, 200]);
        assert_eq!(shade(&frame, &Presentation::default(), None).unwrap(), [0, 128, 255]);
    }

    #[test]
    fn padding_does_not_widen_the_automatic_window() {
        let description = PixelDescription { signed: true, ..grey(1, 3, 16) };
        let presentation = Presentation { padding: Some((-2000, -2000)), ..Presentation::default() };
        assert_eq!(shade(&frame(description, &[-2000, 0, 10]), &presentation, None).unwrap(), [0, 0, 255]);
    }

    #[test]
    fn monochrome1_is_turned_round() {
        let description = PixelDescription { photometric: Photometric::Monochrome1, ..grey(1, 2, 16) };
        assert_eq!(shade(&frame(description, &[0, 9]), &Presentation::default(), None).unwrap(), [255, 0]);
    }

    #[test]
    fn bits_above_bits_stored_are_ignored() {
        let window = Window::new(2048.0, 4096.0, VoiFunction::Linear);
        let picture =
            shade(&frame(grey(1, 2, 12), &[0x0FFF, 0x1000]), &Presentation::default(), window).unwrap();
        assert_eq!(picture, [255, 0]);
    }
}
