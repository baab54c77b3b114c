use crate::making::*;
use clinical::{Identifier, Said, Statement, When};
use records::Records;
use serde_json::json;
use store::Ledger;

store::each_ledger!(
    a_visit_that_moves_is_the_others_whatever_came_first,
    everything_of_a_patient_moves_but_what_is_said_later,
    a_move_that_is_read_again_without_it_is_undone,
);

fn visit(at: &str, id: &str, number: &str, status: &str) -> Statement {
    let key = Identifier::new("NGH", number, Some("VN")).unwrap();
    let content = json!({"resourceType": "Encounter", "status": status, "identifier": [key.to_json()],
        "period": {"start": "2024-01-10T08:00:00"}});
    record(at, "Encounter", vec![key], vec![mrn(id)], content, None)
}

fn moves(at: &str, number: Option<&str>, from: &str, to: &str) -> Statement {
    let record = number.map(|number| Identifier::new("NGH", number, Some("VN")).unwrap());
    let said = Said::Move { record, from: mrn(from), to: mrn(to) };
    Statement { said, at: Some(When::parse(at).unwrap()), place: "MRG".into() }
}

/// The encounters of a patient, by their status.
async fn visits(records: &Records, id: &str) -> Vec<String> {
    let person = records.persons_by_identifier(Some("NGH"), id).await.unwrap()[0];
    let timeline = records.timeline(person).await.unwrap();
    let mut found: Vec<_> =
        timeline.into_iter().filter(|entry| entry.kind == "Encounter").map(|entry| entry.status).collect();
    found.sort();
    found
}

async fn a_visit_that_moves_is_the_others_whatever_came_first(ledger: Ledger) {
    let records = open(ledger).await;
    let anna = || patient("2024-01-01", "M1", ("Sample", "Anna"), "1970-01-01");
    let bea = || patient("2024-01-01", "M2", ("Muster", "Bea"), "1980-01-01");
    let said = [
        vec![
            anna(),
            visit("2024-01-10", "M1", "V1", "in-progress"),
            visit("2024-01-10", "M1", "V2", "planned"),
        ],
        vec![bea(), moves("2024-01-11", Some("V1"), "M1", "M2")],
        vec![bea(), visit("2024-01-12", "M2", "V1", "finished")],
        // Said before the move, though it names the first patient.
        vec![anna(), visit("2024-01-10T12:00:00", "M1", "V1", "onleave")],
        vec![moves("2024-01-13", Some("V3"), "M1", "M2"), visit("2024-01-12", "M1", "V3", "arrived")],
    ];
    for (turn, order) in permutations(said.len()).into_iter().enumerate() {
        records.clear().await.unwrap();
        for at in order {
            records.take(&[source(&format!("s{at}"), at as i64, said[at].clone())]).await.unwrap();
        }
        assert_eq!(visits(&records, "M1").await, ["planned"], "in order {turn}");
        assert_eq!(visits(&records, "M2").await, ["arrived", "finished"], "in order {turn}");
    }
    // All in one batch too.
    records.clear().await.unwrap();
    let all: Vec<_> = said
        .iter()
        .enumerate()
        .rev()
        .map(|(at, one)| source(&format!("s{at}"), at as i64, one.clone()))
        .collect();
    records.take(&all).await.unwrap();
    assert_eq!(visits(&records, "M2").await, ["arrived", "finished"]);
}

async fn everything_of_a_patient_moves_but_what_is_said_later(ledger: Ledger) {
    let records = open(ledger).await;
    let said = [
        visit("2024-01-10", "M1", "V1", "finished"),
        moves("2024-01-11", None, "M1", "M2"),
        moves("2024-01-12", None, "M2", "M3"),
        visit("2024-01-13", "M1", "V4", "planned"),
        visit("2024-01-13", "M2", "V5", "arrived"),
    ];
    for order in permutations(said.len()) {
        records.clear().await.unwrap();
        for at in order {
            records.take(&[source(&format!("s{at}"), at as i64, vec![said[at].clone()])]).await.unwrap();
        }
        assert_eq!(visits(&records, "M3").await, ["finished"]);
        assert_eq!(visits(&records, "M1").await, ["planned"]);
        assert_eq!(visits(&records, "M2").await, ["arrived"]);
    }
}

async fn a_move_that_is_read_again_without_it_is_undone(ledger: Ledger) {
    let records = open(ledger).await;
    records.take(&[source("a", 1, vec![visit("2024-01-10", "M1", "V1", "finished")])]).await.unwrap();
    records.take(&[source("b", 2, vec![moves("2024-01-11", Some("V1"), "M1", "M2")])]).await.unwrap();
    assert_eq!(visits(&records, "M2").await, ["finished"]);
    records.unsay("b").await.unwrap();
    records.take(&[source("b", 2, Vec::new())]).await.unwrap();
    assert_eq!(visits(&records, "M1").await, ["finished"]);
    assert!(visits(&records, "M2").await.is_empty());
}
