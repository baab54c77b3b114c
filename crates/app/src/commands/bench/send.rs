//! A fast sender: everything in memory before the clock starts, several associations at a time.

use super::files::{Loaded, load};
use super::peer::Peer;
use dicom::net::dimse::Status;
use dicom::net::scu::{Sender, contexts_for};
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

/// Send files to any DICOM server by C-STORE, as fast as it takes them; prints JSON
#[derive(clap::Args)]
pub struct Args {
    /// Files and folders to send
    #[arg(required = true, value_name = "PATH")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    peer: Peer,
    /// Associations at a time; the files are dealt out among them
    #[arg(long, value_name = "N", default_value_t = 1)]
    associations: usize,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    let files = load(&args.files)?;
    let bytes: u64 = files.iter().map(Loaded::length).sum();
    let instances = files.len();
    let ready = Arc::new(Barrier::new(args.associations + 1));
    let mut senders = JoinSet::new();
    for part in deal(files, args.associations) {
        senders.spawn(send(args.peer.clone(), part, ready.clone()));
    }
    let all_ready = async { ready.wait().await };
    tokio::select! {
        _ = all_ready => {}
        Some(Ok(Err(error))) = senders.join_next() => return Err(error),
    }
    let started = Instant::now();
    let mut refused = 0;
    while let Some(part) = senders.join_next().await {
        refused += part??;
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("{}", json!({ "instances": instances, "bytes": bytes, "seconds": seconds, "refused": refused }));
    Ok(())
}

/// Stretches of the list, so that a series stays together.
fn deal(mut files: Vec<Loaded>, parts: usize) -> Vec<Vec<Loaded>> {
    let each = files.len().div_ceil(parts.max(1));
    let dealt = (0..parts).map(|_| files.drain(..each.min(files.len())).collect());
    dealt.collect()
}

/// Gives the number of instances that were refused.
async fn send(peer: Peer, files: Vec<Loaded>, ready: Arc<Barrier>) -> anyhow::Result<u64> {
    let kinds: Vec<_> = files.iter().map(Loaded::kind).collect();
    if kinds.is_empty() {
        ready.wait().await;
        return Ok(0);
    }
    let mut sender = Sender::new(peer.associate(contexts_for(&kinds), Vec::new()).await?);
    ready.wait().await;
    let mut refused = 0;
    for file in &files {
        refused += u64::from(sender.send(&file.outgoing()).await? != Status::SUCCESS);
    }
    sender.release().await?;
    Ok(refused)
}
