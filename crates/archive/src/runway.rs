//! Zeros laid out and flushed ahead of where the common segment ends. An append that makes a file longer is
//! durable only with the file system's journal; one that lands on zeros is durable with its own bytes, in a
//! fraction of the time. Two blocks of zeros end a tar, so what follows them is nothing to any reader.

use crate::disk::DiskFile;
use std::io::{self, IoSlice};
use std::time::Duration;

/// Bytes laid out at a time.
const LENGTH: u64 = 4 << 20;

/// Batches longer than this take long by their bytes: writing them twice would cost more than it saves.
const LONGEST_BATCH: u64 = 256 << 10;

/// A flush that takes less than this has no journal to wait for (tmpfs, a disk with its own battery).
const FREE: Duration = Duration::from_micros(100);

static ZEROS: [u8; 64 << 10] = [0; 64 << 10];

/// How far the file that is appended to is laid out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Runway {
    end: u64,
    /// The last flush of a file that had become longer.
    growing: Duration,
}

impl Runway {
    /// None yet, for a file of this length.
    pub const fn none(length: u64) -> Self {
        Self { end: length, growing: Duration::ZERO }
    }

    /// Where the file ends.
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// To be called when a batch up to `to` has been written: lays out more behind it if the batch made the file
    /// longer, and if it is worth while; never beyond `most`. Says whether the file has grown.
    pub fn reach(&mut self, file: &mut dyn DiskFile, from: u64, to: u64, most: u64) -> bool {
        if to <= self.end {
            return false;
        }
        self.end = to;
        let length = LENGTH.min(most.saturating_sub(to));
        if length > 0 && to - from <= LONGEST_BATCH && self.growing > FREE {
            match lay(file, to, length) {
                Ok(()) => self.end = to + length,
                // A full disk, perhaps: what is left of it is for the originals. What can't be cut is cut at the end.
                Err(_) => drop(file.truncate(to)),
            }
        }
        true
    }

    /// Notes how long a flush took that made the file longer.
    pub const fn grew_in(&mut self, time: Duration) {
        self.growing = time;
    }

    /// The file was cut.
    pub const fn cut(&mut self, length: u64) {
        self.end = length;
    }
}

fn lay(file: &mut dyn DiskFile, at: u64, length: u64) -> io::Result<()> {
    let mut slices = Vec::new();
    let mut left = length as usize;
    while left > 0 {
        let part = left.min(ZEROS.len());
        slices.push(IoSlice::new(&ZEROS[..part]));
        left -= part;
    }
    file.write_at(at, &mut slices)
}

/// Where the last byte between `from` and `end` lies that isn't zero, and one more; `from` if there is none.
pub(crate) fn written_end(
    read: impl Fn(&mut [u8], u64) -> io::Result<()>,
    from: u64,
    end: u64,
) -> io::Result<u64> {
    let mut buffer = vec![0; 256 << 10];
    let mut upper = end;
    while upper > from {
        let lower = upper.saturating_sub(buffer.len() as u64).max(from);
        let part = &mut buffer[..(upper - lower) as usize];
        read(part, lower)?;
        if let Some(last) = part.iter().rposition(|byte| *byte != 0) {
            return Ok(lower + last as u64 + 1);
        }
        upper = lower;
    }
    Ok(from)
}
