//! `isocenter deid`

mod batch;
mod canary;
mod ctp;
mod evidence;
mod explain;
mod files;
mod mapping;
mod policies;
mod report;
mod residue;
mod signing;
mod verify;

use anyhow::Context as _;
use deid::pixels::{Engines, Ocr, Onnx, Tesseract};
use deid::{Document, Policy, ProjectKey, policy::ready};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// De-identify DICOM files by a policy, without a server
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  isocenter deid scans/ clean/ --policy public-sharing --key-file trial.key --make-key
  isocenter deid scans/ clean/ --policy basic+clean-descriptors+retain-longitudinal-modified-dates --key-file trial.key
  isocenter deid scans/ clean/ --policy our-policy.toml --key-file trial.key --report report.json
  isocenter deid explain scan.dcm --policy our-policy.toml
  isocenter deid policy list
  isocenter deid verify clean/ --answers answer_key.tsv --key-file trial.key
  isocenter deid verify clean/ --originals scans/ --policy public-sharing --key-file trial.key --evidence pack/ --sign signer.key
  isocenter deid canary scans/ --policy public-sharing
  isocenter deid evidence check pack/ --key signer.key.pub

Codes, UIDs and date shifts follow from the key file: the same patient gets the same code with the same key,
this year and in five years, and nothing in common with another key. Keep it safe: whoever has it can test
whether a code belongs to a patient. Names of written files are made of the new UIDs.

Text burned into pixels is searched and masked where the policy says so (pixels.burned-in = search); that needs a
detector (scripts/tools detector FOLDER). Tesseract (Debian: apt install tesseract-ocr) spares words that name nobody.

A file is written whole or not at all. What can't be read, may have text burned into its pixels that could not be
searched, or holds a document is withheld and told with the reason; nothing of it is written.

Exit status: 0 everything was de-identified (files that are not DICOM do not count); 3 something was withheld;
1 anything else.")]
pub struct Args {
    #[command(flatten)]
    files: Option<files::Files>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(clap::Subcommand)]
enum Command {
    Explain(explain::Args),
    Verify(verify::Args),
    Canary(canary::Args),
    #[command(subcommand)]
    Evidence(signing::Command),
    ImportCtp(ctp::Args),
    #[command(subcommand)]
    Policy(policies::Command),
}

/// Runs.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    match (args.command, args.files) {
        (Some(Command::Explain(args)), _) => explain::run(&args),
        (Some(Command::ImportCtp(args)), _) => ctp::run(&args),
        (Some(Command::Verify(args)), _) => verify::run(&args),
        (Some(Command::Canary(args)), _) => canary::run(&args),
        (Some(Command::Evidence(command)), _) => signing::run(&command),
        (Some(Command::Policy(command)), _) => policies::run(&command),
        (None, Some(files)) => files::run(&files),
        (None, None) => anyhow::bail!("give a folder to read and one to write; see isocenter deid --help"),
    }
}

/// What finds and reads text in pixels; it starts when the first image needs it.
fn engines(detector: Option<&Path>, ocr: &std::ffi::OsStr) -> Engines {
    let detector = detector.map_or_else(Onnx::default, Onnx::new);
    Engines { detector: Some(Arc::new(detector)), ocr: Some(self::ocr(ocr)) }
}

/// What reads text in pixels.
fn ocr(program: &std::ffi::OsStr) -> Arc<dyn Ocr> {
    Arc::new(Tesseract::new(program))
}

/// A policy by the name of a file or of a ready-made one.
fn policy(name: &str) -> anyhow::Result<Policy> {
    let path = Path::new(name);
    let document = if path.extension().is_some_and(|end| end == "toml") || path.is_file() {
        let text = std::fs::read_to_string(path).with_context(|| format!("can't read the policy {name}"))?;
        Document::parse(&text).with_context(|| format!("the policy {name} is not valid"))?
    } else {
        ready::policy(name)?
    };
    Ok(document.compile()?)
}

/// The key of the project; a new one only if that is asked for.
fn key(path: &Path, make: bool) -> anyhow::Result<ProjectKey> {
    if make && !path.exists() {
        return Ok(ProjectKey::create(path)?);
    }
    ProjectKey::read(path)
        .with_context(|| if path.exists() { "no key" } else { "no key; add --make-key to make a new one" })
}

/// A file whose owner alone may read it, written whole or not at all.
fn write_private(path: &PathBuf, text: &str) -> anyhow::Result<()> {
    let part = path.with_extension("part");
    let written =
        private_file(&part).and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
    written
        .and_then(|()| std::fs::rename(&part, path))
        .with_context(|| format!("can't write {}", path.display()))
}

#[cfg(unix)]
fn private_file(path: &Path) -> std::io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> std::io::Result<std::fs::File> {
    std::fs::File::create(path)
}
