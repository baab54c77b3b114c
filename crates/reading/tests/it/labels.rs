//! Reports with labels, one JSON object a line: what a person says that the report means.
//!
//! `labels`: finding → P (present), A (absent), U (possible). `temporality`, `laterality`, `severity`: finding → word.
//! `measurements`: finding and millimetres. `birads` and so on: category. `followup`: test and interval.
//! `critical`: whether somebody was told. `experiencer`: `finding (section)` → whose. `location`: finding → a place among
//! its places. `each_category`: system → every category of this exam, in the order of the text. `priors`: sizes with what
//! they were before, whatever was measured.

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
    locations(report, &reading, id, board);
    sizes(report, &reading, id, board);
    let priors = report["priors"].as_array().into_iter().flatten();
    priors.for_each(|one| prior(one, &reading, &numbers(&one["mm"]), id, board));
    if report["each_category"].is_object() {
        each_category(report, &reading, id, board);
    } else {
        categories(report, &summary, id, board);
    }
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
        let is = |key: &std::sync::Arc<str>| **key == *finding;
        let all: Vec<String> = reading
            .findings
            .iter()
            .filter(|one| is(&one.finding) || one.broader.iter().any(is))
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
        let wanted = (finding, numbers(&one["mm"]));
        let exact = read.iter().position(|read| *read == wanted);
        let found = exact.or_else(|| read.iter().position(|read| read.1 == wanted.1));
        let taken = found.map(|at| read.remove(at));
        board.compare("size", id, Some(&wanted.1), taken.as_ref().map(|taken| &taken.1));
        board.compare("size of what", id, Some(&wanted.0), taken.as_ref().map(|taken| &taken.0));
        prior(one, reading, &wanted.1, id, board);
        reference(one, reading, &wanted.1, id, board);
    }
    for extra in read {
        board.compare("size", id, None, Some(&extra.1));
    }
}

fn prior(expected: &Value, reading: &Reading, now: &[f64], id: &str, board: &mut Board) {
    if expected["prior_mm"].is_null() {
        return;
    }
    let before = numbers(&expected["prior_mm"]);
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
    if let Some(date) = expected["prior_date"].as_str().map(str::to_owned) {
        let read = one.and_then(|one| one.prior.as_ref()).and_then(|prior| prior.date.clone());
        board.compare("prior date", id, Some(&date), read.as_ref());
    }
}

/// Where it was measured.
fn reference(expected: &Value, reading: &Reading, now: &[f64], id: &str, board: &mut Board) {
    let Some(series) = expected["series"].as_str() else { return };
    let images = expected["images"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let wanted = (Some(series.to_owned()), images.map(str::to_owned).collect::<Vec<_>>());
    let one = reading.measurements.iter().find(|one| millimetres(one).as_deref() == Some(now));
    let read = one.map(|one| (one.series.clone(), one.images.clone()));
    board.compare("series and image", id, Some(&wanted), read.as_ref());
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

fn locations(report: &Value, reading: &Reading, id: &str, board: &mut Board) {
    for (finding, place) in object(&report["location"]) {
        let expected = place.as_str().expect("a place").to_owned();
        let is = |key: &std::sync::Arc<str>| **key == *finding;
        let own = reading.findings.iter().filter(|one| is(&one.finding) || one.broader.iter().any(is));
        let places: Vec<String> = own.flat_map(|one| one.location.iter()).map(ToString::to_string).collect();
        let read = places.iter().find(|read| **read == expected).or(places.first());
        board.compare("location", &format!("{id} {finding}"), Some(&expected), read);
    }
}

fn each_category(report: &Value, reading: &Reading, id: &str, board: &mut Board) {
    for (system, values) in object(&report["each_category"]) {
        let expected: Vec<&str> = values.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let own = reading.categories.iter().filter(|one| &*one.system == system && !one.earlier);
        let read: Vec<&str> = own.map(|one| one.value.as_str()).collect();
        for at in 0..expected.len().max(read.len()) {
            board.compare(&format!("category {system}"), id, expected.get(at), read.get(at));
        }
    }
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
        .map(|one| (one["test"].as_str().map(str::to_lowercase), one["interval"].as_str().map(str::to_owned)))
        .collect();
    let mut read: Vec<(Option<String>, Option<String>)> = reading
        .recommendations
        .iter()
        .filter(|one| !one.none_needed)
        .map(|one| {
            (
                one.test.as_deref().map(str::to_lowercase),
                one.interval.as_ref().map(|interval| interval.text.clone()),
            )
        })
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
