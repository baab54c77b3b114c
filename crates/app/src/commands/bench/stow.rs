//! STOW-RS beside writing the same bytes with one flush for each request.

use super::median;
use super::samples::{Samples, Scratch};
use crate::connection::{Connection, answer};
use futures::StreamExt;
use reqwest::Method;
use server::Config;
use std::fs::File;
use std::io::Write as _;
use std::time::Instant;

/// Store through STOW-RS, beside writing and flushing the same bytes
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    samples: Samples,
    /// Requests at a time
    #[arg(long, value_name = "N", default_value_t = 4)]
    senders: usize,
    /// Instances in a request
    #[arg(long, value_name = "N", default_value_t = 100)]
    parts: usize,
}

const BOUNDARY: &str = "isocenter-bench";

pub async fn run(config: Config, args: Args) -> anyhow::Result<()> {
    let scratch = args.samples.scratch()?;
    let connection = Connection::open(scratch.config(&config, "data")).await?;
    let (mut raws, mut stows) = (Vec::new(), Vec::new());
    for round in 0..args.samples.rounds {
        let bodies = bodies(&args, round);
        raws.push(raw(&bodies, &scratch)?);
        stows.push(store(&connection, bodies, args.senders).await?);
    }
    connection.close().await?;
    let (raw, stow) = (median(raws), median(stows));
    println!("write and flush  {raw:8.2} s");
    println!(
        "STOW-RS          {stow:8.2} s, {:.0} instances a second",
        f64::from(args.samples.made.instances) / stow
    );
    println!("ratio            {:8.2} of the speed of writing", raw / stow);
    Ok(())
}

fn bodies(args: &Args, round: u32) -> Vec<Vec<u8>> {
    let numbers: Vec<u32> = (0..args.samples.made.instances).collect();
    numbers.chunks(args.parts.max(1)).map(|part| body(&args.samples, round, part)).collect()
}

fn body(samples: &Samples, round: u32, numbers: &[u32]) -> Vec<u8> {
    let mut body = Vec::new();
    for number in numbers {
        body.extend_from_slice(format!("--{BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n").as_bytes());
        body.extend_from_slice(&samples.made.instance(round, *number));
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

fn raw(bodies: &[Vec<u8>], scratch: &Scratch) -> anyhow::Result<f64> {
    let path = scratch.path().join("raw");
    let started = Instant::now();
    let mut file = File::create(&path)?;
    for body in bodies {
        file.write_all(body)?;
        file.sync_data()?;
    }
    let took = started.elapsed().as_secs_f64();
    std::fs::remove_file(path)?;
    Ok(took)
}

async fn store(connection: &Connection, bodies: Vec<Vec<u8>>, senders: usize) -> anyhow::Result<f64> {
    let kind = format!("multipart/related; type=\"application/dicom\"; boundary={BOUNDARY}");
    let started = Instant::now();
    let sending = futures::stream::iter(bodies).map(|body| {
        let request = connection.request(Method::POST, "/dicom-web/studies").header("content-type", &kind);
        answer(request.body(body))
    });
    let mut sent = sending.buffer_unordered(senders.max(1));
    while let Some(answered) = sent.next().await {
        anyhow::ensure!(answered?.status() == 200, "not every instance was stored");
    }
    Ok(started.elapsed().as_secs_f64())
}
