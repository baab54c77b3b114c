//! The sample data beside the repository; tests that need it skip with one line where it is absent.

use crate::read::{checked, keys, record, records, text};
use clinical::{OrderState, Said};
use hl7::{Message, batch};
use std::path::PathBuf;

fn folder(name: &str) -> Vec<(String, Vec<u8>)> {
    let root = std::env::var_os("ISOCENTER_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let root = root.join("data").join(name);
    let mut found = Vec::new();
    for path in std::fs::read_dir(&root).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        found.extend(std::fs::read(&path).ok().map(|bytes| (name, bytes)));
    }
    if found.is_empty() {
        println!("skipped: no sample data at {}", root.display());
    }
    found.sort();
    found
}

#[test]
fn every_sample_is_read_with_every_segment_accounted_for() {
    let all = ["hl7v2", "hl7v2/imaging", "hl7v2/batch", "linked-scenario"].map(folder).concat();
    for (name, bytes) in all.iter().filter(|(name, _)| name.ends_with(".hl7")) {
        let batch = batch::split(bytes);
        assert_eq!(batch.messages.len(), 1, "{name}");
        let message = Message::parse(batch.messages[0]).expect(name);
        let translation = checked(&message);
        assert!(!translation.statements.is_empty() || name.starts_with("DFT"), "{name}");
        let refused: Vec<_> = translation.left.iter().filter(|left| left.refused).collect();
        println!("{name}: {} statements, refused {refused:?}", translation.statements.len());
    }
}

#[test]
fn old_messages_one_behind_the_other_are_told_apart() {
    for (_, bytes) in folder("hl7v2/batch").iter().filter(|(name, _)| name == "hapi_messages.txt") {
        let batch = batch::split(bytes);
        assert_eq!((batch.messages.len(), batch.left.len()), (18, 1));
        for bytes in batch.messages {
            checked(&Message::parse(bytes).expect("a message"));
        }
    }
}

#[test]
fn the_linked_scenario_is_read_as_it_is_meant() {
    for (name, bytes) in folder("linked-scenario").iter().filter(|(name, _)| name.ends_with(".hl7")) {
        let translation = checked(&Message::parse(bytes).expect(name));
        assert!(translation.left.iter().all(|left| !left.refused), "{name}: {:?}", translation.left);
        if name.ends_with("_order.hl7") || name.ends_with("_report.hl7") {
            tied(name, &translation);
        }
        if name.ends_with("merge.hl7") {
            let merge = translation.statements.iter().any(|statement| {
                matches!(&statement.said, Said::Merge { kept, gone } if kept.value == "MRN9000001" && gone.value == "MRN7711042")
            });
            assert!(merge);
        }
    }
}

/// The order is known by its numbers, its accession and its study.
fn tied(name: &str, translation: &hl7::Translation) {
    let accession = name.split('_').nth(1).unwrap_or_default();
    let order = record(translation, "ServiceRequest");
    assert!(keys(order)[0].starts_with("NGH|PO") && keys(order)[1].starts_with("RIS|FO"), "{name}");
    let identifiers = order.content["identifier"].to_string();
    assert!(
        identifiers.contains(&format!("\"{accession}\"")) && identifiers.contains("urn:oid:2.25."),
        "{name}"
    );
    match name.ends_with("_report.hl7") {
        true => {
            assert_eq!(order.state, Some(OrderState::Reported));
            let report = record(translation, "DiagnosticReport");
            assert!(text(&report.content).to_uppercase().contains("IMPRESSION"), "{name}");
            assert_eq!(report.content["status"], "final");
        }
        false => assert_eq!(order.state, Some(OrderState::Scheduled), "{name}"),
    }
    assert_eq!(records(translation, "Patient").len(), 1);
}
