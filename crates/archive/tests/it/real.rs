//! Real images, where they are at hand.

use crate::archive::{Archive, ArchiveConfig};
use crate::common::{config, digest, entry, open};
use intake::{NewEntry, Shelf};
use std::path::PathBuf;

fn real_files(most: usize) -> Vec<PathBuf> {
    let shared = std::env::var_os("ISOCENTER_SHARED")
        .map_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into(), PathBuf::from);
    let (mut todo, mut found) = (vec![shared.join("data/dicom"), shared.join("data/series")], Vec::new());
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(path.read_dir().into_iter().flatten().flatten().map(|entry| entry.path()));
        } else if path.metadata().is_ok_and(|meta| meta.len() < 4 << 20) {
            found.push(path);
        }
    }
    found.sort();
    let step = (found.len() / most).max(1);
    found.into_iter().step_by(step).collect()
}

/// Whatever was received comes back bit for bit, also from the smaller form.
#[tokio::test(flavor = "multi_thread")]
async fn real_files_come_back_from_their_smaller_forms() {
    let files = real_files(80);
    if files.is_empty() {
        println!("skipped: no shared data");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let archive = open(folder.path()).await;
    let mut appended = Vec::new();
    for (n, path) in files.iter().enumerate() {
        let bytes = bytes::Bytes::from(std::fs::read(path).unwrap());
        let new = NewEntry { digest: digest(&bytes), content: vec![bytes.clone()], ..entry(n as u64, 0) };
        appended.push((bytes, archive.append(new).await.unwrap().locator));
    }
    let total: u64 = appended.iter().map(|(bytes, _)| bytes.len() as u64).sum();
    let done = archive.recompress(&appended[0].1.segment).await.unwrap();
    println!("{} of {} files smaller, {} of {total} bytes saved", done.entries, files.len(), done.saved);
    drop(archive);
    let archive = Archive::open(ArchiveConfig { read_only: true, ..config(folder.path()) }).await.unwrap();
    for (bytes, locator) in &appended {
        assert_eq!(&archive.read_all(locator).await.unwrap(), bytes);
        let stored = archive.read_stored(locator).await.unwrap();
        if !stored.original {
            assert!(stored.bytes.len() < bytes.len());
            assert!(dicom::read_header(&stored.bytes).is_ok(), "the smaller form is a DICOM file");
        }
    }
    assert!(done.entries > 0);
}
