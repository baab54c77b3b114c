use crate::making::*;
use clinical::OrderState::Requested;
use records::Records;
use records::decide::{Decided, Decision, RecordName, Target};
use records::exams::Held;
use store::Ledger;

store::each_ledger!(
    a_persons_word_on_a_link_stays,
    a_persons_word_on_people_stands_above_messages,
    a_decision_stays_when_two_records_turn_out_to_be_one,
    a_decision_stays_while_its_source_is_read_again,
    a_decision_that_comes_before_its_record_stands_with_it,
);

async fn two_candidates(records: &Records) -> Vec<records::timeline::LinkRow> {
    let anna = patient("2024-01-01", "M1", ("Sample", "Anna"), "1970-01-01");
    let asked = source("a", 1, vec![anna, order("2024-01-17", "M1", "P1", "", Requested)]);
    records.take(&[asked]).await.unwrap();
    let exams = [
        exam("1.2.3", "M1", "Sample^Anna", 19_700_101, "A1"),
        exam("1.2.4", "M1", "Sample^Anna", 19_700_101, "A2"),
    ];
    records.take_exams(Held::Here, &exams, None, 1).await.unwrap();
    records.links_waiting(0, 10).await.unwrap()
}

async fn a_persons_word_on_a_link_stays(ledger: Ledger) {
    let records = open(ledger).await;
    let waiting = two_candidates(&records).await;
    assert_eq!(waiting.len(), 2);
    let record = records.name_of(waiting[0].record).await.unwrap().unwrap();
    let decision = Decision::Link { record, to: Target::Exam("1.2.4".into()), linked: true };
    let decided = Decided { decision, by: "admin".into(), at: 7 };
    let text = serde_json::to_string(&decided).unwrap();
    assert!(records.decide(&serde_json::from_str(&text).unwrap()).await.unwrap());
    two_candidates(&records).await;
    let link = &records.links_of_exam("1.2.4").await.unwrap()[0];
    assert_eq!((link.state.as_str(), link.decided_by.as_str()), ("linked", "admin"));
    records.clear().await.unwrap();
    two_candidates(&records).await;
    assert!(records.decide(&decided).await.unwrap(), "it means the same when all is made again");
    assert_eq!(records.links_of_exam("1.2.4").await.unwrap()[0].state, "linked");
}

async fn a_persons_word_on_people_stands_above_messages(ledger: Ledger) {
    let records = open(ledger).await;
    records.take(&[source("a", 1, vec![merge("2024-01-01", "M1", "M2")])]).await.unwrap();
    let named = |value: &str| records::decide::IdentifierName {
        system: "NGH".into(),
        value: value.into(),
        variant: String::new(),
    };
    let decision = Decision::Identity { one: named("M1"), other: named("M2"), same: false };
    assert!(records.decide(&Decided { decision, by: "admin".into(), at: 1 }).await.unwrap());
    records.take(&[source("b", 2, vec![merge("2024-02-01", "M1", "M2")])]).await.unwrap();
    let of = |id: &'static str| records.persons_by_identifier(Some("NGH"), id);
    assert_ne!(of("M1").await.unwrap(), of("M2").await.unwrap());
}

async fn a_decision_stays_when_two_records_turn_out_to_be_one(ledger: Ledger) {
    let records = open(ledger).await;
    two_candidates(&records).await;
    let number = |kind, value| clinical::Identifier::new("RIS", value, Some(kind)).unwrap();
    let told = |keys: Vec<clinical::Identifier>| {
        let content = serde_json::json!({"resourceType": "ServiceRequest", "status": "active"});
        record("2024-01-18", "ServiceRequest", keys, vec![mrn("M1")], content, None)
    };
    records.take(&[source("b", 2, vec![told(vec![number("FILL", "F1")])])]).await.unwrap();
    let name = RecordName { kind: "ServiceRequest".into(), system: "RIS".into(), value: "F1".into() };
    let decision = Decision::Link { record: name, to: Target::Exam("1.2.4".into()), linked: true };
    assert!(records.decide(&Decided { decision, by: "admin".into(), at: 7 }).await.unwrap());
    let both = told(vec![number("PLAC", "P1"), number("FILL", "F1")]);
    records.take(&[source("c", 3, vec![both])]).await.unwrap();
    let links = records.links_of_exam("1.2.4").await.unwrap();
    let links: Vec<_> = links.iter().map(|link| (link.state.as_str(), link.decided_by.as_str())).collect();
    assert_eq!(links, [("linked", "admin")]);
}

async fn a_decision_stays_while_its_source_is_read_again(ledger: Ledger) {
    let records = open(ledger).await;
    two_candidates(&records).await;
    let name = RecordName { kind: "ServiceRequest".into(), system: "RIS".into(), value: "P1".into() };
    let decision = Decision::Link { record: name, to: Target::Exam("1.2.4".into()), linked: true };
    assert!(records.decide(&Decided { decision, by: "admin".into(), at: 7 }).await.unwrap());
    // Read by a program that finds nothing in it, and once more by one that does.
    records.unsay("a").await.unwrap();
    records.take(&[source("a", 1, Vec::new())]).await.unwrap();
    assert!(records.links_of_exam("1.2.4").await.unwrap().is_empty(), "nobody says it any more");
    records.unsay("a").await.unwrap();
    two_candidates(&records).await;
    let links = records.links_of_exam("1.2.4").await.unwrap();
    let links: Vec<_> = links.iter().map(|link| (link.state.as_str(), link.decided_by.as_str())).collect();
    assert_eq!(links, [("linked", "admin")]);
    assert_eq!(records.links_waiting(0, 10).await.unwrap().len(), 1, "of the other exam nothing was decided");
}

async fn a_decision_that_comes_before_its_record_stands_with_it(ledger: Ledger) {
    let records = open(ledger).await;
    let name = RecordName { kind: "ServiceRequest".into(), system: "RIS".into(), value: "P1".into() };
    let decided = |linked, at| {
        let decision = Decision::Link { record: name.clone(), to: Target::Exam("1.2.4".into()), linked };
        Decided { decision, by: "admin".into(), at }
    };
    assert!(records.decide(&decided(false, 9)).await.unwrap());
    assert!(records.decide(&decided(true, 7)).await.unwrap(), "an earlier word, come late");
    two_candidates(&records).await;
    let links = records.links_of_exam("1.2.4").await.unwrap();
    assert_eq!(links.len(), 1);
    assert_eq!((links[0].state.as_str(), links[0].decided_by.as_str()), ("refused", "admin"));
}
