use crate::running::{Browser, Running};
use bytes::Bytes;
use dicom::{DataSet, TransferSyntax, tags};
use govern::Role;
use model::{Door, Source, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};

async fn store(running: &Running, study: &str, name: &str, description: &str) {
    let mut set = DataSet::new();
    set.put_text(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.7");
    set.put_text(tags::SOP_INSTANCE_UID, &format!("{study}.1.1"));
    set.put_text(tags::STUDY_INSTANCE_UID, study);
    set.put_text(tags::SERIES_INSTANCE_UID, &format!("{study}.1"));
    set.put_text(tags::PATIENT_ID, "MRN-1");
    set.put_text(tags::PATIENT_NAME, name);
    set.put_text(tags::STUDY_DATE, "20260131");
    set.put_text(tags::STUDY_DESCRIPTION, description);
    set.put_text(tags::MODALITY, "CT");
    let mut incoming = running.app.intake.begin();
    let file = dicom::write_file(&set, &TransferSyntax::EXPLICIT_LE, None);
    incoming.push(Bytes::from(file)).await.unwrap();
    let received_at = Timestamp::now();
    let source = Source { door: Door::Upload, account: "ann".into(), peer: None, path: None, received_at };
    incoming.finish(source).await.unwrap();
}

/// Waits until so many exams are found.
async fn indexed(running: &Running, exams: i64) {
    for _ in 0..500 {
        if running.app.catalog.counts().await.unwrap().exams == exams {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the indexer did not come by");
}

async fn get(browser: &Browser<'_>, path: &str) -> Value {
    let answer = browser.get(path).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patient_is_found_opened_and_given_a_file_without_the_id_in_an_address() {
    let running = Running::start().await;
    running.account("ann", Role::Broker).await;
    let ann = running.sign_in("ann").await;
    store(&running, "1.2.3", "Müller^Jörg", "Thorax").await;
    store(&running, "1.2.4", "Muller^Jurg", "Knee").await;
    indexed(&running, 2).await;
    let asked = json!({"q": "jorg, muller", "today": "2026-02-01"});
    let answer = ann.request(Method::POST, "/api/v1/search").json(&asked).send().await.unwrap();
    let found: Value = answer.json().await.unwrap();
    assert_eq!(found["patients"][0]["patientId"], "MRN-1");
    let key = found["patients"][0]["key"].as_str().unwrap();
    let patient = get(&ann, &format!("/api/v1/patients/{key}")).await;
    assert_eq!(patient["exams"].as_array().unwrap().len(), 2);
    assert_eq!(patient["identities"].as_array().unwrap().len(), 2);

    let attach = format!("/api/v1/attachments?subject=patient-of&id={key}&name=a.txt");
    let made = ann.request(Method::POST, &attach).body("text").send().await.unwrap();
    assert_eq!(made.status(), 201);
    // Every exam of the patient leads to the file.
    let listed = get(&ann, "/api/v1/attachments?subject=patient-of&id=1.2.4").await;
    assert_eq!(listed["items"][0]["name"], "a.txt");
    let nobody = ann.get("/api/v1/attachments?subject=patient-of&id=9.9").send().await.unwrap();
    assert_eq!(nobody.status(), 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn home_tells_what_arrived_what_was_open_and_what_needs_somebody() {
    let running = Running::start().await;
    running.account("ann", Role::Broker).await;
    let ann = running.sign_in("ann").await;
    assert_eq!(get(&ann, "/api/v1/home").await["needs"], json!([]));
    store(&running, "1.2.3", "Doe^Jane", "Thorax").await;
    store(&running, "1.2.4", "Doe^John", "Knee").await;
    indexed(&running, 2).await;
    get(&ann, "/api/v1/exams/1.2.4").await;
    ann.request(Method::POST, "/api/v1/uploads").json(&json!({"name": "trial 7"})).send().await.unwrap();
    // What was read is written to the log a moment later.
    let mut home = get(&ann, "/api/v1/home?hours=1").await;
    while home["recent"] == json!([]) {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        home = get(&ann, "/api/v1/home?hours=1").await;
    }
    assert_eq!(home["arrived"]["exams"], 2);
    assert_eq!(home["arrived"]["byModality"][0], json!({"modality": "CT", "exams": 2, "instances": 2}));
    assert_eq!(home["arrived"]["bySender"][0]["account"], "ann");
    assert_eq!(home["arriving"].as_array().unwrap().len(), 2);
    let recent: Vec<_> =
        home["recent"].as_array().unwrap().iter().map(|one| &one["studyInstanceUid"]).collect();
    assert_eq!(recent, ["1.2.4"]);
    assert_eq!(home["needs"], json!([{"kind": "uploads", "count": 1, "details": ["trial 7"]}]));
}

#[tokio::test]
async fn finding_is_for_those_who_may_see_what_is_found() {
    let running = Running::start().await;
    running.account("rita", Role::Researcher).await;
    let rita = running.sign_in("rita").await;
    let search = rita.request(Method::POST, "/api/v1/search").json(&json!({"q": "doe"}));
    assert_eq!(search.send().await.unwrap().status(), 403);
    for path in ["/api/v1/home", "/api/v1/patients/1.2.3", "/api/v1/attachments?subject=patient-of&id=1.2.3"]
    {
        assert_eq!(rita.get(path).send().await.unwrap().status(), 403, "{path}");
    }
}
