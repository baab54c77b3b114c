//! `isocenter bench`: how fast this machine is at what it does, beside the physical limit.

mod files;
mod header;
mod import;
mod large;
mod peer;
mod retrieve;
mod samples;
mod send;
mod stow;

use server::Config;
use std::process::ExitCode;

/// Measure speed on this machine, as a ratio to plain copying and writing
#[derive(clap::Subcommand)]
#[command(after_help = "\
`import` and `stow` measure in a folder of their own, which is removed afterwards; the data folder is not
touched. `make`, `send`, `large` and `retrieve` measure any DICOM server from outside. Ratios are worth
more than seconds: both sides run on the same machine, one after the other.

Examples:
  isocenter bench import --instances 5000
  isocenter bench make /tmp/slices --instances 2000 --size 512
  isocenter bench send /tmp/slices --to 127.0.0.1:11112 --associations 4
  isocenter bench retrieve 1.2.3.4 --to 127.0.0.1:11112")]
pub enum Command {
    Import(import::Args),
    Stow(stow::Args),
    /// Write made-up CT slices into a folder, to send them
    Make {
        /// The folder
        #[arg(value_name = "FOLDER")]
        folder: std::path::PathBuf,
        #[command(flatten)]
        made: samples::Made,
        /// Makes the UIDs others than those of another round
        #[arg(long, value_name = "N", default_value_t = 0)]
        round: u32,
    },
    Send(send::Args),
    Large(large::Args),
    Retrieve(retrieve::Args),
}

/// Measures.
pub async fn run(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Import(args) => import::run(config, args).await?,
        Command::Stow(args) => stow::run(config, args).await?,
        Command::Make { folder, made, round } => made.write(&folder, round)?,
        Command::Send(args) => send::run(args).await?,
        Command::Large(args) => large::run(args).await?,
        Command::Retrieve(args) => retrieve::run(args).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The middle one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
