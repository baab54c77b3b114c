//! What the demo hospital promises, on one exam of each kind.
#![allow(clippy::unwrap_used, missing_docs)]

extern crate isocenter_demo as demo;

use bytes::Bytes;
use demo::patients::Kind;
use demo::{DemoFile, Exam};
use dicom::{DataSet, ReadOptions, Tag, open_file, read_data_set, tags};
use std::collections::{BTreeMap, BTreeSet};

fn files(exam: &Exam) -> Vec<DemoFile> {
    let mut all = Vec::new();
    exam.each_series(|files| all.extend(files));
    all
}

fn read(file: &DemoFile) -> DataSet {
    let bytes = Bytes::from(file.bytes.clone());
    let part10 = open_file(&bytes).unwrap();
    let data_set = bytes.slice(part10.data_set_at as usize..);
    read_data_set(&data_set, &part10.transfer_syntax, &ReadOptions::default()).unwrap()
}

fn first(wanted: impl Fn(&Kind) -> bool) -> Exam {
    demo::exams().into_iter().find(|exam| wanted(&exam.visit.kind)).unwrap()
}

fn one_of_each() -> Vec<Exam> {
    vec![
        first(|kind| matches!(kind, Kind::ChestCr { .. })),
        first(|kind| matches!(kind, Kind::HeadCt)),
        first(|kind| matches!(kind, Kind::HeadMr { .. })),
        first(|kind| matches!(kind, Kind::Echo { .. })),
        first(|kind| matches!(kind, Kind::PetCt { .. })),
    ]
}

/// Type 1 and 2 attributes of the IODs (PS3.3 §A.2 to §A.21) beyond the UIDs.
fn demanded(modality: &str) -> Vec<Tag> {
    let mut tags = vec![
        tags::PATIENT_NAME,
        tags::PATIENT_ID,
        tags::PATIENT_BIRTH_DATE,
        tags::PATIENT_SEX,
        tags::STUDY_DATE,
        tags::STUDY_TIME,
        tags::REFERRING_PHYSICIAN_NAME,
        tags::STUDY_ID,
        tags::ACCESSION_NUMBER,
        tags::SERIES_NUMBER,
        tags::MANUFACTURER,
        tags::INSTANCE_NUMBER,
        tags::IMAGE_TYPE,
        tags::ROWS,
        tags::COLUMNS,
        tags::BITS_STORED,
        tags::PHOTOMETRIC_INTERPRETATION,
        tags::PIXEL_DATA,
    ];
    let plane = [
        tags::FRAME_OF_REFERENCE_UID,
        tags::POSITION_REFERENCE_INDICATOR,
        tags::PIXEL_SPACING,
        tags::SLICE_THICKNESS,
        tags::IMAGE_ORIENTATION_PATIENT,
        tags::IMAGE_POSITION_PATIENT,
        tags::PATIENT_POSITION,
    ];
    if matches!(modality, "CT" | "MR" | "PT") {
        tags.extend(plane);
    }
    tags.extend(match modality {
        "CT" => &[tags::KVP, tags::ACQUISITION_NUMBER, tags::RESCALE_INTERCEPT, tags::RESCALE_SLOPE][..],
        "MR" => &[
            tags::SCANNING_SEQUENCE,
            tags::SEQUENCE_VARIANT,
            tags::SCAN_OPTIONS,
            tags::MR_ACQUISITION_TYPE,
            tags::ECHO_TIME,
            tags::REPETITION_TIME,
            tags::ECHO_TRAIN_LENGTH,
        ],
        "CR" => &[tags::BODY_PART_EXAMINED, tags::VIEW_POSITION, tags::PATIENT_ORIENTATION],
        "US" => &[
            tags::NUMBER_OF_FRAMES,
            tags::FRAME_TIME,
            tags::FRAME_INCREMENT_POINTER,
            tags::PLANAR_CONFIGURATION,
        ],
        "PT" => &[
            tags::SERIES_DATE,
            tags::SERIES_TIME,
            tags::UNITS,
            tags::COUNTS_SOURCE,
            tags::SERIES_TYPE,
            tags::NUMBER_OF_SLICES,
            tags::CORRECTED_IMAGE,
            tags::DECAY_CORRECTION,
            tags::COLLIMATOR_TYPE,
            tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE,
            tags::PATIENT_ORIENTATION_CODE_SEQUENCE,
            tags::PATIENT_GANTRY_RELATIONSHIP_CODE_SEQUENCE,
            tags::FRAME_REFERENCE_TIME,
            tags::ACTUAL_FRAME_DURATION,
            tags::IMAGE_INDEX,
            tags::RESCALE_SLOPE,
            tags::ACQUISITION_DATE,
            tags::ACQUISITION_TIME,
        ],
        other => panic!("no such modality: {other}"),
    });
    tags
}

#[test]
fn every_image_has_what_its_kind_demands_and_says_that_it_is_synthetic() {
    let mut modalities = BTreeSet::new();
    for exam in one_of_each() {
        for file in files(&exam) {
            let set = read(&file);
            let modality = set.text(tags::MODALITY).unwrap();
            for tag in demanded(&modality) {
                assert!(set.get(tag).is_some(), "{}: {tag}", file.path);
            }
            assert!(set.text(tags::IMAGE_COMMENTS).unwrap().starts_with("SYNTHETIC"));
            modalities.insert(modality);
        }
    }
    assert_eq!(modalities.into_iter().collect::<Vec<_>>(), ["CR", "CT", "MR", "PT", "US"]);
}

#[test]
fn pixels_are_as_many_as_the_header_says_and_not_all_the_same() {
    for exam in one_of_each() {
        for file in files(&exam) {
            let set = read(&file);
            let int = |tag| set.int(tag).unwrap_or(1) as usize;
            let frames =
                int(tags::NUMBER_OF_FRAMES) * int(tags::SAMPLES_PER_PIXEL) * int(tags::BITS_ALLOCATED) / 8;
            let pixels = set.get(tags::PIXEL_DATA).unwrap().value.bytes().unwrap();
            assert_eq!(pixels.len(), int(tags::ROWS) * int(tags::COLUMNS) * frames, "{}", file.path);
            assert!(pixels.iter().collect::<BTreeSet<_>>().len() > 10, "{}", file.path);
        }
    }
}

#[test]
fn slices_of_a_series_are_evenly_apart_in_one_frame_of_reference() {
    let exam = first(|kind| matches!(kind, Kind::PetCt { .. }));
    let mut series = BTreeMap::<String, Vec<f64>>::new();
    let mut frames = BTreeSet::new();
    for file in files(&exam) {
        let set = read(&file);
        frames.insert(set.text(tags::FRAME_OF_REFERENCE_UID).unwrap());
        let position = set.text(tags::IMAGE_POSITION_PATIENT).unwrap();
        let z = position.split('\\').nth(2).unwrap().trim().parse().unwrap();
        series.entry(set.text(tags::SERIES_INSTANCE_UID).unwrap()).or_default().push(z);
    }
    assert_eq!((series.len(), frames.len()), (2, 1));
    for heights in series.values() {
        assert!(heights.windows(2).all(|pair| (pair[1] - pair[0] - 5.0).abs() < 1e-6), "{heights:?}");
    }
}

#[test]
fn the_same_exam_is_the_same_bytes_every_time() {
    let exam = first(|kind| matches!(kind, Kind::Echo { .. }));
    let (once, again) = (files(&exam), files(&exam));
    assert!(once.iter().zip(&again).all(|(a, b)| a.bytes == b.bytes && a.path == b.path));
    let uids: BTreeSet<_> = once.iter().map(|file| read(file).text(tags::SOP_INSTANCE_UID)).collect();
    assert_eq!(uids.len(), once.len());
}
