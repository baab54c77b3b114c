use crate::running::Running;
use govern::Role;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn an_administrator_manages_accounts_and_others_are_told_why_not() {
    let running = Running::start().await;
    running.account("root", Role::Admin).await;
    running.account("bob", Role::Broker).await;
    let (root, bob) = (running.sign_in("root").await, running.sign_in("bob").await);
    let new = json!({ "name": "cleo", "roles": ["researcher"] });
    let made = root.request(Method::POST, "/api/v1/accounts").json(&new).send().await.unwrap();
    assert_eq!(made.status(), 201);
    let again = root.request(Method::POST, "/api/v1/accounts").json(&new).send().await.unwrap();
    assert_eq!(again.status(), 409);
    let refused = bob.request(Method::POST, "/api/v1/accounts").json(&new).send().await.unwrap();
    assert_eq!(refused.status(), 403);
    let problem: Value = refused.json().await.unwrap();
    assert_eq!(problem["type"], "urn:isocenter:problem:administrators-only");
    assert!(problem["detail"].as_str().unwrap().contains("An administrator can do it"));
    let change = json!({ "roles": ["auditor"], "disabled": true });
    let changed = root.request(Method::PATCH, "/api/v1/accounts/cleo").json(&change).send().await.unwrap();
    let changed: Value = changed.json().await.unwrap();
    assert_eq!((&changed["roles"], &changed["disabled"]), (&json!(["auditor"]), &json!(true)));
}

#[tokio::test]
async fn a_token_acts_for_its_owner_until_it_is_revoked() {
    let running = Running::start().await;
    running.account("bob", Role::Broker).await;
    let bob = running.sign_in("bob").await;
    let wish = json!({ "name": "script", "roles": ["broker", "admin"], "expiresInDays": 7 });
    let made = bob.request(Method::POST, "/api/v1/tokens").json(&wish).send().await.unwrap();
    assert_eq!(made.status(), 201);
    let made: Value = made.json().await.unwrap();
    let secret = made["secret"].as_str().unwrap();
    let me = running.get("/api/v1/session").bearer_auth(secret).send().await.unwrap();
    let me: Value = me.json().await.unwrap();
    assert_eq!(me["account"], json!({ "name": "bob", "roles": ["broker"] }), "never more than the owner");
    let basic = running.get("/api/v1/session").basic_auth("bob", Some(secret)).send().await.unwrap();
    assert_eq!(basic.status(), 200);
    let more = running.request(Method::POST, "/api/v1/tokens").bearer_auth(secret).json(&wish);
    assert_eq!(more.send().await.unwrap().status(), 403, "a token makes no tokens");
    let path = format!("/api/v1/tokens/{}", made["id"].as_str().unwrap());
    assert_eq!(bob.request(Method::DELETE, &path).send().await.unwrap().status(), 204);
    assert_eq!(running.get("/api/v1/session").bearer_auth(secret).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn passwords_are_not_taken_in_a_header() {
    let running = Running::start().await;
    running.account("bob", Role::Broker).await;
    let basic = running.get("/api/v1/session").basic_auth("bob", Some("correct horse"));
    assert_eq!(basic.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_new_password_ends_sessions_and_needs_the_old_one() {
    let running = Running::start().await;
    running.account("bob", Role::Broker).await;
    let bob = running.sign_in("bob").await;
    let put = |old: &str| {
        let body = json!({ "oldPassword": old, "newPassword": "battery staple" });
        bob.request(Method::PUT, "/api/v1/account/password").json(&body)
    };
    assert_eq!(put("wrong horse").send().await.unwrap().status(), 400);
    assert_eq!(put("correct horse").send().await.unwrap().status(), 204);
    assert_eq!(bob.get("/api/v1/session").send().await.unwrap().status(), 401);
}
