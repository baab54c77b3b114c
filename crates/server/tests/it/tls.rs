use crate::running::{Running, client, config};
use govern::{Govern, Role, Roles, SessionLife};
use model::Timestamp;
use reqwest::Version;
use server::{Config, ServeError};
use std::net::SocketAddr;
use tempfile::TempDir;

/// Writes a certificate for this machine; gives its PEM text.
fn certify(folder: &TempDir, config: &mut Config) -> String {
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    config.http.tls_certificate = Some(certificate);
    config.http.tls_key = Some(key);
    made.cert.pem()
}

async fn refused(folder: TempDir, config: Config) -> ServeError {
    Running::start_in(folder, config, client(None)).await.err().unwrap()
}

#[tokio::test]
async fn tls_speaks_http_2_and_sets_a_secure_cookie() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(&folder);
    let certificate = certify(&folder, &mut config);
    let running = Running::start_in(folder, config, client(Some(&certificate))).await.unwrap();
    assert!(running.url.starts_with("https://"));
    let answer = running.get("/api/v1/system").send().await.unwrap();
    assert_eq!(answer.version(), Version::HTTP_2);
    assert!(answer.headers().contains_key("strict-transport-security"));
    running.account("ann", Role::Broker).await;
    let ann = running.sign_in("ann").await;
    assert!(ann.cookie.starts_with("__Host-"));
    assert_eq!(ann.get("/api/v1/session").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_command_line_gets_a_plain_door_on_loopback_beside_tls() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(&folder);
    certify(&folder, &mut config);
    let data = config.data.clone();
    let _running = Running::start_in(folder, config, client(None)).await.unwrap();
    let door = server::local::find(&data).unwrap();
    let me = client(None).get(format!("http://{}/api/v1/session", door.address)).bearer_auth(&door.token);
    let me: serde_json::Value = me.send().await.unwrap().json().await.unwrap();
    assert_eq!(me["account"]["roles"], serde_json::json!(["admin"]));
}

#[tokio::test]
async fn beyond_loopback_tls_and_an_account_are_required() {
    let beyond = SocketAddr::from(([0, 0, 0, 0], 0));
    let folder = tempfile::tempdir().unwrap();
    let mut plain = config(&folder);
    plain.http.listen = beyond;
    assert!(matches!(refused(folder, plain).await, ServeError::PlainBeyondLoopback(_)));

    let folder = tempfile::tempdir().unwrap();
    let mut nobody = config(&folder);
    certify(&folder, &mut nobody);
    nobody.http.listen = beyond;
    let with_account = nobody.clone();
    let uri = nobody.ledger_uri();
    assert!(matches!(refused(tempfile::tempdir().unwrap(), nobody).await, ServeError::NoAccount(_)));

    let ledger = store::Ledger::open(&uri).await.unwrap();
    let govern = Govern::open(&ledger, SessionLife { idle_minutes: 1, minutes: 1 }).await.unwrap();
    let roles = Roles::from_iter([Role::Admin]);
    govern.accounts.create("ann", &roles, Timestamp::now()).await.unwrap();
    let running = Running::start_in(folder, with_account, client(None)).await.unwrap();
    running.stop().await.unwrap();
}
