//! `isocenter report read`: files in, lines out.

use super::{printed, run};
use serde_json::Value;
use std::fs;

fn lines(printed: &str) -> Vec<Value> {
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn texts_json_lines_and_tables_are_read_alike() {
    let folder = tempfile::tempdir().unwrap();
    let text = "FINDINGS: No pleural effusion. 5 mm nodule in the left lung.";
    fs::write(folder.path().join("a.txt"), text).unwrap();
    fs::write(folder.path().join("a.jsonl"), serde_json::json!({ "id": "7", "text": text }).to_string())
        .unwrap();
    fs::write(folder.path().join("a.csv"), format!("id,Report\n7,\"{text}\"\n")).unwrap();
    let read = |arguments: &[&str]| {
        let all = [&["report", "read"], arguments].concat();
        lines(&printed(folder.path(), &all)).remove(0)
    };
    let whole = read(&["a.txt"]);
    let (line, row) = (read(&["a.jsonl"]), read(&["a.csv", "--column", "report"]));
    assert_eq!(whole["reading"], line["reading"]);
    assert_eq!(line["reading"], row["reading"]);
    assert_eq!((&line["id"], &row["id"]), (&Value::from("7"), &Value::from("7")));
    assert_eq!(whole["summary"]["findings"]["nodule"]["laterality"], "left");
    assert_eq!(whole["reading"]["measurements"][0]["values"][0], 5.0);
}

#[test]
fn many_reports_come_out_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let line = |number: usize| format!("{{\"id\": {number}, \"text\": \"No nodule.\"}}\n");
    fs::write(folder.path().join("many.jsonl"), (0..5000).map(line).collect::<String>()).unwrap();
    let read =
        lines(&printed(folder.path(), &["report", "read", "many.jsonl", "--summary", "--threads", "3"]));
    let ids: Vec<String> = read.iter().map(|line| line["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, (0..5000).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[test]
fn a_concept_is_assessed_whether_the_lexicon_knows_it_or_not() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.tsv"), "text\tconcept\nHe denies any wibbles.\twibbles\n").unwrap();
    let read = lines(&printed(folder.path(), &["report", "read", "c.tsv", "--concept", "concept"]));
    assert_eq!(read[0]["assessed"]["assertion"], "absent");
}

#[test]
fn what_is_wrong_is_told_without_what_reports_say() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bad.jsonl"), "{\"text\": \"No nodule.\"}\nSecretname has a nodule\n")
        .unwrap();
    fs::write(folder.path().join("bad.csv"), "Mr Secretname was seen here and has a nodule today,x\n1,2\n")
        .unwrap();
    let read = run(folder.path(), &["report", "read", "bad.jsonl", "bad.csv"]);
    let told = String::from_utf8(read.stderr).unwrap();
    assert_eq!(read.status.code(), Some(3), "{told}");
    assert!(told.contains("bad.jsonl, line 2") && told.contains("no column `text`"), "{told}");
    assert!(!told.contains("Secretname"), "{told}");
    assert_eq!(lines(&String::from_utf8(read.stdout).unwrap()).len(), 1);
}

#[test]
fn a_site_adds_words_and_learns_what_is_wrong_with_them() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("words")).unwrap();
    let words = folder.path().join("words/ours.toml");
    fs::write(folder.path().join("a.txt"), "There is a wibble.").unwrap();
    fs::write(&words, "[[finding]]\nid = \"wibble\"\nterms = [\"wibble\"]\n").unwrap();
    let arguments = ["report", "read", "a.txt", "--lexicon", "words", "--table"];
    assert!(printed(folder.path(), &arguments).contains("\tfinding\twibble\t"));
    fs::write(&words, "[[finding]]\nid = \"wibble\"\nbroader = \"nodul\"\nterms = [\"wibble\"]\n").unwrap();
    let told = String::from_utf8(run(folder.path(), &arguments).stderr).unwrap();
    assert!(told.contains("did you mean `nodule`?"), "{told}");
}
