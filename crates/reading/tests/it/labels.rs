//! Reports with labels, one JSON object a line: what a person says that the report means.
//!
//! `labels`: finding → P (present), A (absent), U (possible). `temporality`, `laterality`, `severity`: finding → word.
//! `measurements`: finding and millimetres. `birads` and so on: category. `followup`: test and interval.
//! `critical`: whether somebody was told. `experiencer`: `finding (section)` → whose.

use crate::score::Board;
use reading::{Assertion, Reader, Reading, Summary, millimetres};
use serde_json::Value;

pub const SYSTEMS: &[&str] =
    &["birads", "lungrads", "lirads", "pirads", "tirads", "orads", "cadrads", "density"];

/// Scores one report.
pub fn score(reader: &Reader, report: &Value, board: &mut Board) {
    let reading = reader.read(report["text"].as_str().expect("a report has a text"));
    let summary = reading.summary();
    let id = report["id"].as_str().unwrap_or("?");
    findings(report, &summary, id, board);
    attributes(report, &summary, id, board);
    experiencers(report, &reading, id, board);
    sizes(report, &reading, id, board);
    categories(report, &summary, id, board);
    recommendations(report, &reading, id, board);
    board.compare(
        "critical",
        id,
        yes(&report["critical"]).as_ref(),
        Some(true).filter(|_| summary.critical).as_ref(),
    );
}

fn yes(value: &Value) -> Option<bool> {
    value.as_bool().filter(|yes| *yes)
}

fn object(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

/// The letter of the labels.
fn letter(assertion: Assertion) -> &'static str {
    match assertion {
        Assertion::Present => "P",
        Assertion::Absent => "A",
        Assertion::Possible => "U",
    }
}

fn findings(report: &Value, summary: &Summary, id: &str, board: &mut Board) {
    for (finding, label) in object(&report["labels"]) {
        let expected = label.as_str().expect("a letter");
        let read = summary.findings.get(finding).map(|conclusion| letter(conclusion.assertion));
        let class = match expected {
            "P" => "present",
            "A" => "absent",
            _ => "possible",
        };
        board.compare(class, &format!("{id} {finding}"), Some(&expected), read.as_ref());
    }
    // A set that names all its findings says so: others are then wrong.
    for finding in report["nothing_else"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let read = summary.findings.get(finding).map(|conclusion| letter(conclusion.assertion));
        board.compare("not mentioned", &format!("{id} {finding}"), None, read.as_ref());
    }
}

fn attributes(report: &Value, summary: &Summary, id: &str, board: &mut Board) {
    for key in ["temporality", "laterality", "severity"] {
        for (finding, word) in object(&report[key]) {
            let expected = word.as_str().map(str::to_owned);
            let conclusion = summary.findings.get(finding);
            let told =
                conclusion.map(|conclusion| serde_json::to_value(conclusion).expect("it is plain data"));
            let read = told.and_then(|told| told[key].as_str().map(str::to_owned));
            board.compare(key, &format!("{id} {finding}"), expected.as_ref(), read.as_ref());
        }
    }
}

fn experiencers(report: &Value, reading: &Reading, id: &str, board: &mut Board) {
    for (named, word) in object(&report["experiencer"]) {
        let finding = named.split(' ').next().unwrap_or(named);
        let expected = word.as_str().map(str::to_owned);
        let whose = |one: &reading::Finding| serde_json::to_value(one.experiencer).expect("it is plain data");
        let all: Vec<String> = reading
            .findings
            .iter()
            .filter(|one| &*one.finding == finding)
            .filter_map(|one| whose(one).as_str().map(str::to_owned))
            .collect();
        let read = all.iter().find(|read| Some(*read) == expected.as_ref()).or(all.first());
        board.compare("experiencer", &format!("{id} {named}"), expected.as_ref(), read);
    }
}

fn sizes(report: &Value, reading: &Reading, id: &str, board: &mut Board) {
    let Some(expected) = report["measurements"].as_array() else { return };
    let mut read: Vec<(String, Vec<f64>)> = reading
        .measurements
        .iter()
        .filter(|one| one.quantity == reading::Quantity::Length && !one.earlier)
        .filter_map(|one| Some((one.subject.as_deref().unwrap_or("?").to_owned(), millimetres(one)?)))
        .collect();
    for one in expected {
        let finding = one["finding"].as_str().unwrap_or("?").to_owned();
        let millimetres: Vec<f64> =
            one["mm"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        let wanted = (finding, millimetres);
        let exact = read.iter().position(|read| *read == wanted);
        let found = exact.or_else(|| read.iter().position(|read| read.1 == wanted.1));
        let taken = found.map(|at| read.remove(at));
        board.compare("size", id, Some(&wanted.1), taken.as_ref().map(|taken| &taken.1));
        board.compare("size of what", id, Some(&wanted.0), taken.as_ref().map(|taken| &taken.0));
        prior(one, reading, &wanted.1, id, board);
    }
    for extra in read {
        board.compare("size", id, None, Some(&extra.1));
    }
}

fn prior(expected: &Value, reading: &Reading, now: &[f64], id: &str, board: &mut Board) {
    let Some(before) = expected["prior_mm"].as_array() else { return };
    let before: Vec<f64> = before.iter().filter_map(Value::as_f64).collect();
    let one = reading.measurements.iter().find(|one| millimetres(one).as_deref() == Some(now));
    let factor = |unit: &str| if unit == "cm" { 10.0 } else { 1.0 };
    let read = one.and_then(|one| one.prior.as_ref()).map(|prior| {
        prior
            .values
            .iter()
            .map(|value| (value * factor(&prior.unit) * 1e6).round() / 1e6)
            .collect::<Vec<f64>>()
    });
    board.compare("prior size", id, Some(&before), read.as_ref());
}

fn categories(report: &Value, summary: &Summary, id: &str, board: &mut Board) {
    for system in SYSTEMS {
        let expected = report[*system].as_str().map(str::to_owned);
        let read = summary.categories.get(*system);
        if expected.is_some() || read.is_some() {
            board.compare(&format!("category {system}"), id, expected.as_ref(), read);
        }
    }
}

fn recommendations(report: &Value, reading: &Reading, id: &str, board: &mut Board) {
    let expected: Vec<(Option<String>, Option<String>)> = report["followup"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| (one["test"].as_str().map(str::to_owned), one["interval"].as_str().map(str::to_owned)))
        .collect();
    let mut read: Vec<(Option<String>, Option<String>)> = reading
        .recommendations
        .iter()
        .filter(|one| !one.none_needed)
        .map(|one| (one.test.clone(), one.interval.as_ref().map(|interval| interval.text.clone())))
        .collect();
    read.dedup();
    for wanted in expected {
        let exact = read.iter().position(|one| *one == wanted);
        let found = exact.or(if read.is_empty() { None } else { Some(0) });
        let taken = found.map(|at| read.remove(at));
        board.compare(
            "recommended test",
            id,
            wanted.0.as_ref(),
            taken.as_ref().and_then(|taken| taken.0.as_ref()),
        );
        board.compare(
            "recommended interval",
            id,
            wanted.1.as_ref(),
            taken.as_ref().and_then(|taken| taken.1.as_ref()),
        );
    }
    for extra in read {
        board.compare("recommendation too many", id, None, Some(&extra));
    }
}
