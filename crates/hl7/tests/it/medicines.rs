//! RDE, RDS, RAS, OMP, and medicines in ORM.

use crate::read::{PID, keys, record, records, said};
use clinical::Told;
use hl7::{Kind, Message};
use serde_json::json;

const ORC: &str = "ORC|NW|RX1^HIS|FX1^PHARM|G1^HIS|||||20240105090000|||D1^Ask^Anne";
const RXE: &str = "RXE|1^Q12H^D10^20240105^20240115|860975^Metformin 500 MG^RXN|1|2|TAB^tablet^HL70292||^Take with food~^Drink water||N|60|TAB^tablet|3|||P77||||||||||||E11^Diabetes^I10";

#[test]
fn an_encoded_order_is_a_request_with_dosage_and_supply() {
    for kind in ["RDE^O11^RDE_O11", "RDE^O25^RDE_O11", "RDE^O01"] {
        let told = said(kind, &[PID, "PV1|1|O", ORC, RXE, "NTE|1||No alcohol", "RXR|PO^Oral^HL70162"]);
        let request = record(&told, "MedicationRequest");
        assert_eq!(keys(request), ["HIS|RX1|PLAC", "PHARM|FX1|FILL"], "{kind}");
        assert_eq!(request.told, Told::Change);
        let content = &request.content;
        assert_eq!((&content["status"], &content["intent"]), (&json!("active"), &json!("order")));
        assert_eq!(content["medicationCodeableConcept"]["coding"][0]["code"], "860975");
        assert_eq!(content["authoredOn"], "2024-01-05T09:00:00");
        assert_eq!(content["reasonCode"][0]["coding"][0]["code"], "E11");
        assert_eq!(content["note"], json!([{"text": "No alcohol"}]));
        let dosage = &content["dosageInstruction"][0];
        assert_eq!(dosage["text"], "Take with food Drink water");
        assert_eq!(dosage["timing"]["code"]["text"], "Q12H");
        assert_eq!(
            dosage["timing"]["repeat"]["boundsPeriod"],
            json!({"start": "2024-01-05", "end": "2024-01-15"})
        );
        assert_eq!(dosage["route"]["coding"][0]["code"], "PO");
        let range = &dosage["doseAndRate"][0]["doseRange"];
        assert_eq!(range["high"], json!({"value": 2, "unit": "tablet"}));
        let supply = json!({"numberOfRepeatsAllowed": 3, "quantity": {"value": 60, "unit": "tablet"}});
        assert_eq!(content["dispenseRequest"], supply);
        let prescription = json!({"type": {"text": "prescription number"}, "value": "P77"});
        assert!(content["identifier"].as_array().is_some_and(|all| all.contains(&prescription)));
    }
}

#[test]
fn a_plain_order_is_one_too_and_the_encoded_one_wins() {
    let rxo = "RXO|^Insulin lispro|4||[IU]^^UCUM||^Units by scale|^Inject||G||3|PEN|1";
    let tq1 = "TQ1|1||TID&three times a day||||20240105|20240201|R||before meals";
    let told = said(
        "OMP^O09^OMP_O09",
        &[PID, ORC, tq1, rxo, "RXR|SC", "RXC|A|^Zinc|2|mg", "OBX|1|NM|2345-7^Glucose^LN||9|mmol/L"],
    );
    let content = &record(&told, "MedicationRequest").content;
    assert_eq!(content["medicationCodeableConcept"]["text"], "Insulin lispro");
    let dosage = &content["dosageInstruction"][0];
    assert_eq!(
        (&dosage["text"], &dosage["timing"]["code"]["text"]),
        (&json!("Inject"), &json!("three times a day"))
    );
    let dose = json!({"value": 4, "unit": "[IU]", "system": "http://unitsofmeasure.org", "code": "[IU]"});
    assert_eq!(dosage["doseAndRate"][0]["doseQuantity"], dose);
    assert_eq!(content["note"], json!([{"text": "additive: Zinc 2 mg"}]));
    assert_eq!(content["dispenseRequest"]["quantity"], json!({"value": 3, "unit": "PEN"}));
    assert_eq!(record(&told, "Observation").content["valueQuantity"]["value"], 9);
    let both = said("RDE^O11", &[PID, ORC, rxo, RXE]);
    let content = &record(&both, "MedicationRequest").content;
    assert_eq!(content["medicationCodeableConcept"]["coding"][0]["code"], "860975");
}

#[test]
fn where_an_order_stands_is_told_by_its_control_and_its_status() {
    let status = |control: &str, status: &str| {
        let orc = format!("ORC|{control}|RX1^HIS|||{status}");
        record(&said("RDE^O11", &[PID, &orc, RXE]), "MedicationRequest").content["status"].clone()
    };
    for (control, order, expected) in [
        ("NW", "", "active"),
        ("RE", "IP", "active"),
        ("CA", "", "cancelled"),
        ("DC", "", "stopped"),
        ("RP", "", "stopped"),
        ("HD", "", "on-hold"),
        ("DE", "", "entered-in-error"),
        ("SC", "CM", "completed"),
        ("SC", "DC", "stopped"),
    ] {
        assert_eq!(status(control, order), expected, "{control} {order}");
    }
}

#[test]
fn what_is_handed_out_names_its_order_and_another_day_is_another_dispensing() {
    let rxd = |number: &str, day: &str| {
        format!(
            "RXD|{number}|860975^Metformin 500 MG^RXN|{day}|60|TAB^tablet||P77|2|Generic~Child-proof|PH1^Pill^Paul"
        )
    };
    let told = said(
        "RDS^O13^RDS_O13",
        &[PID, "PV1|1|O", "ORC|RE|RX1^HIS|FX1^PHARM", RXE, &rxd("1", "20240106"), "RXR|PO"],
    );
    let dispense = record(&told, "MedicationDispense");
    let content = &dispense.content;
    assert_eq!((&content["status"], &content["whenHandedOver"]), (&json!("completed"), &json!("2024-01-06")));
    assert_eq!(content["quantity"], json!({"value": 60, "unit": "tablet"}));
    assert_eq!(content["authorizingPrescription"][0]["identifier"]["value"], "RX1");
    assert_eq!(content["note"], json!([{"text": "Generic"}, {"text": "Child-proof"}]));
    assert_eq!(content["performer"][0]["actor"]["display"], "Paul Pill");
    assert_eq!(record(&told, "MedicationRequest").content["status"], "active", "of RE nothing is over");
    let later = said("RDS^O13", &[PID, "ORC|RE|RX1^HIS|FX1^PHARM", &rxd("2", "20240206")]);
    assert_ne!(keys(record(&later, "MedicationDispense")), keys(dispense));
    assert!(records(&later, "MedicationRequest").is_empty());
    let cancelled = said("RDS^O13", &[PID, "ORC|OC|RX1^HIS", &rxd("1", "20240106")]);
    assert_eq!(record(&cancelled, "MedicationDispense").content["status"], "cancelled");
}

#[test]
fn what_is_given_tells_when_how_much_and_whether_at_all() {
    let rxa = |at: &str, status: &str| {
        format!(
            "RXA|0|{at}|20240106080000|20240106083000|5640^Ibuprofen^RXN|400|mg||^after lunch|N1^Nurse^Nora|||||||||^fever|{status}|A"
        )
    };
    let told = said(
        "RAS^O17^RAS_O17",
        &[
            PID,
            "ORC|RE|RX1^HIS",
            &rxa("1", "CP"),
            "RXR|IV^Intravenous|LA^Left arm",
            &rxa("2", "RE"),
            "RXR|PO",
            "ZRX|own",
        ],
    );
    let all = records(&told, "MedicationAdministration");
    assert_eq!(all.len(), 2);
    let given = &all[0].content;
    assert_eq!((&given["status"], &all[1].content["status"]), (&json!("completed"), &json!("not-done")));
    let period = json!({"start": "2024-01-06T08:00:00", "end": "2024-01-06T08:30:00"});
    assert_eq!(given["effectivePeriod"], period);
    assert_eq!(given["dosage"]["dose"], json!({"value": 400, "unit": "mg"}));
    assert_eq!(given["dosage"]["route"]["coding"][0]["code"], "IV");
    assert_eq!(given["dosage"]["site"]["coding"][0]["code"], "LA");
    assert_eq!(given["request"]["identifier"]["value"], "RX1");
    assert_eq!(given["note"], json!([{"text": "after lunch"}]));
    assert_ne!(keys(all[0]), keys(all[1]));
    assert_eq!(told.left.len(), 1, "{:?}", told.left);
}

#[test]
fn a_medicine_in_an_order_message_is_no_order_of_images() {
    let told = said(
        "ORM^O01",
        &[
            PID,
            ORC,
            "RXO|1^Aspirin^L|100||mg",
            "ORC|NW|PO1^HIS",
            "OBR|1|PO1^HIS||CT^CT CHEST",
            "NTE|1||of the CT",
        ],
    );
    assert_eq!(record(&told, "MedicationRequest").content["note"], json!(null));
    assert_eq!(record(&told, "ServiceRequest").content["note"], json!([{"text": "of the CT"}]));
}

#[test]
fn without_a_medicine_it_is_refused_in_words() {
    let none = said("RDE^O11", &[PID, ORC]);
    assert!(none.left.iter().any(|left| left.refused && left.place == "MSH-9"));
    let unnamed = said("RDE^O11", &[PID, ORC, "RXE||||"]);
    assert!(
        unnamed.left.iter().any(|left| left.refused && left.place.starts_with("RXE")),
        "{:?}",
        unnamed.left
    );
    let alone = said("RAS^O17", &[PID, "RXA|0|1|20240106||5640^Ibuprofen^RXN|999"]);
    let content = &record(&alone, "MedicationAdministration").content;
    assert_eq!((&content["effectiveDateTime"], &content["dosage"]), (&json!("2024-01-06"), &json!(null)));
}

#[test]
fn old_and_new_versions_are_taken() {
    for version in ["2.3", "2.3.1", "2.4", "2.5", "2.6", "2.7", "2.8"] {
        let text = format!("MSH|^~\\&|A|B|C|D|20240105||RDE^O01|1|P|{version}\r{PID}\r{ORC}\r{RXE}\r");
        let message = Message::parse(text.as_bytes()).expect("a message");
        assert_eq!(message.kind(), Ok(Kind::Medicine));
        assert_eq!(records(&crate::read::checked(&message), "MedicationRequest").len(), 1);
    }
}
