//! `isocenter import`: what is counted is safe, what happens is told.

use crate::{Server, isocenter, run};
use archive::{Archive, ArchiveConfig};
use dicom::{DataSet, TransferSyntax, Vr, tags, write_file};
use serde_json::Value;
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

fn instance(series: u32, number: u32) -> Vec<u8> {
    let mut set = DataSet::new();
    set.put_text(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2");
    set.put_text(tags::SOP_INSTANCE_UID, &format!("1.2.3.{series}.{number}"));
    set.put_text(tags::PATIENT_ID, "P1");
    set.put_text(tags::STUDY_INSTANCE_UID, "1.2.3");
    set.put_text(tags::SERIES_INSTANCE_UID, &format!("1.2.3.{series}"));
    set.put_bytes(tags::PIXEL_DATA, Vr::OW, vec![number as u8; 2000]);
    write_file(&set, &TransferSyntax::EXPLICIT_LE, None)
}

/// A folder with this many instances and a text.
fn folder_of(count: u32) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files");
    fs::create_dir(&files).unwrap();
    for number in 0..count {
        fs::write(files.join(format!("{number}.dcm")), instance(number / 100, number)).unwrap();
    }
    fs::write(files.join("notes.txt"), "nothing").unwrap();
    folder
}

/// Exit status, standard output and the report's summary.
fn import(folder: &Path, more: &[&str]) -> (i32, String, Value) {
    let arguments = [&["import", "files", "--report", "report.json"], more].concat();
    let output = run(folder, &arguments);
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    let report = fs::read(folder.join("report.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap_or_default();
    (output.status.code().unwrap(), text, report["summary"].clone())
}

#[test]
fn an_import_is_counted_and_reported() {
    let folder = folder_of(5);
    let (status, text, summary) = import(folder.path(), &[]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("5 stored") && text.contains("refused: not-dicom 1"), "{text}");
    assert_eq!((&summary["files"], &summary["outcomes"]["stored"]), (&6.into(), &5.into()));
    let (status, text, _) = import(folder.path(), &[]);
    assert_eq!(status, 0);
    assert!(text.contains("5 already there"), "{text}");
    let (_, text, _) = import(folder.path(), &["--reread"]);
    assert!(text.contains("5 already there"), "{text}");
}

#[test]
fn what_needs_a_look_has_an_exit_status() {
    let folder = folder_of(1);
    fs::write(folder.path().join("files/cut.dcm"), &instance(0, 7)[..1000]).unwrap();
    let (status, text, summary) = import(folder.path(), &[]);
    assert_eq!(status, 3, "{text}");
    assert_eq!(summary["reasons"]["quarantined"]["truncated"], 1);
}

#[test]
fn a_running_server_takes_the_files() {
    let folder = folder_of(30);
    let server = Server::start(folder.path());
    let (status, text, summary) = import(folder.path(), &["--attach-to", "project:phantoms"]);
    assert_eq!(status, 0, "{text}");
    assert_eq!(summary["outcomes"]["stored"], 30);
    assert_eq!(summary["outcomes"]["attached"], 1);
    let (_, text, _) = import(folder.path(), &[]);
    assert!(text.contains("30 already there"), "{text}");
    drop(server);
}

#[test]
fn a_full_disk_stops_it_and_is_told() {
    let folder = folder_of(3);
    let full = ["import", "files"];
    let output = isocenter(folder.path())
        .args(full)
        .env("ISOCENTER_ARCHIVE__RESERVE_BYTES", (1_u64 << 60).to_string())
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{complaint}");
    assert!(complaint.contains("full"), "{complaint}");
    assert_eq!(import(folder.path(), &[]).2["outcomes"]["stored"], 3);
}

/// Files of the journal: every one was acknowledged.
fn acknowledged(folder: &Path) -> HashSet<String> {
    let journal = fs::read_to_string(folder.join("data/import-journal.jsonl")).unwrap_or_default();
    let lines = journal.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter_map(|line| line["settled"]["sha256"].as_str().map(str::to_owned)).collect()
}

async fn held(folder: &Path) -> HashSet<String> {
    use futures::TryStreamExt;
    let archive = Archive::open(ArchiveConfig::new(folder.join("data/archive"))).await.unwrap();
    let entries: Vec<_> = archive.scan(None).try_collect().await.unwrap();
    let mut held = HashSet::new();
    for entry in entries {
        // Read back and hashed, not believed.
        let bytes = archive.read_all(&entry.locator).await.unwrap();
        let digest = <sha2::Sha256 as sha2::Digest>::digest(&bytes);
        assert_eq!(entry.head.digest.0, <[u8; 32]>::from(digest));
        held.insert(entry.head.digest.to_hex());
    }
    tokio::task::spawn_blocking(move || archive.close()).await.unwrap();
    held
}

#[tokio::test]
async fn a_killed_import_loses_nothing_it_counted_and_goes_on() {
    let folder = folder_of(3000);
    let mut counted = 0;
    for round in 0..3 {
        let mut child = isocenter(folder.path())
            .args(["import", "files"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while acknowledged(folder.path()).len() <= counted && child.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let acknowledged = acknowledged(folder.path());
        counted = acknowledged.len();
        let missing = acknowledged.difference(&held(folder.path()).await).count();
        assert_eq!(missing, 0, "round {round}: {missing} of {counted} are lost");
    }
    assert!(counted > 0);
    let (status, text, summary) = import(folder.path(), &[]);
    assert_eq!(status, 0, "{text}");
    let outcomes = &summary["outcomes"];
    let all = outcomes["stored"].as_u64().unwrap_or(0) + outcomes["alreadyHeld"].as_u64().unwrap_or(0);
    assert_eq!(all, 3000);
    assert_eq!(held(folder.path()).await.len(), 3000);
}
