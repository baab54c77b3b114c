//! The commands, one file each.

mod audit;
mod bench;
mod cohort;
mod config;
mod deid;
mod demo;
mod export;
mod import;
mod peer;
mod project;
mod purge;
mod read_reports;
mod rebuild;
mod recompress;
mod records;
mod release;
mod report;
mod serve;
mod user;
mod vault;
mod verify;

use crate::config::Settings;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Bytes of a thread's stack: questions are trees, and what is sent of them to a cluster is written by recursion.
const STACK: usize = 16 << 20;

/// An imaging research warehouse: images kept safe once, found in a second.
#[derive(Parser)]
#[command(name = "isocenter", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "\
Start here:
  isocenter serve                    start on this machine; prints the address and a sign-in link
  isocenter serve --demo             the same, with synthetic patients to look at
  isocenter import PATH…              take in folders, zip and tar archives, DICOMDIRs
  isocenter config example           every setting with its meaning and default

Settings come from, later ones winning: built-in defaults, the file isocenter.toml,
environment variables such as ISOCENTER_HTTP__LISTEN, options on the command line.")]
pub struct Cli {
    #[command(flatten)]
    shared: Shared,
    #[command(subcommand)]
    command: Command,
}

/// What every command understands.
#[derive(clap::Args)]
pub struct Shared {
    /// The settings file [default: isocenter.toml in this folder, if there is one]
    #[arg(long, short, global = true, value_name = "FILE", env = "ISOCENTER_CONFIG")]
    config: Option<PathBuf>,
    /// The data folder, instead of the one in the settings
    #[arg(long, short, global = true, value_name = "FOLDER")]
    data: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    Serve(serve::Args),
    Import(import::Args),
    Verify(verify::Args),
    Rebuild(rebuild::Args),
    Purge(purge::Args),
    Export(export::Args),
    Demo(demo::Args),
    Recompress(recompress::Args),
    Deid(Box<deid::Args>),
    #[command(subcommand)]
    Records(records::Command),
    #[command(subcommand)]
    Cohort(cohort::Command),
    #[command(subcommand)]
    Release(release::Command),
    #[command(subcommand)]
    Report(report::Command),
    ReadReports(read_reports::Args),
    #[command(subcommand)]
    User(user::Command),
    #[command(subcommand)]
    Peer(peer::Command),
    #[command(subcommand)]
    Project(project::Command),
    #[command(subcommand)]
    Vault(vault::Command),
    #[command(subcommand)]
    Audit(audit::Command),
    #[command(subcommand)]
    Bench(bench::Command),
    #[command(subcommand)]
    Config(config::Command),
}

/// Runs the command that was asked for.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let Cli { shared, command } = cli;
    if let Command::Config(command) = command {
        return config::run(&shared, &command);
    }
    if let Command::Deid(args) = command {
        return deid::run(*args);
    }
    if let Command::Report(command) = command {
        return report::run(&command);
    }
    let settings = shared.settings()?;
    crate::logging::start(&settings.config.log)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build()?;
    runtime.block_on(async {
        match command {
            Command::Serve(args) => serve::run(settings.config, args).await,
            Command::Import(args) => import::run(settings.config, args).await,
            Command::Verify(args) => verify::run(settings.config, args).await,
            Command::Purge(args) => purge::run(settings.config, args).await,
            Command::Rebuild(args) => rebuild::run(settings.config, args).await,
            Command::Export(args) => export::run(settings.config, args).await,
            Command::Demo(args) => demo::run(settings.config, args).await,
            Command::Recompress(args) => recompress::run(settings.config, args).await,
            Command::Records(command) => records::run(settings.config, command).await,
            Command::Cohort(command) => cohort::run(settings.config, command).await,
            Command::Release(command) => release::run(settings.config, command).await,
            Command::ReadReports(args) => read_reports::run(settings.config, args).await,
            Command::User(command) => user::run(settings.config, command).await,
            Command::Peer(command) => peer::run(settings.config, command).await,
            Command::Project(command) => project::run(settings.config, command).await,
            Command::Vault(command) => vault::run(settings.config, command).await,
            Command::Audit(command) => audit::run(settings.config, command).await,
            Command::Bench(command) => bench::run(settings.config, command).await,
            Command::Config(_) | Command::Deid(_) | Command::Report(_) => Ok(ExitCode::SUCCESS),
        }
    })
}

impl Shared {
    /// The settings in force, and where each came from.
    fn settings(&self) -> anyhow::Result<Settings> {
        let mut settings = Settings::load(self.config.as_deref(), std::env::vars())?;
        if let Some(data) = &self.data {
            settings.config.data.clone_from(data);
        }
        Ok(settings)
    }
}
