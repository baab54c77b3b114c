//! Where an order stands, as FHIR says it: in its own status, and in what was done about it.

use clinical::{Identifier, OrderState, Record, Told};
use serde_json::{Map, Value, json};

/// The state a ServiceRequest's status tells (R4 §12.10, request-status).
pub(crate) fn state(kind: &str, resource: &Map<String, Value>) -> Option<OrderState> {
    if kind != "ServiceRequest" {
        return None;
    }
    match resource.get("status")?.as_str()? {
        "draft" | "active" | "on-hold" => Some(OrderState::Requested),
        "completed" => Some(OrderState::Performed),
        "revoked" | "entered-in-error" => Some(OrderState::Cancelled),
        _ => None,
    }
}

/// The state that a resource tells of the orders it is based on: images were made, a report was given.
pub(crate) fn state_of_orders(kind: &str, resource: &Map<String, Value>) -> Option<OrderState> {
    match (kind, resource.get("status")?.as_str()?) {
        ("ImagingStudy", "available") => Some(OrderState::Performed),
        ("DiagnosticReport", "preliminary" | "partial" | "final" | "amended" | "corrected" | "appended") => {
            Some(OrderState::Reported)
        }
        _ => None,
    }
}

/// The orders that a resource, its references being logical, is based on.
pub(crate) fn orders(resource: &Map<String, Value>) -> Vec<Identifier> {
    let list = resource.get("basedOn").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let ours = list.iter().filter(|one| one["type"] == "ServiceRequest");
    ours.filter_map(|one| Identifier::of_json(&one["identifier"])).collect()
}

/// That an order has come so far.
pub(crate) fn advance(order: Identifier, patient: &[Identifier], state: OrderState) -> Record {
    Record {
        kind: "ServiceRequest".into(),
        keys: vec![order],
        patient: patient.to_vec(),
        content: json!({"resourceType": "ServiceRequest"}),
        told: Told::Change,
        state: Some(state),
    }
}
