//! Tables that map codes: read on a thread of their own, kept some lines at a time.

use super::super::{RecordsError, Source};
use super::bytes::Stored;
use super::{begun, continued, files, refused};
use crate::App;
use clinical::codes::{MapPart, Mapped};
use intake::Locator;
use serde_json::Value;
use std::io;
use std::sync::Arc;
use tables::TableError;
use tables::input::Input;
use tables::omop::Table;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, Sender};

/// Lines that are kept together.
const AT_ONCE: usize = 2000;
/// A ConceptMap is read whole; none is larger.
const LARGEST: u64 = 128 << 20;

enum Piece {
    Parts(Vec<MapPart>),
    /// It can't be read, or not further.
    Refused(String),
    /// The archive didn't give the bytes: to be tried again.
    Unread(io::Error),
}

/// Takes a mapping table: CSV, a ConceptMap, or a list of files.
pub(super) async fn read(app: &Arc<App>, source: &Source) -> Result<(), RecordsError> {
    let reading = match pieces(app, source).await? {
        Ok(reading) => reading,
        Err(why) => {
            app.records.take(&[refused(source, &why)]).await?;
            return Ok(());
        }
    };
    let Some(id) = source.detail("id") else { return Ok(()) };
    let received_at = source.head.source.received_at.as_micros();
    app.records.begin_codes(id, &name(source), &source.head.source.account, received_at).await?;
    let (tell, mut told) = mpsc::channel(4);
    let reading = tokio::task::spawn_blocking(move || reading.read(&tell));
    let mut taken = records::Taken { ends: false, ..begun(source) };
    taken.sent.title = "codes".into();
    while let Some(piece) = told.recv().await {
        match piece {
            Piece::Parts(parts) => {
                let mut mapped: Vec<Mapped> = Vec::with_capacity(parts.len());
                for part in parts {
                    match part {
                        MapPart::Mapped(one) => mapped.push(one),
                        MapPart::Left(left) => taken.left.push(left),
                    }
                }
                app.records.add_codes(id, &mapped).await?;
            }
            Piece::Refused(why) => {
                taken.left.push(clinical::Left { place: "file".into(), why, refused: true });
            }
            Piece::Unread(error) => return Err(error.into()),
        }
        if taken.left.len() >= AT_ONCE {
            taken = continued(app, taken).await?;
        }
    }
    reading.await.map_err(|_| RecordsError::Broken)?;
    app.records.end_codes(id).await?;
    taken.ends = true;
    app.records.take(&[taken]).await?;
    Ok(())
}

/// What the table is called: as whoever brought it says, else by its file.
fn name(source: &Source) -> String {
    let file = source.detail("fileName").unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let name = source.detail("system").unwrap_or(stem).trim();
    if name.is_empty() { "codes".into() } else { name.chars().take(200).collect() }
}

/// What there is to be read.
enum Reading {
    Map(Value),
    Tables(Arc<App>, Handle, Vec<(String, Locator)>),
}

async fn pieces(app: &Arc<App>, source: &Source) -> Result<Result<Reading, String>, RecordsError> {
    let tables = |parts| Ok(Ok(Reading::Tables(Arc::clone(app), Handle::current(), parts)));
    let start = app.archive.read(&source.locator, 0..source.locator.length.min(1024)).await?;
    let is_json = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&start).trim_ascii_start().starts_with(b"{");
    if !is_json {
        let name = source.detail("fileName").unwrap_or("table").to_owned();
        return tables(vec![(name, source.locator.clone())]);
    }
    if source.locator.length > LARGEST {
        return Ok(Err("JSON of more than 128 MiB".into()));
    }
    let content = app.archive.read(&source.locator, 0..source.locator.length).await?;
    match serde_json::from_slice::<Value>(content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&content)) {
        Err(_) => Ok(Err("the JSON is damaged".into())),
        Ok(map) if fhir::is_concept_map(&map) => Ok(Ok(Reading::Map(map))),
        Ok(list) if list["files"].is_array() => match files::listed(app, source).await? {
            Ok(parts) => tables(parts),
            Err(why) => Ok(Err(why)),
        },
        Ok(_) => Ok(Err("neither a ConceptMap nor a list of tables".into())),
    }
}

impl Reading {
    fn read(self, tell: &Sender<Piece>) {
        let mut batch = Vec::new();
        let mut each = |part: MapPart| {
            batch.push(part);
            batch.len() < AT_ONCE || tell.blocking_send(Piece::Parts(std::mem::take(&mut batch))).is_ok()
        };
        let went = match self {
            Self::Map(map) => {
                let mut parts = fhir::read_concept_map(&map).into_iter();
                let _gone = parts.all(&mut each);
                Ok(())
            }
            Self::Tables(app, runtime, parts) => {
                let table = |(name, locator): (String, Locator)| {
                    let (archive, runtime) = (Arc::clone(&app.archive), runtime.clone());
                    let open = move || -> io::Result<Box<dyn Input>> {
                        Ok(Box::new(Stored::open(&archive, &locator, &runtime)))
                    };
                    Table { name, open: Box::new(open) }
                };
                let tables: Vec<_> = parts.into_iter().map(table).collect();
                tables::codes::read(&tables, &mut each)
            }
        };
        let _gone = tell.blocking_send(Piece::Parts(batch));
        if let Err(error) = went {
            let piece = match error {
                TableError::Io(error) => Piece::Unread(error),
                other => Piece::Refused(other.to_string()),
            };
            let _gone = tell.blocking_send(piece);
        }
    }
}
