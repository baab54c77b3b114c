//! Peers through the API: two servers that echo, query, send and fetch.

use super::support::{EVERYTHING, EXPLICIT, House, SECONDARY_CAPTURE, instance};
use crate::running::{Browser, Running};
use dicom::net::dimse::Status;
use dicom::net::scu::{Outgoing, Sender};
use govern::Role;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

async fn post(browser: &Browser<'_>, path: &str, body: &Value) -> (u16, Value) {
    let answer = browser.request(Method::POST, path).json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// Waits until a transfer ends.
async fn ended(browser: &Browser<'_>, id: &Value) -> Value {
    for _ in 0..200 {
        let body: Value = browser.get("/api/v1/transfers").send().await.unwrap().json().await.unwrap();
        let transfers = body["transfers"].as_array().unwrap();
        let one = transfers.iter().find(|one| one["id"] == *id).unwrap();
        if one["state"] == "done" || one["state"] == "failed" {
            return one.clone();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it does not end");
}

/// A port nobody listens on now.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exam_is_found_fetched_and_sent_back() {
    let remote = House::open_with(|config| config.ae_title = "REMOTE".into()).await;
    let association = remote.call("SCANNER", &[(SECONDARY_CAPTURE, EXPLICIT)]).await.unwrap();
    let mut sender = Sender::new(association);
    for n in 1..=3 {
        let sop = format!("1.2.1.1.{n}");
        let outgoing = Outgoing {
            sop_class: SECONDARY_CAPTURE,
            sop_instance: &sop,
            transfer_syntax: EXPLICIT,
            data_set: &[instance("1.2.1", "1.2.1.1", &sop)],
            originator: None,
        };
        assert_eq!(sender.send(&outgoing).await.unwrap(), Status::SUCCESS);
    }
    remote.index().await;
    let port = free_port();
    let ours = Running::start_with(|config| config.dimse.listen.set_port(port)).await;
    remote.add_peer("ISOCENTER", Some(port), EVERYTHING).await;
    ours.account("root", Role::Admin).await;
    let root = ours.sign_in("root").await;

    let entry = json!({
        "name": "remote", "aeTitle": "REMOTE", "host": "127.0.0.1", "port": remote.address.port(),
        "mayStore": true,
    });
    assert_eq!(post(&root, "/api/v1/peers", &entry).await.0, 201);
    assert_eq!(post(&root, "/api/v1/peers/remote/echo", &json!({})).await.0, 200);
    let question = json!({ "level": "STUDY", "keys": { "PatientID": "P1", "StudyInstanceUID": "" } });
    let (status, found) = post(&root, "/api/v1/peers/remote/query", &question).await;
    assert_eq!((status, &found["matches"][0]["0020000D"]["Value"][0]), (200, &json!("1.2.1")));

    let exam = json!({ "studyInstanceUid": "1.2.1" });
    let (status, begun) = post(&root, "/api/v1/peers/remote/fetch", &exam).await;
    assert_eq!(status, 202, "{begun}");
    let fetched = ended(&root, &begun["id"]).await;
    assert_eq!((&fetched["state"], &fetched["completed"]), (&json!("done"), &json!(3)), "{fetched}");

    let (status, begun) = post(&root, "/api/v1/peers/remote/send", &exam).await;
    assert_eq!(status, 202, "{begun}");
    let sent = ended(&root, &begun["id"]).await;
    assert_eq!((&sent["state"], &sent["completed"]), (&json!("done"), &json!(3)), "{sent}");

    let (status, problem) = post(&root, "/api/v1/peers/nobody/echo", &json!({})).await;
    assert_eq!((status, &problem["status"]), (404, &json!(404)));
    ours.account("ann", Role::Researcher).await;
    let ann = ours.sign_in("ann").await;
    assert_eq!(post(&ann, "/api/v1/peers/remote/send", &exam).await.0, 403);
    drop((root, ann));
    ours.stop().await.unwrap();
}
