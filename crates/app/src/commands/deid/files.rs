//! `isocenter deid IN OUT`

use super::batch::{self, Batch};
use super::key;
use super::report::Report;
use anyhow::{Context as _, bail};
use deid::files::Roles;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Something was withheld.
const NEEDS_A_LOOK: u8 = 3;

/// Files in, files out.
#[derive(clap::Args)]
pub struct Files {
    /// A folder or file to read
    #[arg(value_name = "IN")]
    input: PathBuf,
    /// The folder to write to: CODE/STUDY/SERIES/INSTANCE.dcm
    #[arg(value_name = "OUT")]
    output: PathBuf,
    /// A policy: a TOML file, or a ready-made one, also with options added as basic+retain-uids
    #[arg(long, value_name = "POLICY")]
    policy: String,
    /// The project key: 64 hexadecimal digits, readable by you alone
    #[arg(long, value_name = "FILE", env = "ISOCENTER_DEID_KEY_FILE")]
    key_file: PathBuf,
    /// Make a new key if there is no such file
    #[arg(long)]
    make_key: bool,
    /// Write what became of every file, as JSON; it names the files read, so it identifies
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Copy what is withheld to this folder, each with its reason beside it; it identifies
    #[arg(long, value_name = "FOLDER")]
    quarantine: Option<PathBuf>,
    /// The folder with the detector that finds text in pixels [default: lib/isocenter beside the program's folder]
    #[arg(long, value_name = "FOLDER", env = "ISOCENTER_DEID_DETECTOR")]
    detector: Option<PathBuf>,
    /// The program that reads text in pixels: Tesseract 4 or 5, Debian's package tesseract-ocr
    #[arg(long, value_name = "PROGRAM", default_value = "tesseract", env = "ISOCENTER_DEID_OCR")]
    ocr: std::ffi::OsString,
    /// What the columns of CSV and TSV files are, as TOML: [columns] and a line like "Patient ID" = "patient-id" for each
    /// (patient-id, name, date, uid, accession, free-text, keep, remove); columns without a line go
    #[arg(long, value_name = "FILE")]
    columns: Option<PathBuf>,
    /// How many files at a time [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    threads: Option<u8>,
}

/// De-identifies.
pub fn run(args: &Files) -> anyhow::Result<ExitCode> {
    // The policy first: a wrong one must not cost a key.
    let policy = super::policy(&args.policy)?;
    if !args.input.exists() {
        bail!("there is no {}", args.input.display());
    }
    apart(&args.input, &args.output, "the folder to write to lies inside the one to read, or around it")?;
    if let Some(quarantine) = &args.quarantine {
        apart(&args.output, quarantine, "the quarantine folder must lie apart from the folder to write to")?;
    }
    let columns = args.columns.as_deref().map(roles).transpose()?;
    let key = key(&args.key_file, args.make_key)?;
    let wall = deid::Wall::new(policy, key).with_engines(super::engines(args.detector.as_deref(), &args.ocr));
    let batch = Batch {
        wall: &wall,
        input: &args.input,
        output: &args.output,
        quarantine: args.quarantine.as_deref(),
        columns: columns.as_ref(),
        threads: args.threads.map_or_else(cores, usize::from),
    };
    let results = batch::run(&batch)?;
    let report = Report::new(&wall, &results);
    report.print();
    if let Some(path) = &args.report {
        super::write_private(path, &report.to_json()?)?;
    }
    Ok(if report.needs_a_look() { ExitCode::from(NEEDS_A_LOOK) } else { ExitCode::SUCCESS })
}

fn roles(path: &Path) -> anyhow::Result<Roles> {
    let text = std::fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))?;
    Roles::parse(&text).with_context(|| format!("{} is not valid", path.display()))
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Neither folder inside the other: what is written is never read again as an original.
fn apart(one: &Path, other: &Path, problem: &str) -> anyhow::Result<()> {
    let whole = |path: &Path| {
        let path = std::path::absolute(path)?;
        anyhow::Ok(path.canonicalize().unwrap_or(path))
    };
    let (one, other) = (whole(one)?, whole(other)?);
    if one.starts_with(&other) || other.starts_with(&one) {
        return Err(anyhow::anyhow!("{problem}")).context("nothing was done");
    }
    Ok(())
}
