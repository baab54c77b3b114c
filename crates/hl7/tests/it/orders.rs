//! ORM, OMG and OMI.

use crate::read::{PID, keys, record, records, said};
use clinical::{OrderState, Told};
use serde_json::json;

#[test]
fn an_order_with_every_number_it_has() {
    let told = said(
        "OMI^O23",
        &[
            PID,
            "PV1|1|E",
            "ORC|NW|PO1^HIS|FO1^RIS^1.2.3^ISO|G1^HIS|SC||||20240104|||D1^Ask^Anne",
            "TQ1|1||||||202401060800||S",
            "OBR|1|PO1^HIS|FO1^RIS^1.2.3^ISO|CT01^CT CHEST^L|||||||||Cough||^^^T-28000&Lung&SRT|||AC1^RIS|P19|||||CT|||||||R05^Cough^I10",
            "NTE|1||first line~second",
            "IPC|AC1^RIS|RP1|2.25.71404942|SPS1|CT",
            "OBX|1|NM|3141-9^Weight^LN||65|kg^^UCUM|||||F",
            "ZDS|2.25.71404942^RIS^Application^DICOM",
        ],
    );
    let order = record(&told, "ServiceRequest");
    assert_eq!(keys(order), ["HIS|PO1|PLAC", "urn:oid:1.2.3|FO1|FILL"]);
    assert_eq!((order.state, order.told), (Some(OrderState::Scheduled), Told::Change));
    let content = &order.content;
    let identifiers = content["identifier"].as_array().expect("identifiers");
    assert!(identifiers.contains(&json!({"system": "urn:dicom:uid", "value": "urn:oid:2.25.71404942"})));
    assert_eq!(identifiers.iter().filter(|one| one["type"]["coding"][0]["code"] == "ACSN").count(), 1);
    assert!(identifiers.contains(&json!({"type": {"text": "OBR-19"}, "value": "P19"})));
    assert!(identifiers.contains(&json!({"type": {"text": "requested procedure"}, "value": "RP1"})));
    assert_eq!(content["status"], "active");
    assert_eq!(
        content["category"][0]["coding"][0],
        json!({
            "system": "http://dicom.nema.org/resources/ontology/DCM", "code": "CT"
        })
    );
    assert_eq!((&content["priority"], &content["authoredOn"]), (&json!("stat"), &json!("2024-01-04")));
    assert_eq!(content["occurrenceDateTime"], "2024-01-06T08:00:00");
    assert_eq!(content["requester"]["display"], "Anne Ask");
    assert_eq!(content["code"]["text"], "CT CHEST");
    assert_eq!(content["bodySite"][0]["text"], "Lung");
    assert_eq!(content["reasonCode"][1]["text"], "Cough");
    assert_eq!(content["note"][0]["text"], "first line\nsecond");
    assert_eq!(content["requisition"]["value"], "G1");
    assert_eq!(content["encounter"]["display"], "EMER");
    assert_eq!(content["subject"]["identifier"]["value"], "MRN1");
    assert_eq!(record(&told, "Observation").content["valueQuantity"]["value"], 65);
}

#[test]
fn each_group_is_an_order() {
    let told = said(
        "ORM^O01",
        &[
            PID,
            "ORC|NW|P1^HIS",
            "OBR|1|P1^HIS||A^One^L||||||||||||||AC1",
            "ORC|CA|P2^HIS",
            "OBR|2|P2^HIS||B^Two^L",
            "OBR|3|P3^HIS||C^Three^L",
            "OBR|4|||D^Four^L",
        ],
    );
    let orders = records(&told, "ServiceRequest");
    assert_eq!(orders.len(), 4);
    assert_eq!(keys(orders[2]), ["HIS|P3|PLAC"]);
    assert!(keys(orders[3])[0].starts_with("urn:isocenter:hl7v2:OBR|"));
    let states: Vec<_> = orders.iter().map(|order| order.state).collect();
    assert_eq!(states[0], Some(OrderState::Requested));
    assert_eq!(states[1], Some(OrderState::Cancelled));
    assert_eq!(orders[1].content["status"], "revoked");
    let places: Vec<_> = told.statements.iter().map(|statement| statement.place.as_str()).collect();
    assert_eq!(places, ["PID", "OBR", "OBR[2]", "OBR[3]", "OBR[4]"]);
}

#[test]
fn an_accession_one_field_short_is_found_and_a_telephone_is_none() {
    let numbers = |field: &str| {
        let told =
            said("ORM^O01", &[PID, "ORC|NW|P1", &format!("OBR|1|P1||A^B^L{}{field}|", "|".repeat(13))]);
        let identifiers = record(&told, "ServiceRequest").content["identifier"].clone();
        let all = identifiers.as_array().cloned().unwrap_or_default();
        all.iter().filter(|one| one["type"]["coding"][0]["code"] == "ACSN").count()
    };
    assert_eq!((numbers("NG240001"), numbers("(555) 123-4567"), numbers("5551234567")), (1, 0, 0));
}

#[test]
fn an_order_control_alone_and_medicines() {
    let cancelled = said("ORM^O01", &[PID, "ORC|DC|P1^HIS"]);
    assert_eq!(record(&cancelled, "ServiceRequest").state, Some(OrderState::Discontinued));
    let medicine = said("ORM^O01", &[PID, "ORC|NW|P1^HIS", "RXO|1^Aspirin"]);
    assert!(records(&medicine, "ServiceRequest").is_empty());
    let nothing = said("ORM^O01", &[PID]);
    assert!(nothing.left.iter().any(|left| left.place == "MSH-9" && left.refused));
}
