//! `isocenter demo`, and `isocenter serve --demo`: the demo hospital.

mod fill;
mod people;

pub(super) use fill::beside;

use crate::connection::Connection;
use anyhow::Context as _;
use demo::DemoFile;
use indicatif::{ProgressBar, ProgressStyle};
use server::Config;
use server::synthetic::Population;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tokio_util::sync::CancellationToken;

/// Fill with the demo hospital: synthetic patients and their CT, MR, CR, US and PT exams
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  isocenter demo                      into the data folder, or through the running server
  isocenter demo --out demo-images    as files, to send from somewhere else
  isocenter demo --patient DEMO-0007  one patient's exams
  isocenter serve --demo              start, and fill in the background
  isocenter demo --patients 100000    an invented population to ask questions of

The patients, their visits and their pictures are computed, and every file says so; none of it is real.
The files are the same every time. Exams that were made once are not made again, even if they have been
deleted since; with --again they are.

A population of --patients is made of people with illnesses, exams and reports that follow from each other: facts
for the questions of the warehouse, under numbers above 68 thousand million. The first few, --pictured, come as
images and messages, like the demo hospital. Stopped half-way, the next start goes on; another number changes its
size, and 0 takes the facts away.")]
pub struct Args {
    /// Write files into this folder instead
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Only this patient; may be given again
    #[arg(long, value_name = "ID")]
    patient: Vec<String>,
    /// Have an invented population of so many patients instead
    #[arg(long, value_name = "N", conflicts_with_all = ["out", "patient", "again"])]
    patients: Option<i64>,
    /// How many people of the population have images
    #[arg(long, value_name = "N", default_value_t = 20, requires = "patients")]
    pictured: i64,
    /// Another number makes another population
    #[arg(long, value_name = "N", default_value_t = 0, requires = "patients")]
    seed: u64,
    /// Put the population beside patients that are there already
    #[arg(long, requires = "patients")]
    among_others: bool,
    /// Make exams again that were made before
    #[arg(long)]
    again: bool,
}

/// Makes the hospital.
pub async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    if let Some(patients) = args.patients {
        let pictured = args.pictured.min(patients);
        let population = Population { patients, pictured, seed: args.seed };
        return people::run(config, population, args.among_others).await;
    }
    let exams = chosen(&args.patient)?;
    if let Some(folder) = args.out {
        return tokio::task::spawn_blocking(move || write_out(&exams, &folder)).await?;
    }
    let done = config.data.join(fill::DONE);
    if args.again && done.exists() {
        fs::remove_file(&done).with_context(|| format!("{} can't be removed", done.display()))?;
    }
    let connection = Connection::open(config).await?;
    let exams = exams.into_iter().map(told).collect();
    let result = fill::through(&connection, exams, &done).await;
    connection.close().await?;
    println!("{}", result?);
    Ok(ExitCode::SUCCESS)
}

/// An exam with what other systems say of it.
fn told(exam: demo::Exam) -> (demo::Exam, Vec<demo::Message>) {
    let messages = exam.messages();
    (exam, messages)
}

/// The exams of these patients, or of all.
fn chosen(patients: &[String]) -> anyhow::Result<Vec<demo::Exam>> {
    let known = |id: &&String| demo::patients::ALL.iter().any(|patient| patient.id == **id);
    if let Some(stranger) = patients.iter().find(|id| !known(id)) {
        let (first, last) = (demo::patients::ALL.first(), demo::patients::ALL.last());
        let id = |patient: Option<&demo::patients::Patient>| patient.map_or("", |patient| patient.id);
        anyhow::bail!(
            "the demo hospital has no patient {stranger:?}; there are {} to {}",
            id(first),
            id(last)
        );
    }
    let mut exams = demo::exams();
    exams.retain(|exam| patients.is_empty() || patients.iter().any(|id| id == exam.patient.id));
    Ok(exams)
}

fn write_out(exams: &[demo::Exam], folder: &Path) -> anyhow::Result<ExitCode> {
    let bar = bar(exams.len());
    let (mut files, mut trouble) = (0, None);
    for exam in exams {
        exam.each_series(|made| {
            files += made.len();
            let written = made.iter().try_for_each(|file| write(folder, file));
            trouble = trouble.take().or(written.err());
        });
        if let Some(error) = trouble {
            return Err(error);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    println!("{files} files of {} exams in {}", exams.len(), folder.display());
    Ok(ExitCode::SUCCESS)
}

fn write(folder: &Path, file: &DemoFile) -> anyhow::Result<()> {
    let path = folder.join(&file.path);
    let parent = path.parent().unwrap_or(folder);
    fs::create_dir_all(parent).with_context(|| format!("{} can't be made", parent.display()))?;
    fs::write(&path, &file.bytes).with_context(|| format!("{} can't be written", path.display()))
}

/// Exams made of all there are.
fn bar(exams: usize) -> ProgressBar {
    let bar = ProgressBar::new(exams as u64).with_message("demo hospital");
    if let Ok(style) = ProgressStyle::with_template("{msg}  {bar:30} {pos} of {len} exams  {eta} left") {
        bar.set_style(style);
    }
    bar.tick();
    bar
}

/// Makes exams on a thread of its own, series by series, while what came before is stored.
fn make(
    exams: Vec<demo::Exam>,
    stop: CancellationToken,
) -> tokio::sync::mpsc::Receiver<(String, Vec<DemoFile>)> {
    let (give, take) = tokio::sync::mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        for exam in exams {
            exam.each_series(|files| {
                if !stop.is_cancelled() {
                    // Nobody takes them any more only when the command was cut off.
                    drop(give.blocking_send((String::new(), files)));
                }
            });
            if stop.is_cancelled() || give.blocking_send((exam.study_instance_uid(), Vec::new())).is_err() {
                return;
            }
        }
    });
    take
}
