//! Fitting a picture into a viewport (PS3.18 §8.3.5.1.3): the mean of the area a pixel covers when
//! it gets smaller, so that nothing thin disappears; linear interpolation when it grows.

use super::Picture;
use crate::pixel::PixelError;

/// JPEG holds no more.
const MOST: u32 = 65_535;
const MOST_PIXELS: u64 = 64 << 20;

/// The size to fit into and the part of the picture to show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Viewport {
    /// Columns to fit into.
    pub width: u32,
    /// Rows to fit into.
    pub height: u32,
    /// Left, top, width, height in pixels of the source; a negative size mirrors. `None`: all of it.
    pub region: Option<[f64; 4]>,
}

impl Viewport {
    /// All of the picture within a size.
    #[must_use]
    pub fn within(width: u32, height: u32) -> Self {
        Self { width, height, region: None }
    }
}

/// The source pixels a result pixel is made of.
struct Taps {
    first: usize,
    weights: Vec<f32>,
}

/// Scales a picture, keeping its aspect.
///
/// # Errors
/// [`PixelError::TooLarge`] for a viewport nobody can look at.
pub(super) fn fit(picture: Picture, viewport: &Viewport) -> Result<Picture, PixelError> {
    let [x, y, w, h] = viewport.region.unwrap_or([0.0, 0.0, picture.width.into(), picture.height.into()]);
    let (span_w, span_h) = (w.abs().max(1.0), h.abs().max(1.0));
    let factor = (f64::from(viewport.width) / span_w).min(f64::from(viewport.height) / span_h);
    let size = |span: f64| ((span * factor).round() as u32).clamp(1, MOST);
    let (width, height) = (size(span_w), size(span_h));
    let bytes = u64::from(width) * u64::from(height);
    if bytes > MOST_PIXELS {
        return Err(PixelError::TooLarge { bytes, limit: MOST_PIXELS });
    }
    if (width, height) == (picture.width, picture.height) && viewport.region.is_none() {
        return Ok(picture);
    }
    let across = taps(x, span_w, w < 0.0, width, picture.width);
    let down = taps(y, span_h, h < 0.0, height, picture.height);
    Ok(resample(&picture, &across, &down))
}

fn taps(start: f64, span: f64, mirrored: bool, count: u32, limit: u32) -> Vec<Taps> {
    let step = span / f64::from(count);
    let one = |i: u32| if step >= 1.0 { area(start, step, i, limit) } else { linear(start, step, i, limit) };
    let mut taps: Vec<Taps> = (0..count).map(one).collect();
    if mirrored {
        taps.reverse();
    }
    taps
}

/// The share each source pixel has of the area under a result pixel.
fn area(start: f64, step: f64, i: u32, limit: u32) -> Taps {
    let from = (start + step * f64::from(i)).clamp(0.0, f64::from(limit) - 1.0);
    let to = (start + step * f64::from(i + 1)).clamp(from + 1e-6, f64::from(limit));
    let (first, last) = (from as usize, (to.ceil() as usize).min(limit as usize));
    let cover = |p: usize| (to.min(p as f64 + 1.0) - from.max(p as f64)).max(0.0) / (to - from);
    Taps { first, weights: (first..last.max(first + 1)).map(|p| cover(p) as f32).collect() }
}

fn linear(start: f64, step: f64, i: u32, limit: u32) -> Taps {
    let centre = (start + step * (f64::from(i) + 0.5) - 0.5).clamp(0.0, f64::from(limit) - 1.0);
    let first = (centre as usize).min(limit as usize - 1);
    let share = (centre - first as f64) as f32;
    let single = first + 1 >= limit as usize;
    Taps { first, weights: if single { vec![1.0] } else { vec![1.0 - share, share] } }
}

fn resample(picture: &Picture, across: &[Taps], down: &[Taps]) -> Picture {
    let channels = usize::from(picture.channels);
    let stride = picture.width as usize * channels;
    let mut data = Vec::with_capacity(across.len() * down.len() * channels);
    let mut row = vec![0f32; stride];
    for taps in down {
        row.fill(0.0);
        for (weight, source) in taps.weights.iter().zip(picture.data.chunks_exact(stride).skip(taps.first)) {
            row.iter_mut().zip(source).for_each(|(sum, v)| *sum += weight * f32::from(*v));
        }
        for taps in across {
            for channel in 0..channels {
                let values = row.iter().skip(taps.first * channels + channel).step_by(channels);
                let sum: f32 = taps.weights.iter().zip(values).map(|(w, v)| w * v).sum();
                data.push((sum + 0.5).clamp(0.0, 255.0) as u8);
            }
        }
    }
    Picture { width: across.len() as u32, height: down.len() as u32, channels: picture.channels, data }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn grey(width: u32, height: u32, data: &[u8]) -> Picture {
        Picture { width, height, channels: 1, data: data.to_vec() }
    }

    #[test]
    fn shrinking_takes_the_mean() {
        let small = fit(grey(4, 2, &[0, 100, 10, 10, 100, 0, 10, 10]), &Viewport::within(2, 2)).unwrap();
        assert_eq!((small.width, small.height, small.data), (2, 1, vec![50, 10]));
    }

    #[test]
    fn the_aspect_is_kept() {
        let small = fit(grey(4, 2, &[7; 8]), &Viewport::within(2, 100)).unwrap();
        assert_eq!((small.width, small.height), (2, 1));
    }

    #[test]
    fn a_negative_width_mirrors() {
        let viewport = Viewport { width: 2, height: 1, region: Some([0.0, 0.0, -2.0, 1.0]) };
        assert_eq!(fit(grey(2, 1, &[1, 9]), &viewport).unwrap().data, [9, 1]);
    }

    #[test]
    fn growing_interpolates() {
        let large = fit(grey(2, 1, &[0, 100]), &Viewport::within(4, 2)).unwrap();
        assert_eq!(&large.data[..4], &[0, 25, 75, 100]);
    }

    #[test]
    fn an_absurd_viewport_is_refused() {
        assert!(fit(grey(1, 1, &[0]), &Viewport::within(60_000, 60_000)).is_err());
    }
}
