//! `isocenter deid verify`

use super::{batch, evidence, key, mapping, policy, residue};
use anyhow::{Context as _, bail};
use bytes::Bytes;
use deid::verify::evidence::{Evidence, Software};
use deid::verify::pictures::{Reader, Which};
use deid::verify::{Count, Score, parse_key, score};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Look for identifiers that are left, score against an answer key, and keep the evidence
#[derive(clap::Args)]
pub struct Args {
    /// The folder that was written
    #[arg(value_name = "OUT")]
    output: PathBuf,
    /// An answer key: tab-separated, one check a line
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// The originals: every byte that was written is searched for what identifies their patients
    #[arg(long, value_name = "IN", requires = "policy")]
    originals: Option<PathBuf>,
    /// Whose pixels an OCR engine reads in that search: of images that may have text burned in, of all, or of none
    #[arg(long, value_enum, default_value_t = Pixels::MayHaveText, requires = "originals")]
    pixels: Pixels,
    /// The program that reads text in pixels: Tesseract 4 or 5, Debian's package tesseract-ocr
    #[arg(long, value_name = "PROGRAM", default_value = "tesseract", env = "ISOCENTER_DEID_OCR")]
    ocr: std::ffi::OsString,
    /// The policy the folder was written with
    #[arg(long, value_name = "POLICY")]
    policy: Option<String>,
    /// The project key the folder was written with
    #[arg(long, value_name = "FILE", env = "ISOCENTER_DEID_KEY_FILE")]
    key_file: PathBuf,
    /// Write the score and every failed check, as JSON; it names the files read, so it identifies
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Write which UID and which patient ID became which, as uids.csv and patients.csv; it identifies
    #[arg(long, value_name = "FOLDER", requires = "originals")]
    mapping: Option<PathBuf>,
    /// Write an evidence pack: policy, software, hashes, counts and results, without identifiers
    #[arg(long, value_name = "FOLDER", requires = "originals")]
    evidence: Option<PathBuf>,
    /// Sign the evidence pack with this key; make one with isocenter deid evidence new-key
    #[arg(long, value_name = "KEY", requires = "evidence")]
    sign: Option<PathBuf>,
}

/// Whose pixels are read.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Pixels {
    /// Of images of a kind that may have text burned in
    MayHaveText,
    /// Of all images
    All,
    /// Of none
    None,
}

impl Pixels {
    const fn which(self) -> Option<Which> {
        match self {
            Self::MayHaveText => Some(Which::MayHaveText),
            Self::All => Some(Which::All),
            Self::None => None,
        }
    }
}

/// Verifies.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if args.answers.is_none() && args.originals.is_none() {
        bail!("nothing to verify against; give --answers FILE, --originals IN with --policy P, or both");
    }
    let project = key(&args.key_file, false)?;
    let scored =
        args.answers.as_deref().map(|answers| scored(answers, &args.output, &project)).transpose()?;
    if let (Some(scored), Some(path)) = (&scored, &args.report) {
        super::write_private(path, &(serde_json::to_string_pretty(scored)? + "\n"))?;
    }
    let mut clean = scored.as_ref().is_none_or(|scored| scored.failures.is_empty());
    if let (Some(originals), Some(name)) = (&args.originals, &args.policy) {
        let wall = deid::Wall::new(policy(name)?, project);
        let inputs = batch::list(originals)?;
        let ocr = super::ocr(&args.ocr);
        let reader = args.pixels.which().map(|which| Reader { ocr: &*ocr, which });
        let residue = residue::search(&wall, &inputs, &batch::list(&args.output)?, &args.output, reader)?;
        residue::print(&residue);
        clean &= residue.is_clean();
        if let Some(folder) = &args.mapping {
            mapping::write(folder, &wall, &inputs)?;
        }
        if let Some(folder) = &args.evidence {
            let evidence = Evidence {
                software: &Software::this().context("can't read the program itself")?,
                policy: wall.policy(),
                project: None,
                residue: &residue,
                canaries: None,
                withheld: &BTreeMap::new(),
                score: scored.as_ref(),
            };
            evidence::write(&evidence, folder, args.sign.as_deref())?;
        }
    }
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn scored(answers: &Path, output: &Path, key: &deid::ProjectKey) -> anyhow::Result<Score> {
    let text =
        std::fs::read_to_string(answers).with_context(|| format!("can't read {}", answers.display()))?;
    let checks = parse_key(&text).with_context(|| format!("{} is no answer key", answers.display()))?;
    let score = score(&checks, &outputs(output)?, key);
    println!("{:<18} {:>7} {:>7} {:>9}  score", "", "passed", "failed", "withheld");
    score.categories.iter().for_each(|(name, count)| line(name, *count));
    println!();
    score.actions.iter().for_each(|(name, count)| line(name, *count));
    for failure in &score.failures {
        println!("failed: row {} {} {}", failure.row, failure.action, failure.attribute);
    }
    Ok(score)
}

fn line(name: &str, count: Count) {
    let looked_at = count.passed + count.failed;
    let share = if looked_at == 0 {
        "—".into()
    } else {
        format!("{:.2} %", 100.0 * count.passed as f64 / looked_at as f64)
    };
    println!("{name:<18} {:>7} {:>7} {:>9}  {share}", count.passed, count.failed, count.withheld);
}

/// Every file that was written, by its SOP Instance UID.
fn outputs(folder: &Path) -> anyhow::Result<BTreeMap<String, Bytes>> {
    let mut found = BTreeMap::new();
    for path in batch::list(folder)? {
        let bytes =
            Bytes::from(std::fs::read(&path).with_context(|| format!("can't read {}", path.display()))?);
        let header = dicom::read_header(&bytes);
        if let Some(uid) = header.ok().and_then(|header| header.data_set.uid(dicom::tags::SOP_INSTANCE_UID)) {
            found.insert(uid, bytes);
        }
    }
    Ok(found)
}
