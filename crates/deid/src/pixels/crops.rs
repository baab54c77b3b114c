//! Lines cut out for the engine that reads: dark on white, letters of one height.

use super::Area;
use super::ocr::Crop;
use super::plane::Plane;
use dicom::pixel::render::Picture;

/// The height of a line that the engine reads best, in pixels.
const LINE: f32 = 56.0;
/// White around the text.
const MARGIN: usize = 10;
const WIDEST: usize = 2400;

/// A line as the engine likes it.
pub(super) fn crop(picture: &Picture, area: &Area) -> Crop {
    let cut = readable(&super::cut(picture, area));
    let (low, high) = stretch(&cut.data);
    let factor = (LINE / cut.height.max(1) as f32).min(WIDEST as f32 / cut.width.max(1) as f32).min(6.0);
    let (width, height) = ((cut.width as f32 * factor) as usize, (cut.height as f32 * factor) as usize);
    let whole = width + 2 * MARGIN;
    let mut out = vec![255u8; whole * (height + 2 * MARGIN)];
    for y in 0..height {
        let row = &mut out[(y + MARGIN) * whole + MARGIN..][..width];
        for (x, pixel) in row.iter_mut().enumerate() {
            let value = between(&cut, x as f32 / factor, y as f32 / factor);
            *pixel = 255 - ((value - low) / (high - low).max(1.0) * 255.0).clamp(0.0, 255.0) as u8;
        }
    }
    Crop { width: whole, height: height + 2 * MARGIN, data: out }
}

/// The plane in which the text is bright: there is less of it than of its ground, so it draws the mean away from the
/// middle value.
fn readable(cut: &Picture) -> Plane {
    let [bright, dark] = Plane::both(cut);
    if drawn_up(&bright.data) >= drawn_up(&dark.data) { bright } else { dark }
}

fn drawn_up(data: &[u8]) -> f32 {
    let mean = data.iter().map(|value| f32::from(*value)).sum::<f32>() / data.len().max(1) as f32;
    mean - share(data, 0.5).unwrap_or(0) as f32
}

/// Black and white of the text: all but the outermost hundredths.
fn stretch(data: &[u8]) -> (f32, f32) {
    (share(data, 0.1).unwrap_or(0) as f32, share(data, 0.985).unwrap_or(255) as f32)
}

/// The value that this share of all values does not exceed.
fn share(data: &[u8], share: f32) -> Option<usize> {
    let mut counts = [0usize; 256];
    data.iter().for_each(|value| counts[usize::from(*value)] += 1);
    let wanted = (data.len() as f32 * share) as usize;
    let mut seen = 0;
    counts.iter().position(|count| {
        seen += count;
        seen > wanted
    })
}

fn between(plane: &Plane, x: f32, y: f32) -> f32 {
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(plane.width - 1), (top + 1).min(plane.height - 1));
    let (dx, dy) = (x - left as f32, y - top as f32);
    let value = |x: usize, y: usize| f32::from(plane.data[y * plane.width + x]);
    let upper = value(left, top) * (1.0 - dx) + value(right, top) * dx;
    let lower = value(left, bottom) * (1.0 - dx) + value(right, bottom) * dx;
    upper * (1.0 - dy) + lower * dy
}
