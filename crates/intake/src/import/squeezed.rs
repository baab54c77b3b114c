//! Compressed streams: gzip (RFC 1952) and Zstandard (RFC 8878), of as many pieces as there are.

use crate::sniff::Looks;
use flate2::read::MultiGzDecoder;
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};
use std::io::{self, BufRead, BufReader, Read};

/// Compressed bytes read at a time.
const AT_ONCE: usize = 256 << 10;

/// How a stream is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Squeezed {
    Gzip,
    Zstd,
}

impl Squeezed {
    pub(super) const fn of(looks: Looks) -> Option<Self> {
        match looks {
            Looks::Gzip => Some(Self::Gzip),
            Looks::Zstd => Some(Self::Zstd),
            _ => None,
        }
    }

    /// What is inside.
    pub(super) fn open<'r>(self, packed: impl Read + 'r) -> Box<dyn Read + 'r> {
        let packed = BufReader::with_capacity(AT_ONCE, packed);
        match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(packed)),
            Self::Zstd => Box::new(Frames { state: State::Between(packed) }),
        }
    }
}

/// The frames of a Zstandard stream, one after another.
struct Frames<R: BufRead> {
    state: State<R>,
}

enum State<R: BufRead> {
    Between(R),
    Inside(Box<StreamingDecoder<R, FrameDecoder>>),
    Over,
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.state, State::Over) {
                State::Over => return Ok(0),
                State::Between(mut packed) => {
                    if packed.fill_buf()?.is_empty() {
                        return Ok(0);
                    }
                    let frame = StreamingDecoder::new(packed).map_err(damaged)?;
                    self.state = State::Inside(Box::new(frame));
                }
                State::Inside(mut frame) => {
                    let read = frame.read(buffer).map_err(damaged)?;
                    if read > 0 || buffer.is_empty() {
                        self.state = State::Inside(frame);
                        return Ok(read);
                    }
                    self.state = State::Between(frame.into_inner());
                }
            }
        }
    }
}

fn damaged(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
