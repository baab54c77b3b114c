//! No door forgets to ask: every route, for strangers and for those who may see nothing identified.

use crate::running::{Browser, Running};
use govern::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Routes outside the API document.
const DICOMWEB: [&str; 29] = [
    "GET /trial/dicomweb/studies",
    "GET /trial/dicomweb/studies/1.2.3/series/1.2.3/instances",
    "GET /trial/dicomweb/studies/1.2.3",
    "GET /trial/dicomweb/studies/1.2.3/metadata",
    "GET /trial/dicomweb/studies/1.2.3/series/1.2.3/thumbnail",
    "GET /trial/dicomweb/studies/1.2.3/series/1.2.3/instances/1.2.3/frames/1",
    "GET /trial/dicomweb/studies/1.2.3/series/1.2.3/instances/1.2.3/bulkdata/7FE00010",
    "GET /dicom-web/studies",
    "GET /dicom-web/series",
    "GET /dicom-web/instances",
    "GET /dicom-web/studies/1.2.3/series",
    "GET /dicom-web/studies/1.2.3/instances",
    "GET /dicom-web/studies/1.2.3/series/1.2.3/instances",
    "GET /dicom-web/studies/1.2.3",
    "GET /dicom-web/studies/1.2.3/series/1.2.3",
    "GET /dicom-web/studies/1.2.3/series/1.2.3/instances/1.2.3",
    "GET /dicom-web/studies/1.2.3/metadata",
    "GET /dicom-web/studies/1.2.3/rendered",
    "GET /dicom-web/studies/1.2.3/thumbnail",
    "GET /dicom-web/studies/1.2.3/series/1.2.3/instances/1.2.3/frames/1",
    "GET /dicom-web/studies/1.2.3/series/1.2.3/instances/1.2.3/frames/1/rendered",
    "GET /dicom-web/studies/1.2.3/series/1.2.3/instances/1.2.3/bulkdata/7FE00010",
    "DELETE /dicom-web/studies/1.2.3",
    "DELETE /dicom-web/studies/1.2.3/series/1.2.3",
    "DELETE /dicom-web/studies/1.2.3/series/1.2.3/instances/1.2.3",
    "POST /dicom-web/studies",
    "POST /dicom-web/studies/1.2.3",
    "GET /wado?requestType=WADO&studyUID=1.2.3&seriesUID=1.2.3&objectUID=1.2.3",
    "GET /api/v1/exams/1.2.3/download",
];

/// The FHIR door; `/fhir/metadata` says nothing about anyone.
const FHIR: [&str; 6] = [
    "GET /fhir/Observation",
    "POST /fhir/Patient/_search",
    "GET /fhir/Patient/1",
    "GET /fhir/ImagingStudy/1.2.3/_history",
    "GET /fhir/Condition/1/_history/1",
    "GET /fhir/Patient/1/$everything",
];

/// Anybody may sign in; what the server is says nothing about anyone.
const FOR_STRANGERS: [&str; 2] = ["POST /api/v1/session", "GET /api/v1/system"];

/// Where researchers count, in numbers that say nothing of anybody; not where rows are told.
const COUNTING: [&str; 18] = [
    "GET /api/v1/cohort-language",
    "POST /api/v1/cohort-counts",
    "POST /api/v1/cohort-values",
    "POST /api/v1/cohort-words",
    "POST /api/v1/cohort-sql",
    "GET /api/v1/cohorts",
    "POST /api/v1/cohorts",
    "/api/v1/cohorts/1.2.3",
    "POST /api/v1/cohorts/1.2.3/frozen",
    // Their own releases, and those they are named in.
    "GET /api/v1/releases",
    "POST /api/v1/releases",
    "GET /api/v1/releases/1.2.3",
    "GET /api/v1/releases/1.2.3/ethics",
    "PUT /api/v1/releases/1.2.3/ethics",
    "POST /api/v1/releases/1.2.3/cancel",
    "GET /api/v1/releases/1.2.3/files",
    "GET /api/v1/releases/1.2.3/files/1.2.3",
    "GET /api/v1/releases/1.2.3/package.zip",
];

/// What every role may: see to oneself and to the projects one is in, and look at the state of the system.
const FOR_EVERY_ROLE: [&str; 10] = [
    "GET /api/v1/projects",
    "/api/v1/session",
    "/api/v1/tokens",
    "/api/v1/account/password",
    "/api/v1/system",
    "/api/v1/storage",
    "/api/v1/health",
    "/api/v1/records/summary",
    "/api/v1/archive",
    "/metrics",
];

pub(crate) struct Route {
    pub method: Method,
    pub path: String,
    pub has_body: bool,
    /// Whether it needs parameters that these tests don't give.
    pub needs_more: bool,
}

/// Whether a query parameter must be there.
fn needs_more(operation: &Value) -> bool {
    let parameters = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
    parameters.iter().any(|parameter| parameter["in"] == "query" && parameter["required"] == true)
}

pub(crate) async fn routes(running: &Running) -> Vec<Route> {
    let document: Value = running.get("/api/v1/openapi.json").send().await.unwrap().json().await.unwrap();
    let mut routes = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let method = method.to_uppercase().parse().unwrap();
            let parts: Vec<_> = path.split('/').map(filled).collect();
            let has_body = !operation["requestBody"].is_null();
            routes.push(Route { method, path: parts.join("/"), has_body, needs_more: needs_more(operation) });
        }
    }
    routes.extend(DICOMWEB.iter().chain(&FHIR).map(|route| {
        let (method, path) = route.split_once(' ').unwrap();
        Route {
            method: method.parse().unwrap(),
            path: path.into(),
            has_body: method == "POST",
            needs_more: false,
        }
    }));
    routes
}

impl Route {
    pub(crate) fn is_among(&self, listed: &[&str]) -> bool {
        listed.iter().any(|one| match one.split_once(' ') {
            Some((method, path)) => method == self.method.as_str() && path == self.path,
            None => self.path.starts_with(one),
        })
    }

    async fn asked_by(&self, browser: &Browser<'_>) -> StatusCode {
        let request = browser.request(self.method.clone(), &self.path);
        let request = if self.has_body { request.json(&json!({})) } else { request };
        request.send().await.unwrap().status()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_asked_to_sign_in_at_every_door() {
    let running = Running::start().await;
    let routes = routes(&running).await;
    assert!(routes.len() > 60, "the document has lost its routes");
    for route in routes.iter().filter(|route| !route.is_among(&FOR_STRANGERS)) {
        let request = running.request(route.method.clone(), &route.path);
        let request = if route.has_body { request.json(&json!({})) } else { request };
        let status = request.send().await.unwrap().status();
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{} {}", route.method, route.path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn researchers_get_nothing_identified_at_any_door() {
    let running = Running::start().await;
    running.account("rita", Role::Researcher).await;
    let rita = running.sign_in("rita").await;
    let open = |route: &&Route| route.is_among(&FOR_EVERY_ROLE) || route.is_among(&COUNTING);
    for route in routes(&running).await.iter().filter(|route| !open(route)) {
        let status = route.asked_by(&rita).await;
        // A body that says nothing may be refused before it is asked who sent it.
        let unread = (route.has_body || route.needs_more) && status.is_client_error();
        assert!(status == StatusCode::FORBIDDEN || unread, "{} {}: {status}", route.method, route.path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn auditors_read_the_log_and_nothing_else_identified() {
    let running = Running::start().await;
    running.account("otto", Role::Auditor).await;
    let otto = running.sign_in("otto").await;
    assert_eq!(otto.get("/api/v1/audit").send().await.unwrap().status(), StatusCode::OK);
    for route in DICOMWEB.iter().chain(&FHIR).filter_map(|route| route.strip_prefix("GET ")) {
        assert_eq!(otto.get(route).send().await.unwrap().status(), StatusCode::FORBIDDEN, "{route}");
    }
}

/// A part of an address: what is counted there is a number, all else a UID.
fn filled(part: &str) -> &str {
    match part {
        "{level}" | "{column}" | "{row}" | "{number}" => "0",
        named if named.starts_with('{') => "1.2.3",
        plain => plain,
    }
}
