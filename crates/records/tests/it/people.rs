use crate::making::*;
use clinical::OrderState::Requested;
use records::Records;
use records::exams::Held;
use store::Ledger;

store::each_ledger!(
    a_merge_that_is_taken_back_parts_the_two,
    one_number_given_to_two_people_keeps_them_apart,
    another_birth_date_under_the_same_name_is_asked_about,
    an_image_without_an_issuer_finds_its_patient,
    twins_are_not_suggested,
    the_same_person_under_two_numbers_is_suggested,
);

async fn person(records: &Records, id: &str) -> Vec<i64> {
    records.persons_by_identifier(Some("NGH"), id).await.unwrap()
}

async fn kinds(records: &Records) -> Vec<String> {
    records.doubts(0, 10).await.unwrap().into_iter().map(|doubt| doubt.kind).collect()
}

async fn a_merge_that_is_taken_back_parts_the_two(ledger: Ledger) {
    let records = open(ledger).await;
    let joined = source("a", 1, vec![merge("2024-01-01", "M1", "M2")]);
    let parted = source("b", 2, vec![unmerge("2024-02-01", "M1", "M2")]);
    records.take(std::slice::from_ref(&parted)).await.unwrap();
    records.take(std::slice::from_ref(&joined)).await.unwrap();
    assert_ne!(person(&records, "M1").await, person(&records, "M2").await, "the merge came late");
    records.clear().await.unwrap();
    records.take(&[joined]).await.unwrap();
    assert_eq!(person(&records, "M1").await, person(&records, "M2").await);
    records.take(&[parted]).await.unwrap();
    assert_ne!(person(&records, "M1").await, person(&records, "M2").await);
}

async fn one_number_given_to_two_people_keeps_them_apart(ledger: Ledger) {
    let records = open(ledger).await;
    let anna = vec![
        patient("2024-01-01", "M1", ("Sample", "Anna"), "1970-01-01"),
        order("2024-01-01", "M1", "P1", "A1", Requested),
    ];
    let bea = vec![
        patient("2024-01-02", "M1", ("Muster", "Bea"), "1980-05-05"),
        order("2024-01-02", "M1", "P2", "A2", Requested),
    ];
    records.take(&[source("a", 1, anna), source("b", 2, bea)]).await.unwrap();
    records
        .take_exams(Held::Here, &[exam("1.2.3", "M1", "Muster^Bea", 19_800_505, "A2")], None, 1)
        .await
        .unwrap();
    assert_eq!(person(&records, "M1").await.len(), 2);
    let beas = records.person_of_exam("1.2.3").await.unwrap().unwrap();
    let timeline = records.timeline(beas).await.unwrap();
    assert_eq!(timeline.len(), 2, "{timeline:?}");
    assert_eq!(kinds(&records).await, ["same-identifier"]);
}

async fn another_birth_date_under_the_same_name_is_asked_about(ledger: Ledger) {
    let records = open(ledger).await;
    let first = patient("2024-01-01", "M1", ("Sample", "Anna"), "1970-01-01");
    let second = patient("2024-01-02", "M1", ("Sample", "Anna"), "1970-01-10");
    records.take(&[source("a", 1, vec![first]), source("b", 2, vec![second])]).await.unwrap();
    assert_eq!(person(&records, "M1").await.len(), 1);
    assert_eq!(kinds(&records).await, ["birth-date"]);
}

async fn an_image_without_an_issuer_finds_its_patient(ledger: Ledger) {
    let records = open(ledger).await;
    let mut image = exam("1.2.3", "M1", "Sample^Anna", 19_700_101, "A1");
    image.issuer = String::new();
    let anna = source("a", 1, vec![patient("2024-01-01", "M1", ("Sample", "Anna"), "1970-01-01")]);
    for image_first in [true, false] {
        records.clear().await.unwrap();
        if image_first {
            records.take_exams(Held::Here, std::slice::from_ref(&image), None, 1).await.unwrap();
        }
        records.take(std::slice::from_ref(&anna)).await.unwrap();
        if !image_first {
            records.take_exams(Held::Here, std::slice::from_ref(&image), None, 1).await.unwrap();
        }
        assert_eq!(records.person_of_exam("1.2.3").await.unwrap(), Some(person(&records, "M1").await[0]));
    }
}

async fn twins_are_not_suggested(ledger: Ledger) {
    let records = open(ledger).await;
    let one = patient("2024-01-01", "M1", ("Sample", "Anna"), "1970-01-01");
    let other = patient("2024-01-01", "M2", ("Sample", "Bea"), "1970-01-01");
    records.take(&[source("a", 1, vec![one, other])]).await.unwrap();
    assert!(kinds(&records).await.is_empty());
}

async fn the_same_person_under_two_numbers_is_suggested(ledger: Ledger) {
    let records = open(ledger).await;
    let one = patient("2024-01-01", "M1", ("Sample", "Anna"), "1970-01-01");
    let other = patient("2024-01-01", "M2", ("Sample", "Anna"), "1970-01-01");
    records.take(&[source("a", 1, vec![one, other])]).await.unwrap();
    assert_eq!(kinds(&records).await, ["maybe-same"]);
    assert_ne!(person(&records, "M1").await, person(&records, "M2").await);
    records.take(&[source("b", 2, vec![merge("2024-02-01", "M1", "M2")])]).await.unwrap();
    assert!(kinds(&records).await.is_empty(), "a message has settled it");
    assert_eq!(records.waiting().await.unwrap().people, 0);
}
