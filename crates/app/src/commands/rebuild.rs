//! `isocenter rebuild`

use crate::connection::Connection;
use crate::told;
use serde_json::json;
use server::Config;
use std::process::ExitCode;

/// Make the whole catalog again from the archive alone
#[derive(clap::Args)]
#[command(after_help = "\
The catalog holds nothing the archive doesn't: rows of patients, exams, series and instances, conflicts,
quarantine, attachments and deletions are all read from the segments again. Searches find less until it
is done. Stopped half-way, the next start goes on where it stopped.")]
pub struct Args {}

/// Rebuilds.
pub async fn run(config: Config, _: Args) -> anyhow::Result<ExitCode> {
    let connection = Connection::open(config).await?;
    let done = told::follow(&connection, "/api/v1/catalog/rebuild", &json!({}), |bar, progress| {
        bar.set_message(format!("{} files indexed", progress["entries"]));
        bar.tick();
    })
    .await;
    connection.close().await?;
    println!("{} files indexed", done?["entries"]);
    Ok(ExitCode::SUCCESS)
}
