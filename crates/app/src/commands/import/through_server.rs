//! A running server as the taker of an import's files: its upload door.

use crate::connection::{Requests, answer};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream;
use intake::Subject;
use intake::import::{Content, Settled, Sink, SinkError, Trouble};
use intake::sniff::{Looks, looks};
use reqwest::{Body, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc::Receiver;

/// An upload of a running server.
pub(in crate::commands) struct ServerSink {
    door: Requests,
    upload: String,
    attach_to: Option<Subject>,
}

impl ServerSink {
    /// Begins an upload.
    pub(super) async fn begin(door: Requests, attach_to: Option<Subject>) -> anyhow::Result<Self> {
        let begun: Value = door.send(Method::POST, "/api/v1/uploads", &json!({ "name": "import" })).await?;
        let upload = begun["id"].as_str().unwrap_or_default().to_owned();
        Ok(Self { door, upload, attach_to })
    }

    /// Ends the upload, which records it in the audit log.
    pub(super) async fn end(&self) -> anyhow::Result<()> {
        let path = format!("/api/v1/uploads/{}/finish", self.upload);
        answer(self.door.request(Method::POST, &path)).await.map(drop)
    }

    /// Where a file goes: its first bytes say whether it is DICOM.
    fn target(&self, path: &str, first: &[u8]) -> RequestBuilder {
        match self.attach_to.as_ref().filter(|_| looks(first) != Looks::Dicom) {
            Some(Subject { kind, id }) => {
                let query = [("subject", kind.as_str()), ("id", id.reveal()), ("name", path)];
                self.door.request(Method::POST, "/api/v1/attachments").query(&query)
            }
            None => {
                let files = format!("/api/v1/uploads/{}/files", self.upload);
                self.door.request(Method::PUT, &files).query(&[("path", path)])
            }
        }
    }

    /// Sends a file without its bytes when nothing in them could be kept.
    fn is_refused(&self, first: &[u8]) -> bool {
        !first.is_empty() && self.attach_to.is_none() && looks(first) != Looks::Dicom
    }
}

#[async_trait]
impl Sink for ServerSink {
    async fn put(&self, path: &str, content: Content) -> Result<Settled, SinkError> {
        let trouble = Arc::default();
        let request = match content {
            Content::Whole(bytes) if self.is_refused(&bytes) => return Ok(Settled::not_dicom(&bytes)),
            Content::Whole(bytes) => self.target(path, &bytes).body(bytes),
            Content::Stream(mut rest) => match rest.recv().await {
                None => self.target(path, &[]).body(Bytes::new()),
                Some(Err(trouble)) => return Ok(Settled::refused(trouble)),
                Some(Ok(first)) if self.is_refused(&first) => return Ok(Settled::not_dicom(&first)),
                Some(Ok(first)) => {
                    let target = self.target(path, &first);
                    target.body(streamed(first, rest, Arc::clone(&trouble)))
                }
            },
            Content::Trouble(trouble) => return Ok(Settled::refused(trouble)),
            Content::Settled(settled) => return Ok(settled),
        };
        let sent = request.send().await;
        if let Some(trouble) = take(&trouble) {
            return Ok(Settled::refused(trouble));
        }
        settled(sent.map_err(failed)?).await
    }

    async fn still_holds(&self, settled: &Settled) -> bool {
        let (Some(series), Some(instance), Some(digest)) =
            (&settled.series_instance_uid, &settled.sop_instance_uid, settled.sha256)
        else {
            return false;
        };
        let path = format!("/api/v1/uploads/{}/held", self.upload);
        let query = [("series", series.as_str()), ("instance", instance.as_str())];
        let request = self.door.request(Method::GET, &path).query(&query).query(&[("sha256", digest)]);
        let Ok(held) = answer(request).await else { return false };
        held.json::<Value>().await.is_ok_and(|held| held["held"] == true)
    }
}

/// Why a file could not be read to its end, while it was sent.
type Noted = Arc<Mutex<Option<Trouble>>>;

fn take(noted: &Noted) -> Option<Trouble> {
    noted.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// A file's chunks as a body. An error breaks the request off, so that nothing of the file is kept.
fn streamed(first: Bytes, rest: Receiver<Result<Bytes, Trouble>>, noted: Noted) -> Body {
    let chunks = stream::unfold((Some(first), rest, noted), async |(first, mut rest, noted)| {
        let next = match first {
            Some(first) => Ok(first),
            None => rest.recv().await?,
        };
        let next = next.map_err(|trouble| {
            *noted.lock().unwrap_or_else(PoisonError::into_inner) = Some(trouble);
            std::io::Error::other("the file can't be read to its end")
        });
        Some((next, (None, rest, noted)))
    });
    Body::wrap_stream(chunks)
}

fn failed(error: reqwest::Error) -> SinkError {
    SinkError::Failed(error.into())
}

async fn settled(response: Response) -> Result<Settled, SinkError> {
    match response.status() {
        StatusCode::CREATED => {
            let attached: Value = response.json().await.map_err(failed)?;
            let id = attached["id"].as_str().unwrap_or_default();
            Ok(Settled::attached_as(id, attached["digest"].as_str().unwrap_or_default()))
        }
        status if status.is_success() => response.json().await.map_err(failed),
        StatusCode::INSUFFICIENT_STORAGE => Err(SinkError::Full("the server's archive is full".into())),
        StatusCode::PAYLOAD_TOO_LARGE => Ok(Settled::refused(Trouble::TooLarge)),
        status => {
            let problem: Value = response.json().await.unwrap_or_default();
            let detail = problem["detail"].as_str().map_or_else(|| status.to_string(), str::to_owned);
            Err(SinkError::Failed(detail.into()))
        }
    }
}
