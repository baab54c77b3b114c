//! Buffers that were read into and whose content is gone, used again by whoever reads next.
//! Fresh memory must be cleared by the system page by page, which costs more than receiving into it.

use bytes::BytesMut;
use std::sync::{Mutex, PoisonError};

/// Bytes kept at most, in buffers in use and out of use together.
const MOST_BYTES: usize = 16 << 20;

/// Handles looked at for one whose content is gone; the latest first, as they are still in the processor's cache.
const LOOKS: usize = 64;

/// Handles on buffers that were handed out in pieces. When the last piece is dropped the whole can be had again.
pub(super) struct Spare {
    given: Mutex<Given>,
}

#[derive(Default)]
struct Given {
    handles: Vec<(usize, BytesMut)>,
    bytes: usize,
}

/// All connections share theirs: most are silent most of the time.
pub(super) static SPARE: Spare = Spare::new();

impl Spare {
    const fn new() -> Self {
        Self { given: Mutex::new(Given { handles: Vec::new(), bytes: 0 }) }
    }

    /// An empty buffer with room for `room` bytes or more.
    pub fn take(&self, room: usize) -> BytesMut {
        self.free(room).unwrap_or_else(|| BytesMut::with_capacity(room))
    }

    fn free(&self, room: usize) -> Option<BytesMut> {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let Given { handles, bytes } = &mut *given;
        let mut looked = handles.iter_mut().enumerate().rev().take(LOOKS);
        let (at, size) = looked.find_map(|(at, (size, handle))| {
            (*size >= room && handle.try_reclaim(room)).then_some((at, *size))
        })?;
        *bytes -= size;
        Some(handles.remove(at).1)
    }

    /// Takes a buffer of `size` bytes of which pieces may still be in use.
    pub fn give(&self, size: usize, mut handle: BytesMut) {
        handle.clear();
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        given.bytes += size;
        given.handles.push((size, handle));
        // The oldest go first: sizes nobody asks for any more must not keep the others out.
        while given.bytes > MOST_BYTES {
            given.bytes -= given.handles.remove(0).0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_used_again_when_its_last_piece_is_gone() {
        let spare = Spare::new();
        let mut first = spare.take(8192);
        first.extend_from_slice(&[1; 8192]);
        let piece = first.split_to(100).freeze();
        let place = piece.as_ptr();
        spare.give(8192, first);
        assert_ne!(spare.take(8192).as_ptr(), place);
        drop(piece);
        assert!(spare.take(9000).capacity() >= 9000);
        let again = spare.take(8192);
        assert_eq!((again.as_ptr(), again.len()), (place, 0));
    }

    #[test]
    fn what_is_too_small_for_anybody_does_not_stay() {
        let spare = Spare::new();
        (0..600).for_each(|_| spare.give(64 << 10, BytesMut::with_capacity(64 << 10)));
        let large = BytesMut::with_capacity(1 << 20);
        let place = large.as_ptr();
        spare.give(1 << 20, large);
        assert_eq!(spare.take(1 << 20).as_ptr(), place);
        assert!(spare.given.lock().is_ok_and(|given| given.bytes <= MOST_BYTES));
    }
}
