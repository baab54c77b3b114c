//! The forms of files, and what is wrong with them.

use crate::support::{parts, read, record};
use clinical::{OrderState, Said, Told};
use serde_json::json;

const LINES: &str = r#"{"resourceType":"Patient","id":"1","meta":{"lastUpdated":"2024-01-01T00:00:00Z","versionId":"3"}}
{"resourceType":"Condition","id":"2","subject":{"reference":"Patient/1"}}

{"resourceType":"Thing","id":"3"}
{"resourceType":"Condition","id":"4","subj"#;

#[test]
fn lines_stand_alone_and_a_cut_one_is_told() {
    let (said, left) = read(LINES, Some("http://s/fhir/"));
    assert_eq!(said.len(), 2);
    assert_eq!(said[0].at.as_ref().unwrap().as_str(), "2024-01-01T00:00:00Z");
    assert_eq!(record(&said[0]).content, json!({"resourceType": "Patient"}));
    assert_eq!(record(&said[1]).patient, record(&said[0]).keys);
    assert_eq!(record(&said[1]).patient[0].system, "http://s/fhir/Patient");
    let told: Vec<_> = left.iter().map(|one| (one.place.as_str(), one.why.as_str(), one.refused)).collect();
    let cut = ("line 5", "cut off: the JSON is not complete", true);
    assert_eq!(told, [("line 4", "an unknown resourceType", true), cut]);
}

#[test]
fn lines_of_an_unknown_server_are_refused_unless_ids_are_global() {
    let (said, left) = read(LINES, None);
    assert_eq!((said.len(), left.len()), (0, 4));
    assert!(left[0].why.contains("--system"));
    let id = "0f49d2d0-59be-4f72-a22b-0a582367b44b";
    let lines = format!("{{\"resourceType\":\"Patient\",\"id\":\"{id}\"}}\n").repeat(2);
    assert_eq!(read(&lines, None).0.len(), 2);
    let line = format!(
        "{{\"resourceType\":\"Condition\",\"id\":\"{id}\",\"subject\":{{\"reference\":\"Patient/1\"}}}}\n"
    );
    assert_eq!(read(&line.repeat(2), None).1.len(), 2);
}

#[test]
fn a_first_line_that_is_broken_costs_only_itself() {
    let lines = LINES.replace("\"id\":\"1\"", "\"id\":");
    let (said, left) = read(&lines, Some("http://s"));
    assert_eq!((said.len(), left[0].place.as_str()), (1, "line 1"));
}

#[test]
fn what_is_no_fhir_is_named() {
    let why = |bytes: &[u8]| parts(bytes, None).map_or_else(|error| error.to_string(), |_| "read".into());
    assert_eq!(why(b"<Patient/>"), "this is XML; FHIR is read as JSON or NDJSON");
    assert_eq!(why(b" \n\n"), "the file is empty");
    assert_eq!(why(b"[1]"), "not FHIR: no resourceType");
    assert_eq!(why(b"{\"a\": 1}"), "not FHIR: no resourceType");
    assert!(why(b"{\n\"a\": \"\xE9\"}").starts_with("not UTF-8"));
    assert!(why(b"\xFF\xFE{\0}\0").starts_with("not UTF-8"));
    assert!(why(b"{\n\"a\": 1,\n\"a\": 2}").ends_with("a key is given twice"));
    assert_eq!(
        why(b"\xEF\xBB\xBF{\"resourceType\": \"Patient\", \"identifier\": [{\"value\": \"1\"}]}"),
        "read"
    );
}

#[test]
fn a_bundle_knows_its_patients() {
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Observation", "id": "o", "subject": {"reference": "Patient/p", "display": "d"}}},
        {"resource": {"resourceType": "Patient", "id": "p", "identifier": [{"system": "urn:oid:1.2", "value": "M"}]}},
        {"fullUrl": "http://s/r4/Condition/1", "resource": {"resourceType": "Condition", "id": "1",
            "subject": {"reference": "Patient/p2"}}},
        {"resource": {"resourceType": "OperationOutcome"}, "search": {"mode": "outcome"}},
    ]});
    let (said, left) = read(&bundle.to_string(), None);
    let observation = record(&said[0]);
    let names: Vec<_> =
        observation.patient.iter().map(|one| (one.system.as_str(), one.value.as_str())).collect();
    assert_eq!(names, [("urn:oid:1.2", "M"), ("urn:sha256:f/Patient", "p")]);
    assert_eq!(
        observation.content["subject"],
        json!({"display": "d", "type": "Patient", "identifier": {"system": "urn:oid:1.2", "value": "M"}})
    );
    assert_eq!(record(&said[2]).patient[0].system, "http://s/r4/Patient");
    assert_eq!((left.len(), left[0].refused, left[0].place.as_str()), (1, false, "entry[3]"));
}

#[test]
fn contained_resources_stay_and_a_contained_patient_is_known_by_its_identifier() {
    let report = json!({"resourceType": "DiagnosticReport", "id": "1", "subject": {"reference": "#p"},
        "contained": [{"resourceType": "Patient", "id": "p", "identifier": [{"system": "a", "value": "M"}]}]});
    let (said, _) = read(&report.to_string(), Some("http://s"));
    assert_eq!(record(&said[0]).patient[0].value, "M");
    assert_eq!(record(&said[0]).content["contained"], report["contained"]);
    assert_eq!(record(&said[0]).content["subject"], json!({"reference": "#p"}));
}

#[test]
fn deletions_mark_the_record_and_patches_are_refused() {
    let bundle = json!({"resourceType": "Bundle", "type": "history", "entry": [
        {"request": {"method": "DELETE", "url": "Observation/1"}, "response": {"status": "204"}},
        {"request": {"method": "DELETE", "url": "Condition/2/_history/3"}},
        {"request": {"method": "DELETE", "url": "Patient/1"}},
        {"request": {"method": "PATCH", "url": "Patient/1"}, "resource": {"resourceType": "Parameters"}},
    ]});
    let (said, left) = read(&bundle.to_string(), Some("http://s"));
    assert_eq!(
        record(&said[0]).content,
        json!({"resourceType": "Observation", "status": "entered-in-error"})
    );
    assert_eq!(record(&said[0]).told, Told::Change);
    assert_eq!(record(&said[1]).content["verificationStatus"]["coding"][0]["code"], "entered-in-error");
    assert_eq!(record(&said[1]).keys[0].value, "2");
    assert_eq!(left.iter().filter(|one| one.refused).count(), 1);
    assert_eq!((said.len(), left.len()), (2, 4));
}

#[test]
fn links_of_patients_merge() {
    let patient = json!({"resourceType": "Patient", "id": "1", "link": [
        {"other": {"reference": "Patient/2"}, "type": "replaced-by"},
        {"other": {"reference": "Patient/3"}, "type": "seealso"}]});
    let (said, _) = read(&patient.to_string(), Some("http://s"));
    assert_eq!(said.len(), 2);
    assert_eq!(said[1].place, "resource.link[0]");
    let Said::Merge { kept, gone } = &said[1].said else { panic!() };
    assert_eq!((kept.value.as_str(), gone.value.as_str()), ("2", "1"));
}

#[test]
fn orders_come_forward_with_their_images_and_reports() {
    let bundle = json!({"resourceType": "Bundle", "type": "batch", "entry": [
        {"resource": {"resourceType": "ServiceRequest", "id": "o", "status": "active", "identifier": [
            {"type": {"coding": [{"code": "ACSN"}]}, "system": "a", "value": "A1"}]}},
        {"resource": {"resourceType": "ImagingStudy", "id": "i", "status": "available",
            "basedOn": [{"reference": "ServiceRequest/o"}, {"reference": "CarePlan/c"}]}},
        {"resource": {"resourceType": "DiagnosticReport", "id": "r", "status": "final",
            "basedOn": [{"reference": "ServiceRequest/o"}]}},
    ]});
    let (said, _) = read(&bundle.to_string(), None);
    let states: Vec<_> = said.iter().filter_map(|one| record(one).state).collect();
    assert_eq!(states, [OrderState::Requested, OrderState::Performed, OrderState::Reported]);
    assert_eq!(record(&said[2]).keys, record(&said[0]).keys);
    assert_eq!(record(&said[0]).keys.len(), 1, "an accession number names no order");
}
