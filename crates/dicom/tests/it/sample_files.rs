//! Real and damaged files: each is read or refused with a reason, and what is read is kept.

use crate::shared;
use bytes::Bytes;
use isocenter_dicom::{
    BulkOptions, DataSet, ReadError, ReadOptions, TransferSyntax, json, open_file, read, read_data_set,
    read_header, tags, write_data_set, xml,
};
use std::path::{Path, PathBuf};

fn load(path: &Path) -> Bytes {
    Bytes::from(std::fs::read(path).unwrap())
}

fn sample_files() -> Vec<PathBuf> {
    let folders = ["dicom", "longitudinal", "deid", "wsi"];
    folders.into_iter().filter_map(shared::folder).flat_map(|folder| shared::files(&folder)).collect()
}

/// The data set of a file, pixel data included.
fn whole(bytes: &Bytes) -> Result<read::Parsed, ReadError> {
    let file = open_file(bytes)?;
    read::parse(&bytes.slice(file.data_set_at as usize..), &file.transfer_syntax, &ReadOptions::default())
}

/// Padding to even length is all that writing may add.
fn padded(data_set: &DataSet) -> DataSet {
    let mut out = Vec::new();
    write_data_set(data_set, &TransferSyntax::EXPLICIT_LE, &mut out);
    read_data_set(&Bytes::from(out), &TransferSyntax::EXPLICIT_LE, &ReadOptions::default()).unwrap()
}

#[test]
fn every_sample_is_read_or_refused_with_a_reason() {
    let (mut read, mut cut, mut refused) = (0, 0, 0);
    for path in sample_files() {
        match read_header(&load(&path)) {
            Ok(header) if header.complete => read += 1,
            Ok(_) => cut += 1,
            Err(error) => {
                refused += 1;
                assert!(!error.to_string().is_empty(), "{}", path.display());
            }
        }
    }
    eprintln!("{read} read, {cut} cut short, {refused} refused");
}

#[test]
fn what_is_read_can_be_written_in_every_native_syntax() {
    for path in sample_files() {
        let bytes = load(&path);
        let Ok(header) = read_header(&bytes) else { continue };
        let expected = padded(&header.data_set);
        for ts in [TransferSyntax::EXPLICIT_LE, TransferSyntax::EXPLICIT_BE, TransferSyntax::DEFLATED_LE] {
            let mut out = Vec::new();
            write_data_set(&expected, &ts, &mut out);
            let read = read_data_set(&Bytes::from(out), &ts, &ReadOptions::default());
            let same =
                read.is_ok_and(|read| ts.big_endian() && read.len() == expected.len() || read == expected);
            assert!(same, "{} as {ts:?}", path.display());
        }
    }
}

#[test]
fn what_is_read_goes_through_json_and_xml() {
    let small = |path: &PathBuf| path.metadata().unwrap().len() < 100_000;
    for path in sample_files().into_iter().filter(small) {
        let Ok(header) = read_header(&load(&path)) else { continue };
        let name = path.display();
        let text = json::to_json(&padded(&header.data_set), &BulkOptions::INLINE);
        let from_json = json::from_json(text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let again = json::to_json(&from_json[0].data_set, &BulkOptions::INLINE);
        assert_eq!(without_charset(&text), without_charset(&again), "{name}");
        let text = xml::to_xml(&header.data_set, &BulkOptions::INLINE);
        let from_xml = xml::from_xml(text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            from_xml.data_set.uid(tags::SOP_INSTANCE_UID),
            header.data_set.uid(tags::SOP_INSTANCE_UID)
        );
    }
}

/// Text that is all ASCII needs no declaration, so one may come or go; numbers may be written anew.
fn without_charset(text: &str) -> serde_json::Value {
    let mut json: serde_json::Value = serde_json::from_str(text).unwrap();
    strip(&mut json);
    json
}

fn strip(json: &mut serde_json::Value) {
    match json {
        serde_json::Value::Object(object) => {
            object.remove("00080005");
            object.values_mut().for_each(strip);
        }
        serde_json::Value::Array(values) => values.iter_mut().for_each(strip),
        serde_json::Value::Number(number) => *json = number.as_f64().unwrap().into(),
        _ => {}
    }
}

#[test]
fn names_in_every_character_set_are_read_as_meant() {
    let Some(folder) = shared::folder("dicom/charset") else { return };
    for (file, name) in [
        ("chrArab.dcm", "قباني^لنزار"),
        ("chrFren.dcm", "Buc^Jérôme"),
        ("chrFrenMulti.dcm", "Buc^Jérôme"),
        ("chrGreek.dcm", "Διονυσιος"),
        ("chrH31.dcm", "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        ("chrI2.dcm", "Hong^Gildong=洪^吉洞=홍^길동"),
        ("chrJapMulti.dcm", "やまだ^たろう"),
        ("chrJapMultiExplicitIR6.dcm", "やまだ^たろう"),
        ("chrRuss.dcm", "Люкceмбypг"),
        ("chrX1.dcm", "Wang^XiaoDong=王^小東"),
    ] {
        let header = read_header(&load(&folder.join(file))).unwrap();
        let read = header.data_set.text(tags::PATIENT_NAME).unwrap();
        assert_eq!(read.trim_end_matches('='), name, "{file}");
    }
    let nested = read_header(&load(&folder.join("chrSQEncoding.dcm"))).unwrap();
    let item = &nested.data_set.items(tags::REQUESTED_PROCEDURE_CODE_SEQUENCE)[0];
    assert_eq!(item.text(tags::PATIENT_NAME).as_deref(), Some("ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"));
}

#[test]
fn damaged_files_are_refused_or_read_as_far_as_is_safe() {
    let Some(folder) = shared::folder("dicom/malformed") else { return };
    let outcome = |file: &str| {
        let bytes = load(&folder.join(file));
        match (read_header(&bytes), whole(&bytes)) {
            (Ok(header), Ok(parsed)) if header.complete && parsed.complete => "read",
            (Ok(header), Ok(parsed)) if !header.complete && !parsed.complete => "cut in pixel data",
            (Err(_), Err(_)) => "refused",
            _ => "inconsistent",
        }
    };
    for (file, expected) in [
        ("bad_vr.dcm", "read"),
        ("duplicate_element.dcm", "refused"),
        ("length_past_eof.dcm", "refused"),
        ("nested_undefined_depth40.dcm", "read"),
        ("no_preamble_no_meta_implicit.dcm", "read"),
        ("odd_length_value.dcm", "read"),
        // The declared length fits; only the image's description shows that pixels are missing.
        ("pixel_length_short.dcm", "read"),
        ("rows_65535.dcm", "read"),
        ("tags_out_of_order.dcm", "refused"),
        ("truncated_in_header.dcm", "refused"),
        ("truncated_in_pixels.dcm", "cut in pixel data"),
        ("undefined_sequence_not_closed.dcm", "refused"),
    ] {
        assert_eq!(outcome(file), expected, "{file}");
    }
}
