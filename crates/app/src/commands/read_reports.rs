//! `isocenter read-reports`

use crate::connection::Connection;
use crate::told;
use serde_json::json;
use server::Config;
use std::process::ExitCode;

/// Read all reports that are kept with the rules and words in use
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  isocenter read-reports            those that an earlier version has read, or nobody
  isocenter read-reports --again    all of them, from the beginning

After an upgrade, or when the words of reading.lexicon change, the server does the same by itself in the background. Stopped
half-way, it goes on where it stopped. What earlier versions have read, and what people said of it, stays beside it.")]
pub struct Args {
    /// Also those that this version has read
    #[arg(long)]
    again: bool,
}

/// Reads.
pub async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    let connection = Connection::open(config).await?;
    let body = json!({ "again": args.again });
    let done = told::follow(&connection, "/api/v1/records/readings/again", &body, |bar, progress| {
        bar.set_message(format!("{} of {} reports", progress["read"], progress["of"]));
        bar.tick();
    })
    .await;
    connection.close().await?;
    let done = done?;
    let word = |name: &str| done[name].as_str().unwrap_or_default().to_owned();
    println!(
        "{} of {} reports read by rules {}, words {}",
        done["read"],
        done["of"],
        word("engine"),
        word("lexicon")
    );
    Ok(ExitCode::SUCCESS)
}
