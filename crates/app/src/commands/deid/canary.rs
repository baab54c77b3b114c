//! `isocenter deid canary`

use super::{batch, policy};
use anyhow::{Context as _, bail};
use bytes::Bytes;
use deid::verify::canary::{Counted, Planting};
use std::path::PathBuf;
use std::process::ExitCode;

/// Plant invented identifiers into copies of files, run the policy over them, and count what comes through
#[derive(clap::Args)]
pub struct Args {
    /// A folder or file of real objects; they are not changed, and nothing is written
    #[arg(value_name = "IN")]
    input: PathBuf,
    /// A policy: a TOML file, or a ready-made one, also with options added as basic+retain-uids
    #[arg(long, value_name = "POLICY")]
    policy: String,
    /// How many files at most
    #[arg(long, value_name = "N", default_value_t = 1000)]
    files: usize,
}

/// Plants and counts.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut planting = Planting::new(policy(&args.policy)?, deid::pixels::Engines::default());
    for path in batch::list(&args.input)?.iter().take(args.files) {
        let file = std::fs::read(path).with_context(|| format!("can't read {}", path.display()))?;
        planting.one(&Bytes::from(file));
    }
    let counted = planting.counted;
    if counted.objects == 0 {
        bail!("no DICOM object in {} can be read", args.input.display());
    }
    print(&counted);
    Ok(if counted.bound().leaks == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(counted: &Counted) {
    println!("{} objects, {} of them withheld with their canaries", counted.objects, counted.withheld);
    println!("{:<18} {:>8} {:>13}", "", "planted", "came through");
    for (category, planted) in &counted.planted {
        let through = counted.through.get(category).copied().unwrap_or_default();
        println!("{:<18} {planted:>8} {through:>13}", category.to_string());
    }
    println!("{}", counted.bound());
}
