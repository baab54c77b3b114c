use crate::running::{Browser, Running};
use bytes::Bytes;
use dicom::{DataSet, TransferSyntax, tags};
use govern::Role;
use model::{Door, Source, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};
use server::workers::indexer;
use std::time::Duration;

/// The `n`th instance of a small exam.
fn file(n: u32) -> Bytes {
    let mut set = DataSet::new();
    set.put_text(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.7");
    set.put_text(tags::SOP_INSTANCE_UID, &format!("1.2.3.4.{n}"));
    set.put_text(tags::STUDY_INSTANCE_UID, "1.2.3");
    set.put_text(tags::SERIES_INSTANCE_UID, "1.2.3.4");
    set.put_text(tags::PATIENT_ID, "P1");
    set.put_text(tags::PATIENT_NAME, "Müller^Jörg");
    set.put_text(tags::STUDY_DATE, "20260131");
    set.put_text(tags::STUDY_TIME, "123456");
    set.put_text(tags::MODALITY, "CT");
    set.put_text(tags::INSTANCE_NUMBER, &n.to_string());
    Bytes::from(dicom::write_file(&set, &TransferSyntax::EXPLICIT_LE, None))
}

pub async fn store(running: &Running, count: u32) {
    for n in 1..=count {
        let mut incoming = running.app.intake.begin();
        incoming.push(file(n)).await.unwrap();
        let received_at = Timestamp::now();
        let source =
            Source { door: Door::Upload, account: "ann".into(), peer: None, path: None, received_at };
        incoming.finish(source).await.unwrap();
    }
    indexed(running, i64::from(count)).await;
}

/// Waits for the indexer, which is never far behind.
pub(crate) async fn indexed(running: &Running, instances: i64) {
    for _ in 0..500 {
        if running.app.catalog.counts().await.unwrap().instances == instances {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the indexer did not come by");
}

async fn search(browser: &Browser<'_>, wanted: Value) -> Value {
    let answer = browser.request(Method::POST, "/api/v1/exams/search").json(&wanted).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{wanted}");
    answer.json().await.unwrap()
}

async fn json(browser: &Browser<'_>, path: &str) -> Value {
    let answer = browser.get(path).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_stored_is_found_shown_deleted_and_restored() {
    let running = Running::start().await;
    running.account("ann", Role::Broker).await;
    let ann = running.sign_in("ann").await;
    store(&running, 3).await;

    let list = search(&ann, json!({"q": "mull", "from": "2026-01-01"})).await;
    assert_eq!(list["total"], json!({"value": 1, "exact": true}));
    let exam = &list["exams"][0];
    assert_eq!((&exam["patientName"], &exam["studyDate"]), (&json!("Müller^Jörg"), &json!("2026-01-31")));
    assert_eq!((&exam["modalities"], &exam["studyTime"]), (&json!(["CT"]), &json!("12:34:56")));
    assert_eq!(exam["hasPicture"], false, "it has no pixels");

    let shown = json(&ann, "/api/v1/exams/1.2.3").await;
    assert_eq!(shown["series"][0]["instances"].as_array().unwrap().len(), 3);
    assert_eq!(shown["sources"][0]["door"], "upload");
    let attributes = json(&ann, "/api/v1/exams/1.2.3/instances/1.2.3.4.2/attributes").await;
    let name = attributes.as_array().unwrap().iter().find(|a| a["keyword"] == "PatientName").unwrap();
    assert_eq!(name["value"], json!(["Müller^Jörg"]));

    let status = |answer: reqwest::Response| answer.status().as_u16();
    let delete = ann.request(Method::DELETE, "/api/v1/exams/1.2.3?reason=test").send().await.unwrap();
    assert_eq!(status(delete), 204);
    assert_eq!(status(ann.get("/api/v1/exams/1.2.3").send().await.unwrap()), 404);
    let deleted = json(&ann, "/api/v1/deleted").await;
    assert_eq!(deleted["deleted"][0]["exam"]["studyInstanceUid"], "1.2.3");
    let restore = ann.request(Method::POST, "/api/v1/exams/1.2.3/restore").send().await.unwrap();
    assert_eq!(status(restore), 204);
    assert_eq!(search(&ann, json!({})).await["total"]["value"], 1);
    assert_eq!(json(&ann, "/api/v1/conflicts").await["conflicts"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_catalog_can_be_made_again_from_the_archive_alone() {
    let running = Running::start().await;
    running.account("ann", Role::Broker).await;
    let ann = running.sign_in("ann").await;
    store(&running, 5).await;
    let delete = ann.request(Method::DELETE, "/api/v1/exams/1.2.3").send().await.unwrap();
    assert_eq!(delete.status(), 204);
    let before = json(&ann, "/api/v1/deleted").await;
    let app = &running.app;
    indexer::rebuild(&app.archive, &app.catalog, |_| ()).await.unwrap();
    assert_eq!(json(&ann, "/api/v1/deleted").await, before);
    ann.request(Method::POST, "/api/v1/exams/1.2.3/restore").send().await.unwrap();
    assert_eq!(json(&ann, "/api/v1/exams/1.2.3").await["exam"]["instanceCount"], 5);
}

#[tokio::test]
async fn exams_are_for_those_who_may_see_them() {
    let running = Running::start().await;
    running.account("rita", Role::Researcher).await;
    let rita = running.sign_in("rita").await;
    let search = rita.request(Method::POST, "/api/v1/exams/search").json(&json!({}));
    assert_eq!(search.send().await.unwrap().status(), 403);
    for path in ["/api/v1/exams/1.2.3", "/api/v1/conflicts", "/api/v1/deleted"] {
        assert_eq!(rita.get(path).send().await.unwrap().status(), 403, "{path}");
        assert_eq!(running.get(path).send().await.unwrap().status(), 401, "{path}");
    }
}
