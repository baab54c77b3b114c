//! Answers that come line by line while the work goes on.

use crate::connection::{Requests, answer};
use anyhow::bail;
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::Method;
use serde_json::Value;

/// Asks for something that takes long; shows its progress; gives what it came to.
pub async fn follow(
    requests: &Requests,
    path: &str,
    body: &Value,
    show: impl Fn(&ProgressBar, &Value),
) -> anyhow::Result<Value> {
    let mut response = answer(requests.request(Method::POST, path).json(body)).await?;
    let (bar, mut pending) = (bar(), Vec::new());
    while let Some(bytes) = response.chunk().await? {
        pending.extend_from_slice(&bytes);
        while let Some(end) = pending.iter().position(|&b| b == b'\n') {
            let line: Value = serde_json::from_slice(&pending[..end])?;
            pending.drain(..=end);
            if let Some(progress) = line.get("progress") {
                show(&bar, progress);
            } else if let Some(done) = line.get("done") {
                bar.finish_and_clear();
                return Ok(done.clone());
            } else {
                bar.finish_and_clear();
                bail!("{}", line["failed"].as_str().unwrap_or("it failed"));
            }
        }
    }
    bar.finish_and_clear();
    bail!("the server ended before the work was done")
}

/// A bar that shows bytes, rate and time left where the total is known.
fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = "{msg}  {bar:30} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left";
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    bar
}

/// Bytes for people: `1.5 GiB`.
pub fn bytes(number: &Value) -> String {
    indicatif::HumanBytes(number.as_u64().unwrap_or(0)).to_string()
}
