use crate::making::{catalog, dump, head, indexed, made, other};
use catalog::index::TOPIC;
use catalog::{Indexed, Scope};
use dicom::{Tag, Vr, tags};
use intake::{Kind, Known};
use model::{SeriesInstanceUid, SopInstanceUid, StudyInstanceUid};
use serde_json::json;
use store::Ledger;

fn exam() -> Vec<crate::making::Made> {
    let instances = (1..=3).flat_map(|series| (1..=20).map(move |n| made("p1", 1, series, n)));
    instances.chain((1..=5).map(|n| made("p2", 2, 1, n))).collect()
}

async fn indexing_twice_changes_nothing(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    let first = indexed(&catalog, &exam()).await;
    assert_eq!(first, Indexed { added: 65, ..Indexed::default() });
    let before = dump(&catalog).await;
    let again = indexed(&catalog, &exam()).await;
    assert_eq!(again, Indexed { known: 65, ..Indexed::default() });
    assert_eq!(dump(&catalog).await, before);
}

async fn rows_do_not_depend_on_order_or_batches(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    let mut instances = exam();
    instances.push(made("p1", 1, 1, 99).with(tags::STUDY_DESCRIPTION, "Later words").received(900_000));
    instances.push(made("p9", 1, 1, 98).with(tags::STUDY_DATE, "20250101").received(1));
    indexed(&catalog, &instances).await;
    let once: Vec<_> = dump(&catalog).await;
    catalog.clear().await.unwrap();
    assert!(dump(&catalog).await.is_empty());
    instances.reverse();
    for part in instances.chunks(7) {
        indexed(&catalog, part).await;
    }
    let facts = |lines: Vec<String>| -> Vec<String> {
        // Which values are kept of an attribute that varies does depend on it.
        lines.into_iter().filter(|line| !line.contains("00201041")).collect()
    };
    assert_eq!(facts(dump(&catalog).await), facts(once));
}

async fn other_content_is_a_conflict_beside_the_original(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &[made("p", 1, 1, 1)]).await;
    let result = indexed(&catalog, &[made("p", 1, 1, 1).digest(2), made("p", 1, 1, 1).digest(2)]).await;
    assert_eq!((result.added, result.conflicts), (0, 1));
    let study = StudyInstanceUid::parse("1.2.1").unwrap();
    let located = catalog.locate(&Scope::Study(study)).await.unwrap();
    assert_eq!(located.len(), 1);
    assert_eq!(located[0].digest.0[0], 1);
    let held = Known::instances_of(&catalog, &SeriesInstanceUid::parse("1.2.1.1").unwrap()).await.unwrap();
    assert_eq!(held.iter().map(|held| held.digest.0[0]).collect::<Vec<_>>(), [1, 2]);
}

async fn patients_without_an_id_are_not_one_person(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    let stray = |study| made("x", study, 1, 1).without(tags::PATIENT_ID);
    indexed(&catalog, &[stray(1), stray(2), made("x", 3, 1, 1)]).await;
    let patients = sqlx::query("SELECT id FROM patient").fetch_all(catalog.ledger().pool()).await.unwrap();
    assert_eq!(patients.len(), 3);
}

async fn an_instance_is_located(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &exam()).await;
    let study = StudyInstanceUid::parse("1.2.1").unwrap();
    let series = SeriesInstanceUid::parse("1.2.1.2").unwrap();
    let sop = SopInstanceUid::parse("1.2.1.2.7").unwrap();
    assert_eq!(catalog.locate(&Scope::Study(study.clone())).await.unwrap().len(), 60);
    let in_series = catalog.locate(&Scope::Series(study.clone(), series.clone())).await.unwrap();
    let numbers: Vec<_> = in_series.iter().map(|located| located.instance_number.unwrap()).collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
    let one = catalog.locate(&Scope::Instance(study, series, sop.clone())).await.unwrap();
    assert_eq!((one[0].rows, one[0].columns), (Some(512), Some(256)));
    assert_eq!(one[0].transfer_syntax, "1.2.840.10008.1.2.1");
    assert_eq!(catalog.locate_sop(&sop).await.unwrap().as_ref(), one.first());
}

async fn a_batch_tells_of_its_exams_and_moves_its_cursor(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    let items: Vec<_> = exam().iter().map(crate::making::Made::build).collect();
    catalog.index(&items, Some(("indexer", "000001@512"))).await.unwrap();
    assert_eq!(catalog.cursor("indexer").await.unwrap().as_deref(), Some("000001@512"));
    let events = catalog.ledger().events(TOPIC, 0, 10).await.unwrap();
    let payload: serde_json::Value = serde_json::from_str(&events[0].payload).unwrap();
    assert_eq!(payload["exams"][0], json!({"studyInstanceUid": "1.2.1", "instances": 60}));
}

async fn concurrent_indexers_agree(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    let workers = (0..4).map(|worker| {
        let catalog = catalog.clone();
        tokio::spawn(async move {
            for round in 0..5 {
                let study = (worker + round) % 4;
                let instances: Vec<_> = (1..=10).map(|n| made("p", study, worker % 2, n)).collect();
                indexed(&catalog, &instances).await;
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.unwrap();
    }
    let counts = sqlx::query("SELECT SUM(instance_count), SUM(series_count) FROM study");
    let row = counts.fetch_one(catalog.ledger().pool()).await;
    // PostgreSQL sums big numbers as NUMERIC, which sqlx::Any doesn't know.
    if let Ok(row) = row {
        use sqlx::Row;
        assert_eq!((row.get::<i64, _>(0), row.get::<i64, _>(1)), (80, 8));
    }
}

async fn odd_text_is_kept(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    let mut odd = made("p", 1, 1, 1);
    odd.set.put_bytes(tags::SPECIFIC_CHARACTER_SET, Vr::CS, "ISO_IR 100");
    odd.set.put_bytes(tags::PATIENT_NAME, Vr::PN, &b"M\xfcller^J\xf6rg"[..]);
    odd.set.put_bytes(Tag(0x0009, 0x0010), Vr::LO, "GEMS_X");
    odd.set.put_bytes(Tag(0x0009, 0x1001), Vr::LO, &b"a\0b\tc"[..]);
    odd.set.put_bytes(tags::STUDY_DESCRIPTION, Vr::LO, &b"quote\" \\ \0 '"[..]);
    indexed(&catalog, &[odd]).await;
    assert!(dump(&catalog).await.iter().any(|line| line.contains("muller^jorg")));
}

async fn an_instance_without_its_header_is_placed_by_what_was_noted(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    let mut item = made("p", 1, 1, 1).build();
    item.header = None;
    let noted = json!({"studyInstanceUid": "1.9", "seriesInstanceUid": "1.9.1", "sopInstanceUid": "1.9.1.1"});
    item.head = head(Kind::Instance, "x", 5, 1, noted.as_object().unwrap().clone());
    let nameless = other(Kind::Instance, "y", 6, json!({}));
    let result = catalog.index(&[item, nameless], None).await.unwrap();
    assert_eq!((result.added, result.unplaced), (1, 1));
}

store::each_ledger!(
    indexing_twice_changes_nothing,
    rows_do_not_depend_on_order_or_batches,
    other_content_is_a_conflict_beside_the_original,
    patients_without_an_id_are_not_one_person,
    an_instance_is_located,
    a_batch_tells_of_its_exams_and_moves_its_cursor,
    concurrent_indexers_agree,
    odd_text_is_kept,
    an_instance_without_its_header_is_placed_by_what_was_noted,
);
