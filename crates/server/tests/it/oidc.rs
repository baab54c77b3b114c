//! Signing in through a provider of our own on loopback.

use crate::running::{Running, session_cookie};
use axum::extract::{Form, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use govern::Role;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use url::Url;

/// The provider: it approves whoever the test says, and checks PKCE like a real one.
struct Provider {
    address: String,
    key: Ed25519KeyPair,
    /// Code to the challenge and the claims it stands for.
    codes: Mutex<HashMap<String, (String, Value)>>,
}

impl Provider {
    async fn start() -> Arc<Self> {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", socket.local_addr().unwrap());
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let key = Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap();
        let provider = Arc::new(Self { address, key, codes: Mutex::default() });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(Arc::clone(&provider));
        tokio::spawn(async move { axum::serve(socket, router).await });
        provider
    }

    /// What the person does on the provider's page: approve. Gives the code.
    fn approve(&self, asked: &Url, claims: &Value) -> String {
        let ask = |name: &str| asked.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
        assert_eq!(ask("code_challenge_method"), "S256");
        let mut all = json!({
            "iss": self.address, "aud": ask("client_id"), "nonce": ask("nonce"),
            "iat": 1, "exp": 4_000_000_000_u64,
        });
        for (key, value) in claims.as_object().unwrap() {
            all[key] = value.clone();
        }
        let code = format!("code-{}", self.codes.lock().unwrap().len());
        self.codes.lock().unwrap().insert(code.clone(), (ask("code_challenge"), all));
        code
    }
}

async fn describe(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", provider.address);
    Json(json!({
        "issuer": provider.address,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    }))
}

async fn keys(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let x = URL_SAFE_NO_PAD.encode(provider.key.public_key().as_ref());
    let key = json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "one", "x": x });
    Json(json!({ "keys": [key] }))
}

async fn token(
    State(provider): State<Arc<Provider>>,
    Form(form): Form<HashMap<String, String>>,
) -> Json<Value> {
    let (challenge, claims) = provider.codes.lock().unwrap().remove(&form["code"]).unwrap();
    assert_eq!(URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"])), challenge, "PKCE");
    let header = json!({ "alg": "EdDSA", "kid": "one" });
    let signed = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
    let signature = URL_SAFE_NO_PAD.encode(provider.key.sign(signed.as_bytes()).as_ref());
    let token = format!("{signed}.{signature}");
    Json(json!({ "access_token": "unused", "token_type": "Bearer", "id_token": token }))
}

async fn with_provider() -> (Running, Arc<Provider>) {
    let provider = Provider::start().await;
    let running = Running::start_with(|config| {
        config.oidc.issuer = Some(provider.address.clone());
        config.oidc.roles.broker = vec!["imaging".into()];
    })
    .await;
    (running, provider)
}

/// Goes to the provider and comes back with `claims`; gives where the browser ends and its cookie.
async fn sign_in(running: &Running, provider: &Provider, claims: &Value) -> (String, Option<String>) {
    let begun = running.get("/auth/oidc/start?next=/exams").send().await.unwrap();
    assert_eq!(begun.status(), 303);
    let flow = session_cookie(begun.headers());
    let asked = Url::parse(begun.headers()["location"].to_str().unwrap()).unwrap();
    let state = asked.query_pairs().find(|(key, _)| key == "state").unwrap().1.into_owned();
    let code = provider.approve(&asked, claims);
    let back = running.get(&format!("/auth/oidc/callback?code={code}&state={state}"));
    let back = back.header("cookie", flow).send().await.unwrap();
    let location = back.headers()["location"].to_str().unwrap().to_owned();
    let session = session_cookie(back.headers());
    (location, session.starts_with("isocenter_session=").then_some(session))
}

#[tokio::test]
async fn the_provider_says_who_and_we_say_which_roles() {
    let (running, provider) = with_provider().await;
    let claims = json!({ "sub": "42", "preferred_username": "Ann", "groups": ["imaging", "other"] });
    let (location, session) = sign_in(&running, &provider, &claims).await;
    assert_eq!(location, "/exams");
    let me = running.get("/api/v1/session").header("cookie", session.unwrap()).send().await.unwrap();
    let me: Value = me.json().await.unwrap();
    assert_eq!(me["account"], json!({ "name": "ann", "roles": ["broker"] }));
}

#[tokio::test]
async fn someone_without_a_mapped_group_stays_outside() {
    let (running, provider) = with_provider().await;
    let claims = json!({ "sub": "42", "preferred_username": "ann", "groups": ["cardiology"] });
    assert_eq!(sign_in(&running, &provider, &claims).await, ("/?signIn=no-role".into(), None));
    assert!(running.app.govern.accounts.get("ann").await.unwrap().is_none());
}

#[tokio::test]
async fn the_provider_cannot_take_over_a_local_account() {
    let (running, provider) = with_provider().await;
    running.account("ann", Role::Admin).await;
    let claims = json!({ "sub": "42", "preferred_username": "ann", "groups": ["imaging"] });
    assert_eq!(sign_in(&running, &provider, &claims).await, ("/?signIn=name-taken".into(), None));
}

#[tokio::test]
async fn an_answer_in_another_browser_or_for_another_client_is_refused() {
    let (running, provider) = with_provider().await;
    let foreign = json!({
        "sub": "42", "preferred_username": "ann", "groups": ["imaging"], "aud": "another-client",
    });
    assert_eq!(sign_in(&running, &provider, &foreign).await, ("/?signIn=provider".into(), None));
    let replayed = json!({
        "sub": "42", "preferred_username": "ann", "groups": ["imaging"], "nonce": "another",
    });
    assert_eq!(sign_in(&running, &provider, &replayed).await, ("/?signIn=provider".into(), None));
    let without_cookie = running.get("/auth/oidc/callback?code=x&state=y").send().await.unwrap();
    assert_eq!(without_cookie.headers()["location"], "/?signIn=expired");
}
