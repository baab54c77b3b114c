//! `isocenter purge`

use crate::connection::Connection;
use crate::told;
use anyhow::bail;
use serde_json::json;
use server::Config;
use std::process::ExitCode;

/// Remove for good what was deleted; this can't be undone
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  isocenter purge --older-than-days 30 --yes

Deleting hides an exam and can be undone until it is purged. Purging writes the segments anew without it,
in the data folder at once, in store.objects and archive.second_copy at the next round. It needs the role
admin and is recorded in the audit log.")]
pub struct Args {
    /// Only what was deleted at least so many days ago
    #[arg(long, value_name = "DAYS")]
    older_than_days: u32,
    /// Do it, without asking
    #[arg(long)]
    yes: bool,
}

/// Purges.
pub async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    if !args.yes {
        bail!("purging can't be undone; add --yes to do it");
    }
    let connection = Connection::open(config).await?;
    let body = json!({ "olderThanDays": args.older_than_days });
    let done = told::follow(&connection, "/api/v1/archive/purge", &body, |bar, progress| {
        bar.set_message(format!("deletion {} of {}", progress["deletions"], progress["total"]));
        bar.tick();
    })
    .await;
    connection.close().await?;
    let done = done?;
    let saved = told::bytes(&done["saved"]);
    println!(
        "{} deletions carried out: {} files removed, {saved} given back",
        done["deletions"], done["entries"]
    );
    Ok(ExitCode::SUCCESS)
}
