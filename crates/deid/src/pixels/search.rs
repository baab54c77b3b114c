//! All frames of an image, searched for text.

use super::crops::crop;
use super::detector::{DetectorError, Found};
use super::judge::Judge;
use super::look::{Care, Look, looks};
use super::ocr::{Crop, Ocr, OcrError, Word};
use super::places::Places;
use super::tiles::{self, Before};
use super::{Area, Engines, area};
use crate::policy::document::Mask;
use dicom::DataSet;
use dicom::pixel::render::Presentation;
use dicom::pixel::{Image, PixelError};
use std::collections::HashMap;

/// Lines that are read in one image; further ones go unread.
const MOST_CROPS: usize = 1000;
/// How sure the detector must be of text in what scanners measure, where there hardly ever is some.
const SURE: f32 = 0.6;
/// Rows of text that somebody writes there, at most.
const HIGHEST: usize = 100;
/// Pixels around a line: full stops, soft edges and what lossy coding smears.
const MARGIN: usize = 2;

/// What was found in an image.
#[derive(Debug, Clone, Default)]
pub(super) struct Findings {
    /// Boxes to be masked, by frame.
    pub boxes: Vec<Vec<Area>>,
    /// Places at which the detector had to look.
    pub places: usize,
}

/// Why an image could not be searched.
#[derive(Debug)]
pub(super) enum SearchError {
    Pixels,
    Detector(DetectorError),
    Ocr(OcrError),
}

impl From<PixelError> for SearchError {
    fn from(_: PixelError) -> Self {
        Self::Pixels
    }
}

impl From<DetectorError> for SearchError {
    fn from(error: DetectorError) -> Self {
        Self::Detector(error)
    }
}

/// A line of text in a frame, and where it stands among what is read.
struct Line {
    frame: usize,
    area: Area,
    crop: Option<usize>,
}

/// Everything to be read; what is the same in many frames only once.
#[derive(Default)]
struct Reading {
    crops: Vec<Crop>,
    seen: HashMap<Crop, usize>,
}

/// Searches every frame.
pub(super) fn search(
    data_set: &DataSet,
    image: &Image,
    judge: &Judge<'_>,
    engines: &Engines,
) -> Result<Findings, SearchError> {
    let detector = engines.detector.as_deref().ok_or(DetectorError::Absent)?;
    let care = if judge.doubts { Care::Plain } else { Care::Full };
    let mut before: Vec<Before> = Vec::new();
    let (mut lines, mut reading, mut places) = (Vec::new(), Reading::default(), 0);
    for number in 0..image.frames.count() {
        let frame = image.decode(number)?;
        let looks = looks(&frame, &Presentation::of(data_set, number), care)?;
        before.truncate(looks.len());
        for (index, look) in looks.into_iter().enumerate() {
            let (found, looked) = tiles::search(&look, before.get(index), detector)?;
            places += looked;
            let told = found.iter().filter(|one| !judge.doubts || is_sure(one));
            lines.extend(told.map(|one| reading.line(judge, number as usize, &look, one)));
            let now = Before { picture: look.picture, found };
            if index < before.len() { before[index] = now } else { before.push(now) }
        }
    }
    let words = read(&reading.crops, judge, engines.ocr.as_deref())?;
    let size = (usize::from(image.description.columns), usize::from(image.description.rows));
    let mut boxes = vec![Vec::new(); image.frames.count() as usize];
    for line in &lines {
        if judge.goes(&line.area, line.crop.and_then(|crop| words.get(crop)).map(Vec::as_slice)) {
            boxes[line.frame].push(line.area.padded(MARGIN, size.0, size.1));
        }
    }
    if judge.mask == Mask::AllText {
        written_whole(&Places::of(data_set), &lines, &mut boxes, size);
    }
    Ok(Findings { boxes: boxes.into_iter().map(area::without_inner).collect(), places })
}

/// Whether a line is text although none is expected: one of many letters that the detector is sure of.
fn is_sure(found: &Found) -> bool {
    let (width, height) = (found.area.width(), found.area.height());
    found.score >= SURE && width.min(height) <= HIGHEST && width.max(height) >= width.min(height) * 2
}

impl Reading {
    fn line(&mut self, judge: &Judge<'_>, frame: usize, look: &Look, found: &Found) -> Line {
        let is_read = judge.asks(&found.area) && self.crops.len() < MOST_CROPS;
        let crop = is_read.then(|| self.add(crop(&look.picture, &found.area)));
        Line { frame, area: found.area, crop }
    }

    fn add(&mut self, crop: Crop) -> usize {
        let next = self.crops.len();
        let index = *self.seen.entry(crop.clone()).or_insert(next);
        if index == next {
            self.crops.push(crop);
        }
        index
    }
}

/// What the lines say. Where all text goes, an engine only spares harmless words: there may be none.
fn read(crops: &[Crop], judge: &Judge<'_>, ocr: Option<&dyn Ocr>) -> Result<Vec<Vec<Word>>, SearchError> {
    if crops.is_empty() {
        return Ok(Vec::new());
    }
    match ocr.map_or(Err(OcrError::Absent), |ocr| ocr.read(crops)) {
        Ok(words) if words.len() == crops.len() => Ok(words),
        Ok(_) => Err(SearchError::Ocr(OcrError::Unreadable)),
        Err(OcrError::Absent) if judge.mask == Mask::AllText => Ok(Vec::new()),
        Err(error) => Err(SearchError::Ocr(error)),
    }
}

/// Where a device is known to write, the least trace is enough, and the whole box goes.
fn written_whole(places: &Places, lines: &[Line], boxes: &mut [Vec<Area>], size: (usize, usize)) {
    for written in &places.written {
        let written = written.padded(0, size.0, size.1);
        for line in lines.iter().filter(|line| line.area.shared(&written) > 0) {
            let of_frame = &mut boxes[line.frame];
            if !of_frame.contains(&written) {
                of_frame.push(written);
            }
        }
    }
}
