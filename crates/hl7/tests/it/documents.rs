//! MDM.

use crate::read::{PID, keys, record, records, said, text};
use clinical::{OrderState, Told};
use serde_json::{Value, json};

const OBX: &str = "OBX|1|TX|18748-4^R^LN||the text||||||F";

fn txa(own: &str, parent: &str, status: &str) -> String {
    format!("TXA|1|DI|TX|20240104||20240105|||D1^Dic^Tator|||{own}|{parent}|PO1^HIS|FO1^RIS||{status}")
}

fn told(trigger: &str, parent: &str, status: &str) -> hl7::Translation {
    let obr = "OBR|1|PO1^HIS|FO1^RIS|CT01^CT^L|||20240103||||||||||||||||||F";
    said(trigger, &[PID, obr, &txa("DOC2", parent, status), OBX])
}

#[test]
fn a_document_and_the_report_it_is() {
    let told = told("MDM^T02", "", "AU");
    let document = record(&told, "DocumentReference");
    assert_eq!((keys(document), document.told), (vec!["|DOC2|".to_owned()], Told::Whole));
    assert_eq!(document.content["docStatus"], "final");
    assert_eq!(document.content["author"][0]["display"], "Tator Dic");
    assert_eq!(document.content["content"][0]["attachment"]["contentType"], "text/plain; charset=utf-8");
    assert_eq!(document.content["context"]["related"][1]["identifier"]["value"], "FO1");
    let report = record(&told, "DiagnosticReport");
    assert_eq!(keys(report), ["RIS|FO1|FILL", "|DOC2|"]);
    assert_eq!((text(&report.content).as_str(), &report.content["status"]), ("the text", &json!("final")));
    assert_eq!(record(&told, "ServiceRequest").state, Some(OrderState::Reported));
    assert!(told.left.is_empty(), "{:?}", told.left);
}

#[test]
fn what_becomes_of_it() {
    for (trigger, relation, status, how) in [
        ("MDM^T06", json!("appends"), "appended", Told::Added),
        ("MDM^T10", json!("replaces"), "corrected", Told::Whole),
        ("MDM^T08", json!("replaces"), "corrected", Told::Whole),
        ("MDM^T02", Value::Null, "preliminary", Told::Whole),
        ("MDM^T11", Value::Null, "cancelled", Told::Whole),
    ] {
        let told = told(trigger, "DOC1", if trigger == "MDM^T02" { "DI" } else { "AU" });
        assert_eq!(record(&told, "DocumentReference").content["relatesTo"][0]["code"], relation, "{trigger}");
        let report = record(&told, "DiagnosticReport");
        assert_eq!((report.content["status"].as_str(), report.told), (Some(status), how), "{trigger}");
        assert!(keys(report).contains(&"|DOC1|".to_owned()));
    }
    let status = said("MDM^T03", &[PID, &txa("DOC2", "", "LA")]);
    assert_eq!(record(&status, "DocumentReference").told, Told::Change);
}

#[test]
fn other_documents_are_no_reports() {
    let told = said("MDM^T02", &[PID, "TXA|1|DS|TX|20240104||||||||DOC3", OBX]);
    assert!(records(&told, "DiagnosticReport").is_empty());
    assert_eq!(records(&told, "DocumentReference").len(), 1);
    let nothing = said("MDM^T02", &[PID]);
    assert!(nothing.left.iter().any(|left| left.place == "MSH-9" && left.refused));
}
