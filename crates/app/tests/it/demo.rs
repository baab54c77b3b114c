//! `isocenter demo`: filled once, without and with a server.

use crate::{Server, complaint, printed};

#[test]
fn a_hospital_is_filled_once() {
    let folder = tempfile::tempdir().unwrap();
    let fill = ["demo", "--patient", "DEMO-0009"];
    assert_eq!(printed(folder.path(), &fill), "the demo hospital is ready: 1 exams, 1 instances\n");
    assert_eq!(printed(folder.path(), &fill), "the demo hospital is there already\n");
    let again = printed(folder.path(), &["demo", "--patient", "DEMO-0009", "--again"]);
    assert_eq!(again, "1 exams: 0 instances stored, 1 already there\n");
    let _server = Server::start(folder.path());
    assert_eq!(printed(folder.path(), &fill), "the demo hospital is there already\n");
}

#[test]
fn a_running_server_takes_the_hospital_too() {
    let folder = tempfile::tempdir().unwrap();
    let _server = Server::start(folder.path());
    let told = printed(folder.path(), &["demo", "--patient", "DEMO-0009"]);
    assert_eq!(told, "the demo hospital is ready: 1 exams, 1 instances\n");
}

#[test]
fn files_can_be_written_out_and_strangers_are_told_who_there_is() {
    let folder = tempfile::tempdir().unwrap();
    printed(folder.path(), &["demo", "--patient", "DEMO-0009", "--out", "images"]);
    let written = walkdir::WalkDir::new(folder.path().join("images")).into_iter().filter_map(Result::ok);
    let names: Vec<_> = written.filter(|entry| entry.file_type().is_file()).collect();
    assert_eq!(names.len(), 1);
    let told = complaint(folder.path(), &["demo", "--patient", "NOBODY"]);
    assert!(told.contains("there are DEMO-0001 to DEMO-0012"), "{told}");
}
