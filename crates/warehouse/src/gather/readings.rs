//! Rows of what reports say.

use super::{Desk, Place};
use crate::rows::Cell;
use records::holdings::{HeldReading, HeldText};
use records::vocabulary::Vocabulary;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Rows of one report; beyond, numbers of two reports would meet.
const MOST: usize = 1 << 16;

impl Desk {
    /// Takes of the texts what may stand in a table.
    pub(super) fn texts(&mut self, vocabulary: &Vocabulary, texts: Vec<HeldText>, readings: &[HeldReading]) {
        for HeldText { record, text } in texts {
            self.texts.entry(record).or_default().words = vocabulary.only(&text);
        }
        for HeldReading { record, reading } in readings {
            let findings = reading["findings"].as_array().into_iter().flatten();
            let keys: BTreeSet<&str> = findings.flat_map(kinds).collect();
            self.texts.entry(*record).or_default().findings = Cell::list(keys);
        }
    }

    pub(super) fn reading(&mut self, report: i64, place: &Place, reading: &Value) {
        let findings = reading["findings"].as_array().into_iter().flatten().take(MOST);
        for (n, finding) in findings.enumerate() {
            let size = size(reading, n);
            self.finding(report, n, place, finding, size);
        }
        let categories = reading["categories"].as_array().into_iter().flatten().take(MOST);
        for (n, category) in categories.enumerate().filter(|(_, category)| category["earlier"] != true) {
            let cells = vec![
                ("exam", place.exam.into()),
                ("report", report.into()),
                ("scheme", text(&category["system"])),
                ("value", text(&category["category"])),
                ("modifiers", list(&category["modifiers"])),
            ];
            self.event("category", place.patient, numbered(report, n), place.day, cells);
        }
    }

    fn finding(&mut self, report: i64, n: usize, place: &Place, finding: &Value, size: Option<f64>) {
        let cells = vec![
            ("exam", place.exam.into()),
            ("report", report.into()),
            ("finding", text(&finding["finding"])),
            ("kinds", Cell::list(kinds(finding))),
            ("assertion", text(&finding["assertion"])),
            ("temporality", text(&finding["temporality"])),
            ("experiencer", text(&finding["experiencer"])),
            ("laterality", text(&finding["laterality"])),
            ("location", list(&finding["location"])),
            ("severity", text(&finding["severity"])),
            ("size", size.into()),
        ];
        self.event("finding", place.patient, numbered(report, n), place.day, cells);
    }
}

/// A finding, and what it is a kind of.
fn kinds(finding: &Value) -> impl Iterator<Item = &str> {
    let own = finding["finding"].as_str().into_iter();
    // No effusion in the pleura leaves others: what is denied is the thing itself alone.
    let broader = finding["broader"].as_array().filter(|_| finding["assertion"] != "absent");
    own.chain(broader.into_iter().flatten().filter_map(Value::as_str))
}

/// The largest diameter that is told of a finding for now, in mm.
fn size(reading: &Value, finding: usize) -> Option<f64> {
    let measurements = reading["measurements"].as_array().into_iter().flatten();
    let own =
        measurements.filter(|one| one["finding"].as_u64() == Some(finding as u64) && one["earlier"] != true);
    let sizes = own.filter_map(|one| {
        let factor = match one["unit"].as_str()? {
            "mm" => 1.0,
            "cm" => 10.0,
            _ => return None,
        };
        let values = one["values"].as_array()?.iter().filter_map(Value::as_f64);
        values.max_by(f64::total_cmp).map(|largest| largest * factor)
    });
    sizes.max_by(f64::total_cmp)
}

/// A number of its own for a row of a report.
const fn numbered(report: i64, n: usize) -> i64 {
    report * (MOST as i64) + n as i64
}

fn text(value: &Value) -> Cell {
    value.as_str().map_or(Cell::Null, |text| Cell::Text(Cow::Owned(text.to_owned())))
}

fn list(value: &Value) -> Cell {
    Cell::list(value.as_array().into_iter().flatten().filter_map(Value::as_str))
}
