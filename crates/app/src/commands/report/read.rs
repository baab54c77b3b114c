//! `isocenter report read`

use super::input::{Given, Input, Report};
use super::output::{Form, Output};
use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use reading::{Lexicon, Reader, Source};
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Read what reports say: findings with their context, measurements, categories, recommendations
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  isocenter report read report.txt                       one report; prints a line of JSON
  isocenter report read reports/*.txt --table            what was found, as a table with tabs
  isocenter report read reports.jsonl > read.jsonl       one report a line, in the field \"text\"
  isocenter report read reports.csv --column report --id accession
  isocenter report read notes.tsv --column sentence --concept concept
                                                         what each sentence says of the words in another column
  isocenter report read report.txt --lexicon our-words/  with the words of a site besides, *.toml
  zcat reports.jsonl.gz | isocenter report read -

Each line has what the report says in the end (summary) and everything that was found with its bytes in the text, the
rule that made it, and the versions of the lexicon and of the rules. Nothing is kept and nothing is sent anywhere.

Exit status: 0 everything was read; 3 some reports could not be read; 1 anything else.")]
pub struct Args {
    /// Files to read: text, JSON lines (.jsonl, .ndjson) or tables (.csv, .tsv); - reads standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// What the files hold, instead of what their names say
    #[arg(long, value_enum)]
    format: Option<Given>,
    /// The column or field that holds the text [default: text]
    #[arg(long, alias = "field", value_name = "NAME", default_value = "text", hide_default_value = true)]
    column: String,
    /// The column or field that names the report
    #[arg(long, value_name = "NAME", default_value = "id")]
    id: String,
    /// The column or field with words of the text, of which alone is told what the text says
    #[arg(long, value_name = "NAME")]
    concept: Option<String>,
    /// A folder with a site's own words (*.toml), or one such file; may be given several times
    #[arg(long, value_name = "FOLDER")]
    lexicon: Vec<PathBuf>,
    /// Print a table with tabs, one line for everything that was found
    #[arg(long)]
    table: bool,
    /// Print only what each report says in the end
    #[arg(long, conflicts_with = "table")]
    summary: bool,
    /// How many at a time [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    threads: Option<u8>,
}

/// Some reports could not be read.
const NOT_ALL: u8 = 3;

/// How many reports are read before their lines are written.
const BATCH: usize = 2048;

/// Reads.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let reader = Reader::new(lexicon(&args.lexicon)?);
    let form = match (args.table, args.summary) {
        (true, _) => Form::Table,
        (_, true) => Form::Summary,
        _ => Form::Lines,
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = args.threads.map_or(cores, usize::from);
    let bar = bar();
    let failed = read_all(args, &reader, &Output { form }, threads, &bar);
    bar.finish_and_clear();
    let failed = failed?;
    if failed > 0 {
        eprintln!("{failed} could not be read");
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(NOT_ALL) })
}

/// Reads everything; tells how many could not be read.
fn read_all(
    args: &Args,
    reader: &Reader,
    output: &Output,
    threads: usize,
    bar: &ProgressBar,
) -> anyhow::Result<usize> {
    let input =
        Input { given: args.format, column: &args.column, id: &args.id, concept: args.concept.as_deref() };
    let mut out = std::io::BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    let mut failed = 0;
    let mut batch = Vec::with_capacity(BATCH);
    if !write(&mut out, output.header().as_bytes())? {
        return Ok(0);
    }
    for report in args.files.iter().flat_map(|file| input.open(file)) {
        match report {
            Ok(report) => batch.push(report),
            Err(error) => {
                bar.suspend(|| eprintln!("error: {error:#}"));
                failed += 1;
            }
        }
        if batch.len() == BATCH && !flush(&mut batch, reader, output, threads, bar, &mut out)? {
            return Ok(failed);
        }
    }
    flush(&mut batch, reader, output, threads, bar, &mut out)?;
    std::io::Write::flush(&mut out).or_else(closed)?;
    Ok(failed)
}

/// Reads a batch and writes its lines in order; false once nobody listens any more.
fn flush(
    batch: &mut Vec<Report>,
    reader: &Reader,
    output: &Output,
    threads: usize,
    bar: &ProgressBar,
    out: &mut impl std::io::Write,
) -> anyhow::Result<bool> {
    let lines = parallel(threads, batch, bar, |report, line| output.add(reader, report, line));
    batch.clear();
    for line in lines {
        if !write(out, &line)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes; false if the reader of a pipe has gone (`| head`), which is no fault.
fn write(out: &mut impl std::io::Write, line: &[u8]) -> anyhow::Result<bool> {
    match out.write_all(line) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error).context("can't write"),
    }
}

fn closed(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

/// How many reports a thread takes at once.
const CHUNK: usize = 16;

/// What `work` writes for each report, chunk by chunk in the order of the reports.
fn parallel(
    threads: usize,
    reports: &[Report],
    bar: &ProgressBar,
    work: impl Fn(&Report, &mut Vec<u8>) + Sync,
) -> Vec<Vec<u8>> {
    let chunks: Vec<&[Report]> = reports.chunks(CHUNK).collect();
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(chunks.len()));
    let run = || {
        while let Some((at, chunk)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, chunks.get(at)?)))
        {
            let mut lines = Vec::new();
            chunk.iter().for_each(|report| work(report, &mut lines));
            done.lock().unwrap_or_else(PoisonError::into_inner).push((at, lines));
            bar.inc(chunk.len() as u64);
        }
    };
    if threads <= 1 || chunks.len() <= 1 {
        run();
    } else {
        std::thread::scope(|scope| (0..threads.min(chunks.len())).for_each(|_| drop(scope.spawn(run))));
    }
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, lines)| lines).collect()
}

/// How many were read, how fast. Quiet when nobody looks at a terminal.
fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{spinner} {pos} reports · {per_sec}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// The program's words and those of the folders.
fn lexicon(folders: &[PathBuf]) -> anyhow::Result<Lexicon> {
    let mut files = Vec::new();
    for folder in folders {
        for path in toml_files(folder)? {
            let text =
                std::fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()))?;
            files.push((path.display().to_string(), text));
        }
    }
    let sources: Vec<Source<'_>> = files.iter().map(|(name, text)| Source { name, text }).collect();
    Lexicon::with(&sources).context("the lexicon is not valid")
}

/// The files of a folder in the order of their names, or the one file.
fn toml_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if folder.is_file() {
        return Ok(vec![folder.to_owned()]);
    }
    let entries = std::fs::read_dir(folder).with_context(|| format!("can't read {}", folder.display()))?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.with_context(|| format!("can't read {}", folder.display()))?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    paths.sort();
    anyhow::ensure!(!paths.is_empty(), "there is no *.toml in {}", folder.display());
    Ok(paths)
}
