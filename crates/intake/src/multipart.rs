//! A streaming reader of multipart bodies (RFC 2046 §5.1.1, PS3.18 §8.6.1).
//!
//! It does no I/O: [`Multipart::push`] gives it what arrived, [`Multipart::next`] says what is in
//! it. Content comes out as slices of what was pushed. Any number of parts; memory is bounded by
//! one chunk and one part's header lines.

use bytes::{Buf, Bytes, BytesMut};
use memchr::memmem::Finder;

/// Bytes of header lines allowed in one part.
const HEADER_LIMIT: usize = 16 << 10;

/// RFC 2046 §5.1.1 allows 70 characters of boundary; Orthanc sends 73.
const BOUNDARY_LIMIT: usize = 250;

/// What is wrong with a multipart body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MultipartError {
    /// The `boundary` parameter is missing, empty or too long.
    #[error("the Content-Type needs a boundary of 1 to 250 characters")]
    Boundary,
    /// Something else than a line end follows a boundary.
    #[error("a boundary is not followed by a line end")]
    AfterBoundary,
    /// More than 16 KiB of header lines in a part.
    #[error("the header lines of a part are longer than 16384 bytes")]
    HeaderTooLong,
    /// A header line without a colon, or not in UTF-8.
    #[error("a header line of a part can't be read")]
    Header,
    /// The body ended before its last boundary.
    #[error("the body ends before its last boundary")]
    Truncated,
}

/// The header lines of one part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartHead {
    lines: Vec<(String, String)>,
}

impl PartHead {
    /// A header's value, its name without regard to case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let line = self.lines.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        line.map(|(_, value)| value.as_str())
    }

    /// `type/subtype` of the part in lower case, without parameters.
    #[must_use]
    pub fn media_type(&self) -> Option<String> {
        self.get("content-type").map(media_type)
    }
}

/// `type/subtype` in lower case, without parameters.
#[must_use]
pub fn media_type(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// A parameter of a `Content-Type`, unquoted; its name without regard to case (RFC 9110 §5.6.6).
#[must_use]
pub fn parameter(content_type: &str, name: &str) -> Option<String> {
    let mut rest = &content_type[content_type.find(';')? + 1..];
    loop {
        let (key, after) = rest.split_once('=')?;
        let (value, tail) = parameter_value(after.trim_start());
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = &tail[tail.find(';')? + 1..];
    }
}

/// A token or quoted string at the start of `text`, and what follows it.
fn parameter_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        return (text[..end].trim().into(), &text[end..]);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            _ => value.push(c),
        }
    }
    (value, "")
}

/// What comes next in a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A part begins.
    Part(PartHead),
    /// Content of the part.
    Content(Bytes),
    /// The part is complete.
    PartEnd,
    /// The body is complete; whatever follows is ignored.
    End,
    /// Nothing more until more is pushed.
    NeedMore,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the very start, where a boundary needs no line end before it.
    Start,
    /// In text before the first boundary, which is ignored.
    Preamble,
    /// Behind a boundary.
    AfterBoundary,
    /// In a part's header lines.
    Headers,
    /// Right behind the header lines, where the content may be empty.
    ContentStart,
    /// In a part's content.
    Content,
    /// Behind the last boundary.
    Done,
}

/// A multipart body being read.
#[derive(Debug)]
pub struct Multipart {
    /// Line end, two hyphens and the boundary. The line end is LF until the first boundary shows
    /// that the sender writes CR LF, as it should.
    delimiter: Finder<'static>,
    dashes: Vec<u8>,
    buffer: Bytes,
    state: State,
}

impl Multipart {
    /// A body with this boundary.
    ///
    /// # Errors
    /// [`MultipartError::Boundary`] when it is empty or too long.
    pub fn new(boundary: &str) -> Result<Self, MultipartError> {
        if boundary.is_empty() || boundary.len() > BOUNDARY_LIMIT {
            return Err(MultipartError::Boundary);
        }
        let delimiter = Finder::new(format!("\n--{boundary}").as_bytes()).into_owned();
        let dashes = format!("--{boundary}").into_bytes();
        Ok(Self { delimiter, dashes, buffer: Bytes::new(), state: State::Start })
    }

    /// A body whose `Content-Type` this is.
    ///
    /// # Errors
    /// [`MultipartError::Boundary`] when it names none.
    pub fn of_content_type(content_type: &str) -> Result<Self, MultipartError> {
        Self::new(&parameter(content_type, "boundary").ok_or(MultipartError::Boundary)?)
    }

    /// Adds what arrived.
    pub fn push(&mut self, chunk: Bytes) {
        if self.state == State::Done {
            return;
        }
        if self.buffer.is_empty() {
            self.buffer = chunk;
            return;
        }
        let mut joined = BytesMut::with_capacity(self.buffer.len() + chunk.len());
        joined.extend_from_slice(&self.buffer);
        joined.extend_from_slice(&chunk);
        self.buffer = joined.freeze();
    }

    /// What comes next.
    ///
    /// # Errors
    /// [`MultipartError`]; nothing more can be read then.
    #[expect(clippy::should_implement_trait, reason = "it yields errors and never ends by itself")]
    pub fn next(&mut self) -> Result<Event, MultipartError> {
        loop {
            let step = match self.state {
                State::Start => self.start(),
                State::Preamble => self.preamble(),
                State::AfterBoundary => self.after_boundary()?,
                State::Headers => self.headers()?,
                State::ContentStart => self.content_start(),
                State::Content => Some(self.content()),
                State::Done => Some(Event::End),
            };
            if let Some(event) = step {
                return Ok(event);
            }
        }
    }

    /// Says that nothing more will arrive.
    ///
    /// # Errors
    /// [`MultipartError::Truncated`] when the last boundary was not seen.
    pub fn finish(&self) -> Result<(), MultipartError> {
        if self.state == State::Done { Ok(()) } else { Err(MultipartError::Truncated) }
    }

    /// Goes on to `state`, behind `used` bytes.
    fn advance(&mut self, used: usize, state: State) -> Option<Event> {
        self.buffer.advance(used);
        self.state = state;
        None
    }

    fn start(&mut self) -> Option<Event> {
        if self.buffer.starts_with(&self.dashes) {
            return self.advance(self.dashes.len(), State::AfterBoundary);
        }
        if self.dashes.starts_with(&self.buffer) {
            return Some(Event::NeedMore);
        }
        self.advance(0, State::Preamble)
    }

    fn preamble(&mut self) -> Option<Event> {
        if let Some(at) = self.delimiter.find(&self.buffer) {
            return self.advance(at + self.delimiter.needle().len(), State::AfterBoundary);
        }
        let keep = self.tail();
        self.buffer.advance(self.buffer.len() - keep);
        Some(Event::NeedMore)
    }

    /// A line end begins a part, two hyphens end the body; blanks between are padding.
    fn after_boundary(&mut self) -> Result<Option<Event>, MultipartError> {
        if self.buffer.starts_with(b"--") {
            self.buffer.clear();
            self.state = State::Done;
            return Ok(Some(Event::End));
        }
        let padding = self.buffer.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        match &self.buffer[padding..] {
            [b'\r', b'\n', ..] => {
                self.expect_cr_lf();
                Ok(self.advance(padding + 2, State::Headers))
            }
            [b'\n', ..] => Ok(self.advance(padding + 1, State::Headers)),
            [] | [b'\r'] if padding < HEADER_LIMIT => Ok(Some(Event::NeedMore)),
            [b'-'] if padding == 0 => Ok(Some(Event::NeedMore)),
            _ => Err(MultipartError::AfterBoundary),
        }
    }

    fn headers(&mut self) -> Result<Option<Event>, MultipartError> {
        let Some((lines, used)) = header_block(&self.buffer) else {
            if self.buffer.len() > HEADER_LIMIT {
                return Err(MultipartError::HeaderTooLong);
            }
            return Ok(Some(Event::NeedMore));
        };
        let head = parse_head(&self.buffer[..lines])?;
        self.advance(used, State::ContentStart);
        Ok(Some(Event::Part(head)))
    }

    /// Some senders let the blank line behind the headers be the line end before a boundary.
    fn content_start(&mut self) -> Option<Event> {
        if self.buffer.starts_with(&self.dashes) {
            self.advance(self.dashes.len(), State::AfterBoundary);
            return Some(Event::PartEnd);
        }
        if self.dashes.starts_with(&self.buffer) {
            return Some(Event::NeedMore);
        }
        self.advance(0, State::Content)
    }

    fn content(&mut self) -> Event {
        match self.delimiter.find(&self.buffer) {
            Some(0) => {
                self.advance(self.delimiter.needle().len(), State::AfterBoundary);
                Event::PartEnd
            }
            Some(at) => Event::Content(self.buffer.split_to(at)),
            None => match self.buffer.len() - self.tail() {
                0 => Event::NeedMore,
                sure => Event::Content(self.buffer.split_to(sure)),
            },
        }
    }

    /// How many bytes at the buffer's end may be the start of a delimiter.
    fn tail(&self) -> usize {
        let needle = self.delimiter.needle();
        let longest = needle.len().min(self.buffer.len());
        (1..=longest).rev().find(|&n| self.buffer.ends_with(&needle[..n])).unwrap_or(0)
    }

    fn expect_cr_lf(&mut self) {
        if self.delimiter.needle()[0] == b'\n' {
            let needle = [b"\r\n", self.dashes.as_slice()].concat();
            self.delimiter = Finder::new(&needle).into_owned();
        }
    }
}

/// Where the header lines end (before the blank line, behind it), once the blank line is there.
fn header_block(buffer: &[u8]) -> Option<(usize, usize)> {
    let mut start = 0;
    for at in memchr::memchr_iter(b'\n', &buffer[..buffer.len().min(HEADER_LIMIT + 4)]) {
        if matches!(&buffer[start..at], [] | [b'\r']) {
            return Some((start, at + 1));
        }
        start = at + 1;
    }
    None
}

fn parse_head(lines: &[u8]) -> Result<PartHead, MultipartError> {
    let text = std::str::from_utf8(lines).map_err(|_| MultipartError::Header)?;
    let mut head = PartHead::default();
    for line in text.lines() {
        if let (true, Some((_, value))) = (line.starts_with([' ', '\t']), head.lines.last_mut()) {
            value.push(' ');
            value.push_str(line.trim());
            continue;
        }
        let (name, value) = line.split_once(':').ok_or(MultipartError::Header)?;
        head.lines.push((name.trim().into(), value.trim().into()));
    }
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Parts = Vec<(Option<String>, Vec<u8>)>;

    /// Everything in a body that arrives in chunks of `size` bytes.
    fn read(body: &[u8], size: usize) -> Result<Parts, MultipartError> {
        let mut multipart = Multipart::new("B-1")?;
        let mut parts = Parts::new();
        for chunk in body.chunks(size) {
            multipart.push(Bytes::copy_from_slice(chunk));
            loop {
                match multipart.next()? {
                    Event::Part(head) => parts.push((head.media_type(), Vec::new())),
                    Event::Content(bytes) => {
                        if let Some((_, content)) = parts.last_mut() {
                            content.extend_from_slice(&bytes);
                        }
                    }
                    Event::PartEnd => {}
                    Event::End | Event::NeedMore => break,
                }
            }
        }
        multipart.finish().map(|()| parts)
    }

    fn each_size(body: &[u8], expected: &[(&str, &[u8])]) {
        let expected: Parts = expected.iter().map(|(t, c)| (Some((*t).into()), c.to_vec())).collect();
        for size in 1..=body.len() {
            assert_eq!(read(body, size).as_ref(), Ok(&expected), "chunks of {size}");
        }
    }

    #[test]
    fn parts_are_the_same_however_they_arrive() {
        let body = b"ignored\r\n--B-1 \t\r\nContent-Type: Application/DICOM;\r\n x=1\r\n\r\n\
            a\r\n--B-\r\nb\r\n--B-1\r\ncontent-type:text/x\r\n\r\n\r\n\r\n--B-1--\r\nepilogue";
        each_size(body, &[("application/dicom", b"a\r\n--B-\r\nb"), ("text/x", b"\r\n")]);
    }

    #[test]
    fn empty_parts_are_parts() {
        let body = b"--B-1\r\nContent-Type: a/b\r\n\r\n\r\n--B-1\r\nContent-Type: a/b\r\n\r\n--B-1--";
        each_size(body, &[("a/b", b""), ("a/b", b"")]);
    }

    #[test]
    fn bare_line_feeds_are_understood() {
        let body = b"--B-1\nContent-Type: a/b\n\nx\r\n--B-1--\n";
        each_size(body, &[("a/b", b"x\r")]);
    }

    #[test]
    fn a_body_cut_short_is_told() {
        let body = b"--B-1\r\nContent-Type: a/b\r\n\r\nabc\r\n--B-1";
        for end in 0..=body.len() {
            assert_eq!(read(&body[..end], 5), Err(MultipartError::Truncated), "cut at {end}");
        }
    }

    #[test]
    fn endless_header_lines_are_refused() {
        let mut body = b"--B-1\r\n".to_vec();
        body.extend(b"X: yyyyyyyyyyyyyyyyyyyy\r\n".repeat(1000));
        assert_eq!(read(&body, 512), Err(MultipartError::HeaderTooLong));
    }

    #[test]
    fn boundaries_may_be_quoted() {
        let content_type = r#"multipart/related; type="application/dicom"; Boundary="a b\"c;" "#;
        assert_eq!(parameter(content_type, "boundary").as_deref(), Some("a b\"c;"));
        assert_eq!(parameter(content_type, "TYPE").as_deref(), Some("application/dicom"));
        assert_eq!(parameter("text/plain", "boundary"), None);
    }
}
