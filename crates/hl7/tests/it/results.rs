//! ORU of a laboratory.

use crate::read::{PID, keys, record, records, said};
use clinical::OrderState;
use serde_json::{Value, json};

fn observed(obx: &str) -> Value {
    let told =
        said("ORU^R01", &[PID, "OBR|1|P1^HIS|F1^LAB|24317-0^Panel^LN|||20240104|||||||||||||||||LAB|F", obx]);
    record(&told, "Observation").content.clone()
}

#[test]
fn a_panel_with_its_specimen() {
    let told = said(
        "ORU^R01",
        &[
            PID,
            "OBR|1|P1^HIS|F1^LAB|24317-0^Panel^LN|||20240104|||||||||||||||||LAB|F",
            "OBX|1|NM|718-7^Hb^LN||13.5|g/dL^^UCUM|12-16|N~L|||F|||20240104101500",
            "NTE|1||haemolysed",
            "OBX|2|NM|718-7^Hb^LN||13.6|g/dL^^UCUM|||||C",
            "SPM|1|S1&HIS^S2&LAB||BLD^Blood^HL70487|||||||||||||20240104090000|20240104100000",
        ],
    );
    let report = record(&told, "DiagnosticReport");
    assert_eq!(report.content["result"].as_array().map(Vec::len), Some(2));
    assert_eq!(report.content["category"][0]["coding"][0]["code"], "LAB");
    let first = records(&told, "Observation")[0];
    assert_eq!(first.content["referenceRange"][0]["low"]["value"], 12);
    assert_eq!(first.content["interpretation"][1]["coding"][0]["code"], "L");
    assert_eq!(first.content["note"][0]["text"], "haemolysed");
    assert_eq!(first.content["specimen"]["identifier"]["value"], "S1");
    assert_eq!(first.content["basedOn"][1]["identifier"]["value"], "F1");
    let second = records(&told, "Observation")[1];
    assert_eq!(second.content["status"], "corrected");
    assert_ne!(keys(first), keys(second));
    let specimen = record(&told, "Specimen");
    assert_eq!(keys(specimen), ["HIS|S1|SID", "LAB|S2|SID"]);
    assert_eq!(specimen.content["collection"]["collectedDateTime"], "2024-01-04T09:00:00");
    assert_eq!(record(&told, "ServiceRequest").state, Some(OrderState::Reported));
    assert!(told.left.is_empty());
}

#[test]
fn a_later_message_speaks_of_the_same_observation() {
    let tell = |status: &str, time: &str| {
        let obr = "OBR|1|P1^HIS|F1^LAB|24317-0^Panel^LN|||20240104|||||||||||||||||LAB|F";
        let obx = format!("OBX|1|NM|718-7^Hb^LN||13.5|g/dL|||||{status}|||{time}");
        keys(record(&said("ORU^R01", &[PID, obr, &obx]), "Observation"))
    };
    assert_eq!(tell("P", "20240104"), tell("C", "20240105"));
}

#[test]
fn every_type_of_value() {
    let cases = [
        ("NM||x||-4.06", "valueQuantity", json!({"value": -4.06})),
        ("NM||x||>5", "valueQuantity", json!({"value": 5, "comparator": ">"})),
        ("NM||x||many", "valueString", json!("many")),
        ("SN||x||<^7", "valueQuantity", json!({"value": 7, "comparator": "<"})),
        ("SN||x||^1^:^128", "valueRatio", json!({"numerator": {"value": 1}, "denominator": {"value": 128}})),
        ("SN||x||^2^-^4", "valueRange", json!({"low": {"value": 2}, "high": {"value": 4}})),
        ("SN||x||^3^+", "valueString", json!("3+")),
        (
            "CE||x||N^Normal^HL70078",
            "valueCodeableConcept",
            json!({
                "coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0078", "code": "N", "display": "Normal"}],
                "text": "Normal"
            }),
        ),
        ("ST||x||a ^ b & c", "valueString", json!("a ^ b & c")),
        ("TX||x||one~two", "valueString", json!("one\ntwo")),
        ("TS||x||20240104", "valueDateTime", json!("2024-01-04")),
        ("TM||x||0815", "valueTime", json!("08:15:00")),
        ("XX||x||what", "valueString", json!("what")),
    ];
    for (rest, element, value) in cases {
        let (kind, rest) = rest.split_once("||x").unwrap_or_default();
        assert_eq!(observed(&format!("OBX|1|{kind}|1^x^L{rest}||||||F"))[element], value, "{kind}{rest}");
    }
    let several = observed("OBX|1|NM|1^x^L||60~120|||||F");
    assert_eq!(several["component"][1]["valueQuantity"]["value"], 120);
}

#[test]
fn every_status_of_an_observation() {
    for (code, status) in [
        ("F", "final"),
        ("P", "preliminary"),
        ("C", "corrected"),
        ("X", "cancelled"),
        ("W", "entered-in-error"),
        ("I", "registered"),
        ("?", "unknown"),
    ] {
        assert_eq!(observed(&format!("OBX|1|NM|1^x^L||1||||||{code}"))["status"], status, "{code}");
    }
}
