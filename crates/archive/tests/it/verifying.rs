//! Finding damage and mending it.

use crate::archive::{Archive, ArchiveConfig, Place, Verified, VerifyOptions};
use crate::common::{config, content, entry, segment_files};
use futures::TryStreamExt;
use intake::{Locator, Shelf};
use std::os::unix::fs::FileExt;
use std::path::Path;
use store::Blobs;
use store::testing::PrivateS3;

const ALL: VerifyOptions = VerifyOptions { elsewhere: true, repair: false };
const REPAIR: VerifyOptions = VerifyOptions { elsewhere: true, repair: true };

async fn filled(folder: &Path, second: &Path) -> (Archive, Vec<Locator>) {
    let second_copy = Some(Blobs::open(second.to_str().unwrap()).unwrap());
    let config = ArchiveConfig { segment_size: 20_000, second_copy, ..config(folder) };
    let archive = Archive::open(config).await.unwrap();
    let mut locators = Vec::new();
    for n in 0..20 {
        locators.push(archive.append(entry(n, 3000)).await.unwrap().locator);
    }
    while archive.segments().iter().filter(|segment| !segment.placement().sealed).count() > 1 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    (archive, locators)
}

async fn verify(archive: &Archive, options: VerifyOptions) -> Verified {
    archive.verify(options, |_, _| {}).await
}

fn spoil(path: &Path, at: u64) {
    let file = std::fs::OpenOptions::new().read(true).write(true).open(path).unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, at).unwrap();
    file.write_all_at(&[byte[0] ^ 1], at).unwrap();
}

fn local_file(folder: &Path, locator: &Locator) -> std::path::PathBuf {
    folder.join("segments").join(format!("{}.tar", locator.segment))
}

#[tokio::test]
async fn a_whole_archive_is_whole() {
    let (folder, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (archive, _) = filled(folder.path(), second.path()).await;
    let mut last = (0, 0);
    let verified = archive.verify(ALL, |v, total| last = (v.bytes, total)).await;
    assert!(verified.is_whole());
    assert_eq!((verified.entries, verified.bytes), (20, 60_000));
    assert!(last.0 == 60_000 && last.1 > 60_000);
}

/// One changed bit anywhere in a sealed segment is found, and mended from the second copy.
#[tokio::test]
async fn a_changed_bit_anywhere_is_found_and_mended() {
    let (folder, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (archive, locators) = filled(folder.path(), second.path()).await;
    archive.keep().await.unwrap();
    let file = local_file(folder.path(), &locators[0]);
    let length = std::fs::metadata(&file).unwrap().len();
    for at in (0..length).step_by(977).chain([locators[1].offset, length - 1200]) {
        let before = std::fs::read(&file).unwrap();
        spoil(&file, at);
        let found = verify(&archive, ALL).await;
        // Only zeros that nobody reads, behind contents and records, may change unseen.
        let padding = before[at as usize] == 0;
        assert!(padding || !found.damage.is_empty(), "byte {at} of {length}");
        if found.damage.is_empty() {
            std::fs::write(&file, before).unwrap();
            continue;
        }
        let repaired = verify(&archive, REPAIR).await;
        assert!(repaired.is_whole(), "{repaired:?}");
        assert_eq!(std::fs::read(&file).unwrap(), before);
        assert!(verify(&archive, ALL).await.damage.is_empty());
    }
    assert!(folder.path().join("damaged").read_dir().unwrap().count() > 0);
}

#[tokio::test]
async fn damage_in_the_second_copy_is_mended_from_the_first() {
    let (folder, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (archive, locators) = filled(folder.path(), second.path()).await;
    archive.keep().await.unwrap();
    spoil(&local_file(second.path(), &locators[0]), locators[0].offset + 7);
    let found = verify(&archive, ALL).await;
    assert_eq!(found.damage.len(), 1);
    assert_eq!(found.damage[0].entry.as_ref(), Some(&locators[0]));
    assert!(verify(&archive, REPAIR).await.is_whole());
    assert!(verify(&archive, ALL).await.damage.is_empty());
}

#[tokio::test]
async fn without_a_second_copy_damage_is_told_and_the_rest_is_checked() {
    let (folder, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (archive, locators) = filled(folder.path(), second.path()).await;
    for n in [2, 19] {
        spoil(&local_file(folder.path(), &locators[n]), locators[n].offset);
    }
    spoil(&local_file(folder.path(), &locators[7]), locators[7].offset - 500);
    let found = verify(&archive, REPAIR).await;
    assert_eq!(found.damage.len(), 3, "{found:?}");
    assert!(!found.is_whole());
    assert_eq!(found.entries, 19);
}

/// Sealed, and then lost or cut: what another place has is read from there until it is repaired, it is never
/// overwritten, and no number is used twice.
async fn hurt_and_mended(second: &str, hurt: impl Fn(&Path), lost: usize) {
    let folder = tempfile::tempdir().unwrap();
    let second_copy = || Some(Blobs::open(second).unwrap());
    let config =
        || ArchiveConfig { segment_size: 20_000, second_copy: second_copy(), ..config(folder.path()) };
    let archive = Archive::open(config()).await.unwrap();
    let mut locators = Vec::new();
    for n in 0..4 {
        locators.push(archive.append(entry(n, 3000)).await.unwrap().locator);
    }
    archive.seal().await.unwrap();
    archive.keep().await.unwrap();
    drop(archive);
    let file = local_file(folder.path(), &locators[0]);
    let before = std::fs::read(&file).unwrap();
    hurt(&file);
    let archive = Archive::open(config()).await.unwrap();
    for (n, locator) in locators.iter().enumerate() {
        assert_eq!(archive.read_all(locator).await.unwrap(), content(n as u64, 3000));
    }
    let next = archive.append(entry(9, 3000)).await.unwrap().locator;
    assert_ne!(next.segment, locators[0].segment);
    archive.seal().await.unwrap();
    assert_eq!(archive.keep().await.unwrap().copied, 1, "the new one alone");
    let found = verify(&archive, ALL).await;
    assert!(!found.is_whole());
    let names: Vec<_> = found.damage.iter().filter_map(|damage| damage.name.clone()).collect();
    assert_eq!(names.len(), lost, "{found:?}");
    assert!(names.iter().all(|name| name.ends_with(".dcm")));
    assert!(verify(&archive, REPAIR).await.is_whole());
    assert_eq!(std::fs::read(&file).unwrap(), before);
    assert!(verify(&archive, ALL).await.damage.is_empty());
}

#[tokio::test]
async fn a_lost_segment_comes_back_from_the_second_copy() {
    let second = tempfile::tempdir().unwrap();
    let lose = |file: &Path| std::fs::remove_file(file).unwrap();
    hurt_and_mended(second.path().to_str().unwrap(), lose, 0).await;
}

#[tokio::test]
async fn a_segment_that_was_cut_comes_back_from_the_second_copy() {
    // Without its last block, its index, half of its entries, all of them.
    for (left, lost) in [(-512, 0), (-3000, 0), (-4096, 1), (9000, 3), (0, 4)] {
        let second = tempfile::tempdir().unwrap();
        hurt_and_mended(second.path().to_str().unwrap(), |file| cut(file, left), lost).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_come_back_from_s3() {
    let Some(s3) = PrivateS3::start() else { return };
    hurt_and_mended(&s3.uri("lost"), |file| std::fs::remove_file(file).unwrap(), 0).await;
    hurt_and_mended(&s3.uri("cut"), |file| cut(file, 9000), 3).await;
}

/// Leaves so many bytes; a negative number is taken from the end.
fn cut(path: &Path, left: i64) {
    let file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    let length = file.metadata().unwrap().len();
    file.set_len(length.checked_add_signed(left.min(0)).unwrap().min(if left < 0 {
        length
    } else {
        left as u64
    }))
    .unwrap();
}

/// Flipped in S3, as tier and as second copy: each is mended from whichever other copy is good.
#[tokio::test(flavor = "multi_thread")]
async fn a_changed_bit_in_s3_is_found_and_mended() {
    let Some(s3) = PrivateS3::start() else { return };
    for keep_local in [u64::MAX, 0] {
        let place = |name: &str| Blobs::open(&s3.uri(&format!("{name}{keep_local}"))).unwrap();
        let (tier, second) = (place("tier"), place("second"));
        let folder = tempfile::tempdir().unwrap();
        let config = ArchiveConfig {
            keep_local,
            tier: Some(tier.clone()),
            second_copy: Some(second.clone()),
            ..config(folder.path())
        };
        let archive = Archive::open(config).await.unwrap();
        let locator = archive.append(entry(3, 3000)).await.unwrap().locator;
        archive.seal().await.unwrap();
        archive.keep().await.unwrap();
        let name = format!("segments/{}.tar", locator.segment);
        for (blobs, place) in [(&tier, Place::Tier), (&second, Place::SecondCopy)] {
            let mut bytes = blobs.get_last(&name, 1 << 20).await.unwrap().to_vec();
            bytes[locator.offset as usize + 5] ^= 4;
            blobs.put(&name, bytes.into()).await.unwrap();
            let found = verify(&archive, ALL).await;
            assert_eq!(found.damage.len(), 1, "{found:?}");
            assert_eq!((found.damage[0].place, found.damage[0].entry.as_ref()), (place, Some(&locator)));
            assert_eq!(found.damage[0].name.as_deref(), Some("1.2.840.3/1.2.3/1.2.3.3.dcm"));
            assert!(verify(&archive, REPAIR).await.is_whole());
            assert!(verify(&archive, ALL).await.damage.is_empty());
            archive.keep().await.unwrap();
        }
        assert_eq!(archive.read_all(&locator).await.unwrap(), content(3, 3000));
    }
}

/// The segment that is being appended to has no index and no copy: damage in it is told all the same.
#[tokio::test]
async fn damage_in_the_active_segment_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(config(folder.path())).await.unwrap();
    let mut locators = Vec::new();
    for n in 0..6 {
        locators.push(archive.append(entry(n, 3000)).await.unwrap().locator);
    }
    let file = local_file(folder.path(), &locators[0]);
    spoil(&file, locators[1].offset + 2999);
    spoil(&file, locators[3].offset - 512);
    let found = verify(&archive, REPAIR).await;
    assert_eq!(found.damage.len(), 2, "{found:?}");
    assert_eq!(found.damage[0].entry.as_ref(), Some(&locators[1]));
    let (from, to) = (found.damage[1].offset, found.damage[1].offset + found.damage[1].length);
    assert!((from..to).contains(&locators[3].offset) && !(from..to).contains(&locators[4].offset));
    cut(&file, i64::try_from(locators[5].offset).unwrap() + 10);
    let found = verify(&archive, ALL).await;
    let early = found.damage.iter().find(|damage| damage.what.contains("early")).unwrap();
    assert!((early.offset..early.offset + early.length).contains(&(locators[5].offset + 100)));
}

/// The newest segment is lost, with everybody's places in it: nothing is appended at places they know.
#[tokio::test]
async fn what_is_appended_after_a_loss_is_new_to_those_who_had_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(config(folder.path())).await.unwrap();
    for n in 0..6 {
        archive.append(entry(n, 3000)).await.unwrap();
    }
    let read: Vec<_> = archive.scan(None).try_collect().await.unwrap();
    let reached = read.last().unwrap().cursor;
    assert!(!archive.begin_behind(reached).await.unwrap(), "nothing is lost");
    drop(archive);
    for left in [9000, 0] {
        cut(&segment_files(folder.path())[0], left);
        let archive = Archive::open(config(folder.path())).await.unwrap();
        assert!(archive.begin_behind(reached).await.unwrap());
        archive.append(entry(7, 3000)).await.unwrap();
        let fresh: Vec<_> = archive.scan(Some(reached)).try_collect().await.unwrap();
        assert_eq!(fresh.last().unwrap().head.details["number"], 7);
        drop(archive);
    }
    std::fs::remove_dir_all(folder.path().join("segments")).unwrap();
    let archive = Archive::open(config(folder.path())).await.unwrap();
    assert!(archive.begin_behind(reached).await.unwrap());
    archive.append(entry(8, 3000)).await.unwrap();
    let fresh: Vec<_> = archive.scan(Some(reached)).try_collect().await.unwrap();
    assert_eq!(fresh.len(), 1);
}
