//! What became of every file, for programs and for people.

use super::gather::Gathered;
use indicatif::HumanCount;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

/// Reasons that are told for one file.
const REASONS: usize = 1000;
/// Reasons that are printed.
const PRINTED: usize = 12;

/// What became of a file.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outcome {
    pub path: String,
    pub format: Option<&'static str>,
    /// It was there before.
    pub already: bool,
    /// Nothing of it could be read.
    pub unreadable: bool,
    /// Its id in the archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    pub statements: u64,
    pub kept: u64,
    pub refused: u64,
    /// Of a dry run: how many of each kind.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub kinds: BTreeMap<String, u64>,
    /// Where, and why; the first thousand.
    pub reasons: Vec<(String, String)>,
}

impl Outcome {
    pub(super) fn of(one: &Gathered) -> Self {
        let format = one.format.as_ref().ok().map(|format| format.as_str());
        Self { path: one.path.display().to_string(), format, ..Self::default() }
    }

    pub(super) fn refused(one: &Gathered, why: &str) -> Self {
        let reasons = vec![("file".into(), why.into())];
        Self { unreadable: true, reasons, ..Self::of(one) }
    }

    pub(super) fn refuse(&mut self, place: String, why: String) {
        self.refused += u64::from(place != "file" || !self.unreadable);
        if self.reasons.len() < REASONS {
            self.reasons.push((place, why));
        }
    }
}

/// The sums.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tally {
    files: u64,
    /// Read now.
    read: u64,
    already_there: u64,
    unreadable: u64,
    statements: u64,
    kept: u64,
    refused: u64,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    kinds: BTreeMap<String, u64>,
    /// How often each reason was told, the first thousand of each file.
    reasons: BTreeMap<String, u64>,
}

/// A JSON document: `{"files": […], "summary": {…}}`.
pub(super) struct Report {
    out: Option<BufWriter<File>>,
    tally: Tally,
}

impl Report {
    pub(super) fn new(path: Option<&Path>) -> io::Result<Self> {
        let mut out = path.map(File::create).transpose()?.map(BufWriter::new);
        if let Some(out) = &mut out {
            out.write_all(b"{\"files\":[")?;
        }
        Ok(Self { out, tally: Tally::default() })
    }

    pub(super) fn add(&mut self, outcome: Outcome) -> io::Result<()> {
        if let Some(out) = &mut self.out {
            out.write_all(if self.tally.files == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(out, &outcome)?;
        }
        self.tally.add(outcome);
        Ok(())
    }

    pub(super) fn finish(mut self, dry_run: bool) -> io::Result<Tally> {
        if let Some(out) = &mut self.out {
            write!(out, "\n],\"dryRun\":{dry_run},\"summary\":")?;
            serde_json::to_writer(&mut *out, &self.tally)?;
            out.write_all(b"}\n")?;
            out.flush()?;
        }
        Ok(self.tally)
    }
}

impl Tally {
    fn add(&mut self, outcome: Outcome) {
        self.files += 1;
        match (outcome.unreadable, outcome.already) {
            (true, _) => self.unreadable += 1,
            (false, true) => self.already_there += 1,
            (false, false) => self.read += 1,
        }
        self.statements += outcome.statements;
        self.kept += outcome.kept;
        self.refused += outcome.refused;
        for (kind, count) in outcome.kinds {
            *self.kinds.entry(kind).or_default() += count;
        }
        for (_, why) in outcome.reasons {
            *self.reasons.entry(why).or_default() += 1;
        }
    }

    pub(super) const fn needs_a_look(&self) -> bool {
        self.unreadable > 0 || self.refused > 0
    }

    pub(super) fn print(&self, took: Duration, dry_run: bool) {
        let seconds = took.as_secs_f64().max(0.001);
        let would = if dry_run { "; a dry run: nothing was kept" } else { "" };
        let per_second = self.statements as f64 / seconds;
        println!("{} files in {seconds:.1} s ({per_second:.0} statements/s){would}", HumanCount(self.files));
        for (count, words) in [
            (self.read, "files read"),
            (self.already_there, "files already there"),
            (self.unreadable, "files that can't be read"),
            (self.statements, "statements"),
            (self.kept, "parts kept without being read"),
            (self.refused, "parts refused"),
        ] {
            if count > 0 {
                println!("{:>10} {words}", HumanCount(count).to_string());
            }
        }
        for (kind, count) in &self.kinds {
            println!("{:>10} {kind}", HumanCount(*count).to_string());
        }
        let mut reasons: Vec<_> = self.reasons.iter().collect();
        reasons.sort_by_key(|(why, count)| (std::cmp::Reverse(**count), why.as_str()));
        for (why, count) in reasons.into_iter().take(PRINTED) {
            println!("{:>10} × {why}", HumanCount(*count).to_string());
        }
    }
}
