//! Exams that a PACS told of: facts of their patients, until they are here.

use crate::feeding::{Hospital, has, open, person};
use catalog::elsewhere::NUMBERS;
use catalog::{Catalog, ElsewhereExam, ExamFacts};
use records::exams::Held;
use serde_json::json;
use std::sync::Arc;
use store::Ledger;
use warehouse::ask::Cohort;
use warehouse::definition::Definition;

const DAY: i64 = 20_240_105;

fn told(study: &str, patient: &str) -> ElsewhereExam {
    ElsewhereExam {
        study: study.into(),
        peer: "pacs".into(),
        patient_id: patient.into(),
        issuer: "NGH".into(),
        patient_name: patient.into(),
        date: Some(DAY),
        modalities: vec!["CT".into()],
        instances: 4,
        ..ElsewhereExam::default()
    }
}

/// What the server does when a peer told of a day.
async fn tell(hospital: &Hospital, exams: &[ElsewhereExam], position: i64) {
    let catalog = Catalog::open(hospital.ledger.clone()).await.expect("a catalog");
    catalog.take_elsewhere("pacs", DAY, exams, position).await.expect("taken");
    let studies = ["1.9.1".to_owned(), "1.9.2".to_owned()];
    let facts = catalog.elsewhere_facts(&studies).await.expect("facts");
    hospital.records.take_exams(Held::Elsewhere, &facts, None, position).await.expect("taken");
    caught_up(hospital, &studies, position).await;
}

async fn caught_up(hospital: &Hospital, studies: &[String], position: i64) {
    hospital.warehouse.note(&[], studies, ("facts-elsewhere", position), position).await.expect("noted");
    while hospital.warehouse.refresh(position).await.expect("refreshed") {}
}

fn not_here() -> Definition {
    has(&json!({"of": "exam", "tests": [{"field": "held", "anyOf": ["0"]}]}))
}

async fn an_exam_in_a_pacs_is_its_patients_until_it_is_here(ledger: Ledger) {
    let mut hospital = open(ledger).await;
    hospital.say(vec![person("A", "1960-05-01"), person("B", "1970-01-01")]).await;
    tell(&hospital, &[told("1.9.1", "A"), told("1.9.2", "")], 1).await;
    assert_eq!(hospital.count(&not_here()).await, 2, "one of A, one of nobody who is known");
    let of_a = json!({"of": "exam", "tests": [{"field": "age", "min": 63, "max": 63}]});
    assert_eq!(hospital.count(&has(&of_a)).await, 1, "the age is that of the record's patient");

    // Its number is none a catalog gives, and what was frozen names it by its UID.
    let number = json!({"of": "exam", "tests": [{"field": "exam", "min": NUMBERS}]});
    assert_eq!(hospital.count(&has(&number)).await, 2);
    let session = hospital.warehouse.newest().await.expect("tables");
    let cohort = Cohort::of(Arc::clone(&session), &not_here()).await.expect("an answer");
    let studies: Vec<_> = cohort.members().await.expect("members").into_iter().map(|one| one.study).collect();
    assert!(studies.contains(&Some("1.9.1".into())) && studies.contains(&Some("1.9.2".into())));

    // Told again, nothing changes; what is told no more is gone.
    tell(&hospital, &[told("1.9.1", "A"), told("1.9.2", "")], 2).await;
    assert_eq!(hospital.warehouse.newest().await.expect("tables").version, session.version);
    tell(&hospital, &[told("1.9.1", "A")], 3).await;
    assert_eq!(hospital.count(&not_here()).await, 1);

    // When it is here, the row is the catalog's.
    let here = ExamFacts {
        study: "1.9.1".into(),
        patient_id: "A".into(),
        issuer: "NGH".into(),
        instances: 4,
        ..ExamFacts::default()
    };
    hospital.records.take_exams(Held::Here, &[here], None, 4).await.expect("taken");
    caught_up(&hospital, &["1.9.1".to_owned()], 4).await;
    assert_eq!(hospital.count(&not_here()).await, 0);
}

store::each_ledger!(an_exam_in_a_pacs_is_its_patients_until_it_is_here);
