//! `isocenter records import`

use super::bring::Door;
use super::gather::{Gathered, gather};
use super::report::{Outcome, Report, Tally};
use super::{dry, gather};
use crate::connection::Connection;
use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use server::Config;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Take in the clinical record: HL7 v2, FHIR, OMOP, tables, variants
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  isocenter records import messages/ bundle.json
  isocenter records import patients.ndjson --system https://fhir.hospital.example/r4
  isocenter records import omop/ --system https://hospital.example/omop
  isocenter records import labs.csv --mapping labs.toml --dry-run
  isocenter records import labs.parquet --mapping labs.toml
  isocenter records import genomes.vcf.gz --system urn:oid:1.2.3.4

Files are recognised by their content: HL7 v2 messages and batches; FHIR R4 and R5 as JSON or NDJSON; a folder
with a PERSON table as an OMOP CDM; VCF; with --mapping any other
delimited table or Parquet file. Each file is kept as it came.
Then every entry, line and row is read, kept or refused with a reason.

Run it again whenever you like: what is there already is not read again and changes nothing.

Exit status: 0 all was read; 3 something was refused; 1 anything else.")]
pub struct Args {
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Who issued the ids in it: a FHIR server's base address, a data set's name
    #[arg(long, value_name = "URL")]
    system: Option<String>,
    /// What the columns of tables are (docs/RECORDS.md)
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Read everything, keep nothing
    #[arg(long)]
    dry_run: bool,
    /// Write what became of every file as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Some things were refused.
const NEEDS_A_LOOK: u8 = 3;

/// Imports.
pub async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    let gathered = gather(&args.paths, args.mapping.is_some())?;
    let mapping = args.mapping.as_deref().map(gather::mapping).transpose()?;
    let mut report = Report::new(args.report.as_deref())?;
    let what = What { gathered, system: args.system, mapping };
    let started = Instant::now();
    if args.dry_run {
        let bar = bar(&what.gathered);
        let done = tokio::task::spawn_blocking(move || read_dry(&what, &mut report, &bar).map(|()| report));
        report = done.await??;
    } else {
        let connection = Connection::open(config).await?;
        let result = bring_all(&connection, &what, &mut report).await;
        connection.close().await?;
        result?;
    }
    let tally = report.finish(args.dry_run).context("the report can't be written; the import is complete")?;
    tally.print(started.elapsed(), args.dry_run);
    Ok(status(&tally))
}

fn status(tally: &Tally) -> ExitCode {
    if tally.needs_a_look() { ExitCode::from(NEEDS_A_LOOK) } else { ExitCode::SUCCESS }
}

/// What is to be brought in.
pub(super) struct What {
    pub gathered: Vec<Gathered>,
    pub system: Option<String>,
    /// The mapping's path and text.
    pub mapping: Option<(PathBuf, String)>,
}

fn read_dry(what: &What, report: &mut Report, bar: &ProgressBar) -> anyhow::Result<()> {
    for one in &what.gathered {
        report.add(dry::read(one, what))?;
        bar.inc(one.size());
    }
    bar.finish_and_clear();
    Ok(())
}

async fn bring_all(connection: &Connection, what: &What, report: &mut Report) -> anyhow::Result<()> {
    let door = Door::new(connection.requests(), what);
    let bar = bar(&what.gathered);
    let mut sent = Vec::new();
    // All are durable before the first is waited for: reading goes on beside sending.
    for one in &what.gathered {
        sent.push(door.send(one, &bar).await?);
    }
    bar.set_message("reading");
    for (one, sent) in what.gathered.iter().zip(sent) {
        let outcome = match sent {
            Ok(sent) => door.wait(one, &sent).await?,
            Err(why) => Outcome::refused(one, &why),
        };
        report.add(outcome)?;
    }
    bar.finish_and_clear();
    Ok(())
}

fn bar(gathered: &[Gathered]) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bytes = gathered.iter().map(Gathered::size).sum();
    let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr());
    let template =
        "{bar:24} {percent:>3} % · {bytes} of {total_bytes} · {bytes_per_sec} · {eta} left · {msg}";
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
