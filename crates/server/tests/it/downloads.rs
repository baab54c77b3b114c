//! Packages made in the background: whole, private, resumable, gone when their time is over.

use crate::exams::store;
use crate::running::{Browser, Running};
use govern::Role;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use std::time::Duration;

async fn asked(browser: &Browser<'_>, wanted: &Value) -> (StatusCode, Value) {
    let answer = browser.request(Method::POST, "/api/v1/downloads").json(wanted).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

async fn ended(browser: &Browser<'_>, id: &Value) -> Value {
    for _ in 0..1000 {
        let answer = browser.get(&format!("/api/v1/downloads/{id}")).send().await.unwrap();
        let told: Value = answer.json().await.unwrap();
        if !["waiting", "running"].contains(&told["state"].as_str().unwrap()) {
            return told;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the download did not end");
}

fn of_exam(form: &str) -> Value {
    json!({ "form": form, "parts": [{ "studyInstanceUid": "1.2.3" }] })
}

async fn brokers(running: &Running) -> [Browser<'_>; 2] {
    running.account("ann", Role::Broker).await;
    running.account("ben", Role::Broker).await;
    [running.sign_in("ann").await, running.sign_in("ben").await]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_is_made_and_given_in_parts() {
    let running = Running::start().await;
    store(&running, 3).await;
    let [ann, _] = brokers(&running).await;
    let (status, begun) = asked(&ann, &of_exam("dicom")).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{begun}");
    let told = ended(&ann, &begun["id"]).await;
    assert_eq!((&told["state"], &told["completed"], &told["total"]), (&json!("done"), &json!(3), &json!(3)));
    let path = format!("/api/v1/downloads/{}/content", begun["id"]);
    let whole = ann.get(&path).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(whole.len() as i64, told["bytes"].as_i64().unwrap());
    assert!(whole.starts_with(b"PK\x03\x04"));
    let part = ann.get(&path).header(header::RANGE, "bytes=100-199").send().await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.bytes().await.unwrap(), whole.slice(100..200));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_is_its_owners_alone() {
    let running = Running::start().await;
    store(&running, 1).await;
    let [ann, ben] = brokers(&running).await;
    let (_, begun) = asked(&ann, &of_exam("csv")).await;
    ended(&ann, &begun["id"]).await;
    let path = format!("/api/v1/downloads/{}", begun["id"]);
    for path in [path.clone(), format!("{path}/content")] {
        assert_eq!(ben.get(&path).send().await.unwrap().status(), StatusCode::NOT_FOUND);
    }
    let removed = ben.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(removed.status(), StatusCode::NOT_FOUND);
    let listed: Value = ben.get("/api/v1/downloads").send().await.unwrap().json().await.unwrap();
    assert_eq!(listed["downloads"], json!([]));
    assert_eq!(ann.request(Method::DELETE, &path).send().await.unwrap().status(), StatusCode::NO_CONTENT);
    let folder = running.app.config.data.join("downloads");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0, "its file is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_fails_with_the_reason_and_leaves_no_file() {
    let running = Running::start().await;
    let [ann, _] = brokers(&running).await;
    let (_, begun) = asked(&ann, &of_exam("dicom")).await;
    let told = ended(&ann, &begun["id"]).await;
    assert_eq!(
        (&told["state"], &told["reason"]),
        (&json!("failed"), &json!("nothing of it is held any more"))
    );
    let content = ann.get(&format!("/api/v1/downloads/{}/content", begun["id"])).send().await.unwrap();
    assert_eq!(content.status(), StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused() {
    let running = Running::start().await;
    let [ann, _] = brokers(&running).await;
    for wanted in [
        json!({ "form": "dicom", "parts": [] }),
        json!({ "form": "dicom", "parts": [{ "studyInstanceUid": "../x" }] }),
        json!({ "form": "csv", "parts": [{ "studyInstanceUid": "1.2.3" }], "columns": ["Nonsense"] }),
    ] {
        assert_eq!(asked(&ann, &wanted).await.0, StatusCode::BAD_REQUEST, "{wanted}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_that_a_stop_cut_short_is_made_by_the_next_start() {
    let running = Running::start().await;
    store(&running, 2).await;
    running.account("ann", Role::Broker).await;
    let wanted = serde_json::to_string(&of_exam("csv")).unwrap();
    // As a process leaves it that was killed while it wrote: running, a file begun.
    let (folder, config) = {
        let ann = running.sign_in("ann").await;
        let (_, begun) = asked(&ann, &of_exam("csv")).await;
        ended(&ann, &begun["id"]).await;
        let ledger = &running.app.ledger;
        let mut tx = ledger.write().await.unwrap();
        let sql = "INSERT INTO download (id, owner, form, wanted, state, done, total, written, created_at) \
                   VALUES (77, 'ann', 'csv', $1, 'running', 1, 2, 10, 1)";
        sqlx::query(sql).bind(wanted).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        std::fs::write(running.app.config.data.join("downloads/77.part"), "half").unwrap();
        running.stop_keeping().await.unwrap()
    };
    let running = Running::start_in(folder, config, crate::running::client(None)).await.unwrap();
    let ann = running.sign_in("ann").await;
    let told = ended(&ann, &json!(77)).await;
    assert_eq!(told["state"], "done", "{told}");
    let content = ann.get("/api/v1/downloads/77/content").send().await.unwrap().text().await.unwrap();
    assert_eq!(content.lines().count(), 3, "{content}");
    assert!(!running.app.config.data.join("downloads/77.part").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_an_exam_is_given_at_once() {
    let running = Running::start().await;
    store(&running, 2).await;
    let [ann, _] = brokers(&running).await;
    let path = "/api/v1/exams/1.2.3/attributes.csv?columns=PatientName,InstanceNumber&byte_order_mark=true";
    let text = ann.get(path).send().await.unwrap().text().await.unwrap();
    assert_eq!(text, "\u{feff}PatientName,InstanceNumber\r\nMüller^Jörg,1\r\nMüller^Jörg,2\r\n");
    let series = ann.get("/api/v1/exams/1.2.3/attributes.csv?level=series").send().await.unwrap();
    assert_eq!(series.text().await.unwrap().lines().count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_can_be_asked_for_once_more() {
    let running = Running::start().await;
    let [ann, ben] = brokers(&running).await;
    let (_, begun) = asked(&ann, &of_exam("csv")).await;
    assert_eq!(ended(&ann, &begun["id"]).await["state"], "failed", "nothing is held yet");
    store(&running, 2).await;
    let path = format!("/api/v1/downloads/{}/again", begun["id"]);
    let again: Value = ann.request(Method::POST, &path).send().await.unwrap().json().await.unwrap();
    let told = ended(&ann, &again["id"]).await;
    assert_eq!((&told["state"], &told["completed"]), (&json!("done"), &json!(2)));
    let others = ben.request(Method::POST, &path).send().await.unwrap();
    assert_eq!(others.status(), StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_no_download_has_are_removed_by_the_next_start() {
    let running = Running::start().await;
    store(&running, 1).await;
    let [ann, _] = brokers(&running).await;
    let (_, begun) = asked(&ann, &of_exam("csv")).await;
    let kept = ended(&ann, &begun["id"]).await["id"].as_i64().unwrap();
    // As another server on the ledger leaves it that ended a download whose file is here.
    let folder = running.app.config.data.join("downloads");
    std::fs::write(folder.join("99.zip"), "PK").unwrap();
    let (data, config) = running.stop_keeping().await.unwrap();
    let running = Running::start_in(data, config, crate::running::client(None)).await.unwrap();
    for _ in 0..1000 {
        if !folder.join("99.zip").exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!folder.join("99.zip").exists() && folder.join(format!("{kept}.csv")).exists());
    // One that is another server's to give is told so.
    std::fs::remove_file(folder.join(format!("{kept}.csv"))).unwrap();
    let ann = running.sign_in("ann").await;
    let content = ann.get(&format!("/api/v1/downloads/{kept}/content")).send().await.unwrap();
    assert_eq!(content.status(), StatusCode::CONFLICT);
    assert!(content.text().await.unwrap().contains("another server"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exam_downloaded_at_once_is_taken_out_not_only_read() {
    let running = Running::start().await;
    store(&running, 1).await;
    let [ann, _] = brokers(&running).await;
    let answer = ann.get("/api/v1/exams/1.2.3/download").send().await.unwrap();
    assert!(answer.bytes().await.unwrap().starts_with(b"PK"));
    running.account("ada", Role::Admin).await;
    let ada = running.sign_in("ada").await;
    let log: Value = ada.get("/api/v1/audit?action=export").send().await.unwrap().json().await.unwrap();
    let entry = &log["rows"][0];
    assert_eq!((&entry["action"], &entry["resources"]), (&json!("export"), &json!(["exam:1.2.3"])), "{log}");
}
