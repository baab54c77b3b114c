//! The law of every door: one outcome per file, after it is durable; nothing twice, nothing over another.

use crate::memory_shelf::MemoryShelf;
use crate::objects::{body_of, data_set, file, file_from, source};
use bytes::Bytes;
use dicom::tags;
use intake::{IntakeError, Kind, Limits, Outcome, Reason, Strangers};
use model::{Sha256Digest, SopInstanceUid};
use std::sync::atomic::Ordering::SeqCst;

const ONE: &str = "1.2.3.4.5.1";

fn stored(outcome: Outcome) -> intake::Placed {
    let Outcome::Stored(placed) = outcome else { panic!("{outcome:?}") };
    placed
}

#[tokio::test]
async fn a_file_is_kept_bit_for_bit() {
    let (intake, shelf) = MemoryShelf::intake(Limits::default());
    let sent = file(ONE);
    let placed = stored(intake.take(sent.clone(), source()).await.unwrap());
    assert_eq!(shelf.content(&placed.locator), sent);
    let (head, _) = MemoryShelf::of(Kind::Instance, &shelf).remove(0);
    assert_eq!(head.name, "1.2.3.4.1/1.2.3.4.2/1.2.3.4.5.1.dcm");
    assert_eq!(head.details["sopInstanceUid"], ONE);
}

#[tokio::test]
async fn the_pieces_it_comes_in_do_not_matter() {
    for in_memory in [16, 1000, 1 << 20] {
        let limits = Limits { in_memory, ..Limits::default() };
        let (intake, shelf) = MemoryShelf::intake(limits);
        let mut incoming = intake.begin();
        for piece in file(ONE).chunks(333) {
            incoming.push(Bytes::copy_from_slice(piece)).await.unwrap();
        }
        let placed = stored(incoming.finish(source()).await.unwrap());
        assert_eq!(shelf.content(&placed.locator), file(ONE));
        assert_eq!(shelf.large_begun.load(SeqCst), usize::from(in_memory < 5000));
    }
}

#[tokio::test]
async fn the_same_again_is_held_already() {
    for in_memory in [16, 1 << 20] {
        let (intake, shelf) = MemoryShelf::intake(Limits { in_memory, ..Limits::default() });
        let first = stored(intake.take(file(ONE), source()).await.unwrap());
        let again = intake.take(file(ONE), source()).await.unwrap();
        let Outcome::AlreadyHeld(held) = again else { panic!("{again:?}") };
        assert_eq!(held.locator, first.locator);
        let other_meta = file_from("PACS", ONE, &data_set(ONE));
        let by_another_way = intake.take(other_meta, source()).await.unwrap();
        assert!(matches!(by_another_way, Outcome::AlreadyHeld(_)), "{by_another_way:?}");
        let bare = intake.take(body_of(&data_set(ONE)).into(), source()).await.unwrap();
        assert!(matches!(bare, Outcome::AlreadyHeld(_)), "{bare:?}");
        assert_eq!(MemoryShelf::of(Kind::Instance, &shelf).len(), 1);
    }
}

#[tokio::test]
async fn other_content_under_the_same_uid_stands_beside() {
    let (intake, shelf) = MemoryShelf::intake(Limits::default());
    let first = stored(intake.take(file(ONE), source()).await.unwrap());
    let mut changed = data_set(ONE);
    changed.put_text(tags::PATIENT_ID, "P2");
    let changed = file_from("SCANNER", ONE, &changed);
    let outcome = intake.take(changed.clone(), source()).await.unwrap();
    let Outcome::Conflict(beside) = outcome else { panic!("{outcome:?}") };
    assert_eq!(shelf.content(&first.locator), file(ONE));
    assert_eq!(shelf.content(&beside.locator), changed);
    let entries = MemoryShelf::of(Kind::Instance, &shelf);
    assert_ne!(entries[0].0.name, entries[1].0.name);
    assert_eq!(entries[1].0.details["conflict"], true);
    let restarted = intake::Intake::new(shelf.clone(), shelf.clone(), Limits::default());
    for again in [intake, restarted] {
        let told = again.take(changed.clone(), source()).await.unwrap();
        assert_eq!(told, Outcome::Conflict(beside.clone()), "the sender is told again");
        let original = again.take(file(ONE), source()).await.unwrap();
        assert!(matches!(original, Outcome::AlreadyHeld(_)), "{original:?}");
    }
    assert_eq!(MemoryShelf::of(Kind::Instance, &shelf).len(), 2, "and nothing is kept twice");
}

#[tokio::test]
async fn an_instance_announced_under_no_uid_is_kept_aside_and_can_be_tried_again() {
    let (intake, shelf) = MemoryShelf::intake(Limits::default());
    let mut incoming = intake.begin();
    incoming.announce_unusable("(0000,1000): not a UID".into());
    incoming.push(file(ONE)).await.unwrap();
    let Outcome::Quarantined(aside) = incoming.finish(source()).await.unwrap() else { panic!() };
    assert_eq!((aside.reason, aside.detail.as_str()), (Reason::InvalidUid, "(0000,1000): not a UID"));
    assert_eq!(shelf.content(&aside.locator), file(ONE));
    let aside =
        intake::InQuarantine { id: aside.id, digest: aside.digest, locator: aside.locator, source: source() };
    stored(intake.retry(&aside, source()).await.unwrap());
}

#[tokio::test]
async fn what_was_held_before_a_restart_is_known() {
    let (intake, shelf) = MemoryShelf::intake(Limits::default());
    stored(intake.take(file(ONE), source()).await.unwrap());
    let restarted = intake::Intake::new(shelf.clone(), shelf.clone(), Limits::default());
    let again = restarted.take(file(ONE), source()).await.unwrap();
    assert!(matches!(again, Outcome::AlreadyHeld(_)), "{again:?}");
}

#[tokio::test]
async fn of_two_senders_at_once_one_stores() {
    let (intake, shelf) = MemoryShelf::intake(Limits::default());
    let sending = (0..20).map(|_| {
        let intake = intake.clone();
        tokio::spawn(async move { intake.take(file(ONE), source()).await.unwrap() })
    });
    let outcomes = futures::future::join_all(sending).await;
    let stored = outcomes.iter().filter(|o| matches!(o, Ok(Outcome::Stored(_)))).count();
    let held = outcomes.iter().filter(|o| matches!(o, Ok(Outcome::AlreadyHeld(_)))).count();
    assert_eq!((stored, held), (1, 19));
    assert_eq!(MemoryShelf::of(Kind::Instance, &shelf).len(), 1);
}

#[tokio::test]
async fn a_sender_that_dies_half_way_leaves_nothing() {
    let (intake, shelf) = MemoryShelf::intake(Limits { in_memory: 1000, ..Limits::default() });
    for cut in [10, 3000] {
        let mut incoming = intake.begin();
        incoming.push(file(ONE).slice(..cut)).await.unwrap();
        drop(incoming);
    }
    assert!(MemoryShelf::of(Kind::Instance, &shelf).is_empty());
    stored(intake.take(file(ONE), source()).await.unwrap());
}

#[tokio::test]
async fn a_full_disk_is_told_and_the_next_try_works() {
    let (intake, shelf) = MemoryShelf::intake(Limits::default());
    shelf.full.store(true, SeqCst);
    let refused = intake.take(file(ONE), source()).await.unwrap_err();
    assert!(refused.is_full());
    shelf.full.store(false, SeqCst);
    stored(intake.take(file(ONE), source()).await.unwrap());
}

#[tokio::test]
async fn more_senders_than_memory_all_get_through() {
    let limits = Limits { memory_budget: 1 << 17, ..Limits::default() };
    let (intake, shelf) = MemoryShelf::intake(limits);
    let sending = (0..50).map(|n| {
        let intake = intake.clone();
        tokio::spawn(async move {
            let mut incoming = intake.begin();
            for piece in file(&format!("{ONE}.{n}")).chunks(700) {
                incoming.push(Bytes::copy_from_slice(piece)).await.unwrap();
                tokio::task::yield_now().await;
            }
            incoming.finish(source()).await.unwrap()
        })
    });
    futures::future::join_all(sending).await;
    assert_eq!(MemoryShelf::of(Kind::Instance, &shelf).len(), 50);
}

#[tokio::test]
async fn a_wrong_digest_is_refused() {
    let (intake, shelf) = MemoryShelf::intake(Limits::default());
    let mut incoming = intake.begin();
    incoming.expect(Sha256Digest([0; 32]));
    incoming.push(file(ONE)).await.unwrap();
    let refused = incoming.finish(source()).await;
    assert!(matches!(refused, Err(IntakeError::Digest)), "{refused:?}");
    assert!(MemoryShelf::of(Kind::Instance, &shelf).is_empty());
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused_before_it_is_kept() {
    let (intake, _) = MemoryShelf::intake(Limits { largest_file: 100, ..Limits::default() });
    let refused = intake.take(file(ONE), source()).await;
    assert!(matches!(refused, Err(IntakeError::TooLarge { limit: 100 })), "{refused:?}");
}

#[tokio::test]
async fn a_request_that_names_another_instance_goes_to_quarantine() {
    let (intake, _) = MemoryShelf::intake(Limits::default());
    let mut incoming = intake.begin();
    incoming.announce(SopInstanceUid::parse("1.9").unwrap());
    incoming.push(file(ONE)).await.unwrap();
    let outcome = incoming.finish(source()).await.unwrap();
    let Outcome::Quarantined(aside) = outcome else { panic!("{outcome:?}") };
    assert_eq!(aside.reason, Reason::UidMismatch);
}

#[tokio::test]
async fn a_folder_s_other_files_are_not_kept() {
    let (intake, shelf) = MemoryShelf::intake(Limits::default());
    for (bytes, kept) in [("patient,age\n1,2\n", false), ("DICM\x02\0\0\0UL", true)] {
        let mut incoming = intake.begin();
        incoming.strangers(Strangers::Refuse);
        incoming.push(Bytes::from(bytes)).await.unwrap();
        let outcome = incoming.finish(source()).await.unwrap();
        assert_eq!(matches!(outcome, Outcome::Quarantined(_)), kept, "{outcome:?}");
    }
    assert_eq!(MemoryShelf::of(Kind::Quarantine, &shelf).len(), 1);
}
