//! PP-OCR's text detector (a DBNet, Apache-2.0) in ONNX Runtime. Both are files of other people in one folder; the
//! library is loaded when the first picture is searched. Neither writes to disk or reaches a network.

use super::detector::{Detector, DetectorError, Found};
use super::heat::Heat;
use dicom::pixel::render::Picture;
use onnx::{Input, LIBRARY, Model, OpenError, RunError};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// The model in the folder.
const MODEL: &str = "text-detector.onnx";
/// The net halves pictures five times.
const STEP: usize = 32;
/// What the net was taught with: means and spreads of blue, green and red.
const MEANS: [f32; 3] = [0.485, 0.456, 0.406];
const SPREADS: [f32; 3] = [0.229, 0.224, 0.225];

/// The detector of a folder that `scripts/tools detector` fills.
pub struct Onnx {
    folder: PathBuf,
    /// Models that nobody uses; as many as there were threads at once.
    idle: Mutex<Vec<Model>>,
}

impl std::fmt::Debug for Onnx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Onnx({})", self.folder.display())
    }
}

impl Default for Onnx {
    /// The folder `lib/isocenter` beside the folder the program is in: `/usr/lib/isocenter` for a program in `/usr/bin`.
    fn default() -> Self {
        Self::new(onnx::beside_the_program())
    }
}

impl Onnx {
    /// The detector of a folder.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), idle: Mutex::default() }
    }

    fn model(&self) -> Result<Model, DetectorError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| self.load(), Ok)
    }

    fn load(&self) -> Result<Model, DetectorError> {
        let (library, model) = (self.folder.join(LIBRARY), self.folder.join(MODEL));
        if !library.is_file() || !model.is_file() {
            return Err(DetectorError::Absent);
        }
        let mut opened = Model::open(&library, &model).map_err(|error| match error {
            OpenError::Library => DetectorError::Library,
            OpenError::Model => DetectorError::Model,
        })?;
        // A model that answers in the right form and sees nothing would let everything pass.
        match find(&mut opened, &drawn()) {
            Ok(found) if !found.is_empty() => Ok(opened),
            _ => Err(DetectorError::Model),
        }
    }
}

impl Detector for Onnx {
    fn find(&self, picture: &Picture) -> Result<Vec<Found>, DetectorError> {
        let mut model = self.model()?;
        let found = find(&mut model, picture)?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(model);
        Ok(found)
    }
}

fn find(model: &mut Model, picture: &Picture) -> Result<Vec<Found>, DetectorError> {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let (wide, high) = (width.next_multiple_of(STEP), height.next_multiple_of(STEP));
    let input = input(picture, wide, high).ok_or(DetectorError::Unreadable)?;
    let output = model.run(&[Input::Floats(&[1, 3, high, wide], &input)]).map_err(|error| match error {
        RunError::Failed => DetectorError::Failed,
        RunError::Unreadable => DetectorError::Unreadable,
    })?;
    let data = &output.data;
    let is_map = output.shape[..] == [1, 1, high, wide] && data.len() == wide * high;
    if !is_map || !data.iter().all(|value| (-0.001..=1.001).contains(value)) {
        return Err(DetectorError::Unreadable);
    }
    Ok(Heat { width, height, stride: wide, data }.found())
}

/// Blue, green and red one after the other; what is filled up repeats the last row and column.
fn input(picture: &Picture, wide: usize, high: usize) -> Option<Vec<f32>> {
    let (width, height, channels) =
        (picture.width as usize, picture.height as usize, usize::from(picture.channels));
    if width * height == 0 || !matches!(channels, 1 | 3) || picture.data.len() != width * height * channels {
        return None;
    }
    let mut input = Vec::with_capacity(3 * wide * high);
    for plane in 0..3 {
        let table: Vec<f32> =
            (0..=255u8).map(|v| (f32::from(v) / 255.0 - MEANS[plane]) / SPREADS[plane]).collect();
        let channel = if channels == 1 { 0 } else { 2 - plane };
        for y in 0..high {
            let row = &picture.data[y.min(height - 1) * width * channels..][..width * channels];
            input.extend(row.iter().skip(channel).step_by(channels).map(|v| table[usize::from(*v)]));
            let last = input[input.len() - 1];
            input.resize(input.len() + wide - width, last);
        }
    }
    Some(input)
}

/// `NAME` in letters of seven rows, each three pixels high.
fn drawn() -> Picture {
    const ROWS: [&str; 7] = [
        "#...#..###..#...#.#####",
        "##..#.#...#.##.##.#....",
        "#.#.#.#...#.#.#.#.#....",
        "#.#.#.#####.#.#.#.####.",
        "#..##.#...#.#...#.#....",
        "#...#.#...#.#...#.#....",
        "#...#.#...#.#...#.#####",
    ];
    let (width, height) = (128, 64);
    let is_ink = |x: usize, y: usize| ROWS.get(y).and_then(|row| row.as_bytes().get(x)) == Some(&b'#');
    let pixel = |x: usize, y: usize| x >= 24 && y >= 20 && is_ink((x - 24) / 3, (y - 20) / 3);
    let data = (0..width * height).map(|n| if pixel(n % width, n / width) { 255 } else { 0 }).collect();
    Picture { width: width as u32, height: height as u32, channels: 1, data }
}
