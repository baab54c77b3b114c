//! One frame as a slice: where it lies in the patient, how its samples are laid out, and what
//! tells it from other slices at the same place.

use dicom::pixel::render::{Modality, Presentation};
use dicom::pixel::{Limits, Photometric, PixelDescription, SampleKind};
use dicom::{DataSet, Tag, tags};

use super::mosaic::Mosaic;
use super::vector::{Vec3, add, cross, scaled, unit};

/// A frame of an instance, and what the volume it belongs to needs to know.
#[derive(Debug, Clone)]
pub(super) struct Slice {
    /// Which of the series' instances.
    pub instance: usize,
    /// Its frame, from 0.
    pub frame: u32,
    /// The tile of a mosaic frame.
    pub tile: Option<Tile>,
    pub place: Place,
    pub raster: Raster,
    /// `None` where a table turns stored values into others.
    pub scale: Option<Scale>,
    pub kind: Kind,
    /// Sorts slices at one place: earlier first.
    pub order: Vec<f64>,
    pub diffusion: Option<Diffusion>,
}

/// The part of a mosaic frame that is one slice, in columns and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tile {
    pub left: usize,
    pub top: usize,
}

/// Where a slice lies (PS3.3 §C.7.6.2), in mm of the patient's left, posterior, head.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The centre of the first pixel.
    pub origin: Vec3,
    /// The direction of a row, along which columns count, of length 1.
    pub along_row: Vec3,
    /// The direction of a column, along which rows count, of length 1.
    pub along_column: Vec3,
    /// Distance of columns and of rows in mm.
    pub spacing: [f64; 2],
    /// Distance to the next slice as the header says, in mm; used where there is no next slice.
    pub thickness: f64,
}

impl Place {
    pub fn normal(&self) -> Vec3 {
        cross(self.along_row, self.along_column)
    }
}

/// How the samples of a slice are laid out; equal in all slices of a volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Raster {
    pub columns: usize,
    pub rows: usize,
    pub samples: u16,
    pub bits_allocated: u16,
    pub bits_stored: u16,
    pub signed: bool,
    pub kind: SampleKind,
}

/// Stored values to values with a meaning: `slope · stored + intercept`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    pub slope: f64,
    pub intercept: f64,
}

/// What must be equal in all slices of a volume beside the geometry.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Kind {
    /// Image Type or Frame Type from the third value on, and the complex component.
    pub words: String,
    /// Echo time in ms, rounded to a hundredth.
    pub echo: Option<i64>,
    pub stack: String,
}

/// The diffusion weighting of a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Diffusion {
    /// s/mm².
    pub b_value: f64,
    /// The gradient's direction in the patient; `None` without one.
    pub direction: Option<Vec3>,
}

/// Reads the slices of an instance.
///
/// # Errors
/// Why it can't be part of a volume, in words.
pub(super) fn read(instance: usize, header: &DataSet) -> Result<Vec<Slice>, String> {
    if header.text(tags::MODALITY).as_deref() == Some("SEG") {
        return Err("a segmentation's frames are not one grey-scale volume".into());
    }
    let description = PixelDescription::of(header, &Limits::default()).map_err(|error| error.to_string())?;
    if let Some(mosaic) = Mosaic::of(header)? {
        return mosaic.slices(instance, header, &description);
    }
    let frames = description.frames;
    if frames > 1 && header.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).len() < frames as usize {
        return by_offsets(instance, header, &description);
    }
    (0..frames).map(|frame| one(instance, header, &description, frame)).collect()
}

fn one(
    instance: usize,
    header: &DataSet,
    description: &PixelDescription,
    frame: u32,
) -> Result<Slice, String> {
    let groups = Groups { header, frame };
    let place = place(&groups)?;
    Ok(Slice {
        instance,
        frame,
        tile: None,
        place,
        raster: raster(header, description)?,
        scale: scale(header, frame),
        kind: kind(&groups),
        order: order(&groups),
        diffusion: diffusion(&groups),
    })
}

/// Frames of an object that gives one position and the offsets of the others from it, as dose grids do
/// (PS3.3 §C.8.8.3.2).
fn by_offsets(
    instance: usize,
    header: &DataSet,
    description: &PixelDescription,
) -> Result<Vec<Slice>, String> {
    let offsets = header.floats(tags::GRID_FRAME_OFFSET_VECTOR);
    if offsets.len() != description.frames as usize {
        return Err("its frames have no positions in the patient".into());
    }
    let mut first = one(instance, header, description, 0)?;
    if let Some(unit) = header.float(tags::DOSE_GRID_SCALING).filter(|n| n.is_finite() && *n != 0.0) {
        first.scale = Some(Scale { slope: unit, intercept: 0.0 });
    }
    // Either offsets from the first frame, or positions along the patient's axis; both start somewhere.
    let base = offsets.first().copied().unwrap_or(0.0);
    let at = |(frame, offset): (usize, &f64)| {
        let mut slice = first.clone();
        slice.frame = frame as u32;
        let away = scaled(slice.place.normal(), offset - base);
        slice.place.origin = add(slice.place.origin, away);
        slice
    };
    Ok(offsets.iter().enumerate().map(at).collect())
}

pub(super) fn raster(header: &DataSet, description: &PixelDescription) -> Result<Raster, String> {
    let photometric = description.photometric;
    if photometric == Photometric::PaletteColor {
        return Err("its values are places in a colour palette, not measurements".into());
    }
    let kind = match () {
        () if header.contains(tags::FLOAT_PIXEL_DATA) => SampleKind::Float,
        () if header.contains(tags::DOUBLE_FLOAT_PIXEL_DATA) => SampleKind::Double,
        () => SampleKind::Integer,
    };
    if description.samples > 1 && (description.samples != 3 || description.bits_allocated != 8) {
        return Err("colour of other than three samples of eight bits has no place in NIfTI".into());
    }
    Ok(Raster {
        columns: description.columns.into(),
        rows: description.rows.into(),
        samples: description.samples,
        bits_allocated: description.bits_allocated,
        bits_stored: description.bits_stored,
        signed: description.signed,
        kind,
    })
}

pub(super) fn scale(header: &DataSet, frame: u32) -> Option<Scale> {
    match Presentation::of(header, frame).modality {
        Modality::Rescale { slope, intercept } => Some(Scale { slope, intercept }),
        Modality::Lut(_) => None,
    }
}

/// A header as one of its frames sees it: the frame's own groups, the shared ones, then the object.
pub(super) struct Groups<'a> {
    pub header: &'a DataSet,
    pub frame: u32,
}

impl<'a> Groups<'a> {
    /// The item of a macro, or the object itself.
    fn of(&self, sequence: Tag) -> &'a DataSet {
        let own = self.header.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).get(self.frame as usize);
        let shared = self.header.items(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE).first();
        let found = own.into_iter().chain(shared).find_map(|item| item.items(sequence).first());
        found.unwrap_or(self.header)
    }
}

fn three(values: &[f64]) -> Option<Vec3> {
    let three: Vec3 = values.get(..3)?.try_into().ok()?;
    three.iter().all(|n| n.is_finite()).then_some(three)
}

pub(super) fn place(groups: &Groups<'_>) -> Result<Place, String> {
    let position = groups.of(tags::PLANE_POSITION_SEQUENCE).floats(tags::IMAGE_POSITION_PATIENT);
    let origin = three(&position).ok_or("it has no position in the patient")?;
    let orientation = groups.of(tags::PLANE_ORIENTATION_SEQUENCE).floats(tags::IMAGE_ORIENTATION_PATIENT);
    let direction = |from: usize| orientation.get(from..).and_then(three).and_then(unit);
    let (along_row, along_column) =
        direction(0).zip(direction(3)).ok_or("it has no orientation in the patient")?;
    if super::vector::dot(along_row, along_column).abs() > 0.01 {
        return Err("its rows and columns are not at a right angle".into());
    }
    let measures = groups.of(tags::PIXEL_MEASURES_SEQUENCE);
    let size = |n: &f64| n.is_finite() && *n > 0.0;
    let spacing = measures.floats(tags::PIXEL_SPACING);
    let [of_rows, of_columns] = spacing[..] else { return Err("it has no pixel spacing".into()) };
    if !size(&of_rows) || !size(&of_columns) {
        return Err("its pixel spacing is not a size".into());
    }
    let told = |tag| measures.float(tag).map(f64::abs).filter(size);
    let thickness = told(tags::SPACING_BETWEEN_SLICES).or_else(|| told(tags::SLICE_THICKNESS)).unwrap_or(1.0);
    Ok(Place { origin, along_row, along_column, spacing: [of_columns, of_rows], thickness })
}

pub(super) fn kind(groups: &Groups<'_>) -> Kind {
    const TYPES: [Tag; 4] = [
        tags::MR_IMAGE_FRAME_TYPE_SEQUENCE,
        tags::CT_IMAGE_FRAME_TYPE_SEQUENCE,
        tags::PET_FRAME_TYPE_SEQUENCE,
        tags::XAXRF_FRAME_CHARACTERISTICS_SEQUENCE,
    ];
    let of_frame = TYPES.iter().map(|tag| groups.of(*tag)).find(|item| item.contains(tags::FRAME_TYPE));
    let item = of_frame.unwrap_or(groups.header);
    let types = item.texts(if of_frame.is_some() { tags::FRAME_TYPE } else { tags::IMAGE_TYPE });
    let mut words: Vec<String> = types.into_iter().skip(2).collect();
    words.extend(item.text(tags::COMPLEX_IMAGE_COMPONENT));
    let echo = groups.of(tags::MR_ECHO_SEQUENCE);
    let echo = echo.float(tags::EFFECTIVE_ECHO_TIME).or_else(|| groups.header.float(tags::ECHO_TIME));
    Kind {
        words: words.join(" "),
        echo: echo.map(|ms| (ms * 100.0).round() as i64),
        stack: groups.of(tags::FRAME_CONTENT_SEQUENCE).text(tags::STACK_ID).unwrap_or_default(),
    }
}

/// Time first where it is counted, then the order of acquisition, then the number in the series.
pub(super) fn order(groups: &Groups<'_>) -> Vec<f64> {
    let content = groups.of(tags::FRAME_CONTENT_SEQUENCE);
    let header = groups.header;
    let number = |item: &DataSet, tag| item.float(tag).filter(|n| n.is_finite()).unwrap_or(0.0);
    let time = number(content, tags::TEMPORAL_POSITION_INDEX);
    let classic = number(header, tags::TEMPORAL_POSITION_IDENTIFIER);
    vec![
        if time > 0.0 { time } else { classic },
        number(header, tags::ACQUISITION_NUMBER),
        number(header, tags::TRIGGER_TIME),
        number(header, tags::INSTANCE_NUMBER),
        f64::from(groups.frame),
    ]
}

fn diffusion(groups: &Groups<'_>) -> Option<Diffusion> {
    let item = groups.of(tags::MR_DIFFUSION_SEQUENCE);
    let b_value = item.float(tags::DIFFUSION_B_VALUE).filter(|b| b.is_finite() && *b >= 0.0)?;
    let gradient = item.items(tags::DIFFUSION_GRADIENT_DIRECTION_SEQUENCE).first().unwrap_or(item);
    let direction = three(&gradient.floats(tags::DIFFUSION_GRADIENT_ORIENTATION)).and_then(unit);
    Some(Diffusion { b_value, direction })
}
