use crate::making::*;
use clinical::Told;
use reading::{ENGINE, Lexicon, Reader};
use store::Ledger;

store::each_ledger!(
    an_amended_report_leaves_the_earlier_one,
    what_is_left_of_a_source_is_told,
    reports_are_read_once,
    reading_all_again_goes_on_where_it_stopped,
    what_people_say_of_a_reading_stays_and_measures_it
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
    records.keep_readings(ENGINE, &lexicon, &read, None, 5).await.unwrap();
    assert!(records.unread(ENGINE, &lexicon, 10).await.unwrap().is_empty());
    let kept = records.readings(id).await.unwrap();
    assert!(
        kept[0].reading["findings"].as_array().is_some_and(|list| !list.is_empty()),
        "{:?}",
        kept[0].reading
    );
    assert_eq!(records.unread("other", &lexicon, 10).await.unwrap().len(), 1, "a new engine reads again");
}

async fn three_reports(ledger: Ledger) -> records::Records {
    let records = open(ledger).await;
    let texts = ["No pneumothorax.", "Possible pneumonia.", "IMPRESSION: 7 mm nodule."];
    let told = texts.iter().zip(1..).map(|(text, number)| {
        let (filler, order) = (format!("F{number}"), format!("P{number}"));
        report("2024-01-02", "M1", &filler, &order, "final", text)
    });
    records.take(&[source("a", 1, told.collect())]).await.unwrap();
    records
}

/// Reads up to `most` reports; how many versions those were.
async fn read_some(records: &records::Records, engine: &str, most: i64) -> usize {
    let reader = Reader::new(Lexicon::builtin().unwrap());
    let unread = records.unread(engine, "l", most).await.unwrap();
    let read: Vec<_> = unread.into_iter().map(|one| (one.clone(), reader.read(&one.text))).collect();
    records.keep_readings(engine, "l", &read, None, 5).await.unwrap();
    read.len()
}

async fn reading_all_again_goes_on_where_it_stopped(ledger: Ledger) {
    let records = three_reports(ledger).await;
    assert_eq!(read_some(&records, "1", 10).await, 3);
    assert_eq!(read_some(&records, "1", 10).await, 0);
    assert!(records.reading_progress("1", "l").await.unwrap().done);
    let upgraded = records.reading_progress("2", "l").await.unwrap();
    assert_eq!((upgraded.read, upgraded.of, upgraded.done), (0, 3, false));
    assert_eq!(read_some(&records, "2", 2).await, 2);
    assert_eq!(records.reading_progress("2", "l").await.unwrap().read, 2, "it is kept how far it has come");
    assert_eq!(read_some(&records, "2", 2).await, 1);
    assert_eq!(read_some(&records, "2", 2).await, 0);
    records.read_all_again("2", "l").await.unwrap();
    assert_eq!(read_some(&records, "2", 10).await, 3, "what was read is read again when somebody asks");
    assert_eq!(read_some(&records, "2", 10).await, 0);
    let report = records.reports_to_check().await.unwrap()[0].record;
    let engines: Vec<_> = records.readings(report).await.unwrap().into_iter().map(|one| one.engine).collect();
    assert_eq!(engines.len(), 2, "the earlier engine's reading stays: {engines:?}");
}

async fn what_people_say_of_a_reading_stays_and_measures_it(ledger: Ledger) {
    use records::checks::{CheckedFinding, ReportCheck, Verdict};
    let records = three_reports(ledger).await;
    read_some(&records, "1", 10).await;
    let listed = records.reports_to_check().await.unwrap();
    assert_eq!(listed.len(), 3);
    assert_eq!((listed[0].doubt, listed[0].by_lot, listed[0].site.as_str()), (1, false, "RIS|NGH"));
    let report = listed[0].record;
    let finding = |verdict, finding: &str, start, assertion: &str| CheckedFinding {
        verdict,
        finding: finding.into(),
        start,
        end: start + 4,
        assertion: assertion.into(),
        temporality: "current".into(),
        laterality: None,
    };
    let check = ReportCheck {
        version: 1,
        engine: "1".into(),
        lexicon: "l".into(),
        findings: vec![
            finding(Verdict::Corrected, "pneumonia", 9, "present"),
            finding(Verdict::Added, "cough", 0, "present"),
        ],
    };
    let name = records.name_of(report).await.unwrap().unwrap();
    let decision = records::decide::Decision::Report { report: name, check: check.clone() };
    let decided = records::decide::Decided { decision, by: "user:r".into(), at: 7 };
    assert!(records.decide(&decided).await.unwrap());
    assert!(records.decide(&decided).await.unwrap(), "met again, it changes nothing");
    read_some(&records, "2", 10).await;
    let kept = records.checks(report).await.unwrap();
    assert_eq!((kept.len(), &kept[0].check, kept[0].by.as_str()), (1, &check, "user:r"));
    assert_eq!(records.reports_to_check().await.unwrap().len(), 2);
    let quality = records.reading_quality().await.unwrap();
    assert_eq!(quality.len(), 2, "by engine");
    let all = &quality[0].all;
    assert_eq!((all.right, all.wrong, all.missed), (0, 1, 2));
    assert_eq!(quality[0].sites[0].name, "RIS|NGH");
}
