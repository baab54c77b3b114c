//! Searching (QIDO-RS, PS3.18 §10.6).

use super::answer;
use super::request::accepted;
use crate::App;
use crate::http::{Caller, Problem};
use crate::projects::Place;
use axum::extract::{Path, Query as Parameters, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use catalog::Scope;
use catalog::query::{Found, Level, Matching, Query, Row};
use dicom::json::{BulkOptions, write_json};
use dicom::{DataSet, Tag, dictionary, tags};
use futures::stream;
use govern::Action;
use model::{SeriesInstanceUid, StudyInstanceUid};
use serde::Deserialize;
use std::sync::Arc;
use view::ViewError;
use view::multipart::Part;

/// Rows of an answer when the request has no limit, and the most a request can have.
const MOST: usize = 5000;
const JSON: &str = "application/dicom+json";
const XML: &str = "application/dicom+xml";

/// The UIDs of a nested search.
#[derive(Deserialize)]
pub(super) struct Within {
    project: Option<String>,
    study: Option<String>,
    series: Option<String>,
}

/// A request: who, of what, how.
pub(super) type Request = (
    State<Arc<App>>,
    Caller,
    Path<Within>,
    Result<Parameters<Vec<(String, String)>>, axum::extract::rejection::QueryRejection>,
    HeaderMap,
);

/// Finds exams.
pub(super) async fn studies(request: Request) -> Result<Response, Problem> {
    search(request, Level::Study).await
}

/// Finds series, of all exams or one.
pub(super) async fn series(request: Request) -> Result<Response, Problem> {
    search(request, Level::Series).await
}

/// Finds instances, of all exams, one or one series.
pub(super) async fn instances(request: Request) -> Result<Response, Problem> {
    search(request, Level::Instance).await
}

async fn search(request: Request, level: Level) -> Result<Response, Problem> {
    let (State(app), caller, Path(within), parameters, headers) = request;
    let parameters = parameters.map_err(|_| Problem::bad_request("The query can't be read."))?.0;
    let accepted = accepted(&parameters, &headers);
    let Some((_, form)) = accepted.best(&[JSON, "application/json", XML]) else {
        return Err(ViewError::NotAcceptable(format!("{JSON} and multipart/related; type=\"{XML}\"")).into());
    };
    let (query, scope) = question(level, &parameters, &within)?;
    let place = Place::of(within.project.as_deref());
    let (grant, room) = place.ask(&app, &caller, Action::Query, scope.as_ref()).await?;
    let found = room.catalog.query(&query).await?;
    let entry = caller.record(&grant).with("keys", keys(&query)).with("found", found.rows.len());
    app.govern.audit.record_soon(entry).await?;
    Ok(respond(&room.base(&app), form, level, &query, &parameters, found))
}

/// The question and what it is about.
fn question(
    level: Level,
    parameters: &[(String, String)],
    within: &Within,
) -> Result<(Query, Option<Scope>), Problem> {
    let pairs = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let query =
        Query::from_parameters(level, pairs).map_err(|error| Problem::bad_request(error.to_string()))?;
    let malformed = |error: model::UidError| Problem::bad_request(error.to_string());
    let mut query = Query { limit: Some(query.limit.unwrap_or(MOST).min(MOST)), ..query };
    let Some(study) = &within.study else {
        let scope = only_exam(&query).map(Scope::Study);
        return Ok((query, scope));
    };
    let study = StudyInstanceUid::parse(study).map_err(malformed)?;
    query = query.with(tags::STUDY_INSTANCE_UID, study.as_str());
    let Some(series) = &within.series else { return Ok((query, Some(Scope::Study(study)))) };
    let series = SeriesInstanceUid::parse(series).map_err(malformed)?;
    query = query.with(tags::SERIES_INSTANCE_UID, series.as_str());
    Ok((query, Some(Scope::Series(study, series))))
}

/// The exam that a search names and can't find beyond: keys only narrow it further.
fn only_exam(query: &Query) -> Option<StudyInstanceUid> {
    let named = query.keys.iter().find(|key| key.tag == tags::STUDY_INSTANCE_UID)?;
    match &named.matching {
        Matching::Values(values) if values.len() == 1 => StudyInstanceUid::parse(values.first()?).ok(),
        _ => None,
    }
}

/// Which attributes were asked by, never their values.
fn keys(query: &Query) -> String {
    let name = |tag: Tag| {
        dictionary::attribute(tag)
            .map_or_else(|| format!("{:04X}{:04X}", tag.0, tag.1), |a| a.keyword.to_string())
    };
    query.keys.iter().map(|key| name(key.tag)).collect::<Vec<_>>().join(",")
}

fn respond(
    base: &str,
    form: &str,
    level: Level,
    query: &Query,
    parameters: &[(String, String)],
    found: Found,
) -> Response {
    let more = found.more;
    let rows: Vec<DataSet> = found.rows.into_iter().map(|row| with_address(row, level, base)).collect();
    if rows.is_empty() && form == XML {
        return StatusCode::NO_CONTENT.into_response();
    }
    let count = rows.len();
    let mut response = if form == XML { xml(rows) } else { json(form, &rows) };
    if more {
        page_on(&mut response, query.offset + count, count, parameters);
    }
    if names_a_time_zone(parameters) {
        answer::warn(
            &mut response,
            "The TimezoneOffsetFromUTC parameter is not used: dates and times match as they are stored",
        );
    }
    response
}

fn names_a_time_zone(parameters: &[(String, String)]) -> bool {
    let zone = |name: &str| dictionary::parse_tag(name) == Some(tags::TIMEZONE_OFFSET_FROM_UTC);
    parameters.iter().any(|(name, value)| zone(name) && !value.trim().is_empty())
}

/// Where the row's object can be retrieved, and that it can be at once.
fn with_address(row: Row, level: Level, base: &str) -> DataSet {
    let Row { study, series, sop, mut data_set } = row;
    let mut address = base.to_owned();
    let parts = [("studies", study), ("series", series), ("instances", sop)];
    let depth = match level {
        Level::Patient => 0,
        Level::Study => 1,
        Level::Series => 2,
        Level::Instance => 3,
    };
    for (name, uid) in parts.into_iter().take(depth).filter_map(|(name, uid)| Some((name, uid?))) {
        address = format!("{address}/{name}/{uid}");
    }
    data_set.put_text(tags::RETRIEVE_URL, &address);
    data_set.put_text(tags::INSTANCE_AVAILABILITY, "ONLINE");
    data_set
}

fn json(media_type: &str, rows: &[DataSet]) -> Response {
    let mut out = Vec::with_capacity(rows.len() * 1024 + 2);
    out.push(b'[');
    for (number, row) in rows.iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        write_json(row, &BulkOptions::INLINE, &mut out);
    }
    out.push(b']');
    answer::whole(media_type, out)
}

fn xml(rows: Vec<DataSet>) -> Response {
    let part = |row: DataSet| {
        Ok(Part::whole(XML.to_owned(), None, dicom::xml::to_xml(&row, &BulkOptions::INLINE).into()))
    };
    answer::parts(XML, stream::iter(rows.into_iter().map(part)))
}

/// Tells that more follow (PS3.18 §8.3.4.4) and where (RFC 8288).
fn page_on(response: &mut Response, offset: usize, limit: usize, parameters: &[(String, String)]) {
    answer::warn(response, "There are additional results that can be requested");
    let kept = parameters
        .iter()
        .filter(|(name, _)| !matches!(name.to_ascii_lowercase().as_str(), "offset" | "limit"));
    let mut query: Vec<String> =
        kept.map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    query.push(format!("offset={offset}"));
    query.push(format!("limit={limit}"));
    answer::set(response, header::LINK, &format!("<?{}>; rel=\"next\"", query.join("&")));
}

/// Percent-encoding of what is not unreserved (RFC 3986 §2.3).
fn encoded(text: &str) -> String {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes()
        .map(|b| if unreserved(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_asks_the_same_question() {
        let mut response = Response::new(axum::body::Body::empty());
        let parameters =
            [("PatientName".to_owned(), "M\u{fc}ller*".to_owned()), ("limit".to_owned(), "2".to_owned())];
        page_on(&mut response, 4, 2, &parameters);
        let link = response.headers().get(header::LINK).and_then(|value| value.to_str().ok());
        assert_eq!(link, Some("<?PatientName=M%C3%BCller%2A&offset=4&limit=2>; rel=\"next\""));
    }
}
