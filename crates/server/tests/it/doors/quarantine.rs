use super::{data_set, file, soon};
use crate::running::Running;
use govern::Role;
use reqwest::Method;
use serde_json::Value;

#[tokio::test]
async fn what_can_not_be_taken_is_listed_read_tried_again_and_discarded() {
    let running = Running::start().await;
    running.account("bob", Role::Broker).await;
    let bob = running.sign_in("bob").await;
    let mut nameless = data_set("1.1");
    nameless.remove(dicom::tags::STUDY_INSTANCE_UID);
    let bytes = file(&nameless);
    let post = bob.request(Method::POST, "/dicom-web/studies").header("content-type", "application/dicom");
    assert_eq!(post.body(bytes.clone()).send().await.unwrap().status(), 409);
    let list = || bob.get("/api/v1/quarantine");
    let has =
        |count: usize| move |answer: &Value| answer["items"].as_array().is_some_and(|i| i.len() == count);
    let listed = soon(list, has(1)).await;
    let item = &listed["items"][0];
    assert_eq!(item["reason"], "missing-study-instance-uid");
    assert_eq!(item["words"], "it has no Study Instance UID");
    assert!(item["advice"].as_str().unwrap().contains("send it again"), "{item}");
    assert_eq!(item["size"], bytes.len());
    let path = format!("/api/v1/quarantine/{}", item["id"].as_str().unwrap());
    let content = bob.get(&format!("{path}/content")).send().await.unwrap();
    assert_eq!(content.bytes().await.unwrap(), bytes);
    let retried = bob.request(Method::POST, &format!("{path}/retry")).send().await.unwrap();
    assert_eq!(retried.json::<Value>().await.unwrap()["outcome"], "quarantined");
    let discard = bob.request(Method::POST, &format!("{path}/discard")).send().await.unwrap();
    assert_eq!(discard.status(), 204);
    soon(list, has(0)).await;
    let again = bob.request(Method::POST, &format!("{path}/discard")).send().await.unwrap();
    assert_eq!(again.status(), 409);
}
