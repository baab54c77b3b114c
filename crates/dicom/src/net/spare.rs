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
        Some(handles.swap_remove(at).1)
    }

    /// Takes a buffer of `size` bytes of which pieces may still be in use.
    pub fn give(&self, size: usize, mut handle: BytesMut) {
        handle.clear();
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        if size > 0 && given.bytes + size <= MOST_BYTES {
            given.bytes += size;
            given.handles.push((size, handle));
        }
    }
}
