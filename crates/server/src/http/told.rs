//! Work that takes long, told line by line as it goes on: `application/x-ndjson`, each line an
//! object with `progress`, or at the end `done` or `failed`.

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde::Serialize;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Time between two lines of progress.
const PAUSE: Duration = Duration::from_millis(200);

/// Tells the caller how far the work is.
pub(super) struct Teller {
    lines: mpsc::Sender<Bytes>,
    next: Instant,
}

impl Teller {
    /// Tells how far it is, unless it was told a moment ago.
    pub fn progress(&mut self, progress: impl FnOnce() -> serde_json::Value) {
        if Instant::now() >= self.next {
            self.next = Instant::now() + PAUSE;
            // A caller that reads slowly misses lines of progress, nothing else.
            let _ = self.lines.try_send(line(&json!({ "progress": progress() })));
        }
    }
}

fn line(value: &serde_json::Value) -> Bytes {
    format!("{value}\n").into()
}

/// Answers at once and goes on with the work; ends it when the caller goes away.
pub(super) fn told<T, E, W>(work: impl FnOnce(Teller) -> W) -> Response
where
    T: Serialize,
    E: std::error::Error,
    W: Future<Output = Result<T, E>> + Send + 'static,
{
    let (lines, told) = mpsc::channel::<Bytes>(16);
    let work = work(Teller { lines: lines.clone(), next: Instant::now() });
    tokio::spawn(async move {
        let last = tokio::select! {
            () = lines.closed() => return,
            result = work => match result {
                Ok(done) => json!({ "done": done }),
                Err(error) => json!({ "failed": causes(&error) }),
            },
        };
        let _ = lines.send(line(&last)).await; // the caller may have gone this moment
    });
    let told =
        stream::unfold(told, |mut told| async { Some((Ok::<_, std::io::Error>(told.recv().await?), told)) });
    ([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(told)).into_response()
}

/// An error and what is behind it.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
