//! A series of whole slide images: which frame covers which part of the total pixel matrix (PS3.3 §C.8.12.4,
//! §C.7.6.17.3).

use super::levels::with_made;
use super::{Glass, GlassKind, GlassSource, Level, OpticalPath, Slide, SlidePlace, Source};
use crate::{Instance, View, ViewError};
use catalog::Located;
use dicom::{DataSet, Tag, tags};
use model::Sha256Digest;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// VL Whole Slide Microscopy Image Storage.
const WHOLE_SLIDE: &str = "1.2.840.10008.5.1.4.1.1.77.1.6";
/// Columns or rows of a total pixel matrix.
const LONGEST_SIDE: i64 = 1 << 24;

/// One resolution as instances have it.
pub(super) struct Stored {
    /// Several where the level is a concatenation (PS3.3 §C.7.6.16.2.2.4), in order.
    parts: Vec<Part>,
    index: Index,
}

struct Part {
    located: Located,
    /// Frames of the level before this part's.
    before: u32,
    frames: u32,
}

enum Index {
    /// TILED_FULL: columns run fastest, then rows, focal planes, optical paths.
    Counted { across: u32, down: u32, planes: u32 },
    /// TILED_SPARSE: column, row, plane and path of each frame.
    Listed(HashMap<[u32; 4], u32>),
}

impl Stored {
    /// The instance and its frame, from 0, that is this tile.
    pub fn frame(&self, column: u32, row: u32, plane: u32, path: u32) -> Option<(&Located, u32)> {
        let index = match &self.index {
            Index::Counted { across, down, planes } => {
                if column >= *across || row >= *down || plane >= *planes {
                    return None;
                }
                let layer = u64::from(path) * u64::from(*planes) + u64::from(plane);
                let index =
                    (layer * u64::from(*down) + u64::from(row)) * u64::from(*across) + u64::from(column);
                u32::try_from(index).ok()?
            }
            Index::Listed(frames) => *frames.get(&[column, row, plane, path])?,
        };
        let part =
            self.parts.iter().find(|part| index >= part.before && index - part.before < part.frames)?;
        Some((&part.located, index - part.before))
    }
}

impl View {
    /// The slide a series is; `None` where it has no whole slide image.
    ///
    /// # Errors
    /// Those of reading its headers.
    pub async fn slide_of_series(&self, located: &[Located]) -> Result<Option<Arc<Slide>>, ViewError> {
        let tiled: Vec<&Located> = located.iter().filter(|one| one.sop_class == WHOLE_SLIDE).collect();
        if tiled.is_empty() {
            return Ok(None);
        }
        let digest = digest_of(&tiled);
        if let Some(slide) = self.slides.get(&digest) {
            return Ok(Some(slide));
        }
        let mut instances = Vec::with_capacity(tiled.len());
        for one in tiled {
            instances.push(self.open(one).await?);
        }
        let slide = slide_of(digest, &instances).map(Arc::new);
        if let Some(slide) = &slide {
            self.slides.put(slide);
        }
        Ok(slide)
    }
}

/// Of everything the slide is made of: a series that grows is another slide.
fn digest_of(tiled: &[&Located]) -> Sha256Digest {
    let mut hasher = Sha256::new();
    tiled.iter().for_each(|one| hasher.update(one.digest.0));
    Sha256Digest(hasher.finalize().into())
}

fn slide_of(digest: Sha256Digest, instances: &[Arc<Instance>]) -> Option<Slide> {
    let mut levels = levels(instances, "VOLUME");
    let coarsest = levels.last()?.0.columns;
    levels.extend(
        self::levels(instances, "THUMBNAIL").into_iter().filter(|(level, _)| level.columns < coarsest),
    );
    for (nth, (level, _)) in levels.iter_mut().enumerate() {
        level.stored = Some(nth);
    }
    let finest = levels.first()?.0;
    let whole = instances.iter().find(|one| {
        flavour(&one.data_set) == "VOLUME" && matrix(&one.data_set) == Some((finest.columns, finest.rows))
    })?;
    let head = &whole.data_set;
    let spacing_mm = spacing(head, finest);
    let (sizes, stored): (Vec<Level>, Vec<Stored>) = levels.into_iter().unzip();
    Some(Slide {
        digest,
        levels: with_made(&sizes),
        spacing_mm,
        planes: planes(head),
        paths: paths(head),
        place: spacing_mm.and_then(|spacing| place(head, spacing)),
        glass: instances.iter().filter_map(glass).collect(),
        source: Source::Series(stored),
    })
}

/// The third value of Image Type (PS3.3 §C.8.12.4.1.1).
fn flavour(head: &DataSet) -> String {
    head.texts(tags::IMAGE_TYPE).get(2).cloned().unwrap_or_else(|| "VOLUME".into())
}

fn glass(instance: &Arc<Instance>) -> Option<Glass> {
    let kind = match flavour(&instance.data_set).as_str() {
        "LABEL" => GlassKind::Label,
        "OVERVIEW" => GlassKind::Overview,
        _ => return None,
    };
    Some(Glass { kind, source: GlassSource::Instance(Box::new(instance.located.clone())) })
}

fn matrix(head: &DataSet) -> Option<(u32, u32)> {
    let side = |tag| head.int(tag).filter(|side| (1..=LONGEST_SIDE).contains(side)).map(|side| side as u32);
    Some((side(tags::TOTAL_PIXEL_MATRIX_COLUMNS)?, side(tags::TOTAL_PIXEL_MATRIX_ROWS)?))
}

fn planes(head: &DataSet) -> u32 {
    let planes = head.int(tags::TOTAL_PIXEL_MATRIX_FOCAL_PLANES).unwrap_or(1);
    u32::try_from(planes).unwrap_or(1).clamp(1, 10_000)
}

/// Levels of one flavour, from fine to coarse; of two that are equally large the first one stands.
fn levels(instances: &[Arc<Instance>], wanted: &str) -> Vec<(Level, Stored)> {
    let mut groups: Vec<(String, Vec<&Arc<Instance>>)> = Vec::new();
    for one in
        instances.iter().filter(|one| flavour(&one.data_set) == wanted && matrix(&one.data_set).is_some())
    {
        let name = one.data_set.uid(tags::CONCATENATION_UID).unwrap_or_else(|| one.located.sop.clone());
        match groups.iter_mut().find(|(other, _)| *other == name) {
            Some((_, group)) => group.push(one),
            None => groups.push((name, vec![one])),
        }
    }
    let mut levels: Vec<_> = groups.iter().filter_map(|(_, group)| level_of(group)).collect();
    levels.sort_by_key(|(level, _)| std::cmp::Reverse(level.columns));
    levels.dedup_by_key(|(level, _)| level.columns);
    levels
}

fn before(head: &DataSet) -> u32 {
    head.int(tags::CONCATENATION_FRAME_OFFSET_NUMBER).and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
}

fn level_of(group: &[&Arc<Instance>]) -> Option<(Level, Stored)> {
    let first = &group.first()?.data_set;
    let (columns, rows) = matrix(first)?;
    let side = |tag| first.int(tag).and_then(|n| u32::try_from(n).ok()).filter(|side| *side > 0);
    let level = Level {
        columns,
        rows,
        tile_columns: side(tags::COLUMNS)?,
        tile_rows: side(tags::ROWS)?,
        stored: None,
    };
    let part = |one: &&Arc<Instance>| {
        let frames =
            one.data_set.int(tags::NUMBER_OF_FRAMES).and_then(|n| u32::try_from(n).ok()).unwrap_or(1);
        Part { located: one.located.clone(), before: before(&one.data_set), frames: frames.max(1) }
    };
    let mut parts: Vec<Part> = group.iter().map(part).collect();
    parts.sort_by_key(|part| part.before);
    let listed = first.text(tags::DIMENSION_ORGANIZATION_TYPE).as_deref() == Some("TILED_SPARSE")
        || per_frame(first).iter().any(|frame| !frame.items(tags::PLANE_POSITION_SLIDE_SEQUENCE).is_empty());
    let index = if listed {
        Index::Listed(list(group, &level))
    } else {
        let (across, down) = (columns.div_ceil(level.tile_columns), rows.div_ceil(level.tile_rows));
        Index::Counted { across, down, planes: planes(first) }
    };
    Some((level, Stored { parts, index }))
}

fn per_frame(head: &DataSet) -> &[DataSet] {
    head.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)
}

/// Each frame says where it lies; tiles that are not there are background.
fn list(group: &[&Arc<Instance>], level: &Level) -> HashMap<[u32; 4], u32> {
    let paths = group.first().map(|one| paths(&one.data_set)).unwrap_or_default();
    let mut heights: Vec<f64> = Vec::new();
    let mut found = HashMap::new();
    for one in group {
        for (nth, frame) in (before(&one.data_set)..).zip(per_frame(&one.data_set)) {
            let Some(position) = frame.items(tags::PLANE_POSITION_SLIDE_SEQUENCE).first() else { continue };
            let tile = |tag, size: u32| {
                let pixel = position.int(tag).unwrap_or(1).max(1) - 1;
                u32::try_from(pixel / i64::from(size)).unwrap_or(u32::MAX)
            };
            let height = position.float(tags::Z_OFFSET_IN_SLIDE_COORDINATE_SYSTEM).unwrap_or(0.0);
            let plane = heights.iter().position(|other| *other == height).unwrap_or_else(|| {
                heights.push(height);
                heights.len() - 1
            });
            let named = frame.items(tags::OPTICAL_PATH_IDENTIFICATION_SEQUENCE).first();
            let named = named.and_then(|item| item.text(tags::OPTICAL_PATH_IDENTIFIER));
            let path = paths.iter().position(|path| Some(&path.id) == named.as_ref()).unwrap_or(0);
            let column = tile(tags::COLUMN_POSITION_IN_TOTAL_IMAGE_PIXEL_MATRIX, level.tile_columns);
            let row = tile(tags::ROW_POSITION_IN_TOTAL_IMAGE_PIXEL_MATRIX, level.tile_rows);
            found.insert([column, row, plane as u32, path as u32], nth);
        }
    }
    found
}

fn paths(head: &DataSet) -> Vec<OpticalPath> {
    let named = |(nth, item): (usize, &DataSet)| {
        let id = item.text(tags::OPTICAL_PATH_IDENTIFIER).unwrap_or_else(|| (nth + 1).to_string());
        let name = item.text(tags::OPTICAL_PATH_DESCRIPTION).unwrap_or_else(|| id.clone());
        OpticalPath { id, name }
    };
    let found: Vec<_> = head.items(tags::OPTICAL_PATH_SEQUENCE).iter().enumerate().map(named).collect();
    if found.is_empty() { vec![OpticalPath { id: "1".into(), name: "1".into() }] } else { found }
}

/// From Pixel Spacing where it stands, else from the imaged size.
fn spacing(head: &DataSet, finest: Level) -> Option<[f64; 2]> {
    let shared = head.items(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE).first();
    let measures = shared.and_then(|shared| shared.items(tags::PIXEL_MEASURES_SEQUENCE).first());
    let told = measures.map(|item| item.floats(tags::PIXEL_SPACING)).unwrap_or_default();
    let sound = |mm: f64| Some(mm).filter(|mm| mm.is_finite() && *mm > 0.0);
    if let [rows, columns, ..] = told[..] {
        return Some([sound(columns)?, sound(rows)?]);
    }
    let size = |tag: Tag, pixels: u32| head.float(tag).and_then(|mm| sound(mm / f64::from(pixels)));
    let across = size(tags::IMAGED_VOLUME_WIDTH, finest.columns)?;
    Some([across, size(tags::IMAGED_VOLUME_HEIGHT, finest.rows).unwrap_or(across)])
}

/// Total Pixel Matrix Origin is the middle of the first pixel (PS3.3 §C.8.12.4.1.5).
fn place(head: &DataSet, [across, down]: [f64; 2]) -> Option<SlidePlace> {
    let frame_of_reference = head.uid(tags::FRAME_OF_REFERENCE_UID)?;
    let origin = head.items(tags::TOTAL_PIXEL_MATRIX_ORIGIN_SEQUENCE).first()?;
    let [x, y] = [
        origin.float(tags::X_OFFSET_IN_SLIDE_COORDINATE_SYSTEM)?,
        origin.float(tags::Y_OFFSET_IN_SLIDE_COORDINATE_SYSTEM)?,
    ];
    let z = origin.float(tags::Z_OFFSET_IN_SLIDE_COORDINATE_SYSTEM).unwrap_or(0.0);
    let cosines = head.floats(tags::IMAGE_ORIENTATION_SLIDE);
    let [rx, ry, rz, dx, dy, dz] = cosines[..] else { return None };
    let [right, down] = [[rx, ry, rz].map(|c| c * across), [dx, dy, dz].map(|c| c * down)];
    let corner = [0, 1, 2].map(|i| [x, y, z][i] - (right[i] + down[i]) / 2.0);
    let sound = corner.iter().chain(&right).chain(&down).all(|number| number.is_finite());
    sound.then_some(SlidePlace { frame_of_reference, origin: corner, right, down })
}
