//! Instances that come as metadata in JSON or XML with their bulk data beside it (PS3.18 §10.5.2, §8.7.3).
//! They are written as Part 10 files, and from there on are like any other.

use super::batch::Batch;
use crate::http::Problem;
use axum::http::StatusCode;
use bytes::{Bytes, BytesMut};
use dicom::data_set::Fragments;
use dicom::json::{BulkReference, from_json};
use dicom::xml::from_xml;
use dicom::{DataSet, Tag, TransferSyntax, Value, tags, write_file};
use intake::multipart::{PartHead, media_type, parameter};
use model::{SopClassUid, SopInstanceUid};
use std::collections::HashMap;

/// Bytes of metadata and bulk data held for one request. Whole instances stream and have no such limit.
const LIMIT: usize = 256 << 20;

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

/// A part that is kept until the request is complete.
pub(super) struct KeptPart {
    media_type: String,
    transfer_syntax: Option<String>,
    location: Option<String>,
    bytes: BytesMut,
}

/// Bulk data for one location: one part, or one part for each frame.
#[derive(Default)]
struct Bulk {
    transfer_syntax: Option<String>,
    parts: Vec<Bytes>,
}

/// The metadata and bulk data of a request.
#[derive(Default)]
pub(super) struct Metadata {
    instances: Vec<(DataSet, Vec<BulkReference>)>,
    unreadable: usize,
    bulk: HashMap<String, Bulk>,
    size: usize,
}

impl Metadata {
    #[expect(clippy::unused_self, reason = "parts begin and end here")]
    pub(super) fn begin(&self, head: &PartHead) -> KeptPart {
        let content_type = head.get("content-type").unwrap_or_default();
        KeptPart {
            media_type: media_type(content_type),
            transfer_syntax: parameter(content_type, "transfer-syntax"),
            location: head.get("content-location").map(str::to_owned),
            bytes: BytesMut::new(),
        }
    }

    pub(super) fn push(&mut self, part: &mut KeptPart, bytes: &[u8]) -> Result<(), Problem> {
        self.size += bytes.len();
        if self.size > LIMIT {
            let detail =
                "Metadata and bulk data of one request may have 256 MiB; whole instances have no limit.";
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail));
        }
        part.bytes.extend_from_slice(bytes);
        Ok(())
    }

    pub(super) fn end(&mut self, part: KeptPart) -> Result<(), Problem> {
        match part.media_type.as_str() {
            "application/dicom+json" | "application/json" => self.json(&part.bytes),
            "application/dicom+xml" | "application/xml" | "text/xml" => self.xml(&part.bytes),
            _ => self.bulk(part),
        }
        Ok(())
    }

    fn json(&mut self, text: &[u8]) {
        match from_json(text) {
            Ok(sets) => self.instances.extend(sets.into_iter().map(|read| (read.data_set, read.bulk))),
            Err(_) => self.unreadable += 1,
        }
    }

    fn xml(&mut self, text: &[u8]) {
        match from_xml(text) {
            Ok(read) => self.instances.push((read.data_set, read.bulk)),
            Err(_) => self.unreadable += 1,
        }
    }

    fn bulk(&mut self, part: KeptPart) {
        let Some(location) = part.location else {
            self.unreadable += 1;
            return;
        };
        let known = ENCODED.iter().find(|(kind, _)| *kind == part.media_type);
        let bulk = self.bulk.entry(location).or_default();
        if known.is_some() {
            bulk.transfer_syntax = part.transfer_syntax.or(known.map(|(_, uid)| (*uid).into()));
        }
        bulk.parts.push(part.bytes.freeze());
    }

    /// Makes the instances and sends each through intake.
    pub(super) async fn store(self, batch: &mut Batch) -> Result<(), Problem> {
        for _ in 0..self.unreadable {
            batch.refuse(None, None).await;
        }
        for (data_set, references) in self.instances {
            let instance = name(&data_set, tags::SOP_INSTANCE_UID, SopInstanceUid::parse);
            let class = name(&data_set, tags::SOP_CLASS_UID, SopClassUid::parse);
            match build(data_set, &references, &self.bulk) {
                Some(file) => {
                    let mut arriving = batch.begin();
                    arriving.push(file).await;
                    batch.end(arriving).await;
                }
                None => batch.refuse(instance, class).await,
            }
        }
        Ok(())
    }
}

fn name<T, E>(data_set: &DataSet, tag: Tag, parse: impl Fn(&str) -> Result<T, E>) -> Option<T> {
    data_set.uid(tag).and_then(|uid| parse(&uid).ok())
}

/// A file of this metadata; `None` when bulk data it refers to is not in the request.
fn build(mut data_set: DataSet, references: &[BulkReference], all: &HashMap<String, Bulk>) -> Option<Bytes> {
    let mut syntax = data_set.uid(tags::AVAILABLE_TRANSFER_SYNTAX_UID).filter(|_| references.is_empty());
    data_set.remove(tags::AVAILABLE_TRANSFER_SYNTAX_UID);
    for BulkReference { path, uri } in references {
        let bulk = all.get(uri)?;
        let value = match &bulk.transfer_syntax {
            Some(uid) => {
                syntax = Some(uid.clone());
                let fragments = padded(&bulk.parts);
                Value::Fragments(Box::new(Fragments { offset_table: Bytes::new(), fragments }))
            }
            None => Value::Bytes(bulk.parts.concat().into()),
        };
        if !path.fill(&mut data_set, value) {
            return None;
        }
    }
    // Group 2 is written anew; in metadata it has no place (PS3.18 §10.5.2).
    data_set.retain(|element| element.tag.0 > 2);
    let syntax = syntax.and_then(|uid| TransferSyntax::by_uid(&uid));
    let encapsulated = syntax.filter(TransferSyntax::is_encapsulated);
    Some(write_file(&data_set, &encapsulated.unwrap_or(TransferSyntax::EXPLICIT_LE), None).into())
}

/// Fragments have an even length (PS3.5 §A.4).
fn padded(parts: &[Bytes]) -> Vec<Bytes> {
    let even = |part: &Bytes| match part.len() % 2 {
        0 => part.clone(),
        _ => [part, [0].as_slice()].concat().into(),
    };
    parts.iter().map(even).collect()
}
