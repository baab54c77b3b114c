//! The bits of a JPEG scan and its Huffman codes (ISO/IEC 10918-1 Annex F.2.2).

use super::super::PixelError;

/// Reads bits, most significant first; past the data it gives zeros, as the standard's
/// decoders do, and every loop over it is bounded by the number of blocks.
pub(crate) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    buffer: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    pub(crate) fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0, buffer: 0, count: 0 }
    }

    fn fill(&mut self) {
        while self.count <= 48 {
            let byte = self.next_byte();
            self.buffer = self.buffer << 8 | u64::from(byte);
            self.count += 8;
        }
    }

    /// The next byte of the scan with stuffing taken out; zero from a marker on.
    fn next_byte(&mut self) -> u8 {
        let Some(&byte) = self.data.get(self.at) else { return 0 };
        if byte != 0xFF {
            self.at += 1;
            return byte;
        }
        if self.data.get(self.at + 1) == Some(&0) {
            self.at += 2;
            return 0xFF;
        }
        0
    }

    /// The next 16 bits, not taken.
    pub(crate) fn peek16(&mut self) -> usize {
        self.fill();
        (self.buffer >> (self.count - 16)) as usize & 0xFFFF
    }

    pub(crate) fn skip(&mut self, bits: u32) {
        self.count -= bits;
    }

    /// Takes up to 16 bits.
    pub(crate) fn take(&mut self, bits: u32) -> i32 {
        if bits == 0 {
            return 0;
        }
        self.fill();
        self.count -= bits;
        (self.buffer >> self.count) as i32 & ((1 << bits) - 1)
    }

    /// Takes a value of that many bits and gives it its sign (RECEIVE and EXTEND).
    pub(crate) fn signed(&mut self, bits: u32) -> i32 {
        let value = self.take(bits);
        if bits > 0 && value < 1 << (bits - 1) { value - (1 << bits) + 1 } else { value }
    }

    /// Drops what is left before a restart marker and passes it.
    pub(crate) fn restart(&mut self) {
        (self.buffer, self.count) = (0, 0);
        while let Some(pair) = self.data.get(self.at..self.at + 2) {
            if pair[0] == 0xFF && (0xD0..=0xD7).contains(&pair[1]) {
                self.at += 2;
                return;
            }
            if pair[0] == 0xFF && pair[1] != 0 && pair[1] != 0xFF {
                return;
            }
            self.at += 1;
        }
    }
}

/// A Huffman table as 65,536 answers: length in the high byte, symbol in the low.
pub(crate) struct Huffman(Vec<u16>);

impl Huffman {
    /// Builds a table from the counts per length and the symbols of a DHT segment.
    pub(crate) fn new(counts: &[u8], symbols: &[u8]) -> Result<Self, PixelError> {
        let mut answers = vec![0; 1 << 16];
        let (mut code, mut symbols) = (0usize, symbols.iter());
        for (length, count) in (1u32..).zip(counts) {
            for _ in 0..*count {
                let symbol = symbols.next().ok_or_else(broken)?;
                let width = 1 << (16 - length);
                let answer = (length as u16) << 8 | u16::from(*symbol);
                answers.get_mut(code..code + width).ok_or_else(broken)?.fill(answer);
                code += width;
            }
        }
        Ok(Self(answers))
    }

    /// Decodes a symbol.
    pub(crate) fn decode(&self, bits: &mut Bits<'_>) -> Result<u32, PixelError> {
        let answer = self.0[bits.peek16()];
        if answer == 0 {
            return Err(broken());
        }
        bits.skip(u32::from(answer >> 8));
        Ok(u32::from(answer & 0xFF))
    }
}

fn broken() -> PixelError {
    PixelError::damaged("JPEG", "a Huffman code does not exist")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn stuffed_bytes_count_once() {
        let mut bits = Bits::new(&[0xFF, 0x00, 0x0F]);
        assert_eq!((bits.take(12), bits.take(4)), (0xFF0, 0xF));
    }

    #[test]
    fn past_a_marker_there_are_zeros() {
        let mut bits = Bits::new(&[0xAA, 0xFF, 0xD9]);
        assert_eq!((bits.take(8), bits.take(16)), (0xAA, 0));
    }

    #[test]
    fn values_get_their_sign() {
        assert_eq!(Bits::new(&[0b0100_0000]).signed(3), -5);
        assert_eq!(Bits::new(&[0b1010_0000]).signed(3), 5);
    }

    #[test]
    fn more_codes_than_fit_are_refused() {
        assert!(Huffman::new(&[3], &[1, 2, 3]).is_err());
    }
}
