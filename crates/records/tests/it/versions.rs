use crate::making::*;
use clinical::Told;
use reading::{ENGINE, Lexicon, Reader};
use store::Ledger;

store::each_ledger!(
    an_amended_report_leaves_the_earlier_one,
    what_is_left_of_a_source_is_told,
    reports_are_read_once
);

async fn an_amended_report_leaves_the_earlier_one(ledger: Ledger) {
    let records = open(ledger).await;
    let said = |at: &str, status: &str, text: &str| report(at, "M1", "F1", "P1", status, text);
    let amended = source("b", 2, vec![said("2024-01-03", "corrected", "A nodule.")]);
    let late = source("c", 3, vec![said("2024-01-01", "preliminary", "Pending.")]);
    records
        .take(&[source("a", 1, vec![said("2024-01-02", "final", "No nodule.")]), amended, late])
        .await
        .unwrap();
    let person = records.persons_by_identifier(None, "M1").await.unwrap()[0];
    let entry = &records.timeline(person).await.unwrap()[0];
    let id = entry.record.unwrap();
    let versions = records.versions(id).await.unwrap();
    let texts: Vec<_> =
        versions.iter().map(|version| version.content["conclusion"].as_str().unwrap()).collect();
    assert_eq!((entry.status.as_str(), texts), ("corrected", vec!["A nodule.", "No nodule."]));
    assert_eq!(records.statements(id).await.unwrap().len(), 3, "the preliminary one is kept too");
}

async fn what_is_left_of_a_source_is_told(ledger: Ledger) {
    let records = open(ledger).await;
    let mut some = source("a", 1, vec![]);
    let left = |refused| clinical::Left { place: "ZZZ[1]".into(), why: "kept".into(), refused };
    some.left = vec![left(false), left(true)];
    let mut none = source("b", 2, vec![]);
    none.refusal = Some("there is no MSH segment".into());
    records.take(&[some, none]).await.unwrap();
    let states: Vec<_> = records.sources(&records::SourceFilter::default(), 10).await.unwrap();
    let states: Vec<_> =
        states.iter().map(|s| (s.state.as_str(), s.kept, s.refused, s.reason.as_str())).collect();
    assert_eq!(states, [("refused", 0, 0, "there is no MSH segment"), ("partly", 1, 1, "")]);
    assert_eq!(records.left_of("a").await.unwrap().len(), 2);
    assert_eq!(records.waiting().await.unwrap().refused, 2);
}

async fn reports_are_read_once(ledger: Ledger) {
    let records = open(ledger).await;
    let mut told =
        report("2024-01-02", "M1", "F1", "P1", "final", "IMPRESSION: 7 mm nodule in the left upper lobe.");
    if let clinical::Said::Record(record) = &mut told.said {
        record.told = Told::Whole;
    }
    records.take(&[source("a", 1, vec![told])]).await.unwrap();
    let reader = Reader::new(Lexicon::builtin().unwrap());
    let lexicon = reader.lexicon().version().to_owned();
    let unread = records.unread(ENGINE, &lexicon, 10).await.unwrap();
    let id = unread[0].record;
    let read: Vec<_> = unread
        .into_iter()
        .map(|report| {
            let reading = reader.read(&report.text);
            (report, reading)
        })
        .collect();
    records.keep_readings(ENGINE, &lexicon, &read, 5).await.unwrap();
    assert!(records.unread(ENGINE, &lexicon, 10).await.unwrap().is_empty());
    let kept = records.readings(id).await.unwrap();
    assert!(
        kept[0].reading["findings"].as_array().is_some_and(|list| !list.is_empty()),
        "{:?}",
        kept[0].reading
    );
    assert_eq!(records.unread("other", &lexicon, 10).await.unwrap().len(), 1, "a new engine reads again");
}
