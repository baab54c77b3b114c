//! A round: every resource type, page by page. What a page holds is durable before the next is asked for.

use super::bulk;
use super::client::{Asking, Trouble, body, http_date};
use super::state;
use crate::App;
use crate::config::FhirSource;
use bytes::Bytes;
use govern::{Action, Entry, Principal, Resource, authorize};
use intake::{Format, RecordHead};
use model::{Door, Source, Timestamp};
use reqwest::header::DATE;
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

const JSON: &str = "application/fhir+json";
/// No page is larger.
const LARGEST_PAGE: usize = 64 << 20;
/// Clocks differ, and what is being written shows late: a round begins so much before the one before it ended.
const OVERLAP: i64 = 120_000_000;

/// Asks a server for everything new. Whether it went well; why not is kept.
pub(super) async fn run(app: &App, name: &str, source: &FhirSource, stop: &CancellationToken) -> bool {
    let went = async {
        state::begin(&app.ledger, name).await?;
        let before = state::of(&app.ledger, name).await?;
        let mut asking = Asking::new(source, stop)?;
        let came = all(app, name, &mut asking).await;
        let after = state::of(&app.ledger, name).await?;
        recorded(app, name, after.resources - before.resources, came.is_ok()).await;
        came
    };
    let went: Result<(), Trouble> = went.await;
    if matches!(went, Err(Trouble::Stopped)) {
        return true; // it goes on at the next start
    }
    let told = went.as_ref().err().map(|trouble| match trouble {
        Trouble::Keep(error) => format!("{trouble}: {error}"),
        other => other.to_string(),
    });
    if let Some(error) = &told {
        tracing::warn!(server = name, error, "a FHIR server could not be asked for everything new");
    }
    if let Err(error) = state::end(&app.ledger, name, told.as_deref()).await {
        tracing::warn!(server = name, %error, "how it went with a FHIR server could not be noted");
    }
    went.is_ok()
}

/// One entry in the audit log for a round that brought something, or failed.
async fn recorded(app: &App, name: &str, resources: i64, well: bool) {
    if resources == 0 && well {
        return;
    }
    let about = Resource::Other("fhir-server", name.to_owned());
    if let Ok(grant) = authorize(&Principal::worker("polling"), Action::Store, &about) {
        let entry = Entry::done(&grant, "fhir", Timestamp::now()).with("resources", resources);
        app.govern.audit.record_late(entry.with("went", if well { "well" } else { "failed" }));
    }
}

async fn all(app: &App, name: &str, asking: &mut Asking<'_>) -> Result<(), Trouble> {
    if asking.source.bulk && bulk::run(app, name, asking).await? {
        return Ok(());
    }
    let mut first = None;
    for kind in &asking.source.types {
        // One type that fails does not keep the others from coming; the server's first trouble is told.
        match of_type(app, name, asking, kind).await {
            Ok(()) => {}
            Err(
                trouble @ (Trouble::Status(_) | Trouble::Answer(_) | Trouble::TooLarge | Trouble::Elsewhere),
            ) => {
                first = first.or(Some(trouble));
            }
            Err(trouble) => return Err(trouble),
        }
    }
    first.map_or(Ok(()), Err)
}

/// What of a page is needed to go on.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    resource_type: String,
    #[serde(default)]
    link: Vec<Link>,
    #[serde(default)]
    entry: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Link {
    relation: String,
    url: String,
}

async fn of_type(app: &App, name: &str, asking: &mut Asking<'_>, kind: &str) -> Result<(), Trouble> {
    if kind.is_empty() || !kind.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Trouble::Settings("a resource type that is none"));
    }
    let base = asking.base().to_owned();
    let place = (name, base.as_str(), kind);
    let mut cursor = state::cursor(&app.ledger, name, &base, kind).await?;
    let resumes = !cursor.next.is_empty();
    if !resumes {
        cursor.next = first_page(asking.source, kind, &cursor.since);
        cursor.upto.clear();
    }
    let mut began = !resumes;
    while !cursor.next.is_empty() {
        let url = asking.own(&cursor.next)?;
        let response = match asking.get(&url, JSON, &[]).await {
            // A page that was kept for us may be gone: then from the start, which changes nothing of what has come.
            Err(Trouble::Status(400 | 404 | 410)) if !began => {
                cursor.next = first_page(asking.source, kind, &cursor.since);
                cursor.upto.clear();
                began = true;
                continue;
            }
            other => other?,
        };
        began = true;
        if cursor.upto.is_empty() {
            cursor.upto = moment(&response);
        }
        let content = body(response, LARGEST_PAGE).await?;
        let page: Page =
            serde_json::from_slice(&content).map_err(|_| Trouble::Answer("no FHIR Bundle, or cut off"))?;
        if page.resource_type != "Bundle" {
            return Err(Trouble::Answer("no FHIR Bundle"));
        }
        let next = page.link.into_iter().find(|link| link.relation == "next").map(|link| link.url);
        let next = next.map(|next| asking.own(&next)).transpose()?.map(String::from);
        if next.as_deref() == Some(url.as_str()) {
            return Err(Trouble::Answer("a page that leads to itself"));
        }
        let resources = i64::try_from(page.entry.len()).unwrap_or(0);
        if resources > 0 {
            keep(app, name, &base, Format::Fhir, content).await?;
        }
        // Only now: what came is durable.
        cursor.next = next.unwrap_or_default();
        if cursor.next.is_empty() {
            cursor.since = std::mem::take(&mut cursor.upto);
        }
        state::move_on(&app.ledger, place, &cursor, (resources > 0).then_some(resources)).await?;
        if asking.is_stopped() {
            return Err(Trouble::Stopped);
        }
    }
    Ok(())
}

fn first_page(source: &FhirSource, kind: &str, since: &str) -> String {
    let since = if since.is_empty() { source.since.as_deref().unwrap_or_default() } else { since };
    let changed = if since.is_empty() { String::new() } else { format!("&_lastUpdated=ge{since}") };
    format!("{kind}?_count={}{changed}", source.page)
}

/// The moment of the server's answer by its own clock, else by ours, with the overlap taken off.
fn moment(response: &reqwest::Response) -> String {
    let told = response.headers().get(DATE).and_then(|date| http_date(date.to_str().ok()?));
    let ours = Timestamp::now().as_micros();
    Timestamp::from_micros(told.unwrap_or(ours).min(ours) - OVERLAP).to_string()
}

/// Where something came from.
pub(super) fn source(name: &str) -> Source {
    Source {
        door: Door::Fetch,
        account: format!("fhir:{name}"),
        peer: Some(name.to_owned()),
        path: None,
        received_at: Timestamp::now(),
    }
}

/// Makes what came durable, by the law of every door.
async fn keep(app: &App, name: &str, base: &str, format: Format, content: Bytes) -> Result<(), Trouble> {
    let head = RecordHead { format, file_name: None, system: Some(base.to_owned()) };
    let mut recording = app.intake.begin_record(head);
    recording.push(content).await?;
    recording.finish(source(name)).await?;
    Ok(())
}
