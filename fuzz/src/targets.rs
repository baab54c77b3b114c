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
use reading::{Lexicon, Reader};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use tables::Count;
use tables::input::Input;
use tables::mapped::{Mapped, Mapping};
use tables::omop::{Omop, Table};
use tables::vcf::Vcf;
use view::tiff::Pyramid;

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
    Target { name: "fhir", seeds: seeds::fhir, run: clinical, memory: |size| 1024 * size + (1 << 20) },
    Target { name: "table", seeds: seeds::tables, run: table, memory: |size| 1024 * size + (4 << 20) },
    Target {
        name: "parquet",
        seeds: seeds::parquet,
        run: table,
        // A page that says to be long is made room for, up to a limit.
        memory: |size| 1024 * size + (300 << 20),
    },
    Target { name: "xml", seeds: seeds::xml, run: from_xml, memory: |size| 256 * size + (1 << 20) },
    Target { name: "pdu", seeds: seeds::pdus, run: protocol_unit, memory: |size| 64 * size + (1 << 20) },
    Target { name: "report", seeds: seeds::reports, run: report, memory: |size| 2048 * size + (32 << 20) },
    Target { name: "hl7", seeds: seeds::hl7, run: messages, memory: |size| 2048 * size + (8 << 20) },
    Target { name: "tiff", seeds: seeds::slides, run: slide, memory: |size| 64 * size + (256 << 20) },
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

/// A file of FHIR says the same each time, and is told of to its end.
fn clinical(input: &[u8]) -> Result<(), String> {
    let read = || {
        let parts = fhir::Reader::new(input, fhir::Origin::new(None, "urn:sha256:f"));
        parts.map(|part| part.map_err(|error| error.to_string())).collect::<Result<Vec<_>, _>>()
    };
    match read() {
        Ok(parts) if parts.is_empty() && !input.trim_ascii().is_empty() => {
            Err("read, but nothing is told of it".into())
        }
        first if first == read() => Ok(()),
        _ => Err("read twice, it is not the same".into()),
    }
}

static MAPPING: LazyLock<Option<Mapping>> = LazyLock::new(|| {
    let text = "record = \"Observation\"\n[columns]\nperson_id = \"patient\"\nvalue = \"value\"\n";
    Mapping::parse(text).ok()
});

/// A table, as what it says to be, reconciles: each row is read, kept or refused.
fn table(input: &[u8]) -> Result<(), String> {
    let mapping = MAPPING.as_ref().ok_or("the mapping is wrong")?;
    let open = || Box::new(std::io::Cursor::new(input.to_vec()));
    if let Ok(mut vcf) = Vcf::open(open(), "s") {
        vcf.by_ref().for_each(drop);
        reconciled(vcf.counted())?;
    }
    if let Ok(mut mapped) = Mapped::open(open(), mapping, "s") {
        mapped.by_ref().for_each(drop);
        reconciled(mapped.counted())?;
    }
    let names = ["person", "measurement", "drug_exposure", "concept"];
    let tables = names.map(|name| Table {
        name: format!("{name}.csv"),
        open: Box::new(move || Ok(open() as Box<dyn Input>)),
    });
    if let Ok(mut omop) = Omop::open(tables.into(), "s") {
        omop.by_ref().for_each(drop);
        omop.counts().iter().try_for_each(reconciled)?;
    }
    Ok(())
}

fn reconciled(count: &Count) -> Result<(), String> {
    let sum = count.read + count.kept + count.refused;
    if count.rows == sum { Ok(()) } else { Err("rows don't reconcile".into()) }
}

static READER: LazyLock<Option<Reader>> = LazyLock::new(|| Lexicon::builtin().ok().map(Reader::new));

/// A report is read, the same each time, and what was found lies in it.
fn report(input: &[u8]) -> Result<(), String> {
    let reader = READER.as_ref().ok_or("the built-in lexicon is wrong")?;
    let text = String::from_utf8_lossy(input);
    let read = reader.read(&text);
    let spans = read.findings.iter().map(|finding| finding.span);
    let spans = spans.chain(read.measurements.iter().map(|measurement| measurement.span));
    if spans.into_iter().any(|span| text.get(span.range()).is_none()) {
        return Err("what was found is no part of the text".into());
    }
    let _summary = read.summary();
    if reader.read(&text) == read { Ok(()) } else { Err("read twice, it is not the same".into()) }
}

/// Each message of a file is read with all its segments accounted for, and what it is answered can be read.
fn messages(input: &[u8]) -> Result<(), String> {
    let batch = hl7::batch::split(input);
    for bytes in batch.messages.iter().copied().chain([input]) {
        let Ok(message) = hl7::Message::parse(bytes) else { continue };
        let told = hl7::translate(&message);
        let places: BTreeSet<_> = message.segments().map(|segment| segment.place()).collect();
        let left = told.left.iter().filter(|left| places.contains(&left.place)).count();
        if told.read + left != message.len() {
            return Err("a segment is not accounted for".into());
        }
        let now = model::Timestamp::from_micros(0);
        if hl7::ack::answer(&message, hl7::ack::Verdict::Kept, "1", now)
            .is_some_and(|answer| hl7::Message::parse(&answer).is_err())
        {
            return Err("our answer can't be read".into());
        }
    }
    frames(input)
}

/// Frames are the same however they arrive.
fn frames(input: &[u8]) -> Result<(), String> {
    let found = |piece: usize| {
        let (mut frames, mut found) = (hl7::mllp::Frames::new(1 << 20), Vec::new());
        for bytes in input.chunks(piece.max(1)) {
            frames.push(bytes);
            loop {
                match frames.next_frame() {
                    Ok(Some(frame)) => found.push(frame),
                    Ok(None) => break,
                    Err(_) => {}
                }
            }
        }
        found
    };
    let same = found(input.len()) == found(1 + input.len() / 7);
    if same { Ok(()) } else { Err("the frames depend on how they arrive".into()) }
}

/// A slide is read or refused, and so is each of its first tiles and its label.
fn slide(input: &[u8]) -> Result<(), String> {
    let bytes = Bytes::copy_from_slice(input);
    futures::executor::block_on(async {
        let Ok(slide) = Pyramid::open(&bytes).await else { return };
        for image in slide.paths.iter().flat_map(|path| &path.levels).take(4) {
            if let Ok(Some(coded)) = image.tile(&bytes, 0, 0).await {
                let _jpeg = coded.as_jpeg();
                let _picture = coded.picture();
            }
        }
        if let Some(label) = &slide.label
            && let Ok(whole) = label.whole(&bytes).await
        {
            let _picture = whole.picture();
        }
    });
    Ok(())
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
