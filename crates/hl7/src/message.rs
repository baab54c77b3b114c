//! One message: its header, its segments, and how they are cut (v2.9 §2.5).

use crate::charset::{self, Charset, Decoded};
use crate::{Delimiters, Part, Problem, Refusal};

/// A message in memory. It holds its text once; segments, fields and the rest are looked up in it.
pub struct Message {
    text: String,
    delimiters: Delimiters,
    charset: Charset,
    spans: Vec<Span>,
    remark: Option<&'static str>,
}

struct Span {
    from: usize,
    to: usize,
    nth: usize,
}

/// A message of more segments is refused; the largest real ones have a few thousand.
const MOST_SEGMENTS: usize = 20_000;

/// Segments that have no fields, and so no delimiter behind their name.
const BARE: [&str; 3] = ["DSC", "BTS", "FTS"];

impl Message {
    /// Reads one message: segments ended by CR, LF or both; a line that doesn't begin as a segment does belongs to
    /// the field before it, as free text with line ends of its own is sent.
    ///
    /// # Errors
    /// [`Refusal`] when there is no header, when it names no delimiters, or for an endless number of segments.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let wide = charset::from_utf16(bytes);
        let decoded = match &wide {
            Some(text) => whole(text.as_bytes(), &["UNICODE UTF-8".into()])?,
            None => whole(bytes, &[])?,
        };
        let header = decoded.text.lines().next().unwrap_or_default();
        let delimiters = Delimiters::of_header(header.split('\r').next().unwrap_or_default());
        let delimiters = delimiters.ok_or_else(|| Refusal::at("MSH-2", Problem::NoDelimiters))?;
        let spans = spans(&decoded.text, delimiters.field)?;
        let Decoded { text, charset, remark } = decoded;
        Ok(Self { text, delimiters, charset, spans, remark })
    }

    /// The delimiters it uses.
    #[must_use]
    pub const fn delimiters(&self) -> &Delimiters {
        &self.delimiters
    }

    /// The character set it was read with.
    #[must_use]
    pub const fn charset(&self) -> Charset {
        self.charset
    }

    /// What a person should know of how its text was read.
    #[must_use]
    pub const fn remark(&self) -> Option<&'static str> {
        self.remark
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> Segment<'_> {
        Segment {
            message: self,
            index: 0,
            nth: 1,
            text: self.spans.first().map_or("MSH", |span| self.cut(span)),
        }
    }

    /// All segments in order, the header too.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        let all = self.spans.iter().enumerate();
        all.map(|(index, span)| Segment { message: self, index, nth: span.nth, text: self.cut(span) })
    }

    /// How many segments it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.spans.len()
    }

    /// Never true: a message without a header is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    fn cut(&self, span: &Span) -> &str {
        &self.text[span.from..span.to]
    }
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Message({} segments)", self.spans.len())
    }
}

/// Decodes all of it, by what its header says about characters.
fn whole(bytes: &[u8], names: &[String]) -> Result<Decoded, Refusal> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != 0x0B);
    let bytes = &bytes[start.unwrap_or(bytes.len())..];
    if !bytes.starts_with(b"MSH") {
        return Err(Refusal::at("MSH", Problem::NoHeader));
    }
    let end = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(bytes.len());
    let (named, escape) = said_of_characters(&bytes[..end]);
    Ok(charset::decode(bytes, if names.is_empty() { &named } else { names }, escape))
}

/// MSH-18, and the escape character, from the bytes of the header.
fn said_of_characters(header: &[u8]) -> (Vec<String>, Option<u8>) {
    let Some(mark) = header.get(3) else { return (Vec::new(), None) };
    let mut fields = header.split(|byte| byte == mark);
    let marks = fields.nth(1).unwrap_or_default();
    let between = marks.get(1).copied();
    let named = fields.nth(15).unwrap_or_default().split(|byte| Some(*byte) == between);
    let named = named.take(10).map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
    (named, marks.get(2).copied())
}

/// Where the segments are. Line ends within one stay in it.
fn spans(text: &str, field: char) -> Result<Vec<Span>, Refusal> {
    let mut spans: Vec<Span> = Vec::new();
    let mut counts = std::collections::HashMap::<&str, usize>::new();
    let mut at = 0;
    for line in text.split_inclusive(['\r', '\n']) {
        let (from, to) = (at, at + line.trim_end_matches(['\r', '\n', '\u{1c}']).len());
        at += line.len();
        match segment_id(&text[from..to], field) {
            Some(id) => {
                let nth = counts.entry(id).and_modify(|count| *count += 1).or_insert(1);
                spans.push(Span { from, to, nth: *nth });
            }
            None if to > from => spans.last_mut().into_iter().for_each(|last| last.to = to),
            None => {}
        }
        if spans.len() > MOST_SEGMENTS {
            return Err(Refusal::at("MSH", Problem::TooManySegments));
        }
    }
    Ok(spans)
}

/// The name of the segment that a line begins, if it begins one.
fn segment_id(line: &str, field: char) -> Option<&str> {
    let id = line.get(..3)?;
    let named = id.starts_with(|first: char| first.is_ascii_uppercase())
        && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let rest = &line[3..];
    let cut = rest.starts_with(field) || (rest.trim().is_empty() && BARE.contains(&id));
    (named && cut).then_some(id)
}

/// One segment of a message.
#[derive(Clone, Copy)]
pub struct Segment<'m> {
    message: &'m Message,
    index: usize,
    nth: usize,
    text: &'m str,
}

impl<'m> Segment<'m> {
    /// Its three characters: `PID`.
    #[must_use]
    pub fn id(&self) -> &'m str {
        &self.text[..3]
    }

    /// Its position in the message, from zero.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// Where it stands: `OBR[2]`; the first of a name without a number.
    #[must_use]
    pub fn place(&self) -> String {
        if self.nth == 1 { self.id().into() } else { format!("{}[{}]", self.id(), self.nth) }
    }

    /// Where one of its fields stands: `OBR[2]-4`.
    #[must_use]
    pub fn field_place(&self, number: usize) -> String {
        format!("{}-{number}", self.place())
    }

    /// A field by its number. Of a header, the first is the delimiter itself.
    #[must_use]
    pub fn field(&self, number: usize) -> Part<'m> {
        let header = matches!(self.id(), "MSH" | "FHS" | "BHS");
        let raw = match number {
            0 => "",
            1 if header => {
                self.text[3..].split_inclusive(self.message.delimiters.field).next().unwrap_or_default()
            }
            _ => {
                let skipped = number - usize::from(header);
                self.text.split(self.message.delimiters.field).nth(skipped).unwrap_or_default()
            }
        };
        Part::new(self.message, raw)
    }

    /// The text of a field's first component.
    #[must_use]
    pub fn first(&self, number: usize) -> Option<String> {
        self.field(number).first()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn parse(text: &str) -> Message {
        Message::parse(text.as_bytes()).unwrap()
    }

    fn ids(message: &Message) -> Vec<String> {
        message.segments().map(|segment| segment.place()).collect()
    }

    #[test]
    fn any_line_end_ends_a_segment() {
        for end in ["\r", "\n", "\r\n"] {
            let text = ["MSH|^~\\&|A", "PID|1", "ZZZ|x", "PID|2", ""].join(end);
            assert_eq!(ids(&parse(&text)), ["MSH", "PID", "ZZZ", "PID[2]"]);
        }
    }

    #[test]
    fn broken_lines_belong_to_the_field_before() {
        let message = parse("MSH|^~\\&|A\rOBX|1|FT|||one\r\rtwo\nCTA CHEST\rMRI\r||F\rOBX|2\r");
        let first = message.segments().nth(1).unwrap();
        assert_eq!(first.field(5).lines(), "one\n\ntwo\nCTA CHEST\nMRI\n");
        assert_eq!(first.first(7).as_deref(), Some("F"));
        assert_eq!(message.len(), 3);
    }

    #[test]
    fn parts_are_found() {
        let message = parse("MSH|^~\\&|A|B\rPID|1||a^b&c&d~e^f|\"\"|\r");
        let (header, pid) = (message.header(), message.segments().nth(1).unwrap());
        assert_eq!(
            (header.field(1).raw(), header.field(2).raw(), header.field(3).raw()),
            ("|", "^~\\&", "A")
        );
        assert_eq!(pid.field(3).component(2).subcomponent(2).text().as_deref(), Some("c"));
        let seconds: Vec<_> = pid.field(3).repeats().filter_map(|one| one.component(2).first()).collect();
        assert_eq!(seconds, ["b", "f"]);
        assert!(pid.field(4).is_null() && pid.field(9).is_empty());
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for bytes in [&b""[..], b"PID|1", b"MSH", b"MSH|", b"\xFF\xFE", b"MSHX^~\\&|"] {
            assert!(Message::parse(bytes).is_err(), "{bytes:?}");
        }
        let many = format!("MSH|^~\\&|A\r{}", "ZZ1|\r".repeat(MOST_SEGMENTS + 1));
        assert_eq!(Message::parse(many.as_bytes()).unwrap_err().problem, Problem::TooManySegments);
    }

    #[test]
    fn marks_at_the_start_and_wide_text_are_taken() {
        assert_eq!(parse("\u{FEFF}\u{b}\r\nMSH|^~\\&|A\r").len(), 1);
        let wide: Vec<u8> = "MSH|^~\\&|É\rPID|1".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let message = Message::parse(&wide).unwrap();
        assert_eq!(message.header().first(3).as_deref(), Some("É"));
    }
}
