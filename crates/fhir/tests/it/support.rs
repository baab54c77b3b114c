//! Reading in one call.

use clinical::{Left, Part, Record, Said, Statement};
use fhir::{Origin, ReadError, Reader};

pub const FILE: &str = "urn:sha256:f";

pub fn parts(bytes: &[u8], system: Option<&str>) -> Result<Vec<Part>, ReadError> {
    Reader::new(bytes, Origin::new(system, FILE)).collect()
}

/// What is said, and what is left.
pub fn read(text: &str, system: Option<&str>) -> (Vec<Statement>, Vec<Left>) {
    split(parts(text.as_bytes(), system).unwrap())
}

pub fn split(parts: Vec<Part>) -> (Vec<Statement>, Vec<Left>) {
    let (mut said, mut left) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            Part::Said(statement) => said.push(statement),
            Part::Left(one) => left.push(one),
        }
    }
    (said, left)
}

/// The record that a statement is about.
pub fn record(statement: &Statement) -> &Record {
    match &statement.said {
        Said::Record(record) => record,
        other => panic!("not a record: {other:?}"),
    }
}
