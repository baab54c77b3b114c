//! The DICOMweb read doors.

use crate::running::{Browser, Running};
use dicom::pixel::{Image, Limits};
use dicom::{DataSet, TransferSyntax, Vr, tags, uids, write_file};
use govern::Role;
use reqwest::{Method, Response, StatusCode};
use serde_json::Value;
use std::time::Duration;

const STUDY: &str = "/dicom-web/studies/1.2.3";
const SERIES: &str = "/dicom-web/studies/1.2.3/series/1.2.3.4";

fn instance(number: u16) -> String {
    format!("{SERIES}/instances/1.2.3.4.{number}")
}

/// A small CT with two frames; its second frame is brighter.
fn file(number: u16) -> Vec<u8> {
    let mut set = DataSet::new();
    set.put_text(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2.1");
    set.put_text(tags::SOP_INSTANCE_UID, &format!("1.2.3.4.{number}"));
    set.put_text(tags::STUDY_INSTANCE_UID, "1.2.3");
    set.put_text(tags::SERIES_INSTANCE_UID, "1.2.3.4");
    set.put_text(tags::PATIENT_ID, "P-1");
    set.put_text(tags::PATIENT_NAME, "M\u{fc}ller^Eva");
    set.put_text(tags::STUDY_DATE, "20260101");
    set.put_text(tags::MODALITY, "CT");
    set.put_text(tags::INSTANCE_NUMBER, &number.to_string());
    set.put_text(tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME2");
    set.put_text(tags::NUMBER_OF_FRAMES, "2");
    for (tag, value) in [
        (tags::ROWS, 8),
        (tags::COLUMNS, 16),
        (tags::SAMPLES_PER_PIXEL, 1),
        (tags::BITS_ALLOCATED, 16),
        (tags::BITS_STORED, 12),
        (tags::HIGH_BIT, 11),
        (tags::PIXEL_REPRESENTATION, 0),
    ] {
        set.put_u16(tag, value);
    }
    set.put_text(tags::WINDOW_CENTER, "2048");
    set.put_text(tags::WINDOW_WIDTH, "4096");
    set.put_bytes(tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA, Vr::OW, vec![9; 5000]);
    set.put_bytes(tags::PIXEL_DATA, Vr::OW, samples(number));
    write_file(&set, &TransferSyntax::EXPLICIT_LE, None)
}

fn samples(number: u16) -> Vec<u8> {
    let frame = |base: u16| (0..128u16).flat_map(move |i| (base + i * 3 + number).to_le_bytes());
    frame(0).chain(frame(3000)).collect()
}

/// A server that holds three instances, found by everybody.
async fn holding(browser: &Browser<'_>, files: &[Vec<u8>]) {
    let mut body = Vec::new();
    for file in files {
        body.extend_from_slice(b"--b\r\nContent-Type: application/dicom\r\n\r\n");
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b--\r\n");
    let request = browser.request(Method::POST, "/dicom-web/studies").body(body);
    let kind = "multipart/related; type=\"application/dicom\"; boundary=b";
    let answer = request.header("content-type", kind).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    for _ in 0..200 {
        let found: Value = get(browser, "/dicom-web/instances", "*/*").await.json().await.unwrap();
        if found.as_array().unwrap().len() == files.len() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let found = get(browser, "/dicom-web/instances", "*/*").await.text().await.unwrap();
    panic!("the instances were not indexed: {found}");
}

async fn get(browser: &Browser<'_>, path: &str, accept: &str) -> Response {
    browser.get(path).header("accept", accept).send().await.unwrap()
}

/// The contents and content types of the parts of a multipart answer.
async fn parts(answer: Response) -> Vec<(String, Vec<u8>)> {
    assert_eq!(answer.status(), StatusCode::OK);
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    let mark = format!("--{}", kind.split("boundary=").nth(1).unwrap());
    let body = answer.bytes().await.unwrap();
    let mut parts = Vec::new();
    let mut rest = &body[..];
    while let Some(part) = rest.strip_prefix(mark.as_bytes()) {
        let Some(part) = part.strip_prefix(b"\r\n") else { break };
        let head = find(part, b"\r\n\r\n");
        let end = find(part, format!("\r\n{mark}").as_bytes());
        parts.push((String::from_utf8(part[..head].to_vec()).unwrap(), part[head + 4..end].to_vec()));
        rest = &part[end + 2..];
    }
    parts
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|window| window == what).unwrap()
}

async fn three() -> (Running, [Vec<u8>; 3]) {
    let running = Running::start().await;
    running.account("ann", Role::Broker).await;
    let files = [file(1), file(2), file(3)];
    holding(&running.sign_in("ann").await, &files).await;
    (running, files)
}

const DICOM: &str = "multipart/related; type=\"application/dicom\"";

#[tokio::test]
async fn instances_come_back_as_they_were_received() {
    let (running, files) = three().await;
    let browser = running.sign_in("ann").await;
    for accept in [DICOM, "*/*", "multipart/related; type=\"application/dicom\"; transfer-syntax=*"] {
        for path in [STUDY, SERIES] {
            let received: Vec<_> = parts(get(&browser, path, accept).await).await;
            assert_eq!(received.iter().map(|(_, file)| file.clone()).collect::<Vec<_>>(), files);
        }
    }
    let single = get(&browser, &instance(2), "application/dicom").await;
    assert_eq!(single.headers()["content-type"], "application/dicom");
    assert_eq!(single.bytes().await.unwrap(), files[1]);
}

#[tokio::test]
async fn another_transfer_syntax_is_made_when_asked_for() {
    let (running, _) = three().await;
    let browser = running.sign_in("ann").await;
    let accept = format!("{DICOM}; transfer-syntax={}", uids::JPEGLS_LOSSLESS);
    let received = parts(get(&browser, &instance(1), &accept).await).await;
    assert!(received[0].0.contains(uids::JPEGLS_LOSSLESS));
    let image = Image::open(&received[0].1.clone().into(), &Limits::default()).unwrap().1;
    assert_eq!(image.transfer_syntax, uids::JPEGLS_LOSSLESS);
    let decoded: Vec<u8> = (0..2).flat_map(|i| image.decode(i).unwrap().data.to_vec()).collect();
    assert_eq!(decoded, samples(1));
    let impossible = format!("{DICOM}; transfer-syntax=1.2.840.10008.1.2.4.90");
    let refused = get(&browser, &instance(1), &impossible).await;
    assert_eq!(refused.status(), StatusCode::NOT_ACCEPTABLE);
    assert!(refused.text().await.unwrap().contains("on offer"));
}

#[tokio::test]
async fn an_exam_is_a_zip_file() {
    let (running, files) = three().await;
    let browser = running.sign_in("ann").await;
    for path in [STUDY, "/api/v1/exams/1.2.3/download"] {
        let bytes = get(&browser, path, "application/zip").await.bytes().await.unwrap();
        assert!(bytes.starts_with(b"PK\x03\x04"));
        let archive = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(archive.path(), &bytes).unwrap();
        let script = "import sys,zipfile,hashlib\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n\
                      print(','.join(str(len(z.read(n))) for n in z.namelist()))";
        let Ok(output) =
            std::process::Command::new("python3").args(["-c", script]).arg(archive.path()).output()
        else {
            eprintln!("skipped: no python3 to read the ZIP file with");
            return;
        };
        let lengths = String::from_utf8(output.stdout).unwrap();
        let expected: Vec<String> = files.iter().map(|file| file.len().to_string()).collect();
        assert_eq!(lengths.trim(), expected.join(","), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[tokio::test]
async fn frames_are_given_in_the_form_asked_for() {
    let (running, _) = three().await;
    let browser = running.sign_in("ann").await;
    let all = samples(2);
    let native = parts(get(&browser, &format!("{}/frames/1,2", instance(2)), "*/*").await).await;
    assert_eq!(native.iter().map(|(_, bytes)| bytes.clone()).collect::<Vec<_>>(), [&all[..256], &all[256..]]);
    assert!(native[0].0.contains("application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1"));
    let single = get(&browser, &format!("{}/frames/2", instance(2)), "application/octet-stream").await;
    assert_eq!(single.bytes().await.unwrap(), all[256..]);
    let coded = get(&browser, &format!("{}/frames/2", instance(2)), "image/jls").await;
    assert!(coded.headers()["content-type"].to_str().unwrap().starts_with("image/jls"));
    assert!(coded.bytes().await.unwrap().starts_with(&[0xFF, 0xD8, 0xFF]));
    for (frames, status) in [("3", 404), ("0", 400), ("x", 400)] {
        let answer = get(&browser, &format!("{}/frames/{frames}", instance(2)), "*/*").await;
        assert_eq!(answer.status(), status);
    }
    let refused = get(&browser, &format!("{}/frames/1", instance(2)), "image/jp2").await;
    assert_eq!(refused.status(), StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn metadata_refers_to_bulk_data_that_can_be_fetched() {
    let (running, _) = three().await;
    let browser = running.sign_in("ann").await;
    let metadata: Value =
        get(&browser, &format!("{SERIES}/metadata"), "application/dicom+json").await.json().await.unwrap();
    assert_eq!(metadata.as_array().unwrap().len(), 3);
    assert_eq!(metadata[0]["00100010"]["Value"][0]["Alphabetic"], "M\u{fc}ller^Eva");
    let bulk = metadata[0]["00281201"]["BulkDataURI"].as_str().unwrap();
    let path = bulk.strip_prefix(&running.url).unwrap();
    assert_eq!(get(&browser, path, "application/octet-stream").await.bytes().await.unwrap(), vec![9; 5000]);
    let pixels = metadata[0]["7FE00010"]["BulkDataURI"].as_str().unwrap();
    let path = pixels.strip_prefix(&running.url).unwrap();
    let octets = "multipart/related; type=\"application/octet-stream\"";
    assert_eq!(parts(get(&browser, path, octets).await).await[0].1, samples(1));
    assert_eq!(get(&browser, &format!("{}/bulkdata/00100010", instance(1)), "*/*").await.status(), 200);
    assert_eq!(get(&browser, &format!("{}/bulkdata/00999999", instance(1)), "*/*").await.status(), 404);
    let xml = parts(
        get(&browser, &format!("{STUDY}/metadata"), "multipart/related; type=\"application/dicom+xml\"")
            .await,
    )
    .await;
    assert_eq!(xml.len(), 3);
    assert!(String::from_utf8(xml[0].1.clone()).unwrap().contains("NativeDicomModel"));
}

#[tokio::test]
async fn pictures_are_rendered_at_every_level() {
    let (running, _) = three().await;
    let browser = running.sign_in("ann").await;
    let one = instance(1);
    for path in [STUDY.to_owned(), SERIES.to_owned(), one.clone(), format!("{one}/frames/2")] {
        let thumbnail = get(&browser, &format!("{path}/thumbnail?viewport=4,4"), "image/png").await;
        assert_eq!(thumbnail.headers()["content-type"], "image/png", "{path}");
        assert!(thumbnail.bytes().await.unwrap().starts_with(b"\x89PNG"));
    }
    let frame = get(&browser, &format!("{one}/frames/2/rendered?window=100,200,linear"), "image/jpeg").await;
    let tag = frame.headers()["etag"].clone();
    assert!(frame.bytes().await.unwrap().starts_with(&[0xFF, 0xD8]));
    let again = browser.get(&format!("{one}/frames/2/rendered?window=100,200,linear"));
    let again = again.header("accept", "image/jpeg").header("if-none-match", tag).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    let all =
        parts(get(&browser, &format!("{SERIES}/rendered"), "multipart/related; type=\"image/jpeg\"").await)
            .await;
    assert_eq!(all.len(), 6);
    for wrong in ["window=1", "window=1,0", "viewport=0,0", "quality=101"] {
        let answer = get(&browser, &format!("{one}/rendered?{wrong}"), "image/jpeg").await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{wrong}");
    }
    assert_eq!(
        get(&browser, &format!("{one}/rendered"), "image/gif").await.status(),
        StatusCode::NOT_ACCEPTABLE
    );
}

#[tokio::test]
async fn wishes_that_pictures_do_not_fulfil_are_told() {
    let (running, _) = three().await;
    let browser = running.sign_in("ann").await;
    let warnings = async |path: &str| {
        let answer = get(&browser, path, "image/png").await;
        assert_eq!(answer.status(), 200, "{path}");
        let told = answer.headers().get_all("warning").iter().map(|value| value.to_str().unwrap().to_owned());
        told.collect::<Vec<_>>()
    };
    let rendered = format!("{}/rendered", instance(1));
    assert_eq!(warnings(&rendered).await, [""; 0]);
    assert_eq!(warnings(&format!("{rendered}?iccprofile=no")).await, [""; 0]);
    assert_eq!(warnings(&format!("{rendered}?annotation=patient,technique")).await, [""; 0]);
    assert_eq!(
        warnings(&format!("{rendered}?annotation=patient,logo,<b>")).await,
        ["299 isocenter \"The following annotation values are not supported: logo, ?\""]
    );
    let bytes = async |path: &str| get(&browser, path, "image/png").await.bytes().await.unwrap();
    let large = format!("{rendered}?viewport=400,400");
    let (plain, named) = (bytes(&large).await, bytes(&format!("{large}&annotation=patient")).await);
    assert_ne!(plain, named);
    assert_ne!(named, bytes(&format!("{large}&annotation=technique")).await);
    assert_ne!(plain, bytes(&format!("{large}&annotation=technique")).await);
    assert_eq!(warnings(&format!("{rendered}?iccprofile=srgb&presentationUID=1.2")).await.len(), 2);
    let wado = "/wado?requestType=WADO&studyUID=1.2.3&seriesUID=1.2.3.4&objectUID=1.2.3.4.1";
    let plain = get(&browser, wado, "*/*").await;
    assert_eq!((plain.status().as_u16(), plain.headers().get("warning")), (200, None), "{wado}");
    assert_eq!(warnings(&format!("{wado}&contentType=image/png&annotation=logo")).await.len(), 1);
}

#[tokio::test]
async fn parts_of_instances_and_bulk_data_are_given() {
    let (running, files) = three().await;
    let browser = running.sign_in("ann").await;
    let ask = async |path: &str, accept: &str, headers: &[(&str, &str)]| {
        let request = browser.get(path).header("accept", accept);
        headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value))
            .send()
            .await
            .unwrap()
    };
    let bulk = format!("{}/bulkdata/7FE00010", instance(1));
    let (octets, dicom) = ("application/octet-stream", "application/dicom; transfer-syntax=*");
    let converted = "application/dicom; transfer-syntax=1.2.840.10008.1.2";
    for (path, accept) in [(bulk, octets), (instance(1), dicom), (instance(1), converted)] {
        let whole = ask(&path, accept, &[]).await;
        let tag = whole.headers()["etag"].to_str().unwrap().to_owned();
        assert_eq!(whole.headers()["accept-ranges"], "bytes", "{path}");
        let length = whole.content_length().unwrap();
        let whole = whole.bytes().await.unwrap();
        assert_eq!(whole.len() as u64, length);
        let end = whole.len();
        for (range, from, to) in [
            ("bytes=0-9".to_owned(), 0, 10),
            ("bytes=100-299".to_owned(), 100, 300),
            ("bytes=-7".to_owned(), end - 7, end),
            (format!("bytes={}-", end - 1), end - 1, end),
        ] {
            let part = ask(&path, accept, &[("range", &range), ("if-range", &tag)]).await;
            assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT, "{path} {range}");
            assert_eq!(part.headers()["content-range"], format!("bytes {from}-{}/{end}", to - 1));
            assert_eq!(part.bytes().await.unwrap(), whole.slice(from..to), "{path} {range}");
        }
        let behind = ask(&path, accept, &[("range", &format!("bytes={end}-"))]).await;
        assert_eq!(behind.status(), StatusCode::RANGE_NOT_SATISFIABLE);
        assert_eq!(behind.headers()["content-range"], format!("bytes */{end}"));
        let other = ask(&path, accept, &[("range", "bytes=0-9"), ("if-range", "\"another\"")]).await;
        assert_eq!((other.status(), other.bytes().await.unwrap()), (StatusCode::OK, whole.clone()));
        let again = ask(&path, accept, &[("if-none-match", &tag)]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }
    let original = ask(&instance(1), dicom, &[("range", "bytes=128-131")]).await;
    assert_eq!(original.bytes().await.unwrap(), files[0][128..132]);
}

#[tokio::test]
async fn the_uri_service_gives_dicom_and_pictures() {
    let (running, files) = three().await;
    let browser = running.sign_in("ann").await;
    let wado = "/wado?requestType=WADO&studyUID=1.2.3&seriesUID=1.2.3.4&objectUID=1.2.3.4.1";
    let file = get(&browser, &format!("{wado}&contentType=application/dicom"), "*/*").await;
    assert_eq!(file.bytes().await.unwrap(), files[0]);
    let picture =
        get(&browser, &format!("{wado}&frameNumber=2&rows=4&windowCenter=10&windowWidth=20"), "*/*").await;
    assert_eq!(picture.headers()["content-type"], "image/jpeg");
    assert_eq!(get(&browser, &format!("{wado}&frameNumber=9"), "*/*").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(get(&browser, "/wado?requestType=WADO", "*/*").await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn searches_are_answered_page_by_page() {
    let (running, _) = three().await;
    let browser = running.sign_in("ann").await;
    let studies: Value = get(&browser, "/dicom-web/studies?PatientID=P-1", "application/dicom+json")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(studies[0]["0020000D"]["Value"][0], "1.2.3");
    assert_eq!(studies[0]["00081190"]["Value"][0], format!("{}{STUDY}", running.url));
    let page = get(&browser, "/dicom-web/instances?limit=2", "application/json").await;
    assert!(page.headers()["warning"].to_str().unwrap().starts_with("299"));
    assert!(page.headers()["link"].to_str().unwrap().contains("offset=2"));
    assert_eq!(page.json::<Value>().await.unwrap().as_array().unwrap().len(), 2);
    let rest: Value =
        get(&browser, "/dicom-web/instances?limit=2&offset=2", "*/*").await.json().await.unwrap();
    assert_eq!(rest.as_array().unwrap().len(), 1);
    let nested: Value = get(&browser, &format!("{STUDY}/series"), "*/*").await.json().await.unwrap();
    assert_eq!(nested[0]["0020000E"]["Value"][0], "1.2.3.4");
    let wrong = get(&browser, "/dicom-web/studies?PatientNom=x", "*/*").await;
    assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);
    assert!(wrong.text().await.unwrap().contains("PatientNom"));
    let xml = get(&browser, "/dicom-web/studies", "multipart/related; type=\"application/dicom+xml\"").await;
    assert_eq!(parts(xml).await.len(), 1);
}

#[tokio::test]
async fn a_deleted_instance_is_gone_at_once() {
    let (running, _) = three().await;
    let browser = running.sign_in("ann").await;
    let deleted = browser.request(Method::DELETE, &instance(1)).send().await.unwrap();
    assert_eq!(deleted.status(), StatusCode::NO_CONTENT);
    assert_eq!(get(&browser, &instance(1), "*/*").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(parts(get(&browser, SERIES, "*/*").await).await.len(), 2);
    let again = browser.request(Method::DELETE, &instance(1)).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_researcher_gets_a_reason_and_strangers_nothing() {
    let (running, _) = three().await;
    running.account("rae", Role::Researcher).await;
    let browser = running.sign_in("rae").await;
    for path in [
        STUDY.to_owned(),
        "/dicom-web/studies".to_owned(),
        format!("{}/frames/1", instance(1)),
        format!("{STUDY}/metadata"),
    ] {
        let refused = get(&browser, &path, "*/*").await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{path}");
        assert!(refused.text().await.unwrap().contains("researcher"));
        assert_eq!(running.get(&path).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn the_capabilities_list_every_service() {
    let (running, _) = three().await;
    let browser = running.sign_in("ann").await;
    let wadl = get(&browser, "/dicom-web/", "*/*").await.text().await.unwrap();
    assert!(wadl.contains("http://wadl.dev.java.net/2009/02") && wadl.contains("/metadata"));
    let json: Value = get(&browser, "/dicom-web/", "application/json").await.json().await.unwrap();
    assert!(json["resources"].as_array().unwrap().len() > 20);
}
