//! What became of every file, for programs and for people.

use indicatif::{BinaryBytes, HumanCount};
use intake::import::{Line, Tally, Verdict};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

/// A file of lines, or one JSON document: `{"files": […], "summary": {…}}`.
pub(super) struct Report {
    out: BufWriter<File>,
    is_document: bool,
    lines: u64,
}

impl Report {
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        let is_document = path.extension().is_some_and(|extension| extension == "json");
        let file = File::create(path).map_err(|error| {
            anyhow::Error::from(error).context(format!("the report {} can't be written", path.display()))
        })?;
        let mut out = BufWriter::new(file);
        if is_document {
            out.write_all(b"{\"files\":[\n")?;
        }
        Ok(Self { out, is_document, lines: 0 })
    }

    pub(super) fn add(&mut self, line: &Line) -> io::Result<()> {
        if self.is_document && self.lines > 0 {
            self.out.write_all(b",\n")?;
        }
        self.lines += 1;
        serde_json::to_writer(&mut self.out, line)?;
        if self.is_document { Ok(()) } else { self.out.write_all(b"\n") }
    }

    pub(super) fn finish(mut self, tally: &Tally) -> io::Result<()> {
        if self.is_document {
            self.out.write_all(b"\n],\"summary\":")?;
            serde_json::to_writer(&mut self.out, tally)?;
        } else {
            serde_json::to_writer(&mut self.out, &serde_json::json!({ "summary": tally }))?;
        }
        self.out.write_all(if self.is_document { b"}\n" } else { b"\n" })?;
        self.out.flush()
    }
}

/// Prints the sum.
pub(super) fn print(tally: &Tally, exams: usize, took: Duration) {
    let seconds = took.as_secs_f64().max(0.001);
    println!(
        "{} files, {} in {seconds:.1} s ({:.0} files/s, {}/s), {} exams",
        HumanCount(tally.files),
        BinaryBytes(tally.bytes),
        tally.files as f64 / seconds,
        BinaryBytes((tally.bytes as f64 / seconds) as u64),
        HumanCount(exams as u64),
    );
    for (verdict, words) in [
        (Verdict::Stored, "stored"),
        (Verdict::AlreadyHeld, "already there"),
        (Verdict::Attached, "attached"),
        (Verdict::Ignored, "only list other files"),
        (Verdict::Conflict, "conflicting: kept beside the file that has their UID"),
        (Verdict::Quarantined, "in quarantine"),
        (Verdict::Refused, "refused"),
    ] {
        let count = tally.count(verdict);
        if count > 0 {
            println!("{:>10} {words}{}", HumanCount(count).to_string(), reasons(tally, verdict));
        }
    }
}

fn reasons(tally: &Tally, verdict: Verdict) -> String {
    if !matches!(verdict, Verdict::Quarantined | Verdict::Refused) {
        return String::new();
    }
    let reasons = tally.reasons.get(&verdict).into_iter().flatten();
    let each: Vec<_> = reasons.map(|(reason, count)| format!("{reason} {}", HumanCount(*count))).collect();
    format!(": {}", each.join(", "))
}
