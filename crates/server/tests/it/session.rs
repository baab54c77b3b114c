use crate::running::{Running, session_cookie};
use govern::Role;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn the_first_start_gives_a_link_that_works_once() {
    let running = Running::start().await;
    let link = running.sign_in_link.clone().unwrap();
    let answer = running.client.get(&link).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, "/"));
    let cookie = session_cookie(answer.headers());
    let me = running.get("/api/v1/session").header("cookie", &cookie).send().await.unwrap();
    let me: Value = me.json().await.unwrap();
    assert_eq!(me["account"], json!({ "name": "admin", "roles": ["admin"] }));
    let may = me["may"].as_array().unwrap();
    assert_eq!(may.len(), govern::Action::ALL.len(), "an administrator may everything: {may:?}");
    let again = running.client.get(&link).send().await.unwrap();
    assert!(!again.headers().contains_key("set-cookie"));
}

#[tokio::test]
async fn without_credentials_nobody_is_signed_in() {
    let running = Running::start().await;
    for (name, value) in
        [("x-nothing", ""), ("cookie", "isocenter_session=made-up"), ("authorization", "Bearer iso_x")]
    {
        let answer = running.get("/api/v1/session").header(name, value).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{name}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }
}

#[tokio::test]
async fn a_change_needs_the_csrf_token() {
    let running = Running::start().await;
    running.account("ann", Role::Broker).await;
    let ann = running.sign_in("ann").await;
    let forged = ann.forged(Method::DELETE, "/api/v1/session").send().await.unwrap();
    assert_eq!(forged.status(), 403);
    let wrong = ann.forged(Method::DELETE, "/api/v1/session").header("x-csrf-token", "guess");
    assert_eq!(wrong.send().await.unwrap().status(), 403);
    let own = ann.request(Method::DELETE, "/api/v1/session").send().await.unwrap();
    assert_eq!(own.status(), 204);
    assert_eq!(ann.get("/api/v1/session").send().await.unwrap().status(), 401, "the session has ended");
}

#[tokio::test]
async fn a_form_from_elsewhere_cannot_sign_anyone_in() {
    let running = Running::start().await;
    running.account("ann", Role::Broker).await;
    // A form of another site can send this type without asking the browser's leave, JSON it can't.
    let form = running.request(Method::POST, "/api/v1/session").header("content-type", "text/plain");
    let answer = form.body(r#"{"name":"ann","password":"correct horse"}"#).send().await.unwrap();
    assert_eq!(answer.status(), 415);
}

#[tokio::test]
async fn a_session_planted_before_signing_in_is_not_used() {
    let running = Running::start().await;
    running.account("eve", Role::Researcher).await;
    running.account("ann", Role::Admin).await;
    let eve = running.sign_in("eve").await;
    let body = json!({ "name": "ann", "password": "correct horse" });
    let answer = running.request(Method::POST, "/api/v1/session").header("cookie", &eve.cookie).json(&body);
    let answer = answer.send().await.unwrap();
    assert_ne!(session_cookie(answer.headers()), eve.cookie);
    assert_eq!(eve.get("/api/v1/session").send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn guessing_is_answered_alike_and_then_slowed_down() {
    let running = Running::start().await;
    running.account("ann", Role::Broker).await;
    let guess = async |name: &str| {
        let body = json!({ "name": name, "password": "guess guess" });
        running.request(Method::POST, "/api/v1/session").json(&body).send().await.unwrap()
    };
    let (known, unknown) = (guess("ann").await, guess("nobody").await);
    assert_eq!((known.status().as_u16(), unknown.status().as_u16()), (401, 401));
    assert_eq!(known.text().await.unwrap(), unknown.text().await.unwrap());
    for _ in 0..4 {
        guess("ann").await;
    }
    let slowed = guess("ann").await;
    assert_eq!(slowed.status(), 429);
    assert!(slowed.headers().contains_key("retry-after"));
}

#[tokio::test]
async fn signing_in_and_failing_to_is_in_the_audit_log() {
    let running = Running::start().await;
    running.account("ann", Role::Broker).await;
    running.sign_in("ann").await;
    let body = json!({ "name": "my password by mistake", "password": "x" });
    running.request(Method::POST, "/api/v1/session").json(&body).send().await.unwrap();
    // The writer may still be busy with the last entry.
    let rows = loop {
        let rows = running.app.govern.audit.rows_after(0, 100).await.unwrap();
        if rows.len() >= 3 {
            break rows;
        }
        tokio::task::yield_now().await;
    };
    let told: Vec<_> =
        rows.iter().map(|row| (row.actor.as_str(), row.action.as_str(), row.outcome.as_str())).collect();
    assert_eq!(
        told,
        [
            ("worker:serve", "manage-accounts", "done"),
            ("ann", "sign-in", "done"),
            ("unknown", "sign-in", "refused")
        ]
    );
}
