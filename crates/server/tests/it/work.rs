//! Work on exams: kept before the answer, in versions, each person's own.

use crate::running::{Browser, Running};
use bytes::Bytes;
use dicom::{DataSet, TransferSyntax, tags};
use govern::Role;
use model::{Door, Source, Timestamp};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use server::workers::indexer;

const WORK: &str = "/api/v1/exams/1.2.3/work";

/// An exam of two small images, held and findable.
pub(crate) async fn exam(running: &Running) {
    for n in 1..=2 {
        take(running, image("1.2.3", n)).await;
    }
}

fn image(study: &str, n: u32) -> DataSet {
    let mut set = DataSet::new();
    set.put_text(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2");
    set.put_text(tags::SOP_INSTANCE_UID, &format!("{study}.4.{n}"));
    set.put_text(tags::STUDY_INSTANCE_UID, study);
    set.put_text(tags::SERIES_INSTANCE_UID, &format!("{study}.4"));
    set.put_text(tags::PATIENT_ID, "P1");
    set.put_text(tags::PATIENT_NAME, "Müller^Jörg");
    set.put_text(tags::STUDY_DATE, "20260131");
    set.put_text(tags::MODALITY, "CT");
    set.put_u16(tags::ROWS, 4);
    set.put_u16(tags::COLUMNS, 4);
    set.put_text(tags::INSTANCE_NUMBER, &n.to_string());
    set
}

async fn take(running: &Running, set: DataSet) {
    let file = Bytes::from(dicom::write_file(&set, &TransferSyntax::EXPLICIT_LE, None));
    let received_at = Timestamp::now();
    let source = Source { door: Door::Stow, account: "pacs".into(), peer: None, path: None, received_at };
    running.app.intake.take(file, source).await.unwrap();
    let app = &running.app;
    indexer::catch_up(&app.archive, &app.catalog, |_| ()).await.unwrap();
}

fn length(uid: &str, millimetres: f64) -> Value {
    json!({
        "trackingUid": uid,
        "tool": "Length",
        "label": "Nodule, left",
        "image": {"series": "1.2.3.4", "sop": "1.2.3.4.1"},
        "shapes": [{"graphic": "polyline", "points": [1.5, 2.5, 3.25, 0.5]}],
        "values": [{"quantity": "length", "value": millimetres, "unit": "mm", "shape": 0}],
        "state": {"handles": [[0.1, 0.2, 0.30000000000000004]]},
    })
}

async fn put(browser: &Browser<'_>, measurement: &Value, seen: Option<u32>) -> Response {
    let path = format!("{WORK}/{}", measurement["trackingUid"].as_str().unwrap());
    let request = browser.request(Method::PUT, &path).json(measurement);
    let request = match seen {
        Some(version) => request.header("if-match", format!("\"{version}\"")),
        None => request,
    };
    request.send().await.unwrap()
}

async fn remove(browser: &Browser<'_>, uid: &str, seen: u32) -> Response {
    let request = browser.request(Method::DELETE, &format!("{WORK}/{uid}"));
    request.header("if-match", format!("\"{seen}\"")).send().await.unwrap()
}

pub(crate) async fn read(browser: &Browser<'_>, path: &str) -> Value {
    let answer = browser.get(path).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_drawn_comes_back_exactly_after_a_restart_and_a_rebuild() {
    let running = Running::start().await;
    running.account("ann", Role::Broker).await;
    exam(&running).await;
    let ann = running.sign_in("ann").await;
    let drawn = length("2.25.1", 12.345_678_901_234_5);
    let saved = put(&ann, &drawn, None).await;
    assert_eq!((saved.status().as_u16(), &saved.headers()["etag"]), (200, &"\"1\"".parse().unwrap()));
    assert_eq!(put(&ann, &length("2.25.2", 3.0), None).await.status(), 200);
    assert_eq!(remove(&ann, "2.25.2", 1).await.status(), 200);
    let before = read(&ann, WORK).await;
    assert_eq!(before["measurements"][0]["measurement"], drawn);
    assert_eq!(before["measurements"][1]["removed"], true);
    let past = read(&ann, "/api/v1/exams/1.2.3/work-history").await;

    let (folder, config) = running.stop_keeping().await.unwrap();
    let client = crate::running::client(None);
    let running = Running::start_in(folder, config, client).await.unwrap();
    let ann = running.sign_in("ann").await;
    assert_eq!(read(&ann, WORK).await, before);
    let app = &running.app;
    indexer::rebuild(&app.archive, &app.catalog, |_| ()).await.unwrap();
    assert_eq!(read(&ann, WORK).await, before);
    assert_eq!(read(&ann, "/api/v1/exams/1.2.3/work-history").await, past);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_never_meet_and_of_two_windows_the_later_one_is_told() {
    let running = Running::start().await;
    exam(&running).await;
    for name in ["ann", "bob"] {
        running.account(name, Role::Broker).await;
    }
    let (ann, bob) = (running.sign_in("ann").await, running.sign_in("bob").await);
    let (anns, bobs) = (length("2.25.1", 1.0), length("2.25.2", 2.0));
    let both = futures::join!(put(&ann, &anns, None), put(&bob, &bobs, None));
    assert_eq!((both.0.status(), both.1.status()), (200.try_into().unwrap(), 200.try_into().unwrap()));
    assert_eq!(put(&bob, &anns, Some(1)).await.status(), 404, "Ann's is not Bob's to change");

    assert_eq!(put(&ann, &length("2.25.1", 5.0), Some(1)).await.status(), 200);
    let late = put(&ann, &length("2.25.1", 6.0), Some(1)).await;
    assert_eq!(late.status(), 412);
    let told: Value = late.json().await.unwrap();
    assert_eq!(told["current"]["version"], 2);
    assert_eq!(told["current"]["measurement"]["values"][0]["value"], 5.0);
    assert_eq!(put(&ann, &length("2.25.1", 5.0), Some(1)).await.status(), 200, "said twice is said once");
    assert_eq!(put(&ann, &length("2.25.1", 6.0), None).await.status(), 412);

    let seen = read(&bob, WORK).await;
    let authors: Vec<_> =
        seen["measurements"].as_array().unwrap().iter().map(|m| (&m["author"], &m["own"])).collect();
    assert_eq!(authors, [(&json!("ann"), &json!(false)), (&json!("bob"), &json!(true))]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_from_before_can_be_had_back() {
    let running = Running::start().await;
    exam(&running).await;
    running.account("ann", Role::Broker).await;
    let ann = running.sign_in("ann").await;
    put(&ann, &length("2.25.1", 1.0), None).await;
    put(&ann, &length("2.25.1", 2.0), Some(1)).await;
    remove(&ann, "2.25.1", 2).await;
    let past = read(&ann, "/api/v1/exams/1.2.3/work-history?trackingUid=2.25.1").await;
    let versions: Vec<_> = past["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| (v["version"].as_u64(), v["removed"].as_bool()))
        .collect();
    assert_eq!(versions, [(Some(3), Some(true)), (Some(2), Some(false)), (Some(1), Some(false))]);
    let first = &past["versions"][2]["measurement"];
    assert_eq!(put(&ann, first, Some(3)).await.status(), 200);
    let now = read(&ann, WORK).await;
    assert_eq!(
        (&now["measurements"][0]["version"], &now["measurements"][0]["removed"]),
        (&json!(4), &json!(false))
    );
    assert_eq!(&now["measurements"][0]["measurement"], first);
    // Only the newest version is listed with the exam, and it can be fetched as DICOM.
    let shown = read(&ann, "/api/v1/exams/1.2.3").await;
    let series: Vec<_> =
        shown["series"].as_array().unwrap().iter().filter(|s| s["modality"] == "SR").collect();
    assert_eq!((series.len(), series[0]["instances"].as_array().unwrap().len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_kept_is_refused_with_the_reason() {
    let running = Running::start().await;
    exam(&running).await;
    take(&running, image("1.9", 1)).await;
    running.account("ann", Role::Broker).await;
    running.account("rita", Role::Researcher).await;
    let ann = running.sign_in("ann").await;
    let with = |path: &str, value: Value| {
        let mut changed = length("2.25.1", 1.0);
        *changed.pointer_mut(path).unwrap() = value;
        changed
    };
    for wrong in [
        with("/image/sop", json!("1.9.4.1")),
        with("/image/sop", json!("7.7.7")),
        with("/shapes/0/points", json!([1.0, 2.0, 3.0])),
        with("/shapes/0/graphic", json!("point")),
        with("/values/0/shape", json!(3)),
        with("/values/0/unit", json!("very long unit of nobody")),
        with("/tool", json!("../Length")),
        with("/label", json!("x".repeat(2000))),
        with("/state", json!("x".repeat(1_100_000))),
        with("/trackingUid", json!("2.25.01")),
    ] {
        assert_eq!(put(&ann, &wrong, None).await.status(), 422, "{}", wrong["trackingUid"]);
    }
    assert_eq!(read(&ann, WORK).await["measurements"], json!([]));
    assert_eq!(remove(&ann, "2.25.1", 1).await.status(), 404);
    let rita = running.sign_in("rita").await;
    assert_eq!(put(&rita, &length("2.25.1", 1.0), None).await.status(), 403);
    assert_eq!(rita.get(WORK).send().await.unwrap().status(), 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_changes_at_once_are_all_kept() {
    let running = Running::start().await;
    exam(&running).await;
    running.account("ann", Role::Broker).await;
    let (one, other) = (running.sign_in("ann").await, running.sign_in("ann").await);
    let all: Vec<Value> = (1..=12).map(|n| length(&format!("2.25.{n}"), f64::from(n))).collect();
    let browsers = [&one, &other];
    let sent = all.iter().enumerate().map(|(at, drawn)| put(browsers[at % 2], drawn, None));
    for answer in futures::future::join_all(sent).await {
        assert_eq!(answer.status(), 200);
    }
    let kept = read(&one, WORK).await;
    assert_eq!(kept["measurements"].as_array().unwrap().len(), 12);
    let conflicts = read(&one, "/api/v1/conflicts").await;
    assert_eq!(conflicts["conflicts"], json!([]));
}
