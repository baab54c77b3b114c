//! What can't be taken is kept aside with its reason, once, and can be tried again.

use crate::memory_shelf::MemoryShelf;
use crate::objects::{data_set, file, file_from, source};
use bytes::Bytes;
use dicom::{Tag, Vr, tags};
use intake::{InQuarantine, Kind, Limits, Outcome, Quarantined, Reason};

const ONE: &str = "1.2.3.4.5.1";

async fn quarantined(bytes: Bytes) -> (Quarantined, std::sync::Arc<MemoryShelf>, intake::Intake) {
    let (intake, shelf) = MemoryShelf::intake(Limits::default());
    let outcome = intake.take(bytes.clone(), source()).await.unwrap();
    let Outcome::Quarantined(aside) = outcome else { panic!("{outcome:?}") };
    assert_eq!(shelf.content(&aside.locator), bytes, "the bytes are kept as they came");
    (aside, shelf, intake)
}

fn without(tag: Tag) -> Bytes {
    let mut set = data_set(ONE);
    set.remove(tag);
    file_from("SCANNER", ONE, &set)
}

fn with(tag: Tag, uid: &'static str) -> Bytes {
    let mut set = data_set(ONE);
    set.put_bytes(tag, Vr::UI, Bytes::from(uid));
    file_from("SCANNER", ONE, &set)
}

#[tokio::test]
async fn each_trouble_has_its_reason() {
    let whole = file(ONE);
    for (bytes, reason) in [
        (without(tags::SOP_CLASS_UID), Reason::MissingSopClassUid),
        (without(tags::SOP_INSTANCE_UID), Reason::MissingSopInstanceUid),
        (without(tags::STUDY_INSTANCE_UID), Reason::MissingStudyInstanceUid),
        (without(tags::SERIES_INSTANCE_UID), Reason::MissingSeriesInstanceUid),
        (with(tags::STUDY_INSTANCE_UID, "../../x"), Reason::InvalidUid),
        (with(tags::SERIES_INSTANCE_UID, ".."), Reason::InvalidUid),
        (with(tags::SOP_INSTANCE_UID, ""), Reason::MissingSopInstanceUid),
        (whole.slice(..whole.len() - 1), Reason::Truncated),
        (whole.slice(..whole.len() - 5005), Reason::Truncated),
        (whole.slice(..400), Reason::Truncated),
        (Bytes::from_static(b"just text"), Reason::NotDicom),
    ] {
        let (aside, ..) = quarantined(bytes).await;
        assert_eq!(aside.reason, reason, "{}", aside.detail);
    }
}

#[tokio::test]
async fn a_sender_that_tries_again_does_not_fill_it() {
    let bytes = without(tags::STUDY_INSTANCE_UID);
    let (first, shelf, intake) = quarantined(bytes.clone()).await;
    let again = intake.take(bytes.clone(), source()).await.unwrap();
    assert_eq!(again, Outcome::Quarantined(first));
    let restarted = intake::Intake::new(shelf.clone(), shelf.clone(), Limits::default());
    restarted.take(bytes, source()).await.unwrap();
    assert_eq!(MemoryShelf::of(Kind::Quarantine, &shelf).len(), 1);
}

#[tokio::test]
async fn a_retry_that_succeeds_and_a_discard_leave_a_decision() {
    let (aside, shelf, intake) = quarantined(without(tags::STUDY_INSTANCE_UID)).await;
    let mut file_aside =
        InQuarantine { id: aside.id, digest: aside.digest, locator: aside.locator, source: source() };
    let still = intake.retry(&file_aside, source()).await.unwrap();
    assert!(matches!(still, Outcome::Quarantined(_)), "{still:?}");
    assert!(MemoryShelf::of(Kind::Event, &shelf).is_empty());

    // As if today's rules took these bytes: the same id over bytes that are sound.
    let sound = intake.take(file(ONE), source()).await.unwrap();
    let Outcome::Stored(placed) = sound else { panic!("{sound:?}") };
    file_aside.locator = placed.locator;
    let taken = intake.retry(&file_aside, source()).await.unwrap();
    assert!(matches!(taken, Outcome::AlreadyHeld(_)), "{taken:?}");
    intake.discard(&file_aside, source()).await.unwrap();
    let events: Vec<_> = MemoryShelf::of(Kind::Event, &shelf)
        .into_iter()
        .map(|(head, _)| head.details["event"].clone())
        .collect();
    assert_eq!(events, ["quarantine-retried", "quarantine-discarded"]);
}

#[tokio::test]
async fn hostile_bytes_end_in_quarantine() {
    let mut huge_length = file(ONE).slice(..600).to_vec();
    huge_length.extend(b"\xE0\x7F\x10\0OB\0\0\xF0\xFF\xFF\xFFab");
    let mut deep = file_from("X", ONE, &data_set(ONE)).slice(..332).to_vec();
    for _ in 0..10_000 {
        deep.extend(b"\x08\0\x40\x11SQ\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF");
    }
    for bytes in [huge_length, deep] {
        quarantined(bytes.into()).await;
    }
}
