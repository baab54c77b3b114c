//! One measurement: what was drawn where, and what it came to.

use dicom::sr::Graphic;
use dicom::sr::code::{Code, concepts};
use model::{SeriesInstanceUid, SopInstanceUid};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

/// Points of one measurement; a freehand outline has some hundreds.
const MOST_POINTS: usize = 20_000;
/// Shapes of one measurement.
const MOST_SHAPES: usize = 8;
/// Values of one measurement.
const MOST_VALUES: usize = 64;
/// Characters of a label.
const LONGEST_LABEL: usize = 1024;
/// Bytes of the viewer's own state.
const LARGEST_STATE: usize = 1 << 20;

/// A measurement as it is drawn and shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Measurement {
    /// The UID it keeps through all versions (TID 1501, Tracking Unique Identifier).
    pub tracking_uid: String,
    /// The viewer's name of the tool it was drawn with, such as `Length`.
    pub tool: String,
    /// What the person calls it.
    #[serde(default)]
    pub label: String,
    /// The image it lies on; none when it was drawn in space, on a plane through the images.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Place>,
    /// The frame of reference its points lie in, where it lies on no image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame_of_reference_uid: Option<String>,
    /// What was drawn.
    #[serde(default)]
    pub shapes: Vec<Shape>,
    /// What it came to.
    #[serde(default)]
    pub values: Vec<Value>,
    /// The viewer's own state, given back as it came.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub state: Json,
}

/// An image, or one of its frames.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Place {
    /// Series Instance UID.
    pub series: String,
    /// SOP Instance UID.
    pub sop: String,
    /// The frame, counted from 1; none for an image of one frame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<u32>,
}

/// Something drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// `point`, `multipoint`, `polyline`, `circle` (centre, point on it), `ellipse` (ends of the major axis,
    /// then of the minor one), `polygon` (in space).
    #[schema(value_type = String)]
    pub graphic: Graphic,
    /// On an image column and row for each point, from the corner of the first pixel, whose centre is at
    /// 0.5, 0.5 (PS3.3 §C.18.6.1.1); in space x, y and z in mm.
    pub points: Vec<f64>,
}

/// A number that was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// What it is.
    pub quantity: Quantity,
    /// How it was made of many pixels; none for the quantity itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derivation: Option<Derivation>,
    /// The number.
    pub value: f64,
    /// Its unit as a code of UCUM: `mm`, `mm2`, `deg`, `[hnsf'U]`, `{SUVbw}g/ml`, `{pixels}`.
    pub unit: String,
    /// Which shape it was taken from, counted from 0; none for the region as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<usize>,
}

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// A distance.
    Length,
    /// The longer of two diameters.
    LongAxis,
    /// The one across it.
    ShortAxis,
    /// Between two lines that meet.
    Angle,
    /// Between two lines that do not.
    CobbAngle,
    /// Of a region.
    Area,
    /// Of a region's border.
    Perimeter,
    /// Of a circle.
    Radius,
    /// Of a body.
    Volume,
    /// What pixels say: attenuation, uptake or whatever the modality gives.
    PixelValue,
}

/// How a number was made of many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Derivation {
    /// Their mean.
    Mean,
    /// Their standard deviation.
    StandardDeviation,
    /// The least.
    Minimum,
    /// The greatest.
    Maximum,
    /// The middle one.
    Median,
}

impl Quantity {
    /// Its concept; what pixels say is told by their unit.
    #[must_use]
    pub fn code(self, unit: &str) -> Code {
        match self {
            Self::Length => concepts::LENGTH,
            Self::LongAxis => concepts::LONG_AXIS,
            Self::ShortAxis => concepts::SHORT_AXIS,
            Self::Angle => concepts::ANGLE,
            Self::CobbAngle => concepts::COBB_ANGLE,
            Self::Area => concepts::AREA,
            Self::Perimeter => concepts::PERIMETER,
            Self::Radius => concepts::RADIUS,
            Self::Volume => concepts::VOLUME,
            Self::PixelValue if unit == "[hnsf'U]" => concepts::ATTENUATION,
            Self::PixelValue if unit.contains("SUV") => concepts::UPTAKE,
            Self::PixelValue => concepts::PIXEL_VALUE,
        }
    }
}

impl Derivation {
    /// Its concept (PS3.16 CID 3488).
    #[must_use]
    pub fn code(self) -> Code {
        match self {
            Self::Mean => concepts::MEAN,
            Self::StandardDeviation => concepts::DEVIATION,
            Self::Minimum => concepts::MINIMUM,
            Self::Maximum => concepts::MAXIMUM,
            Self::Median => concepts::MEDIAN,
        }
    }
}

/// What is wrong with a measurement. Says no value: it may be anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(pub &'static str);

impl Measurement {
    /// Whether it can be kept and read by others.
    ///
    /// # Errors
    /// [`Invalid`] with what is wrong.
    pub fn check(&self) -> Result<(), Invalid> {
        check_uid(&self.tracking_uid).map_err(|()| Invalid("trackingUid is not a UID"))?;
        let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !(1..=48).contains(&self.tool.len()) || !self.tool.chars().all(word) {
            return Err(Invalid("tool is a word of 1 to 48 letters and digits"));
        }
        if self.label.chars().count() > LONGEST_LABEL || self.label.contains(|c: char| c < ' ' && c != '\n') {
            return Err(Invalid("label has at most 1024 characters and no control characters"));
        }
        self.check_place()?;
        self.check_shapes()?;
        self.check_values()?;
        if serde_json::to_vec(&self.state).map_or(usize::MAX, |bytes| bytes.len()) > LARGEST_STATE {
            return Err(Invalid("state is larger than 1 MiB"));
        }
        Ok(())
    }

    fn check_place(&self) -> Result<(), Invalid> {
        match (&self.image, &self.frame_of_reference_uid) {
            (Some(place), _) => {
                let series = SeriesInstanceUid::parse(&place.series).is_ok();
                if !series || SopInstanceUid::parse(&place.sop).is_err() || place.frame == Some(0) {
                    return Err(Invalid("image needs series and sop, and frames count from 1"));
                }
                Ok(())
            }
            (None, Some(uid)) => check_uid(uid).map_err(|()| Invalid("frameOfReferenceUid is not a UID")),
            (None, None) => Err(Invalid("image or frameOfReferenceUid says where it lies")),
        }
    }

    fn check_shapes(&self) -> Result<(), Invalid> {
        let numbers: usize = self.shapes.iter().map(|shape| shape.points.len()).sum();
        if self.shapes.is_empty() || self.shapes.len() > MOST_SHAPES || numbers > MOST_POINTS * 3 {
            return Err(Invalid("1 to 8 shapes with at most 20,000 points are taken"));
        }
        let in_space = self.image.is_none();
        for shape in &self.shapes {
            check_shape(shape, in_space)?;
        }
        let regions = self.regions().count();
        if regions > 1 { Err(Invalid("of several shapes each needs a value of its own")) } else { Ok(()) }
    }

    fn check_values(&self) -> Result<(), Invalid> {
        if self.values.len() > MOST_VALUES {
            return Err(Invalid("at most 64 values are taken"));
        }
        for value in &self.values {
            let unit = &value.unit;
            if !(1..=16).contains(&unit.len()) || !unit.bytes().all(|b| b.is_ascii_graphic()) {
                return Err(Invalid("unit is a code of UCUM"));
            }
            if !value.value.is_finite() {
                return Err(Invalid("values are finite numbers"));
            }
            if value.shape.is_some_and(|at| at >= self.shapes.len()) {
                return Err(Invalid("shape counts the shapes from 0"));
            }
        }
        Ok(())
    }

    /// The shapes that no value was taken from alone: the region measured.
    pub fn regions(&self) -> impl Iterator<Item = &Shape> {
        let has_own = |at: usize| self.values.iter().any(|value| value.shape == Some(at));
        self.shapes.iter().enumerate().filter(move |(at, _)| !has_own(*at)).map(|(_, shape)| shape)
    }
}

fn check_uid(text: &str) -> Result<(), ()> {
    // Ours are made by programs that know the rules: no padding, no empty component.
    let sound = text.split('.').all(|part| part == "0" || (!part.is_empty() && !part.starts_with('0')));
    if sound && SopInstanceUid::parse(text).is_ok_and(|uid| uid.as_str() == text) { Ok(()) } else { Err(()) }
}

/// PS3.3 §C.18.6.1.2 and §C.18.9.1.2.
fn check_shape(shape: &Shape, in_space: bool) -> Result<(), Invalid> {
    let numbers = if in_space { 3 } else { 2 };
    if !shape.points.len().is_multiple_of(numbers) || !shape.points.iter().all(|number| number.abs() < 1e9) {
        return Err(Invalid("points are pairs on an image, triples in space, of finite numbers"));
    }
    let count = shape.points.len() / numbers;
    let fits = match shape.graphic {
        Graphic::Point => count == 1,
        Graphic::Multipoint | Graphic::Polyline => count >= 1,
        Graphic::Circle => count == 2 && !in_space,
        Graphic::Ellipse => count == 4,
        Graphic::Polygon => count >= 4 && in_space,
        Graphic::Ellipsoid => count == 6 && in_space,
    };
    if fits { Ok(()) } else { Err(Invalid("a shape has another number of points than its graphic needs")) }
}
