//! `isocenter records`

mod bring;
mod codes;
mod dry;
mod gather;
mod import;
mod poll;
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
    #[command(subcommand)]
    Codes(codes::Command),
    Poll(poll::Args),
}

/// Runs the command.
pub async fn run(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Import(args) => import::run(config, args).await,
        Command::Send(args) => send::run(args).await,
        Command::Codes(command) => codes::run(config, command).await,
        Command::Poll(args) => poll::run(config, args).await,
    }
}
