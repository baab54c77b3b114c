//! `isocenter vault`

use server::Config;
use std::path::PathBuf;
use std::process::ExitCode;

/// The vault: who the subjects of projects are
#[derive(clap::Subcommand)]
#[command(after_help = "\
Example:
  isocenter vault change-key /etc/isocenter/vault-2027.key     then set vault.key_file to it

Codes, UIDs and date shifts stay the same: they follow from the keys of projects, which are in the vault.
No server may run on the data folder meanwhile.")]
pub enum Command {
    /// Make a new master key, and have it open the vault instead of the old one
    ChangeKey {
        /// The new key file; it must not be there yet
        file: PathBuf,
        /// Seal every entry again as well: for when somebody may have had the old key and the database
        #[arg(long)]
        seal_again: bool,
    },
}

/// Runs it.
pub async fn run(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    let Command::ChangeKey { file, seal_again } = command;
    let entries = server::vault_key::change(&config, &file, seal_again).await?;
    if let Some(entries) = entries {
        println!("{entries} entries were sealed again");
    }
    println!("{} opens the vault from now on", file.display());
    println!("set vault.key_file to it, keep a copy apart from the database, and destroy the old one");
    Ok(ExitCode::SUCCESS)
}
