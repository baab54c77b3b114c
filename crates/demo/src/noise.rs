//! Noise that is the same every time: a hash of where and which, not a stream.

/// Mixes a number well (SplitMix64's finalizer).
#[must_use]
pub(crate) const fn mix(number: u64) -> u64 {
    let a = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let b = (a ^ (a >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    b ^ (b >> 31)
}

/// 0 to 1, evenly.
#[must_use]
pub(crate) fn uniform(seed: u64, at: u64) -> f32 {
    let bits = mix(seed.wrapping_add(at.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
    (bits >> 40) as f32 / (1u64 << 24) as f32
}

/// Nearly normal, with mean 0 and deviation 1: the sum of four even ones.
#[must_use]
pub(crate) fn normal(seed: u64, at: u64) -> f32 {
    let bits = mix(seed.wrapping_add(at.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
    let sum: u64 = (0..4).map(|part| (bits >> (16 * part)) & 0xFFFF).sum();
    (sum as f32 / 65_535.0 - 2.0) * 1.732
}

/// Smooth and shapeless, about -1 to 1, with bumps of `size` millimetres.
#[must_use]
pub(crate) fn bumps([x, y, z]: [f32; 3], size: f32, seed: u64) -> f32 {
    let turn = uniform(seed, 0) * std::f32::consts::TAU;
    let (x, y, z) = (x / size * 3.1, y / size * 3.1, z / size * 3.1);
    let warp = (0.7 * y + 1.3 * z + turn).sin();
    let a = (x + 1.1 * warp + 0.4 * z).sin();
    let b = (y * 1.1 + 0.9 * (0.8 * x + turn).sin()).sin();
    let c = (0.6 * x - 0.7 * y + 1.2 * z + turn).sin();
    (a * b + 0.6 * c) / 1.6
}

/// Smooths one line of pixels along each axis of a picture: the point spread of a scanner.
pub(crate) fn blur(picture: &mut [f32], columns: usize, sigma: f32) {
    let reach = (sigma * 2.5).ceil() as usize;
    let weights: Vec<f32> = (0..=reach).map(|step| (-0.5 * (step as f32 / sigma).powi(2)).exp()).collect();
    let total: f32 = weights[0] + 2.0 * weights[1..].iter().sum::<f32>();
    let rows = picture.len() / columns;
    let mut line = Vec::new();
    for row in 0..rows {
        smooth_line(picture, row * columns, 1, columns, &weights, total, &mut line);
    }
    for column in 0..columns {
        smooth_line(picture, column, columns, rows, &weights, total, &mut line);
    }
}

fn smooth_line(
    picture: &mut [f32],
    start: usize,
    step: usize,
    count: usize,
    weights: &[f32],
    total: f32,
    line: &mut Vec<f32>,
) {
    line.clear();
    line.extend((0..count).map(|at| picture[start + at * step]));
    let edge = |at: isize| line[at.clamp(0, count as isize - 1) as usize];
    for at in 0..count {
        let mut sum = line[at] * weights[0];
        for (far, weight) in weights.iter().enumerate().skip(1) {
            let (at, far) = (at as isize, far as isize);
            sum += weight * (edge(at - far) + edge(at + far));
        }
        picture[start + at * step] = sum / total;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_has_the_mean_and_deviation_it_says() {
        let values: Vec<f32> = (0..20_000).map(|at| normal(7, at)).collect();
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        let spread = values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / values.len() as f32;
        assert!(mean.abs() < 0.03 && (spread.sqrt() - 1.0).abs() < 0.05, "{mean} {spread}");
    }

    #[test]
    fn smoothing_keeps_the_sum() {
        let mut picture = vec![0.0; 21 * 21];
        picture[10 * 21 + 10] = 100.0;
        blur(&mut picture, 21, 1.5);
        assert!((picture.iter().sum::<f32>() - 100.0).abs() < 0.1);
        assert!(picture[10 * 21 + 10] < 10.0);
    }
}
