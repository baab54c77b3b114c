//! Reading in one call.

use clinical::{Left, Part, Record, Said};
use std::fmt::Debug;
use tables::omop::{Omop, Table};

/// Records with their places, and what is left.
pub fn split<E: Debug>(parts: impl Iterator<Item = Result<Part, E>>) -> (Vec<(String, Record)>, Vec<Left>) {
    let (mut said, mut left) = (Vec::new(), Vec::new());
    for part in parts {
        match part.unwrap() {
            Part::Said(one) => match one.said {
                Said::Record(record) => said.push((one.place, *record)),
                other => panic!("not a record: {other:?}"),
            },
            Part::Left(one) => left.push(one),
        }
    }
    (said, left)
}

/// Tables from texts.
pub fn folder(files: &[(&str, &str)]) -> Vec<Table<'static>> {
    let table = |(name, text): &(&str, &str)| {
        let text = text.to_string().into_bytes();
        Table {
            name: (*name).into(),
            open: Box::new(move || Ok(Box::new(std::io::Cursor::new(text.clone())))),
        }
    };
    files.iter().map(table).collect()
}

pub fn omop(files: &[(&str, &str)]) -> Omop<'static> {
    Omop::open(folder(files), "http://cdm").unwrap()
}
