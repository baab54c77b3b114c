use super::{SERIES, STUDY, data_set, file, soon};
use crate::running::Running;
use dicom::{DataSet, tags};
use govern::Role;
use intake::Outcome;
use model::{SeriesInstanceUid, Sha256Digest, SopInstanceUid};
use reqwest::{Method, Response};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::time::Duration;

const MULTIPART: &str = "multipart/related; type=\"application/dicom\"; boundary=b0";

fn multipart(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (headers, content) in parts {
        body.extend(format!("--b0\r\n{headers}\r\n\r\n").bytes());
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--b0--\r\n");
    body
}

fn instances(sets: &[DataSet]) -> Vec<u8> {
    let files: Vec<_> = sets.iter().map(file).collect();
    let parts: Vec<_> = files.iter().map(|f| ("Content-Type: application/dicom", f.as_slice())).collect();
    multipart(&parts)
}

struct Door {
    running: Running,
}

impl Door {
    async fn open() -> Self {
        let running = Running::start().await;
        running.account("bob", Role::Broker).await;
        Self { running }
    }

    async fn post(&self, path: &str, content_type: &str, body: Vec<u8>) -> Response {
        self.post_accepting("application/dicom+json", path, content_type, body).await
    }

    async fn post_accepting(&self, accept: &str, path: &str, content_type: &str, body: Vec<u8>) -> Response {
        let bob = self.running.sign_in("bob").await;
        let request = bob.request(Method::POST, path).header("content-type", content_type);
        request.header("accept", accept).body(body).send().await.unwrap()
    }
}

async fn json(response: Response) -> Value {
    response.json().await.unwrap()
}

fn uids(answer: &Value, sequence: &str) -> Vec<String> {
    let items = answer[sequence]["Value"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item["00081155"]["Value"][0].as_str().unwrap_or("-").to_owned()).collect()
}

#[tokio::test]
async fn each_instance_is_stored_and_told() {
    let door = Door::open().await;
    let body = instances(&[data_set("1.1"), data_set("1.2")]);
    let stored = door.post("/dicom-web/studies", MULTIPART, body.clone()).await;
    assert_eq!(stored.status(), 200);
    assert_eq!(stored.headers()["content-type"], "application/dicom+json");
    let answer = json(stored).await;
    assert_eq!(uids(&answer, "00081199"), ["1.1", "1.2"]);
    let url = answer["00081190"]["Value"][0].as_str().unwrap();
    assert_eq!(url, format!("{}/dicom-web/studies/{STUDY}", door.running.url));
    let again = door.post("/dicom-web/studies", MULTIPART, body).await;
    assert_eq!(again.status(), 200);
    let xml = door
        .post_accepting(
            "application/dicom+xml",
            "/dicom-web/studies",
            MULTIPART,
            instances(&[data_set("1.1")]),
        )
        .await;
    assert_eq!(xml.headers()["content-type"], "application/dicom+xml");
    assert!(xml.text().await.unwrap().contains("ReferencedSOPSequence"));
}

#[tokio::test]
async fn a_partial_failure_is_told_for_each_instance() {
    let door = Door::open().await;
    let (mut nameless, mut other) = (data_set("1.3"), data_set("1.4"));
    nameless.remove(tags::STUDY_INSTANCE_UID);
    other.put_text(tags::STUDY_INSTANCE_UID, "9.9");
    let body = instances(&[data_set("1.1"), nameless, other]);
    let answer = door.post(&format!("/dicom-web/studies/{STUDY}"), MULTIPART, body).await;
    assert_eq!(answer.status(), 202);
    let answer = json(answer).await;
    assert_eq!(uids(&answer, "00081199"), ["1.1"]);
    assert_eq!(uids(&answer, "00081198"), ["1.3", "1.4"]);
    assert_eq!(answer["00081198"]["Value"][0]["00081197"]["Value"][0], 0xC000);
    assert_eq!(answer["00081198"]["Value"][1]["00081197"]["Value"][0], 0xA901);
    let junk = multipart(&[("Content-Type: application/dicom", b"junk")]);
    let refused = door.post("/dicom-web/studies", MULTIPART, junk).await;
    assert_eq!(refused.status(), 409);
    assert_eq!(uids(&json(refused).await, "0008119A"), ["-"]);
}

#[tokio::test]
async fn other_content_under_a_known_uid_is_a_warning() {
    let door = Door::open().await;
    door.post("/dicom-web/studies", "application/dicom", file(&data_set("1.1"))).await;
    let mut changed = data_set("1.1");
    changed.put_text(tags::PATIENT_ID, "P2");
    let answer = door.post("/dicom-web/studies", "application/dicom", file(&changed)).await;
    assert_eq!(answer.status(), 202);
    let answer = json(answer).await;
    assert_eq!(answer["00081199"]["Value"][0]["00081196"]["Value"][0], 0xB007);
    let bob = door.running.sign_in("bob").await;
    let sha256 = Sha256Digest(Sha256::digest(file(&changed)).into()).to_hex();
    let listed = soon(
        || bob.get("/api/v1/conflicts"),
        |answer| answer["conflicts"].as_array().is_some_and(|conflicts| conflicts.len() == 1),
    );
    assert_eq!(listed.await["conflicts"][0]["sha256"], sha256);
    let later = bob.get(&format!("/api/v1/conflicts/{sha256}/content")).send().await.unwrap();
    assert_eq!(later.bytes().await.unwrap(), file(&changed));
    let original = format!("/dicom-web/studies/{STUDY}/series/{SERIES}/instances/1.1");
    let original = bob.get(&original).header("accept", "application/dicom; transfer-syntax=*");
    assert_eq!(original.send().await.unwrap().bytes().await.unwrap(), file(&data_set("1.1")));
    for unknown in ["x", &"0".repeat(64)] {
        let path = format!("/api/v1/conflicts/{unknown}/content");
        assert_eq!(bob.get(&path).send().await.unwrap().status(), 404);
    }
}

#[tokio::test]
async fn requests_that_can_not_be_read_are_refused_as_the_standard_says() {
    let door = Door::open().await;
    let post = async |content_type: &str, body: &[u8]| {
        door.post("/dicom-web/studies", content_type, body.to_vec()).await.status().as_u16()
    };
    assert_eq!(post("text/plain", b"x").await, 415);
    assert_eq!(post("multipart/related; type=\"text/plain\"; boundary=b0", b"x").await, 415);
    assert_eq!(post("multipart/related; type=\"application/dicom\"", b"x").await, 400);
    assert_eq!(post(MULTIPART, b"--b0--").await, 400);
    assert_eq!(post(MULTIPART, b"no boundary at all").await, 400);
    assert_eq!(post("application/dicom", b"").await, 400);
    let bad_study = door.post("/dicom-web/studies/x", MULTIPART, instances(&[data_set("1.1")])).await;
    assert_eq!(bad_study.status(), 400);
    let html =
        door.post_accepting("text/html", "/dicom-web/studies", MULTIPART, instances(&[data_set("1.1")]));
    assert_eq!(html.await.status(), 406);
    let nobody = door.running.request(Method::POST, "/dicom-web/studies").send().await.unwrap();
    assert_eq!(nobody.status(), 401);
}

#[tokio::test]
async fn a_body_cut_short_tells_what_was_stored() {
    let door = Door::open().await;
    let whole = instances(&[data_set("1.1"), data_set("1.2")]);
    let answer = door.post("/dicom-web/studies", MULTIPART, whole[..whole.len() - 100].to_vec()).await;
    assert_eq!(answer.status(), 202);
    let answer = json(answer).await;
    assert_eq!(uids(&answer, "00081199"), ["1.1"]);
    assert_eq!(uids(&answer, "0008119A"), ["-"]);
}

#[tokio::test]
async fn metadata_and_bulk_data_become_the_instance() {
    let door = Door::open().await;
    let metadata = format!(
        r#"[{{"00080016":{{"vr":"UI","Value":["1.2.840.10008.5.1.4.1.1.2"]}},
        "00080018":{{"vr":"UI","Value":["1.7"]}},"0020000D":{{"vr":"UI","Value":["{STUDY}"]}},
        "0020000E":{{"vr":"UI","Value":["{SERIES}"]}},"00100010":{{"vr":"PN","Value":[{{"Alphabetic":"Müller^A"}}]}},
        "7FE00010":{{"vr":"OW","BulkDataURI":"pixels/1"}}}}]"#
    );
    let kind = "multipart/related; type=\"application/dicom+json\"; boundary=b0";
    let pixels = [1, 2, 3, 4].as_slice();
    let parts = [
        ("Content-Type: application/dicom+json", metadata.as_bytes()),
        ("Content-Type: application/octet-stream\r\nContent-Location: pixels/1", pixels),
    ];
    let stored = door.post("/dicom-web/studies", kind, multipart(&parts)).await;
    assert_eq!(stored.status(), 200, "{:?}", stored.text().await);
    let without = door.post("/dicom-web/studies", kind, multipart(&parts[..1])).await;
    assert_eq!(without.status(), 409);
    let answer = json(without).await;
    assert_eq!(uids(&answer, "00081198"), ["1.7"]);
}

/// The same in XML, as PS3.18 §10.5.2 allows for instances whose bulk data stands beside them.
#[tokio::test]
async fn metadata_may_be_xml_and_frames_may_be_encoded() {
    let door = Door::open().await;
    let uid = |tag: &str, keyword: &str, value: &str| {
        format!(
            r#"<DicomAttribute tag="{tag}" vr="UI" keyword="{keyword}"><Value number="1">{value}</Value></DicomAttribute>"#
        )
    };
    let metadata = [
        r#"<?xml version="1.0" encoding="UTF-8"?><NativeDicomModel>"#.to_owned(),
        uid("00080016", "SOPClassUID", "1.2.840.10008.5.1.4.1.1.2"),
        uid("00080018", "SOPInstanceUID", "1.8"),
        uid("0020000D", "StudyInstanceUID", STUDY),
        uid("0020000E", "SeriesInstanceUID", SERIES),
        r#"<DicomAttribute tag="7FE00010" vr="OB" keyword="PixelData"><BulkData uri="pixels/1"/></DicomAttribute>"#
            .to_owned(),
        "</NativeDicomModel>".to_owned(),
    ];
    let metadata = metadata.concat();
    let kind = "multipart/related; type=\"application/dicom+xml\"; boundary=b0";
    let jpeg =
        "Content-Type: image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.70\r\nContent-Location: pixels/1";
    let parts = [
        ("Content-Type: application/dicom+xml", metadata.as_bytes()),
        (jpeg, b"\xFF\xD8first".as_slice()),
        (jpeg, b"\xFF\xD8second".as_slice()),
    ];
    let stored = door.post("/dicom-web/studies", kind, multipart(&parts)).await;
    assert_eq!(stored.status(), 200, "{:?}", stored.text().await);
    seen(&door, 1).await;
    let bob = door.running.sign_in("bob").await;
    let path = format!("/dicom-web/studies/{STUDY}/series/{SERIES}/instances/1.8");
    let kept = bob.get(&path).header("accept", "application/dicom; transfer-syntax=*");
    let kept = dicom::open_file(&kept.send().await.unwrap().bytes().await.unwrap()).unwrap();
    assert_eq!(kept.transfer_syntax.uid(), "1.2.840.10008.1.2.4.70");
    let junk = [("Content-Type: application/dicom+xml", b"<NativeDicomModel".as_slice())];
    assert_eq!(door.post("/dicom-web/studies", kind, multipart(&junk)).await.status(), 409);
}

#[tokio::test]
async fn what_was_acknowledged_survives_the_server() {
    let door = Door::open().await;
    let bytes = file(&data_set("1.1"));
    door.post("/dicom-web/studies", "application/dicom", bytes.clone()).await;
    let intake = door.running.app.intake.clone();
    let source = model::Source {
        door: model::Door::Made,
        account: "test".into(),
        peer: None,
        path: None,
        received_at: model::Timestamp::now(),
    };
    let again = intake.take(bytes.clone().into(), source).await.unwrap();
    let Outcome::AlreadyHeld(placed) = again else { panic!("{again:?}") };
    let read = door.running.app.archive.read_all(&placed.locator).await.unwrap();
    assert_eq!(read, bytes);
    let series = SeriesInstanceUid::parse(SERIES).unwrap();
    let instance = SopInstanceUid::parse("1.1").unwrap();
    assert!(intake.holds(&series, &instance, &placed.digest).await.unwrap());
    assert!(!intake.holds(&series, &instance, &Sha256Digest([0; 32])).await.unwrap());
}

#[tokio::test]
async fn what_was_deleted_and_is_sent_again_is_there_again() {
    let door = Door::open().await;
    let (path, bytes) = (format!("/dicom-web/studies/{STUDY}"), file(&data_set("1.1")));
    door.post("/dicom-web/studies", "application/dicom", bytes.clone()).await;
    seen(&door, 1).await;
    let bob = door.running.sign_in("bob").await;
    assert!(bob.request(Method::DELETE, &path).send().await.unwrap().status().is_success());
    seen(&door, 0).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(door.post("/dicom-web/studies", "application/dicom", bytes).await.status(), 200);
    seen(&door, 1).await;
}

/// Waits until a search finds this many instances.
async fn seen(door: &Door, count: usize) {
    let bob = door.running.sign_in("bob").await;
    for _ in 0..200 {
        let found = bob.get("/dicom-web/instances").header("accept", "application/dicom+json");
        let found = found.send().await.unwrap().text().await.unwrap();
        let found: Value = serde_json::from_str(&found).unwrap_or(Value::Array(Vec::new()));
        if found.as_array().is_some_and(|found| found.len() == count) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never were there {count} instances");
}

/// Large ones wait on disk and are made one after another, in bounded memory.
#[tokio::test(flavor = "multi_thread")]
async fn many_large_requests_of_metadata_and_bulk_data_at_once_are_all_kept() {
    const SIZE: usize = 24 << 20;
    let door = Door::open().await;
    let kind = "multipart/related; type=\"application/dicom+json\"; boundary=b0";
    let head = "Content-Type: application/octet-stream\r\nContent-Location: pixels";
    // Signed in once: who signs in again and again is told to wait.
    let bob = door.running.sign_in("bob").await;
    let send = async |n: u8| {
        let metadata = format!(
            r#"[{{"00080016":{{"vr":"UI","Value":["1.2.840.10008.5.1.4.1.1.2"]}},
            "00080018":{{"vr":"UI","Value":["1.{n}"]}},"0020000D":{{"vr":"UI","Value":["{STUDY}"]}},
            "0020000E":{{"vr":"UI","Value":["{SERIES}"]}},"7FE00010":{{"vr":"OW","BulkDataURI":"pixels"}}}}]"#
        );
        let pixels = vec![n; SIZE];
        let parts =
            [("Content-Type: application/dicom+json", metadata.as_bytes()), (head, pixels.as_slice())];
        let request = bob.request(Method::POST, "/dicom-web/studies").header("content-type", kind);
        let answer = request.body(multipart(&parts)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{:?}", answer.text().await);
    };
    futures::future::join_all((1..=6).map(send)).await;
    seen(&door, 6).await;
    for n in 1..=6 {
        let path = format!("/dicom-web/studies/{STUDY}/series/{SERIES}/instances/1.{n}");
        let kept = bob.get(&path).header("accept", "application/dicom; transfer-syntax=*");
        let kept = kept.send().await.unwrap().bytes().await.unwrap();
        assert!(kept.len() > SIZE && kept[kept.len() - SIZE..].iter().all(|byte| *byte == n), "{n}");
    }
}
