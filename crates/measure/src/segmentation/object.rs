//! A version as a DICOM Segmentation of type BINARY (PS3.3 §A.51, §C.8.20), and back.

use super::place::Place;
use super::{Key, SEGMENTATION, Segment, Segmentation, bits};
use crate::{Exam, Version};
use dicom::made::Note;
use dicom::sr::code::Code;
use dicom::sr::item::references_by_series;
use dicom::{DataSet, Tag, Vr, tags};
use serde::{Deserialize, Serialize};

/// Segmentation Storage.
pub const SOP_CLASS: &str = "1.2.840.10008.5.1.4.1.1.66.4";
/// Out of the way of the device's own series.
const SERIES_NUMBER: &str = "9502";

const TISSUE: Code = Code::known("85756007", "SCT", "Tissue");
const SEGMENTING: Code = Code::known("113076", "DCM", "Segmentation");
const SOURCE: Code = Code::known("121322", "DCM", "Source Image for Image Processing Operation");

/// What the note keeps beside the pixels.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    author: String,
    label: String,
    segments: Vec<Segment>,
    /// For each frame, in their order.
    masks: Vec<Key>,
    /// For each frame's image.
    places: Vec<(String, Option<u32>, Place)>,
}

/// Makes the object that keeps this version. One without any mask gets one empty frame.
#[must_use]
pub fn document(work: &Segmentation, exam: &Exam, version: &Version) -> DataSet {
    let mut set = exam.object(version, SOP_CLASS, "SEG", &work.label);
    image(&mut set, work);
    set.put_text(tags::SERIES_NUMBER, SERIES_NUMBER);
    set.put_text(tags::CONTENT_LABEL, "SEGMENTATION");
    set.put_text(tags::CONTENT_DESCRIPTION, &work.label);
    set.put_text(tags::CONTENT_CREATOR_NAME, &work.author);
    set.put_items(tags::SEGMENT_SEQUENCE, work.segments.iter().map(|one| segment(one, version)).collect());
    references(&mut set, work);
    groups(&mut set, work, version);
    pixels(&mut set, work);
    note(&mut set, work, version);
    set
}

fn image(set: &mut DataSet, work: &Segmentation) {
    set.put_text(tags::IMAGE_TYPE, "DERIVED\\PRIMARY");
    set.put_text(tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME2");
    set.put_text(tags::LOSSY_IMAGE_COMPRESSION, "00");
    set.put_text(tags::SEGMENTATION_TYPE, "BINARY");
    for (tag, number) in [
        (tags::SAMPLES_PER_PIXEL, 1),
        (tags::ROWS, work.rows),
        (tags::COLUMNS, work.columns),
        (tags::BITS_ALLOCATED, 1),
        (tags::BITS_STORED, 1),
        (tags::HIGH_BIT, 0),
        (tags::PIXEL_REPRESENTATION, 0),
    ] {
        set.put_u16(tag, number);
    }
    set.put_text(tags::NUMBER_OF_FRAMES, &work.masks.len().max(1).to_string());
    let frame_of_reference =
        work.places.values().map(|place| place.frame_of_reference.as_str()).find(|uid| !uid.is_empty());
    if let Some(uid) = frame_of_reference {
        set.put_text(tags::FRAME_OF_REFERENCE_UID, uid);
        set.put_text(tags::POSITION_REFERENCE_INDICATOR, "");
    }
}

fn segment(segment: &Segment, version: &Version) -> DataSet {
    let mut item = DataSet::new();
    let label = if segment.label.is_empty() { "Segment" } else { &segment.label };
    item.put_u16(tags::SEGMENT_NUMBER, segment.number);
    item.put_text(tags::SEGMENT_LABEL, label);
    item.put_text(tags::SEGMENT_ALGORITHM_TYPE, "MANUAL");
    item.put_items(tags::SEGMENTED_PROPERTY_CATEGORY_CODE_SEQUENCE, vec![TISSUE.to_item()]);
    item.put_items(tags::SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE, vec![TISSUE.to_item()]);
    item.put_text(tags::TRACKING_ID, label);
    item.put_text(tags::TRACKING_UID, &format!("{}.{}", version.series, segment.number));
    let lab: Vec<u8> = lab(segment.color).into_iter().flat_map(u16::to_le_bytes).collect();
    item.put_bytes(tags::RECOMMENDED_DISPLAY_CIE_LAB_VALUE, Vr::US, lab);
    item
}

/// sRGB as PCS values of CIELab under D50, in 16 bits (PS3.3 §C.10.7.1.1).
fn lab(color: [u8; 3]) -> [u16; 3] {
    let linear = color.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    let [r, g, b] = linear;
    // sRGB to XYZ, adapted to D50 by Bradford, and divided by its white point.
    let x = (0.436_074_7 * r + 0.385_064_9 * g + 0.143_080_4 * b) / 0.964_22;
    let y = 0.222_504_5 * r + 0.716_878_6 * g + 0.060_616_9 * b;
    let z = (0.013_932_2 * r + 0.097_104_5 * g + 0.714_173_3 * b) / 0.825_21;
    let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let (l, a, b) = (116.0 * f(y) - 16.0, 500.0 * (f(x) - f(y)), 200.0 * (f(y) - f(z)));
    let scaled = |value: f64| value.round().clamp(0.0, 65535.0) as u16;
    [scaled(l * 65535.0 / 100.0), scaled((a + 128.0) * 257.0), scaled((b + 128.0) * 257.0)]
}

/// The images it was made of (PS3.3 §C.12.2).
fn references(set: &mut DataSet, work: &Segmentation) {
    let mut images: Vec<_> = work
        .places
        .iter()
        .map(|((sop, _), place)| (place.series.as_str(), place.sop_class.as_str(), sop.as_str()))
        .collect();
    images.dedup();
    let study = set.uid(tags::STUDY_INSTANCE_UID).unwrap_or_default();
    let by_series = references_by_series(tags::CURRENT_REQUESTED_PROCEDURE_EVIDENCE_SEQUENCE, &study, images);
    let Some((_, exams)) = by_series else { return };
    // The same tree without the exam, and with another name for its leaves.
    let series = exams.iter().flat_map(|exam| exam.items(tags::REFERENCED_SERIES_SEQUENCE)).map(|one| {
        let mut item = DataSet::new();
        item.put_text(tags::SERIES_INSTANCE_UID, &one.uid(tags::SERIES_INSTANCE_UID).unwrap_or_default());
        item.put_items(tags::REFERENCED_INSTANCE_SEQUENCE, one.items(tags::REFERENCED_SOP_SEQUENCE).to_vec());
        item
    });
    set.put_items(tags::REFERENCED_SERIES_SEQUENCE, series.collect());
}

/// Groups of attributes for all frames, and for each (PS3.3 §C.7.6.16), with the dimensions (§C.7.6.17).
fn groups(set: &mut DataSet, work: &Segmentation, version: &Version) {
    let organization = format!("{}.0", version.series);
    let mut named = DataSet::new();
    named.put_text(tags::DIMENSION_ORGANIZATION_UID, &organization);
    set.put_items(tags::DIMENSION_ORGANIZATION_SEQUENCE, vec![named]);
    let in_space = !work.places.is_empty() && work.places.values().all(Place::is_in_space);
    let by_segment = (tags::REFERENCED_SEGMENT_NUMBER, tags::SEGMENT_IDENTIFICATION_SEQUENCE);
    let by_place = (tags::IMAGE_POSITION_PATIENT, tags::PLANE_POSITION_SEQUENCE);
    let pointers = [Some(by_segment), in_space.then_some(by_place)].into_iter().flatten();
    set.put_items(tags::DIMENSION_INDEX_SEQUENCE, pointers.map(|by| index(by, &organization)).collect());
    let shared = work.places.values().next().map(shared).unwrap_or_default();
    set.put_items(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![shared]);
    let images: Vec<_> = work.places.keys().collect();
    let frames = work.masks.keys().map(|key| {
        let image = (key.sop.clone(), key.frame);
        let at = images.iter().position(|one| **one == image).unwrap_or(0) + 1;
        frame(key, work.places.get(&image), in_space.then_some(at))
    });
    let mut frames: Vec<DataSet> = frames.collect();
    if frames.is_empty() {
        let number = work.segments.first().map_or(1, |segment| segment.number);
        frames.push(frame(&Key { segment: number, sop: String::new(), frame: None }, None, None));
    }
    set.put_items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frames);
}

fn index((attribute, group): (Tag, Tag), organization: &str) -> DataSet {
    let pointer = |tag: Tag| [tag.group().to_le_bytes(), tag.element().to_le_bytes()].concat();
    let mut item = DataSet::new();
    item.put_text(tags::DIMENSION_ORGANIZATION_UID, organization);
    item.put_bytes(tags::DIMENSION_INDEX_POINTER, Vr::AT, pointer(attribute));
    item.put_bytes(tags::FUNCTIONAL_GROUP_POINTER, Vr::AT, pointer(group));
    item
}

fn shared(place: &Place) -> DataSet {
    let mut set = DataSet::new();
    if place.is_in_space() {
        let mut measures = DataSet::new();
        measures.put_text(tags::PIXEL_SPACING, &place.spacing);
        // Type 1C: where the header says nothing, a slice is as thick as its pixels are wide.
        let thin = || place.spacing.split('\\').next().unwrap_or("1").to_owned();
        let thickness = Some(place.thickness.clone()).filter(|text| !text.is_empty()).unwrap_or_else(thin);
        measures.put_text(tags::SLICE_THICKNESS, &thickness);
        set.put_items(tags::PIXEL_MEASURES_SEQUENCE, vec![measures]);
        let mut orientation = DataSet::new();
        orientation.put_text(tags::IMAGE_ORIENTATION_PATIENT, &place.orientation);
        set.put_items(tags::PLANE_ORIENTATION_SEQUENCE, vec![orientation]);
    }
    set
}

fn frame(key: &Key, place: Option<&Place>, at: Option<usize>) -> DataSet {
    let mut set = DataSet::new();
    let mut identified = DataSet::new();
    identified.put_u16(tags::REFERENCED_SEGMENT_NUMBER, key.segment);
    set.put_items(tags::SEGMENT_IDENTIFICATION_SEQUENCE, vec![identified]);
    let mut content = DataSet::new();
    let place_index = at.and_then(|at| u32::try_from(at).ok());
    let index = [Some(u32::from(key.segment)), place_index].into_iter().flatten();
    content.put_bytes(
        tags::DIMENSION_INDEX_VALUES,
        Vr::UL,
        index.flat_map(u32::to_le_bytes).collect::<Vec<u8>>(),
    );
    set.put_items(tags::FRAME_CONTENT_SEQUENCE, vec![content]);
    let Some(place) = place else { return set };
    if at.is_some() {
        let mut position = DataSet::new();
        position.put_text(tags::IMAGE_POSITION_PATIENT, &place.position);
        set.put_items(tags::PLANE_POSITION_SEQUENCE, vec![position]);
    }
    set.put_items(tags::DERIVATION_IMAGE_SEQUENCE, vec![derived(key, place)]);
    set
}

fn derived(key: &Key, place: &Place) -> DataSet {
    let mut source = DataSet::new();
    source.put_text(tags::REFERENCED_SOP_CLASS_UID, &place.sop_class);
    source.put_text(tags::REFERENCED_SOP_INSTANCE_UID, &key.sop);
    if let Some(frame) = key.frame {
        source.put_text(tags::REFERENCED_FRAME_NUMBER, &frame.to_string());
    }
    source.put_items(tags::PURPOSE_OF_REFERENCE_CODE_SEQUENCE, vec![SOURCE.to_item()]);
    source.put_text(tags::SPATIAL_LOCATIONS_PRESERVED, "YES");
    let mut item = DataSet::new();
    item.put_items(tags::SOURCE_IMAGE_SEQUENCE, vec![source]);
    item.put_items(tags::DERIVATION_CODE_SEQUENCE, vec![SEGMENTING.to_item()]);
    item
}

fn pixels(set: &mut DataSet, work: &Segmentation) {
    let count = usize::from(work.rows) * usize::from(work.columns);
    let (mut all, mut used) = (Vec::new(), 0);
    for mask in work.masks.values() {
        bits::append(&mut all, &mut used, mask, count);
    }
    if all.is_empty() {
        all = vec![0; bits::bytes(work.rows, work.columns)];
    }
    if all.len() % 2 == 1 {
        all.push(0);
    }
    set.put_bytes(tags::PIXEL_DATA, Vr::OB, all);
}

fn note(set: &mut DataSet, work: &Segmentation, version: &Version) {
    let places = work.places.iter().map(|((sop, frame), place)| (sop.clone(), *frame, place.clone()));
    let kept = Kept {
        author: work.author.clone(),
        label: work.label.clone(),
        segments: work.segments.clone(),
        masks: work.masks.keys().cloned().collect(),
        places: places.collect(),
    };
    let note = Note {
        kind: SEGMENTATION.into(),
        number: version.number,
        replaces: version.replaces.clone(),
        changed: version.changed.clone(),
        work: kept,
    };
    note.put(set);
}

/// What an object of ours is called and whose it is, from its header alone.
#[must_use]
pub fn label_of(header: &DataSet) -> Option<(String, Vec<Segment>)> {
    let note = Note::<Kept>::of(header)?;
    (note.kind == SEGMENTATION).then_some((note.work.label, note.work.segments))
}

/// The work an object of ours keeps; nothing of an object that is not one, or not whole.
#[must_use]
pub fn read(object: &DataSet) -> Option<Segmentation> {
    let note = Note::<Kept>::of(object)?;
    if note.kind != SEGMENTATION {
        return None;
    }
    let side = |tag| object.int(tag).and_then(|side| u16::try_from(side).ok());
    let (rows, columns) = (side(tags::ROWS)?, side(tags::COLUMNS)?);
    let count = usize::from(rows) * usize::from(columns);
    let pixels = object.get(tags::PIXEL_DATA)?.value.bytes()?;
    let masks = note.work.masks.into_iter().enumerate();
    let masks = masks.map(|(at, key)| Some((key, bits::frame(pixels, at * count, count)?)));
    Some(Segmentation {
        author: note.work.author,
        label: note.work.label,
        segments: note.work.segments,
        rows,
        columns,
        masks: masks.collect::<Option<_>>()?,
        places: note.work.places.into_iter().map(|(sop, frame, place)| ((sop, frame), place)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Timestamp;

    fn made() -> (Segmentation, DataSet) {
        let place = |z: &str| Place {
            series: "1.2".into(),
            sop_class: "1.2.840.10008.5.1.4.1.1.2".into(),
            size: (3, 3),
            frame_of_reference: "1.9".into(),
            position: format!("0\\0\\{z}"),
            orientation: "1\\0\\0\\0\\1\\0".into(),
            spacing: "0.5\\0.5".into(),
            thickness: "2".into(),
        };
        let key = |segment, sop: &str| Key { segment, sop: sop.into(), frame: None };
        let segment = |number, label: &str| Segment { number, label: label.into(), color: [255, 0, 0] };
        let work = Segmentation {
            author: "ann".into(),
            label: "Organs".into(),
            segments: vec![segment(1, "Liver"), segment(2, "Spleen")],
            rows: 3,
            columns: 3,
            masks: [(key(1, "1.3"), vec![0xff, 1]), (key(1, "1.4"), vec![0, 1]), (key(2, "1.3"), vec![9, 0])]
                .into(),
            places: [(("1.3".into(), None), place("0")), (("1.4".into(), None), place("2"))].into(),
        };
        let version = Version {
            series: "2.25.7".into(),
            sop: "2.25.8".into(),
            number: 1,
            replaces: None,
            changed: vec!["2.25.7".into()],
            at: Timestamp::from_micros(0),
        };
        let document = document(&work, &Exam::default(), &version);
        (work, document)
    }

    #[test]
    fn what_was_marked_comes_back_exactly() {
        let (work, document) = made();
        assert_eq!(read(&document), Some(work));
    }

    #[test]
    fn frames_say_their_segment_their_place_and_their_source() {
        let (_, document) = made();
        assert_eq!(document.text(tags::NUMBER_OF_FRAMES).as_deref(), Some("3"));
        let frames = document.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
        let segment = |at: usize| {
            frames[at].items(tags::SEGMENT_IDENTIFICATION_SEQUENCE)[0].int(tags::REFERENCED_SEGMENT_NUMBER)
        };
        assert_eq!((segment(0), segment(1), segment(2)), (Some(1), Some(1), Some(2)));
        let position = frames[1].items(tags::PLANE_POSITION_SEQUENCE)[0].floats(tags::IMAGE_POSITION_PATIENT);
        assert_eq!(position, [0.0, 0.0, 2.0]);
        let source =
            &frames[1].items(tags::DERIVATION_IMAGE_SEQUENCE)[0].items(tags::SOURCE_IMAGE_SEQUENCE)[0];
        assert_eq!(source.uid(tags::REFERENCED_SOP_INSTANCE_UID).as_deref(), Some("1.4"));
        // 27 bits without gaps, and a byte to be even.
        let pixels = document.get(tags::PIXEL_DATA).and_then(|element| element.value.bytes());
        assert!(pixels.is_some_and(|bytes| bytes.len() == 4));
    }

    #[test]
    fn a_note_that_promises_more_frames_than_there_are_is_not_believed() {
        let (_, mut document) = made();
        document.put_bytes(tags::PIXEL_DATA, Vr::OB, vec![0, 0]);
        assert_eq!(read(&document), None);
    }

    #[test]
    fn red_is_red_in_cielab() {
        assert_eq!(lab([255, 255, 255]), [65535, 32896, 32896]);
        assert_eq!(lab([0, 0, 0]), [0, 32896, 32896]);
        let [l, a, _] = lab([255, 0, 0]);
        assert_eq!((l / 655, a / 257), (54, 208));
    }
}
