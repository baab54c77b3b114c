//! RLE Lossless (PS3.5 Annex G): byte planes, each packed like TIFF's PackBits.

use super::super::{PixelDescription, PixelError};

const NAME: &str = "RLE";
const MOST_SEGMENTS: usize = 15;

/// Decodes a frame into samples pixel by pixel.
pub(crate) fn decode(description: &PixelDescription, coded: &[u8]) -> Result<Vec<u8>, PixelError> {
    let sample_bytes = description.sample_bytes();
    let planes = usize::from(description.samples) * sample_bytes;
    let segments = segments(coded)?;
    if segments.len() != planes {
        let reason = format!("{} segments where {planes} are needed", segments.len());
        return Err(PixelError::damaged(NAME, reason));
    }
    // Single-bit samples stay packed: the plane is the native frame.
    let pixels = description.frame_bytes()? / planes;
    let mut out = vec![0; pixels * planes];
    for (number, segment) in segments.into_iter().enumerate() {
        // Segments go from the most significant byte down; samples are little endian.
        let at = number / sample_bytes * sample_bytes + (sample_bytes - 1 - number % sample_bytes);
        unpack(segment, &mut out, at, planes, pixels)?;
    }
    Ok(out)
}

fn segments(coded: &[u8]) -> Result<Vec<&[u8]>, PixelError> {
    let header = coded.get(..64).ok_or_else(|| PixelError::damaged(NAME, "it has no header"))?;
    let mut words = header.as_chunks::<4>().0.iter().map(|w| u32::from_le_bytes(*w) as usize);
    let count = words.next().unwrap_or(0);
    if count == 0 || count > MOST_SEGMENTS {
        return Err(PixelError::damaged(NAME, format!("it declares {count} segments")));
    }
    let mut starts: Vec<usize> = words.take(count).collect();
    starts.push(coded.len());
    starts
        .windows(2)
        .map(|w| coded.get(w[0]..w[1]).ok_or_else(|| PixelError::damaged(NAME, "its offsets are wrong")))
        .collect()
}

/// Unpacks one byte plane to every `step`th byte of `out`.
fn unpack(
    mut packed: &[u8],
    out: &mut [u8],
    at: usize,
    step: usize,
    pixels: usize,
) -> Result<(), PixelError> {
    let short = || PixelError::damaged(NAME, "a segment ends early");
    let mut places = out.iter_mut().skip(at).step_by(step);
    let mut left = pixels;
    while left > 0 {
        let (&control, rest) = packed.split_first().ok_or_else(short)?;
        match control as i8 {
            -128 => packed = rest,
            literal @ 0.. => {
                let length = (literal as usize + 1).min(left);
                let bytes = rest.get(..length).ok_or_else(short)?;
                bytes.iter().zip(&mut places).for_each(|(b, place)| *place = *b);
                packed = rest.get(literal as usize + 1..).unwrap_or(&[]);
                left -= length;
            }
            repeat => {
                let (&byte, rest) = rest.split_first().ok_or_else(short)?;
                let length = (1 - isize::from(repeat)) as usize;
                places.by_ref().take(length.min(left)).for_each(|place| *place = byte);
                packed = rest;
                left -= length.min(left);
            }
        }
    }
    Ok(())
}

/// Encodes a frame given pixel by pixel.
///
/// # Errors
/// [`PixelError::Unsupported`] for more byte planes than the header has room for.
pub(crate) fn encode(description: &PixelDescription, samples: &[u8]) -> Result<Vec<u8>, PixelError> {
    let sample_bytes = description.sample_bytes();
    let planes = usize::from(description.samples) * sample_bytes;
    if planes > MOST_SEGMENTS || description.bits_allocated < 8 {
        return Err(PixelError::Unsupported("this sample size in RLE".to_owned()));
    }
    let mut out = vec![0; 64];
    out[..4].copy_from_slice(&(planes as u32).to_le_bytes());
    let row_bytes = usize::from(description.columns);
    for number in 0..planes {
        let start = (out.len() as u32).to_le_bytes();
        out[4 + number * 4..8 + number * 4].copy_from_slice(&start);
        let at = number / sample_bytes * sample_bytes + (sample_bytes - 1 - number % sample_bytes);
        let plane: Vec<u8> = samples.iter().skip(at).step_by(planes).copied().collect();
        // A run may not cross a row (PS3.5 §G.3.1).
        plane.chunks(row_bytes).for_each(|row| pack(row, &mut out));
        if out.len() % 2 == 1 {
            out.push(0);
        }
    }
    Ok(out)
}

fn pack(row: &[u8], out: &mut Vec<u8>) {
    let mut literal = 0;
    let mut at = 0;
    while at < row.len() {
        let run = row[at..].iter().take(128).take_while(|b| **b == row[at]).count();
        if run < 3 {
            at += run;
            continue;
        }
        literals(&row[literal..at], out);
        out.extend([(1 - run as i16) as u8, row[at]]);
        at += run;
        literal = at;
    }
    literals(&row[literal..], out);
}

fn literals(bytes: &[u8], out: &mut Vec<u8>) {
    for chunk in bytes.chunks(128) {
        out.push((chunk.len() - 1) as u8);
        out.extend_from_slice(chunk);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::description::tests::grey;
    use super::*;

    proptest! {
        #[test]
        fn decoding_what_was_encoded_gives_it_back(samples in proptest::collection::vec(0u8..4, 2 * 7 * 150)) {
            let description = grey(7, 150, 16);
            let coded = encode(&description, &samples).unwrap();
            prop_assert_eq!(decode(&description, &coded).unwrap(), samples);
        }

        #[test]
        fn any_bytes_are_decoded_or_refused(coded in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode(&grey(4, 4, 8), &coded);
        }
    }

    #[test]
    fn offsets_outside_the_data_are_refused() {
        let mut coded = vec![0; 64];
        coded[0] = 1;
        coded[4] = 200;
        assert!(decode(&grey(2, 2, 8), &coded).is_err());
    }
}
