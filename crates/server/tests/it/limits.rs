use crate::running::Running;
use govern::Role;
use reqwest::Method;
use serde_json::Value;

#[tokio::test]
async fn an_account_that_comes_too_often_is_slowed_down() {
    let running = Running::start_with(|config| config.limits.requests_per_second = 5).await;
    running.account("ann", Role::Broker).await;
    let ann = running.sign_in("ann").await;
    let mut told = Vec::new();
    for _ in 0..12 {
        told.push(ann.get("/api/v1/session").send().await.unwrap().status().as_u16());
    }
    assert_eq!((told[0], told[11]), (200, 429));
}

#[tokio::test]
async fn a_json_body_is_bounded() {
    let running = Running::start().await;
    let body = format!("{{\"name\":\"{}\"}}", "x".repeat(3 << 20));
    let post = running.request(Method::POST, "/api/v1/session").header("content-type", "application/json");
    assert_eq!(post.body(body).send().await.unwrap().status(), 413);
}

#[tokio::test]
async fn a_header_section_is_bounded() {
    let running = Running::start().await;
    let answer = running.get("/api/v1/system").header("x-long", "x".repeat(100_000)).send().await.unwrap();
    assert_eq!(answer.status(), 431);
}

#[tokio::test]
async fn metrics_name_routes_and_nobody() {
    let running = Running::start().await;
    running.get("/api/v1/exams/1.2.3").send().await.unwrap();
    running.get("/api/v1/system").send().await.unwrap();
    let text = running.get("/metrics").send().await.unwrap().text().await.unwrap();
    assert!(text.contains("route=\"/api/v1/system\"") && text.contains("isocenter_exams 0"), "{text}");
    assert!(!text.contains("1.2.3"), "{text}");
    let outside = running.get("/metrics").header("x-forwarded-for", "192.0.2.1").send().await.unwrap();
    assert_eq!(outside.status(), 401);
}

#[tokio::test]
async fn strangers_are_told_the_version_alone() {
    let running = Running::start().await;
    running.account("eve", Role::Researcher).await;
    let stranger: Value = running.get("/api/v1/system").send().await.unwrap().json().await.unwrap();
    assert!(stranger.get("counts").is_none() && stranger.get("dimse").is_none());
    let eve = running.sign_in("eve").await;
    let known: Value = eve.get("/api/v1/system").send().await.unwrap().json().await.unwrap();
    assert_eq!(known["counts"]["exams"], 0);
}
