//! `isocenter audit`

use crate::connection::Connection;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use server::Config;
use std::process::ExitCode;

/// The audit log: who did what, in a chain that shows every change to it
#[derive(clap::Subcommand)]
#[command(after_help = "\
Examples:
  isocenter audit head >> /mnt/elsewhere/heads       keep where the chain stands, e.g. daily
  isocenter audit verify --heads /mnt/elsewhere/heads

`verify` finds rows that were edited, deleted or moved. Rows cut off the end show only against a
head that was kept outside the server.")]
pub enum Command {
    /// Print the newest entries
    List {
        /// How many, up to 1000
        #[arg(long, short = 'n', default_value_t = 20)]
        number: u16,
    },
    /// Print where the chain stands: the last row's number and hash
    Head,
    /// Read the whole log and check the chain; fails when something is wrong
    Verify {
        /// A head that was kept; may be given again
        #[arg(long = "head", value_name = "SEQ:HASH")]
        heads: Vec<String>,
        /// A file with heads that were kept, one a line
        #[arg(long = "heads", value_name = "FILE")]
        file: Option<std::path::PathBuf>,
    },
}

#[derive(Deserialize)]
struct Verdict {
    whole: bool,
    rows: u64,
    head: String,
    faults: Vec<String>,
}

#[derive(Deserialize)]
struct Rows {
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    seq: i64,
    at: String,
    actor: String,
    door: String,
    action: String,
    resources: Vec<String>,
    outcome: String,
    detail: Value,
}

/// Runs it.
pub async fn run(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    let connection = Connection::open(config).await?;
    let result = act(&connection, command).await;
    connection.close().await?;
    result
}

async fn act(connection: &Connection, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::List { number } => {
            let Rows { rows } = connection.get(&format!("/api/v1/audit?limit={number}")).await?;
            rows.iter().for_each(show);
        }
        Command::Head => {
            let head: Value = connection.get("/api/v1/audit/head").await?;
            println!("{}", head["head"].as_str().unwrap_or_default());
        }
        Command::Verify { mut heads, file } => {
            if let Some(file) = file {
                let kept = std::fs::read_to_string(file)?;
                heads.extend(kept.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned));
            }
            return verify(connection, &heads).await;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn verify(connection: &Connection, heads: &[String]) -> anyhow::Result<ExitCode> {
    let body = json!({ "heads": heads });
    let verdict: Verdict = connection.send(Method::POST, "/api/v1/audit/verify", &body).await?;
    for fault in &verdict.faults {
        println!("{fault}");
    }
    if verdict.whole {
        println!("{} entries, the chain is whole; its head is {}", verdict.rows, verdict.head);
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} entries, {} faults: the log was changed", verdict.rows, verdict.faults.len());
    Ok(ExitCode::FAILURE)
}

fn show(row: &Row) {
    let Row { seq, at, actor, door, action, resources, outcome, detail } = row;
    println!("{seq} {at} {actor} {action} {} {outcome} by {door} {detail}", resources.join(" "));
}
