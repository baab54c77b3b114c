//! Searching (R4 §3.1.1) and everything about a patient (Patient/$everything).

use super::parameters::{Search, pairs};
use super::resource::{Shaper, pointed};
use super::types::{self, Type};
use super::{BASE, answer, imaging, people, read};
use crate::App;
use crate::http::{Caller, Problem};
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use govern::{Action, Resource};
use records::find::FindExams;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Records looked at one by one for a page, before it ends with what was found.
const LOOKED_AT: usize = 20_000;
/// Identifiers name so many records at most.
const NAMED: i64 = 1000;

/// A page of what was found.
#[derive(Default)]
struct Page {
    found: Vec<Value>,
    /// What they point at.
    included: Vec<Value>,
    /// Where the next begins.
    next: Option<String>,
    total: Option<i64>,
}

/// `GET /fhir/Type?…`
pub(super) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    found(&app, &caller, &kind, pairs(query.as_deref().unwrap_or_default()), &headers).await
}

/// `POST /fhir/Type/_search`, with the parameters in a body.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let all = pairs(query.as_deref().unwrap_or_default()).into_iter().chain(pairs(&body)).collect();
    found(&app, &caller, &kind, all, &headers).await
}

async fn found(
    app: &App,
    caller: &Caller,
    name: &str,
    pairs: Vec<(String, String)>,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let kind = types::named(name).ok_or_else(|| Problem::not_found("type that can be searched"))?;
    let grant = caller.authorize(app, Action::Read, &Resource::Archive).await?;
    let mut search = Search::understand(app, Some(kind), pairs).await?;
    answer::wants_json(search.format.as_deref(), headers)?;
    let page = match kind.0 {
        "Patient" => of_persons(app, &search).await?,
        "ImagingStudy" => of_exams(app, &mut search).await?,
        _ => of_records(app, kind, &mut search).await?,
    };
    let page = with_included(app, &search, page).await?;
    let entry = caller.record(&grant).with("searched", kind.0).with("found", page.found.len());
    app.govern.audit.record_soon(entry).await?;
    Ok(answer::json(&bundle(app, &format!("/{}", kind.0), &search, page)))
}

async fn of_persons(app: &App, search: &Search) -> Result<Page, Problem> {
    let after: i64 = search.cursor.parse().unwrap_or(0);
    let wanted = match &search.find.ids {
        Some(ids) => {
            let ids: BTreeSet<i64> = ids.iter().copied().filter(|id| *id > after).collect();
            ids.into_iter().take(search.count + 1).collect()
        }
        None => app.records.persons_after(after, search.count as i64 + 1).await?,
    };
    let mut page = Page::default();
    if search.only_count || search.total {
        page.total = Some(match &search.find.ids {
            Some(ids) => ids.iter().collect::<BTreeSet<_>>().len() as i64,
            None => app.records.count_persons().await?,
        });
    }
    if search.only_count {
        return Ok(page);
    }
    page.next = (wanted.len() > search.count).then(|| wanted[search.count - 1].to_string());
    for id in wanted.into_iter().take(search.count) {
        page.found.extend(people::patient(app, id).await?);
    }
    Ok(page)
}

/// Exams of the archive, then studies that sources tell of and the archive hasn't.
async fn of_exams(app: &App, search: &mut Search) -> Result<Page, Problem> {
    search.find.kinds = vec!["ImagingStudy".to_owned()];
    let mut find = exams(search);
    if !search.find.names.is_empty() {
        let named = app.records.find_exams(&find, NAMED).await?;
        let studies: Vec<_> = named.into_iter().map(|exam| exam.study).collect();
        let ids: Vec<i64> = app.records.find(&search.find, NAMED).await?.iter().map(|row| row.id).collect();
        let all: Vec<_> = studies.iter().cloned().chain(ids.iter().map(ToString::to_string)).collect();
        search.names_are(&all);
        search.find.names.clear();
        search.find.ids = Some(ids);
        (find.names, find.studies) = (Vec::new(), Some(studies));
    }
    if search.only_count {
        let held = if of_archive(search) { app.records.count_exams(&find).await? } else { 0 };
        let told = told_studies(app, search, 0, usize::MAX).await?.found.len() as i64;
        return Ok(Page { total: Some(held + told), ..Page::default() });
    }
    let behind = search.cursor.strip_prefix(TOLD).map(|id| id.parse().unwrap_or(0));
    if let Some(after) = behind {
        return told_studies(app, search, after, search.count).await;
    }
    let mut page = Page::default();
    find.after.clone_from(&search.cursor);
    let limit = if of_archive(search) { search.count as i64 + 1 } else { 0 };
    let mut found = app.records.find_exams(&find, limit).await?;
    if found.len() > search.count {
        found.truncate(search.count);
        page.next = found.last().map(|exam| exam.study.clone());
    }
    for exam in &found {
        page.found.push(imaging::shape(app, exam, false).await?);
    }
    if page.next.is_none() {
        let more = told_studies(app, search, 0, search.count - page.found.len()).await?;
        page.found.extend(more.found);
        page.next = more.next;
    }
    Ok(page)
}

/// How cursors of studies begin that are told of.
const TOLD: &str = "told-";

/// An exam that is here is available.
fn of_archive(search: &Search) -> bool {
    let wanted = &search.find.status;
    wanted.is_empty() || wanted.iter().any(|status| status == "available")
}

/// Studies that sources tell of and the archive hasn't.
async fn told_studies(app: &App, search: &Search, after: i64, most: usize) -> Result<Page, Problem> {
    let (mut page, mut find) = (Page::default(), search.find.clone());
    find.after = after;
    let mut shaper = Shaper::new(app);
    loop {
        let rows = app.records.find(&find, NAMED).await?;
        for row in &rows {
            if !search.fits(&row.content) || shaper.exam_of(&row.content).await?.is_some() {
                find.after = row.id;
                continue;
            }
            if page.found.len() == most {
                page.next = Some(format!("{TOLD}{}", find.after));
                return Ok(page);
            }
            find.after = row.id;
            page.found.push(shaper.shape(row).await?);
        }
        if rows.len() < NAMED as usize {
            return Ok(page);
        }
    }
}

fn exams(search: &Search) -> FindExams {
    let names = search.find.names.iter();
    let modalities = search.elements.iter().filter(|(name, _)| *name == "modality");
    FindExams {
        studies: search.studies.clone(),
        persons: search.find.persons.clone(),
        names: names.map(|one| one.value.strip_prefix("urn:oid:").unwrap_or(&one.value).to_owned()).collect(),
        modalities: modalities.flat_map(|(_, tokens)| tokens.iter().map(|one| one.value.clone())).collect(),
        times: search.find.times.clone(),
        after: String::new(),
    }
}

async fn of_records(app: &App, kind: &Type, search: &mut Search) -> Result<Page, Problem> {
    search.find.kinds = vec![kind.0.to_owned()];
    if !search.find.names.is_empty() {
        let named = app.records.find(&search.find, NAMED).await?;
        let ids: Vec<i64> = named.iter().map(|row| row.id).collect();
        search.names_are(&ids.iter().map(ToString::to_string).collect::<Vec<_>>());
        search.find.names.clear();
        search.find.ids = Some(ids);
    }
    collect(app, search).await
}

/// Records, with what only their content tells looked at one by one.
async fn collect(app: &App, search: &Search) -> Result<Page, Problem> {
    let mut page = Page::default();
    if search.only_count || search.total {
        page.total = count(app, search).await?;
    }
    if search.only_count {
        return Ok(page);
    }
    let (mut find, mut looked_at) = (search.find.clone(), 0);
    find.after = search.cursor.parse().unwrap_or(0);
    let mut shaper = Shaper::new(app);
    loop {
        let rows = app.records.find(&find, search.count as i64 + 1).await?;
        let last = rows.len() <= search.count;
        for row in &rows {
            if page.found.len() == search.count {
                page.next = Some(find.after.to_string());
                return Ok(page);
            }
            find.after = row.id;
            if search.fits(&row.content) {
                page.found.push(shaper.shape(row).await?);
            }
        }
        looked_at += rows.len();
        if last {
            return Ok(page);
        }
        if looked_at > LOOKED_AT {
            page.next = Some(find.after.to_string());
            return Ok(page);
        }
    }
}

/// How many there are, where that can be told without looking at each.
async fn count(app: &App, search: &Search) -> Result<Option<i64>, Problem> {
    if search.elements.is_empty() {
        return Ok(Some(app.records.count(&search.find).await?));
    }
    if !search.only_count {
        return Ok(None);
    }
    let (mut find, mut total) = (search.find.clone(), 0);
    loop {
        let rows = app.records.find(&find, NAMED).await?;
        total += rows.iter().filter(|row| search.fits(&row.content)).count() as i64;
        match rows.last() {
            Some(last) => find.after = last.id,
            None => return Ok(Some(total)),
        }
    }
}

async fn with_included(app: &App, search: &Search, mut page: Page) -> Result<Page, Problem> {
    let mut wanted = BTreeSet::new();
    for resource in &page.found {
        wanted.extend(pointed(resource, &search.include));
    }
    for address in wanted {
        if let Some((kind, id)) = address.split_once('/') {
            page.included.extend(read::current(app, kind, id).await?);
        }
    }
    Ok(page)
}

fn bundle(app: &App, path: &str, search: &Search, page: Page) -> Value {
    let base = format!("{}{BASE}", app.base_url());
    let address = |cursor: Option<&str>| {
        let query = search.query(cursor);
        if query.is_empty() { format!("{base}{path}") } else { format!("{base}{path}?{query}") }
    };
    let mut links = vec![
        json!({"relation": "self", "url": address(Some(&search.cursor).filter(|c| !c.is_empty()).map(String::as_str))}),
    ];
    if let Some(next) = &page.next {
        links.push(json!({"relation": "next", "url": address(Some(next))}));
    }
    let mut made = json!({"resourceType": "Bundle", "type": "searchset", "link": links});
    if let Some(total) = page.total {
        made["total"] = total.into();
    }
    let found = page.found.into_iter().map(|one| (one, "match"));
    let all = found.chain(page.included.into_iter().map(|one| (one, "include")));
    let entry = |(one, mode): (Value, &str)| {
        let (kind, id) = (one["resourceType"].as_str(), one["id"].as_str());
        let address = format!("{base}/{}/{}", kind.unwrap_or_default(), id.unwrap_or_default());
        json!({"fullUrl": address, "resource": one, "search": {"mode": mode}})
    };
    let entries: Vec<_> = all.map(entry).collect();
    if !entries.is_empty() {
        made["entry"] = entries.into();
    }
    made
}

/// `GET /fhir/Patient/7/$everything`: the patient, their exams, then every record of theirs.
pub(super) async fn everything(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let grant = caller.authorize(&app, Action::Read, &read::resource("Patient", &id)).await?;
    let pairs = pairs(query.as_deref().unwrap_or_default());
    let mut search = Search::understand(&app, None, pairs).await?;
    answer::wants_json(search.format.as_deref(), &headers)?;
    let patient = read::current(&app, "Patient", &id).await?.ok_or_else(|| Problem::not_found("patient"))?;
    let person = read::person(&app, &id).await?.ok_or_else(|| Problem::not_found("patient"))?;
    search.find.persons = Some(vec![person]);
    search.find.kinds = everything_but_patients(&app, &search).await?;
    let mut page =
        if search.find.kinds.is_empty() { Page::default() } else { collect(&app, &search).await? };
    if search.cursor.is_empty() {
        let mut first = Vec::new();
        if wants(&search, "Patient") {
            first.push(patient);
        }
        if wants(&search, "ImagingStudy") {
            let find = FindExams { persons: Some(vec![person]), ..FindExams::default() };
            for exam in app.records.find_exams(&find, NAMED).await? {
                first.push(imaging::shape(&app, &exam, false).await?);
            }
        }
        page.found.splice(0..0, first);
    }
    app.govern.audit.record_soon(caller.record(&grant).with("found", page.found.len())).await?;
    Ok(answer::json(&bundle(
        &app,
        &format!("/Patient/{}/$everything", people::name(&app, person).await?),
        &search,
        page,
    )))
}

fn wants(search: &Search, kind: &str) -> bool {
    search.kinds.is_empty() || search.kinds.iter().any(|one| one == kind)
}

/// The types there are records of, without those that persons are made from.
async fn everything_but_patients(app: &App, search: &Search) -> Result<Vec<String>, Problem> {
    let counts = app.records.counts().await?;
    let kinds: BTreeSet<String> = counts.into_iter().map(|(kind, _, _)| kind).collect();
    Ok(kinds.into_iter().filter(|kind| kind != "Patient" && wants(search, kind)).collect())
}
