//! Finding damage and mending it.

use crate::archive::{Archive, ArchiveConfig, Verified, VerifyOptions};
use crate::common::{config, content, entry, segment_files};
use intake::{Locator, Shelf};
use std::os::unix::fs::FileExt;
use std::path::Path;
use store::Blobs;

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
    archive.verify(options, |_, _| {}).await.unwrap()
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
    let verified = archive.verify(ALL, |v, total| last = (v.bytes, total)).await.unwrap();
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

#[tokio::test]
async fn a_lost_segment_comes_back_from_the_second_copy() {
    let (folder, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (archive, locators) = filled(folder.path(), second.path()).await;
    archive.keep().await.unwrap();
    drop(archive);
    std::fs::remove_file(&segment_files(folder.path())[0]).unwrap();
    let second_copy = Some(Blobs::open(second.path().to_str().unwrap()).unwrap());
    let archive = Archive::open(ArchiveConfig { second_copy, ..config(folder.path()) }).await.unwrap();
    assert!(archive.read_all(&locators[0]).await.is_err());
    assert!(verify(&archive, REPAIR).await.is_whole());
    assert_eq!(archive.read_all(&locators[0]).await.unwrap(), content(0, 3000));
}
