//! Answers as FHIR has them: resources, Bundles, OperationOutcomes.

use crate::http::Problem;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

const JSON: &str = "application/fhir+json; fhirVersion=4.0; charset=utf-8";
/// A problem is no longer.
const PROBLEM: usize = 64 << 10;

/// An answer in FHIR's JSON.
pub(super) fn json(value: &Value) -> Response {
    let mut response = value.to_string().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// A resource with its version and time as headers (R4 §3.1.0.1).
pub(super) fn resource(value: &Value) -> Response {
    let mut response = json(value);
    if let Some(version) = value["meta"]["versionId"].as_str()
        && let Ok(tag) = HeaderValue::try_from(format!("W/\"{version}\""))
    {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Says no to XML (R4 §3.1.0.1.11).
pub(super) fn wants_json(format: Option<&str>, headers: &HeaderMap) -> Result<(), Problem> {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    let wanted = format.unwrap_or(accept);
    let fits = wanted.is_empty() || wanted.contains("json") || wanted.contains('*');
    if fits || format.is_none() && wanted.contains("text/html") {
        return Ok(());
    }
    Err(Problem::new(StatusCode::NOT_ACCEPTABLE, "not-acceptable", "FHIR is given as JSON."))
}

/// Problems as OperationOutcomes (R4 §2.28), with the status they have.
pub(super) async fn outcomes(response: Response) -> Response {
    let is_problem = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/problem+json"));
    if !is_problem {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let problem = to_bytes(body, PROBLEM).await.unwrap_or_default();
    let problem: Value = serde_json::from_slice(&problem).unwrap_or_default();
    let outcome = outcome(parts.status, &problem);
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
    Response::from_parts(parts, Body::from(outcome.to_string()))
}

fn outcome(status: StatusCode, problem: &Value) -> Value {
    let code = match status.as_u16() {
        400 | 422 => "invalid",
        401 => "login",
        403 => "forbidden",
        404 => "not-found",
        405 | 406 => "not-supported",
        429 => "throttled",
        _ => "exception",
    };
    let words = [&problem["detail"], &problem["title"]].into_iter().find_map(Value::as_str);
    json!({"resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": code, "diagnostics": words.unwrap_or("failed")}]})
}
