//! R5 in, R4 out.

use crate::support::{read, record};
use serde_json::{Value, json};

fn carried(resource: &Value) -> (Value, Vec<String>) {
    let mut resource = resource.clone();
    resource["id"] = "1".into();
    let (said, left) = read(&resource.to_string(), Some("http://s"));
    (record(&said[0]).content.clone(), left.into_iter().map(|one| one.why).collect())
}

#[test]
fn an_encounter() {
    let (made, lost) = carried(&json!({"resourceType": "Encounter", "status": "completed",
        "class": [{"coding": [{"code": "IMP"}]}], "actualPeriod": {"start": "2024-01-01"},
        "reason": [{"value": [{"concept": {"text": "pain"}}]}],
        "diagnosis": [{"condition": [{"reference": {"reference": "Condition/9"}}], "use": [{"text": "main"}]}],
        "participant": [{"actor": {"display": "Dr"}}],
        "subjectStatus": {"text": "x"}}));
    assert_eq!(made["class"], json!({"code": "IMP"}));
    assert_eq!(made["status"], "finished");
    assert_eq!(made["period"]["start"], "2024-01-01");
    assert_eq!(made["reasonCode"], json!([{"text": "pain"}]));
    assert_eq!(made["diagnosis"][0]["condition"]["identifier"]["value"], "9");
    assert_eq!(made["diagnosis"][0]["use"]["text"], "main");
    assert_eq!(made["participant"][0]["individual"]["display"], "Dr");
    assert_eq!(lost, ["R4 has no place for R5's subjectStatus"]);
}

#[test]
fn medications() {
    for (kind, status) in [("MedicationRequest", "active"), ("MedicationDispense", "completed")] {
        let (made, _) = carried(&json!({"resourceType": kind, "status": status,
            "medication": {"concept": {"text": "a"}}}));
        assert_eq!(made["medicationCodeableConcept"]["text"], "a");
        assert!(made.get("medication").is_none());
    }
    let (made, _) = carried(&json!({"resourceType": "MedicationAdministration", "occurenceDateTime": "2024",
        "medication": {"reference": {"reference": "Medication/m"}}, "encounter": {"reference": "Encounter/e"},
        "performer": [{"actor": {"reference": {"display": "N"}}}]}));
    assert_eq!(made["medicationReference"]["identifier"]["value"], "m");
    assert_eq!(made["effectiveDateTime"], "2024");
    assert_eq!(made["context"]["type"], "Encounter");
    assert_eq!(made["performer"][0]["actor"]["display"], "N");
    let (made, _) = carried(&json!({"resourceType": "MedicationStatement", "status": "recorded",
        "adherence": {"code": {"coding": [{"code": "taking"}]}}}));
    assert_eq!((&made["status"], made.get("adherence")), (&json!("active"), None));
}

#[test]
fn procedures_orders_and_images() {
    let (made, lost) = carried(&json!({"resourceType": "Procedure", "occurrenceDateTime": "2024",
        "category": [{"text": "a"}, {"text": "b"}], "reason": [{"reference": {"reference": "Condition/9"}}]}));
    assert_eq!((&made["performedDateTime"], &made["category"]["text"]), (&json!("2024"), &json!("a")));
    assert_eq!(made["reasonReference"][0]["type"], "Condition");
    assert_eq!(lost, ["R4 has one category: the first stays"]);
    let (made, _) = carried(&json!({"resourceType": "ServiceRequest", "code": {"concept": {"text": "CT"}}}));
    assert_eq!(made["code"]["text"], "CT");
    let (made, _) =
        carried(&json!({"resourceType": "ImagingStudy", "modality": [{"coding": [{"code": "CT"}]}],
        "series": [{"uid": "1", "modality": {"coding": [{"code": "CT"}]},
            "bodySite": {"concept": {"coding": [{"code": "1"}]}}}]}));
    assert_eq!(made["modality"], json!([{"code": "CT"}]));
    assert_eq!(made["series"][0], json!({"uid": "1", "modality": {"code": "CT"}, "bodySite": {"code": "1"}}));
}

#[test]
fn consent_documents_and_sequences() {
    let (made, _) = carried(&json!({"resourceType": "Consent", "subject": {"reference": "Patient/1"},
        "date": "2024", "decision": "permit", "provision": [{"purpose": [{"code": "X"}]}]}));
    assert_eq!(made["patient"]["type"], "Patient");
    assert_eq!(made["provision"]["type"], "permit");
    assert_eq!(made["provision"]["provision"][0]["type"], "deny");
    let (made, _) = carried(&json!({"resourceType": "DocumentReference", "context": [{"display": "e"}],
        "period": {"start": "2024"}}));
    assert_eq!(made["context"], json!({"encounter": [{"display": "e"}], "period": {"start": "2024"}}));
    let (made, _) =
        carried(&json!({"resourceType": "MolecularSequence", "subject": {"reference": "Patient/1"},
        "literal": "ACGT"}));
    assert_eq!((&made["observedSeq"], &made["patient"]["type"]), (&json!("ACGT"), &json!("Patient")));
}

#[test]
fn what_is_r4_already_stays_as_it_is() {
    for resource in [
        json!({"resourceType": "Encounter", "status": "finished", "class": {"system": "s", "code": "IMP"},
            "period": {"start": "2024"}, "serviceType": {"text": "x"},
            "diagnosis": [{"condition": {"display": "c"}, "use": {"text": "u"}}]}),
        json!({"resourceType": "ImagingStudy", "modality": [{"system": "s", "code": "CT"}],
            "series": [{"uid": "1", "modality": {"system": "s", "code": "CT"}, "bodySite": {"system": "s", "code": "1"}}]}),
        json!({"resourceType": "DocumentReference", "status": "current",
            "context": {"encounter": [{"display": "e"}], "period": {"start": "2024"}}}),
        json!({"resourceType": "Consent", "patient": {"display": "p"}, "dateTime": "2024", "scope": {"text": "s"},
            "provision": {"type": "deny", "period": {"start": "2024"}}}),
        json!({"resourceType": "Procedure", "complication": [{"text": "c"}], "category": {"text": "a"}}),
        json!({"resourceType": "Condition", "evidence": [{"code": [{"text": "c"}]}]}),
    ] {
        assert_eq!(carried(&resource), (resource, Vec::new()));
    }
}
