//! Segmentations: kept before the answer, mask by mask, each person's own.

use crate::running::{Browser, Running};
use crate::work::{exam, read};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use govern::Role;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::io::Write;

const ALL: &str = "/api/v1/exams/1.2.3/segmentations";

fn packed(bits: &[u8]) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bits).unwrap();
    BASE64_STANDARD.encode(encoder.finish().unwrap())
}

/// A change of the 4 × 4 images of the exam.
fn change(masks: &[(&str, &[u8])]) -> Value {
    let masks = masks.iter().map(|(sop, bits)| {
        json!({"segment": 1, "sop": sop, "bits": if bits.is_empty() { String::new() } else { packed(bits) }})
    });
    json!({
        "label": "Organs",
        "segments": [{"number": 1, "label": "Liver", "color": [200, 30, 30]}],
        "rows": 4,
        "columns": 4,
        "masks": masks.collect::<Vec<_>>(),
    })
}

async fn mark(browser: &Browser<'_>, series: &str, change: &Value, seen: Option<u32>) -> Response {
    let request = browser.request(Method::PUT, &format!("{ALL}/{series}")).json(change);
    let request = match seen {
        Some(version) => request.header("if-match", format!("\"{version}\"")),
        None => request,
    };
    request.send().await.unwrap()
}

/// The newest version, as the archive's own door gives it, and its masks.
async fn pixels(browser: &Browser<'_>) -> Value {
    let listed = read(browser, ALL).await;
    let (series, instance) = (&listed["segmentations"][0]["series"], &listed["segmentations"][0]["instance"]);
    let (series, instance) = (series.as_str().unwrap(), instance.as_str().unwrap());
    let path = format!("/dicom-web/studies/1.2.3/series/{series}/instances/{instance}");
    let metadata = read(browser, &format!("{path}/metadata")).await;
    json!({
        "frames": metadata[0]["00280008"]["Value"][0],
        "class": metadata[0]["00080016"]["Value"][0],
        "masks": read(browser, &format!("{ALL}/{series}")).await["masks"],
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_marked_is_a_segmentation_of_the_exam_and_only_the_newest_is_listed() {
    let running = Running::start().await;
    running.account("ann", Role::Broker).await;
    exam(&running).await;
    let ann = running.sign_in("ann").await;
    let saved = mark(&ann, "2.25.7", &change(&[("1.2.3.4.1", &[0x0f, 0])]), None).await;
    assert_eq!((saved.status().as_u16(), &saved.headers()["etag"]), (200, &"\"1\"".parse().unwrap()));
    let more = mark(&ann, "2.25.7", &change(&[("1.2.3.4.2", &[0xff, 0])]), Some(1)).await;
    assert_eq!(more.status(), 200);
    let now = pixels(&ann).await;
    assert_eq!((&now["frames"], &now["class"]), (&json!(2), &json!("1.2.840.10008.5.1.4.1.1.66.4")));
    let series = read(&ann, "/dicom-web/studies/1.2.3/instances?Modality=SEG").await;
    assert_eq!(series.as_array().unwrap().len(), 1, "earlier versions are out of the way");

    let (folder, config) = running.stop_keeping().await.unwrap();
    let running = Running::start_in(folder, config, crate::running::client(None)).await.unwrap();
    let ann = running.sign_in("ann").await;
    assert_eq!(pixels(&ann).await, now);
    assert_eq!(mark(&ann, "2.25.7", &change(&[("1.2.3.4.1", &[])]), Some(2)).await.status(), 200);
    assert_eq!(pixels(&ann).await["frames"], json!(1));
    let whole = read(&ann, &format!("{ALL}/2.25.7")).await;
    assert_eq!((&whole["version"], &whole["own"], &whole["rows"]), (&json!(3), &json!(true), &json!(4)));
    assert_eq!(whole["masks"], change(&[("1.2.3.4.2", &[0xff, 0])])["masks"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_windows_the_later_is_told_and_nobody_marks_in_anothers() {
    let running = Running::start().await;
    exam(&running).await;
    for name in ["ann", "bob"] {
        running.account(name, Role::Broker).await;
    }
    let (ann, bob) = (running.sign_in("ann").await, running.sign_in("bob").await);
    let one = change(&[("1.2.3.4.1", &[1, 0])]);
    assert_eq!(mark(&ann, "2.25.7", &one, None).await.status(), 200);
    assert_eq!(mark(&ann, "2.25.7", &one, Some(1)).await.status(), 200);
    let late = mark(&ann, "2.25.7", &one, Some(1)).await;
    assert_eq!(late.status(), 412);
    assert_eq!(late.json::<Value>().await.unwrap()["current"], 2);
    assert_eq!(mark(&bob, "2.25.7", &one, Some(2)).await.status(), 409);
    assert_eq!(mark(&bob, "1.2.3.4", &one, None).await.status(), 422, "a device's series");
    let gone = |browser: &Browser<'_>| browser.request(Method::DELETE, &format!("{ALL}/2.25.7")).send();
    assert_eq!(gone(&bob).await.unwrap().status(), 404);
    assert_eq!(gone(&ann).await.unwrap().status(), 204);
    assert_eq!(read(&ann, ALL).await["segmentations"], json!([]));
    let more = change(&[("1.2.3.4.2", &[2, 0])]);
    assert_eq!(mark(&ann, "2.25.7", &more, Some(2)).await.status(), 200);
    let whole = read(&ann, &format!("{ALL}/2.25.7")).await;
    assert_eq!(
        whole["masks"].as_array().unwrap().len(),
        2,
        "a window that still shows it goes on from all of it"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_kept_is_refused_in_words() {
    let running = Running::start().await;
    exam(&running).await;
    running.account("ann", Role::Broker).await;
    running.account("rita", Role::Researcher).await;
    let (ann, rita) = (running.sign_in("ann").await, running.sign_in("rita").await);
    let refused = async |change: Value| {
        let answer = mark(&ann, "2.25.7", &change, None).await;
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap()["detail"].clone())
    };
    let other = refused(change(&[("9.9.9", &[1, 0])])).await;
    assert_eq!(other, (422, json!("image is not an image of this exam.")));
    assert_eq!(refused(change(&[("1.2.3.4.1", &[1])])).await.0, 422);
    // A bomb of zeros is not unpacked further than a mask may be.
    assert_eq!(refused(change(&[("1.2.3.4.1", &vec![0; 1 << 20])])).await.0, 422);
    let mut large = change(&[("1.2.3.4.1", &[1, 0])]);
    large["rows"] = json!(8);
    assert_eq!(refused(large).await.0, 422);
    let mut garbled = change(&[("1.2.3.4.1", &[1, 0])]);
    garbled["masks"][0]["bits"] = json!("bm90IHpsaWI=");
    assert_eq!(refused(garbled).await.0, 422);
    let allowed = mark(&rita, "2.25.8", &change(&[("1.2.3.4.1", &[1, 0])]), None).await;
    assert_eq!(allowed.status(), 403);
    assert_eq!(read(&ann, ALL).await["segmentations"], json!([]));
}
