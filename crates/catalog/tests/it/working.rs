use crate::making::{catalog, dump, event, indexed, made};
use catalog::index::{DELETED, PURGED, RESTORED};
use catalog::{Catalog, Scope, ToIndex};
use dicom::made::Note;
use model::{Door, StudyInstanceUid};
use serde_json::json;
use store::Ledger;

/// The `number`th version of what `account` measured in exam 1.2.1.
fn version(account: &str, number: u32) -> ToIndex {
    let series = if account == "ann" { 8 } else { 9 };
    let replaces = (number > 1).then(|| format!("1.2.1.{series}.{}", number - 1));
    let changed = vec![format!("2.25.{number}")];
    let mut made = made("p", 1, series, number);
    Note { kind: "measurements".into(), number, replaces, changed, work: json!({}) }.put(&mut made.set);
    let mut item = made.build();
    item.head.source.door = Door::Made;
    item.head.source.account = account.into();
    item
}

fn exam() -> StudyInstanceUid {
    StudyInstanceUid::parse("1.2.1").unwrap()
}

async fn shown(catalog: &Catalog) -> Vec<String> {
    catalog.locate(&Scope::Study(exam())).await.unwrap().into_iter().map(|found| found.sop).collect()
}

async fn only_the_newest_version_is_listed_and_all_stay(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &[made("p", 1, 1, 1)]).await;
    for number in 1..=3 {
        catalog.index(&[version("ann", number)], None).await.unwrap();
    }
    catalog.index(&[version("bob", 1)], None).await.unwrap();
    assert_eq!(shown(&catalog).await, ["1.2.1.1.1", "1.2.1.8.3", "1.2.1.9.1"]);
    assert_eq!(catalog.exam(&exam()).await.unwrap().unwrap().instances, 3, "replaced ones are not counted");
    let all = catalog.work_versions(&exam()).await.unwrap();
    let numbers: Vec<_> = all.iter().map(|v| (v.account.as_str(), v.number)).collect();
    assert_eq!(numbers, [("ann", 1), ("ann", 2), ("ann", 3), ("bob", 1)]);
    assert_eq!(all[1].changed, ["2.25.2"]);
    let newest = catalog.newest_work(&exam()).await.unwrap();
    assert_eq!(newest.iter().map(|v| v.number).collect::<Vec<_>>(), [3, 1]);
}

async fn versions_come_to_the_same_in_any_order(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    let all = [version("ann", 1), version("ann", 2), version("bob", 1), version("ann", 3)];
    catalog.index(&all, None).await.unwrap();
    let expected = dump(&catalog).await;
    catalog.clear().await.unwrap();
    for item in all.iter().rev() {
        catalog.index(std::slice::from_ref(item), None).await.unwrap();
    }
    catalog.index(&all, None).await.unwrap();
    assert_eq!(dump(&catalog).await, expected);
}

async fn a_note_in_a_file_from_elsewhere_hides_nothing(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    catalog.index(&[version("ann", 1)], None).await.unwrap();
    let mut sent = version("ann", 2);
    sent.head.source.door = Door::Stow;
    catalog.index(&[sent], None).await.unwrap();
    let mut other_account = version("ann", 3);
    other_account.head.source.account = "eve".into();
    catalog.index(&[other_account], None).await.unwrap();
    assert!(shown(&catalog).await.contains(&"1.2.1.8.1".to_owned()));
}

async fn a_deleted_exam_comes_back_with_the_newest_work_and_is_purged_with_all(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &[made("p", 1, 1, 1)]).await;
    catalog.index(&[version("ann", 1), version("ann", 2)], None).await.unwrap();
    let before = shown(&catalog).await;
    let delete = |name: &str, at| event(name, at, DELETED, &json!({"studyInstanceUid": "1.2.1"}));
    catalog.index(&[delete("events/d.json", 900_000)], None).await.unwrap();
    assert_eq!(catalog.hidden_by("events/d.json").await.unwrap().len(), 3, "replaced versions too");
    assert!(catalog.work_versions(&exam()).await.unwrap().is_empty());
    assert!(catalog.newest_work(&exam()).await.unwrap()[0].deleted, "its number is not used again");
    let restore = event("events/r.json", 900_001, RESTORED, &json!({"deletion": "events/d.json"}));
    catalog.index(&[restore], None).await.unwrap();
    assert_eq!(shown(&catalog).await, before);
    let purge = event("events/p.json", 900_003, PURGED, &json!({"deletion": "events/e.json"}));
    catalog.index(&[delete("events/e.json", 900_002), purge], None).await.unwrap();
    assert!(!dump(&catalog).await.iter().any(|line| line.starts_with("1.2.1.8")));
}

store::each_ledger!(
    only_the_newest_version_is_listed_and_all_stay,
    versions_come_to_the_same_in_any_order,
    a_note_in_a_file_from_elsewhere_hides_nothing,
    a_deleted_exam_comes_back_with_the_newest_work_and_is_purged_with_all,
);
