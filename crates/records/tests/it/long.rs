use crate::making::*;
use clinical::{Identifier, Told};
use records::{Records, Taken};
use serde_json::{Value, json};
use store::Ledger;

store::each_ledger!(
    a_long_story_is_the_same_in_whatever_order_it_is_told,
    what_is_said_late_is_put_where_it_belongs,
    what_is_taken_back_is_not_in_what_was_folded,
    two_long_stories_become_one,
);

/// More than are folded before what was folded is kept.
const MANY: usize = 150;

fn key(value: &str) -> Identifier {
    Identifier::new("EHR", value, Some("FHIR")).unwrap()
}

/// The nth thing said of a condition: by one of three speakers, whole or in part.
fn told(at: usize, value: &str) -> Taken {
    let content = match at % 3 {
        0 => json!({"resourceType": "Condition", "note": [{"text": format!("n{at}")}], "last": at}),
        1 => json!({"resourceType": "Condition", "severity": {"text": format!("s{at}")}, "first": at}),
        _ => {
            json!({"resourceType": "Condition", "last": null, "identifier": [{"system": "x", "value": at.to_string()}]})
        }
    };
    let day = format!("2024-01-{:02}T{:02}:{:02}:00", at / 60 % 28 + 1, at / 10 % 6, at % 10);
    let mut statement = record(&day, "Condition", vec![key(value)], vec![mrn("M1")], content, None);
    if at.is_multiple_of(7)
        && let clinical::Said::Record(record) = &mut statement.said
    {
        record.told = Told::Whole;
    }
    let mut taken = source(&format!("{value}{at:04}"), at as i64, vec![statement]);
    taken.sent.sender = format!("speaker {}", at % 4);
    taken
}

async fn take(records: &Records, order: impl IntoIterator<Item = usize>, at_once: usize) {
    let all: Vec<Taken> = order.into_iter().map(|at| told(at, "C")).collect();
    for batch in all.chunks(at_once) {
        records.take(batch).await.unwrap();
    }
}

async fn content(records: &Records, value: &str) -> Value {
    let found = records.by_number(value, 1).await.unwrap();
    let mut content = records.record(found[0].record).await.unwrap().unwrap().content;
    // What grows is a set.
    if let Some(list) = content["identifier"].as_array_mut() {
        list.sort_by_key(ToString::to_string);
    }
    content
}

async fn a_long_story_is_the_same_in_whatever_order_it_is_told(ledger: Ledger) {
    let records = open(ledger).await;
    take(&records, 0..MANY, MANY).await;
    let expected = content(&records, "C").await;
    assert_eq!(expected["first"], 145, "the last word of the speaker who spoke last");
    for (step, at_once) in [(1, 1), (7, 10), (149, 40), (67, 3)] {
        records.clear().await.unwrap();
        take(&records, (0..MANY).map(|at| at * step % MANY), at_once).await;
        assert_eq!(content(&records, "C").await, expected, "{step} by {at_once}");
    }
}

async fn what_is_said_late_is_put_where_it_belongs(ledger: Ledger) {
    let records = open(ledger).await;
    take(&records, (0..MANY).filter(|at| *at != 1 && *at != 146), 20).await;
    let before = content(&records, "C").await;
    take(&records, [146, 1], 1).await;
    let late = content(&records, "C").await;
    assert_ne!(late, before);
    take(&records, [1, 146], 2).await;
    assert_eq!(content(&records, "C").await, late, "twice is once");
    records.clear().await.unwrap();
    take(&records, 0..MANY, MANY).await;
    assert_eq!(content(&records, "C").await, late);
}

async fn what_is_taken_back_is_not_in_what_was_folded(ledger: Ledger) {
    let records = open(ledger).await;
    take(&records, (0..MANY).filter(|at| *at != 146), MANY).await;
    let without = content(&records, "C").await;
    take(&records, [146], 1).await;
    assert_ne!(content(&records, "C").await, without);
    records.unsay("C0146").await.unwrap();
    let mut nothing = told(146, "C");
    nothing.statements.clear();
    records.take(&[nothing]).await.unwrap();
    assert_eq!(content(&records, "C").await, without);
}

async fn two_long_stories_become_one(ledger: Ledger) {
    let records = open(ledger).await;
    let both = |at: usize| told(at, if at.is_multiple_of(2) { "C" } else { "D" });
    let joining = || {
        let content = json!({"resourceType": "Condition", "code": {"text": "both"}});
        let keys = vec![key("C"), key("D")];
        source("joined", 1, vec![record("2024-02-01", "Condition", keys, vec![mrn("M1")], content, None)])
    };
    let stories: Vec<Taken> = (0..MANY).map(both).collect();
    for batch in stories.chunks(25) {
        records.take(batch).await.unwrap();
    }
    records.take(&[joining()]).await.unwrap();
    let late = content(&records, "C").await;
    assert_eq!(content(&records, "D").await, late);
    records.clear().await.unwrap();
    records.take(&[joining()]).await.unwrap();
    for batch in stories.chunks(25) {
        records.take(batch).await.unwrap();
    }
    assert_eq!(content(&records, "C").await, late);
}
