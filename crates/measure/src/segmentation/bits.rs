//! One bit a pixel, and frames one after another without a gap (PS3.5 §8.1.1 and §A.2).

/// Bytes of one mask.
pub(super) fn bytes(rows: u16, columns: u16) -> usize {
    (usize::from(rows) * usize::from(columns)).div_ceil(8)
}

/// Appends a frame of `count` bits that begins where the one before ended, in the middle of a byte too.
pub(super) fn append(all: &mut Vec<u8>, used: &mut usize, mask: &[u8], count: usize) {
    let shift = *used % 8;
    if shift == 0 {
        all.extend_from_slice(mask);
        trim(all, *used + count);
    } else {
        for byte in mask {
            if let Some(last) = all.last_mut() {
                *last |= byte << shift;
            }
            all.push(byte >> (8 - shift));
        }
        trim(all, *used + count);
    }
    *used += count;
}

/// Bits beyond the end are 0, and bytes beyond it go.
fn trim(all: &mut Vec<u8>, bits: usize) {
    all.truncate(bits.div_ceil(8));
    if let (Some(last), rest @ 1..) = (all.last_mut(), bits % 8) {
        *last &= (1 << rest) - 1;
    }
}

/// The frame of `count` bits from `from` on; nothing if there are not so many.
pub(super) fn frame(all: &[u8], from: usize, count: usize) -> Option<Vec<u8>> {
    if from.checked_add(count)? > all.len().checked_mul(8)? {
        return None;
    }
    let (first, shift) = (from / 8, from % 8);
    let byte = |at: usize| all.get(at).copied().unwrap_or(0);
    let mut mask: Vec<u8> = (0..count.div_ceil(8))
        .map(|at| (byte(first + at) >> shift) | (u16::from(byte(first + at + 1)) << (8 - shift)) as u8)
        .collect();
    trim(&mut mask, count);
    Some(mask)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn frames_come_back_as_they_were(
            count in 1_usize..40,
            masks in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 5), 1..5),
        ) {
            let masks: Vec<Vec<u8>> = masks.into_iter().map(|mut mask| { trim(&mut mask, count); mask }).collect();
            let (mut all, mut used) = (Vec::new(), 0);
            for mask in &masks {
                append(&mut all, &mut used, mask, count);
            }
            prop_assert_eq!(all.len(), (masks.len() * count).div_ceil(8));
            for (at, mask) in masks.iter().enumerate() {
                prop_assert_eq!(frame(&all, at * count, count), Some(mask.clone()));
            }
            prop_assert_eq!(frame(&all, all.len() * 8, count), None);
        }
    }
}
