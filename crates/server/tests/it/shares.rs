//! Exams handed on by a token: what its holder reaches, for how long, and who is told.

use crate::doors::{data_set, file as encoded, soon};
use crate::every_door::{Route, routes};
use crate::exams::store;
use crate::running::{Browser, Running};
use dicom::tags;
use govern::Role;
use model::{Door, Source, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::config::Origin;

/// Who shares, and what a sharing answers.
async fn shared(browser: &Browser<'_>, study: &str, body: Value) -> (StatusCode, Value) {
    let path = format!("/api/v1/exams/{study}/tokens");
    let answer = browser.request(Method::POST, &path).json(&body).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

async fn guest(browser: &Browser<'_>) -> Value {
    let (status, told) = shared(browser, "1.2.3", json!({ "name": "portal" })).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    told
}

async fn status_for(running: &Running, secret: &str, method: Method, path: &str) -> StatusCode {
    running.request(method, path).bearer_auth(secret).send().await.unwrap().status()
}

async fn ask(running: &Running, secret: &str, route: &Route) -> StatusCode {
    let request = running.request(route.method.clone(), &route.path).bearer_auth(secret);
    let request = if route.has_body { request.json(&json!({})) } else { request };
    request.send().await.unwrap().status()
}

/// What a viewer needs, of the guest's own exam. Everything else is refused.
const FOR_GUESTS: [&str; 30] = [
    "GET /api/v1/session",
    "DELETE /api/v1/session",
    "GET /api/v1/exams/1.2.3",
    "GET /api/v1/exams/1.2.3/instances/1.2.3/attributes",
    "GET /api/v1/exams/1.2.3/instances/1.2.3/pdf",
    "GET /api/v1/exams/1.2.3/work",
    "GET /api/v1/exams/1.2.3/work-history",
    "GET /api/v1/exams/1.2.3/segmentations",
    "GET /api/v1/exams/1.2.3/segmentations/1.2.3",
    "GET /api/v1/exams/1.2.3/series/1.2.3/volumes",
    "GET /api/v1/exams/1.2.3/series/1.2.3/slide",
    "GET /api/v1/exams/1.2.3/series/1.2.3/slide/glass/0",
    "GET /api/v1/exams/1.2.3/series/1.2.3/slide/tiles/0/0/0",
    "GET /api/v1/exams/1.2.3/files/1.2.3/slide",
    "GET /api/v1/exams/1.2.3/files/1.2.3/slide/glass/0",
    "GET /api/v1/exams/1.2.3/files/1.2.3/slide/tiles/0/0/0",
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
    "GET /wado?requestType=WADO&studyUID=1.2.3&seriesUID=1.2.3&objectUID=1.2.3",
    // Signing in is for strangers too; without a name it is refused for what it says.
    "POST /api/v1/session",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_reaches_one_exam_through_no_door_but_those_that_read_it() {
    let running = Running::start().await;
    store(&running, 1).await;
    running.account("ada", Role::Admin).await;
    let ada = running.sign_in("ada").await;
    let told = guest(&ada).await;
    let secret = told["secret"].as_str().unwrap();
    let mut wrong = Vec::new();
    for route in routes(&running).await {
        let status = ask(&running, secret, &route).await;
        let refused = status == StatusCode::FORBIDDEN;
        // A body that says nothing may be refused before it is asked who sent it.
        let unread = (route.has_body || route.needs_more) && status.is_client_error();
        let right = if route.is_among(&FOR_GUESTS) { !refused } else { refused || unread };
        if !right {
            wrong.push(format!("{} {}: {status}", route.method, route.path));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The same doors, for an exam that is somebody else's.
    for route in FOR_GUESTS.iter().filter(|route| route.contains("1.2.3")) {
        let (method, path) = route.split_once(' ').unwrap();
        let path = path.replace("1.2.3", "1.2.4");
        let status = status_for(&running, secret, method.parse().unwrap(), &path).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_finds_no_other_exam_by_searching_or_by_naming_its_parts() {
    let running = Running::start().await;
    store(&running, 1).await;
    let mut incoming = running.app.intake.begin();
    let mut other = data_set("1.9.9.9");
    other.put_text(tags::STUDY_INSTANCE_UID, "1.9.9");
    incoming.push(encoded(&other).into()).await.unwrap();
    let received_at = Timestamp::now();
    let source = Source { door: Door::Upload, account: "ann".into(), peer: None, path: None, received_at };
    incoming.finish(source).await.unwrap();
    crate::exams::indexed(&running, 2).await;
    running.account("ann", Role::Broker).await;
    let ann = running.sign_in("ann").await;
    let told = guest(&ann).await;
    let secret = told["secret"].as_str().unwrap();
    let found = |query: &str| {
        let path = format!("/dicom-web/studies{query}");
        let request = running.get(&path).bearer_auth(secret).header("accept", "application/dicom+json");
        async move {
            let answer = request.send().await.unwrap();
            (answer.status(), answer.json::<Value>().await.unwrap())
        }
    };
    let (status, rows) = found("?StudyInstanceUID=1.2.3&includefield=all").await;
    assert_eq!((status, rows.as_array().map(Vec::len)), (StatusCode::OK, Some(1)), "{rows}");
    for wide in ["", "?StudyInstanceUID=1.*", "?StudyInstanceUID=1.2.3,1.9.9", "?StudyInstanceUID=1.9.9"] {
        assert_eq!(found(wide).await.0, StatusCode::FORBIDDEN, "{wide}");
    }
    let (_, none) = found("?StudyInstanceUID=1.2.3&StudyInstanceUID=1.9.9").await;
    assert!(!none.to_string().contains("1.9.9"), "{none}");
    for path in [
        "/dicom-web/studies/1.2.3/series/1.2.3.4.2/instances/1.9.9.9",
        "/dicom-web/studies/1.2.3/series/1.2.3.4.2",
        "/api/v1/exams/1.2.3/instances/1.9.9.9/attributes",
        "/wado?requestType=WADO&studyUID=1.2.3&seriesUID=1.2.3.4.2&objectUID=1.9.9.9",
    ] {
        assert_eq!(status_for(&running, secret, Method::GET, path).await, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_exam_is_closed_by_its_end_its_owner_and_its_owners_end() {
    let running = Running::start().await;
    store(&running, 1).await;
    running.account("ann", Role::Broker).await;
    let ann = running.sign_in("ann").await;
    let told = guest(&ann).await;
    let (id, secret) = (told["id"].as_str().unwrap(), told["secret"].as_str().unwrap());
    let metadata = "/dicom-web/studies/1.2.3/metadata";
    assert_eq!(status_for(&running, secret, Method::GET, metadata).await, StatusCode::OK);
    assert_eq!(told["embed"].as_str().unwrap().split_once('#').unwrap().1, format!("token={secret}"));
    let listed: Value = ann.get("/api/v1/tokens").send().await.unwrap().json().await.unwrap();
    assert_eq!(listed["tokens"][0]["studyInstanceUid"], "1.2.3");
    let revoked = ann.request(Method::DELETE, &format!("/api/v1/tokens/{id}")).send().await.unwrap();
    assert_eq!(revoked.status(), StatusCode::NO_CONTENT);
    assert_eq!(status_for(&running, secret, Method::GET, metadata).await, StatusCode::UNAUTHORIZED);

    let told = guest(&ann).await;
    let secret = told["secret"].as_str().unwrap();
    running.app.govern.accounts.set_enabled("ann", false, Timestamp::now()).await.unwrap();
    assert_eq!(status_for(&running, secret, Method::GET, metadata).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_take_an_exam_out_may_share_it_and_no_token_may() {
    let running = Running::start().await;
    store(&running, 1).await;
    running.account("ann", Role::Broker).await;
    running.account("rita", Role::Researcher).await;
    let (ann, rita) = (running.sign_in("ann").await, running.sign_in("rita").await);
    assert_eq!(shared(&rita, "1.2.3", json!({ "name": "x" })).await.0, StatusCode::FORBIDDEN);
    assert_eq!(shared(&ann, "1.2.77", json!({ "name": "x" })).await.0, StatusCode::NOT_FOUND);
    for minutes in [0, 43_201] {
        let wanted = json!({ "name": "x", "minutes": minutes });
        assert_eq!(shared(&ann, "1.2.3", wanted).await.0, StatusCode::BAD_REQUEST);
    }
    let own = ann.request(Method::POST, "/api/v1/tokens").json(&json!({ "name": "script" }));
    let own: Value = own.send().await.unwrap().json().await.unwrap();
    let request = running.request(Method::POST, "/api/v1/exams/1.2.3/tokens");
    let request = request.bearer_auth(own["secret"].as_str().unwrap()).json(&json!({ "name": "x" }));
    assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_names_the_token_of_what_was_read_and_of_what_was_refused() {
    let running = Running::start().await;
    store(&running, 1).await;
    running.account("ada", Role::Admin).await;
    let ada = running.sign_in("ada").await;
    let told = guest(&ada).await;
    let secret = told["secret"].as_str().unwrap();
    for path in ["/dicom-web/studies/1.2.3/metadata", "/dicom-web/studies/1.9.9/metadata"] {
        status_for(&running, secret, Method::GET, path).await;
    }
    let request = || ada.get("/api/v1/audit?action=read");
    let log = soon(request, |log| log["rows"].as_array().is_some_and(|rows| rows.len() == 2)).await;
    let by = format!("token:{}", told["id"].as_str().unwrap());
    for row in log["rows"].as_array().unwrap() {
        let outcome = if row["resources"] == json!(["exam:1.2.3"]) { "done" } else { "refused" };
        assert_eq!((&row["outcome"], &row["detail"]["by"]), (&json!(outcome), &json!(by)), "{row}");
        assert_eq!(row["actor"], "guest-of:ada");
    }
    assert!(!log.to_string().contains(secret));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_elsewhere_frame_the_viewer_only_where_settings_say_so() {
    let policy = async |running: &Running, path: &str| {
        let answer = running.get(path).send().await.unwrap();
        answer.headers()["content-security-policy"].to_str().unwrap().to_owned()
    };
    let running = Running::start().await;
    assert!(
        policy(&running, "/embed/viewer?StudyInstanceUIDs=1.2.3").await.ends_with("frame-ancestors 'none'")
    );
    let portal = Origin::try_from("https://portal.example.org".to_owned()).unwrap();
    let running = Running::start_with(|config| config.links.embed_origins = vec![portal]).await;
    let embedded = policy(&running, "/embed/viewer").await;
    assert!(embedded.ends_with("frame-ancestors https://portal.example.org"), "{embedded}");
    for path in ["/", "/viewer/viewer", "/exams/1.2.3", "/embedded"] {
        assert!(!policy(&running, path).await.contains("portal.example.org"), "{path}");
    }
}
