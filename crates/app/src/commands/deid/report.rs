//! What became of every file, for people and for programs.

use super::batch::{FileOutcome, FileResult};
use deid::pixels::Searched;
use deid::{Tally, Wall};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The report of a batch.
pub struct Report<'a> {
    wall: &'a Wall,
    results: &'a [FileResult],
}

/// How many objects had their pixels searched.
#[derive(Default, serde::Serialize)]
struct Pixels {
    /// Every frame was looked at.
    searched: u64,
    /// Of these: nothing looked like text, so that no engine had to read.
    gated: u64,
    /// Of these: boxes were masked.
    masked: u64,
    /// Without pixels, or of a kind that is not searched.
    not_searched: u64,
}

impl Pixels {
    fn add(&mut self, one: &Searched) {
        match one {
            Searched::No => self.not_searched += 1,
            Searched::Clean(looked) => {
                self.searched += 1;
                self.gated += u64::from(looked.places == 0);
            }
            Searched::Masked { .. } => {
                self.searched += 1;
                self.masked += 1;
            }
        }
    }
}

impl<'a> Report<'a> {
    pub const fn new(wall: &'a Wall, results: &'a [FileResult]) -> Self {
        Self { wall, results }
    }

    /// Whether something was withheld that looks like DICOM.
    pub fn needs_a_look(&self) -> bool {
        self.results.iter().any(|result| match &result.outcome {
            FileOutcome::Withheld(reason) => reason.code() != "not-dicom",
            FileOutcome::Conflict(_) | FileOutcome::Failed(_) | FileOutcome::Refused(_) => true,
            FileOutcome::Done { .. } | FileOutcome::File { .. } | FileOutcome::Duplicate(_) => false,
        })
    }

    /// A few lines, without names of files: they may identify.
    pub fn print(&self) {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for result in self.results {
            *counts.entry(words(&result.outcome)).or_default() += 1;
        }
        println!("{} files, policy {}", self.results.len(), self.wall.policy().label());
        counts.iter().for_each(|(what, times)| println!("  {times:>7}  {what}"));
        let pixels = self.pixels();
        if pixels.searched > 0 {
            println!(
                "pixels of {} searched: in {} nothing looked like text, {} masked",
                pixels.searched, pixels.gated, pixels.masked
            );
        }
    }

    /// One JSON document; the same input gives the same.
    pub fn to_json(&self) -> anyhow::Result<String> {
        let policy = self.wall.policy();
        let files: Vec<_> = self.results.iter().map(|result| self.file(result)).collect();
        let mut totals: BTreeMap<&str, u64> = BTreeMap::new();
        let (mut tally, mut codes) = (Tally::default(), BTreeSet::new());
        for result in self.results {
            *totals.entry(code(&result.outcome)).or_default() += 1;
            if let FileOutcome::Done { tally: of_file, code, .. } = &result.outcome {
                tally.add(of_file);
                codes.insert(code.as_str());
            }
        }
        let document = json!({
            "identifies": "the names of the files that were read; keep it with the originals",
            "software": concat!("isocenter ", env!("CARGO_PKG_VERSION")),
            "policy": {
                "id": policy.document().id,
                "version": policy.document().version,
                "sha256": policy.digest(),
            },
            "files": files,
            "outcomes": totals,
            "attributes": tally,
            "subjects": codes.len(),
            "pixels": self.pixels(),
        });
        Ok(serde_json::to_string_pretty(&document)? + "\n")
    }

    fn pixels(&self) -> Pixels {
        let mut pixels = Pixels::default();
        for result in self.results {
            let FileOutcome::Done { pixels: of_file, .. } = &result.outcome else { continue };
            pixels.add(of_file);
        }
        pixels
    }

    fn file(&self, result: &FileResult) -> Value {
        let name = |path: &std::path::Path| path.to_string_lossy().into_owned();
        let mut file = json!({ "file": name(&result.path), "outcome": code(&result.outcome) });
        match &result.outcome {
            FileOutcome::Done { output, code, tally, pixels } => {
                file["output"] = name(output).into();
                file["subject"] = code.as_str().into();
                file["attributes"] = json!(tally);
                file["pixels"] = json!(pixels);
            }
            FileOutcome::File { output, kind } => {
                file["output"] = name(output).into();
                file["kind"] = kind.name().into();
            }
            FileOutcome::Refused(refused) => {
                file["reason"] = "file".into();
                file["message"] = refused.to_string().into();
            }
            FileOutcome::Withheld(reason) => {
                file["reason"] = reason.code().into();
                file["message"] = reason.to_string().into();
            }
            FileOutcome::Duplicate(first) | FileOutcome::Conflict(first) => {
                file["first"] = name(&self.results[*first].path).into();
            }
            FileOutcome::Failed(message) => file["message"] = message.as_str().into(),
        }
        file
    }
}

const fn code(outcome: &FileOutcome) -> &'static str {
    match outcome {
        FileOutcome::Done { .. } | FileOutcome::File { .. } => "deidentified",
        FileOutcome::Withheld(_) | FileOutcome::Refused(_) => "withheld",
        FileOutcome::Duplicate(_) => "duplicate",
        FileOutcome::Conflict(_) => "conflict",
        FileOutcome::Failed(_) => "failed",
    }
}

fn words(outcome: &FileOutcome) -> String {
    match outcome {
        FileOutcome::Done { .. } => "de-identified".into(),
        FileOutcome::File { kind, .. } => format!("de-identified: {}", kind.name()),
        FileOutcome::Refused(refused) => format!("withheld: {refused}"),
        FileOutcome::Withheld(reason) if reason.code() == "not-dicom" => "not DICOM".into(),
        FileOutcome::Withheld(reason) => format!("withheld: {reason}"),
        FileOutcome::Duplicate(_) => "the same as another file".into(),
        FileOutcome::Conflict(_) => "withheld: another file has its SOP Instance UID".into(),
        FileOutcome::Failed(message) => format!("could not be read or written: {message}"),
    }
}
