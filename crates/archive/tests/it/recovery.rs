//! Opening after a crash.

use crate::archive::{Archive, ArchiveConfig};
use crate::common::{config, content, entry, open, segment_files};
use crate::disks::TestDisk;
use intake::{Shelf, ShelfError};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

#[tokio::test]
async fn entries_outlive_the_process_and_appending_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut held = Vec::new();
    for round in 0..4 {
        let archive = open(folder.path()).await;
        for n in 0..5 {
            let number = round * 5 + n;
            held.push((number, archive.append(entry(number, 3000)).await.unwrap().locator));
        }
        for (number, locator) in &held {
            assert_eq!(archive.read_all(locator).await.unwrap(), content(*number, 3000));
        }
    }
    assert_eq!(segment_files(folder.path()).len(), 1);
}

/// Wherever the last batch is torn, what was acknowledged before it stays.
#[tokio::test]
async fn a_torn_tail_is_cut_and_kept_aside() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path()).await.append(entry(1, 5000)).await.unwrap().locator;
    let path = segment_files(folder.path()).remove(0);
    let good = std::fs::metadata(&path).unwrap().len();
    open(folder.path()).await.append(entry(2, 5000)).await.unwrap();
    let whole = std::fs::read(&path).unwrap();
    for end in (good..whole.len() as u64).step_by(333) {
        std::fs::write(&path, &whole[..end as usize]).unwrap();
        let archive = open(folder.path()).await;
        assert_eq!(std::fs::metadata(&path).unwrap().len(), good, "cut at {end}");
        assert_eq!(archive.read_all(&first).await.unwrap(), content(1, 5000));
        let next = archive.append(entry(3, 100)).await.unwrap().locator;
        assert_eq!(archive.read_all(&next).await.unwrap(), content(3, 100));
    }
    assert!(folder.path().join("torn").read_dir().unwrap().count() > 0);
}

/// Zeros laid out ahead of the end are gone when the archive is closed, and are no trouble when it could not be.
#[tokio::test]
async fn zeros_behind_the_end_are_no_torn_tail() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open_on(config(folder.path()), Arc::new(TestDisk::default())).await.unwrap();
    let mut held = Vec::new();
    for n in 0..4 {
        held.push(archive.append(entry(n, 3000)).await.unwrap().locator);
    }
    let path = segment_files(folder.path()).remove(0);
    let running = std::fs::read(&path).unwrap();
    drop(archive);
    let closed = std::fs::metadata(&path).unwrap().len();
    assert!(running.len() as u64 >= closed + 100_000, "{} laid out, {closed} left", running.len());
    std::fs::write(&path, running).unwrap();
    let archive = open(folder.path()).await;
    assert_eq!(std::fs::metadata(&path).unwrap().len(), closed);
    assert!(
        !folder.path().join("torn").exists() || folder.path().join("torn").read_dir().unwrap().count() == 0
    );
    for (n, locator) in held.iter().enumerate() {
        assert_eq!(archive.read_all(locator).await.unwrap(), content(n as u64, 3000));
    }
}

#[tokio::test]
async fn a_tail_whose_bytes_never_reached_the_disk_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(folder.path()).await;
    archive.append(entry(1, 5000)).await.unwrap();
    let second = archive.append(entry(2, 5000)).await.unwrap().locator;
    drop(archive);
    let path = segment_files(folder.path()).remove(0);
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.write_all_at(&[0; 512], second.offset + 1024).unwrap();
    let archive = open(folder.path()).await;
    assert!(archive.read_all(&second).await.is_err());
}

/// Rot in the middle is no reason to throw away what was acknowledged behind it.
#[tokio::test]
async fn damage_in_the_middle_does_not_cut_what_follows() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(folder.path()).await;
    let mut locators = Vec::new();
    for n in 0..6 {
        locators.push(archive.append(entry(n, 5000)).await.unwrap().locator);
    }
    drop(archive);
    let path = segment_files(folder.path()).remove(0);
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.write_all_at(&[0xff; 600], locators[1].offset - 600).unwrap();
    let archive = open(folder.path()).await;
    for (n, locator) in locators.iter().enumerate().skip(2) {
        assert_eq!(archive.read_all(locator).await.unwrap(), content(n as u64, 5000));
    }
    let next = archive.append(entry(9, 5000)).await.unwrap().locator;
    assert_eq!(archive.read_all(&next).await.unwrap(), content(9, 5000));
}

/// Another process may look while the first one appends.
#[tokio::test]
async fn a_reader_may_open_beside_the_writer() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(folder.path()).await;
    let locator = archive.append(entry(1, 5000)).await.unwrap().locator;
    let config = ArchiveConfig { read_only: true, ..config(folder.path()) };
    let reader = Archive::open(config).await.unwrap();
    assert_eq!(reader.read_all(&locator).await.unwrap(), content(1, 5000));
    assert!(matches!(reader.append(entry(2, 10)).await, Err(ShelfError::Closed)));
    archive.append(entry(3, 10)).await.unwrap();
}
