use crate::making::*;
use reading::{ENGINE, Lexicon, Reader};
use records::Records;
use records::search::Question;
use store::Ledger;

store::each_ledger!(words_phrases_and_what_is_denied, an_amended_report_is_found_by_its_newest_text_alone);

fn reader() -> Reader {
    Reader::new(Lexicon::builtin().unwrap())
}

async fn told(records: &Records, reports: &[(&str, &str)]) {
    let statements =
        reports.iter().map(|(id, text)| report("2024-01-02", "M1", id, "P1", "final", text)).collect();
    let second = records.source_counts().await.unwrap().iter().map(|(_, _, count)| count).sum::<i64>();
    records.take(&[source(&format!("s{second}"), second, statements)]).await.unwrap();
    let reader = reader();
    let lexicon = reader.lexicon().version().to_owned();
    let unread = records.unread(ENGINE, &lexicon, 100).await.unwrap();
    let read: Vec<_> = unread
        .into_iter()
        .map(|one| {
            let reading = reader.read(&one.text);
            (one, reading)
        })
        .collect();
    records.keep_readings(ENGINE, &lexicon, &read, None, 5).await.unwrap();
}

async fn find(records: &Records, text: &str) -> Vec<String> {
    let reader = reader();
    let finding = |words: &str| reader.read(words).findings.first().map(|found| found.finding.to_string());
    let question = Question::parse(text, finding).unwrap();
    let found = records.search_reports(&question, None, 50).await.unwrap();
    let mut ids = Vec::new();
    for report in found {
        let name = records.name_of(report.record).await.unwrap().unwrap();
        ids.push(name.value);
    }
    ids.sort();
    ids
}

async fn words_phrases_and_what_is_denied(ledger: Ledger) {
    let records = open(ledger).await;
    let reports = [
        ("F1", "IMPRESSION: 7 mm nodule in the left upper lobe."),
        ("F2", "IMPRESSION: No nodule. The upper part of the left kidney is normal."),
        ("F3", "IMPRESSION: Cholelithiasis. Naïve lesion."),
    ];
    told(&records, &reports).await;
    assert_eq!(find(&records, "nodule").await, ["F1", "F2"]);
    assert_eq!(find(&records, "nodule:present").await, ["F1"]);
    assert_eq!(find(&records, "nodule:absent").await, ["F2"]);
    assert_eq!(find(&records, "left upper").await, ["F1", "F2"]);
    assert_eq!(find(&records, "\"left upper\"").await, ["F1"]);
    assert_eq!(find(&records, "nodule -kidney").await, ["F1"]);
    assert_eq!(find(&records, "gallstones").await, ["F3"], "a synonym of what it says");
    assert_eq!(find(&records, "NAIVE").await, ["F3"]);
    assert_eq!(find(&records, "chole*").await, ["F3"]);
    assert_eq!(find(&records, "nodule from:2024-01-03").await, [""; 0]);
    assert_eq!(find(&records, "nodule status:preliminary").await, [""; 0]);
    assert_eq!(find(&records, "o'neill\" OR 1=1 --").await, [""; 0]);
}

async fn an_amended_report_is_found_by_its_newest_text_alone(ledger: Ledger) {
    let records = open(ledger).await;
    told(&records, &[("F1", "IMPRESSION: No nodule.")]).await;
    let amended = report("2024-01-05", "M1", "F1", "P1", "corrected", "IMPRESSION: A mass.");
    records.take(&[source("later", 9, vec![amended])]).await.unwrap();
    told(&records, &[]).await;
    assert_eq!(find(&records, "nodule").await, [""; 0]);
    assert_eq!(find(&records, "mass:present").await, ["F1"]);
}
