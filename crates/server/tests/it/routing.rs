//! Routing rules on two houses: what one sends on, the other has.

use crate::dimse::support::{EVERYTHING, House, instance};
use crate::running::{Browser, Running, client};
use bytes::Bytes;
use govern::Role;
use model::{Door, Source, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

async fn ask(browser: &Browser<'_>, method: Method, path: &str, body: &Value) -> (u16, Value) {
    let answer = browser.request(method, path).json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
}

/// Takes an instance that came from an account.
async fn take(running: &Running, study: &str, number: u32) {
    let data_set = instance(study, &format!("{study}.1"), &format!("{study}.1.{number}"));
    let set =
        dicom::read_data_set(&data_set, &dicom::TransferSyntax::EXPLICIT_LE, &dicom::ReadOptions::default());
    let file = dicom::write_file(&set.unwrap(), &dicom::TransferSyntax::EXPLICIT_LE, None);
    let mut incoming = running.app.intake.begin();
    incoming.push(Bytes::from(file)).await.unwrap();
    let received_at = Timestamp::now();
    let source = Source { door: Door::Upload, account: "ann".into(), peer: None, path: None, received_at };
    incoming.finish(source).await.unwrap();
}

/// Waits until so many transfers are done, and gives how much each had, the newest first.
async fn done(browser: &Browser<'_>, count: usize) -> Vec<i64> {
    for _ in 0..400 {
        let body: Value = browser.get("/api/v1/transfers").send().await.unwrap().json().await.unwrap();
        let transfers = body["transfers"].as_array().unwrap().clone();
        if transfers.iter().filter(|one| one["state"] == "done").count() >= count {
            return transfers.iter().map(|one| one["completed"].as_i64().unwrap()).collect();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("not so many were sent");
}

async fn nothing_waits(browser: &Browser<'_>) {
    for _ in 0..400 {
        let body: Value = browser.get("/api/v1/routing").send().await.unwrap().json().await.unwrap();
        if body["rules"].as_array().unwrap().iter().all(|rule| rule["waiting"] == 0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("something waits for ever");
}

fn rule(modality: &str) -> Value {
    json!({ "name": "To the trial", "peers": ["remote"], "quietSeconds": 1,
        "conditions": { "modalities": [modality], "senders": ["ann"], "keys": { "PatientName": "Doe*" } } })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_arrives_is_sent_once_and_of_what_follows_only_that_also_after_a_restart_and_a_rebuild() {
    let remote = House::open_with(|config| config.ae_title = "REMOTE".into()).await;
    remote.add_peer("ISOCENTER", None, EVERYTHING).await;
    let ours = Running::start().await;
    ours.account("root", Role::Admin).await;
    let root = ours.sign_in("root").await;
    let entry =
        json!({ "name": "remote", "aeTitle": "REMOTE", "host": "127.0.0.1", "port": remote.address.port() });
    assert_eq!(ask(&root, Method::POST, "/api/v1/peers", &entry).await.0, 201);
    take(&ours, "1.2.8", 1).await;

    let (status, kept) = ask(&root, Method::POST, "/api/v1/routing", &rule("OT")).await;
    assert_eq!((status, &kept["isOn"], &kept["version"]), (201, &json!(false), &json!(1)), "{kept}");
    let path = format!("/api/v1/routing/{}", kept["id"]);
    let trial = json!({ "conditions": rule("OT")["conditions"] });
    ours.app.catalog.counts().await.unwrap();
    let tried = loop {
        let (_, tried) = ask(&root, Method::POST, "/api/v1/routing/try", &trial).await;
        if tried["looked"] == 1 {
            break tried;
        }
    };
    assert_eq!((&tried["matched"], &tried["complete"]), (&json!(1), &json!(true)));
    let other = json!({ "conditions": rule("CT")["conditions"] });
    assert_eq!(ask(&root, Method::POST, "/api/v1/routing/try", &other).await.1["matched"], 0);

    let on = json!({ "version": 1, "isOn": true, "rule": rule("OT") });
    assert_eq!(ask(&root, Method::PUT, &path, &on).await.1["version"], 2);
    assert_eq!(ask(&root, Method::PUT, &path, &on).await.0, 409, "somebody changed it meanwhile");
    take(&ours, "1.2.9", 1).await;
    take(&ours, "1.2.9", 2).await;
    assert_eq!(done(&root, 1).await, [2], "not the exam that was here before");
    take(&ours, "1.2.9", 3).await;
    assert_eq!(done(&root, 2).await, [1, 2]);

    // It stands in the ledger, whatever happens to the process.
    take(&ours, "1.2.9", 4).await;
    drop(root);
    let (folder, config) = ours.stop_keeping().await.unwrap();
    let ours = Running::start_in(folder, config, client(None)).await.unwrap();
    let root = ours.sign_in("root").await;
    assert_eq!(done(&root, 3).await, [1, 1, 2]);
    let rebuilt = root.request(Method::POST, "/api/v1/catalog/rebuild").send().await.unwrap();
    assert!(rebuilt.text().await.unwrap().contains("done"));
    tokio::time::sleep(Duration::from_secs(1)).await;
    nothing_waits(&root).await;
    assert_eq!(done(&root, 3).await.len(), 3, "a catalog made again sends nothing again");
    remote.index().await;
    assert_eq!(remote.app.catalog.counts().await.unwrap().instances, 4);
    let (_, versions) = ask(&root, Method::GET, &format!("{path}/versions"), &json!({})).await;
    assert_eq!(versions["rules"].as_array().unwrap().len(), 2);
    drop(root);
    ours.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_that_makes_no_sense_is_refused_and_a_transfer_that_failed_is_tried_again() {
    let ours = Running::start().await;
    ours.account("root", Role::Admin).await;
    ours.account("rita", Role::Researcher).await;
    let rita = ours.sign_in("rita").await;
    assert_eq!(ask(&rita, Method::POST, "/api/v1/routing", &rule("OT")).await.0, 403);
    let root = ours.sign_in("root").await;
    let (status, problem) = ask(&root, Method::POST, "/api/v1/routing", &rule("OT")).await;
    assert_eq!(status, 400);
    assert!(problem["detail"].as_str().unwrap().contains("no peer remote; enter it first"), "{problem}");
    let entry = json!({ "name": "remote", "aeTitle": "REMOTE", "host": "127.0.0.1", "port": 1 });
    assert_eq!(ask(&root, Method::POST, "/api/v1/peers", &entry).await.0, 201);
    let mut wrong = rule("OT");
    wrong["conditions"]["keys"] = json!({ "NoKeyword": "x" });
    assert_eq!(ask(&root, Method::POST, "/api/v1/routing", &wrong).await.0, 400);

    take(&ours, "1.2.9", 1).await;
    let (_, begun) =
        ask(&root, Method::POST, "/api/v1/peers/remote/send", &json!({ "studyInstanceUid": "1.2.9" })).await;
    let path = format!("/api/v1/transfers/{}", begun["id"]);
    assert_eq!(ask(&root, Method::POST, &format!("{path}/retry"), &json!({})).await.0, 409);
    assert_eq!(ask(&root, Method::DELETE, &path, &json!({})).await.0, 200);
    let (status, again) = ask(&root, Method::POST, &format!("{path}/retry"), &json!({})).await;
    assert_eq!((status, &again["state"]), (200, &json!("waiting")));
    drop((root, rita));
    ours.stop().await.unwrap();
}
