//! How commands act: through a running server when there is one, else on the data folder itself.
//! Either way they speak the same API, so there is one way in and one audit log.

use anyhow::{Context as _, bail};
use reqwest::{Client, Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use server::local::{self, LocalDoor, LocalError};
use server::{App, Config, ServeError, Started};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A way to the rooms. Close it, so that what the command did is finished.
pub struct Connection {
    requests: Requests,
    own: Option<Own>,
}

/// Requests in the operator's name. Cheap to clone.
#[derive(Clone)]
pub struct Requests {
    client: Client,
    door: Arc<LocalDoor>,
}

/// The rooms opened by this process.
struct Own {
    app: Arc<App>,
    stop: CancellationToken,
    task: JoinHandle<Result<(), ServeError>>,
}

/// The problem document's words.
#[derive(serde::Deserialize)]
struct Problem {
    title: String,
    #[serde(default)]
    detail: String,
}

impl Connection {
    /// Finds the running server, or opens the data folder. Without a server one command at a time has the
    /// folder; the next waits for it.
    pub async fn open(config: Config) -> anyhow::Result<Self> {
        server::tls::prepare();
        let (mut waits, mut told) = (0, false);
        let (door, own) = loop {
            match Own::open(config.clone()).await {
                Ok(own) => break (wait_for_door(&config.data).await?, Some(own)),
                Err(ServeError::Folder(LocalError::InUse(_))) => {}
                Err(error) => return Err(error.into()),
            }
            match local::find(&config.data) {
                Ok(door) if door.stays => break (door, None),
                Ok(door) => {
                    if !std::mem::replace(&mut told, true) {
                        tell_that_it_waits(&door);
                    }
                    waits = 0;
                }
                // A server that is just starting has the folder before it listens.
                Err(error) if waits == STARTING => {
                    return Err(error).context("the data folder is in use, but its server can't be reached");
                }
                Err(_) => waits += 1,
            }
            tokio::time::sleep(PAUSE).await;
        };
        let client = Client::builder().no_proxy().connect_timeout(Duration::from_secs(5)).build()?;
        Ok(Self { requests: Requests { client, door: Arc::new(door) }, own })
    }

    /// The rooms themselves, when no server runs and this process has opened them.
    pub fn rooms(&self) -> Option<&Arc<App>> {
        self.own.as_ref().map(|own| &own.app)
    }

    /// Requests that outlive a borrow of the connection, but not the connection itself.
    pub fn requests(&self) -> Requests {
        self.requests.clone()
    }

    /// Finishes what is under way; closes the rooms if this process opened them.
    pub async fn close(self) -> anyhow::Result<()> {
        if let Some(own) = self.own {
            own.stop.cancel();
            own.task.await??;
        }
        Ok(())
    }
}

impl std::ops::Deref for Connection {
    type Target = Requests;

    fn deref(&self) -> &Requests {
        &self.requests
    }
}

impl Requests {
    /// A request to a path such as `/api/v1/session`, in the operator's name.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("http://{}{path}", self.door.address);
        self.client.request(method, url).bearer_auth(&self.door.token).header("x-operator", operator())
    }

    /// Gets a JSON answer.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        Ok(answer(self.request(Method::GET, path)).await?.json().await?)
    }

    /// Sends JSON and gets JSON.
    pub async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> anyhow::Result<T> {
        Ok(answer(self.request(method, path).json(body)).await?.json().await?)
    }
}

impl Own {
    async fn open(config: Config) -> Result<Self, ServeError> {
        let stop = CancellationToken::new();
        let (tell, told) = oneshot::channel();
        let server = {
            let stop = stop.clone();
            // Nobody listens only when the command was cut off.
            async move { server::serve_locally(config, stop, async |s: Started| drop(tell.send(s))).await }
        };
        let task = tokio::spawn(server);
        match told.await {
            Ok(started) => Ok(Self { app: started.app, stop, task }),
            Err(_) => Err(failure(task).await),
        }
    }
}

async fn failure(task: JoinHandle<Result<(), ServeError>>) -> ServeError {
    match task.await {
        Ok(Err(error)) => error,
        Ok(Ok(())) => unreachable!("it ends without an error only when it is told to stop"),
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}

/// Pause between two looks at a data folder that is in use.
const PAUSE: Duration = Duration::from_millis(100);
/// Looks at a folder that is in use by nobody who can be reached.
const STARTING: u32 = 100;

fn tell_that_it_waits(door: &LocalDoor) {
    eprintln!(
        "another isocenter command (process {}) has the data folder; this one goes on when it is done\n\
         (with `isocenter serve` running, commands work at the same time)",
        door.pid
    );
}

/// The door of the rooms this process has opened.
async fn wait_for_door(data: &std::path::Path) -> anyhow::Result<LocalDoor> {
    for _ in 0..STARTING {
        if let Ok(door) = local::find(data) {
            return Ok(door);
        }
        tokio::time::sleep(PAUSE).await;
    }
    local::find(data).context("the data folder can't be reached")
}

/// Sends a request; a problem becomes an error in the server's words.
pub async fn answer(request: reqwest::RequestBuilder) -> anyhow::Result<reqwest::Response> {
    let response = request.send().await.context("the server can't be reached")?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    match response.json::<Problem>().await {
        Ok(Problem { title, detail }) if detail.is_empty() => bail!("{title}"),
        Ok(Problem { detail, .. }) => bail!("{detail}"),
        Err(_) => bail!("the server answered {}", words(status)),
    }
}

fn words(status: StatusCode) -> String {
    status.to_string()
}

/// Who uses the command line, for the audit log.
pub fn operator() -> String {
    let name = ["SUDO_USER", "USER", "LOGNAME"].into_iter().find_map(|key| std::env::var(key).ok());
    let name = name.unwrap_or_else(|| "local".into());
    name.chars().filter(char::is_ascii_graphic).take(64).collect()
}
