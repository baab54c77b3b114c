//! One history of what a person takes, from every kind of record.

use crate::making::{Arrival, arrive, mrn, open, record, source};
use clinical::{Identifier, When};
use records::medication::{Course, Kind};
use serde_json::{Value, json};
use store::Ledger;

const DAY: i64 = 86_400_000_000;

fn named(kind: &str, value: &str) -> Identifier {
    Identifier::new("urn:server", value, Some(kind)).unwrap()
}

async fn history(ledger: Ledger) {
    let records = open(ledger).await;
    let of = |kind: &str, key: Identifier, content: Value| {
        record("2024-01-01T00:00:00", kind, vec![key], vec![mrn("M1")], content, None)
    };
    let rx = json!({"coding": [{"system": "rx", "code": "860975"}], "text": "Metformin"});
    let statements = vec![
        of(
            "MedicationRequest",
            named("PLAC", "R1"),
            json!({"resourceType": "MedicationRequest",
            "status": "active", "authoredOn": "2024-01-01", "medicationCodeableConcept": rx}),
        ),
        record(
            "2024-01-01T00:00:00",
            "Medication",
            vec![named("M", "D1")],
            vec![],
            json!({
            "resourceType": "Medication", "code": {"text": "Glucophage"}}),
            None,
        ),
        of(
            "MedicationDispense",
            named("D", "D1"),
            json!({"resourceType": "MedicationDispense",
            "status": "completed", "whenHandedOver": "2024-01-03",
            "authorizingPrescription": [named("PLAC", "R1").refer("MedicationRequest")],
            "medicationReference": named("M", "D1").refer("Medication")}),
        ),
        of(
            "MedicationStatement",
            named("S", "S1"),
            json!({"resourceType": "MedicationStatement",
            "status": "completed", "effectiveDateTime": "2010-01-01",
            "medicationCodeableConcept": {"text": "Penicillin"}}),
        ),
    ];
    arrive(&records, &[Arrival::Source(Box::new(source("a", 1, statements)))]).await;
    let person = records.persons_by_identifier(None, "M1").await.unwrap()[0];
    let at = When::parse("2024-02-01").unwrap().earliest().as_micros();
    let made = records.medications(person, at, 100 * DAY).await.unwrap();
    let told: Vec<_> = made.iter().map(|one| (one.name.as_str(), one.standing, one.entries.len())).collect();
    assert_eq!(told, [("Glucophage", Course::Active, 2), ("Penicillin", Course::Past, 1)]);
    let kinds: Vec<_> = made[0].entries.iter().map(|one| (one.kind, one.source.as_deref())).collect();
    assert_eq!(kinds, [(Kind::Dispense, Some("a")), (Kind::Request, Some("a"))]);
    assert_eq!(made[0].codes.len(), 1);
    let stop = of(
        "MedicationRequest",
        named("PLAC", "R1"),
        json!({"resourceType": "MedicationRequest", "status": "stopped"}),
    );
    let stop = clinical::Statement { at: Some(When::parse("2024-01-20").unwrap()), ..stop };
    arrive(&records, &[Arrival::Source(Box::new(source("b", 2, vec![stop])))]).await;
    let made = records.medications(person, at, 100 * DAY).await.unwrap();
    assert_eq!(made[0].standing, Course::Stopped, "what was handed out for it ends with it");
    let order = made[0].entries.iter().find(|one| one.kind == Kind::Request).unwrap();
    assert_eq!(order.source.as_deref(), Some("b"), "the source that spoke last");
}

async fn numbers(ledger: Ledger) {
    let records = open(ledger).await;
    let order =
        crate::making::order("2024-01-01T00:00:00", "M1", "po77", "AC77", clinical::OrderState::Requested);
    let report = crate::making::report("2024-01-02T00:00:00", "M1", "FI77", "po77", "final", "Nothing.");
    arrive(&records, &[Arrival::Source(Box::new(source("a", 1, vec![order, report])))]).await;
    let found = async |number: &str| {
        let rows = records.by_number(number, 10).await.unwrap();
        let mut kinds: Vec<_> = rows.into_iter().map(|row| row.kind).collect();
        kinds.sort();
        kinds
    };
    assert_eq!(found("po77").await, ["DiagnosticReport", "ServiceRequest"], "and what is based on it");
    assert_eq!(found(" ac77 ").await, ["ServiceRequest"], "in capitals too");
    assert_eq!(found("FI77").await, ["DiagnosticReport"]);
    assert!(found("M1").await.is_empty(), "a patient is no record");
    assert!(found("").await.is_empty());
}

store::each_ledger!(history, numbers);
