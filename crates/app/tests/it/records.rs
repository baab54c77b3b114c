//! `isocenter records import`: what comes in reconciles, and twice is the same as once.

use crate::{Server, run};
use serde_json::Value;
use std::fs;
use std::path::Path;

const PERSON: &str = "person_id,gender_concept_id,year_of_birth\n1,8532,1967\n2,8507,1970\n";
const CONDITION: &str = "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_source_value\n\
    1,1,0,2020-01-01,J18.9\n2,9,0,2020-01-01,J18.9\n";
const BUNDLE: &str = r#"{"resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "Patient", "id": "p", "identifier": [{"system": "urn:oid:1.2", "value": "M1"}]}},
    {"resource": {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"},
        "subject": {"reference": "Patient/p"}}}]}"#;
const MAPPING: &str =
    "record = \"Observation\"\n[columns]\nmrn = \"patient\"\ntest = \"code\"\nresult = \"value\"\n";
const MESSAGE: &str =
    "MSH|^~\\&|HIS|NGH|ISO|NGH|20240101080000||ADT^A04|1|P|2.5\rPID|1||M7^^^NGH^MR||Doe^Jane||19670412|F\r";
const VCF: &str = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tM1\n1\t5\t.\tA\tG\t.\t.\tGENE=X\tGT\t0/1\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let all = folder.path().join("all");
    fs::create_dir_all(all.join("omop")).unwrap();
    for (name, text) in [
        ("omop/PERSON.csv", PERSON),
        ("omop/CONDITION_OCCURRENCE.csv", CONDITION),
        ("bundle.json", BUNDLE),
        ("labs.csv", "mrn,test,result\nM1,glucose,5.4\n"),
        ("admission.hl7", MESSAGE),
        ("genome.vcf", VCF),
        ("picture.bin", "\0\0"),
    ] {
        fs::write(all.join(name), text).unwrap();
    }
    fs::write(folder.path().join("labs.toml"), MAPPING).unwrap();
    folder
}

/// Exit status, what is printed, and the report.
fn import(folder: &Path, more: &[&str]) -> (i32, String, Value) {
    let always = ["records", "import", "all", "--system", "urn:oid:1.2", "--mapping", "labs.toml"];
    let arguments = [&always, &["--report", "report.json"][..], more].concat();
    let output = run(folder, &arguments);
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    let report: Value = serde_json::from_slice(&fs::read(folder.join("report.json")).unwrap()).unwrap();
    (output.status.code().unwrap(), text, report)
}

fn without_what_differs(report: &Value) -> Vec<(String, u64, u64, u64)> {
    let number = |file: &Value, name: &str| file[name].as_u64().unwrap();
    let files = report["files"].as_array().unwrap();
    let told = |file: &Value| {
        let path = file["path"].as_str().unwrap().to_owned();
        (path, number(file, "statements"), number(file, "kept"), number(file, "refused"))
    };
    files.iter().map(told).collect()
}

#[test]
fn every_format_comes_in_and_twice_is_the_same_as_once() {
    let folder = folder();
    let (status, text, dry) = import(folder.path(), &["--dry-run"]);
    assert_eq!((status, &dry["dryRun"]), (3, &Value::Bool(true)), "{text}");
    assert!(text.contains("nothing was kept"), "{text}");
    let (status, text, report) = import(folder.path(), &[]);
    assert_eq!(status, 3, "{text}");
    assert_eq!(without_what_differs(&report), without_what_differs(&dry), "a dry run tells what happens");
    let summary = &report["summary"];
    assert_eq!(
        (&summary["files"], &summary["read"], &summary["unreadable"]),
        (&6.into(), &5.into(), &1.into()),
        "{text}"
    );
    let place = report["files"].as_array().unwrap().iter().find(|file| file["format"] == "omop").unwrap();
    assert_eq!(place["reasons"][0][0], "CONDITION_OCCURRENCE:3");
    let (_, text, again) = import(folder.path(), &[]);
    assert_eq!(
        (&again["summary"]["read"], &again["summary"]["alreadyThere"]),
        (&0.into(), &5.into()),
        "{text}"
    );
    assert_eq!(without_what_differs(&again), without_what_differs(&report));
}

#[test]
fn a_running_server_takes_them_too() {
    let folder = folder();
    let server = Server::start(folder.path());
    let (status, text, report) = import(folder.path(), &[]);
    assert_eq!((status, &report["summary"]["read"]), (3, &5.into()), "{text}");
    drop(server);
}

#[test]
fn a_mapping_that_is_wrong_is_told_before_anything_is_sent() {
    let folder = folder();
    fs::write(folder.path().join("labs.toml"), MAPPING.replace("Observation", "Observatory")).unwrap();
    let output = run(folder.path(), &["records", "import", "all", "--mapping", "labs.toml"]);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint.contains("did you mean `Observation`?"), "{complaint}");
}
