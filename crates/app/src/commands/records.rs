//! `isocenter records`

mod bring;
mod dry;
mod gather;
mod import;
mod recognise;
mod report;
mod send;

use clap::Subcommand;
use server::Config;
use std::process::ExitCode;

/// Orders, reports and the rest of the clinical record
#[derive(Subcommand)]
pub enum Command {
    Import(import::Args),
    Send(send::Args),
}

/// Runs the command.
pub async fn run(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Import(args) => import::run(config, args).await,
        Command::Send(args) => send::run(args).await,
    }
}
