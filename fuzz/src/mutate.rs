//! Damage: bytes flipped, lengths forged, parts cut, doubled, moved and mixed.

/// Numbers that lengths and counts go wrong at.
const INTERESTING: [u32; 12] =
    [0, 1, 2, 7, 8, 0x7F, 0xFF, 0xFFFE, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFFF];

/// Words that parsers look for.
const WORDS: [&[u8]; 13] = [
    b"\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF",
    b"\xFE\xFF\x0D\xE0\0\0\0\0",
    b"\xFE\xFF\xDD\xE0\0\0\0\0",
    b"UN\0\0\xFF\xFF\xFF\xFF",
    b"SQ\0\0\xFF\xFF\xFF\xFF",
    b"\x1b$)C\xb1\xe6",
    b"{\"vr\":\"SQ\",\"Value\":[",
    b"\r\n--isocenter",
    b"\\^=\"<&>",
    b"\xF0\x9F\xA9\xBB",
    b"\rOBX|1|TX|a&b^c^d|1|\\X41\\~\"\"|",
    b"\x1c\r\x0bMSH|^~\\&|",
    b"\x1b$B",
];

/// Makes one input; what it makes depends on nothing but the two numbers it is made from.
pub(crate) struct Mutator(u64);

impl Mutator {
    pub(crate) fn new(seed: u64, round: u64) -> Self {
        Self(
            seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)
                ^ round.wrapping_mul(0xBF58_476D_1CE4_E5B9)
                ^ 0x94D0_49BB,
        )
    }

    /// A seed, damaged one to eight times. The first rounds give seeds as they are.
    pub(crate) fn input(mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = self.choose(seeds).cloned().unwrap_or_default();
        for _ in 0..self.below(9) {
            self.damage(&mut bytes, seeds);
        }
        bytes
    }

    fn damage(&mut self, bytes: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let at = self.below(bytes.len() + 1);
        let end = at + self.below((bytes.len() - at).min(256) + 1);
        match self.below(9) {
            0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
            1 if at < bytes.len() => bytes[at] = self.next() as u8,
            2 => self.overwrite(bytes, at),
            3 => drop(bytes.drain(at..end)),
            4 => bytes.truncate(at),
            5 => {
                let again = bytes[at..end].repeat(1 + self.below(16));
                bytes.splice(at..at, again);
            }
            6 => {
                let word = self.choose(&WORDS).copied().unwrap_or_default();
                bytes.splice(at..at, word.repeat(1 + self.below(4)));
            }
            7 => {
                let other = self.choose(seeds).cloned().unwrap_or_default();
                let cut = self.below(other.len() + 1);
                bytes.truncate(at);
                bytes.extend_from_slice(&other[cut..]);
            }
            // Deep nesting, the same opening many times over.
            8 if self.below(8) == 0 => {
                let opening = bytes[at..end].repeat(1 + self.below(2000));
                bytes.splice(at..at, opening.into_iter().take(1 << 18));
            }
            _ => {}
        }
    }

    fn overwrite(&mut self, bytes: &mut [u8], at: usize) {
        let number = self.choose(&INTERESTING).copied().unwrap_or_default();
        let little = self.below(2) == 0;
        let forged = if little { number.to_le_bytes() } else { number.to_be_bytes() };
        let size = if self.below(2) == 0 { 2 } else { 4 };
        for (byte, forged) in bytes.iter_mut().skip(at).zip(&forged[..size]) {
            *byte = *forged;
        }
    }

    fn choose<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let index = self.below(from.len().max(1));
        from.get(index)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_numbers_give_the_same_input() {
        let seeds = [b"abcdefgh".to_vec(), b"12345678".to_vec()];
        let inputs: Vec<_> = (0..200).map(|round| Mutator::new(7, round).input(&seeds)).collect();
        let again: Vec<_> = (0..200).map(|round| Mutator::new(7, round).input(&seeds)).collect();
        assert_eq!(inputs, again);
        assert!(inputs.iter().any(|input| !seeds.contains(input)));
    }
}
