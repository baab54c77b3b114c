//! Files of many messages: FHS, BHS, BTS, FTS (v2.9 §2.10.3), or just one message behind the other.

use crate::charset;
use clinical::Left;

/// What a file holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Batch<'f> {
    /// Its messages, in order, as they stand in it.
    pub messages: Vec<&'f [u8]>,
    /// What of the file belongs to no message, and counts that don't agree.
    pub left: Vec<Left>,
}

/// Splits a file into messages, and compares how many there are with what BTS-1 and FTS-1 say.
#[must_use]
pub fn split(file: &[u8]) -> Batch<'_> {
    let file = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
    let mut split = Split::default();
    let mut at = 0;
    for line in file.split_inclusive(|byte| matches!(byte, b'\r' | b'\n')) {
        split.line(file, at, line);
        at += line.len();
    }
    split.end_message(file, at);
    if split.batch.messages.is_empty() && is_wide(file) {
        return Batch { messages: vec![file], left: Vec::new() };
    }
    split.batch
}

/// A message in UTF-16. Those stand alone: their lines are none of bytes.
fn is_wide(file: &[u8]) -> bool {
    charset::from_utf16(file).is_some_and(|text| text.trim_start().starts_with("MSH"))
}

#[derive(Default)]
struct Split<'f> {
    batch: Batch<'f>,
    /// Where the open message began.
    open: Option<usize>,
    /// Messages since the last BHS.
    in_batch: usize,
    batches: usize,
    stray: bool,
}

impl<'f> Split<'f> {
    fn line(&mut self, file: &'f [u8], at: usize, line: &[u8]) {
        // Frames that were dumped with their marks.
        let marks = line.iter().take_while(|byte| matches!(byte, 0x0B | 0x1C | b' ')).count();
        let (at, line) = (at + marks, &line[marks..]);
        match line.get(..3) {
            Some(b"MSH") if is_cut(line) => {
                self.end_message(file, at);
                (self.open, self.in_batch) = (Some(at), self.in_batch + 1);
            }
            Some(b"FHS") if is_cut(line) => self.end_message(file, at),
            Some(b"BHS") if is_cut(line) => {
                self.end_message(file, at);
                self.in_batch = 0;
            }
            Some(b"BTS") => {
                self.end_message(file, at);
                self.compare("BTS-1", line, self.in_batch);
                (self.in_batch, self.batches) = (0, self.batches + 1);
            }
            Some(b"FTS") => {
                self.end_message(file, at);
                self.compare("FTS-1", line, self.batches);
            }
            _ if self.open.is_none() && line.iter().any(|byte| !byte.is_ascii_whitespace()) => self.stray(),
            _ => {}
        }
    }

    fn end_message(&mut self, file: &'f [u8], at: usize) {
        if let Some(from) = self.open.take() {
            let message = &file[from..at];
            let mark = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0x0B | 0x1C);
            let end = message.iter().rposition(|byte| !mark(byte)).map_or(0, |last| last + 1);
            self.batch.messages.push(&message[..end]);
        }
    }

    fn compare(&mut self, place: &str, line: &[u8], found: usize) {
        let said = line.get(3).and_then(|mark| line.split(|byte| byte == mark).nth(1));
        let said = said.and_then(|said| std::str::from_utf8(said).ok()).map(str::trim);
        let why = match said.map(str::parse::<usize>) {
            Some(Ok(count)) if count != found => format!("says {count}, there are {found}"),
            Some(Err(_)) if said != Some("") => "no number".into(),
            _ => return,
        };
        self.batch.left.push(Left { place: place.into(), why, refused: true });
    }

    /// Told once, however much there is.
    fn stray(&mut self) {
        if !std::mem::replace(&mut self.stray, true) {
            let why = "text that belongs to no message".into();
            self.batch.left.push(Left { place: "file".into(), why, refused: true });
        }
    }
}

/// Letters behind the name would make it a word.
fn is_cut(line: &[u8]) -> bool {
    line.get(3).is_some_and(u8::is_ascii_punctuation)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(file: &str) -> (Vec<&str>, Vec<String>) {
        let batch = split(file.as_bytes());
        let texts = batch.messages.iter().filter_map(|message| std::str::from_utf8(message).ok()).collect();
        (texts, batch.left.iter().map(|left| format!("{}: {}", left.place, left.why)).collect())
    }

    #[test]
    fn batches_are_split_and_counted() {
        let file = "FHS|^~\\&|A\rBHS|^~\\&|A\rMSH|^~\\&|1\rPID|1\rMSH|^~\\&|2\rBTS|2\rFTS|1\r";
        assert_eq!(texts(file), (vec!["MSH|^~\\&|1\rPID|1", "MSH|^~\\&|2"], vec![]));
        let wrong = file.replace("BTS|2", "BTS|3").replace("FTS|1", "FTS|2");
        assert_eq!(texts(&wrong).1, ["BTS-1: says 3, there are 2", "FTS-1: says 2, there are 1"]);
    }

    #[test]
    fn messages_without_a_batch_are_split_too() {
        let file = "\u{FEFF}// notes\n\n\u{b}MSH|^~\\&|1\nPID|1\n\u{1c}\n\u{b}MSH|^~\\&|2\nNTE|1||MSHA\n";
        let (messages, left) = texts(file);
        assert_eq!(messages, ["MSH|^~\\&|1\nPID|1", "MSH|^~\\&|2\nNTE|1||MSHA"]);
        assert_eq!(left, ["file: text that belongs to no message"]);
    }

    #[test]
    fn a_wide_message_stands_alone() {
        let wide: Vec<u8> = "MSH|^~\\&|É\rPID|1".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(split(&wide), Batch { messages: vec![&wide[..]], left: vec![] });
    }

    #[test]
    fn counts_that_are_not_said_are_not_compared() {
        assert_eq!(texts("BHS|^~\\&\rMSH|^~\\&|1\rBTS\rFTS||x\r").1, Vec::<String>::new());
        assert_eq!(texts("BTS|many\r").1, ["BTS-1: no number"]);
    }
}
