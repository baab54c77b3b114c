//! `isocenter config`

use super::Shared;
use crate::config::document;
use anyhow::Context as _;
use server::text_model::TextModel;
use std::process::ExitCode;

/// Show, check and explain the settings
#[derive(clap::Subcommand)]
pub enum Command {
    /// Print the settings in force and where each came from
    Show,
    /// Check the settings file and the environment, and say what is wrong and where
    Check,
    /// Print a settings file with every key, its meaning and its default
    #[command(after_help = "Example:\n  isocenter config example > isocenter.toml")]
    Example,
    /// Print the manual page of the settings, as Markdown
    Manual,
    /// Print the DICOM conformance statement, as Markdown
    Conformance,
}

/// Runs it.
pub fn run(shared: &Shared, command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Show => print!("{}", shared.settings()?.show()?),
        Command::Check => {
            let settings = shared.settings()?;
            let model = TextModel::of(&settings.config).context(
                "reading.model is of no use: reports would be read by rules alone; docs/READING.md says what it needs",
            )?;
            server::mail::check(&settings.config.mail).context("letters can't be sent")?;
            println!("{}", settings.verdict());
            if let Some(model) = model {
                println!("text model {} answers ({})", model.name, model.digest);
            }
        }
        Command::Example => print!("{}", document::example()),
        Command::Manual => print!("{}", document::manual()),
        Command::Conformance => print!("{}", server::conformance::statement()),
    }
    Ok(ExitCode::SUCCESS)
}
