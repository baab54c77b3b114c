use crate::running::{Running, config};
use bytes::Bytes;
use dicom::{DataSet, TransferSyntax, tags};
use govern::Role;
use model::{Door, Source, Timestamp};
use serde_json::{Value, json};

const DAY_MICROS: i64 = 86_400_000_000;

/// Stores an instance that came some days ago.
async fn store(running: &Running, days_ago: i64) {
    let mut set = DataSet::new();
    set.put_text(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.7");
    set.put_text(tags::SOP_INSTANCE_UID, &format!("1.2.3.{days_ago}"));
    set.put_text(tags::STUDY_INSTANCE_UID, "1.2.3");
    set.put_text(tags::SERIES_INSTANCE_UID, "1.2.3.1");
    set.put_text(tags::MODALITY, "CT");
    set.put_bytes(tags::PIXEL_DATA, dicom::Vr::OB, Bytes::from(vec![7; 700_000]));
    let mut incoming = running.app.intake.begin();
    incoming.push(Bytes::from(dicom::write_file(&set, &TransferSyntax::EXPLICIT_LE, None))).await.unwrap();
    let received_at = Timestamp::from_micros(Timestamp::now().as_micros() - days_ago * DAY_MICROS);
    let source = Source { door: Door::Upload, account: "ann".into(), peer: None, path: None, received_at };
    incoming.finish(source).await.unwrap();
}

async fn told(running: &Running, path: &str) -> Value {
    let browser = running.sign_in("otto").await;
    let answer = browser.get(path).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.unwrap()
}

fn check<'a>(health: &'a Value, area: &str) -> &'a Value {
    health["checks"].as_array().unwrap().iter().find(|one| one["area"] == area).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_arrived_in_the_last_weeks_foretells_when_the_disk_is_full() {
    let running = Running::start().await;
    running.account("otto", Role::Auditor).await;
    for days in [1, 8, 15, 22, 30] {
        store(&running, days).await;
    }
    while running.app.catalog.counts().await.unwrap().instances < 5 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let forecast = told(&running, "/api/v1/storage").await["forecast"].take();
    assert_eq!(forecast["weeks"].as_array().unwrap().len(), 4, "{forecast}");
    let a_day = forecast["bytesADay"].as_i64().unwrap();
    assert!((100_000..103_000).contains(&a_day), "{forecast}");
    assert!(["full", "far"].contains(&forecast["verdict"].as_str().unwrap()), "{forecast}");
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_tells_of_an_ending_certificate_and_of_originals_never_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(&folder);
    let key = rcgen::KeyPair::generate().unwrap();
    let mut asked = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    asked.not_after = rcgen::date_time_ymd(2020, 1, 1);
    let certificate = asked.self_signed(&key).unwrap();
    let (pem, pem_key) = (folder.path().join("c.pem"), folder.path().join("k.pem"));
    std::fs::write(&pem, certificate.pem()).unwrap();
    std::fs::write(&pem_key, key.serialize_pem()).unwrap();
    (config.dimse.tls_certificate, config.dimse.tls_key) = (Some(pem), Some(pem_key));
    let running = Running::start_in(folder, config, crate::running::client(None)).await.unwrap();
    running.account("otto", Role::Auditor).await;
    let health = told(&running, "/api/v1/health").await;
    assert_eq!(check(&health, "dicom-certificate")["case"], "ended");
    assert_eq!(check(&health, "dicom-certificate")["moment"], "2020-01-01T00:00:00.000Z");
    assert_eq!(check(&health, "integrity")["case"], "never");
    for area in ["ledger", "audit", "indexing", "sealing", "transfers", "quarantine"] {
        assert_eq!(check(&health, area)["state"], json!("good"), "{health}");
    }
    assert_eq!(health["doors"].as_array().unwrap().len(), 2);
    running.stop().await.unwrap();
}
