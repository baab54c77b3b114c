//! What peers hold: kept day by day, told of, forgotten, and never among what we hold.

use crate::making::made;
use catalog::elsewhere::{ELSEWHERE, NUMBERS};
use catalog::{Catalog, ElsewhereExam};
use dicom::tags;
use store::Ledger;

/// The `n`th exam as a peer tells of it; all are of one day.
fn told(peer: &str, n: u32, instances: u32) -> ElsewhereExam {
    let mut set = made("P1", 27, 1, 1).set;
    set.put_text(tags::STUDY_INSTANCE_UID, &format!("1.9.{n}"));
    set.put_text(tags::MODALITIES_IN_STUDY, "CT\\SR");
    set.put_text(tags::NUMBER_OF_STUDY_RELATED_INSTANCES, &instances.to_string());
    ElsewhereExam::of(peer, &set).unwrap()
}

const DAY: i64 = 20_260_128;

async fn events(catalog: &Catalog) -> usize {
    catalog.ledger().events(ELSEWHERE, 0, 100).await.unwrap().len()
}

async fn a_day_is_kept_told_once_and_forgotten_with_what_is_gone(ledger: Ledger) {
    let catalog = Catalog::open(ledger).await.unwrap();
    let both = [told("pacs", 1, 4), told("pacs", 2, 5)];
    assert_eq!(both[0].date, Some(DAY));
    assert_eq!(catalog.take_elsewhere("pacs", DAY, &both, 1).await.unwrap(), 2);
    assert_eq!(catalog.take_elsewhere("pacs", DAY, &both, 2).await.unwrap(), 0);
    assert_eq!(events(&catalog).await, 1, "what did not change is told once");
    let grown = [told("pacs", 1, 6)];
    assert_eq!(catalog.take_elsewhere("pacs", DAY, &grown, 3).await.unwrap(), 2);
    let kept = catalog.elsewhere("1.9.1").await.unwrap();
    assert_eq!((kept.len(), kept[0].instances, kept[0].modalities.len()), (1, 6, 2));
    assert!(kept[0].number > NUMBERS);
    assert!(catalog.elsewhere("1.9.2").await.unwrap().is_empty());
    // Another day's answer says nothing of this one.
    catalog.take_elsewhere("pacs", DAY + 1, &[], 4).await.unwrap();
    assert_eq!(catalog.elsewhere_counts().await.unwrap(), [("pacs".to_owned(), 1, 1)]);
}

async fn it_outlives_a_rebuild_and_goes_with_its_peer(ledger: Ledger) {
    let catalog = Catalog::open(ledger).await.unwrap();
    for peer in ["pacs", "other"] {
        catalog.take_elsewhere(peer, DAY, &[told(peer, 1, 4)], 1).await.unwrap();
    }
    catalog.clear().await.unwrap();
    assert_eq!(catalog.elsewhere("1.9.1").await.unwrap().len(), 2);
    catalog.tell_all_elsewhere().await.unwrap();
    assert_eq!(events(&catalog).await, 3);
    catalog.forget_elsewhere("pacs").await.unwrap();
    let left = catalog.elsewhere("1.9.1").await.unwrap();
    assert_eq!((left.len(), left[0].peer.as_str()), (1, "other"));
    let facts = catalog.elsewhere_facts(&["1.9.1".to_owned(), "1.9.2".to_owned()]).await.unwrap();
    assert_eq!((facts[0].instances, facts[0].patient_id.as_str(), facts[1].instances), (4, "P1", 0));
}

store::each_ledger!(
    a_day_is_kept_told_once_and_forgotten_with_what_is_gone,
    it_outlives_a_rebuild_and_goes_with_its_peer
);
