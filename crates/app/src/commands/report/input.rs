//! Reports out of files: whole texts, JSON lines, tables.

use anyhow::{Context as _, anyhow};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

/// What a file holds.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Given {
    /// One report.
    Text,
    /// One report a line.
    Jsonl,
    /// A table with commas.
    Csv,
    /// A table with tabs, without quoting.
    Tsv,
}

/// How to read files.
pub struct Input<'a> {
    /// What they hold, where that was said.
    pub given: Option<Given>,
    pub column: &'a str,
    pub id: &'a str,
    pub concept: Option<&'a str>,
}

/// A report.
pub struct Report {
    /// The file it is from.
    pub source: Arc<str>,
    /// Its line or row in the file, from 1.
    pub line: Option<usize>,
    pub id: Option<String>,
    pub text: String,
    pub concept: Option<String>,
}

/// The reports of a file, or why one could not be read. Errors never tell what a report says.
type Reports = Box<dyn Iterator<Item = anyhow::Result<Report>>>;

impl Input<'_> {
    /// The reports of a file.
    pub fn open(&self, path: &Path) -> Reports {
        match self.opened(path) {
            Ok(reports) => reports,
            Err(error) => Box::new(std::iter::once(Err(error))),
        }
    }

    fn opened(&self, path: &Path) -> anyhow::Result<Reports> {
        let name = path.display().to_string();
        let mut bytes: Box<dyn BufRead> = if name == "-" {
            Box::new(BufReader::with_capacity(1 << 20, std::io::stdin()))
        } else {
            let file = std::fs::File::open(path).with_context(|| format!("can't read {name}"))?;
            Box::new(BufReader::with_capacity(1 << 20, file))
        };
        let given = match self.given.or_else(|| by_name(path)) {
            Some(given) => given,
            None if name == "-" => sniffed(&mut *bytes).with_context(|| format!("can't read {name}"))?,
            None => Given::Text,
        };
        let names = Names {
            source: name.into(),
            column: self.column.to_owned(),
            id: self.id.to_owned(),
            concept: self.concept.map(str::to_owned),
        };
        match given {
            Given::Text => one_text(names, bytes),
            Given::Jsonl => Ok(json_lines(names, bytes)),
            Given::Csv => table(names, csv::ReaderBuilder::new().flexible(true).from_reader(bytes)),
            Given::Tsv => {
                let mut tabs = csv::ReaderBuilder::new();
                table(names, tabs.delimiter(b'\t').quoting(false).flexible(true).from_reader(bytes))
            }
        }
    }
}

/// Which fields to take.
struct Names {
    source: Arc<str>,
    column: String,
    id: String,
    concept: Option<String>,
}

fn by_name(path: &Path) -> Option<Given> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "jsonl" | "ndjson" => Some(Given::Jsonl),
        "csv" => Some(Given::Csv),
        "tsv" | "tab" => Some(Given::Tsv),
        _ => None,
    }
}

/// A stream that begins with `{` is JSON lines.
fn sniffed(bytes: &mut dyn BufRead) -> std::io::Result<Given> {
    let begins = bytes.fill_buf()?.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    Ok(if begins { Given::Jsonl } else { Given::Text })
}

/// UTF-8, else the one byte of Latin-1 each is.
fn decoded(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| error.into_bytes().iter().map(|byte| *byte as char).collect())
}

fn one_text(names: Names, mut bytes: Box<dyn BufRead>) -> anyhow::Result<Reports> {
    let mut all = Vec::new();
    bytes.read_to_end(&mut all).with_context(|| format!("can't read {}", names.source))?;
    let report = Report { source: names.source, line: None, id: None, text: decoded(all), concept: None };
    Ok(Box::new(std::iter::once(Ok(report))))
}

fn json_lines(names: Names, bytes: Box<dyn BufRead>) -> Reports {
    let lines = bytes.split(b'\n').enumerate();
    let full = lines.filter(|(_, line)| !line.as_ref().is_ok_and(|line| line.trim_ascii().is_empty()));
    Box::new(full.map(move |(at, line)| {
        let told = || format!("{}, line {}", names.source, at + 1);
        let line = line.with_context(told)?;
        // What is wrong with it is told, never what it says.
        let value: Value = serde_json::from_slice(&line)
            .map_err(|error| anyhow!("it is no JSON (at character {})", error.column()))
            .with_context(told)?;
        let text = value[&names.column].as_str().map(str::to_owned);
        Ok(Report {
            text: text
                .ok_or_else(|| anyhow!("there is no text in the field `{}`", names.column))
                .with_context(told)?,
            source: names.source.clone(),
            line: Some(at + 1),
            id: plain(&value[&names.id]),
            concept: names.concept.as_ref().and_then(|name| plain(&value[name])),
        })
    }))
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The names of the columns, unless the first line is a report already: errors never tell what one says.
fn told(header: &[String]) -> String {
    let names = header.iter().all(|cell| cell.len() <= 40 && cell.split_whitespace().count() <= 4);
    if names {
        format!("; there are {}", header.join(", "))
    } else {
        "; the first line names no columns".to_owned()
    }
}

fn table<R: Read + 'static>(names: Names, mut rows: csv::Reader<R>) -> anyhow::Result<Reports> {
    let header = rows.byte_headers().with_context(|| format!("can't read {}", names.source))?.clone();
    let header: Vec<String> = header.iter().map(|cell| decoded(cell.to_vec()).trim().to_owned()).collect();
    let at = |name: &str| header.iter().position(|cell| cell.eq_ignore_ascii_case(name));
    let missing = |name: &str| anyhow!("{}: there is no column `{name}`{}", names.source, told(&header));
    let text = at(&names.column).ok_or_else(|| missing(&names.column))?;
    let id = at(&names.id);
    let concept = match &names.concept {
        Some(name) => Some(at(name).ok_or_else(|| missing(name))?),
        None => None,
    };
    let source = names.source;
    Ok(Box::new(rows.into_byte_records().enumerate().map(move |(row, cells)| {
        let cells = cells.with_context(|| format!("{source}, row {}", row + 1))?;
        let cell = |at: usize| cells.get(at).map(|cell| decoded(cell.to_vec()));
        Ok(Report {
            source: source.clone(),
            line: Some(row + 1),
            id: id.and_then(cell),
            text: cell(text).unwrap_or_default(),
            concept: concept.and_then(cell),
        })
    })))
}
