//! How long a header takes: read, shown as JSON, written. `cargo bench -p isocenter-dicom [-- FILE…]`.
//! Without files, a CT header is made: 262 elements, 301 with nested ones, private ones among them.

use bytes::Bytes;
use isocenter_dicom::{
    BulkOptions, DataSet, Tag, TransferSyntax, Vr, dictionary, json, read_header, tags, write_data_set,
    write_file, xml,
};
use std::hint::black_box;
use std::io;
use std::time::{Duration, Instant};

const ROUNDS: usize = 3000;

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    let paths: Vec<_> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    for ts in [TransferSyntax::EXPLICIT_LE, TransferSyntax::IMPLICIT_LE] {
        if paths.is_empty() {
            let file = Bytes::from(write_file(&ct(), &ts, None));
            measure(&mut out, ts.name(), &file)?;
        }
    }
    for path in paths {
        measure(&mut out, &path, &Bytes::from(std::fs::read(&path)?))?;
    }
    Ok(())
}

fn measure(out: &mut impl io::Write, name: &str, file: &Bytes) -> io::Result<()> {
    let Ok(header) = read_header(file) else {
        return writeln!(out, "{name}: not readable");
    };
    let (top, all) = (header.data_set.len(), count(&header.data_set));
    writeln!(out, "{name}: {top} elements, {all} with nested ones, {} bytes", file.len())?;
    let mut line =
        |what: &str, took: Duration| writeln!(out, "  {what:<12} {:>8.2} µs", took.as_secs_f64() * 1e6);
    line("read_header", median(|| drop(black_box(read_header(black_box(file))))))?;
    let json =
        |buffer: &mut Vec<u8>| json::write_json(black_box(&header.data_set), &BulkOptions::INLINE, buffer);
    line("to JSON", with_buffer(json))?;
    let xml =
        |buffer: &mut Vec<u8>| xml::write_xml(black_box(&header.data_set), &BulkOptions::INLINE, buffer);
    line("to XML", with_buffer(xml))?;
    let explicit = TransferSyntax::EXPLICIT_LE;
    let write = |buffer: &mut Vec<u8>| write_data_set(black_box(&header.data_set), &explicit, buffer);
    line("write", with_buffer(write))
}

fn with_buffer(mut work: impl FnMut(&mut Vec<u8>)) -> Duration {
    let mut buffer = Vec::new();
    median(|| {
        buffer.clear();
        work(&mut buffer);
    })
}

fn median(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[ROUNDS / 2]
}

fn count(data_set: &DataSet) -> usize {
    let nested = |tag| data_set.items(tag).iter().map(count).sum::<usize>();
    data_set.iter().map(|element| 1 + nested(element.tag)).sum()
}

/// A CT image as scanners write it, with invented values.
fn ct() -> DataSet {
    let mut set = DataSet::new();
    set.put_text(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 100");
    for group in [0x0008, 0x0010, 0x0018, 0x0020, 0x0028] {
        let known = (0x0010..0x1500).map(|element| Tag(group, element));
        let known = known.filter_map(dictionary::attribute).take(26);
        for attribute in known {
            put_something(&mut set, attribute.tag, attribute.vr.implicit(true));
        }
    }
    for block in [0x0009, 0x0019, 0x0021, 0x0043] {
        set.put_text(Tag(block, 0x0010), "ISOCENTER BENCH");
        for element in 0x1001..0x101F {
            set.put_text_as(Tag(block, element), Vr::DS, "1.250000");
        }
    }
    for sequence in
        [tags::REFERENCED_STUDY_SEQUENCE, tags::SOURCE_IMAGE_SEQUENCE, tags::PROCEDURE_CODE_SEQUENCE]
    {
        let mut item = DataSet::new();
        item.put_text(tags::REFERENCED_SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2");
        item.put_text(tags::REFERENCED_SOP_INSTANCE_UID, "1.2.826.0.1.3680043.2.1125.1");
        set.put_items(sequence, vec![item; 6]);
    }
    set.put_text(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2");
    set.put_text(tags::SOP_INSTANCE_UID, "1.2.826.0.1.3680043.2.1125.2");
    set.put_bytes(tags::PIXEL_DATA, Vr::OW, vec![0; 64 * 64 * 2]);
    set
}

fn put_something(set: &mut DataSet, tag: Tag, vr: Vr) {
    match vr {
        Vr::US => set.put_u16(tag, 512),
        Vr::SS => set.put_bytes(tag, vr, (-5_i16).to_le_bytes().to_vec()),
        Vr::UL => set.put_u32(tag, 70_000),
        Vr::FD => set.put_f64(tag, 0.125),
        Vr::FL => set.put_bytes(tag, vr, 0.125_f32.to_le_bytes().to_vec()),
        Vr::SQ => set.put_items(tag, Vec::new()),
        Vr::DS => set.put_text(tag, "0.488281\\0.488281"),
        Vr::IS => set.put_text(tag, "125"),
        Vr::DA => set.put_text(tag, "20260102"),
        Vr::TM => set.put_text(tag, "101530.5"),
        Vr::PN => set.put_text(tag, "Müller^Anna Maria"),
        Vr::UI => set.put_text(tag, "1.2.826.0.1.3680043.2.1125.1.47110815"),
        Vr::OB | Vr::OW | Vr::UN | Vr::AT => set.put_bytes(tag, vr, vec![1, 2, 3, 4]),
        _ => set.put_text_as(tag, vr, "AXIAL HEAD"),
    }
}
