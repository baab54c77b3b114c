//! ORU of imaging.

use crate::read::{PID, keys, record, records, said, text};
use clinical::{OrderState, Told};
use hl7::Translation;
use serde_json::json;

const STUDY: &str = "OBX|1|HD|113014^DICOM Study^DCM||2.25.714049420261||||||F";

fn obr(status: &str) -> String {
    format!(
        "OBR|1|PO1^HIS|FO1^RIS|CT01^CT CHEST^L|||202401050900|||||||||||AC1||||202401051000||CT|{status}|||||||R1&Reader&Rita"
    )
}

fn reported(status: &str, observations: &[&str]) -> Translation {
    let obr = obr(status);
    said("ORU^R01", &[&[PID, &obr, STUDY], observations].concat())
}

#[test]
fn a_report_and_that_its_order_is_reported() {
    let told = reported(
        "F",
        &[
            "OBX|2|FT|18748-4^Report^LN|1|CT CHEST\\.br\\of today||||||F",
            "OBX|3|FT|18748-4^Report^LN|2|||||||F",
            "OBX|4|TX|18748-4^Report^LN|3|FINDINGS: none~at all||||||F",
            "OBX|5|NM|8302-2^Height^LN||170|cm|||||F",
        ],
    );
    let order = record(&told, "ServiceRequest");
    assert_eq!((order.state, order.told), (Some(OrderState::Reported), Told::Change));
    assert_eq!(order.content["status"], "completed");
    let report = record(&told, "DiagnosticReport");
    assert_eq!((keys(report), report.told), (vec!["RIS|FO1|FILL".to_owned()], Told::Whole));
    let content = &report.content;
    assert_eq!(text(content), "CT CHEST\nof today\n\nFINDINGS: none\nat all");
    assert_eq!(content["presentedForm"][0]["contentType"], "text/plain; charset=utf-8");
    assert_eq!(content.get("conclusion"), None);
    let orders: Vec<_> =
        content["basedOn"].as_array().into_iter().flatten().map(|one| &one["identifier"]["value"]).collect();
    assert_eq!(orders, ["PO1", "FO1"]);
    assert_eq!(content["basedOn"][0]["type"], "ServiceRequest");
    assert!(content["identifier"].to_string().contains("urn:oid:2.25.714049420261"));
    assert_eq!(content["imagingStudy"][0]["identifier"]["value"], "urn:oid:2.25.714049420261");
    assert_eq!(
        (&content["effectiveDateTime"], &content["issued"]),
        (&json!("2024-01-05T09:00:00"), &json!("2024-01-05T10:00:00"))
    );
    assert_eq!(content["resultsInterpreter"][0]["display"], "Rita Reader");
    assert_eq!(content["result"].as_array().map(Vec::len), Some(1));
    assert_eq!(record(&told, "Observation").content["category"][0]["coding"][0]["code"], "imaging");
    assert!(told.left.is_empty(), "{:?}", told.left);
}

#[test]
fn every_status() {
    let line = "OBX|2|TX|18748-4^R^LN||text||||||";
    for (code, status, how) in [
        ("P", "preliminary", Told::Whole),
        ("R", "partial", Told::Whole),
        ("F", "final", Told::Whole),
        ("C", "corrected", Told::Whole),
        ("A", "appended", Told::Added),
        ("X", "cancelled", Told::Whole),
    ] {
        let told = reported(code, &[&format!("{line}F")]);
        let report = record(&told, "DiagnosticReport");
        assert_eq!((report.content["status"].as_str(), report.told), (Some(status), how), "{code}");
    }
    let observed = reported("", &[&format!("{line}P")]);
    assert_eq!(record(&observed, "DiagnosticReport").content["status"], "preliminary");
    let corrected = reported("F", &[&format!("{line}C")]);
    assert_eq!(record(&corrected, "DiagnosticReport").content["status"], "corrected");
}

#[test]
fn sections_by_suffix_and_code() {
    let told = reported(
        "F",
        &[
            "OBX|2|TX|71260&GDT^CT^C4||The lungs are clear.||||||F",
            "OBX|3|TX|71260&IMP^CT^C4||1. Normal.||||||F",
            "OBX|4|TX|71260&IMP^CT^C4||2. Nothing else.||||||F",
            "OBX|5|TX|71260&ADT^CT^C4||Seen again.||||||F",
        ],
    );
    let report = record(&told, "DiagnosticReport");
    let want = "The lungs are clear.\n\nIMPRESSION:\n1. Normal.\n2. Nothing else.\n\nADDENDUM:\nSeen again.";
    assert_eq!(text(&report.content), want);
    assert_eq!(report.content["conclusion"], "1. Normal.\n2. Nothing else.");
    assert_eq!((report.content["status"].as_str(), report.told), (Some("appended"), Told::Whole));
    let alone = reported("F", &["OBX|2|TX|71260&ADT^CT^C4||Seen again.||||||F"]);
    assert_eq!(record(&alone, "DiagnosticReport").told, Told::Added);
    let named = reported("F", &["OBX|2|TX|19005-8^Impression^LN||Impression: normal||||||F"]);
    assert_eq!(text(&record(&named, "DiagnosticReport").content), "Impression: normal");
}

#[test]
fn documents_are_attached() {
    let told = reported(
        "F",
        &[
            "OBX|2|TX|18748-4^R^LN||text||||||F",
            "OBX|3|ED|PDF^Report^L||RIS^application^pdf^Base64^JVBE\\.br\\Ri0=||||||F",
            "OBX|4|ED|CDA^Doc^L||^TEXT^x-hl7-cda-level-one^A^<ClinicalDocument/>||||||F",
            "OBX|5|ED|X^Doc^L||^application^pdf^Base64^||||||F",
            "OBX|6|RP|L^Link^L||https://pacs/1^RIS^AP^PDF||||||F",
        ],
    );
    let forms = record(&told, "DiagnosticReport").content["presentedForm"].clone();
    assert_eq!(forms[1], json!({"contentType": "application/pdf", "data": "JVBERi0=", "title": "Report"}));
    assert_eq!(
        (&forms[2]["contentType"], &forms[2]["data"]),
        (&json!("text/xml"), &json!("PENsaW5pY2FsRG9jdW1lbnQvPg=="))
    );
    assert_eq!(forms[3], json!({"contentType": "application/pdf", "url": "https://pacs/1"}));
}

#[test]
fn one_text_for_several_orders_is_based_on_all() {
    let told = said(
        "ORU^R01",
        &[
            PID,
            &obr("F"),
            "OBX|1|TX|18748-4^R^LN||text||||||F",
            "OBR|2|PO2^HIS|FO2^RIS|CT02^CT ABDOMEN^L||||||||||||||||||||CT|F",
        ],
    );
    let report = record(&told, "DiagnosticReport");
    assert_eq!(report.content["basedOn"].as_array().map(Vec::len), Some(4));
    assert_eq!(records(&told, "ServiceRequest").len(), 2);
}

#[test]
fn a_report_in_notes_and_without_numbers() {
    let told =
        said("ORU^R01", &[PID, "OBR|1|||CT01^CT^L||||||||||||||AC9||||||CT|F", "NTE|1||all of~the text"]);
    let report = record(&told, "DiagnosticReport");
    assert_eq!(text(&report.content), "all of\nthe text");
    assert_eq!(keys(report), ["|AC9|ACSN"]);
}

#[test]
fn a_study_pointer_is_no_series() {
    let told = said(
        "ORU^R01",
        &[
            PID,
            "OBR|1|P1|F1|A^B^L",
            "OBX|1|RP|1^Study^L||1.2.840.99.1||||||F",
            "OBX|2|HD|2^Series Instance UID^L||1.2.840.99.1.2||||||F",
        ],
    );
    let named = said(
        "ORU^R01",
        &[PID, "OBR|1|P1|F1|A^B^L", "OBX|1|ST|(0020,000D)^Study Instance UID^L||1.2.840.99.7||||||F"],
    );
    assert!(
        record(&named, "ServiceRequest").content["identifier"].to_string().contains("urn:oid:1.2.840.99.7")
    );
    let identifiers = record(&told, "ServiceRequest").content["identifier"].to_string();
    assert!(identifiers.contains("urn:oid:1.2.840.99.1\"") && !identifiers.contains("99.1.2"));
}
