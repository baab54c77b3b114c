//! The parsers, and what each promises of any input at all.

use crate::seeds;
use bytes::Bytes;
use dicom::net::dimse::Command;
use dicom::net::pdu::{self, Pdu, Pdvs};
use dicom::{
    BulkOptions, DataSet, ReadOptions, TransferSyntax, json, read_data_set, read_header, read_header_prefix,
    write_data_set, xml,
};
use intake::multipart::{Event, Multipart};

/// A parser under test.
pub(crate) struct Target {
    pub name: &'static str,
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Tries one input; an error is a broken promise.
    pub run: fn(&[u8]) -> Result<(), String>,
    /// How much memory an input of a size may take.
    pub memory: fn(usize) -> usize,
}

pub(crate) static TARGETS: &[Target] = &[
    Target { name: "data_set", seeds: seeds::files, run: data_set, memory: |size| 64 * size + (48 << 20) },
    Target { name: "header", seeds: seeds::files, run: header, memory: |size| 64 * size + (48 << 20) },
    Target { name: "json", seeds: seeds::json, run: from_json, memory: |size| 256 * size + (1 << 20) },
    Target { name: "xml", seeds: seeds::xml, run: from_xml, memory: |size| 256 * size + (1 << 20) },
    Target { name: "pdu", seeds: seeds::pdus, run: protocol_unit, memory: |size| 64 * size + (1 << 20) },
    Target {
        name: "multipart",
        seeds: seeds::multipart,
        run: multipart,
        memory: |size| 64 * size + (1 << 20),
    },
];

/// Whatever is read can be written, and what is written is read as the same, in every native syntax.
fn data_set(input: &[u8]) -> Result<(), String> {
    let bytes = Bytes::copy_from_slice(input);
    let start = dicom::open_file(&bytes).map_or(0, |file| file.data_set_at as usize);
    for ts in [TransferSyntax::EXPLICIT_LE, TransferSyntax::IMPLICIT_LE, TransferSyntax::EXPLICIT_BE] {
        if let Ok(read) = read_data_set(&bytes.slice(start..), &ts, &ReadOptions::default()) {
            written_is_read_again(&read)?;
        }
    }
    Ok(())
}

/// Compared after a first round, which may settle a VR that was left open.
fn written_is_read_again(data_set: &DataSet) -> Result<(), String> {
    let settled = again(&written(data_set))?;
    let once = written(&settled);
    let twice = written(&again(&once)?);
    if once == twice { Ok(()) } else { Err("what we wrote is read as something else".into()) }
}

fn written(data_set: &DataSet) -> Vec<u8> {
    let mut out = Vec::new();
    write_data_set(data_set, &TransferSyntax::EXPLICIT_LE, &mut out);
    out
}

fn again(written: &[u8]) -> Result<DataSet, String> {
    let bytes = Bytes::copy_from_slice(written);
    read_data_set(&bytes, &TransferSyntax::EXPLICIT_LE, &ReadOptions::default())
        .map_err(|error| format!("what we wrote can't be read: {error}"))
}

/// A header is the same whether the file comes whole or in parts, and has a JSON and an XML form.
fn header(input: &[u8]) -> Result<(), String> {
    let bytes = Bytes::copy_from_slice(input);
    let half = read_header_prefix(&bytes.slice(..input.len() / 2), input.len() as u64);
    let Ok(whole) = read_header(&bytes) else {
        return Ok(());
    };
    if half.is_ok_and(|half| half.data_set != whole.data_set) {
        return Err("the first half of the file gives another header".into());
    }
    for element in &whole.data_set {
        let _texts = whole.data_set.texts_of(element);
        let _numbers = whole.data_set.floats(element.tag);
    }
    let text = xml::to_xml(&whole.data_set, &BulkOptions::INLINE);
    xml::from_xml(text.as_bytes()).map_err(|error| format!("our XML can't be read: {error}"))?;
    let text = json::to_json(&whole.data_set, &BulkOptions::INLINE);
    match json::from_json(text.as_bytes()) {
        // Nested so deep that the JSON parser refuses, as it should.
        Err(json::JsonError::Syntax { .. }) if text.contains(&"}]}".repeat(30)) => Ok(()),
        outcome => outcome.map(drop).map_err(|error| format!("our JSON can't be read: {error}")),
    }
}

fn from_json(input: &[u8]) -> Result<(), String> {
    let Ok(read) = json::from_json(input) else {
        return Ok(());
    };
    read.iter().try_for_each(|metadata| written_is_read_again(&metadata.data_set))
}

fn from_xml(input: &[u8]) -> Result<(), String> {
    xml::from_xml(input).map_or(Ok(()), |metadata| written_is_read_again(&metadata.data_set))
}

/// What is decoded can be encoded, and then means the same.
fn protocol_unit(input: &[u8]) -> Result<(), String> {
    let Some((kind, body)) = input.split_first() else {
        return Ok(());
    };
    let body = Bytes::copy_from_slice(body);
    let _command = Command::decode(body.clone());
    let Ok(unit) = pdu::decode(*kind, body) else {
        return Ok(());
    };
    if let Pdu::Data(body) = &unit {
        let mut values = Pdvs::new(body.clone());
        while let Ok(Some(_)) = values.next_pdv() {}
    }
    let mut wire = Vec::new();
    pdu::encode(&unit, &mut wire);
    let again = pdu::decode(wire[0], Bytes::from(wire).slice(6..));
    if again.is_ok_and(|again| again == unit) {
        Ok(())
    } else {
        Err("what we wrote is read as something else".into())
    }
}

/// A body gives the same parts however it is cut into pieces.
fn multipart(input: &[u8]) -> Result<(), String> {
    let whole = parts(input, input.len().max(1));
    let pieces = parts(input, (input.len() / 300).max(1 + input.len() % 13));
    if whole == pieces { Ok(()) } else { Err("the parts depend on how the body arrives".into()) }
}

/// Header and content of each part; `None` once it can't be read.
fn parts(input: &[u8], piece: usize) -> Vec<Option<(String, Vec<u8>)>> {
    let mut parts = Vec::new();
    let Ok(mut body) = Multipart::new("isocenter") else {
        return parts;
    };
    for chunk in input.chunks(piece) {
        body.push(Bytes::copy_from_slice(chunk));
        loop {
            match body.next() {
                Ok(Event::Part(head)) => parts.push(Some((format!("{head:?}"), Vec::new()))),
                Ok(Event::Content(content)) => {
                    if let Some(Some((_, bytes))) = parts.last_mut() {
                        bytes.extend_from_slice(&content);
                    }
                }
                Ok(Event::PartEnd) => {}
                Ok(Event::NeedMore) => break,
                Ok(Event::End) => return parts,
                Err(_) => {
                    parts.push(None);
                    return parts;
                }
            }
        }
    }
    parts
}
