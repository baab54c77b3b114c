//! `isocenter deid import-ctp`

use anyhow::Context as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Make a policy of a CTP anonymizer script, and tell what could not be carried over
#[derive(clap::Args)]
pub struct Args {
    /// The script
    script: PathBuf,
    /// Where to write the policy [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The policy's name
    #[arg(long, default_value = "imported")]
    id: String,
}

/// Imports.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let name = args.script.display();
    let xml = std::fs::read_to_string(&args.script).with_context(|| format!("can't read {name}"))?;
    let imported = deid::ctp::import(&xml, &args.id).with_context(|| format!("{name} can't be imported"))?;
    let text = imported.policy.to_toml();
    match &args.output {
        Some(path) => {
            std::fs::write(path, text).with_context(|| format!("can't write {}", path.display()))?;
        }
        None => print!("{text}"),
    }
    for left in &imported.left_out {
        eprintln!("not carried over: {} {}\n  instead: {}", left.element, left.script, left.instead);
    }
    let rules = imported.policy.rules.len();
    eprintln!("{rules} rules carried over, {} not as they were", imported.left_out.len());
    Ok(ExitCode::SUCCESS)
}
