//! Magnetic resonance of the brain: T1, T2 and FLAIR (PS3.3 §A.4).

use super::{Series, heights};
use crate::body::{Body, Head, Tissue, slice};
use crate::exam::Exam;
use crate::header::{About, Plane, common, grey, numbers, put};
use crate::noise::{blur, normal};
use dicom::{DataSet, tags, uids};
use rayon::prelude::*;
use std::sync::Arc;

/// A weighting and what it takes.
#[derive(Clone, Copy)]
struct Sequence {
    description: &'static str,
    kind: &'static str,
    variant: &'static str,
    options: &'static str,
    name: &'static str,
    /// ms.
    repetition: f64,
    /// ms.
    echo: f64,
    /// ms; 0 where nothing is inverted.
    inversion: f64,
    train: u16,
    window: (f64, f64),
    signal: fn(Tissue) -> f32,
}

const COLUMNS: usize = 256;
const SPACING: f32 = 0.9;
const THICKNESS: f32 = 5.5;

const SEQUENCES: [Sequence; 3] = [
    Sequence {
        description: "T1 axial",
        kind: "SE",
        variant: "SK\\SP",
        options: "",
        name: "*se2d1",
        repetition: 500.0,
        echo: 8.4,
        inversion: 0.0,
        train: 1,
        window: (520.0, 1040.0),
        signal: t1,
    },
    Sequence {
        description: "T2 axial",
        kind: "SE",
        variant: "SK\\SP",
        options: "PFP",
        name: "*tse2d1_15",
        repetition: 4500.0,
        echo: 98.0,
        inversion: 0.0,
        train: 15,
        window: (600.0, 1250.0),
        signal: t2,
    },
    Sequence {
        description: "FLAIR axial",
        kind: "SE\\IR",
        variant: "SK\\SP\\MP",
        options: "PFP",
        name: "*tir2d1_16",
        repetition: 9000.0,
        echo: 92.0,
        inversion: 2500.0,
        train: 16,
        window: (430.0, 900.0),
        signal: flair,
    },
];

pub(super) fn head(exam: &Exam, body: Head) -> Vec<Series<'_>> {
    let body = Arc::new(body);
    let numbered = SEQUENCES.into_iter().zip(2..);
    let series = numbered.map(|(sequence, number)| {
        let about = About {
            number,
            modality: "MR",
            description: sequence.description,
            body_part: "BRAIN",
            after: 2 + 5 * (number - 2),
            sop_class: uids::MR_IMAGE_STORAGE,
            model: "Phantom MR 3T",
        };
        let body = Arc::clone(&body);
        Series::new(about, move |about| take(exam, about, &*body, &sequence))
    });
    series.collect()
}

fn take(exam: &Exam, about: &About, body: &dyn Body, sequence: &Sequence) -> Vec<DataSet> {
    let heights: Vec<_> = heights(22, THICKNESS, 18.0).collect();
    heights.into_par_iter().map(|(number, z)| instance(exam, about, body, sequence, number, z)).collect()
}

fn instance(
    exam: &Exam,
    about: &About,
    body: &dyn Body,
    sequence: &Sequence,
    number: u32,
    z: f32,
) -> DataSet {
    let mut set = common(exam, about, number);
    Plane { columns: COLUMNS, rows: COLUMNS, spacing: SPACING, z, thickness: THICKNESS }.put(&mut set, exam);
    technique(&mut set, sequence, exam.patient.weight);
    let seed = exam.seed() ^ u64::from(number) << 32 ^ u64::from(about.number) << 48;
    grey(&mut set, COLUMNS, 12, false, &pixels(body, sequence, z, seed));
    set
}

fn technique(set: &mut DataSet, sequence: &Sequence, weight: f64) {
    let inverted = (sequence.inversion > 0.0).then(|| numbers(&[sequence.inversion]));
    put(
        set,
        &[
            (tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\M\\ND\\NORM"),
            (tags::ACQUISITION_NUMBER, "1"),
            (tags::SCANNING_SEQUENCE, sequence.kind),
            (tags::SEQUENCE_VARIANT, sequence.variant),
            (tags::SCAN_OPTIONS, sequence.options),
            (tags::MR_ACQUISITION_TYPE, "2D"),
            (tags::SEQUENCE_NAME, sequence.name),
            (tags::REPETITION_TIME, &numbers(&[sequence.repetition])),
            (tags::ECHO_TIME, &numbers(&[sequence.echo])),
            (tags::ECHO_TRAIN_LENGTH, &sequence.train.to_string()),
            (tags::ECHO_NUMBERS, "1"),
            (tags::NUMBER_OF_AVERAGES, "1"),
            (tags::MAGNETIC_FIELD_STRENGTH, "3"),
            (tags::IMAGING_FREQUENCY, "123.23"),
            (tags::IMAGED_NUCLEUS, "1H"),
            (tags::FLIP_ANGLE, if sequence.train > 1 { "150" } else { "90" }),
            (tags::PIXEL_BANDWIDTH, "220"),
            (tags::PERCENT_SAMPLING, "100"),
            (tags::PERCENT_PHASE_FIELD_OF_VIEW, "100"),
            (tags::IN_PLANE_PHASE_ENCODING_DIRECTION, "ROW"),
            (tags::RECEIVE_COIL_NAME, "HEAD_32"),
            (tags::SAR, &numbers(&[(0.2 * weight / 70.0 * 100.0).round() / 100.0])),
            (tags::WINDOW_CENTER, &numbers(&[sequence.window.0])),
            (tags::WINDOW_WIDTH, &numbers(&[sequence.window.1])),
        ],
    );
    if let Some(inversion) = inverted {
        set.put_text(tags::INVERSION_TIME, &inversion);
    }
}

/// Magnitudes: signal, shaded by the coil, with Rician noise.
fn pixels(body: &dyn Body, sequence: &Sequence, z: f32, seed: u64) -> Vec<i32> {
    let mut picture = vec![0.0; COLUMNS * COLUMNS];
    for plane in [z - 1.2, z + 1.2] {
        let tissues = slice(body, plane, COLUMNS, COLUMNS, SPACING);
        picture
            .iter_mut()
            .zip(&tissues)
            .for_each(|(pixel, tissue)| *pixel += (sequence.signal)(*tissue) / 2.0);
    }
    blur(&mut picture, COLUMNS, 0.62);
    let half = COLUMNS as f32 / 2.0;
    let values = picture.iter().enumerate().map(|(at, value)| {
        let (x, y) = ((at % COLUMNS) as f32 / half - 1.0, (at / COLUMNS) as f32 / half - 1.0);
        let shading = 1.0 + 0.12 * (x * x + y * y) - 0.05 * y + 0.04 * x;
        let (real, imaginary) = (normal(seed, at as u64 * 2), normal(seed, at as u64 * 2 + 1));
        let signal = value * shading + 11.0 * real;
        ((signal * signal + (11.0 * imaginary).powi(2)).sqrt().round() as i32).clamp(0, 4095)
    });
    values.collect()
}

const fn t1(tissue: Tissue) -> f32 {
    match tissue {
        Tissue::White => 640.0,
        Tissue::Grey => 470.0,
        Tissue::Lesion => 400.0,
        Tissue::Csf => 170.0,
        Tissue::Fat => 980.0,
        Tissue::Marrow => 620.0,
        Tissue::Muscle | Tissue::Soft => 420.0,
        Tissue::Skin => 380.0,
        Tissue::Cortical | Tissue::Air => 18.0,
        _ => 300.0,
    }
}

const fn t2(tissue: Tissue) -> f32 {
    match tissue {
        Tissue::White => 390.0,
        Tissue::Grey => 560.0,
        Tissue::Lesion => 900.0,
        Tissue::Csf => 1180.0,
        Tissue::Fat => 640.0,
        Tissue::Marrow => 430.0,
        Tissue::Muscle | Tissue::Soft => 240.0,
        Tissue::Skin => 260.0,
        Tissue::Cortical | Tissue::Air => 16.0,
        _ => 300.0,
    }
}

const fn flair(tissue: Tissue) -> f32 {
    match tissue {
        Tissue::White => 370.0,
        Tissue::Grey => 480.0,
        Tissue::Lesion => 820.0,
        Tissue::Csf => 70.0,
        Tissue::Fat => 560.0,
        Tissue::Marrow => 360.0,
        Tissue::Muscle | Tissue::Soft => 230.0,
        Tissue::Skin => 240.0,
        Tissue::Cortical | Tissue::Air => 14.0,
        _ => 260.0,
    }
}
