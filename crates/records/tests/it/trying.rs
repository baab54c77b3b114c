//! What hospitals do to numbers, all of it at once and in many orders: nothing false holds, nothing true is lost.

use crate::making::*;
use catalog::ExamFacts;
use clinical::OrderState::{Cancelled, Requested};
use clinical::{Identifier, Said, Statement};
use records::Records;
use records::exams::Held;
use serde_json::json;
use std::collections::BTreeSet;
use store::Ledger;

store::each_ledger!(numbers_that_mislead_never_make_a_false_link, one_batch_says_the_same_as_many);

/// An order with numbers and words of its own.
fn asked(at: &str, id: &str, placer: &str, numbers: &[(&str, &str)], words: &str) -> Statement {
    let mut statement = order(at, id, placer, "", Requested);
    if let Said::Record(record) = &mut statement.said {
        let list = record.content["identifier"].as_array_mut().unwrap();
        for (system, value) in numbers {
            let kind = (*system != records::marks::DICOM_UID).then_some("ACSN");
            list.push(Identifier::new(system, value, kind).unwrap().to_json());
        }
        record.content["code"] = json!({"text": words});
        record.content["occurrenceDateTime"] = json!(at);
    }
    statement
}

fn made(study: &str, who: (&str, &str, i64), accession: &str, description: &str) -> ExamFacts {
    ExamFacts { description: description.into(), ..exam(study, who.0, who.1, who.2, accession) }
}

const ANNA: (&str, &str, i64) = ("T1", "Sample^Anna", 20_100_505);
const ANNE: (&str, &str, i64) = ("T2", "Sample^Anne", 20_100_505);
const CARL: (&str, &str, i64) = ("M5", "Able^Carl", 19_500_101);
const DORA: (&str, &str, i64) = ("M5", "Beta^Dora", 19_900_202);
const EMIL: (&str, &str, i64) = ("M7", "Gamma^Emil", 19_600_303);

fn born(who: (&str, &str, i64)) -> Statement {
    let (family, given) = who.1.split_once('^').unwrap();
    let day = who.2;
    let birth = format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100);
    patient("2024-01-01", who.0, (family, given), &birth)
}

/// Everything that arrives.
fn everything() -> Vec<Arrival> {
    let uid = records::marks::DICOM_UID;
    let day = "2024-01-18T08:00:00";
    let told = [
        // Twins, on one day, under one accession number of two departments.
        vec![born(ANNA), asked(day, "T1", "P1", &[("RIS", "A1")], "CT CHEST")],
        vec![born(ANNE), asked(day, "T2", "P2", &[("ED", "A1")], "CT CHEST")],
        vec![born(ANNE), report("2024-01-18T12:00:00", "T2", "F2", "P2", "final", "No nodule.")],
        // A number that was given to another person later.
        vec![born(CARL), asked(day, "M5", "P3", &[("", "A3")], "CT CHEST")],
        vec![born(DORA), asked(day, "M5", "P4", &[("", "A4")], "CT CHEST")],
        vec![born(CARL), report("2024-01-18T12:00:00", "M5", "F3", "P3", "final", "A nodule.")],
        vec![born(DORA), report("2024-01-18T12:00:00", "M5", "F4", "P4", "final", "A mass.")],
        // Emil: two exams of one order, a contradiction, cancelled and ordered again, under a number that goes.
        vec![born(EMIL), asked(day, "M7", "P5", &[("", "A5")], "CT CHEST ABDOMEN")],
        vec![asked(day, "M7", "P6", &[("", "A7"), (uid, "urn:oid:1.6")], "CT CHEST")],
        vec![order(day, "M7", "P8", "A8", Cancelled)],
        vec![asked("2024-01-18T09:00:00", "M8", "P9", &[("", "A8")], "CT CHEST")],
        vec![report("2024-01-19", "M8", "F9", "P9", "final", "Clear.")],
        // It names the numbers of both exams.
        vec![{
            let mut both = report("2024-01-19", "M7", "F5", "P5", "final", "Both clear.");
            if let Said::Record(record) = &mut both.said {
                let numbers =
                    ["A5", "A9"].map(|value| Identifier::new("", value, Some("ACSN")).unwrap().to_json());
                record.content["identifier"] = json!(numbers);
            }
            both
        }],
        vec![patient("2024-06-01", "M8", ("Gamma", "Emil"), "1960-03-03"), merge("2024-06-01", "M8", "M7")],
    ];
    let exams = [
        made("1.1", ANNA, "A1", "CT Chest"),
        made("1.2", ANNE, "A1", "CT Chest"),
        made("1.3", CARL, "A3", "CT Chest"),
        made("1.4", DORA, "A4", "CT Chest"),
        made("1.51", EMIL, "A5", "CT Chest"),
        made("1.52", EMIL, "A5", "CT Abdomen"),
        made("1.6", EMIL, "A6", "CT Chest"),
        made("1.7", EMIL, "A7", "CT Chest"),
        made("1.8", EMIL, "A8", "CT Chest"),
        made("1.9", EMIL, "A9", "CT Abdomen"),
    ];
    let told = told
        .into_iter()
        .enumerate()
        .map(|(at, one)| Arrival::Source(Box::new(source(&format!("s{at}"), at as i64, one))));
    told.chain(exams.map(|exam| Arrival::Exam(Box::new(exam)))).collect()
}

/// What is linked, or waits: the key of the record and the study.
async fn linked(records: &Records, state: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for study in ["1.1", "1.2", "1.3", "1.4", "1.51", "1.52", "1.6", "1.7", "1.8", "1.9"] {
        for link in records.links_of_exam(study).await.unwrap() {
            if link.state == state {
                let name = records.name_of(link.record).await.unwrap().unwrap();
                found.insert((name.value, study.to_owned()));
            }
        }
    }
    found
}

fn pairs(list: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    list.iter().map(|(key, study)| ((*key).to_owned(), (*study).to_owned())).collect()
}

async fn check(records: &Records, turn: usize) {
    let held = pairs(&[
        ("P1", "1.1"),
        ("P2", "1.2"),
        ("F2", "1.2"),
        ("P3", "1.3"),
        ("F3", "1.3"),
        ("P4", "1.4"),
        ("F4", "1.4"),
        ("P5", "1.51"),
        ("P5", "1.52"),
        ("F5", "1.51"),
        ("F5", "1.52"),
        ("F5", "1.9"),
        ("P9", "1.8"),
        ("F9", "1.8"),
    ]);
    assert_eq!(linked(records, "linked").await, held, "in order {turn}");
    let waits = linked(records, "waiting").await;
    for doubtful in pairs(&[("P6", "1.6"), ("P6", "1.7"), ("P8", "1.8")]) {
        assert!(waits.contains(&doubtful), "in order {turn}: {doubtful:?} of {waits:?}");
    }
    let doubts = records.doubts(0, 50).await.unwrap();
    assert!(
        doubts.iter().any(|doubt| doubt.kind == "same-identifier"),
        "one number of two people is asked about"
    );
    assert!(doubts.iter().all(|doubt| doubt.kind != "maybe-same"), "twins are two people");
}

async fn numbers_that_mislead_never_make_a_false_link(ledger: Ledger) {
    let records = open(ledger).await;
    let mut arrivals = everything();
    let mut dice = 7_u64;
    for turn in 0..12 {
        records.clear().await.unwrap();
        arrive(&records, &arrivals).await;
        check(&records, turn).await;
        arrive(&records, &arrivals[..5]).await;
        check(&records, turn).await;
        for at in (1..arrivals.len()).rev() {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            arrivals.swap(at, (dice >> 33) as usize % (at + 1));
        }
    }
}

async fn one_batch_says_the_same_as_many(ledger: Ledger) {
    let records = open(ledger).await;
    let (mut sources, mut exams) = (Vec::new(), Vec::new());
    for arrival in everything() {
        match arrival {
            Arrival::Source(source) => sources.push(*source),
            Arrival::Exam(exam) => exams.push(*exam),
        }
    }
    sources.reverse();
    records.take(&sources).await.unwrap();
    records.take_exams(Held::Here, &exams, None, 1).await.unwrap();
    check(&records, 0).await;
}
