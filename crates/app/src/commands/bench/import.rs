//! Import beside copying the same files and syncing them.

use super::median;
use super::samples::{Samples, Scratch, sync};
use crate::connection::Connection;
use intake::import::{Import, IntakeSink, Verdict};
use server::Config;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use tokio_util::sync::CancellationToken;

/// Import a folder, beside copying and syncing it
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    samples: Samples,
    /// A folder to import instead of instances that are made up
    #[arg(long, value_name = "PATH")]
    files: Option<PathBuf>,
}

pub async fn run(config: Config, args: Args) -> anyhow::Result<()> {
    let scratch = args.samples.scratch()?;
    let files = match &args.files {
        Some(files) => files.clone(),
        None => make(&args.samples, &scratch)?,
    };
    let (mut copies, mut imports) = (Vec::new(), Vec::new());
    for round in 0..args.samples.rounds {
        copies.push(copy(&files, &scratch, round)?);
        imports.push(import(&config, &files, &scratch, round).await?);
    }
    let (copied, imported) = (median(copies), median(imports));
    println!("copy and sync  {copied:8.2} s");
    println!("import         {imported:8.2} s");
    println!("ratio          {:8.2} of the speed of copying", copied / imported);
    Ok(())
}

fn make(samples: &Samples, scratch: &Scratch) -> anyhow::Result<PathBuf> {
    let folder = scratch.path().join("files");
    samples.made.write(&folder, 0)?;
    sync(&folder)?;
    Ok(folder)
}

fn copy(files: &Path, scratch: &Scratch, round: u32) -> anyhow::Result<f64> {
    let target = scratch.path().join(format!("copy-{round}"));
    let started = Instant::now();
    for entry in walkdir::WalkDir::new(files).follow_links(true) {
        let entry = entry?;
        let to = target.join(entry.path().strip_prefix(files)?);
        if entry.file_type().is_dir() {
            fs::create_dir_all(to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    sync(&target)?;
    Ok(started.elapsed().as_secs_f64())
}

/// The time until every file is durable; indexing goes on beside it.
async fn import(config: &Config, files: &Path, scratch: &Scratch, round: u32) -> anyhow::Result<f64> {
    let connection = Connection::open(scratch.config(config, &format!("data-{round}"))).await?;
    let Some(rooms) = connection.rooms() else { anyhow::bail!("the folder is in use") };
    let sink = Arc::new(IntakeSink::new(rooms.intake.clone(), "bench".into(), None));
    let what = Import { roots: vec![files.to_owned()], readers: 4, journal: None };
    let (mut held, started) = (0, Instant::now());
    intake::import::run(what, sink, CancellationToken::new(), |line| {
        held += u64::from(line.settled.outcome == Verdict::Stored);
    })
    .await?;
    let took = started.elapsed().as_secs_f64();
    connection.close().await?;
    println!("{held} instances stored in {took:.2} s, {:.0} a second", held as f64 / took);
    Ok(took)
}
