//! How an object says its values should be shown.

use dicom_dictionary_std::tags;

use super::{Lut, Palette, VoiFunction, Window};
use crate::{DataSet, Tag};

/// Stored values to values with a meaning (PS3.3 §C.11.1).
#[derive(Debug, Clone, PartialEq)]
pub enum Modality {
    /// `slope · value + intercept`.
    Rescale {
        /// Rescale Slope.
        slope: f64,
        /// Rescale Intercept.
        intercept: f64,
    },
    /// A table.
    Lut(Lut),
}

impl Modality {
    /// The value a stored value stands for.
    #[must_use]
    pub fn apply(&self, stored: f64) -> f64 {
        match self {
            Self::Rescale { slope, intercept } => slope * stored + intercept,
            Self::Lut(lut) => f64::from(lut.get(stored as i32)),
        }
    }
}

/// Everything in a header that shapes the picture of one frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Presentation {
    /// Stored values to values with a meaning.
    pub modality: Modality,
    /// The windows offered, the first being the default.
    pub windows: Vec<Window>,
    /// The VOI tables offered; used when there is no window.
    pub voi_luts: Vec<Lut>,
    /// For PALETTE COLOR.
    pub palette: Option<Palette>,
    /// Stored values that stand for "no pixel": they don't count for an automatic window.
    pub padding: Option<(i64, i64)>,
}

impl Default for Presentation {
    fn default() -> Self {
        Self {
            modality: Modality::Rescale { slope: 1.0, intercept: 0.0 },
            windows: Vec::new(),
            voi_luts: Vec::new(),
            palette: None,
            padding: None,
        }
    }
}

impl Presentation {
    /// Reads the header for a frame counted from 0; functional groups of that frame come before
    /// the shared ones and these before the object's own (PS3.3 §C.7.6.16).
    #[must_use]
    pub fn of(data_set: &DataSet, frame: u32) -> Self {
        let signed = data_set.int(tags::PIXEL_REPRESENTATION) == Some(1);
        let values = group(data_set, frame, tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE).unwrap_or(data_set);
        let voi = group(data_set, frame, tags::FRAME_VOILUT_SEQUENCE).unwrap_or(data_set);
        let modality = modality(values, signed);
        let after_modality_signed =
            signed || matches!(modality, Modality::Rescale { intercept, .. } if intercept < 0.0);
        Self {
            windows: windows(voi),
            voi_luts: voi
                .items(tags::VOILUT_SEQUENCE)
                .iter()
                .filter_map(|i| Lut::of(i, after_modality_signed))
                .collect(),
            palette: Palette::of(data_set, signed),
            padding: padding(data_set),
            modality,
        }
    }
}

/// The item of a macro in the functional groups of a frame.
fn group(data_set: &DataSet, frame: u32, sequence: Tag) -> Option<&DataSet> {
    let own = data_set.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).get(frame as usize);
    let shared = data_set.items(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE).first();
    own.into_iter().chain(shared).find_map(|item| item.items(sequence).first())
}

fn modality(item: &DataSet, signed: bool) -> Modality {
    let table = item.items(tags::MODALITY_LUT_SEQUENCE).first().and_then(|i| Lut::of(i, signed));
    if let Some(lut) = table {
        return Modality::Lut(lut);
    }
    let number = |tag, otherwise| item.float(tag).filter(|n| n.is_finite()).unwrap_or(otherwise);
    let slope = number(tags::RESCALE_SLOPE, 1.0);
    // A slope of 0 would make every pixel the same; it is always a mistake.
    let slope = if slope == 0.0 { 1.0 } else { slope };
    Modality::Rescale { slope, intercept: number(tags::RESCALE_INTERCEPT, 0.0) }
}

fn windows(item: &DataSet) -> Vec<Window> {
    let function =
        item.text(tags::VOILUT_FUNCTION).and_then(|text| VoiFunction::parse(&text)).unwrap_or_default();
    let centers = item.floats(tags::WINDOW_CENTER);
    let widths = item.floats(tags::WINDOW_WIDTH);
    centers.into_iter().zip(widths).filter_map(|(c, w)| Window::new(c, w, function)).collect()
}

fn padding(data_set: &DataSet) -> Option<(i64, i64)> {
    let value = data_set.int(tags::PIXEL_PADDING_VALUE)?;
    let limit = data_set.int(tags::PIXEL_PADDING_RANGE_LIMIT).unwrap_or(value);
    Some((value.min(limit), value.max(limit)))
}
