//! What an engine reads in the pixels of what was written. Unlike the wall it looks for no lines: it reads whole
//! frames, so that the two do not share mistakes.

use super::residual::{Identifiers, Trace};
use crate::pixels::{Crop, Ocr, burned_in_risk, has_pixels};
use crate::policy::BurnedIn;
use bytes::Bytes;
use dicom::pixel::render::{Picture, Presentation, picture};
use dicom::pixel::{Image, Limits};
use dicom::read::parse;
use dicom::{DataSet, ReadOptions, TransferSyntax, open_file};
use std::collections::BTreeSet;

/// Frames of an image that are read: the first, the last, and some between.
const FRAMES: u32 = 4;
/// Engines are made for print: a small picture is read at these times its size, a large one as it is and doubled.
const SCALES: [usize; 2] = [2, 3];
const LARGE_SCALES: [usize; 2] = [1, 2];
const LARGE: u32 = 1000;
/// Words that the engine is less sure of may be noise.
const LEAST_SURE: f32 = 30.0;

/// Which images are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those of a kind that may have text burned in.
    MayHaveText,
    /// All.
    All,
}

/// Who reads, and which images.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// Who reads.
    pub ocr: &'a dyn Ocr,
    /// Which images.
    pub which: Which,
}

/// How many images were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Pictures {
    /// Images that were read.
    pub read: u64,
    /// Frames of them.
    pub frames: u64,
    /// Images in which something was found.
    pub leaking: u64,
    /// Images that could not be decoded, or that the engine could not read.
    pub unreadable: u64,
    /// Images of a kind that has no text burned in, which nobody looked at.
    pub passed_over: u64,
}

impl Pictures {
    /// Reads the pixels of a file that was written.
    pub(super) fn look(&mut self, file: &Bytes, identifiers: &Identifiers, reader: Reader<'_>) -> Vec<Trace> {
        let Some((set, syntax)) = opened(file).filter(|(set, _)| has_pixels(set)) else { return Vec::new() };
        if reader.which == Which::MayHaveText && burned_in_risk(&set, BurnedIn::Quarantine).is_none() {
            self.passed_over += 1;
            return Vec::new();
        }
        let Some((frames, traces)) = read(&set, &syntax, identifiers, reader.ocr) else {
            self.unreadable += 1;
            return Vec::new();
        };
        self.read += 1;
        self.frames += frames;
        self.leaking += u64::from(!traces.is_empty());
        traces
    }
}

fn opened(file: &Bytes) -> Option<(DataSet, TransferSyntax)> {
    let opened = open_file(file).ok()?;
    let rest = file.slice(usize::try_from(opened.data_set_at).ok()?.min(file.len())..);
    let parsed = parse(&rest, &opened.transfer_syntax, &ReadOptions::default()).ok()?;
    Some((parsed.data_set, opened.transfer_syntax))
}

/// How many frames were read, and what was found; nothing if one of them could not be.
fn read(
    set: &DataSet,
    syntax: &TransferSyntax,
    identifiers: &Identifiers,
    ocr: &dyn Ocr,
) -> Option<(u64, Vec<Trace>)> {
    let image = Image::of(set, syntax, &Limits::default()).ok()?;
    let last = image.frames.count().checked_sub(1)?;
    let chosen: BTreeSet<u32> =
        (0..FRAMES).map(|step| (u64::from(last) * u64::from(step) / u64::from(FRAMES - 1)) as u32).collect();
    let mut traces = Vec::new();
    for frame in &chosen {
        let shown = picture(&image.decode(*frame).ok()?, &Presentation::of(set, *frame), None).ok()?;
        let found = texts(&shown, ocr)?.iter().find_map(|(sure, all)| identifiers.in_picture(sure, all));
        traces.extend(
            found.map(|category| Trace { category, place: format!("pixels of frame {}", frame + 1) }),
        );
    }
    Some((chosen.len() as u64, traces))
}

/// What the engine reads at each size: well, and at all.
fn texts(shown: &Picture, ocr: &dyn Ocr) -> Option<Vec<(String, String)>> {
    let page = page(shown);
    let scales = if shown.width.max(shown.height) < LARGE { SCALES } else { LARGE_SCALES };
    let read = |scale: usize| {
        let words = ocr.read_page(&enlarged(&page, scale)).ok()?;
        let text = |least: f32| {
            let words = words.iter().filter(|word| word.confidence >= least);
            words.map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
        };
        Some((text(LEAST_SURE), text(0.0)))
    };
    scales.into_iter().map(read).collect()
}

/// A picture as a page: grey, dark text on a light ground.
fn page(shown: &Picture) -> Crop {
    let channels = usize::from(shown.channels.max(1));
    let brightest = |pixel: &[u8]| pixel.iter().copied().max().unwrap_or_default();
    let mut data: Vec<u8> = shown.data.chunks_exact(channels).map(brightest).collect();
    let mean = data.iter().map(|value| u64::from(*value)).sum::<u64>() / data.len().max(1) as u64;
    if mean < 128 {
        data.iter_mut().for_each(|value| *value = 255 - *value);
    }
    Crop { width: shown.width as usize, height: shown.height as usize, data }
}

/// So many times the size; between pixels their values change evenly.
fn enlarged(page: &Crop, scale: usize) -> Crop {
    let (width, height) = (page.width * scale, page.height * scale);
    let at = |x: usize, y: usize| {
        u32::from(page.data[y.min(page.height - 1) * page.width + x.min(page.width - 1)])
    };
    let pixel = |x: usize, y: usize| {
        let (left, top, dx, dy) = (x / scale, y / scale, (x % scale) as u32, (y % scale) as u32);
        let scale = scale as u32;
        let row = |y| at(left, y) * (scale - dx) + at(left + 1, y) * dx;
        ((row(top) * (scale - dy) + row(top + 1) * dy) / (scale * scale)) as u8
    };
    let data = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| pixel(x, y)).collect();
    Crop { width, height, data }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dark_picture_becomes_a_light_and_larger_page() {
        let shown = Picture { width: 2, height: 1, channels: 1, data: vec![0, 200] };
        let page = enlarged(&page(&shown), 2);
        assert_eq!((page.width, page.height), (4, 2));
        assert_eq!(page.data, [255, 155, 55, 55, 255, 155, 55, 55]);
    }
}
