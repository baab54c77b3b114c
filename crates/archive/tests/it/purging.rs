//! Taking entries away, and keeping originals in a smaller form.

use crate::archive::{Archive, ArchiveConfig, Cursor, ReadError, Recode, VerifyOptions};
use crate::common::{config, content, digest, entry, open, segment_files};
use bytes::Bytes;
use flate2::Compression;
use flate2::read::{ZlibDecoder, ZlibEncoder};
use futures::TryStreamExt;
use intake::{Locator, NewEntry, Shelf};
use std::io::Read;
use std::sync::Arc;

async fn fill(archive: &Archive, count: u64) -> Vec<Locator> {
    let mut locators = Vec::new();
    for n in 0..count {
        locators.push(archive.append(entry(n, 3000)).await.unwrap().locator);
    }
    locators
}

async fn numbers(archive: &Archive, from: Option<Cursor>) -> Vec<u64> {
    let scanned: Vec<_> = archive.scan(from).try_collect().await.unwrap();
    scanned.iter().map(|scanned| scanned.head.details["number"].as_u64().unwrap()).collect()
}

async fn check(archive: &Archive, locators: &[Locator], purged: &[usize]) {
    for (n, locator) in locators.iter().enumerate() {
        let read = archive.read_all(locator).await;
        if purged.contains(&n) {
            assert!(matches!(read, Err(ReadError::Purged)), "{n}: {read:?}");
        } else {
            assert_eq!(read.unwrap(), content(n as u64, 3000));
        }
    }
    let left: Vec<_> = (0..locators.len()).filter(|n| !purged.contains(n)).map(|n| n as u64).collect();
    assert_eq!(numbers(archive, None).await, left);
    let verified = archive.verify(VerifyOptions { elsewhere: true, repair: false }, |_, _| {}).await;
    assert!(verified.is_whole(), "{verified:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn purged_entries_are_gone_and_the_others_stay_where_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(folder.path()).await;
    let locators = fill(&archive, 20).await;
    let scanned: Vec<_> = archive.scan(None).try_collect().await.unwrap();
    let halfway = scanned[9].cursor;
    archive.purge(&[locators[4].clone(), locators[12].clone()]).await.unwrap();
    check(&archive, &locators, &[4, 12]).await;
    // Cursors count on as before.
    assert_eq!(numbers(&archive, Some(halfway)).await, [10, 11, 13, 14, 15, 16, 17, 18, 19]);
    drop(archive);
    let archive = open(folder.path()).await;
    check(&archive, &locators, &[4, 12]).await;
    archive.purge(&[locators[19].clone(), locators[4].clone()]).await.unwrap();
    check(&archive, &locators, &[4, 12, 19]).await;
    assert_eq!(numbers(&archive, Some(scanned[18].cursor)).await, [0; 0]);
    let bytes: Vec<u8> =
        segment_files(folder.path()).iter().flat_map(|file| std::fs::read(file).unwrap()).collect();
    let gone = content(4, 3000);
    assert!(!bytes.windows(64).any(|window| window == &gone[100..164]), "nothing of it is on the disk");
}

/// Whatever the moment of a crash while rewriting, the next start finds one whole form.
#[tokio::test(flavor = "multi_thread")]
async fn a_crash_while_rewriting_leaves_one_form() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(folder.path()).await;
    let locators = fill(&archive, 5).await;
    archive.turn().await.unwrap();
    archive.close();
    let old = segment_files(folder.path()).remove(0);
    let bytes = std::fs::read(&old).unwrap();
    drop(archive);
    let archive = open(folder.path()).await;
    archive.purge(&locators[1..2]).await.unwrap();
    drop(archive);
    std::fs::write(&old, bytes).unwrap(); // the old form was not removed yet
    std::fs::write(folder.path().join("incoming/x.rewritten"), b"half").unwrap();
    let archive = open(folder.path()).await;
    check(&archive, &locators, &[1]).await;
    assert_eq!(segment_files(folder.path()).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_and_scans_go_on_while_segments_are_rewritten() {
    let folder = tempfile::tempdir().unwrap();
    let config = ArchiveConfig { segment_size: 60_000, ..config(folder.path()) };
    let archive = Arc::new(Archive::open(config).await.unwrap());
    let locators = fill(&archive, 100).await;
    let reader = tokio::spawn({
        let (archive, locators) = (archive.clone(), locators.clone());
        async move {
            for _ in 0..30 {
                for n in (1..100).step_by(2) {
                    assert_eq!(archive.read_all(&locators[n]).await.unwrap(), content(n as u64, 3000));
                }
                let seen = numbers(&archive, None).await;
                assert!(seen.is_sorted() && (1..100).step_by(2).all(|n| seen.contains(&n)));
            }
        }
    });
    for n in (0..100).step_by(2) {
        archive.purge(&locators[n..=n]).await.unwrap();
    }
    reader.await.unwrap();
}

/// A stand-in for lossless image compression.
const ZLIB: Recode = Recode {
    shrink: |original| {
        let mut smaller = Vec::new();
        ZlibEncoder::new(&original[..], Compression::fast()).read_to_end(&mut smaller).ok()?;
        Some((smaller.into(), "zlib".into()))
    },
    restore: |smaller, _| {
        let mut original = Vec::new();
        ZlibDecoder::new(&smaller[..]).read_to_end(&mut original)?;
        Ok(original.into())
    },
};

#[tokio::test(flavor = "multi_thread")]
async fn a_smaller_form_gives_the_original_back() {
    let folder = tempfile::tempdir().unwrap();
    let config = || ArchiveConfig { recode: ZLIB, ..config(folder.path()) };
    let archive = Archive::open(config()).await.unwrap();
    let mut appended = Vec::new();
    for n in 0..6_u8 {
        // Every other one can't be made smaller.
        let bytes = if n % 2 == 0 { vec![n; 50_000].into() } else { content(n.into(), 50_000) };
        let new = NewEntry { digest: digest(&bytes), content: vec![bytes.clone()], ..entry(n.into(), 0) };
        appended.push((bytes, archive.append(new).await.unwrap().locator));
    }
    let segment = appended[0].1.segment.clone();
    let done = archive.recompress(&segment).await.unwrap();
    assert_eq!(done.entries, 3);
    assert!(done.saved > 140_000);
    archive.purge(&[appended[5].1.clone()]).await.unwrap();
    assert_eq!(archive.recompress(&segment).await.unwrap().entries, 0);
    drop(archive);
    let archive = Archive::open(config()).await.unwrap();
    for (bytes, locator) in &appended[..5] {
        assert_eq!(archive.read_all(locator).await.unwrap(), bytes);
        assert_eq!(archive.read(locator, 7..99).await.unwrap(), bytes[7..99]);
        let stored = archive.read_stored(locator).await.unwrap();
        assert_eq!(stored.original, bytes[0] != bytes[1]);
        assert_eq!(stored.bytes.len() < 1000, !stored.original);
    }
    let verified = archive.verify(VerifyOptions { elsewhere: false, repair: false }, |_, _| {}).await;
    assert!(verified.is_whole() && verified.entries == 5, "{verified:?}");
}

/// A compressor that lies is caught before its work is used.
#[tokio::test(flavor = "multi_thread")]
async fn a_smaller_form_that_does_not_restore_is_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let recode = Recode {
        shrink: |original| Some((original.slice(..10), "half".into())),
        restore: |smaller, _| Ok(Bytes::copy_from_slice(smaller)),
    };
    let archive = Archive::open(ArchiveConfig { recode, ..config(folder.path()) }).await.unwrap();
    let locators = fill(&archive, 3).await;
    assert_eq!(archive.recompress(&locators[0].segment).await.unwrap().entries, 0);
    check(&archive, &locators, &[]).await;
}

/// What rooms to the right spawn must be able to move between threads.
#[expect(dead_code, reason = "compiling it is the test")]
fn futures_can_be_spawned(archive: &'static Archive, locators: &'static [Locator]) {
    fn is_send(_: impl Send) {}
    is_send(archive.purge(locators));
    is_send(archive.recompress(&locators[0].segment));
    is_send(archive.keep());
    is_send(archive.verify(VerifyOptions { elsewhere: true, repair: true }, |_, _| {}));
}
