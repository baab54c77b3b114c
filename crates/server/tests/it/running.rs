//! A server of our own on a free port, in a temporary folder, stopped when dropped.

use govern::{Role, Roles};
use model::Timestamp;
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder, redirect};
use serde_json::{Value, json};
use server::{App, Config, ServeError, Started};
use std::net::SocketAddr;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub struct Running {
    pub app: Arc<App>,
    pub url: String,
    pub dimse: SocketAddr,
    pub sign_in_link: Option<String>,
    pub client: Client,
    stop: CancellationToken,
    task: JoinHandle<Result<(), ServeError>>,
    folder: TempDir,
}

/// A signed-in browser: its cookie and CSRF token.
pub struct Browser<'a> {
    running: &'a Running,
    pub cookie: String,
    pub csrf: String,
}

/// Settings that disturb nobody: free ports, a temporary folder.
pub fn config(folder: &TempDir) -> Config {
    let mut config = Config { data: folder.path().join("data"), ..Config::default() };
    config.http.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    config.dimse.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    config
}

/// A client that shows redirects instead of following them and trusts this certificate.
pub fn client(certificate: Option<&str>) -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder().redirect(redirect::Policy::none());
    if let Some(pem) = certificate {
        builder = builder.add_root_certificate(reqwest::Certificate::from_pem(pem.as_bytes()).unwrap());
    }
    builder.build().unwrap()
}

impl Running {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(&folder);
        change(&mut config);
        Self::start_in(folder, config, client(None)).await.unwrap()
    }

    pub async fn start_in(folder: TempDir, config: Config, client: Client) -> Result<Self, ServeError> {
        let stop = CancellationToken::new();
        let (tell, told) = oneshot::channel();
        let ready = async |started: Started| {
            let link = started.app.first_sign_in().await.unwrap();
            drop(tell.send((started, link)));
        };
        let server = server::serve(config, stop.clone(), ready);
        let task = tokio::spawn(server);
        let Ok((Started { app, url, dimse, .. }, sign_in_link)) = told.await else {
            return Err(task.await.unwrap().unwrap_err());
        };
        Ok(Self { app, url, dimse: dimse.unwrap(), sign_in_link, client, stop, task, folder })
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    /// Makes an account with the password `correct horse`.
    pub async fn account(&self, name: &str, role: Role) {
        let accounts = &self.app.govern.accounts;
        accounts.create(name, &Roles::from_iter([role]), Timestamp::now()).await.unwrap();
        accounts.set_password(name, "correct horse").await.unwrap();
    }

    pub async fn sign_in(&self, name: &str) -> Browser<'_> {
        let body = json!({ "name": name, "password": "correct horse" });
        let answer = self.request(Method::POST, "/api/v1/session").json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{name} signs in");
        let cookie = session_cookie(answer.headers());
        let body: Value = answer.json().await.unwrap();
        Browser { running: self, cookie, csrf: body["csrfToken"].as_str().unwrap().into() }
    }

    pub async fn stop(self) -> Result<(), ServeError> {
        self.stop_keeping().await.map(drop)
    }

    /// Stops, and gives the folder and the settings to start again with.
    pub async fn stop_keeping(self) -> Result<(TempDir, Config), ServeError> {
        self.stop.cancel();
        self.task.await.unwrap()?;
        Ok((self.folder, self.app.config.clone()))
    }
}

impl Browser<'_> {
    /// A request with the cookie and without the CSRF token.
    pub fn forged(&self, method: Method, path: &str) -> RequestBuilder {
        self.running.request(method, path).header("cookie", &self.cookie)
    }

    /// A request as our page makes it.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.forged(method, path).header("x-csrf-token", &self.csrf)
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.forged(Method::GET, path)
    }
}

/// `name=value` of the cookie an answer sets.
pub fn session_cookie(headers: &HeaderMap) -> String {
    let set = headers["set-cookie"].to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}
