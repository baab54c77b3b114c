//! `isocenter records codes`

use super::bring::Door;
use super::gather::Gathered;
use super::import::What;
use crate::connection::Connection;
use anyhow::bail;
use indicatif::ProgressBar;
use serde::Deserialize;
use server::Config;
use std::path::PathBuf;
use std::process::ExitCode;

/// Tables that map codes and units
#[derive(clap::Subcommand)]
#[command(after_help = "\
Examples:
  isocenter records codes load laboratory.csv
  isocenter records codes load CONCEPT.csv CONCEPT_RELATIONSHIP.csv --name athena
  isocenter records codes load concept-map.json --name laboratory
  isocenter records codes list

A table is a CSV with the columns source_system, source_code, target_system, target_code and, where known, display,
valid_from and valid_to; OMOP's CONCEPT with CONCEPT_RELATIONSHIP; or a FHIR ConceptMap. Codes stay as they were
received; what they are mapped to stands beside them. The latest table of a name holds; earlier ones are kept.")]
pub enum Command {
    /// Bring in a table
    Load {
        /// The file, or the files of one vocabulary
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// What it is called; left out: as its file
        #[arg(long)]
        name: Option<String>,
    },
    /// List the tables
    List,
}

#[derive(Deserialize)]
struct List {
    tables: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Table {
    name: String,
    received_at: String,
    entries: i64,
    state: String,
}

/// Something was refused.
const NEEDS_A_LOOK: u8 = 3;

/// Runs it.
pub async fn run(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    let connection = Connection::open(config).await?;
    let went = match command {
        Command::Load { files, name } => load(&connection, files, name).await,
        Command::List => list(&connection).await,
    };
    connection.close().await?;
    went
}

async fn load(
    connection: &Connection,
    files: Vec<PathBuf>,
    name: Option<String>,
) -> anyhow::Result<ExitCode> {
    if files.len() > 1 && name.is_none() {
        bail!("several files are one table: say what it is called by --name");
    }
    let what = What { gathered: vec![Gathered::codes(files)?], system: name, mapping: None };
    let door = Door::new(connection.requests(), &what);
    let mut refused = 0;
    for one in &what.gathered {
        match door.send(one, &ProgressBar::hidden()).await? {
            Ok(sent) => {
                let outcome = door.wait(one, &sent).await?;
                for (place, why) in &outcome.reasons {
                    println!("{place}: {why}");
                }
                refused += outcome.refused + u64::from(outcome.unreadable);
            }
            Err(why) => bail!(why),
        }
    }
    list(connection).await?;
    Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::from(NEEDS_A_LOOK) })
}

async fn list(connection: &Connection) -> anyhow::Result<ExitCode> {
    let list: List = connection.requests().get("/api/v1/records/codes").await?;
    for Table { name, received_at, entries, state } in list.tables {
        println!("{name}: {entries} codes, {state}, came {received_at}");
    }
    Ok(ExitCode::SUCCESS)
}
