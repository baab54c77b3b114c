//! Instances that come as metadata in JSON or XML with their bulk data beside it (PS3.18 §10.5.2, §8.7.3).
//! They are written as Part 10 files, and from there on are like any other.
//!
//! Parts wait on disk until the request is complete; then one instance after another is made in
//! memory, of which all requests together have a bounded amount.

use super::batch::Batch;
use super::spool::{LostSpool, Spool};
use crate::http::Problem;
use axum::http::StatusCode;
use bytes::Bytes;
use dicom::data_set::Fragments;
use dicom::json::{BulkReference, from_json};
use dicom::xml::from_xml;
use dicom::{DataSet, Tag, TransferSyntax, Value, tags, write_file};
use intake::multipart::{PartHead, media_type, parameter};
use model::{SopClassUid, SopInstanceUid};
use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use tokio::sync::Semaphore;

/// Bytes of metadata and bulk data taken in one request. Whole instances stream and have no such limit.
const LIMIT: u64 = 256 << 20;

/// KiB of memory in which all requests together make instances: one after another when they are large.
pub(crate) const ASSEMBLING_KIB: usize = 256 << 10;

/// Bulk data of these types is already encoded; its transfer syntax where the part does not say it
/// (PS3.18 Table 8.7.3-3).
const ENCODED: [(&str, &str); 9] = [
    ("image/jpeg", "1.2.840.10008.1.2.4.50"),
    ("image/jls", "1.2.840.10008.1.2.4.80"),
    ("image/jp2", "1.2.840.10008.1.2.4.90"),
    ("image/jpx", "1.2.840.10008.1.2.4.92"),
    ("image/jphc", "1.2.840.10008.1.2.4.201"),
    ("image/jxl", "1.2.840.10008.1.2.4.110"),
    ("image/dicom-rle", "1.2.840.10008.1.2.5"),
    ("video/mpeg", "1.2.840.10008.1.2.4.100"),
    ("video/mp4", "1.2.840.10008.1.2.4.102"),
];

/// What the head of a part says that is kept until the request is complete.
pub(super) struct KeptPart {
    media_type: String,
    transfer_syntax: Option<String>,
    location: Option<String>,
    start: u64,
}

/// Bulk data for one location: one part, or one part for each frame.
#[derive(Default)]
struct Bulk {
    transfer_syntax: Option<String>,
    parts: Vec<Range<u64>>,
}

/// How a part of metadata is written.
enum Form {
    Json,
    Xml,
}

/// The metadata and bulk data of a request.
pub(super) struct Metadata {
    spool: Spool,
    metadata: Vec<(Form, Range<u64>)>,
    unreadable: usize,
    bulk: HashMap<String, Bulk>,
}

type Described = (DataSet, Vec<BulkReference>);

impl Metadata {
    /// What doesn't fit in memory waits in a file in this folder.
    pub(super) fn new(folder: &Path) -> Self {
        let spool = Spool::new(folder.to_owned());
        Self { spool, metadata: Vec::new(), unreadable: 0, bulk: HashMap::new() }
    }

    pub(super) fn begin(&self, head: &PartHead) -> KeptPart {
        let content_type = head.get("content-type").unwrap_or_default();
        KeptPart {
            media_type: media_type(content_type),
            transfer_syntax: parameter(content_type, "transfer-syntax"),
            location: head.get("content-location").map(str::to_owned),
            start: self.spool.length(),
        }
    }

    pub(super) async fn push(&mut self, bytes: Bytes) -> Result<(), Problem> {
        if self.spool.length() + bytes.len() as u64 > LIMIT {
            let detail =
                "Metadata and bulk data of one request may have 256 MiB; whole instances have no limit.";
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail));
        }
        self.spool.push(bytes).await.map_err(|error| lost(&error))
    }

    pub(super) fn end(&mut self, part: KeptPart) {
        let range = part.start..self.spool.length();
        match part.media_type.as_str() {
            "application/dicom+json" | "application/json" => self.metadata.push((Form::Json, range)),
            "application/dicom+xml" | "application/xml" | "text/xml" => {
                self.metadata.push((Form::Xml, range));
            }
            _ => self.bulk(part, range),
        }
    }

    fn bulk(&mut self, part: KeptPart, range: Range<u64>) {
        let Some(location) = part.location else {
            self.unreadable += 1;
            return;
        };
        let known = ENCODED.iter().find(|(kind, _)| *kind == part.media_type);
        let bulk = self.bulk.entry(location).or_default();
        if known.is_some() {
            bulk.transfer_syntax = part.transfer_syntax.or(known.map(|(_, uid)| (*uid).into()));
        }
        bulk.parts.push(range);
    }

    /// Makes the instances and sends each through intake.
    pub(super) async fn store(mut self, memory: &Semaphore, batch: &mut Batch) -> Result<(), Problem> {
        for _ in 0..self.unreadable {
            batch.refuse(None, None).await;
        }
        // The parts, and the file made of them.
        let kib = (2 * self.spool.length()).div_ceil(1024).clamp(1, ASSEMBLING_KIB as u64);
        let _room = memory.acquire_many(kib as u32).await.map_err(|error| Problem::internal(&error))?;
        for (form, range) in std::mem::take(&mut self.metadata) {
            let text = self.spool.read(range).await.map_err(|error| lost(&error))?;
            let Some(described) = parse(&form, &text) else {
                batch.refuse(None, None).await;
                continue;
            };
            drop(text);
            for (data_set, references) in described {
                self.make(data_set, &references, batch).await.map_err(|error| lost(&error))?;
            }
        }
        Ok(())
    }

    async fn make(
        &mut self,
        data_set: DataSet,
        references: &[BulkReference],
        batch: &mut Batch,
    ) -> Result<(), LostSpool> {
        let instance = name(&data_set, tags::SOP_INSTANCE_UID, SopInstanceUid::parse);
        let class = name(&data_set, tags::SOP_CLASS_UID, SopClassUid::parse);
        match self.build(data_set, references).await? {
            Some(file) => {
                let mut arriving = batch.begin();
                arriving.push(file).await;
                batch.end(arriving).await;
            }
            None => batch.refuse(instance, class).await,
        }
        Ok(())
    }

    /// A file of this metadata; `None` when bulk data it refers to is not in the request.
    async fn build(
        &mut self,
        mut data_set: DataSet,
        references: &[BulkReference],
    ) -> Result<Option<Bytes>, LostSpool> {
        let mut syntax = data_set.uid(tags::AVAILABLE_TRANSFER_SYNTAX_UID).filter(|_| references.is_empty());
        data_set.remove(tags::AVAILABLE_TRANSFER_SYNTAX_UID);
        for BulkReference { path, uri } in references {
            let Some(bulk) = self.bulk.get(uri) else { return Ok(None) };
            let mut parts = Vec::with_capacity(bulk.parts.len());
            for range in &bulk.parts {
                parts.push(self.spool.read(range.clone()).await?);
            }
            let value = match &bulk.transfer_syntax {
                Some(uid) => {
                    syntax = Some(uid.clone());
                    let fragments = padded(&parts);
                    Value::Fragments(Box::new(Fragments { offset_table: Bytes::new(), fragments }))
                }
                None => Value::Bytes(joined(parts)),
            };
            if !path.fill(&mut data_set, value) {
                return Ok(None);
            }
        }
        // Group 2 is written anew; in metadata it has no place (PS3.18 §10.5.2).
        data_set.retain(|element| element.tag.0 > 2);
        let syntax = syntax.and_then(|uid| TransferSyntax::by_uid(&uid));
        let encapsulated = syntax.filter(TransferSyntax::is_encapsulated);
        Ok(Some(write_file(&data_set, &encapsulated.unwrap_or(TransferSyntax::EXPLICIT_LE), None).into()))
    }
}

fn lost(error: &LostSpool) -> Problem {
    let LostSpool(cause) = error;
    match cause.kind() {
        std::io::ErrorKind::StorageFull => {
            let detail = "The disk is full; nothing of the metadata and bulk data was kept.";
            Problem::new(StatusCode::INSUFFICIENT_STORAGE, "full", detail)
        }
        _ => Problem::internal(cause),
    }
}

fn parse(form: &Form, text: &[u8]) -> Option<Vec<Described>> {
    match form {
        Form::Json => {
            let sets = from_json(text).ok()?;
            Some(sets.into_iter().map(|read| (read.data_set, read.bulk)).collect())
        }
        Form::Xml => from_xml(text).ok().map(|read| vec![(read.data_set, read.bulk)]),
    }
}

/// One value of all parts, without copying when there is one.
fn joined(mut parts: Vec<Bytes>) -> Bytes {
    match parts.len() {
        1 => parts.remove(0),
        _ => parts.concat().into(),
    }
}

fn name<T, E>(data_set: &DataSet, tag: Tag, parse: impl Fn(&str) -> Result<T, E>) -> Option<T> {
    data_set.uid(tag).and_then(|uid| parse(&uid).ok())
}

/// Fragments have an even length (PS3.5 §A.4).
fn padded(parts: &[Bytes]) -> Vec<Bytes> {
    let even = |part: &Bytes| match part.len() % 2 {
        0 => part.clone(),
        _ => [part, [0].as_slice()].concat().into(),
    };
    parts.iter().map(even).collect()
}
