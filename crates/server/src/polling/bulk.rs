//! The first round as a Bulk Data export (Bulk Data Access 2.0): kick-off, status, files.

use super::client::{Asking, Trouble, body, is_safe, retry_after};
use super::round::source;
use super::state::{self, Cursor};
use crate::App;
use intake::{Format, RecordHead};
use reqwest::{StatusCode, Url};
use serde::Deserialize;
use std::time::Duration;

/// What the cursor of an export is called.
const EXPORT: &str = "$export";
const JSON: &str = "application/fhir+json";
const NDJSON: &str = "application/fhir+ndjson";
const LARGEST_MANIFEST: usize = 16 << 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    transaction_time: String,
    #[serde(default)]
    output: Vec<Output>,
}

#[derive(Deserialize)]
struct Output {
    url: String,
    #[serde(default)]
    count: Option<i64>,
}

/// Takes everything by an export, once; false when that was done before.
pub(super) async fn run(app: &App, name: &str, asking: &mut Asking<'_>) -> Result<bool, Trouble> {
    let base = asking.base().to_owned();
    let place = (name, base.as_str(), EXPORT);
    let mut cursor = state::cursor(&app.ledger, name, &base, EXPORT).await?;
    if !cursor.since.is_empty() {
        return Ok(false);
    }
    if cursor.next.is_empty() {
        cursor.next = kick_off(asking).await?;
        state::move_on(&app.ledger, place, &cursor, None).await?;
    }
    let status = asking.own(&cursor.next)?;
    let manifest = match wait(asking, &status).await {
        Ok(manifest) => manifest,
        Err(trouble @ Trouble::Status(400..=499)) => {
            // The server knows nothing of it any more: the next round begins anew.
            state::move_on(&app.ledger, place, &Cursor::default(), None).await?;
            return Err(trouble);
        }
        Err(other) => return Err(other),
    };
    for output in &manifest.output {
        fetch(app, name, &base, asking, output).await?;
        state::move_on(&app.ledger, place, &cursor, Some(output.count.unwrap_or(0))).await?;
    }
    // From here on each type is asked for what is new since then.
    for kind in &asking.source.types {
        let since = Cursor { since: manifest.transaction_time.clone(), ..Cursor::default() };
        state::move_on(&app.ledger, (name, &base, kind), &since, None).await?;
    }
    let done = Cursor { since: manifest.transaction_time, ..Cursor::default() };
    state::move_on(&app.ledger, place, &done, None).await?;
    Ok(true)
}

async fn kick_off(asking: &mut Asking<'_>) -> Result<String, Trouble> {
    let since = asking.source.since.as_ref().map_or_else(String::new, |since| format!("&_since={since}"));
    let url = asking.own(&format!("$export?_type={}{since}", asking.source.types.join(",")))?;
    let response = asking.get(&url, JSON, &[("prefer", "respond-async")]).await?;
    if response.status() != StatusCode::ACCEPTED {
        return Err(Trouble::Answer("not the start of an export"));
    }
    let place = response.headers().get("content-location").and_then(|place| place.to_str().ok());
    let place = place.ok_or(Trouble::Answer("the start of an export without its address"))?;
    Ok(asking.own(place)?.into())
}

/// Asks how far it is until it is done.
async fn wait(asking: &mut Asking<'_>, status: &Url) -> Result<Manifest, Trouble> {
    loop {
        let response = asking.get(status, "application/json", &[]).await?;
        if response.status() != StatusCode::ACCEPTED {
            let told = body(response, LARGEST_MANIFEST).await?;
            let manifest: Manifest =
                serde_json::from_slice(&told).map_err(|_| Trouble::Answer("no manifest of an export"))?;
            clinical::When::parse(&manifest.transaction_time)
                .map_err(|_| Trouble::Answer("a manifest without its time"))?;
            return Ok(manifest);
        }
        let pause = retry_after(&response).unwrap_or(Duration::from_secs(10));
        asking.wait(pause.clamp(Duration::from_secs(1), Duration::from_secs(300))).await?;
    }
}

/// A file, straight to the archive. It may lie elsewhere, then it is fetched without a token.
async fn fetch(
    app: &App,
    name: &str,
    base: &str,
    asking: &mut Asking<'_>,
    output: &Output,
) -> Result<(), Trouble> {
    let url = Url::parse(&output.url).map_err(|_| Trouble::Answer("an address that is none"))?;
    if !is_safe(url.as_str()) {
        return Err(Trouble::Elsewhere);
    }
    let mut response = asking.get(&url, NDJSON, &[]).await?;
    let head = RecordHead { format: Format::FhirNdjson, file_name: None, system: Some(base.to_owned()) };
    let mut recording = app.intake.begin_record(head);
    let mut length = 0;
    while let Some(chunk) = response.chunk().await.map_err(|error| Trouble::reach(&error))? {
        length += chunk.len();
        recording.push(chunk).await?;
    }
    if length > 0 {
        recording.finish(source(name)).await?;
    }
    Ok(())
}
