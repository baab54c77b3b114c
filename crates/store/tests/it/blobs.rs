//! One suite for a folder and for S3.

use bytes::Bytes;
use futures::TryStreamExt;
use std::io::Write;
use store::testing::PrivateS3;
use store::{BlobError, Blobs};

async fn blobs_are_kept(blobs: &Blobs) {
    blobs.put("a/small", Bytes::from_static(b"hello")).await.unwrap();
    assert_eq!(blobs.get_range("a/small", 1..4).await.unwrap(), "ell");
    assert_eq!(blobs.get_last("a/small", 2).await.unwrap(), "lo");
    assert_eq!(blobs.get_last("a/small", 99).await.unwrap(), "hello");
    assert!(blobs.get_range("a/small", 3..9).await.is_err());
    assert_eq!(blobs.head("a/small").await.unwrap().unwrap().length, 5);
    assert_eq!(blobs.head("nothing").await.unwrap(), None);
    assert!(matches!(blobs.get_range("nothing", 0..1).await, Err(BlobError::NotFound(_))));
}

async fn a_file_goes_there_in_parts(blobs: &Blobs) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let content: Vec<u8> = (0..20_000_001_u32).map(|n| (n % 251) as u8).collect();
    file.write_all(&content).unwrap();
    let sent = blobs.put_file("b/big.tar", file.path()).await.unwrap();
    assert_eq!(sent, content.len() as u64);
    let back: Vec<Bytes> = blobs.get("b/big.tar").await.unwrap().try_collect().await.unwrap();
    assert_eq!(back.concat(), content);
    assert_eq!(blobs.get_range("b/big.tar", 16 << 20..20_000_001).await.unwrap(), content[16 << 20..]);
}

async fn blobs_are_listed_and_removed(blobs: &Blobs) {
    for name in ["c/1", "c/2/3", "d"] {
        blobs.put(name, Bytes::from_static(b"x")).await.unwrap();
    }
    let names = async |below: &str| {
        let listed: Vec<_> = blobs.list(below).try_collect().await.unwrap();
        let mut names: Vec<_> = listed.into_iter().map(|blob| blob.name).collect();
        names.sort();
        names
    };
    assert_eq!(names("c").await, ["c/1", "c/2/3"]);
    blobs.delete("c/1").await.unwrap();
    blobs.delete("c/1").await.unwrap();
    assert_eq!(names("c").await, ["c/2/3"]);
    assert!(names("").await.contains(&"d".to_owned()));
}

async fn suite(uri: &str) {
    let blobs = Blobs::open(uri).unwrap();
    blobs_are_kept(&blobs).await;
    a_file_goes_there_in_parts(&blobs).await;
    blobs_are_listed_and_removed(&blobs).await;
}

#[tokio::test]
async fn in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    suite(folder.path().join("new").to_str().unwrap()).await;
    suite(&format!("file://{}", folder.path().display())).await;
}

#[tokio::test]
async fn on_s3() {
    let Some(s3) = PrivateS3::start() else { return };
    suite(&s3.uri("some/prefix")).await;
}
