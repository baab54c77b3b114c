//! ADT: patients, visits, allergies, diagnoses, merges and moves.

use crate::read::{PID, checked, keys, record, records, said};
use clinical::{OrderState, Said, Told};
use hl7::{Message, Problem, Translation};
use serde_json::{Value, json};

#[test]
fn a_patient_is_told_as_far_as_the_message_goes() {
    let pid = "PID|1||M1^^^NGH&1.2.3&ISO^MR~N2^^^PAS^PI||Doe^Jane^Q^Jr^Dr^^L~Roe^Jane^^^^^M||197001011230|F|||\
               1 High St&&^Flat 2^Town^ST^99^GB^H~PO 1^^Town^^^^M||(555) 1^PRN^PH~^NET^Internet^a@b.c|5^WPN^CP|\
               ger|M||ACC1^^^NGH^AN|123-45-6789|||||Y|2||||20240102|Y";
    let told = said("ADT^A08", &["EVN|A08|20240105", pid]);
    let patient = record(&told, "Patient");
    assert_eq!(patient.told, Told::Change);
    assert_eq!(
        keys(patient),
        ["urn:oid:1.2.3|M1|MR", "PAS|N2|PI", "http://hl7.org/fhir/sid/us-ssn|123-45-6789|SS"]
    );
    assert_eq!(patient.keys[0].assigner.as_deref(), Some("NGH"));
    let content = &patient.content;
    assert_eq!(content["identifier"][3]["type"]["coding"][0]["code"], "AN");
    assert_eq!(
        content["name"][0],
        json!({
            "use": "official", "family": "Doe", "given": ["Jane", "Q"], "prefix": ["Dr"], "suffix": ["Jr"]
        })
    );
    assert_eq!(content["name"][1]["use"], "maiden");
    assert_eq!((&content["gender"], &content["birthDate"]), (&json!("female"), &json!("1970-01-01")));
    assert_eq!(content["address"][0]["line"], json!(["1 High St", "Flat 2"]));
    assert_eq!(content["address"][0]["use"], "home");
    assert_eq!(content["address"][1]["type"], "postal");
    assert_eq!(content["telecom"][0], json!({"system": "phone", "value": "(555) 1", "use": "home"}));
    assert_eq!(content["telecom"][1]["system"], "email");
    assert_eq!(content["telecom"][2]["use"], "mobile");
    assert_eq!(content["communication"][0]["language"]["coding"][0]["code"], "ger");
    assert_eq!(content["maritalStatus"]["coding"][0]["code"], "M");
    assert_eq!(content["multipleBirthInteger"], 2);
    assert_eq!(content["deceasedDateTime"], "2024-01-02");
    assert_eq!(told.statements[0].at.as_ref().map(clinical::When::as_str), Some("2024-01-05T10:15:00"));
}

#[test]
fn two_quotes_take_away_and_nothing_leaves_as_it_is() {
    let told = said("ADT^A08", &["PID|1||M1^^^NGH^MR||Doe^Jane||\"\"|\"\"|||\"\"||\"\""]);
    let content = &record(&told, "Patient").content;
    for key in ["gender", "birthDate", "address", "telecom"] {
        assert_eq!(content.get(key), Some(&Value::Null), "{key}");
    }
    assert_eq!(content.get("maritalStatus"), None);
}

#[test]
fn what_is_wrong_is_left_by_its_place_alone() {
    let told = said("ADT^A08", &["PID|1||M1^^^NGH^MR||Doe^Jane||1970-SECRET|F"]);
    assert_eq!(record(&told, "Patient").content.get("birthDate"), None);
    assert_eq!((told.left[0].place.as_str(), told.left[0].refused), ("PID-7", true));
    assert!(!told.left[0].why.contains("SECRET"));
    let nobody = said("ADT^A08", &["PID|1||||Doe^Jane"]);
    assert!(records(&nobody, "Patient").is_empty() && nobody.left[0].refused);
}

#[test]
fn a_visit_by_its_trigger() {
    let pv1 = "PV1|1|I|W1^2^3^NGH|R|||D1^House^Greg^^^Dr^^^NGH|D2^Ref||MED|||||||D3^Adm||V1^^^NGH|||||||||||||||||||||||||20240104|";
    let status = |trigger: &str| record(&said(trigger, &[PID, pv1]), "Encounter").content["status"].clone();
    for (trigger, want) in [
        ("ADT^A01", json!("in-progress")),
        ("ADT^A03", json!("finished")),
        ("ADT^A05", json!("planned")),
        ("ADT^A10", json!("arrived")),
        ("ADT^A11", json!("cancelled")),
        ("ADT^A08", Value::Null),
    ] {
        assert_eq!(status(trigger), want, "{trigger}");
    }
    let told = said("ADT^A01", &[PID, pv1, "PV2|||R07.4^Chest pain^I10"]);
    let visit = record(&told, "Encounter");
    assert_eq!(keys(visit), ["NGH|V1|VN"]);
    assert_eq!(visit.patient[0].value, "MRN1");
    let content = &visit.content;
    assert_eq!(content["class"]["code"], "IMP");
    assert_eq!(content["period"]["start"], "2024-01-04");
    assert_eq!(content["participant"][0]["individual"]["display"], "Dr Greg House");
    assert_eq!(content["participant"][0]["individual"]["identifier"]["system"], "NGH");
    assert_eq!(content["location"][0]["location"]["display"], "NGH / W1 / 2 / 3");
    assert_eq!(content["reasonCode"][0]["coding"][0]["system"], "http://hl7.org/fhir/sid/icd-10");
    let reopened = said("ADT^A13", &[PID, pv1]);
    assert_eq!(record(&reopened, "Encounter").content["period"].get("end"), Some(&Value::Null));
    assert!(records(&said("ADT^A04", &[PID, "PV1|1|O|RAD"]), "Encounter").is_empty());
}

#[test]
fn classes_are_told_apart() {
    for (code, class) in [("I", "IMP"), ("O", "AMB"), ("E", "EMER"), ("P", "PRENC"), ("ff", "FF")] {
        let pid = format!("{PID}||||||||||A1");
        let told = said("ADT^A01", &[&pid, &format!("PV1|1|{code}")]);
        let visit = record(&told, "Encounter");
        assert_eq!(visit.content["class"]["code"], class);
        assert_eq!(keys(visit), ["|A1|AN"]);
    }
}

#[test]
fn allergies_diagnoses_procedures_and_observations() {
    let told = said(
        "ADT^A01",
        &[
            PID,
            "OBX|1|NM|8867-4^Heart rate^LN||72|/min^^UCUM|60-100|N|||F|||20240104",
            "AL1|1|DA|70618^Penicillin^RXNORM|SV|Rash~Hives|20100101",
            "DG1|1||S06.9^Injury^I10||20240103|W",
            "PR1|1||71045^X-ray chest^C4||20240104||||||||D1^Cut",
            "IN1|1|PLAN",
            "ZXY|1|own",
        ],
    );
    let allergy = &record(&told, "AllergyIntolerance").content;
    assert_eq!((&allergy["criticality"], &allergy["category"][0]), (&json!("high"), &json!("medication")));
    assert_eq!(allergy["reaction"][1]["manifestation"][0]["text"], "Hives");
    let condition = &record(&told, "Condition").content;
    assert_eq!(condition["verificationStatus"]["coding"][0]["code"], "provisional");
    assert_eq!(record(&told, "Procedure").content["performedDateTime"], "2024-01-04");
    let pulse = &record(&told, "Observation").content;
    assert_eq!(
        pulse["valueQuantity"],
        json!({
            "value": 72, "unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min"
        })
    );
    let left: Vec<_> = told.left.iter().map(|left| (left.place.as_str(), left.refused)).collect();
    assert_eq!(left, [("IN1", false), ("ZXY", false)]);
}

fn merges(told: &Translation) -> Vec<(String, String)> {
    let pairs = told.statements.iter().filter_map(|statement| match &statement.said {
        Said::Merge { kept, gone } => Some((kept.value.clone(), gone.value.clone())),
        _ => None,
    });
    pairs.collect()
}

fn pair(kept: &str, gone: &str) -> (String, String) {
    (kept.into(), gone.into())
}

#[test]
fn merges_pair_by_authority_then_type() {
    for trigger in ["A18", "A30", "A34", "A36", "A39", "A40", "A47"] {
        let told = said(&format!("ADT^{trigger}"), &[PID, "MRG|OLD^^^NGH^MR||A0"]);
        assert_eq!(merges(&told), [pair("MRN1", "OLD")], "{trigger}");
    }
    let several = said(
        "ADT^A40",
        &[
            "PID|1||A^^^H1^MR~B^^^H2^MR",
            "MRG|X^^^H2^MR~Y^^^H1^MR~A^^^H1^MR",
            "PID|2||C^^^H1^MR",
            "PV1|1|I",
            "MRG|Z^^^H9^PI",
        ],
    );
    assert_eq!(merges(&several), [pair("B", "X"), pair("A", "Y"), pair("C", "Z")]);
    assert_eq!(records(&several, "Patient").len(), 2);
    let nobody = said("ADT^A40", &[PID, "MRG|MRN1^^^NGH^MR"]);
    assert!(merges(&nobody).is_empty() && nobody.left[0].refused);
}

#[test]
fn a_merge_is_taken_back() {
    let told = said("ADT^A37", &["PID|1||A^^^H1^MR", "PID|2||B^^^H1^MR"]);
    let last = told.statements.last().map(|statement| &statement.said);
    assert!(matches!(last, Some(Said::Unmerge { kept, gone }) if kept.value == "A" && gone.value == "B"));
}

#[test]
fn accounts_and_visits_get_another_number_and_patients_stay_two() {
    let account = said("ADT^A41", &[&format!("{PID}||||||||||A1^^^NGH"), "MRG|MRN1^^^NGH^MR||A0^^^NGH"]);
    let both = records(&account, "Encounter").pop().map(keys);
    assert_eq!(both, Some(vec!["NGH|A1|AN".into(), "NGH|A0|AN".into()]));
    let visit = said("ADT^A42", &[PID, "MRG|OTHER^^^NGH^MR||||V0", &format!("PV1|1|I{}V1", "|".repeat(17))]);
    assert!(merges(&visit).is_empty());
    assert!(visit.left.iter().any(|left| left.place == "MRG-1" && left.refused));
    assert_eq!(keys(records(&visit, "Encounter")[1]), ["|V1|VN", "|V0|VN"]);
}

#[test]
fn records_move_to_another_patient() {
    let moved = |trigger: &str| {
        let told = said(trigger, &[PID, "MRG|OTHER^^^NGH^MR||A0||V0"]);
        let found = told.statements.iter().find_map(|statement| match &statement.said {
            Said::Move { record, from, to } => Some((record.clone(), from.value.clone(), to.value.clone())),
            _ => None,
        });
        let (record, from, to) = found.expect("a move");
        assert_eq!((from.as_str(), to.as_str()), ("OTHER", "MRN1"));
        record.map(|record| record.value)
    };
    assert_eq!(moved("ADT^A43"), None);
    assert_eq!(moved("ADT^A44").as_deref(), Some("A0"));
    assert_eq!(moved("ADT^A45").as_deref(), Some("V0"));
}

#[test]
fn other_kinds_are_kept_and_what_names_nobody_is_refused() {
    let kept = said("DFT^P03", &[PID, "FT1|1"]);
    assert!(kept.statements.is_empty() && kept.left.iter().all(|left| !left.refused));
    let refusal =
        |header: &str| Message::parse(header.as_bytes()).expect("a message").kind().expect_err("refused");
    let cases = [
        ("MSH|^~\\&|A||||||QRY^Q01|1|P|2.3", "MSH-9", Problem::Type),
        ("MSH|^~\\&|A||||||ADT^A99|1|P|2.3", "MSH-9", Problem::Type),
        ("MSH|^~\\&|A||||||ADT^A01||P|2.3", "MSH-10", Problem::Missing),
        ("MSH|^~\\&|A|||||||1|P|2.3", "MSH-9", Problem::Missing),
        ("MSH|^~\\&|A||||||ADT^A01|1|P|3.0", "MSH-12", Problem::Version),
    ];
    for (header, place, problem) in cases {
        let found = refusal(header);
        assert_eq!((found.place.as_str(), found.problem), (place, problem), "{header}");
        let told = checked(&Message::parse(header.as_bytes()).expect("a message"));
        assert!(told.statements.is_empty() && told.left[0].refused);
    }
    assert_eq!(OrderState::Requested.as_str(), "requested");
}
