//! Segments in the tier and in the second copy.

use crate::archive::{Archive, ArchiveConfig, Kept};
use crate::common::{config, content, entry, segment_files};
use futures::TryStreamExt;
use intake::{Locator, Shelf};
use std::path::Path;
use store::Blobs;
use store::testing::PrivateS3;

fn tiered(folder: &Path, tier: &str) -> ArchiveConfig {
    let tier = Some(Blobs::open(tier).unwrap());
    ArchiveConfig { segment_size: 20_000, tier, keep_local: 0, ..config(folder) }
}

async fn fill(archive: &Archive, count: u64) -> Vec<Locator> {
    let mut locators = Vec::new();
    for n in 0..count {
        locators.push(archive.append(entry(n, 3000)).await.unwrap().locator);
    }
    archive.turn().await.unwrap();
    locators
}

async fn sealed(archive: &Archive) {
    while archive.segments().iter().any(|segment| !segment.placement().sealed) {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

async fn all_is_read(archive: &Archive, locators: &[Locator]) {
    for (n, locator) in locators.iter().enumerate() {
        assert_eq!(archive.read_all(locator).await.unwrap(), content(n as u64, 3000));
    }
    let wanted: Vec<_> = locators.iter().map(|locator| (locator.clone(), 10..100)).collect();
    let many = archive.read_many(&wanted).await.unwrap();
    assert!(many.iter().enumerate().all(|(n, bytes)| bytes == &content(n as u64, 3000)[10..100]));
    let scanned: Vec<_> = archive.scan(None).try_collect().await.unwrap();
    assert_eq!(
        scanned.iter().map(|scanned| &scanned.locator).collect::<Vec<_>>(),
        locators.iter().collect::<Vec<_>>()
    );
}

async fn segments_move_and_are_read_from_there(tier: &str) {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(tiered(folder.path(), tier)).await.unwrap();
    let locators = fill(&archive, 20).await;
    sealed(&archive).await;
    let segments = archive.segments().len() as u64;
    assert!(segments > 2);
    let kept = archive.keep().await.unwrap();
    assert_eq!(kept, Kept { tiered: segments, released: segments, ..Kept::default() });
    assert_eq!(segment_files(folder.path()).len(), 0);
    all_is_read(&archive, &locators).await;
    assert_eq!(archive.keep().await.unwrap(), Kept::default());
    drop(archive);
    // A new start learns from the tier what is there, and goes on with the next number.
    let archive = Archive::open(tiered(folder.path(), tier)).await.unwrap();
    all_is_read(&archive, &locators).await;
    let next = archive.append(entry(99, 10)).await.unwrap().locator;
    assert!(next.segment > locators[19].segment);
    // Purging reaches what is in the tier.
    archive.purge(&locators[3..5]).await.unwrap();
    assert_eq!(archive.keep().await.unwrap().removed, 1);
    assert!(archive.read_all(&locators[3]).await.is_err());
    assert_eq!(archive.read_all(&locators[6]).await.unwrap(), content(6, 3000));
}

#[tokio::test(flavor = "multi_thread")]
async fn to_a_folder() {
    let tier = tempfile::tempdir().unwrap();
    segments_move_and_are_read_from_there(tier.path().to_str().unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn to_s3() {
    let Some(s3) = PrivateS3::start() else { return };
    segments_move_and_are_read_from_there(&s3.uri("tier")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_go_on_while_segments_move() {
    let (folder, tier) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let config = tiered(folder.path(), tier.path().to_str().unwrap());
    let archive = std::sync::Arc::new(Archive::open(config).await.unwrap());
    let locators = fill(&archive, 60).await;
    sealed(&archive).await;
    let reader = tokio::spawn({
        let (archive, locators) = (archive.clone(), locators.clone());
        async move {
            for _ in 0..20 {
                all_is_read(&archive, &locators).await;
            }
        }
    });
    assert!(archive.keep().await.unwrap().released > 5);
    reader.await.unwrap();
}
