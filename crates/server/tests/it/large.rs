//! The large installation: the same server on PostgreSQL, with its sealed segments on S3 alone.

use crate::doors::STUDY;
use crate::running::{Browser, Running, client, config};
use crate::shelves::{done, store, until};
use govern::Role;
use reqwest::header::ACCEPT;
use serde_json::{Value, json};
use server::Config;
use std::time::Duration;
use store::testing::{PrivatePostgres, PrivateS3};
use tempfile::TempDir;

fn large(data: &TempDir, ledger: &str, objects: &str) -> Config {
    let mut config = config(data);
    config.store.ledger = Some(ledger.into());
    config.store.objects = Some(objects.into());
    config.archive.keep_local_bytes = Some(0);
    config.archive.upkeep_seconds = 1;
    config
}

async fn start(data: &TempDir, ledger: &str, objects: &str) -> Running {
    let config = large(data, ledger, objects);
    Running::start_in(tempfile::tempdir().unwrap(), config, client(None)).await.unwrap()
}

/// The bytes of every instance of the exam, as they came.
async fn retrieved(browser: &Browser<'_>) -> usize {
    let kind = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";
    let answer =
        browser.get(&format!("/dicom-web/studies/{STUDY}")).header(ACCEPT, kind).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let body = answer.bytes().await.unwrap();
    body.windows(4).filter(|bytes| bytes == b"DICM").count()
}

/// Local files of segments that are sealed.
fn local_segments(data: &TempDir) -> usize {
    let files = walkdir::WalkDir::new(data.path().join("data/archive")).into_iter().filter_map(Result::ok);
    files.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "tar")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_and_s3_serve_what_a_folder_and_sqlite_do() {
    let (Some(postgres), Some(s3)) = (PrivatePostgres::start(), PrivateS3::start()) else { return };
    let (data, ledger, objects) = (tempfile::tempdir().unwrap(), postgres.new_database(), s3.uri("large"));
    let running = start(&data, &ledger, &objects).await;
    running.account("ada", Role::Admin).await;
    running.account("bob", Role::Broker).await;
    store(&running, 3).await;

    assert_eq!(local_segments(&data), 1);
    running.app.archive.seal().await.unwrap();
    for _ in 0..300 {
        if local_segments(&data) == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(local_segments(&data), 0, "sealed segments live on S3 alone");
    assert_eq!(retrieved(&running.sign_in("bob").await).await, 3);
    running.stop().await.unwrap();

    let again = start(&data, &ledger, &objects).await;
    let (ada, bob) = (again.sign_in("ada").await, again.sign_in("bob").await);
    until(&bob, 3).await;
    let verified: Value = done(&ada, "/api/v1/archive/verify", json!({})).await;
    assert_eq!(verified["damage"], json!([]));
    done(&ada, "/api/v1/catalog/rebuild", json!({})).await;
    until(&bob, 3).await;
    assert_eq!(retrieved(&bob).await, 3);
    again.stop().await.unwrap();
}
