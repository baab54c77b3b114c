//! One resource: as it is, as it was (R4 §3.1.0.1 to §3.1.0.3).

use super::resource::{Shaper, Version};
use super::{answer, imaging, people};
use crate::App;
use crate::http::{Caller, Problem};
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use govern::{Action, Resource};
use model::StudyInstanceUid;
use records::timeline::RecordRow;
use serde_json::{Value, json};
use std::sync::Arc;

/// A resource, or an exam as one.
pub(super) async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((kind, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let pairs = super::parameters::pairs(query.as_deref().unwrap_or_default());
    let format = pairs.iter().find(|(name, _)| name == "_format").map(|(_, value)| value.as_str());
    answer::wants_json(format, &headers)?;
    let resource = resource(&kind, &id);
    let grant = caller.authorize(&app, Action::Read, &resource).await?;
    let found = current(&app, &kind, &id).await?.ok_or_else(|| Problem::not_found("resource"))?;
    app.govern.audit.record_soon(caller.record(&grant).with("read", kind)).await?;
    Ok(answer::resource(&found))
}

/// What is authorized, and recorded.
pub(super) fn resource(kind: &str, id: &str) -> Resource {
    match (kind, StudyInstanceUid::parse(id)) {
        // Not the exam alone: a guest's look at it opens no other door.
        ("ImagingStudy", Ok(_)) if id.contains('.') => Resource::Other("exam-records", id.to_owned()),
        ("Patient", _) => Resource::Other("person", sound(id).to_owned()),
        _ => Resource::Other("record", sound(id).to_owned()),
    }
}

/// An id of ours, or `0`: nothing else of an address is recorded.
fn sound(id: &str) -> &str {
    let ours = id.len() <= 27 && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if ours && !id.is_empty() { id } else { "0" }
}

/// The person that an id means.
pub(super) async fn person(app: &App, id: &str) -> Result<Option<i64>, Problem> {
    Ok(app.records.person_of_name(sound(id)).await?)
}

/// A resource as it holds.
pub(super) async fn current(app: &App, kind: &str, id: &str) -> Result<Option<Value>, Problem> {
    if kind == "ImagingStudy" && id.contains('.') {
        return imaging::study(app, id).await;
    }
    if kind == "Patient" {
        let Some(number) = person(app, id).await? else { return Ok(None) };
        return people::patient(app, number).await;
    }
    match record(app, kind, id).await? {
        Some(row) => Shaper::new(app).shape(&row).await.map(Some),
        None => Ok(None),
    }
}

async fn record(app: &App, kind: &str, id: &str) -> Result<Option<RecordRow>, Problem> {
    let Some(id) = app.records.record_of(kind, sound(id)).await? else { return Ok(None) };
    Ok(app.records.record(id).await?.filter(|row| row.kind == kind && row.version > 0))
}

/// Every version, the newest first.
async fn versions(app: &App, kind: &str, id: &str) -> Result<Vec<Value>, Problem> {
    let row = if kind == "Patient" { None } else { record(app, kind, id).await? };
    let Some(row) = row else {
        // Persons and exams are made from what holds; they have no versions of their own.
        return Ok(current(app, kind, id).await?.into_iter().collect());
    };
    let mut shaper = Shaper::new(app);
    let mut all = Vec::new();
    for one in app.records.versions(row.id).await? {
        let version = Version { number: one.version, known_at: &one.known_at, content: one.content };
        all.push(shaper.version(&row, version).await?);
    }
    Ok(all)
}

/// One version.
pub(super) async fn version(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((kind, id, version)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let grant = caller.authorize(&app, Action::Read, &resource(&kind, &id)).await?;
    let all = versions(&app, &kind, &id).await?;
    let found = all.iter().find(|one| one["meta"]["versionId"] == version.as_str());
    let found = found.ok_or_else(|| Problem::not_found("version"))?;
    app.govern.audit.record_soon(caller.record(&grant).with("read", kind)).await?;
    Ok(answer::resource(found))
}

/// All versions as a Bundle.
pub(super) async fn history(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((kind, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let grant = caller.authorize(&app, Action::Read, &resource(&kind, &id)).await?;
    let all = versions(&app, &kind, &id).await?;
    if all.is_empty() {
        return Err(Problem::not_found("resource"));
    }
    app.govern.audit.record_soon(caller.record(&grant).with("versions", all.len())).await?;
    let address = format!("{}{}/{kind}/{id}", app.base_url(), super::BASE);
    let total = all.len();
    let entry = |(at, one): (usize, Value)| {
        let (method, status) = if at + 1 == total { ("POST", "201") } else { ("PUT", "200") };
        let updated = one["meta"]["lastUpdated"].clone();
        let url = if method == "POST" { kind.clone() } else { format!("{kind}/{id}") };
        let mut response = json!({"status": status});
        if updated.is_string() {
            response["lastModified"] = updated;
        }
        json!({"fullUrl": address, "resource": one, "request": {"method": method, "url": url},
            "response": response})
    };
    let entries: Vec<_> = all.into_iter().enumerate().map(entry).collect();
    let link = json!([{"relation": "self", "url": format!("{address}/_history")}]);
    let bundle =
        json!({"resourceType": "Bundle", "type": "history", "total": total, "link": link, "entry": entries});
    Ok(answer::json(&bundle))
}
