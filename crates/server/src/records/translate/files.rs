//! FHIR, tables and variants: read on a thread of their own, taken some at a time.

use super::super::{RecordsError, Source};
use super::bytes::Stored;
use super::{begun, continued, refused};
use crate::App;
use clinical::{Left, Part};
use intake::{Format, Locator};
use records::Taken;
use serde::Deserialize;
use std::fmt::Display;
use std::io::{self, Read as _};
use std::sync::Arc;
use tables::TableError;
use tables::input::Input;
use tables::mapped::{Mapped, Mapping};
use tables::omop::{Omop, Table};
use tables::vcf::Vcf;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, Sender};

/// Statements that are taken together.
const AT_ONCE: usize = 1000;
/// A mapping is no longer.
const MAPPING: u64 = 1 << 20;

/// What comes from the thread that reads.
enum Piece {
    Parts(Vec<Part>),
    /// It can't be read, or not further.
    Refused(String),
    /// The archive didn't give the bytes: to be tried again.
    Unread(io::Error),
}

/// Takes a file of one of these formats.
pub(super) async fn read(app: &Arc<App>, source: &Source, format: Format) -> Result<(), RecordsError> {
    let parts = match format {
        Format::Omop | Format::Table => match listed(app, source).await? {
            Ok(parts) => parts,
            Err(why) => {
                app.records.take(&[refused(source, &why)]).await?;
                return Ok(());
            }
        },
        _ => Vec::new(),
    };
    let file = File {
        app: Arc::clone(app),
        runtime: Handle::current(),
        locator: source.locator.clone(),
        system: source.detail("system").map(str::to_owned),
        name: format!("urn:sha256:{}", source.head.digest.to_hex()),
        parts,
    };
    let (tell, mut told) = mpsc::channel(4);
    let reading = tokio::task::spawn_blocking(move || file.read(format, &tell));
    let mut taken = Taken { ends: false, ..begun(source) };
    taken.sent.title = title(format).into();
    while let Some(piece) = told.recv().await {
        match piece {
            Piece::Parts(parts) => add(&mut taken, parts),
            Piece::Refused(why) if taken.first == (0, 0) && nothing_in(&taken) => taken.refusal = Some(why),
            Piece::Refused(why) => taken.left.push(Left { place: "file".into(), why, refused: true }),
            Piece::Unread(error) => return Err(error.into()),
        }
        if taken.statements.len() + taken.left.len() >= AT_ONCE {
            taken = continued(app, taken).await?;
        }
    }
    reading.await.map_err(|_| RecordsError::Broken)?;
    taken.ends = true;
    app.records.take(&[taken]).await?;
    Ok(())
}

const fn title(format: Format) -> &'static str {
    match format {
        Format::Fhir => "FHIR",
        Format::FhirNdjson => "FHIR NDJSON",
        Format::Omop => "OMOP CDM",
        Format::Vcf => "VCF",
        _ => "table",
    }
}

fn nothing_in(taken: &Taken) -> bool {
    taken.statements.is_empty() && taken.left.is_empty()
}

fn add(taken: &mut Taken, parts: Vec<Part>) {
    for part in parts {
        match part {
            Part::Said(statement) => taken.statements.push(statement),
            Part::Left(left) => taken.left.push(left),
        }
    }
}

/// The list that says which parts belong together.
#[derive(Deserialize)]
struct List {
    files: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    name: String,
    id: String,
}

/// The parts that a list names, by name; or why they can't be had.
pub(super) async fn listed(
    app: &App,
    source: &Source,
) -> Result<Result<Vec<(String, Locator)>, String>, RecordsError> {
    let content = app.archive.read(&source.locator, 0..source.locator.length).await?;
    let Ok(list) = serde_json::from_slice::<List>(&content) else {
        return Ok(Err("not a list of files".into()));
    };
    let mut parts = Vec::with_capacity(list.files.len());
    for (at, file) in list.files.into_iter().enumerate() {
        let known = app.records.source(&file.id).await?.and_then(|part| part.locator);
        let Some(locator) = known else {
            return Ok(Err(format!("files[{at}] has not been brought in")));
        };
        parts.push((file.name, locator));
    }
    Ok(Ok(parts))
}

/// A file, with what it takes to read it.
struct File {
    app: Arc<App>,
    runtime: Handle,
    locator: Locator,
    system: Option<String>,
    /// What ids in it mean that mean nothing elsewhere.
    name: String,
    parts: Vec<(String, Locator)>,
}

impl File {
    fn open(&self, locator: &Locator) -> io::BufReader<Stored> {
        Stored::open(&self.app.archive, locator, &self.runtime)
    }

    fn scope(&self) -> &str {
        self.system.as_deref().unwrap_or(&self.name)
    }

    fn read(&self, format: Format, tell: &Sender<Piece>) {
        match format {
            Format::Fhir | Format::FhirNdjson => {
                let origin = fhir::Origin::new(self.system.as_deref(), &self.name);
                send(fhir::Reader::new(self.open(&self.locator), origin), tell);
            }
            Format::Omop => self.omop(tell),
            Format::Table => self.table(tell),
            Format::Vcf if self.system.is_some() => {
                let opened = Vcf::open(Box::new(self.open(&self.locator)), self.scope());
                opened.map_or_else(|error| stop(error, tell), |vcf| send(vcf, tell));
            }
            _ => drop(tell.blocking_send(Piece::Refused(
                "the names of its samples mean nothing by themselves; pass --system".into(),
            ))),
        }
    }

    fn omop(&self, tell: &Sender<Piece>) {
        let table = |(name, locator): &(String, Locator)| {
            let (archive, runtime) = (Arc::clone(&self.app.archive), self.runtime.clone());
            let locator = locator.clone();
            let open = move || -> io::Result<Box<dyn Input>> {
                Ok(Box::new(Stored::open(&archive, &locator, &runtime)))
            };
            Table { name: name.clone(), open: Box::new(open) }
        };
        let opened = Omop::open(self.parts.iter().map(table).collect(), self.scope());
        opened.map_or_else(|error| stop(error, tell), |omop| send(omop, tell));
    }

    fn table(&self, tell: &Sender<Piece>) {
        let is_mapping = |name: &str| name.eq_ignore_ascii_case("mapping.toml");
        let (mappings, tables): (Vec<_>, Vec<_>) = self.parts.iter().partition(|(name, _)| is_mapping(name));
        let ([(_, mapping)], [_, ..]) = (&mappings[..], &tables[..]) else {
            let why = "a table comes with one mapping.toml";
            return drop(tell.blocking_send(Piece::Refused(why.into())));
        };
        let mut text = String::new();
        if let Err(error) = self.open(mapping).take(MAPPING).read_to_string(&mut text) {
            return stop(TableError::Io(error), tell);
        }
        let mapping = match Mapping::parse(&text) {
            Ok(mapping) => mapping,
            Err(error) => return stop(error, tell),
        };
        for (_, locator) in tables {
            match Mapped::open(Box::new(self.open(locator)), &mapping, self.scope()) {
                Ok(mapped) => send(mapped, tell),
                Err(error) => stop(error, tell),
            }
        }
    }
}

/// Errors of the formats that may be the archive's.
trait Trouble: Display {
    fn into_io(self) -> Result<io::Error, String>;
}

impl Trouble for TableError {
    fn into_io(self) -> Result<io::Error, String> {
        match self {
            // What can't be decoded will never be.
            Self::Io(error) if is_ours(&error) => Ok(error),
            Self::Io(_) => Err("its compressed bytes are damaged".into()),
            other => Err(other.to_string()),
        }
    }
}

impl Trouble for fhir::ReadError {
    fn into_io(self) -> Result<io::Error, String> {
        match self {
            Self::Io(error) => Ok(error),
            other => Err(other.to_string()),
        }
    }
}

/// True when the archive couldn't read, rather than a decoder.
fn is_ours(error: &io::Error) -> bool {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<archive::ReadError>());
    cause.is_some()
}

fn stop(error: impl Trouble, tell: &Sender<Piece>) {
    let piece = error.into_io().map_or_else(Piece::Refused, Piece::Unread);
    let _gone = tell.blocking_send(piece);
}

fn send<E: Trouble>(parts: impl Iterator<Item = Result<Part, E>>, tell: &Sender<Piece>) {
    let mut batch = Vec::with_capacity(AT_ONCE);
    for part in parts {
        match part {
            Ok(part) => batch.push(part),
            Err(error) => {
                let _gone = tell.blocking_send(Piece::Parts(std::mem::take(&mut batch)));
                return stop(error, tell);
            }
        }
        if batch.len() == AT_ONCE && tell.blocking_send(Piece::Parts(std::mem::take(&mut batch))).is_err() {
            return;
        }
    }
    let _gone = tell.blocking_send(Piece::Parts(batch));
}
