use crate::making::*;
use clinical::OrderState::{Requested, Scheduled};
use records::{Records, Taken};
use std::collections::BTreeMap;
use store::Ledger;

store::each_ledger!(
    what_is_made_again_has_the_numbers_it_had,
    a_lost_ledger_gets_its_numbers_back_from_the_archive,
    a_merge_keeps_the_older_number_and_an_unmerge_gives_the_other_back,
    the_number_of_a_record_that_was_joined_leads_to_it,
    fhir_ids_follow_from_what_was_said_alone,
);

/// Three patients with an order each, one of them told in two ways that turn out to be one, and a merge.
fn messages() -> Vec<Taken> {
    let number = |kind, value| clinical::Identifier::new("RIS", value, Some(kind)).unwrap();
    let told = |at: &str, keys: Vec<clinical::Identifier>| {
        let content = serde_json::json!({"resourceType": "ServiceRequest", "status": "active"});
        record(at, "ServiceRequest", keys, vec![mrn("M3")], content, None)
    };
    vec![
        source("a", 1, vec![patient("2024-01-01", "M1", ("Sample", "Anna"), "1970-01-01")]),
        source("b", 2, vec![patient("2024-01-01", "M2", ("Muster", "Bea"), "1980-01-01")]),
        source("c", 3, vec![order("2024-01-02", "M2", "P2", "A2", Requested)]),
        source("d", 4, vec![told("2024-01-03", vec![number("FILL", "F3")])]),
        source("e", 5, vec![told("2024-01-03", vec![number("PLAC", "P3")])]),
        source("f", 6, vec![order("2024-01-02", "M1", "P1", "A1", Requested)]),
        source("g", 7, vec![told("2024-01-04", vec![number("PLAC", "P3"), number("FILL", "F3")])]),
        source("h", 8, vec![order("2024-01-05", "M1", "P1", "A1", Scheduled)]),
        source("i", 9, vec![patient("2024-01-05", "M9", ("Sample", "Anna"), "1970-01-01")]),
        source("j", 10, vec![merge("2024-01-06", "M9", "M1")]),
    ]
}

/// Whose and which everything is: by names, the numbers and FHIR ids.
async fn called(records: &Records) -> BTreeMap<String, (i64, String)> {
    let mut called = BTreeMap::new();
    for id in ["M1", "M2", "M3", "M9"] {
        let person = records.persons_by_identifier(Some("NGH"), id).await.unwrap()[0];
        let fhir = records.fhir_id_of_person(person).await.unwrap().unwrap();
        assert_eq!(records.person_of_name(&fhir).await.unwrap(), Some(person));
        called.insert(id.into(), (person, fhir));
    }
    for id in ["P1", "P2", "P3", "F3"] {
        let order = records.by_number(id, 1).await.unwrap()[0].record;
        let fhir = records.fhir_id_of_record(order).await.unwrap().unwrap();
        assert_eq!(records.record_of("ServiceRequest", &fhir).await.unwrap(), Some(order));
        called.insert(id.into(), (order, fhir));
    }
    assert_eq!(called["P3"], called["F3"]);
    assert_eq!(called["M1"], called["M9"]);
    called
}

async fn take(records: &Records, order: &[usize], at_once: usize) {
    let all = messages();
    for batch in order.chunks(at_once) {
        let batch: Vec<Taken> = batch.iter().map(|at| all[*at].clone()).collect();
        records.take(&batch).await.unwrap();
    }
}

/// Some orders of arrival, with how many are taken together.
const ORDERS: [([usize; 10], usize); 4] = [
    ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 10),
    ([9, 8, 7, 6, 5, 4, 3, 2, 1, 0], 1),
    ([4, 9, 6, 0, 8, 2, 3, 5, 1, 7], 3),
    ([6, 4, 3, 9, 8, 0, 1, 2, 7, 5], 4),
];

async fn what_is_made_again_has_the_numbers_it_had(ledger: Ledger) {
    let records = open(ledger).await;
    take(&records, &ORDERS[0].0, 1).await;
    let before = called(&records).await;
    for (order, at_once) in ORDERS {
        records.clear().await.unwrap();
        take(&records, &order, at_once).await;
        assert_eq!(called(&records).await, before, "{order:?} by {at_once}");
    }
}

async fn a_lost_ledger_gets_its_numbers_back_from_the_archive(ledger: Ledger) {
    let records = open(ledger.clone()).await;
    take(&records, &ORDERS[2].0, 2).await;
    let before = called(&records).await;
    let kept = records.numbers_to_keep(1000).await.unwrap();
    assert_eq!(records.count_numbers_to_keep().await.unwrap(), kept.len() as i64);
    records.kept_numbers(&kept).await.unwrap();
    assert_eq!(records.count_numbers_to_keep().await.unwrap(), 0);
    let lines: Vec<String> = kept.iter().map(|one| serde_json::to_string(one).unwrap()).collect();

    records.clear().await.unwrap();
    let engine = ledger.engine();
    let again = engine.pick(
        "DELETE FROM record_number; DELETE FROM sqlite_sequence",
        "DELETE FROM record_number; ALTER SEQUENCE record_id_seq RESTART; ALTER SEQUENCE person_identifier_id_seq RESTART",
    );
    let mut tx = ledger.write().await.unwrap();
    sqlx::raw_sql(again).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!records.has_numbers().await.unwrap());
    let read: Vec<_> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    records.learn_numbers(&read).await.unwrap();
    let other = patient("2024-01-01", "M0", ("Else", "Somebody"), "1990-01-01");
    records.take(&[source("z", 1, vec![other])]).await.unwrap();
    take(&records, &ORDERS[0].0, 1).await;
    assert_eq!(called(&records).await, before);
    let stranger = records.persons_by_identifier(Some("NGH"), "M0").await.unwrap()[0];
    let persons = before.iter().filter(|(name, _)| name.starts_with('M'));
    assert!(persons.map(|(_, (number, _))| *number).all(|number| number != stranger), "never given twice");
}

async fn a_merge_keeps_the_older_number_and_an_unmerge_gives_the_other_back(ledger: Ledger) {
    let records = open(ledger).await;
    let of = async |id: &str| records.persons_by_identifier(Some("NGH"), id).await.unwrap()[0];
    let two = ["M1", "M2"].map(|id| patient("2024-01-01", id, ("Sample", id), "1970-01-01"));
    records.take(&[source("a", 1, two.into())]).await.unwrap();
    let (older, younger) = (of("M1").await, of("M2").await);
    records.take(&[source("b", 2, vec![merge("2024-02-01", "M2", "M1")])]).await.unwrap();
    assert_eq!((of("M1").await, of("M2").await), (older, older));
    assert_eq!(records.person(younger).await.unwrap().unwrap().id, older, "its page leads on");
    records.take(&[source("c", 3, vec![unmerge("2024-03-01", "M2", "M1")])]).await.unwrap();
    assert_eq!((of("M1").await, of("M2").await), (older, younger));
}

async fn the_number_of_a_record_that_was_joined_leads_to_it(ledger: Ledger) {
    let records = open(ledger).await;
    take(&records, &[3], 1).await;
    let first = records.by_number("F3", 1).await.unwrap()[0].record;
    take(&records, &[4], 1).await;
    let second = records.by_number("P3", 1).await.unwrap()[0].record;
    assert_ne!(first, second);
    take(&records, &[6], 1).await;
    assert_eq!(records.record(second).await.unwrap().unwrap().id, first);
}

async fn fhir_ids_follow_from_what_was_said_alone(ledger: Ledger) {
    let records = open(ledger.clone()).await;
    let mut before = None;
    for (order, at_once) in ORDERS {
        records.clear().await.unwrap();
        let mut tx = ledger.write().await.unwrap();
        // Nothing is known of what was before.
        sqlx::raw_sql("DELETE FROM record_number").execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        take(&records, &order, at_once).await;
        let ids: BTreeMap<_, _> =
            called(&records).await.into_iter().map(|(name, (_, fhir))| (name, fhir)).collect();
        assert_eq!(before.get_or_insert_with(|| ids.clone()), &ids, "{order:?} by {at_once}");
    }
}
