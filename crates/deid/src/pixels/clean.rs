//! An image through the search: as it was, masked, or withheld.

use super::decided::{Act, carry_out};
use super::judge::Judge;
use super::mask::mask;
use super::risk::{burned_in_risk, is_scan, is_slide_label};
use super::search::{Findings, SearchError, search};
use super::{Area, DetectorError, Engines, area};
use crate::policy::BurnedIn;
use crate::policy::document::{Mask, Pixels};
use crate::text::Sweep;
use crate::wall::Reason;
use dicom::pixel::{Image, Limits};
use dicom::{DataSet, TransferSyntax, tags, uids};

/// What became of pixels.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Searched {
    /// There are none, or nobody asked.
    #[default]
    No,
    /// Every frame was searched; nothing was masked, and not a byte has changed.
    Clean(Looked),
    /// Every frame was searched, and boxes were masked.
    Masked {
        /// How much there was to look at.
        #[serde(flatten)]
        looked: Looked,
        /// What was masked.
        #[serde(flatten)]
        masks: Masks,
    },
}

/// How much there was to look at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Looked {
    /// Frames.
    pub frames: usize,
    /// Places that may be text, in which the detector has looked; without any, the image was gated.
    pub places: usize,
}

/// What was masked.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Masks {
    /// The boxes by frame, counted from 1, without what they said.
    pub masks: Vec<FrameMasks>,
    /// Masked pixels as a share of all.
    pub share: f64,
}

/// The boxes of a frame.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FrameMasks {
    /// The frame, from 1.
    pub frame: usize,
    /// Its boxes.
    pub boxes: Vec<Area>,
}

/// What is asked of a search.
pub(crate) struct Asked<'a> {
    pub pixels: &'a Pixels,
    pub sweep: Sweep<'a>,
    pub engines: &'a Engines,
    /// What somebody has decided about such images.
    pub decided: Option<&'a Act>,
}

/// What a search would mask, for somebody who looks at the image and decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suggestion {
    /// Frames.
    pub frames: usize,
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Boxes for every frame.
    pub boxes: Vec<Area>,
}

/// Searches the pixels of an image that is not decided about; changes nothing.
pub(crate) fn suggest(
    original: &DataSet,
    from: &TransferSyntax,
    sweep: Sweep<'_>,
    engines: &Engines,
) -> Result<Suggestion, Reason> {
    if !original.contains(tags::PIXEL_DATA) {
        return Ok(Suggestion::default());
    }
    let image = Image::of(original, from, &Limits::default()).map_err(|_| Reason::PixelsUnreadable)?;
    let described = &image.description;
    let mut suggestion = Suggestion {
        frames: image.frames.count() as usize,
        rows: described.rows.into(),
        columns: described.columns.into(),
        boxes: Vec::new(),
    };
    let judge = Judge { mask: Mask::AllText, sweep, doubts: false };
    if let Ok(findings) = search(original, &image, &judge, engines) {
        suggestion.boxes = area::without_inner(findings.boxes.concat());
    }
    Ok(suggestion)
}

/// Searches the original's pixels and masks them in `clean`; tells the transfer syntax they are in now.
pub(crate) fn clean(
    original: &DataSet,
    from: &TransferSyntax,
    clean: &mut DataSet,
    asked: &Asked<'_>,
) -> Result<(Searched, TransferSyntax), Reason> {
    let nothing = Ok((Searched::No, from.clone()));
    if let (Some(act), true) = (asked.decided, original.contains(tags::PIXEL_DATA)) {
        return carry_out(act, original, from, clean);
    }
    if asked.pixels.burned_in != BurnedIn::Search || !original.contains(tags::PIXEL_DATA) {
        return nothing;
    }
    if is_slide_label(original) {
        return Err(Reason::BurnedIn("it may show the label of a slide"));
    }
    let risk = burned_in_risk(original, BurnedIn::Quarantine);
    if risk.is_none() && (!is_scan(original) || asked.engines.detector.is_none()) {
        return nothing;
    }
    if asked.engines.detector.is_none() {
        return Err(Reason::DetectorUnavailable(DetectorError::Absent));
    }
    let image = match Image::of(original, from, &Limits::default()) {
        Ok(image) => image,
        Err(_) if risk.is_none() => return nothing,
        Err(_) => return Err(Reason::PixelsUnreadable),
    };
    let judge = Judge { mask: asked.pixels.mask, sweep: asked.sweep, doubts: risk.is_none() };
    let findings = match search(original, &image, &judge, asked.engines) {
        Ok(findings) => findings,
        Err(SearchError::Detector(error)) => return Err(Reason::DetectorUnavailable(error)),
        Err(SearchError::Ocr(error)) => return Err(Reason::OcrUnavailable(error)),
        Err(SearchError::Pixels) if risk.is_none() => return nothing,
        Err(SearchError::Pixels) => return Err(Reason::PixelsUnreadable),
    };
    let looked = Looked { frames: findings.boxes.len(), places: findings.places };
    if findings.boxes.iter().all(Vec::is_empty) {
        return Ok((Searched::Clean(looked), from.clone()));
    }
    let boxes = in_every_frame(original, findings);
    let to = mask(clean, &image, from, &boxes).map_err(|_| Reason::PixelsUnreadable)?;
    Ok((Searched::Masked { looked, masks: told(&boxes, &image) }, to))
}

/// What is written over a film is written over all of it, though a frame may hide it from the search. Tiles of
/// a slide have nothing in common.
fn in_every_frame(original: &DataSet, findings: Findings) -> Vec<Vec<Area>> {
    let class = original.uid(tags::SOP_CLASS_UID).unwrap_or_default();
    if class == uids::VL_WHOLE_SLIDE_MICROSCOPY_IMAGE_STORAGE || findings.boxes.len() == 1 {
        return findings.boxes;
    }
    let frames = findings.boxes.len();
    vec![area::without_inner(findings.boxes.concat()); frames]
}

pub(super) fn told(boxes: &[Vec<Area>], image: &Image) -> Masks {
    let all = (image.description.pixels() * boxes.len()).max(1);
    let masked: usize = boxes.iter().map(|areas| covered(areas)).sum();
    let with_boxes = boxes.iter().enumerate().filter(|(_, areas)| !areas.is_empty());
    let masks = with_boxes.map(|(index, areas)| FrameMasks { frame: index + 1, boxes: areas.clone() });
    Masks { masks: masks.collect(), share: (masked as f64 / all as f64 * 1e4).round() / 1e4 }
}

/// Pixels in the boxes, those in several counted once.
fn covered(areas: &[Area]) -> usize {
    let rows = areas.iter().map(|area| area.bottom).max().unwrap_or(0);
    (0..rows)
        .map(|y| {
            let mut spans: Vec<_> =
                areas.iter().filter(|a| (a.top..a.bottom).contains(&y)).map(|a| (a.left, a.right)).collect();
            spans.sort_unstable();
            spans
                .iter()
                .fold((0, 0), |(sum, done), (left, right)| {
                    let from = done.max(*left);
                    (sum + right.saturating_sub(from), done.max(*right))
                })
                .0
        })
        .sum()
}
