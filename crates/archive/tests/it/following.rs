//! Scanning and following.

use crate::archive::{Archive, Cursor};
use crate::common::{config, content, entry, head, open};
use bytes::Bytes;
use futures::TryStreamExt;
use intake::{NewEntry, Shelf};
use std::sync::Arc;

fn number(head: &intake::NewEntryHead) -> u64 {
    head.details["number"].as_u64().unwrap()
}

async fn append_large(archive: &Archive, n: u64, length: usize) {
    let bytes = content(n, length);
    let mut large = archive.begin_large().await.unwrap();
    large.write(bytes.clone()).await.unwrap();
    large.finish(head(n, &bytes)).await.unwrap();
}

async fn scanned(archive: &Archive, from: Option<Cursor>) -> Vec<(u64, Cursor)> {
    let found: Vec<_> = archive.scan(from).try_collect().await.unwrap();
    found.iter().map(|scanned| (number(&scanned.head), scanned.cursor)).collect()
}

#[tokio::test]
async fn a_scan_gives_everything_and_can_go_on_from_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.segment_size = 20_000;
    config.largest_shared = 1 << 20;
    let archive = Archive::open(config).await.unwrap();
    for n in 0..30 {
        archive.append(entry(n, 3000)).await.unwrap();
    }
    append_large(&archive, 30, 2 << 20).await;
    append_large(&archive, 31, 3 << 20).await;
    let all = scanned(&archive, None).await;
    assert_eq!(all.iter().map(|(n, _)| *n).collect::<Vec<_>>(), (0..32).collect::<Vec<_>>());
    for (n, cursor) in &all {
        let cursor = cursor.to_string().parse().unwrap();
        let rest: Vec<_> = scanned(&archive, Some(cursor)).await.iter().map(|(n, _)| *n).collect();
        assert_eq!(rest, (n + 1..32).collect::<Vec<_>>());
    }
    // The lanes are independent: what comes now is met from the last cursor.
    archive.append(entry(32, 3000)).await.unwrap();
    append_large(&archive, 33, 2 << 20).await;
    let rest = scanned(&archive, Some(all[31].1)).await;
    assert_eq!(rest.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [32, 33]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_meets_every_entry_once_however_slow_it_is() {
    for memory in [1 << 20, 20_000] {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(folder.path());
        config.feed = memory;
        config.segment_size = 300_000;
        let archive = Arc::new(Archive::open(config).await.unwrap());
        for n in 0..50 {
            archive.append(entry(n, 2000)).await.unwrap();
        }
        let mut follower = archive.follow(None);
        let writer = tokio::spawn({
            let archive = archive.clone();
            async move {
                for n in 50..300 {
                    archive.append(entry(n, 2000)).await.unwrap();
                }
            }
        });
        let mut met = Vec::new();
        while met.len() < 300 {
            for fresh in follower.next(7).await.unwrap() {
                met.push(number(&fresh.head));
            }
            tokio::time::sleep(std::time::Duration::from_micros(300)).await;
        }
        writer.await.unwrap();
        assert_eq!(met, (0..300).collect::<Vec<_>>());
        archive.close();
        assert!(follower.next(7).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_cursor_kept_over_a_restart_gives_only_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(folder.path()).await;
    append_large(&archive, 0, 100).await;
    let mut live = archive.subscribe();
    archive.append(entry(1, 10)).await.unwrap();
    let cursor = live.next(1).await.unwrap()[0].cursor;
    drop(archive);
    drop(live);
    let archive = open(folder.path()).await;
    assert!(scanned(&archive, Some(cursor)).await.is_empty());
    let mut live = archive.subscribe();
    let file = Bytes::from_static(b"\x08\0\x16\0UI\x02\x001\0\x08\0\x18\0UI\x02\x002\0");
    let header = Arc::new(dicom::read_header(&file).unwrap());
    archive.append(NewEntry { header: Some(header.clone()), ..entry(2, 10) }).await.unwrap();
    let fresh = live.next(9).await.unwrap();
    assert!(Arc::ptr_eq(fresh[0].header.as_ref().unwrap(), &header));
    assert_eq!(scanned(&archive, Some(cursor)).await.len(), 1);
    assert!(scanned(&archive, Some(fresh[0].cursor)).await.is_empty());
}
