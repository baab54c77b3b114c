//! Computed radiography of the chest: the same body as in CT, seen from behind (PS3.3 §A.2).

use super::{Series, ct};
use crate::body::{Body, Chest, slice};
use crate::exam::Exam;
use crate::header::{About, common, grey, numbers, put};
use crate::noise::{blur, normal};
use dicom::{DataSet, tags, uids};
use rayon::prelude::*;

/// Pixels of the picture across, and their distance in mm.
const COLUMNS: usize = 880;
const ROWS: usize = 820;
const SPACING: f32 = 0.43;
/// Rays are cast on a grid twice as coarse and interpolated.
const COARSE: usize = 2;
/// Step along a ray, mm.
const STEP: f32 = 2.0;

pub(super) fn chest(exam: &Exam, body: Chest) -> Vec<Series<'_>> {
    let about = About {
        number: 1,
        modality: "CR",
        description: "Chest PA",
        body_part: "CHEST",
        after: 1,
        sop_class: uids::COMPUTED_RADIOGRAPHY_IMAGE_STORAGE,
        model: "Phantom CR 35",
    };
    vec![Series::new(about, move |about| vec![instance(exam, about, &body)])]
}

fn instance(exam: &Exam, about: &About, body: &dyn Body) -> DataSet {
    let mut set = common(exam, about, 1);
    let spacing = numbers(&[SPACING.into(), SPACING.into()]);
    put(
        &mut set,
        &[
            (tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY"),
            (tags::ACQUISITION_NUMBER, "1"),
            (tags::VIEW_POSITION, "PA"),
            (tags::LATERALITY, ""),
            // Shown as if the patient faced the reader.
            (tags::PATIENT_ORIENTATION, "L\\F"),
            (tags::KVP, "125"),
            (tags::EXPOSURE, "2"),
            (tags::DISTANCE_SOURCE_TO_DETECTOR, "1800"),
            (tags::IMAGER_PIXEL_SPACING, &spacing),
            (tags::PLATE_TYPE, "PHOSPHOR"),
            (tags::CASSETTE_SIZE, "35CMX43CM"),
            (tags::RESCALE_INTERCEPT, "0"),
            (tags::RESCALE_SLOPE, "1"),
            (tags::RESCALE_TYPE, "US"),
            (tags::WINDOW_CENTER, "2000"),
            (tags::WINDOW_WIDTH, "3600"),
        ],
    );
    grey(&mut set, COLUMNS, 12, false, &pixels(body, exam.seed()));
    set
}

/// Log of what got through, 12 bits; what stops more is brighter.
fn pixels(body: &dyn Body, seed: u64) -> Vec<i32> {
    let (columns, rows) = (COLUMNS / COARSE, ROWS / COARSE);
    let shadows: Vec<Vec<f32>> =
        (0..rows).into_par_iter().map(|row| line(body, row, rows, columns)).collect();
    let coarse: Vec<f32> = shadows.concat();
    let mut picture = enlarge(&coarse, columns, rows);
    blur(&mut picture, COLUMNS, 0.9);
    enhance(&mut picture);
    let value = |(at, shadow): (usize, &f32)| {
        let grain = 14.0 * normal(seed, at as u64);
        ((shadow * 1010.0 - 620.0 + grain).round() as i32).clamp(0, 4095)
    };
    picture.iter().enumerate().map(value).collect()
}

/// What one row of rays meets on its way from back to front: the sum of attenuation.
fn line(body: &dyn Body, row: usize, rows: usize, columns: usize) -> Vec<f32> {
    let spacing = SPACING * COARSE as f32;
    let z = (rows as f32 / 2.0 - row as f32) * spacing + 8.0;
    let depth = (270.0 / STEP) as usize;
    // A slice of pixels that are `spacing` wide and deep; the step along the ray is the same.
    let deep = (depth as f32 * STEP / spacing) as usize;
    let tissues = slice(body, z, columns, deep, spacing);
    let mut shadow = vec![0.0; columns];
    for (at, tissue) in tissues.iter().enumerate() {
        let water = (ct::hounsfield(*tissue, false) + 1000.0) / 1000.0;
        // 0.17/cm of water at the mean energy; bone stops more at low energies.
        let hard = if water > 1.15 { 1.0 + 0.2 * (water - 1.0) } else { 1.0 };
        shadow[at % columns] += water * hard * 0.017 * spacing;
    }
    shadow
}

fn enlarge(coarse: &[f32], columns: usize, rows: usize) -> Vec<f32> {
    let at = |column: usize, row: usize| coarse[row.min(rows - 1) * columns + column.min(columns - 1)];
    let pixel = |number: usize| {
        let (x, y) = (number % COLUMNS, number / COLUMNS);
        let (column, row) = (x / COARSE, y / COARSE);
        let (right, down) = ((x % COARSE) as f32 / COARSE as f32, (y % COARSE) as f32 / COARSE as f32);
        let upper = at(column, row) * (1.0 - right) + at(column + 1, row) * right;
        let lower = at(column, row + 1) * (1.0 - right) + at(column + 1, row + 1) * right;
        upper * (1.0 - down) + lower * down
    };
    (0..COLUMNS * ROWS).map(pixel).collect()
}

/// Evens large differences out and keeps the small ones, as the processing of radiographs does.
fn enhance(picture: &mut [f32]) {
    let mut broad = picture.to_vec();
    blur(&mut broad, COLUMNS, 26.0);
    let mut fine = picture.to_vec();
    blur(&mut fine, COLUMNS, 3.0);
    for ((pixel, broad), fine) in picture.iter_mut().zip(&broad).zip(&fine) {
        *pixel = 0.62 * broad + 1.25 * (fine - broad) + 1.9 * (*pixel - fine);
    }
}
