//! Parquet files as pyarrow writes them (`scripts/parquet-samples.py`).

use crate::support::split;
use clinical::{Left, Part, Record};
use serde_json::json;
use std::io::Cursor;
use tables::TableError;
use tables::mapped::{Mapped, Mapping};
use tables::omop::{Omop, Table};

const KINDS: &[u8] = include_bytes!("../data/kinds.parquet");
const GROUPS: &[u8] = include_bytes!("../data/groups.parquet");

fn mapping(columns: &str) -> Mapping {
    Mapping::parse(&format!(
        "record = \"Observation\"\n[columns]\nMRN = \"patient\"\ntest = \"code\"\n{columns}"
    ))
    .unwrap()
}

fn read(file: &[u8], columns: &str) -> (Vec<(String, Record)>, Vec<Left>) {
    let mapping = mapping(columns);
    split(Mapped::open(Box::new(Cursor::new(file.to_vec())), &mapping, "http://s").unwrap())
}

fn refusal(file: &[u8], columns: &str) -> String {
    let mapping = mapping(columns);
    match Mapped::open(Box::new(Cursor::new(file.to_vec())), &mapping, "s") {
        Ok(mut mapped) => mapped.find_map(Result::err).map(|error| error.to_string()).unwrap_or_default(),
        Err(error) => error.to_string(),
    }
}

/// The values that a column of three rows gives.
fn values(column: &str) -> Vec<serde_json::Value> {
    let (said, left) = read(KINDS, &format!("{column} = \"value\"\nnote = \"ignored\"\n"));
    assert_eq!(left.iter().filter(|one| one.refused).count(), 0, "{left:?}");
    said.into_iter()
        .map(|(_, record)| match &record.content {
            content if content["valueQuantity"].is_object() => content["valueQuantity"]["value"].clone(),
            content => content["valueString"].clone(),
        })
        .collect()
}

#[test]
fn typed_columns_are_the_cells_of_a_delimited_file() {
    let none = serde_json::Value::Null;
    assert_eq!(values("small"), [json!(1), none.clone(), json!(-3)]);
    assert_eq!(values("large"), [json!(9_007_199_254_740_993_i64), none.clone(), json!(-1)]);
    assert_eq!(values("float_id"), [json!(12), none.clone(), none.clone()]);
    assert_eq!(values("value"), [json!(48.1), json!(0.5), none.clone()]);
    assert_eq!(values("single"), [json!(0.1), none.clone(), json!(-2.5)]);
    assert_eq!(values("exact"), [json!(-12.05), none.clone(), json!(0.3)]);
    assert_eq!(values("word"), [json!("mg/dL"), json!("mg/dL"), none.clone()]);
    assert_eq!(values("flag"), [json!("true"), none, json!("false")]);
}

#[test]
fn moments_need_no_format_whatever_the_mapping_says_of_texts() {
    for column in ["stamp_s", "stamp_ms", "stamp_us", "stamp_ns"] {
        let columns = format!("small = \"value\"\n{column} = {{ role = \"date\", format = \"%d.%m.%Y\" }}\n");
        let (said, left) = read(KINDS, &columns);
        let dates: Vec<_> =
            said.iter().map(|(_, record)| record.content["effectiveDateTime"].clone()).collect();
        let none = serde_json::Value::Null;
        assert_eq!(dates, [json!("2024-02-29T08:01:02"), json!("2024-02-29"), none], "{column} {left:?}");
    }
    let (said, _) = read(KINDS, "small = \"value\"\nday = \"date\"\n");
    assert_eq!(said[0].1.content["effectiveDateTime"], "2024-02-29");
    assert_eq!(said[2].1.content["effectiveDateTime"], "1969-12-31");
    let (said, _) = read(KINDS, "small = \"value\"\nstamp_utc = \"date\"\n");
    assert_eq!(said[0].1.content["effectiveDateTime"], "2024-02-29T08:01:02Z");
}

#[test]
fn a_decimal_comma_is_of_texts() {
    let text = "record = \"Observation\"\ndecimal = \",\"\n[columns]\nMRN = \"patient\"\ntest = \"code\"\nvalue = \"value\"\n";
    let mapping = Mapping::parse(text).unwrap();
    let (said, _) = split(Mapped::open(Box::new(Cursor::new(KINDS.to_vec())), &mapping, "s").unwrap());
    assert_eq!(said[0].1.content["valueQuantity"]["value"], 48.1);
}

#[test]
fn lists_and_groups_are_refused_where_they_are_mapped_and_told_of_else() {
    let why = refusal(KINDS, "several = \"value\"\n");
    assert_eq!(
        why,
        "the column `several` holds lists or groups; a cell is one value, so write it as columns of its own"
    );
    let (_, left) = read(KINDS, "small = \"value\"\n");
    assert!(left[0].why.contains("several") && left[0].why.contains("inner"), "{left:?}");
}

#[test]
fn bytes_that_are_no_text_cost_their_row() {
    let (said, left) = read(KINDS, "small = \"value\"\nraw = \"note\"\n");
    assert_eq!(said.len(), 2);
    let refused: Vec<_> = left.iter().filter(|one| one.refused).collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(
        (refused[0].place.as_str(), refused[0].why.as_str()),
        ("row 2", "bytes that are no text in a cell")
    );
}

#[test]
fn every_row_of_every_group_is_accounted_for() {
    let mapping = mapping("taken = \"date\"\nvalue = \"value\"\n");
    let mut mapped = Mapped::open(Box::new(Cursor::new(GROUPS.to_vec())), &mapping, "s").unwrap();
    let (said, _) = split(mapped.by_ref());
    assert_eq!((mapped.counted().rows, mapped.counted().read), (3000, 3000));
    assert_eq!(said[2999].0, "row 3000");
    assert_eq!(said[2999].1.content["valueQuantity"]["value"], 749.75);
}

#[test]
fn every_way_of_packing_is_known() {
    let files: [&[u8]; 6] = [
        include_bytes!("../data/labs-none.parquet"),
        include_bytes!("../data/labs-snappy.parquet"),
        include_bytes!("../data/labs-gzip.parquet"),
        include_bytes!("../data/labs-zstd.parquet"),
        include_bytes!("../data/labs-lz4.parquet"),
        include_bytes!("../data/labs-brotli.parquet"),
    ];
    for file in files {
        let (said, left) = read(file, "taken = \"date\"\nvalue = \"value\"\n");
        assert_eq!((said.len(), left.len()), (20, 0));
    }
}

#[test]
fn a_file_that_was_cut_off_says_so() {
    for length in [4, 11, 100, GROUPS.len() / 2, GROUPS.len() - 1] {
        let why = refusal(&GROUPS[..length], "value = \"value\"\n");
        assert!(why.contains("copy it again"), "{length}: {why}");
    }
}

#[test]
fn damage_in_the_middle_keeps_what_was_read_and_says_where_it_is() {
    let mut file = GROUPS.to_vec();
    let middle = file.len() / 2;
    file[middle..middle + 1500].fill(0xA5);
    let mapping = mapping("taken = \"date\"\nvalue = \"value\"\n");
    let mapped = Mapped::open(Box::new(Cursor::new(file)), &mapping, "s").unwrap();
    let parts: Vec<Result<Part, TableError>> = mapped.collect();
    let said = parts.iter().filter(|part| matches!(part, Ok(Part::Said(_)))).count();
    let why = parts.last().unwrap().as_ref().unwrap_err().to_string();
    assert!((1000..3000).contains(&said), "{said}");
    assert_eq!(
        why,
        format!(
            "the Parquet file can't be read: it is damaged behind row {said} of 3000; the rest is not read"
        )
    );
}

#[test]
fn a_cdm_may_be_of_parquet() {
    let person = "person_id,person_source_value\n1,P1\n";
    let table = |name: &str, bytes: Vec<u8>| Table {
        name: name.into(),
        open: Box::new(move || Ok(Box::new(Cursor::new(bytes.clone())))),
    };
    let tables = vec![
        table("PERSON.csv", person.into()),
        table("measurement.parquet", include_bytes!("../data/measurement.parquet").to_vec()),
        table("note.parquet", GROUPS[..200].to_vec()),
    ];
    let mut omop = Omop::open(tables, "http://cdm").unwrap();
    let (said, left) = split(omop.by_ref());
    let measured: Vec<_> = said.iter().filter(|(place, _)| place.starts_with("MEASUREMENT")).collect();
    assert_eq!(measured.len(), 2, "{left:?}");
    assert_eq!(measured[0].1.content["valueQuantity"]["value"], 7.5);
    assert_eq!(measured[0].1.content["effectiveDateTime"], "2024-02-29T08:01:02");
    let refused: Vec<_> = left.iter().filter(|one| one.refused).map(|one| one.place.as_str()).collect();
    assert_eq!(refused, ["MEASUREMENT:2", "NOTE"]);
}
