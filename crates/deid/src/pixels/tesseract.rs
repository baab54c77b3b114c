//! Tesseract as a program: crops go in as pages of one TIFF, words come out as a table. Nothing is written
//! to disk on the way.

use super::ocr::{Crop, Ocr, OcrError, Word};
use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// Crops a process reads.
const BATCH: usize = 250;
/// Page segmentation: a page is one line, or has text anywhere.
const LINE: &str = "7";
const SPARSE: &str = "11";
/// More than any answer takes.
const LONGEST_ANSWER: u64 = 32 << 20;

/// The engine of Debian's package `tesseract-ocr`.
#[derive(Debug, Clone)]
pub struct Tesseract {
    program: OsString,
    patience: Duration,
}

impl Default for Tesseract {
    fn default() -> Self {
        Self::new("tesseract")
    }
}

impl Tesseract {
    /// An engine by the name or path of its program.
    #[must_use]
    pub fn new(program: impl Into<OsString>) -> Self {
        Self { program: program.into(), patience: Duration::from_secs(120) }
    }

    /// How long a process may take before it is ended; 120 s by default.
    #[must_use]
    pub const fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    fn start(&self, segmentation: &str) -> Result<Child, OcrError> {
        let mut command = Command::new(&self.program);
        command
            .args(["stdin", "stdout", "--psm", segmentation, "-l", "eng"])
            .args(["-c", "tessedit_do_invert=0", "-c", "debug_file=/dev/null", "tsv"])
            // One image a thread is searched; more threads for each would be in each other's way.
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command.spawn().map_err(|_| OcrError::Absent)
    }

    fn batch(&self, crops: &[Crop], segmentation: &str) -> Result<Vec<Vec<Word>>, OcrError> {
        let mut child = self.start(segmentation)?;
        let answer = answer(&mut child, tiff(crops), self.patience);
        if answer.is_err() {
            // It may have ended by itself; either way it is gone after this.
            let _ = child.kill();
        }
        let status = child.wait().map_err(|_| OcrError::Crashed)?;
        let answer = answer?;
        if !status.success() {
            return Err(OcrError::Crashed);
        }
        parse(&answer, crops.len()).ok_or(OcrError::Unreadable)
    }
}

impl Ocr for Tesseract {
    fn read(&self, crops: &[Crop]) -> Result<Vec<Vec<Word>>, OcrError> {
        let batches = crops.chunks(BATCH).map(|batch| self.batch(batch, LINE));
        Ok(batches.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    fn read_page(&self, page: &Crop) -> Result<Vec<Word>, OcrError> {
        Ok(self.batch(std::slice::from_ref(page), SPARSE)?.into_iter().flatten().collect())
    }
}

fn answer(child: &mut Child, pages: Vec<u8>, patience: Duration) -> Result<String, OcrError> {
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(OcrError::Crashed);
    };
    // A process that ends early closes its end; its status tells more than the error of writing.
    std::thread::spawn(move || drop(input.write_all(&pages)));
    let (told, hears) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let read = output.take(LONGEST_ANSWER).read_to_string(&mut text);
        // Nobody listens any more after a time-out.
        let _ = told.send(read.map(|_| text));
    });
    match hears.recv_timeout(patience) {
        Ok(Ok(text)) => Ok(text),
        Ok(Err(_)) => Err(OcrError::Unreadable),
        Err(_) => Err(OcrError::TimedOut),
    }
}

/// Columns of the table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
fn parse(table: &str, pages: usize) -> Option<Vec<Vec<Word>>> {
    let mut lines = table.lines();
    lines.next().filter(|first| first.starts_with("level\tpage_num\t") && first.ends_with("conf\ttext"))?;
    let mut words = vec![Vec::new(); pages];
    let mut seen = 0;
    for line in lines.filter(|line| !line.is_empty()) {
        let fields: Vec<_> = line.splitn(12, '\t').collect();
        let [level, page, .., confidence, text] = fields.as_slice() else { return None };
        let page: usize = page.parse().ok()?;
        let of_page = words.get_mut(page.checked_sub(1)?)?;
        match *level {
            "1" => seen += 1,
            "5" if !text.trim().is_empty() => {
                of_page.push(Word { text: (*text).to_owned(), confidence: confidence.parse().ok()? });
            }
            _ => {}
        }
    }
    (seen == pages).then_some(words)
}

/// A TIFF of 8-bit grey pages without compression.
fn tiff(crops: &[Crop]) -> Vec<u8> {
    const ENTRIES: u16 = 11;
    let directory = 2 + usize::from(ENTRIES) * 12 + 4 + 16;
    let size: usize = crops.iter().map(|crop| directory + crop.data.len().next_multiple_of(2)).sum();
    let mut out = Vec::with_capacity(8 + size);
    out.extend_from_slice(b"II*\0\x08\0\0\0");
    for (index, crop) in crops.iter().enumerate() {
        let start = out.len();
        let resolution = start + directory - 16;
        let pixels = start + directory;
        let next = if index + 1 == crops.len() { 0 } else { pixels + crop.data.len().next_multiple_of(2) };
        let entries: [(u16, u16, usize); ENTRIES as usize] = [
            (256, 4, crop.width),
            (257, 4, crop.height),
            (258, 3, 8),
            (259, 3, 1),
            (262, 3, 1),
            (273, 4, pixels),
            (277, 3, 1),
            (278, 4, crop.height),
            (279, 4, crop.data.len()),
            (282, 5, resolution),
            (283, 5, resolution + 8),
        ];
        out.extend_from_slice(&ENTRIES.to_le_bytes());
        for (tag, kind, value) in entries {
            out.extend_from_slice(&tag.to_le_bytes());
            out.extend_from_slice(&kind.to_le_bytes());
            out.extend_from_slice(&1u32.to_le_bytes());
            out.extend_from_slice(&(value as u32).to_le_bytes());
        }
        out.extend_from_slice(&(next as u32).to_le_bytes());
        // 300 dots an inch: the engine guesses letter heights from it.
        [300u32, 1, 300, 1].iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
        out.extend_from_slice(&crop.data);
        out.resize(out.len().next_multiple_of(2), 0);
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const HEAD: &str =
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n";

    #[test]
    fn a_table_is_read_page_by_page_or_not_at_all() {
        let pages = format!(
            "{HEAD}1\t1\t0\t0\t0\t0\t0\t0\t9\t9\t-1\t\n5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t91.5\tDOE\n1\t2\t0\t0\t0\t0\t0\t0\t9\t9\t-1\t\n"
        );
        let words = parse(&pages, 2).unwrap();
        assert_eq!((words[0][0].text.as_str(), words[1].len()), ("DOE", 0));
        assert!(parse(&pages, 3).is_none() && parse(&pages, 1).is_none() && parse("", 0).is_none());
    }
}
