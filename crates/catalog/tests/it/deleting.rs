use crate::making::{catalog, dump, event, indexed, made, other};
use catalog::index::{DELETED, PURGED, RESTORED};
use catalog::{Catalog, Level, Query, Scope};
use dicom::tags;
use intake::{Kind, Known};
use model::{Sha256Digest, StudyInstanceUid};
use serde_json::json;
use store::Ledger;

async fn held(catalog: &Catalog) -> usize {
    catalog.locate(&Scope::Study(StudyInstanceUid::parse("1.2.1").unwrap())).await.unwrap().len()
}

fn deletion(at: i64) -> catalog::ToIndex {
    event("events/d.json", at, DELETED, &json!({"studyInstanceUid": "1.2.1", "reason": "wrong patient"}))
}

async fn a_deleted_exam_is_hidden_until_restored(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &[made("p", 1, 1, 1), made("p", 1, 2, 1)]).await;
    let before = dump(&catalog).await;
    catalog.index(&[deletion(900_000)], None).await.unwrap();
    assert_eq!(held(&catalog).await, 0);
    let restore = event("events/r.json", 900_001, RESTORED, &json!({"deletion": "events/d.json"}));
    catalog.index(&[restore], None).await.unwrap();
    assert_eq!(held(&catalog).await, 2);
    let after: Vec<_> = dump(&catalog).await.into_iter().filter(|l| !l.starts_with("events/")).collect();
    assert_eq!(after, before);
}

async fn a_piece_of_a_name_finds_live_exams_by_their_name_now(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    let found = async |piece: &str| {
        let query = Query::all(Level::Study).with(tags::PATIENT_NAME, piece);
        catalog.query(&query).await.unwrap().rows.len()
    };
    let named = |name: &str, n| made("p", 1, 1, n).with(tags::PATIENT_NAME, name);
    indexed(&catalog, &[named("Hopper^Grace", 5).received(500)]).await;
    assert_eq!((found("*oppe*").await, found("*ovela*").await), (1, 0));
    // An instance that arrived earlier describes the exam.
    indexed(&catalog, &[named("Lovelace^Ada", 4).received(400)]).await;
    assert_eq!((found("*oppe*").await, found("*ovela*").await), (0, 1));
    catalog.index(&[deletion(900_000)], None).await.unwrap();
    assert_eq!(found("*ovela*").await, 0);
    let restore = event("events/r.json", 900_001, RESTORED, &json!({"deletion": "events/d.json"}));
    catalog.index(&[restore], None).await.unwrap();
    assert_eq!(found("*ovela*").await, 1);
}

async fn a_deletion_hides_what_came_before_it_whenever_it_is_indexed(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    catalog.index(&[deletion(500_000)], None).await.unwrap();
    indexed(&catalog, &[made("p", 1, 1, 1)]).await;
    assert_eq!(held(&catalog).await, 0);
    indexed(&catalog, &[made("p", 1, 1, 2).received(600_000)]).await;
    assert_eq!(held(&catalog).await, 1);
}

async fn one_series_can_be_deleted(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &[made("p", 1, 1, 1), made("p", 1, 2, 1)]).await;
    let about = json!({"studyInstanceUid": "1.2.1", "seriesInstanceUid": "1.2.1.2"});
    catalog.index(&[event("events/s.json", 900_000, DELETED, &about)], None).await.unwrap();
    assert_eq!(held(&catalog).await, 1);
    assert!(dump(&catalog).await.iter().any(|line| line.starts_with("MR |")));
    assert!(!dump(&catalog).await.iter().any(|line| line.starts_with("CT |")));
}

async fn a_purge_leaves_no_row(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &[made("p", 1, 1, 1)]).await;
    let purge = event("events/p.json", 900_002, PURGED, &json!({"deletion": "events/d.json"}));
    catalog.index(&[deletion(900_000), purge], None).await.unwrap();
    assert!(!dump(&catalog).await.iter().any(|line| line.starts_with("1.2.1.1")));
    // Scanned again, as a rebuild would.
    indexed(&catalog, &[made("p", 1, 1, 1)]).await;
    assert_eq!(held(&catalog).await, 0);
}

async fn quarantine_is_open_until_decided(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    let about = json!({"id": "q1", "reason": "truncated", "detail": "ends early"});
    catalog.index(&[other(Kind::Quarantine, "q", 10, about.clone())], None).await.unwrap();
    let digest = Sha256Digest([9; 32]);
    assert!(catalog.quarantined(&digest).await.unwrap().is_some());
    let discard = event("events/q.json", 20, "quarantine-discarded", &json!({"id": "q1"}));
    catalog.index(std::slice::from_ref(&discard), None).await.unwrap();
    assert!(catalog.quarantined(&digest).await.unwrap().is_none());
    // Sent again later: open again. Scanned again: as it was.
    catalog.index(&[other(Kind::Quarantine, "q", 30, about)], None).await.unwrap();
    assert!(catalog.quarantined(&digest).await.unwrap().is_some());
    catalog.index(&[discard], None).await.unwrap();
    assert!(catalog.quarantined(&digest).await.unwrap().is_some());
}

store::each_ledger!(
    a_deleted_exam_is_hidden_until_restored,
    a_piece_of_a_name_finds_live_exams_by_their_name_now,
    a_deletion_hides_what_came_before_it_whenever_it_is_indexed,
    one_series_can_be_deleted,
    a_purge_leaves_no_row,
    quarantine_is_open_until_decided,
);
