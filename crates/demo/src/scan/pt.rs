//! Positron emission tomography with FDG (PS3.3 §A.21), with its CT.

use super::{Series, ct, heights};
use crate::body::{Body, Chest, Tissue, slice};
use crate::exam::Exam;
use crate::header::{About, Plane, code, common, grey, numbers, put, time};
use crate::noise::{blur, normal};
use dicom::{DataSet, tags, uids};
use rayon::prelude::*;

const COLUMNS: usize = 144;
/// mm.
const SPACING: f32 = 3.5;
const THICKNESS: f32 = 5.0;
const SLICES: usize = 60;
/// Half-life of fluorine-18 in seconds.
const HALF_LIFE: f64 = 6586.2;
/// Injected, Bq.
const DOSE: f64 = 2.9e8;
/// From the injection to the first picture, minutes.
const UPTAKE_MINUTES: u16 = 60;
/// One bed position, ms.
const BED_MS: f64 = 150_000.0;

pub(super) fn chest(exam: &Exam, nodule: f32, uptake: f32) -> Vec<Series<'_>> {
    let about = About {
        number: 3,
        modality: "PT",
        description: "PET attenuation corrected",
        body_part: "CHEST",
        after: 8,
        sop_class: uids::POSITRON_EMISSION_TOMOGRAPHY_IMAGE_STORAGE,
        model: "Phantom PT 40",
    };
    let body = Chest::new(exam.seed(), nodule, 1.0);
    let pet = Series::new(about, move |about| take(exam, about, &body, uptake));
    vec![ct::for_pet(exam, Chest::new(exam.seed(), nodule, 1.0)), pet]
}

fn take(exam: &Exam, about: &About, body: &dyn Body, uptake: f32) -> Vec<DataSet> {
    let heights: Vec<_> = heights(SLICES, THICKNESS, 0.0).collect();
    let slices = heights.par_iter().map(|(_, z)| activity(body, *z, uptake));
    let mut volume: Vec<Vec<f32>> = slices.collect();
    blur_along(&mut volume);
    let made = heights.par_iter().zip(&volume);
    made.map(|((number, z), slice)| instance(exam, about, *number, *z, slice)).collect()
}

/// SUV of a slice, as sharp as a PET sees it: 6.5 mm.
fn activity(body: &dyn Body, z: f32, uptake: f32) -> Vec<f32> {
    let fine = 2;
    let (columns, spacing) = (COLUMNS * fine, SPACING / fine as f32);
    let tissues = slice(body, z, columns, columns, spacing);
    let mut picture: Vec<f32> = tissues.iter().map(|tissue| suv(*tissue, uptake)).collect();
    blur(&mut picture, columns, 6.5 / 2.355 / spacing);
    let mean = |at: usize| {
        let (column, row) = (at % COLUMNS * fine, at / COLUMNS * fine);
        let corner = row * columns + column;
        (picture[corner] + picture[corner + 1] + picture[corner + columns] + picture[corner + columns + 1])
            / 4.0
    };
    (0..COLUMNS * COLUMNS).map(mean).collect()
}

/// Between slices: a quarter, a half, a quarter.
fn blur_along(volume: &mut [Vec<f32>]) {
    let sharp = volume.to_vec();
    for (at, slice) in volume.iter_mut().enumerate() {
        let (below, above) = (&sharp[at.saturating_sub(1)], &sharp[(at + 1).min(sharp.len() - 1)]);
        for (pixel, (below, above)) in slice.iter_mut().zip(below.iter().zip(above)) {
            *pixel = *pixel / 2.0 + (below + above) / 4.0;
        }
    }
}

fn instance(exam: &Exam, about: &About, number: u32, z: f32, suv: &[f32]) -> DataSet {
    let mut set = common(exam, about, number);
    Plane { columns: COLUMNS, rows: COLUMNS, spacing: SPACING, z, thickness: THICKNESS }.put(&mut set, exam);
    let seed = exam.seed() ^ u64::from(number) << 32;
    let factor = becquerels_for_suv(exam.patient.weight);
    let grainy = suv.iter().enumerate().map(|(at, suv)| {
        let grain = 0.09 * suv.max(0.08).sqrt() * normal(seed, at as u64);
        (f64::from(suv + grain) * factor).max(0.0)
    });
    let grainy: Vec<f64> = grainy.collect();
    let slope = (grainy.iter().copied().fold(1.0, f64::max) / 32_767.0 * 1e4).ceil() / 1e4;
    module(&mut set, exam, about, number, slope);
    let stored: Vec<i32> = grainy.iter().map(|value| ((value / slope).round() as i32).min(32_767)).collect();
    grey(&mut set, COLUMNS, 16, true, &stored);
    set
}

/// Bq/mL that an SUV of 1 g/mL is at the time of the first picture.
fn becquerels_for_suv(weight: f64) -> f64 {
    let decayed = DOSE * 0.5_f64.powf(f64::from(UPTAKE_MINUTES) * 60.0 / HALF_LIFE);
    decayed / (weight * 1000.0)
}

fn module(set: &mut DataSet, exam: &Exam, about: &About, number: u32, slope: f64) {
    put(
        set,
        &[
            (tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY"),
            (tags::UNITS, "BQML"),
            (tags::COUNTS_SOURCE, "EMISSION"),
            (tags::SERIES_TYPE, "WHOLE BODY\\IMAGE"),
            (tags::NUMBER_OF_SLICES, &SLICES.to_string()),
            (tags::CORRECTED_IMAGE, "NORM\\DTIM\\ATTN\\SCAT\\DECY\\RAN"),
            (tags::RANDOMS_CORRECTION_METHOD, "DLYD"),
            (tags::ATTENUATION_CORRECTION_METHOD, "CT"),
            (tags::SCATTER_CORRECTION_METHOD, "Model-based"),
            (tags::DECAY_CORRECTION, "START"),
            (tags::RECONSTRUCTION_METHOD, "OSEM 2i21s"),
            (tags::COLLIMATOR_TYPE, "NONE"),
            (tags::FRAME_REFERENCE_TIME, &numbers(&[BED_MS / 2.0])),
            (tags::ACTUAL_FRAME_DURATION, &numbers(&[BED_MS])),
            (tags::DECAY_FACTOR, "1"),
            (tags::IMAGE_INDEX, &number.to_string()),
            (tags::RESCALE_INTERCEPT, "0"),
            (tags::RESCALE_SLOPE, &slope.to_string()),
            (tags::WINDOW_CENTER, &numbers(&[(becquerels_for_suv(exam.patient.weight) * 2.5).round()])),
            (tags::WINDOW_WIDTH, &numbers(&[(becquerels_for_suv(exam.patient.weight) * 5.0).round()])),
        ],
    );
    // Decay is corrected to the beginning of the series, so that is when its pictures are taken.
    let begun = time(exam.visit.minute + about.after, 10);
    set.put_text(tags::ACQUISITION_TIME, &begun);
    let mut tracer = DataSet::new();
    put(
        &mut tracer,
        &[
            (tags::RADIOPHARMACEUTICAL, "Fluorodeoxyglucose"),
            (tags::RADIOPHARMACEUTICAL_ROUTE, "Intravenous route"),
            (
                tags::RADIOPHARMACEUTICAL_START_TIME,
                &time(exam.visit.minute + about.after - UPTAKE_MINUTES, 10),
            ),
            (tags::RADIONUCLIDE_TOTAL_DOSE, &DOSE.to_string()),
            (tags::RADIONUCLIDE_HALF_LIFE, &HALF_LIFE.to_string()),
            (tags::RADIONUCLIDE_POSITRON_FRACTION, "0.967"),
        ],
    );
    tracer.put_items(tags::RADIONUCLIDE_CODE_SEQUENCE, vec![code("C-111A1", "SRT", "^18^Fluorine")]);
    let fdg = code("C-B1031", "SRT", "Fluorodeoxyglucose F^18^");
    tracer.put_items(tags::RADIOPHARMACEUTICAL_CODE_SEQUENCE, vec![fdg]);
    set.put_items(tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE, vec![tracer]);
    let mut recumbent = code("F-10450", "SRT", "recumbent");
    recumbent
        .put_items(tags::PATIENT_ORIENTATION_MODIFIER_CODE_SEQUENCE, vec![code("F-10340", "SRT", "supine")]);
    set.put_items(tags::PATIENT_ORIENTATION_CODE_SEQUENCE, vec![recumbent]);
    let headfirst = code("F-10470", "SRT", "headfirst");
    set.put_items(tags::PATIENT_GANTRY_RELATIONSHIP_CODE_SEQUENCE, vec![headfirst]);
}

/// Standardized uptake value by body weight, g/mL.
const fn suv(tissue: Tissue, nodule: f32) -> f32 {
    match tissue {
        Tissue::Air | Tissue::Couch => 0.0,
        Tissue::Lung => 0.42,
        Tissue::Fat | Tissue::Skin => 0.3,
        Tissue::Muscle => 0.75,
        Tissue::Blood => 1.6,
        Tissue::Myocardium => 4.2,
        Tissue::Liver => 2.4,
        Tissue::Spleen => 2.0,
        Tissue::Marrow => 1.3,
        Tissue::Cortical | Tissue::Cartilage => 0.6,
        Tissue::Nodule => nodule,
        _ => 0.9,
    }
}
