//! Computed tomography (PS3.3 §A.3).

use super::{Series, heights};
use crate::body::{Body, Chest, Head, Tissue, slice};
use crate::exam::Exam;
use crate::header::{About, Plane, common, grey, numbers, put};
use crate::noise::{blur, normal};
use dicom::{DataSet, tags, uids};
use rayon::prelude::*;

/// How a region is scanned.
pub(super) struct Scan {
    pub slices: usize,
    /// Between slices and of each, mm.
    pub thickness: f32,
    /// Height of the middle slice, mm.
    pub middle: f32,
    pub columns: usize,
    /// Width of the picture, mm.
    pub field: f32,
    /// Noise, HU.
    pub noise: f32,
    /// mA.
    pub current: u16,
    pub contrast: bool,
    /// Centre and width pairs, HU.
    pub windows: &'static [(f64, f64, &'static str)],
    pub kernel: &'static str,
}

pub(super) fn chest(exam: &Exam, body: Chest, contrast: bool) -> Vec<Series<'_>> {
    let scan = Scan {
        slices: 46,
        thickness: 6.0,
        middle: 5.0,
        columns: 512,
        field: 400.0,
        noise: 15.0,
        current: 180,
        contrast,
        windows: &[(40.0, 400.0, "MEDIASTINUM"), (-600.0, 1500.0, "LUNG"), (400.0, 1800.0, "BONE")],
        kernel: "B40f",
    };
    vec![Series::new(about(2, "Chest 6 mm", "CHEST"), move |about| take(exam, about, &body, &scan))]
}

/// A tenth of the pixels of a whole scan.
pub(super) fn survey(exam: &Exam, body: Chest) -> Vec<Series<'_>> {
    let scan = Scan {
        slices: 24,
        thickness: 10.0,
        middle: 3.0,
        columns: 256,
        field: 400.0,
        noise: 12.0,
        current: 120,
        contrast: true,
        windows: &[(40.0, 400.0, "MEDIASTINUM"), (-600.0, 1500.0, "LUNG")],
        kernel: "B40f",
    };
    vec![Series::new(about(2, "Chest 10 mm", "CHEST"), move |about| take(exam, about, &body, &scan))]
}

pub(super) fn head(exam: &Exam, body: Head) -> Vec<Series<'_>> {
    let scan = Scan {
        slices: 26,
        thickness: 5.0,
        middle: 20.0,
        columns: 512,
        field: 230.0,
        noise: 2.6,
        current: 300,
        contrast: false,
        windows: &[(40.0, 80.0, "BRAIN"), (60.0, 200.0, "SUBDURAL"), (500.0, 2000.0, "BONE")],
        kernel: "H31s",
    };
    vec![Series::new(about(2, "Head 5 mm", "HEAD"), move |about| take(exam, about, &body, &scan))]
}

/// The low-dose scan that goes with a PET.
pub(super) fn for_pet(exam: &Exam, body: Chest) -> Series<'_> {
    let scan = Scan {
        slices: 60,
        thickness: 5.0,
        middle: 0.0,
        columns: 256,
        field: 500.0,
        noise: 26.0,
        current: 60,
        contrast: false,
        windows: &[(40.0, 400.0, "MEDIASTINUM"), (-600.0, 1500.0, "LUNG")],
        kernel: "B30f",
    };
    Series::new(about(2, "CT for attenuation correction", "CHEST"), move |about| {
        take(exam, about, &body, &scan)
    })
}

const fn about(number: u16, description: &'static str, body_part: &'static str) -> About {
    About {
        number,
        modality: "CT",
        description,
        body_part,
        after: 4,
        sop_class: uids::CT_IMAGE_STORAGE,
        model: "Phantom CT 64",
    }
}

fn take(exam: &Exam, about: &About, body: &dyn Body, scan: &Scan) -> Vec<DataSet> {
    let heights: Vec<_> = heights(scan.slices, scan.thickness, scan.middle).collect();
    heights.into_par_iter().map(|(number, z)| instance(exam, about, body, scan, number, z)).collect()
}

fn instance(exam: &Exam, about: &About, body: &dyn Body, scan: &Scan, number: u32, z: f32) -> DataSet {
    let spacing = scan.field / scan.columns as f32;
    let plane = Plane { columns: scan.columns, rows: scan.columns, spacing, z, thickness: scan.thickness };
    let mut set = common(exam, about, number);
    plane.put(&mut set, exam);
    technique(&mut set, scan);
    let seed = exam.seed() ^ u64::from(number) << 32;
    grey(&mut set, scan.columns, 12, false, &pixels(body, scan, z, spacing, seed));
    set
}

fn technique(set: &mut DataSet, scan: &Scan) {
    let joined = |part: fn(&(f64, f64, &'static str)) -> f64| {
        numbers(&scan.windows.iter().map(part).collect::<Vec<_>>())
    };
    let names = scan.windows.iter().map(|window| window.2).collect::<Vec<_>>().join("\\");
    put(
        set,
        &[
            (tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\AXIAL"),
            (tags::ACQUISITION_NUMBER, "1"),
            (tags::SCAN_OPTIONS, "HELICAL"),
            (tags::KVP, "120"),
            (tags::X_RAY_TUBE_CURRENT, &scan.current.to_string()),
            (tags::EXPOSURE_TIME, "500"),
            (tags::EXPOSURE, &(scan.current / 2).to_string()),
            (tags::DATA_COLLECTION_DIAMETER, "500"),
            (tags::RECONSTRUCTION_DIAMETER, &numbers(&[scan.field.into()])),
            (tags::GANTRY_DETECTOR_TILT, "0"),
            (tags::ROTATION_DIRECTION, "CW"),
            (tags::FILTER_TYPE, "BODY"),
            (tags::CONVOLUTION_KERNEL, scan.kernel),
            (tags::RESCALE_INTERCEPT, "-1024"),
            (tags::RESCALE_SLOPE, "1"),
            (tags::RESCALE_TYPE, "HU"),
            (tags::WINDOW_CENTER, &joined(|window| window.0)),
            (tags::WINDOW_WIDTH, &joined(|window| window.1)),
            (tags::WINDOW_CENTER_WIDTH_EXPLANATION, &names),
        ],
    );
    if scan.contrast {
        put(
            set,
            &[
                (tags::CONTRAST_BOLUS_AGENT, "Iohexol 350"),
                (tags::CONTRAST_BOLUS_ROUTE, "IV"),
                (tags::CONTRAST_BOLUS_VOLUME, "80"),
            ],
        );
    }
}

/// Stored values: HU + 1024. Two planes within the slice's thickness are averaged, as a detector does.
fn pixels(body: &dyn Body, scan: &Scan, z: f32, spacing: f32, seed: u64) -> Vec<i32> {
    let planes = [z - scan.thickness / 4.0, z + scan.thickness / 4.0];
    let mut picture = vec![0.0; scan.columns * scan.columns];
    for plane in planes {
        let tissues = slice(body, plane, scan.columns, scan.columns, spacing);
        picture
            .iter_mut()
            .zip(&tissues)
            .for_each(|(pixel, tissue)| *pixel += hounsfield(*tissue, scan.contrast) / 2.0);
    }
    blur(&mut picture, scan.columns, 0.62 / spacing);
    let mut grain: Vec<f32> = (0..picture.len()).map(|at| normal(seed, at as u64)).collect();
    blur(&mut grain, scan.columns, 0.9);
    // Blurring white noise with sigma s leaves 1 / (2 s sqrt(pi)) of it.
    let strength = scan.noise * 2.0 * 0.9 * 1.772;
    let half = (scan.columns / 2) as f32;
    let values = picture.iter().zip(&grain).enumerate().map(|(at, (value, grain))| {
        let (x, y) = ((at % scan.columns) as f32 - half, (at / scan.columns) as f32 - half);
        // Outside the circle of reconstruction there is nothing.
        if x * x + y * y > half * half {
            return 0;
        }
        let value = value + grain * strength;
        (value.round() as i32 + 1024).clamp(0, 4095)
    });
    values.collect()
}

/// Attenuation in Hounsfield units.
pub(super) const fn hounsfield(tissue: Tissue, contrast: bool) -> f32 {
    match tissue {
        Tissue::Air => -1000.0,
        Tissue::Couch => -60.0,
        Tissue::Lung => -862.0,
        Tissue::Fat => -102.0,
        Tissue::Skin => 20.0,
        Tissue::Muscle => 56.0,
        Tissue::Soft => 36.0,
        Tissue::Blood => {
            if contrast {
                205.0
            } else {
                43.0
            }
        }
        Tissue::Myocardium => {
            if contrast {
                105.0
            } else {
                47.0
            }
        }
        Tissue::Liver => {
            if contrast {
                98.0
            } else {
                60.0
            }
        }
        Tissue::Spleen => {
            if contrast {
                112.0
            } else {
                50.0
            }
        }
        Tissue::Cortical => 820.0,
        Tissue::Marrow => 230.0,
        Tissue::Cartilage => 92.0,
        Tissue::Nodule => {
            if contrast {
                58.0
            } else {
                32.0
            }
        }
        Tissue::Csf => 8.0,
        Tissue::Grey => 38.0,
        Tissue::White => 29.0,
        Tissue::Lesion => 22.0,
    }
}
