//! What somebody has decided about images after looking at them: it stands before every rule and search.

use super::clean::{Looked, Masks, Searched, told};
use super::mask::mask;
use super::{Area, area};
use crate::wall::Reason;
use dicom::pixel::{Image, Limits};
use dicom::{DataSet, TransferSyntax, tags};
use serde::{Deserialize, Serialize};

/// What makes pictures of one device look alike: they carry their text in the same places.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct ImageKind {
    /// (0008,0060)
    pub modality: String,
    /// (0008,0016)
    pub sop_class: String,
    /// (0008,0070)
    pub manufacturer: String,
    /// (0008,1090)
    pub model: String,
    /// (0028,0010)
    pub rows: u32,
    /// (0028,0011)
    pub columns: u32,
}

impl ImageKind {
    /// The kind of an original.
    #[must_use]
    pub fn of(original: &DataSet) -> Self {
        let text = |tag| original.text(tag).unwrap_or_default().trim().to_owned();
        let number = |tag| original.int(tag).and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
        Self {
            modality: text(tags::MODALITY),
            sop_class: original.uid(tags::SOP_CLASS_UID).unwrap_or_default(),
            manufacturer: text(tags::MANUFACTURER),
            model: text(tags::MANUFACTURER_MODEL_NAME),
            rows: number(tags::ROWS),
            columns: number(tags::COLUMNS),
        }
    }
}

/// What becomes of such images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Their pixels pass as they are.
    Release,
    /// These boxes are masked in every frame, the rest passes.
    Mask(Vec<Area>),
    /// They are kept back.
    Withhold,
}

/// Carries out a decision. Tells the transfer syntax the pixels are in now.
pub(super) fn carry_out(
    act: &Act,
    original: &DataSet,
    from: &TransferSyntax,
    clean: &mut DataSet,
) -> Result<(Searched, TransferSyntax), Reason> {
    let boxes = match act {
        Act::Withhold => return Err(Reason::KeptBack),
        Act::Release => &Vec::new(),
        Act::Mask(boxes) => boxes,
    };
    let image = Image::of(original, from, &Limits::default()).map_err(|_| Reason::PixelsUnreadable)?;
    let frames = image.frames.count() as usize;
    let looked = Looked { frames, places: boxes.len() };
    if boxes.is_empty() {
        return Ok((Searched::Clean(looked), from.clone()));
    }
    let size = (usize::from(image.description.columns), usize::from(image.description.rows));
    let inside = boxes.iter().map(|area| area.padded(0, size.0, size.1)).collect();
    let boxes = vec![area::without_inner(inside); frames];
    let to = mask(clean, &image, from, &boxes).map_err(|_| Reason::PixelsUnreadable)?;
    let masks: Masks = told(&boxes, &image);
    Ok((Searched::Masked { looked, masks }, to))
}
