//! The standard's examples, synthetic patients and the linked scenario: each entry is accounted for.

use crate::support::{parts, record, split};
use clinical::Said;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let root = std::env::var_os("ISOCENTER_SHARED").map_or_else(|| beside.into(), PathBuf::from);
    let listed = std::fs::read_dir(root.join("data").join(folder)).into_iter().flatten().flatten();
    let paths = listed.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "json"));
    let found: Vec<_> = paths
        .filter_map(|path| Some((path.file_name()?.to_str()?.to_owned(), std::fs::read(&path).ok()?)))
        .collect();
    if found.is_empty() {
        eprintln!("skipped: there is no ../shared/data/{folder}");
    }
    found
}

/// The place of each entry that a file has.
fn places(file: &Value) -> HashSet<String> {
    match file["entry"].as_array() {
        Some(list) => (0..list.len()).map(|at| format!("entry[{at}]")).collect(),
        None => ["resource".to_owned()].into(),
    }
}

fn reconcile(folder: &str, system: Option<&str>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (name, bytes) in files(folder) {
        let all = parts(&bytes, system).unwrap();
        let file: Value = serde_json::from_slice(&bytes).unwrap();
        let root = |place: &str| place.split('.').next().unwrap_or_default().to_owned();
        let seen: HashSet<_> = all.iter().map(|part| root(part.place())).collect();
        assert_eq!(seen, places(&file), "{name}");
        let (said, left) = split(all);
        for one in said.iter().filter(|one| !one.place.contains('.')) {
            assert!(!record(one).keys.is_empty(), "{name} {}", one.place);
            *counts.entry(record(one).kind.clone()).or_default() += 1;
        }
        *counts.entry("refused".into()).or_default() += left.iter().filter(|one| one.refused).count();
        *counts.entry("left".into()).or_default() += left.iter().filter(|one| !one.refused).count();
    }
    counts
}

#[test]
fn the_standards_examples_are_read() {
    let counts = reconcile("fhir/spec-examples", Some("http://hl7.org/fhir"));
    if counts.is_empty() {
        return;
    }
    assert_eq!(counts["refused"], 0, "{counts:?}");
    assert_eq!((counts["left"], counts["Patient"], counts["ServiceRequest"]), (2, 4, 5), "{counts:?}");
}

#[test]
fn synthetic_patients_are_read_and_nothing_is_refused() {
    let counts = reconcile("fhir/synthea", None);
    if counts.is_empty() {
        return;
    }
    assert_eq!((counts["refused"], counts["left"]), (0, 0), "{counts:?}");
    assert_eq!(
        (counts["Patient"], counts["Organization"], counts["Observation"]),
        (5, 112, 372),
        "{counts:?}"
    );
    let records =
        files("fhir/synthea").into_iter().flat_map(|(_, bytes)| split(parts(&bytes, None).unwrap()).0);
    for one in records {
        let Said::Record(record) = &one.said else { continue };
        let of_nobody = ["Organization", "Practitioner"].contains(&record.kind.as_str());
        assert_eq!(record.patient.is_empty(), of_nobody, "{} {}", record.kind, one.place);
        assert!(!record.content.to_string().contains("\"reference\":\"urn:"), "{}", one.place);
    }
}

#[test]
fn the_linked_scenario_is_read() {
    let counts = reconcile("linked-scenario", None);
    if counts.is_empty() {
        return;
    }
    for kind in ["Patient", "ServiceRequest", "ImagingStudy", "DiagnosticReport"] {
        assert_eq!(counts[kind], 5, "{counts:?}");
    }
    assert_eq!((counts["refused"], counts["left"]), (0, 0));
}
