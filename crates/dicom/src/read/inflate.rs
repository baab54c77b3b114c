//! Deflated data sets (PS3.5 §A.5), inflated only as far as the reader needs.

use super::{ReadError, ReadOptions};
use bytes::Bytes;
use flate2::{Decompress, FlushDecompress, Status};

/// Images are full of equal pixels and headers are small, so a high ratio is honest; a thousand to one
/// for hundreds of megabytes is not.
const MAX_RATIO: usize = 250;
const ALWAYS_ALLOWED: usize = 16 << 20;
const FIRST_STEP: usize = 64 << 10;

/// Inflates and reads in turns: first a little, then ever more while `read` says it needs more.
/// `read` is given the bytes so far and how many there are in all (`u64::MAX` while unknown).
pub(crate) fn inflate_until<T>(
    deflated: &[u8],
    opts: &ReadOptions,
    mut read: impl FnMut(&Bytes, u64) -> Result<T, ReadError>,
) -> Result<T, ReadError> {
    let (stream, limit) = (Decompress::new(false), limit(deflated, opts));
    let mut inflater = Inflater { stream, input: deflated, out: Vec::new(), limit };
    let mut wanted = FIRST_STEP.max(deflated.len());
    loop {
        let ended = inflater.fill(wanted)?;
        let whole = if ended { inflater.out.len() as u64 } else { u64::MAX };
        let so_far = Bytes::from(std::mem::take(&mut inflater.out));
        match read(&so_far, whole) {
            Err(ReadError::NeedMore { at_least }) if !ended => {
                wanted = usize::try_from(at_least).unwrap_or(usize::MAX).max(so_far.len().saturating_mul(2));
                inflater.out = so_far.into();
            }
            outcome => return outcome,
        }
    }
}

/// Whether a deflated stream is whole: ends with its end mark, within the limits. Keeps nothing of it.
pub(crate) fn stream_ends(mut deflated: &[u8], opts: &ReadOptions) -> bool {
    let limit = limit(deflated, opts) as u64;
    let mut stream = Decompress::new(false);
    let mut scratch = vec![0; FIRST_STEP];
    while stream.total_out() <= limit {
        let (in_before, out_before) = (stream.total_in(), stream.total_out());
        let Ok(status) = stream.decompress(deflated, &mut scratch, FlushDecompress::None) else {
            return false;
        };
        let used = (stream.total_in() - in_before) as usize;
        deflated = &deflated[used..];
        if status == Status::StreamEnd {
            return true;
        }
        if used == 0 && stream.total_out() == out_before {
            return false;
        }
    }
    false
}

fn limit(deflated: &[u8], opts: &ReadOptions) -> usize {
    deflated.len().saturating_mul(MAX_RATIO).max(ALWAYS_ALLOWED).min(opts.max_inflated)
}

struct Inflater<'a> {
    stream: Decompress,
    input: &'a [u8],
    out: Vec<u8>,
    limit: usize,
}

impl Inflater<'_> {
    /// Inflates until there are `wanted` bytes; true if that was all.
    fn fill(&mut self, wanted: usize) -> Result<bool, ReadError> {
        while self.out.len() < wanted {
            if self.out.len() >= self.limit {
                return Err(ReadError::InflatesTooFar { max: self.limit });
            }
            let step = self.out.len().clamp(FIRST_STEP, 4 << 20).min(self.limit - self.out.len());
            self.out.reserve(step);
            if self.step()? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn step(&mut self) -> Result<bool, ReadError> {
        let (in_before, out_before) = (self.stream.total_in(), self.out.len());
        let outcome = self.stream.decompress_vec(self.input, &mut self.out, FlushDecompress::None);
        let status = outcome.map_err(|_| ReadError::Deflate)?;
        let used = usize::try_from(self.stream.total_in() - in_before).map_err(|_| ReadError::Deflate)?;
        self.input = &self.input[used..];
        let stuck = used == 0 && self.out.len() == out_before;
        match status {
            Status::StreamEnd => Ok(true),
            // The stream ends without its end mark: what there is may still be read.
            _ if stuck => Ok(true),
            _ => Ok(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::DeflateEncoder};
    use std::io::Write;

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("a vector takes all");
        encoder.finish().expect("a vector takes all")
    }

    #[test]
    fn inflates_no_further_than_asked() {
        let bytes = deflated(&vec![7; 4 << 20]);
        let seen = inflate_until(&bytes, &ReadOptions::default(), |so_far, _| Ok(so_far.len()));
        assert!(seen.is_ok_and(|len| len < 1 << 20));
    }

    #[test]
    fn a_bomb_is_refused() {
        let bytes = deflated(&vec![0; 64 << 20]);
        let all = inflate_until(&bytes, &ReadOptions::default(), |so_far, whole| {
            let at_least = so_far.len() as u64 + 1;
            if whole == u64::MAX { Err(ReadError::NeedMore { at_least }) } else { Ok(()) }
        });
        assert_eq!(all, Err(ReadError::InflatesTooFar { max: 16 << 20 }));
    }
}
