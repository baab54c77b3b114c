//! Tables on a shelf: versions, and what is there when they are opened again.

use object_store::ObjectStore;
use object_store::memory::InMemory;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Blobs;
use warehouse::rows::Rows;
use warehouse::schema::table;
use warehouse::shelf::Shelf;

async fn put(shelf: &Shelf, bucket: i64, patients: &[i64]) -> u64 {
    let table = table("patient").unwrap();
    let mut rows = Rows::of(table);
    for patient in patients {
        rows.push([(*patient).into()]);
    }
    let buckets = BTreeSet::from([bucket]);
    shelf.replace(table, &buckets, vec![(bucket, rows.finish().unwrap())]).await.unwrap()
}

async fn rows(shelf: &Shelf, version: Option<u64>) -> u64 {
    shelf.files(table("patient").unwrap(), version).await.unwrap().iter().map(|file| file.rows).sum()
}

async fn every_version_stays(objects: Arc<dyn ObjectStore>) {
    let shelf = Shelf::open(objects.clone()).await.unwrap();
    let first = put(&shelf, 0, &[1, 2]).await;
    let second = put(&shelf, 1, &[5000]).await;
    assert_eq!(put(&shelf, 1, &[5000]).await, second, "the same rows are the same version");
    let third = put(&shelf, 0, &[1]).await;
    let shelf = Shelf::open(objects).await.unwrap();
    for (version, count) in [(Some(first), 2), (Some(second), 3), (Some(third), 2), (None, 2)] {
        assert_eq!(rows(&shelf, version).await, count, "{version:?}");
    }
    assert_eq!(put(&shelf, 1, &[]).await, third + 1);
    assert_eq!(rows(&shelf, None).await, 1);
    assert_eq!(shelf.last_bucket().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_version_stays_in_memory() {
    every_version_stays(Arc::new(InMemory::new())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_version_stays_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    every_version_stays(Blobs::open(&folder.path().to_string_lossy()).unwrap().objects()).await;
}
