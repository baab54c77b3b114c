//! `isocenter report`

mod input;
mod output;
mod read;

use std::process::ExitCode;

/// Radiology reports: what they say
#[derive(clap::Subcommand)]
pub enum Command {
    Read(read::Args),
}

/// Runs.
pub fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Read(args) => read::run(args),
    }
}
