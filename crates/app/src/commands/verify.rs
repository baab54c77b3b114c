//! `isocenter verify`

use crate::connection::Connection;
use crate::told;
use serde_json::{Value, json};
use server::Config;
use std::process::ExitCode;

/// Read every byte that is kept and compare it with its SHA-256; repair from the second copy
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  isocenter verify                       the segments in the data folder
  isocenter verify --everywhere          also those in store.objects and archive.second_copy
  isocenter verify --everywhere --repair replace damaged copies by good ones
  isocenter verify --json > verified.json

Damage is told by the instances and other files it touches (<study>/<series>/<instance>). What the catalog
knows and the archive has lost altogether is told too. A damaged copy that was replaced is kept in the
folder `damaged` of the archive.
Exit status: 0 everything is whole (or was repaired); 5 something is damaged; 1 anything else.")]
pub struct Args {
    /// Also read the copies in store.objects and archive.second_copy
    #[arg(long)]
    everywhere: bool,
    /// Replace damaged copies by good ones
    #[arg(long)]
    repair: bool,
    /// Print what was found as JSON
    #[arg(long)]
    json: bool,
}

/// Something is damaged and was not repaired.
const DAMAGED: u8 = 5;

/// Verifies.
pub async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    let connection = Connection::open(config).await?;
    let body = json!({ "everywhere": args.everywhere || args.repair, "repair": args.repair });
    let found = told::follow(&connection, "/api/v1/archive/verify", &body, |bar, progress| {
        bar.set_length(progress["total"].as_u64().unwrap_or(0));
        bar.set_position(progress["bytes"].as_u64().unwrap_or(0));
        bar.set_message(format!("{} files", progress["entries"]));
    })
    .await;
    connection.close().await?;
    let found = found?;
    if args.json {
        println!("{found:#}");
    } else {
        show(&found);
    }
    let whole = damage(&found).iter().all(|damage| damage["repaired"] == true);
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::from(DAMAGED) })
}

fn damage(found: &Value) -> &[Value] {
    found["damage"].as_array().map_or(&[], Vec::as_slice)
}

fn show(found: &Value) {
    for damage in damage(found) {
        let (segment, place) = (damage["segment"].as_str(), damage["place"].as_str());
        let repaired = if damage["repaired"] == true { "repaired" } else { "NOT repaired" };
        println!(
            "{} in {} ({}) at byte {}: {repaired}",
            damage["what"].as_str().unwrap_or_default(),
            segment.unwrap_or_default(),
            place.unwrap_or_default(),
            damage["offset"],
        );
        for file in damage["files"].as_array().into_iter().flatten() {
            println!("  {}", file.as_str().unwrap_or_default());
        }
    }
    let repaired = damage(found).iter().filter(|damage| damage["repaired"] == true).count();
    let verdict = match (damage(found).len(), repaired) {
        (0, _) => "everything is whole".to_owned(),
        (damaged, repaired) => format!("{damaged} damaged, {repaired} repaired"),
    };
    let bytes = told::bytes(&found["bytes"]);
    let copies = match found["copies"].as_u64() {
        Some(1) => "1 segment".to_owned(),
        copies => format!("{} segments, copies counted", copies.unwrap_or_default()),
    };
    println!("{} files in {copies}, {bytes}: {verdict}", found["entries"]);
}
