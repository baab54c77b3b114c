//! Looking after the archive through the API.

use crate::doors::{STUDY, data_set, file};
use crate::running::{Browser, Running, client};
use govern::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

async fn started() -> Running {
    let running = Running::start().await;
    running.account("ada", Role::Admin).await;
    running.account("bob", Role::Broker).await;
    running
}

/// Brings instances in and waits until they are indexed.
pub(crate) async fn store(running: &Running, count: usize) {
    let bob = running.sign_in("bob").await;
    let mut body = Vec::new();
    for n in 1..=count {
        body.extend(b"--b0\r\nContent-Type: application/dicom\r\n\r\n");
        body.extend(file(&data_set(&format!("1.2.3.{n}"))));
        body.extend(b"\r\n");
    }
    body.extend(b"--b0--\r\n");
    let kind = "multipart/related; type=\"application/dicom\"; boundary=b0";
    let stored = bob.request(Method::POST, "/dicom-web/studies").header("content-type", kind).body(body);
    assert_eq!(stored.send().await.unwrap().status(), StatusCode::OK);
    until(&bob, count).await;
}

/// Waits until a search finds so many instances.
pub(crate) async fn until(browser: &Browser<'_>, count: usize) {
    for _ in 0..500 {
        let found = browser.get(&format!("/dicom-web/studies/{STUDY}/instances")).send().await.unwrap();
        let found = found.json::<Vec<Value>>().await.map_or(0, |found| found.len());
        if found == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not {count} instances after five seconds");
}

/// The last line of an answer that is told as it goes.
pub(crate) async fn done(browser: &Browser<'_>, path: &str, body: Value) -> Value {
    let answer = browser.request(Method::POST, path).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let text = answer.text().await.unwrap();
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert!(last["failed"].is_null(), "{last}");
    last["done"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_archive_is_verified_and_the_catalog_made_again() {
    let running = started().await;
    store(&running, 3).await;
    let ada = running.sign_in("ada").await;
    let verified = done(&ada, "/api/v1/archive/verify", json!({})).await;
    assert_eq!((&verified["entries"], verified["damage"].as_array().unwrap().len()), (&json!(3), 0));
    let told: Value = ada.get("/api/v1/storage").send().await.unwrap().json().await.unwrap();
    assert_eq!((&told["scrub"]["entries"], &told["scrub"]["damaged"]), (&json!(3), &json!(0)));
    assert_eq!(told["scrub"]["actor"], "ada");
    let rebuilt = done(&ada, "/api/v1/catalog/rebuild", json!({})).await;
    assert_eq!(rebuilt["entries"], 3);
    until(&running.sign_in("bob").await, 3).await;
    running.stop().await.unwrap();
}

/// Without any other copy, what is lost is told by name: cut while the server runs, and gone at its next start.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_lost_is_told_by_instance() {
    let running = started().await;
    store(&running, 3).await;
    let ada = running.sign_in("ada").await;
    let segments = running.app.config.data.join("archive/segments");
    let id = running.app.archive.segments()[0].id.clone();
    let file = std::fs::OpenOptions::new().write(true).open(segments.join(format!("{id}.tar"))).unwrap();
    file.set_len(running.app.archive.segments()[0].durable() - 200).unwrap();
    let found = done(&ada, "/api/v1/archive/verify", json!({})).await;
    let named = |found: &Value| -> Vec<String> {
        let files =
            found["damage"].as_array().unwrap().iter().flat_map(|one| one["files"].as_array().unwrap());
        files.map(|name| name.as_str().unwrap().rsplit('/').next().unwrap().to_owned()).collect()
    };
    let last = named(&found);
    assert_eq!(last.len(), 1, "{found}");
    let (folder, config) = running.stop_keeping().await.unwrap();
    let running = Running::start_in(folder, config, client(None)).await.unwrap();
    let ada = running.sign_in("ada").await;
    assert_eq!(named(&done(&ada, "/api/v1/archive/verify", json!({})).await), last);
    // What comes now is found, and nothing is written where the lost one was.
    let bob = running.sign_in("bob").await;
    let path = format!("/dicom-web/studies/{STUDY}");
    let kind = "application/dicom";
    let again = bob.request(Method::POST, &path).header("content-type", kind).body(file_of("1.2.3.9"));
    assert_eq!(again.send().await.unwrap().status(), StatusCode::OK);
    until(&bob, 4).await;
    let (folder, config) = running.stop_keeping().await.unwrap();
    std::fs::remove_dir_all(&segments).unwrap();
    let running = Running::start_in(folder, config, client(None)).await.unwrap();
    let ada = running.sign_in("ada").await;
    let mut lost = named(&done(&ada, "/api/v1/archive/verify", json!({})).await);
    lost.sort_unstable();
    assert_eq!(lost, ["1.2.3.1", "1.2.3.2", "1.2.3.3", "1.2.3.9"]);
    running.stop().await.unwrap();
}

fn file_of(instance: &str) -> Vec<u8> {
    file(&data_set(instance))
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_may_see_how_full_the_shelves_are() {
    let running = started().await;
    running.account("rita", Role::Researcher).await;
    let rita = running.sign_in("rita").await;
    let empty: Value = rita.get("/api/v1/storage").send().await.unwrap().json().await.unwrap();
    assert_eq!((&empty["modalities"], &empty["scrub"]), (&json!([]), &Value::Null));
    store(&running, 3).await;
    // Counts are kept for a hundred times as long as counting took.
    let mut told = Value::Null;
    for _ in 0..500 {
        told = rita.get("/api/v1/storage").send().await.unwrap().json().await.unwrap();
        if told["modalities"][0]["instances"] == 3 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let one = &told["modalities"][0];
    assert_eq!((&one["exams"], &one["instances"]), (&json!(1), &json!(3)), "{told}");
    assert!(one["bytes"].as_i64() > Some(1000) && told["shelves"]["bytes"].as_i64() >= one["bytes"].as_i64());
    assert!(told["shelves"]["free"].as_u64() > Some(0), "{told}");
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_filtered_and_taken_along() {
    let running = started().await;
    running.account("otto", Role::Auditor).await;
    store(&running, 1).await;
    let (bob, otto) = (running.sign_in("bob").await, running.sign_in("otto").await);
    assert_eq!(bob.get("/api/v1/audit").send().await.unwrap().status(), StatusCode::FORBIDDEN);
    assert_eq!(bob.get(&format!("/api/v1/exams/{STUDY}")).send().await.unwrap().status(), StatusCode::OK);
    let rows = async |query: &str| -> Vec<Value> {
        let answer = otto.get(&format!("/api/v1/audit?{query}")).send().await.unwrap();
        answer.json::<Value>().await.unwrap()["rows"].as_array().unwrap().clone()
    };
    let mut read = Vec::new();
    for _ in 0..100 {
        read = rows(&format!("actor=BO&action=read&object=exam:{STUDY}")).await;
        if !read.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!((read.len(), &read[0]["actor"]), (1, &json!("bob")));
    let refused = rows("outcome=refused").await;
    assert!(!refused.is_empty() && refused.iter().all(|row| row["outcome"] == "refused"), "{refused:?}");
    assert!(rows("actor=b%25b").await.is_empty(), "a wildcard is a letter");
    let at = read[0]["at"].as_str().unwrap();
    assert!(rows(&format!("actor=bob&action=read&until={at}")).await.is_empty());
    assert_eq!(rows(&format!("actor=bob&action=read&from={at}")).await.len(), 1);
    assert_eq!(otto.get("/api/v1/audit?from=noon").send().await.unwrap().status(), StatusCode::BAD_REQUEST);

    let csv = otto.get("/api/v1/audit/export?format=csv&actor=bob").send().await.unwrap();
    assert!(csv.headers()["content-disposition"].to_str().unwrap().contains("audit.csv"));
    let csv = csv.text().await.unwrap();
    assert!(csv.starts_with("number,time,who") && csv.contains(&format!("exam:{STUDY}")), "{csv}");
    assert!(csv.lines().skip(1).all(|line| line.contains(",bob,")), "{csv}");
    let all = otto.get("/api/v1/audit/export?format=ndjson").send().await.unwrap().text().await.unwrap();
    let all: Vec<Value> = all.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(all.iter().enumerate().all(|(at, row)| row["seq"] == at + 1), "every row, in order");
    assert!(all.windows(2).all(|two| two[1]["previous"] == two[0]["hash"]), "the chain can be checked");
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_is_purged_and_nothing_else() {
    let running = started().await;
    store(&running, 3).await;
    let (ada, bob) = (running.sign_in("ada").await, running.sign_in("bob").await);
    let one = format!("/dicom-web/studies/{STUDY}/instances");
    let found: Vec<Value> = bob.get(&one).send().await.unwrap().json().await.unwrap();
    let series = found[0]["0020000E"]["Value"][0].as_str().unwrap();
    let path = format!("/dicom-web/studies/{STUDY}/series/{series}/instances/1.2.3.2");
    assert_eq!(bob.request(Method::DELETE, &path).send().await.unwrap().status(), StatusCode::NO_CONTENT);
    until(&bob, 2).await;
    let purged = done(&ada, "/api/v1/archive/purge", json!({ "olderThanDays": 1 })).await;
    assert_eq!(purged["deletions"], 0);
    let purged = done(&ada, "/api/v1/archive/purge", json!({ "olderThanDays": 0 })).await;
    assert_eq!((&purged["deletions"], &purged["entries"]), (&json!(1), &json!(1)));
    let rebuilt = done(&ada, "/api/v1/catalog/rebuild", json!({})).await;
    assert_eq!(rebuilt["entries"], 4, "two instances and two decisions");
    until(&bob, 2).await;
    let restore = bob.request(Method::POST, &format!("/api/v1/exams/{STUDY}/restore")).send().await.unwrap();
    assert_eq!(restore.status(), StatusCode::NOT_FOUND);
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_after_the_archive_is_not_for_everyone() {
    let running = started().await;
    let bob = running.sign_in("bob").await;
    for path in ["archive/verify", "archive/keep", "archive/recompress", "catalog/rebuild"] {
        let asked =
            bob.request(Method::POST, &format!("/api/v1/{path}")).json(&json!({})).send().await.unwrap();
        assert_eq!(asked.status(), StatusCode::FORBIDDEN, "{path}");
    }
    let ada = running.sign_in("ada").await;
    let export = ada.request(Method::POST, "/api/v1/archive/export").json(&json!({ "folder": "/tmp/x" }));
    assert_eq!(export.send().await.unwrap().status(), StatusCode::FORBIDDEN, "only at the machine");
    running.stop().await.unwrap();
}
