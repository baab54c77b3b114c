//! `isocenter bench`: how fast this machine is at what it does, beside the physical limit.

mod import;
mod samples;
mod stow;

use server::Config;
use std::process::ExitCode;

/// Measure speed on this machine, as a ratio to plain copying and writing
#[derive(clap::Subcommand)]
#[command(after_help = "\
Everything is measured in a folder of its own, which is removed afterwards; the data folder is not
touched. Ratios are worth more than seconds: both sides run on the same machine, one after the other.")]
pub enum Command {
    Import(import::Args),
    Stow(stow::Args),
}

/// Measures.
pub async fn run(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Import(args) => import::run(config, args).await?,
        Command::Stow(args) => stow::run(config, args).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The middle one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
