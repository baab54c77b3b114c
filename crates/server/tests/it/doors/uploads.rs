use super::{STUDY, data_set, file};
use crate::running::Running;
use govern::Role;
use model::Sha256Digest;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

#[tokio::test]
async fn a_folder_is_uploaded_and_can_be_taken_up_again() {
    let running = Running::start().await;
    running.account("bob", Role::Broker).await;
    let bob = running.sign_in("bob").await;
    let begun =
        bob.request(Method::POST, "/api/v1/uploads").json(&json!({ "name": "cd" })).send().await.unwrap();
    assert_eq!(begun.status(), 201);
    let id = begun.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();
    let put = async |path: &str, body: Vec<u8>, digest: Option<String>| {
        let url = format!("/api/v1/uploads/{id}/files");
        let request = bob.request(Method::PUT, &url).query(&[("path", path)]).body(body);
        let request = digest.into_iter().fold(request, |r, digest| r.header("x-content-sha256", digest));
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let bytes = file(&data_set("1.1"));
    let digest = Sha256Digest(Sha256::digest(&bytes).into()).to_hex();
    let (status, stored) = put("a/1.dcm", bytes.clone(), Some(digest)).await;
    assert_eq!((status, &stored["outcome"]), (200, &json!("stored")));
    assert_eq!(stored["studyInstanceUid"], STUDY);
    assert_eq!(put("a/2.dcm", bytes.clone(), None).await.1["outcome"], "alreadyHeld");
    assert_eq!(put("a/readme.txt", b"text".to_vec(), None).await.1["outcome"], "refused");
    assert_eq!(put("a/cut.dcm", bytes[..300].to_vec(), None).await.1["outcome"], "quarantined");
    assert_eq!(put("a/3.dcm", bytes.clone(), Some("0".repeat(64))).await.0, 400);
    let state: Value = bob.get(&format!("/api/v1/uploads/{id}")).send().await.unwrap().json().await.unwrap();
    assert_eq!(state["files"].as_array().unwrap().len(), 4);
    running.account("ann", Role::Broker).await;
    let ann = running.sign_in("ann").await;
    assert_eq!(ann.get(&format!("/api/v1/uploads/{id}")).send().await.unwrap().status(), 404);
    let finish = format!("/api/v1/uploads/{id}/finish");
    let sum: Value = bob.request(Method::POST, &finish).send().await.unwrap().json().await.unwrap();
    assert_eq!((&sum["stored"], &sum["alreadyHeld"], &sum["refused"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(sum["studyInstanceUids"], json!([STUDY]));
    assert_eq!(bob.request(Method::POST, &finish).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn those_who_may_not_store_upload_nothing() {
    let running = Running::start().await;
    running.account("rea", Role::Researcher).await;
    let rea = running.sign_in("rea").await;
    let refused = rea.request(Method::POST, "/api/v1/uploads").json(&json!({})).send().await.unwrap();
    assert_eq!(refused.status(), 403);
}

#[tokio::test]
async fn a_full_disk_is_told_at_every_door_and_nothing_is_kept() {
    let running = Running::start_with(|config| config.archive.reserve_bytes = 1 << 60).await;
    running.account("bob", Role::Broker).await;
    let bob = running.sign_in("bob").await;
    let begun = bob.request(Method::POST, "/api/v1/uploads").json(&json!({})).send().await.unwrap();
    let id = begun.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();
    let files = format!("/api/v1/uploads/{id}/files?path=a");
    let attach = "/api/v1/attachments?subject=project&id=p&name=a";
    for (method, path) in
        [(Method::PUT, files.as_str()), (Method::POST, attach), (Method::POST, "/dicom-web/studies")]
    {
        let request = bob.request(method, path).header("content-type", "application/dicom");
        let answer = request.body(file(&data_set("1.1"))).send().await.unwrap();
        assert_eq!(answer.status(), 507, "{path}");
    }
    let found =
        bob.get("/dicom-web/instances").header("accept", "application/dicom+json").send().await.unwrap();
    assert!(matches!(found.text().await.unwrap().as_str(), "" | "[]"));
}
