//! Big endian values become little endian when read.

use crate::Vr;
use crate::data_set::number_size;

/// The value with the bytes of each number reversed; `None` if the VR has no numbers of several bytes.
pub(crate) fn swapped(vr: Vr, bytes: &[u8]) -> Option<Vec<u8>> {
    // A tag is two 16-bit numbers.
    let size = if vr == Vr::AT { 2 } else { number_size(vr) };
    if size == 1 {
        return None;
    }
    let mut out = bytes.to_vec();
    out.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_reversed_and_text_is_not() {
        assert_eq!(swapped(Vr::UL, &[1, 2, 3, 4]), Some(vec![4, 3, 2, 1]));
        assert_eq!(swapped(Vr::AT, &[0, 0x10, 0, 0x20]), Some(vec![0x10, 0, 0x20, 0]));
        assert_eq!(swapped(Vr::LO, b"ab"), None);
    }
}
