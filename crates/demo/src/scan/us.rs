//! Ultrasound of the heart: a four-chamber cine in grey, and one with colour Doppler (PS3.3 §A.7).

use super::Series;
use crate::exam::Exam;
use crate::header::{About, common, put};
use crate::noise::{bumps, uniform};
use dicom::{DataSet, Vr, tags, uids};
use rayon::prelude::*;

const COLUMNS: usize = 416;
const ROWS: usize = 312;
const FRAMES: usize = 18;
/// Beats a minute.
const RATE: f64 = 62.5;
/// mm for each pixel.
const SPACING: f32 = 0.545;
/// Where the probe touches, in pixels.
const APEX: (f32, f32) = (208.0, 12.0);
/// mm.
const DEPTH: f32 = 155.0;
/// Half the sector's angle, radians.
const HALF_ANGLE: f32 = 0.72;

pub(super) fn heart(exam: &Exam, ejection: f32) -> Vec<Series<'_>> {
    let about = |number, description, after| About {
        number,
        modality: "US",
        description,
        body_part: "HEART",
        after,
        sop_class: uids::ULTRASOUND_MULTI_FRAME_IMAGE_STORAGE,
        model: "Phantom US 5",
    };
    let made = move |flow| move |about: &About| vec![instance(exam, about, ejection, flow)];
    vec![
        Series::new(about(1, "Apical four chamber", 3), made(false)),
        Series::new(about(2, "Apical four chamber colour", 6), made(true)),
    ]
}

fn instance(exam: &Exam, about: &About, ejection: f32, flow: bool) -> DataSet {
    let mut set = common(exam, about, 1);
    let frame_time = 60_000.0 / RATE / FRAMES as f64;
    put(
        &mut set,
        &[
            (tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\TTE"),
            (tags::ACQUISITION_NUMBER, "1"),
            (tags::PATIENT_ORIENTATION, ""),
            (tags::LATERALITY, ""),
            (tags::NUMBER_OF_FRAMES, &FRAMES.to_string()),
            (tags::FRAME_TIME, &frame_time.to_string()),
            (tags::FRAME_INCREMENT_POINTER, "00181063"),
            (tags::CINE_RATE, &(1000.0 / frame_time).round().to_string()),
            (tags::RECOMMENDED_DISPLAY_FRAME_RATE, &(1000.0 / frame_time).round().to_string()),
            (tags::START_TRIM, "1"),
            (tags::STOP_TRIM, &FRAMES.to_string()),
            (tags::HEART_RATE, &RATE.round().to_string()),
            (tags::TRANSDUCER_DATA, "P4-2"),
            (tags::LOSSY_IMAGE_COMPRESSION, "00"),
            (tags::BURNED_IN_ANNOTATION, "NO"),
            (tags::PHOTOMETRIC_INTERPRETATION, "RGB"),
        ],
    );
    for (tag, number) in [
        (tags::SAMPLES_PER_PIXEL, 3),
        (tags::ROWS, ROWS as u16),
        (tags::COLUMNS, COLUMNS as u16),
        (tags::BITS_ALLOCATED, 8),
        (tags::BITS_STORED, 8),
        (tags::HIGH_BIT, 7),
        (tags::PIXEL_REPRESENTATION, 0),
        (tags::PLANAR_CONFIGURATION, 0),
        (tags::ULTRASOUND_COLOR_DATA_PRESENT, u16::from(flow)),
    ] {
        set.put_u16(tag, number);
    }
    set.put_items(tags::SEQUENCE_OF_ULTRASOUND_REGIONS, vec![region(flow)]);
    let heart = Heart { seed: exam.seed(), ejection };
    let frames = (0..FRAMES).into_par_iter().map(|frame| heart.picture(frame, flow));
    set.put_bytes(tags::PIXEL_DATA, Vr::OB, frames.collect::<Vec<_>>().concat());
    set
}

/// Where in the picture a pixel is how many centimetres (PS3.3 §C.8.5.5).
fn region(flow: bool) -> DataSet {
    let mut region = DataSet::new();
    region.put_u16(tags::REGION_SPATIAL_FORMAT, 1);
    region.put_u16(tags::REGION_DATA_TYPE, if flow { 2 } else { 1 });
    for (tag, number) in [
        (tags::REGION_FLAGS, 2),
        (tags::REGION_LOCATION_MIN_X0, 0),
        (tags::REGION_LOCATION_MIN_Y0, 0),
        (tags::REGION_LOCATION_MAX_X1, COLUMNS as u32 - 1),
        (tags::REGION_LOCATION_MAX_Y1, ROWS as u32 - 1),
    ] {
        region.put_u32(tag, number);
    }
    region.put_u16(tags::PHYSICAL_UNITS_X_DIRECTION, 3);
    region.put_u16(tags::PHYSICAL_UNITS_Y_DIRECTION, 3);
    region.put_f64(tags::PHYSICAL_DELTA_X, f64::from(SPACING) / 10.0);
    region.put_f64(tags::PHYSICAL_DELTA_Y, f64::from(SPACING) / 10.0);
    region
}

/// A heart that beats, seen from its apex: x to the right of the picture, y away from the probe, mm.
struct Heart {
    seed: u64,
    ejection: f32,
}

/// What an echo comes from.
#[derive(Clone, Copy, PartialEq)]
enum Echo {
    Blood,
    Muscle,
    Valve,
    Around,
    Pericardium,
}

impl Heart {
    fn picture(&self, frame: usize, flow: bool) -> Vec<u8> {
        let phase = frame as f32 / FRAMES as f32;
        let mut pixels = vec![0; COLUMNS * ROWS * 3];
        for (at, pixel) in pixels.chunks_exact_mut(3).enumerate() {
            let (column, row) = (at % COLUMNS, at / COLUMNS);
            pixel.copy_from_slice(&self.pixel(column, row, phase, frame, flow));
        }
        electrocardiogram(&mut pixels, phase);
        pixels
    }

    fn pixel(&self, column: usize, row: usize, phase: f32, frame: usize, flow: bool) -> [u8; 3] {
        let (x, y) = ((column as f32 - APEX.0) * SPACING, (row as f32 - APEX.1) * SPACING);
        let (depth, angle) = ((x * x + y * y).sqrt(), x.atan2(y.max(0.01)));
        if depth > DEPTH || angle.abs() > HALF_ANGLE || y < 0.0 {
            return depth_mark(column, row);
        }
        let echo = self.echo(x, y, phase);
        if flow
            && echo == Echo::Blood
            && let Some(colour) = self.flow(x, y, phase, frame)
        {
            return colour;
        }
        let grey = (self.speckle(depth, angle, x, y, frame, echo) * 255.0).clamp(0.0, 255.0) as u8;
        [grey, grey, (f32::from(grey) * 1.04).min(255.0) as u8]
    }

    /// How far contracted, 0 to 1: quickly together, slowly apart, with the atrium's kick.
    fn contracted(phase: f32) -> f32 {
        let systole = (phase / 0.36).min(1.0);
        let diastole = ((phase - 0.4) / 0.3).clamp(0.0, 1.0);
        let smooth = |part: f32| part * part * (3.0 - 2.0 * part);
        (smooth(systole) - smooth(diastole)).max(0.0)
    }

    fn echo(&self, x: f32, y: f32, phase: f32) -> Echo {
        let squeeze = Self::contracted(phase);
        // A ventricle's volume goes with the cube of its size.
        let size = (1.0 - self.ejection * squeeze).cbrt();
        let larger = 1.0 + 0.35 * (0.6 - self.ejection).max(0.0);
        let ring = 72.0 + 9.0 * (size - 1.0) * -6.0 * self.ejection;
        let oval =
            |cx: f32, cy: f32, rx: f32, ry: f32| (((x - cx) / rx).powi(2) + ((y - cy) / ry).powi(2)).sqrt();
        let (left_width, right_width) = (23.0 * larger * size, 15.0 * (0.4 + 0.6 * size));
        let left = oval(17.0, 54.0, left_width, 34.0 * larger * size);
        let right = oval(-22.0, 58.0, right_width, 28.0 * size);
        let left_atrium = oval(17.0, 108.0, 22.0 * (1.0 + 0.12 * squeeze), 23.0);
        let right_atrium = oval(-21.0, 106.0, 21.0 * (1.0 + 0.1 * squeeze), 23.0);
        if let Some(leaf) = valve(x - 17.0, y - 84.0 + (ring - 72.0) * 0.4, phase, 20.0) {
            return leaf;
        }
        if let Some(leaf) = valve(x + 21.0, y - 82.0, phase, 17.0) {
            return leaf;
        }
        if left < 1.0 || right < 1.0 || left_atrium < 1.0 || right_atrium < 1.0 {
            return Echo::Blood;
        }
        let whole = oval(-1.0, 68.0, 50.0 * larger, 72.0);
        if (0.985..1.045).contains(&whole) {
            return Echo::Pericardium;
        }
        if whole < 1.0 { Echo::Muscle } else { Echo::Around }
    }

    /// Grains that move with the depth, brighter where more comes back.
    fn speckle(&self, depth: f32, angle: f32, x: f32, y: f32, frame: usize, echo: Echo) -> f32 {
        let (brightness, moving) = match echo {
            Echo::Blood => (0.055, true),
            Echo::Muscle => (0.40, false),
            Echo::Valve => (0.85, false),
            Echo::Around => (0.25, false),
            Echo::Pericardium => (0.95, false),
        };
        // Grains are short along the beam and wide across it.
        let (along, across) = ((depth / 0.9) as u64, ((angle + 1.0) * 160.0) as u64);
        let still = if moving { frame as u64 } else { 0 };
        let grain = uniform(self.seed + 11 + still * 977, along * 1009 + across);
        let neighbour = uniform(self.seed + 11 + still * 977, (along + 1) * 1009 + across);
        let flicker = uniform(self.seed + 500 + frame as u64, along * 1009 + across);
        let grains = 0.45 * grain + 0.3 * neighbour + 0.25 * flicker;
        let patches = 1.0 + 0.35 * bumps([x, y, 0.0], 22.0, self.seed);
        let fading = 1.08 - 0.45 * (depth / DEPTH) - 0.35 * (angle / HALF_ANGLE).powi(4);
        let near = 0.3 * (-depth / 5.0).exp();
        (brightness * patches * (0.35 + 1.5 * grains * grains) * fading + near * grain).sqrt() * 0.92 - 0.05
    }

    /// Towards the probe red, away blue: filling in diastole, a leak of the mitral valve in systole.
    fn flow(&self, x: f32, y: f32, phase: f32, frame: usize) -> Option<[u8; 3]> {
        if !(30.0..126.0).contains(&y) || !(-6.0..44.0).contains(&x) {
            return None;
        }
        let jet = |width: f32| (-((x - 17.0) / width).powi(2)).exp();
        let filling = if phase > 0.42 { (1.0 - (phase - 0.62).abs() / 0.24).max(0.0) } else { 0.0 };
        let leak = if phase < 0.36 && y > 86.0 { 1.0 - self.ejection * 1.6 } else { 0.0 };
        let out = if phase < 0.34 && y < 84.0 { 0.55 } else { 0.0 };
        let speed = filling * jet(9.0) * (1.0 - ((y - 76.0) / 60.0).powi(2)).max(0.0)
            - leak.max(0.0) * jet(5.0)
            - out * jet(12.0) * (1.0 - ((y - 60.0) / 40.0).powi(2)).max(0.0);
        let grain =
            uniform(self.seed + 900 + frame as u64, ((x * 1.4) as i64 * 631 + (y * 1.4) as i64) as u64);
        let shown = speed.abs() * (0.7 + 0.5 * grain);
        if shown < 0.18 {
            return None;
        }
        let (strong, weak) =
            ((90.0 + 165.0 * shown.min(1.0)) as u8, (200.0 * (shown - 0.55).max(0.0)).min(220.0) as u8);
        Some(if speed > 0.0 { [strong, weak, 16] } else { [16, weak, strong] })
    }
}

/// Two leaflets: shut in systole, open in diastole.
fn valve(x: f32, y: f32, phase: f32, half: f32) -> Option<Echo> {
    let open =
        if (0.4..0.97).contains(&phase) { (1.0 - (phase - 0.68).abs() / 0.29).clamp(0.15, 1.0) } else { 0.0 };
    let from_edge = half - x.abs();
    let line = -from_edge * (0.18 + 0.95 * open);
    let reach = if open > 0.0 { half * 0.72 } else { half };
    ((0.0..reach).contains(&from_edge) && (y - line).abs() < 1.3).then_some(Echo::Valve)
}

/// A tick every 10 mm along the right edge.
fn depth_mark(column: usize, row: usize) -> [u8; 3] {
    let depth = (row as f32 - APEX.1) * SPACING;
    let tick = (depth / 10.0).fract() * 10.0 < SPACING && (0.0..DEPTH).contains(&depth);
    let long = if ((depth / 10.0) as u32).is_multiple_of(5) { 12 } else { 6 };
    if tick && (COLUMNS - 10 - long..COLUMNS - 10).contains(&column) { [150; 3] } else { [0; 3] }
}

/// A green trace along the bottom, with a mark at the time of the picture.
fn electrocardiogram(pixels: &mut [u8], phase: f32) {
    let mut last = ROWS - 16;
    for column in 0..COLUMNS {
        let part = (column as f32 / COLUMNS as f32 * 2.0).fract();
        let bump = |at: f32, width: f32, height: f32| height * (-((part - at) / width).powi(2)).exp();
        let volts =
            bump(0.02, 0.012, 20.0) - bump(0.05, 0.01, 5.0) + bump(0.32, 0.05, 6.0) + bump(0.88, 0.03, 3.5);
        let row = (ROWS as f32 - 16.0 - volts) as usize;
        for row in row.min(last)..=row.max(last) {
            let at = (row.min(ROWS - 1) * COLUMNS + column) * 3;
            pixels[at..at + 3].copy_from_slice(&[60, 200, 90]);
        }
        last = row;
    }
    let now = ((phase * 0.5 + 0.5) * COLUMNS as f32) as usize;
    for row in ROWS - 40..ROWS - 6 {
        let at = (row * COLUMNS + now.min(COLUMNS - 1)) * 3;
        pixels[at..at + 3].copy_from_slice(&[230, 230, 120]);
    }
}
