//! The Minimal Lower Layer Protocol (MLLP release 1): a message between `0x0B` and `0x1C 0x0D`.

/// Begins a frame (SB).
pub const START: u8 = 0x0B;
/// Ends a frame's content (EB); a carriage return follows.
pub const END: u8 = 0x1C;

/// What the bytes of a connection hold, frame by frame, however they arrive.
pub struct Frames {
    bytes: Vec<u8>,
    /// Up to here nothing was found that ends anything.
    seen: usize,
    inside: bool,
    /// The rest of a frame that is too large is passed over.
    skipping: bool,
    limit: usize,
}

/// What is wrong with what arrived. The next frame is looked for behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Bytes before a frame's start.
    #[error("{0} bytes outside of a frame")]
    Outside(usize),
    /// A frame began before the one before it had ended.
    #[error("a frame was cut off after {0} bytes by the start of another")]
    Cut(usize),
    /// A frame is larger than is taken here.
    #[error("a frame of more than {0} bytes")]
    TooLarge(usize),
}

impl Frames {
    /// For frames of at most this many bytes.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self { bytes: Vec::new(), seen: 0, inside: false, skipping: false, limit }
    }

    /// Adds what has arrived.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Bytes that are held of what has not ended yet.
    #[must_use]
    pub fn held(&self) -> usize {
        self.bytes.len()
    }

    /// True while a frame has begun and not ended.
    #[must_use]
    pub const fn is_inside(&self) -> bool {
        self.inside
    }

    /// The content of the next whole frame; none until more has arrived.
    ///
    /// # Errors
    /// [`FrameError`]; call again for what follows.
    pub fn next_frame(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        if !self.inside && !self.begin()? {
            return Ok(None);
        }
        while let Some(found) = self.bytes[self.seen..].iter().position(|byte| matches!(*byte, START | END)) {
            let at = self.seen + found;
            match self.mark(at) {
                Mark::End(length) => return self.finish(at, length),
                Mark::Start => return Err(self.cut_off(at)),
                Mark::Unclear => {
                    self.seen = at;
                    return self.check_size().map(|()| None);
                }
                Mark::Content => self.seen = at + 1,
            }
        }
        self.seen = self.bytes.len();
        self.check_size().map(|()| None)
    }

    /// Looks for a start; true when one is found.
    fn begin(&mut self) -> Result<bool, FrameError> {
        let start = self.bytes.iter().position(|byte| *byte == START);
        let before = start.unwrap_or(self.bytes.len());
        // Line ends and a second end between frames are habits, not errors.
        let stray = self.bytes[..before].iter().filter(|byte| !byte.is_ascii_whitespace() && **byte != END);
        let stray = stray.count();
        self.bytes.drain(..before + usize::from(start.is_some()));
        (self.inside, self.seen) = (start.is_some(), 0);
        if stray > 0 { Err(FrameError::Outside(stray)) } else { Ok(self.inside) }
    }

    fn mark(&self, at: usize) -> Mark {
        let behind = &self.bytes[at + 1..];
        match (self.bytes[at], behind) {
            (_, []) => Mark::Unclear,
            (END, [b'\r', ..]) => Mark::End(2),
            // Some leave the carriage return out, or write a line feed.
            (END, [START | b'\n', ..]) => Mark::End(1),
            (END, _) => Mark::Content,
            // A vertical tab within text is no start; a header behind it makes it one.
            (_, [b'M' | b'F' | b'B', b'S' | b'H', b'H' | b'S', ..]) => Mark::Start,
            (_, [b'M' | b'F' | b'B']) | (_, [b'M' | b'F' | b'B', b'S' | b'H']) => Mark::Unclear,
            _ => Mark::Content,
        }
    }

    fn finish(&mut self, at: usize, length: usize) -> Result<Option<Vec<u8>>, FrameError> {
        let skipped = std::mem::take(&mut self.skipping);
        let rest = self.bytes.split_off(at + length);
        let mut frame = std::mem::replace(&mut self.bytes, rest);
        frame.truncate(at);
        (self.inside, self.seen) = (false, 0);
        match (skipped, frame.len() > self.limit) {
            (true, _) => self.next_frame(),
            (false, true) => Err(FrameError::TooLarge(self.limit)),
            _ => Ok(Some(frame)),
        }
    }

    fn cut_off(&mut self, at: usize) -> FrameError {
        self.skipping = false;
        self.bytes.drain(..=at);
        self.seen = 0;
        FrameError::Cut(at)
    }

    /// Memory is bounded: what is too large isn't kept until its end.
    fn check_size(&mut self) -> Result<(), FrameError> {
        if self.seen <= self.limit && !self.skipping {
            return Ok(());
        }
        self.bytes.drain(..self.seen);
        self.seen = 0;
        if std::mem::replace(&mut self.skipping, true) {
            Ok(())
        } else {
            Err(FrameError::TooLarge(self.limit))
        }
    }
}

enum Mark {
    End(usize),
    Start,
    Content,
    /// What follows decides, and isn't there yet.
    Unclear,
}

/// A message in its frame.
#[must_use]
pub fn framed(message: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(message.len() + 3);
    frame.push(START);
    frame.extend_from_slice(message);
    frame.extend_from_slice(&[END, b'\r']);
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All frames and errors, fed in pieces of a size.
    fn all(bytes: &[u8], piece: usize, limit: usize) -> Vec<Result<String, FrameError>> {
        let mut frames = Frames::new(limit);
        let mut found = Vec::new();
        for piece in bytes.chunks(piece) {
            frames.push(piece);
            loop {
                match frames.next_frame() {
                    Ok(Some(frame)) => found.push(Ok(String::from_utf8_lossy(&frame).into_owned())),
                    Ok(None) => break,
                    Err(error) => found.push(Err(error)),
                }
            }
        }
        found
    }

    #[test]
    fn frames_however_they_arrive() {
        let bytes = b"\x0bMSH|1\r\x1c\r\x0bMSH|2 \x0b \x1c!\x1c\r\r\n\x0b\x1c\r";
        for piece in 1..bytes.len() {
            let found = all(bytes, piece, 100);
            let want = ["MSH|1\r", "MSH|2 \u{b} \u{1c}!", ""].map(|text| Ok(text.to_owned()));
            assert_eq!(found, want, "in pieces of {piece}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_and_passed_over() {
        let found = all(b"GET /\x0bMSH|1\x0bMSH|2\x1c\x0bMSH|3\x1c\r", 99, 100);
        let want =
            [Err(FrameError::Outside(4)), Err(FrameError::Cut(5)), Ok("MSH|2".into()), Ok("MSH|3".into())];
        assert_eq!(found, want);
    }

    #[test]
    fn large_frames_take_no_memory() {
        let mut bytes = vec![START];
        bytes.extend(b"x".repeat(1000));
        bytes.extend(b"\x1c\r\x0bMSH|2\x1c\r");
        for piece in [1, 7, 2000] {
            let found = all(&bytes, piece, 100);
            assert_eq!(found, [Err(FrameError::TooLarge(100)), Ok("MSH|2".into())], "in pieces of {piece}");
        }
    }

    #[test]
    fn what_is_framed_is_read_again() {
        assert_eq!(all(&framed(b"MSH|1"), 3, 10), [Ok("MSH|1".into())]);
    }
}
