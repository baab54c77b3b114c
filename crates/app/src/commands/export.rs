//! `isocenter export`

use crate::connection::Connection;
use crate::told;
use anyhow::{Context as _, bail};
use serde_json::json;
use server::Config;
use std::path::PathBuf;
use std::process::ExitCode;

/// Write everything out in open form: originals, where they came from, the catalog, its schema
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  isocenter export --all /mnt/export

The folder gets every DICOM instance as it was received (dicom/<study>/<series>/<instance>.dcm), all
attachments, quarantined files and decisions, provenance.jsonl with the SHA-256 and the origin of each,
the catalog's rows as JSON lines with their schema, and a README.md that explains them.
The export identifies patients; it is recorded in the audit log.")]
pub struct Args {
    /// Everything there is
    #[arg(long, required = true)]
    all: bool,
    /// A folder that is empty or doesn't exist yet
    folder: PathBuf,
}

/// Exports.
pub async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    let folder = std::path::absolute(&args.folder).context("the folder's path can't be used")?;
    let Some(folder) = folder.to_str() else { bail!("the folder's path must be UTF-8") };
    let connection = Connection::open(config).await?;
    let body = json!({ "folder": folder });
    let done = told::follow(&connection, "/api/v1/archive/export", &body, |bar, progress| {
        bar.set_message(format!("{} files, {}", progress["files"], told::bytes(&progress["bytes"])));
        bar.tick();
    })
    .await;
    connection.close().await?;
    let done = done?;
    println!(
        "{} files, {}, {} rows written to {folder}",
        done["files"],
        told::bytes(&done["bytes"]),
        done["rows"]
    );
    match done["damaged"].as_array().map_or(0, Vec::len) {
        0 => Ok(ExitCode::SUCCESS),
        n => bail!("{n} files are damaged in the archive; see isocenter verify"),
    }
}
