//! `isocenter records poll`

use crate::connection::Connection;
use anyhow::Context as _;
use reqwest::Method;
use serde::Deserialize;
use server::Config;
use server::polling::make_key;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Ask FHIR servers for what is new
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  isocenter records poll                      every server of the settings (records.fhir)
  isocenter records poll ehr
  isocenter records poll --list
  isocenter records poll --make-key ehr.pem   prints the public key, for the server's administrator

Public keys are also served at /.well-known/jwks.json.

Exit status: 0 all was asked; 3 a server could not be; 1 anything else.")]
pub struct Args {
    /// Servers by their names in the settings; all when left out
    names: Vec<String>,
    /// Only say how it stands
    #[arg(long)]
    list: bool,
    /// Make a P-384 key in a new file and print its public part as a JWK Set
    #[arg(long, value_name = "FILE")]
    make_key: Option<PathBuf>,
}

#[derive(Deserialize)]
struct List {
    servers: Vec<Server>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Server {
    name: String,
    url: String,
    rounds: i64,
    succeeded_at: Option<String>,
    error: String,
    pages: i64,
    resources: i64,
}

#[derive(Deserialize)]
struct Asked {
    round: i64,
}

/// A server could not be asked.
const NEEDS_A_LOOK: u8 = 3;
/// Between two looks at how far it is.
const PAUSE: Duration = Duration::from_millis(250);
const SERVERS: &str = "/api/v1/records/fhir-servers";

/// Asks.
pub async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    if let Some(path) = &args.make_key {
        let key = make_key(path).with_context(|| format!("no key was made at {}", path.display()))?;
        println!("{}", serde_json::to_string_pretty(&serde_json::json!({"keys": [key]}))?);
        return Ok(ExitCode::SUCCESS);
    }
    let connection = Connection::open(config).await?;
    let went = ask(&connection, &args).await;
    connection.close().await?;
    went
}

async fn ask(connection: &Connection, args: &Args) -> anyhow::Result<ExitCode> {
    let all = servers(connection).await?;
    let names = if args.names.is_empty() {
        all.iter().map(|one| one.name.clone()).collect()
    } else {
        args.names.clone()
    };
    if !args.list {
        let mut rounds = Vec::new();
        for name in &names {
            let path = format!("{SERVERS}/{name}/poll");
            let asked: Asked =
                connection.requests().send(Method::POST, &path, &serde_json::json!({})).await?;
            rounds.push((name, asked.round));
        }
        while !ended(connection, &rounds).await? {
            tokio::time::sleep(PAUSE).await;
        }
    }
    let mut failed = false;
    for Server { name, url, succeeded_at, error, pages, resources, .. } in servers(connection).await? {
        if names.contains(&name) {
            failed |= !error.is_empty();
            let last = succeeded_at.unwrap_or_else(|| "never".into());
            println!("{name} ({url}): {resources} resources on {pages} pages, last well {last}");
            if !error.is_empty() {
                println!("  {error}");
            }
        }
    }
    Ok(if failed { ExitCode::from(NEEDS_A_LOOK) } else { ExitCode::SUCCESS })
}

async fn servers(connection: &Connection) -> anyhow::Result<Vec<Server>> {
    Ok(connection.requests().get::<List>(SERVERS).await?.servers)
}

async fn ended(connection: &Connection, rounds: &[(&String, i64)]) -> anyhow::Result<bool> {
    let all = servers(connection).await?;
    let ended = |(name, round): &(&String, i64)| {
        all.iter().find(|one| one.name == **name).is_none_or(|one| one.rounds >= *round)
    };
    Ok(rounds.iter().all(ended))
}
