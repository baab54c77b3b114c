//! `isocenter import`

mod progress;
mod report;
mod through_server;
mod way;

pub(super) use way::Way;

use crate::connection::Connection;
use anyhow::Context as _;
use intake::Subject;
use intake::import::{Import, Journal, Sink, SinkError, Tally, Verdict};
use model::StudyInstanceUid;
use progress::Progress;
use report::Report;
use server::Config;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;
use tokio_util::sync::CancellationToken;

/// Take in folders, files, zip and tar archives, DICOMDIRs
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  isocenter import /media/cd                      a CD: its DICOMDIR is checked, its files are taken
  isocenter import ~/scans exams.zip old.tar.gz
  isocenter import /pacs/export --report import.jsonl
  isocenter import results/ --attach-to exam:1.2.840.1234.5

Each file ends in one way: stored, already there, conflicting (another file has its SOP Instance UID;
both are kept), in quarantine (it looks like DICOM but can't be taken; see the quarantine page),
or refused. A file that nothing makes DICOM is refused as not-dicom and is not kept; with --attach-to
it is attached instead.

Every file that was counted is safe, even if the power fails. Stop with Ctrl-C and run the same command
again: what was taken is not read again. With a running server the files go through it.

Exit status: 0 everything was taken (files that are not DICOM do not count); 3 something needs a look:
conflicts, quarantine, files that could not be read; 4 the disk is full; 130 stopped; 1 anything else.")]
pub struct Args {
    /// Folders, files, archives
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Attach files that are not DICOM to patient:ID, exam:UID or project:NAME
    #[arg(long, value_name = "SUBJECT")]
    attach_to: Option<Subject>,
    /// Write what became of every file: JSON lines, or one JSON document if the name ends in .json
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Read files again that an earlier import has taken
    #[arg(long)]
    reread: bool,
    /// Threads that read
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=64))]
    readers: u8,
}

/// Some things need a look.
const NEEDS_A_LOOK: u8 = 3;
/// The disk is full.
const FULL: u8 = 4;
/// Stopped by the user.
const STOPPED: u8 = 130;

/// Imports.
pub async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    let report = args.report.as_deref().map(Report::create).transpose()?;
    let journal = journal(&config, args.reread);
    let connection = Connection::open(config).await?;
    let result = through(&connection, args, report, journal).await;
    connection.close().await?;
    result
}

/// The journal saves time; without one everything is read, and found to be there already.
fn journal(config: &Config, reread: bool) -> Option<Journal> {
    let path = config.data.join("import-journal.jsonl");
    let opened = std::fs::create_dir_all(&config.data).and_then(|()| Journal::open(&path)).ok();
    opened.map(|journal| if reread { journal.forgetting() } else { journal })
}

async fn through(
    connection: &Connection,
    args: Args,
    report: Option<Report>,
    journal: Option<Journal>,
) -> anyhow::Result<ExitCode> {
    let way = Way::open(connection, args.attach_to.clone()).await?;
    let done = import(args, way.sink(), report, journal).await?;
    way.end(&done.tally, &done.studies).await?;
    done.finish()
}

/// What an import came to.
struct Done {
    tally: Tally,
    studies: BTreeSet<StudyInstanceUid>,
    outcome: Result<(), SinkError>,
    stopped: bool,
}

async fn import(
    args: Args,
    sink: Arc<dyn Sink>,
    mut report: Option<Report>,
    journal: Option<Journal>,
) -> anyhow::Result<Done> {
    let roots = args.paths.iter().map(std::path::absolute).collect::<Result<Vec<_>, _>>()?;
    let (stop, started) = (CancellationToken::new(), Instant::now());
    let signals = tokio::spawn(stop_on_ctrl_c(stop.clone()));
    let mut progress = Progress::start(&roots);
    let (mut tally, mut studies) = (Tally::default(), BTreeSet::new());
    let mut trouble = None;
    let what = Import { roots, readers: args.readers.into(), journal };
    let outcome = intake::import::run(what, sink, stop.clone(), |line| {
        tally.add(line);
        let held = matches!(line.settled.outcome, Verdict::Stored | Verdict::AlreadyHeld | Verdict::Conflict);
        studies.extend(line.settled.study_instance_uid.clone().filter(|_| held));
        progress.add(line, &tally);
        if let (Some(report), None) = (&mut report, &trouble) {
            trouble = report.add(line).err();
        }
    })
    .await;
    signals.abort();
    progress.finish();
    report::print(&tally, studies.len(), started.elapsed());
    if let Some(report) = report.filter(|_| trouble.is_none()) {
        trouble = report.finish(&tally).err();
    }
    trouble.map_or(Ok(()), Err).context("the report can't be written; the import itself is complete")?;
    let stopped = stop.is_cancelled() && outcome.is_ok();
    Ok(Done { tally, studies, outcome, stopped })
}

impl Done {
    fn finish(self) -> anyhow::Result<ExitCode> {
        match self.outcome {
            Err(error @ SinkError::Full(_)) => {
                eprintln!("error: {:#}", anyhow::Error::from(error));
                Ok(ExitCode::from(FULL))
            }
            Err(error) => Err(error.into()),
            Ok(()) if self.stopped => {
                eprintln!("stopped; run the same command again to go on");
                Ok(ExitCode::from(STOPPED))
            }
            Ok(()) if self.tally.needs_a_look() => Ok(ExitCode::from(NEEDS_A_LOOK)),
            Ok(()) => Ok(ExitCode::SUCCESS),
        }
    }
}

async fn stop_on_ctrl_c(stop: CancellationToken) {
    if tokio::signal::ctrl_c().await.is_ok() {
        stop.cancel();
    }
    // Asked again: go at once. What was counted is durable.
    if tokio::signal::ctrl_c().await.is_ok() {
        std::process::exit(STOPPED.into());
    }
}
