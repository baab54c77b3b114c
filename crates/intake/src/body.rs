//! The bytes of a file on its way in: in memory while small, on disk once large.

use crate::shelf::{LargeEntry, ShelfError};
use bytes::{Bytes, BytesMut};

/// What has arrived so far, readable from any offset.
pub(crate) enum Body {
    /// All of it, in the pieces in which it came.
    Memory(Vec<Bytes>),
    /// On the shelf's disk, not yet durable.
    Disk(Box<dyn LargeEntry>),
}

impl Body {
    /// Up to `length` bytes from `offset` on; fewer only at the end.
    pub(crate) async fn read(&mut self, offset: u64, length: usize) -> Result<Bytes, ShelfError> {
        match self {
            Self::Memory(pieces) => Ok(cut(pieces, offset, length)),
            Self::Disk(entry) => entry.read_back(offset, length).await,
        }
    }
}

/// A range of `pieces`: without copying when it lies in one of them.
fn cut(pieces: &[Bytes], offset: u64, length: usize) -> Bytes {
    let mut skip = offset;
    for (at, piece) in pieces.iter().enumerate() {
        let size = piece.len() as u64;
        if skip < size {
            let start = skip as usize;
            return match piece.len() - start {
                rest if rest >= length => piece.slice(start..start + length),
                _ if at + 1 == pieces.len() => piece.slice(start..),
                _ => gather(&pieces[at..], start, length),
            };
        }
        skip -= size;
    }
    Bytes::new()
}

fn gather(pieces: &[Bytes], start: usize, length: usize) -> Bytes {
    let available: usize = pieces.iter().map(Bytes::len).sum::<usize>() - start;
    let mut out = BytesMut::with_capacity(length.min(available));
    let mut skip = start;
    for piece in pieces {
        let take = (length - out.len()).min(piece.len() - skip);
        out.extend_from_slice(&piece[skip..skip + take]);
        skip = 0;
        if out.len() == length {
            break;
        }
    }
    out.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_reads_as_if_in_one_piece() {
        let whole: Vec<u8> = (0..50).collect();
        let pieces: Vec<Bytes> =
            [0..7, 7..7, 7..20, 20..50].map(|r| Bytes::copy_from_slice(&whole[r])).into();
        for offset in 0..52 {
            for length in 0..55 {
                let end = (offset + length).min(50);
                let expected = whole.get(offset..end).unwrap_or_default();
                assert_eq!(cut(&pieces, offset as u64, length), expected, "{offset}+{length}");
            }
        }
    }
}
