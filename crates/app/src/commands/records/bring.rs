//! Files to the server's door, and what became of them.

use super::gather::Gathered;
use super::import::What;
use super::report::Outcome;
use crate::connection::{Requests, answer};
use anyhow::Context as _;
use bytes::Bytes;
use indicatif::ProgressBar;
use intake::{Format, record_id};
use model::Sha256Digest;
use reqwest::{Body, Method, StatusCode};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::Path;
use std::time::Duration;
use tokio_util::io::ReaderStream;

/// Between two looks at what is being read.
const PAUSE: Duration = Duration::from_millis(150);

/// The server's door.
pub(super) struct Door<'a> {
    requests: Requests,
    what: &'a What,
}

/// A file that is durable.
pub(super) struct Sent {
    id: String,
    /// It was there before.
    already: bool,
}

/// What the server says of a source.
#[derive(Deserialize)]
struct Source {
    state: String,
    statements: u64,
    kept: u64,
    refused: u64,
    reason: String,
    left: Vec<Left>,
}

#[derive(Deserialize)]
struct Left {
    place: String,
    why: String,
    refused: bool,
}

impl<'a> Door<'a> {
    pub(super) const fn new(requests: Requests, what: &'a What) -> Self {
        Self { requests, what }
    }

    /// Makes a file durable, unless it is there already; or says why it is not sent.
    pub(super) async fn send(
        &self,
        one: &Gathered,
        bar: &ProgressBar,
    ) -> anyhow::Result<Result<Sent, String>> {
        let format = match &one.format {
            Ok(format) => *format,
            Err(why) => return Ok(Err(why.clone())),
        };
        let sent = match format {
            Format::Omop => self.list(format, &one.tables, None, bar).await?,
            Format::Table => {
                let mapping = self.what.mapping.as_ref().map(|(_, text)| text.as_str());
                self.list(format, std::slice::from_ref(&one.path), mapping, bar).await?
            }
            Format::Codes if one.tables.len() > 1 => self.list(format, &one.tables, None, bar).await?,
            _ => self.file(&one.path, format, bar).await?,
        };
        Ok(Ok(sent))
    }

    /// Files that are one: each by itself, then the list of them.
    async fn list(
        &self,
        format: Format,
        files: &[std::path::PathBuf],
        mapping: Option<&str>,
        bar: &ProgressBar,
    ) -> anyhow::Result<Sent> {
        let mut listed = Vec::new();
        if let Some(text) = mapping {
            let part = self.bytes("mapping.toml", Format::Part, text.to_owned().into()).await?;
            listed.push(json!({"name": "mapping.toml", "id": part.id}));
        }
        for file in files {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let part = self.file(file, Format::Part, bar).await?;
            listed.push(json!({"name": name, "id": part.id}));
        }
        let list = json!({"files": listed}).to_string();
        self.bytes("files.json", format, list.into()).await
    }

    fn system(&self, format: Format) -> Option<&str> {
        self.what.system.as_deref().filter(|_| format != Format::Part)
    }

    async fn file(&self, path: &Path, format: Format, bar: &ProgressBar) -> anyhow::Result<Sent> {
        let (own, size) = (path.to_owned(), path.metadata()?.len());
        let digest = tokio::task::spawn_blocking(move || digest(&own)).await?;
        let digest = digest.with_context(|| format!("{} can't be read", path.display()))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let file = tokio::fs::File::open(path).await?;
        let stream = ReaderStream::with_capacity(file, 256 << 10);
        let sent = self.put(&name, format, digest, || Body::wrap_stream(stream)).await?;
        bar.inc(size);
        Ok(sent)
    }

    async fn bytes(&self, name: &str, format: Format, bytes: Bytes) -> anyhow::Result<Sent> {
        let digest = Sha256Digest(Sha256::digest(&bytes).into());
        self.put(name, format, digest, || bytes.into()).await
    }

    async fn put(
        &self,
        name: &str,
        format: Format,
        digest: Sha256Digest,
        body: impl FnOnce() -> Body,
    ) -> anyhow::Result<Sent> {
        let system = self.system(format);
        let id = record_id(format, system, &digest);
        if self.source(&id).await?.is_some() {
            return Ok(Sent { id, already: true });
        }
        let mut query = vec![("format", format.as_str())];
        query.extend(system.map(|system| ("system", system)));
        let request = self.requests.request(Method::POST, "/api/v1/records/sources").query(&query);
        let request =
            request.header("x-file-name", encoded(name)).header("x-content-sha256", digest.to_hex());
        answer(request.body(body())).await?;
        Ok(Sent { id, already: false })
    }

    async fn source(&self, id: &str) -> anyhow::Result<Option<Source>> {
        let request = self.requests.request(Method::GET, &format!("/api/v1/records/sources/{id}"));
        let response = request.send().await.context("the server can't be reached")?;
        if response.status() == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let response = response.error_for_status().context("the server doesn't say what became of it")?;
        Ok(Some(response.json().await?))
    }

    /// Waits until a file is read.
    pub(super) async fn wait(&self, one: &Gathered, sent: &Sent) -> anyhow::Result<Outcome> {
        loop {
            let source = self.source(&sent.id).await?;
            let under_way = |source: &Source| ["reading", "again"].contains(&source.state.as_str());
            if let Some(source) = source.filter(|source| !under_way(source)) {
                return Ok(outcome(one, sent, source));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

fn outcome(one: &Gathered, sent: &Sent, source: Source) -> Outcome {
    let refused = source.left.into_iter().filter(|left| left.refused);
    let reasons = refused.map(|left| (left.place, left.why));
    let whole = (source.state == "refused").then(|| ("file".to_owned(), source.reason));
    Outcome {
        already: sent.already,
        source: Some(sent.id.clone()),
        statements: source.statements,
        kept: source.kept,
        refused: source.refused,
        unreadable: whole.is_some(),
        reasons: whole.into_iter().chain(reasons).collect(),
        ..Outcome::of(one)
    }
}

fn digest(path: &Path) -> std::io::Result<Sha256Digest> {
    let mut file = std::fs::File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 << 10];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(Sha256Digest(hasher.finalize().into())),
            read => hasher.update(&buffer[..read]),
        }
    }
}

/// A file's name for a header, percent-encoded.
fn encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    name.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
