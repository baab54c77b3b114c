//! The inverse discrete cosine transform of a block (ISO/IEC 10918-1 A.3.3), in 32-bit floats:
//! exact to well below half a step for 12-bit samples.

/// `BASIS[u][x]` = C(u)/2 · cos((2x+1)uπ/16).
const BASIS: [[f32; 8]; 8] = [
    [0.353_553_4; 8],
    [
        0.490_392_6,
        0.415_734_8,
        0.277_785_1,
        0.097_545_16,
        -0.097_545_16,
        -0.277_785_1,
        -0.415_734_8,
        -0.490_392_6,
    ],
    [
        0.461_939_8,
        0.191_341_7,
        -0.191_341_7,
        -0.461_939_8,
        -0.461_939_8,
        -0.191_341_7,
        0.191_341_7,
        0.461_939_8,
    ],
    [
        0.415_734_8,
        -0.097_545_16,
        -0.490_392_6,
        -0.277_785_1,
        0.277_785_1,
        0.490_392_6,
        0.097_545_16,
        -0.415_734_8,
    ],
    [
        0.353_553_4,
        -0.353_553_4,
        -0.353_553_4,
        0.353_553_4,
        0.353_553_4,
        -0.353_553_4,
        -0.353_553_4,
        0.353_553_4,
    ],
    [
        0.277_785_1,
        -0.490_392_6,
        0.097_545_16,
        0.415_734_8,
        -0.415_734_8,
        -0.097_545_16,
        0.490_392_6,
        -0.277_785_1,
    ],
    [
        0.191_341_7,
        -0.461_939_8,
        0.461_939_8,
        -0.191_341_7,
        -0.191_341_7,
        0.461_939_8,
        -0.461_939_8,
        0.191_341_7,
    ],
    [
        0.097_545_16,
        -0.277_785_1,
        0.415_734_8,
        -0.490_392_6,
        0.490_392_6,
        -0.415_734_8,
        0.277_785_1,
        -0.097_545_16,
    ],
];

/// Transforms dequantised coefficients, row by row, to differences from the middle grey.
pub(crate) fn inverse(coefficients: &[f32; 64]) -> [f32; 64] {
    let mut rows = [0.0; 64];
    for (row, out) in coefficients.as_chunks::<8>().0.iter().zip(rows.as_chunks_mut::<8>().0) {
        *out = line(row);
    }
    let mut result = [0.0; 64];
    for x in 0..8 {
        let column: [f32; 8] = std::array::from_fn(|y| rows[y * 8 + x]);
        for (y, value) in line(&column).into_iter().enumerate() {
            result[y * 8 + x] = value;
        }
    }
    result
}

fn line(frequencies: &[f32; 8]) -> [f32; 8] {
    let mut out = [0.0; 8];
    for (frequency, basis) in frequencies.iter().zip(&BASIS) {
        if *frequency != 0.0 {
            out.iter_mut().zip(basis).for_each(|(o, b)| *o += frequency * b);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_block_stays_flat() {
        let mut block = [0.0; 64];
        block[0] = 80.0;
        assert!(inverse(&block).iter().all(|v| (v - 10.0).abs() < 1e-4));
    }
}
