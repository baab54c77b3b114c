//! `isocenter` — the command line. Each command is a file in [`commands`].
#![expect(clippy::print_stdout, reason = "a command line answers on standard output")]

mod commands;
mod config;
mod connection;
mod logging;
mod told;

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = commands::Cli::parse();
    match commands::run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
