use crate::making::*;
use clinical::OrderState::{Reported, Requested};
use records::Records;
use records::exams::Held;
use store::Ledger;

store::each_ledger!(
    whatever_comes_first_the_links_are_the_same,
    the_same_twice_changes_nothing,
    colliding_accessions_are_never_linked_across_patients,
    an_exam_that_is_gone_takes_its_links_with_it,
    orders_are_counted_by_where_they_stand,
    an_order_told_without_its_numbers_issuer_is_the_same_order,
);

fn chest() -> Vec<Arrival> {
    let source = |id: &str, statements| Arrival::Source(Box::new(source(id, 1, statements)));
    let anna = || patient("2024-01-01", "M1", ("Sample", "Anna"), "1970-01-01");
    vec![
        source("adt", vec![anna()]),
        source("order", vec![anna(), order("2024-01-17", "M1", "P1", "A1", Requested)]),
        source(
            "report",
            vec![anna(), report("2024-01-18T18:00:00", "M1", "F1", "P1", "final", "No nodule.")],
        ),
        source(
            "merge",
            vec![
                patient("2024-06-01", "M9", ("Sample", "Anna"), "1970-01-01"),
                merge("2024-06-01", "M9", "M1"),
            ],
        ),
        Arrival::Exam(Box::new(exam("1.2.3", "M1", "Sample^Anna", 19_700_101, "A1"))),
    ]
}

/// All orders of arrival.
fn orders(of: &[Arrival]) -> Vec<Vec<Arrival>> {
    if of.len() < 2 {
        return vec![of.to_vec()];
    }
    let mut all = Vec::new();
    for (at, first) in of.iter().enumerate() {
        let mut rest = of.to_vec();
        rest.remove(at);
        all.extend(orders(&rest).into_iter().map(|mut tail| {
            tail.insert(0, first.clone());
            tail
        }));
    }
    all
}

async fn whatever_comes_first_the_links_are_the_same(ledger: Ledger) {
    let records = open(ledger).await;
    for (turn, arrivals) in orders(&chest()).iter().enumerate() {
        records.clear().await.unwrap();
        arrive(&records, arrivals).await;
        assert_eq!(
            links(&records, "1.2.3").await,
            ["order-exam accession 0.99 linked", "report-exam through-record 0.98 linked"],
            "in order {turn}"
        );
        let person = records.person_of_exam("1.2.3").await.unwrap().unwrap();
        assert_eq!(records.persons_by_identifier(Some("NGH"), "M9").await.unwrap(), [person]);
        assert_eq!(records.timeline(person).await.unwrap().len(), 3);
    }
}

async fn everything(records: &Records) -> String {
    let person = records.person_of_exam("1.2.3").await.unwrap().unwrap();
    let timeline = records.timeline(person).await.unwrap();
    let links = records.links_of_person(person).await.unwrap();
    format!(
        "{:?} {timeline:?} {links:?} {:?}",
        records.person(person).await.unwrap(),
        records.waiting().await.unwrap()
    )
}

async fn the_same_twice_changes_nothing(ledger: Ledger) {
    let records = open(ledger).await;
    arrive(&records, &chest()).await;
    let once = everything(&records).await;
    arrive(&records, &chest()).await;
    assert_eq!(everything(&records).await, once);
    assert_eq!(records.source("order").await.unwrap().unwrap().times, 2);
}

async fn colliding_accessions_are_never_linked_across_patients(ledger: Ledger) {
    let records = open(ledger).await;
    arrive(&records, &chest()).await;
    let bea = patient("2024-01-01", "M2", ("Muster", "Bea"), "1980-01-01");
    let other = source("other", 2, vec![bea, order("2024-01-17", "M2", "P2", "A1", Reported)]);
    records.take(&[other]).await.unwrap();
    records
        .take_exams(Held::Here, &[exam("1.2.4", "M2", "Muster^Bea", 19_800_101, "A1")], None, 1)
        .await
        .unwrap();
    assert_eq!(
        links(&records, "1.2.4").await,
        ["order-exam accession 0.30 waiting", "order-exam accession 0.99 linked"]
    );
    assert_eq!(records.waiting().await.unwrap().links, 2);
}

async fn an_exam_that_is_gone_takes_its_links_with_it(ledger: Ledger) {
    let records = open(ledger).await;
    arrive(&records, &chest()).await;
    let gone = catalog::ExamFacts { study: "1.2.3".into(), ..catalog::ExamFacts::default() };
    records.take_exams(Held::Here, &[gone], None, 2).await.unwrap();
    assert!(links(&records, "1.2.3").await.is_empty());
    arrive(&records, &chest()[4..]).await;
    assert_eq!(links(&records, "1.2.3").await.len(), 2);
}

async fn orders_are_counted_by_where_they_stand(ledger: Ledger) {
    let records = open(ledger).await;
    let of =
        |id: &str, placer: &str, accession: &str, state| order("2024-01-17", id, placer, accession, state);
    let mut all = chest();
    let more = vec![
        of("M1", "P2", "A2", Requested),
        of("M1", "P3", "A3", clinical::OrderState::Cancelled),
        of("M1", "P4", "A4", Requested),
    ];
    all.push(Arrival::Source(Box::new(source("more", 3, more))));
    all.push(Arrival::Exam(Box::new(exam("1.2.4", "M1", "Sample^Anna", 19_700_101, "A2"))));
    arrive(&records, &all).await;
    let counts = records.counts().await.unwrap();
    let orders: Vec<_> = counts
        .iter()
        .filter(|(kind, ..)| kind == "ServiceRequest")
        .map(|(_, state, n)| (state.as_str(), *n))
        .collect();
    assert_eq!(orders, [("cancelled", 1), ("performed", 1), ("reported", 1), ("requested", 1)]);
}

async fn an_order_told_without_its_numbers_issuer_is_the_same_order(ledger: Ledger) {
    let records = open(ledger).await;
    let plain = clinical::Identifier::new("", "P1", Some("PLAC")).unwrap();
    let content = serde_json::json!({"resourceType": "ServiceRequest", "status": "completed"});
    let fhir =
        record("2024-01-20", "ServiceRequest", vec![plain.clone()], vec![mrn("M9")], content.clone(), None);
    let of_another = record("2024-01-20", "ServiceRequest", vec![plain], vec![mrn("M7")], content, None);
    let mut all = chest();
    all.push(Arrival::Source(Box::new(source("fhir", 4, vec![fhir]))));
    all.push(Arrival::Source(Box::new(source("other", 5, vec![of_another]))));
    for turn in 0..all.len() {
        records.clear().await.unwrap();
        all.rotate_left(1);
        arrive(&records, &all).await;
        let person = records.person_of_exam("1.2.3").await.unwrap().unwrap();
        let timeline = records.timeline(person).await.unwrap();
        let orders: Vec<_> = timeline.iter().filter(|entry| entry.kind == "ServiceRequest").collect();
        assert_eq!(orders.len(), 1, "turn {turn}: {orders:?}");
        assert_eq!(orders[0].status, "completed");
    }
}
