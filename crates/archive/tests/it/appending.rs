//! Appending and reading back.

use crate::archive::{Archive, OpenError};
use crate::common::{config, content, digest, entry, head, open, segment_files};
use bytes::Bytes;
use futures::TryStreamExt;
use intake::{Shelf, ShelfError};
use std::process::Command;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_appended_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Arc::new(open(folder.path()).await);
    let tasks: Vec<_> = (0..100)
        .map(|n| {
            tokio::spawn({
                let archive = archive.clone();
                async move { archive.append(entry(n, n as usize * 97)).await.unwrap() }
            })
        })
        .collect();
    for (n, task) in tasks.into_iter().enumerate() {
        let appended = task.await.unwrap();
        let expected = content(n as u64, n * 97);
        assert_eq!(archive.read_all(&appended.locator).await.unwrap(), expected);
        if n > 0 {
            assert_eq!(archive.read(&appended.locator, 5..50).await.unwrap(), expected[5..50]);
            assert!(archive.read(&appended.locator, 0..n as u64 * 97 + 1).await.is_err());
        }
    }
}

#[tokio::test]
async fn many_ranges_are_answered_in_the_order_asked() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(folder.path()).await;
    let mut wanted = Vec::new();
    for n in 0..20 {
        let locator = archive.append(entry(n, 50_000)).await.unwrap().locator;
        wanted.push((locator, n * 10..n * 1000 + 10));
    }
    wanted.reverse();
    let answers = archive.read_many(&wanted).await.unwrap();
    for ((_, range), (n, answer)) in wanted.iter().zip((0..20).rev().zip(answers)) {
        assert_eq!(answer, content(n, 50_000)[range.start as usize..range.end as usize]);
    }
}

#[tokio::test]
async fn large_entries_share_a_segment_or_get_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.largest_shared = 6 << 20;
    let archive = Archive::open(config).await.unwrap();
    for (n, length) in [(1, 5 << 20), (2, 9 << 20), (3, (6 << 20) + 1)] {
        let bytes = content(n, length);
        let mut large = archive.begin_large().await.unwrap();
        for piece in bytes.chunks(300_000) {
            large.write(Bytes::copy_from_slice(piece)).await.unwrap();
        }
        assert_eq!(large.read_back(10, 1000).await.unwrap(), bytes[10..1010]);
        let appended = large.finish(head(n, &bytes)).await.unwrap();
        assert_eq!(appended.locator.segment.as_str().contains("-w"), n > 1);
        let range = 0..appended.locator.length;
        let read: Vec<Bytes> = archive.stream(&appended.locator, range).try_collect().await.unwrap();
        assert_eq!(digest(&read.concat()), appended.digest);
    }
    assert_eq!(std::fs::read_dir(folder.path().join("incoming")).unwrap().count(), 0);
}

#[tokio::test]
async fn an_aborted_large_entry_vanishes() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(folder.path()).await;
    let mut large = archive.begin_large().await.unwrap();
    large.write(content(1, 3 << 20)).await.unwrap();
    large.abort().await;
    drop(archive.begin_large().await.unwrap());
    assert_eq!(std::fs::read_dir(folder.path().join("incoming")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_second_process_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(folder.path()).await;
    let second = Archive::open(config(folder.path())).await;
    assert!(matches!(second, Err(OpenError::InUse(_))));
    drop(archive);
    open(folder.path()).await;
}

#[tokio::test]
async fn unsafe_names_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(folder.path()).await;
    let mut unsafe_entry = entry(1, 10);
    unsafe_entry.name = "../../etc/passwd".into();
    assert!(matches!(archive.append(unsafe_entry).await, Err(ShelfError::Name { .. })));
}

#[tokio::test]
async fn the_reserve_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.reserve = u64::MAX;
    let archive = Archive::open(config).await.unwrap();
    assert!(matches!(archive.append(entry(1, 10)).await, Err(ShelfError::Full { free: 0, .. })));
    assert!(matches!(archive.begin_large().await.err(), Some(ShelfError::Full { .. })));
}

/// Both tars list and extract byte for byte, while the segment is open and after it is sealed.
#[tokio::test]
async fn ordinary_tools_extract_every_segment() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(folder.path()).await;
    for n in 0..10 {
        archive.append(entry(n, 700 * n as usize)).await.unwrap();
    }
    let mut odd = entry(10, 99);
    odd.name = format!("Überweisung/{}.pdf", "x".repeat(150));
    archive.append(odd.clone()).await.unwrap();
    for sealed in [false, true] {
        if sealed {
            archive.turn().await.unwrap();
            archive.close();
        }
        let segment = segment_files(folder.path()).remove(0);
        for extract in [gnu_tar, python_tarfile] {
            let out = tempfile::tempdir().unwrap();
            if !extract(&segment, out.path()) {
                continue;
            }
            for n in 0..10 {
                let expected = content(n, 700 * n as usize);
                let path = out.path().join(head(n, &expected).name);
                assert_eq!(std::fs::read(path).unwrap(), expected);
            }
            assert_eq!(std::fs::read(out.path().join(&odd.name)).unwrap(), content(10, 99));
            assert_eq!(out.path().join("isocenter-index.jsonl").exists(), sealed);
        }
    }
}

fn gnu_tar(segment: &std::path::Path, out: &std::path::Path) -> bool {
    let Ok(done) = Command::new("tar").arg("-xf").arg(segment).arg("-C").arg(out).output() else {
        println!("skipped: no tar");
        return false;
    };
    assert!(done.status.success() && done.stderr.is_empty(), "{}", String::from_utf8_lossy(&done.stderr));
    true
}

fn python_tarfile(segment: &std::path::Path, out: &std::path::Path) -> bool {
    let script = "import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])";
    let Ok(done) =
        Command::new("python3").args(["-W", "ignore", "-c", script]).arg(segment).arg(out).output()
    else {
        println!("skipped: no python3");
        return false;
    };
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    true
}
