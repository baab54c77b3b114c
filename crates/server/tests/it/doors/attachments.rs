use super::soon;
use crate::running::Running;
use govern::Role;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn any_file_is_attached_listed_and_given_back_safely() {
    let running = Running::start().await;
    running.account("bob", Role::Broker).await;
    let bob = running.sign_in("bob").await;
    let page = b"<script>alert(1)</script>".repeat(300_000);
    let query = [("subject", "exam"), ("id", "1.2.3"), ("name", "../Bericht ü.html")];
    let post = bob.request(Method::POST, "/api/v1/attachments").query(&query);
    let made = post.header("content-type", "text/html").body(page.clone()).send().await.unwrap();
    assert_eq!(made.status(), 201);
    let made: Value = made.json().await.unwrap();
    assert_eq!((&made["name"], &made["size"]), (&json!("Bericht ü.html"), &json!(page.len())));
    let list = || bob.get("/api/v1/attachments").query(&[("subject", "exam"), ("id", "1.2.3")]);
    let listed = soon(list, |answer| answer["items"].as_array().is_some_and(|items| items.len() == 1)).await;
    let id = listed["items"][0]["id"].as_str().unwrap();
    assert_eq!(listed["items"][0], made);
    let content = bob.get(&format!("/api/v1/attachments/{id}/content")).send().await.unwrap();
    let header = |name: &str| content.headers()[name].to_str().unwrap().to_owned();
    assert!(header("content-disposition").starts_with("attachment;"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("sandbox"));
    assert_eq!(content.bytes().await.unwrap(), page);
}

#[tokio::test]
async fn an_attachment_needs_a_subject() {
    let running = Running::start().await;
    running.account("bob", Role::Broker).await;
    let bob = running.sign_in("bob").await;
    for query in [[("subject", "visit"), ("id", "1")], [("subject", "exam"), ("id", "x")]] {
        let post = bob.request(Method::POST, "/api/v1/attachments").query(&query).query(&[("name", "a")]);
        assert_eq!(post.send().await.unwrap().status(), 400);
    }
}
