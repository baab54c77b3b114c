//! Memory for what is read, used again when nobody looks at it any more. Fresh memory must be cleared by the
//! system page by page, which costs as much as reading into it.

use bytes::Bytes;
use std::sync::{Mutex, PoisonError};

/// Reads shorter than this are left to the allocator, which keeps small pieces at hand itself.
const SHORTEST: usize = 64 << 10;
/// Longer ones are rare, and too much to keep.
const LONGEST: usize = 4 << 20;
/// Bytes kept at most.
const MOST: usize = 16 << 20;

struct Kept {
    pieces: Vec<Box<[u8]>>,
    bytes: usize,
}

static KEPT: Mutex<Kept> = Mutex::new(Kept { pieces: Vec::new(), bytes: 0 });

/// Memory to read into.
pub(crate) struct Piece {
    whole: Box<[u8]>,
    length: usize,
}

impl Piece {
    /// A piece of so many bytes, which hold anything.
    pub fn of(length: usize) -> Self {
        let whole = if is_kept(length) { take(length.next_power_of_two()) } else { vec![0; length].into() };
        Self { whole, length }
    }

    /// Its bytes, to be filled.
    pub fn bytes(&mut self) -> &mut [u8] {
        &mut self.whole[..self.length]
    }

    /// Its bytes, filled.
    pub fn freeze(mut self) -> Bytes {
        if is_kept(self.length) { Bytes::from_owner(self) } else { std::mem::take(&mut self.whole).into() }
    }
}

fn is_kept(length: usize) -> bool {
    (SHORTEST..=LONGEST).contains(&length)
}

/// The latest of this size.
fn take(size: usize) -> Box<[u8]> {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    match kept.pieces.iter().rposition(|piece| piece.len() == size) {
        Some(at) => {
            kept.bytes -= size;
            kept.pieces.remove(at)
        }
        None => vec![0; size].into(),
    }
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.whole[..self.length]
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        if !is_kept(self.length) {
            return;
        }
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        kept.bytes += self.whole.len();
        kept.pieces.push(std::mem::take(&mut self.whole));
        while kept.bytes > MOST {
            let oldest = kept.pieces.remove(0);
            kept.bytes -= oldest.len();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn filled(length: usize, byte: u8) -> Bytes {
        let mut piece = Piece::of(length);
        piece.bytes().fill(byte);
        piece.freeze()
    }

    #[test]
    fn what_is_held_is_not_read_over() {
        for length in [0, 10, SHORTEST, SHORTEST + 1, LONGEST, LONGEST + 1] {
            let first = filled(length, 1);
            let part = first.slice(length / 2..);
            drop(first);
            let second = filled(length, 2);
            assert!(part.iter().all(|byte| *byte == 1) && second.iter().all(|byte| *byte == 2));
            assert_eq!(second.len(), length);
        }
    }

    #[test]
    fn no_more_than_the_limit_is_kept() {
        let all: Vec<_> = (0..40).map(|_| filled(1 << 20, 3)).collect();
        drop(all);
        assert!(KEPT.lock().unwrap().bytes <= MOST);
    }
}
