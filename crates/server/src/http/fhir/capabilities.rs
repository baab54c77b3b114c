//! What this door can do (R4 §5.1), made from the table of types.

use super::types::{self, By, COMMON, TYPES, Type};
use super::{BASE, answer};
use crate::App;
use axum::extract::State;
use axum::response::Response;
use model::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /fhir/metadata`; for anybody, as it holds nobody's data.
pub(super) async fn get(State(app): State<Arc<App>>) -> Response {
    let base = format!("{}{BASE}", app.base_url());
    answer::json(&json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": Timestamp::now().to_string(),
        "kind": "instance",
        "software": {"name": "Isocenter", "version": env!("CARGO_PKG_VERSION")},
        "implementation": {"description": "Isocenter's clinical record, read only", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [{
            "mode": "server",
            "security": {
                "description": "An access token as Authorization: Bearer; whoever may read the archive may read this.",
            },
            "resource": TYPES.iter().map(resource).collect::<Vec<_>>(),
        }],
    }))
}

fn resource(kind: &Type) -> Value {
    let offered = COMMON.iter().filter(|(_, by)| types::is_offered(kind, *by)).chain(kind.1);
    let parameters: Vec<_> = offered.map(|(name, by)| parameter(name, *by)).collect();
    let interactions = ["read", "vread", "history-instance", "search-type"].map(|code| json!({"code": code}));
    let mut made = json!({
        "type": kind.0,
        "interaction": interactions,
        "versioning": "versioned",
        "readHistory": true,
        "searchParam": parameters,
    });
    if kind.0 == "Patient" {
        let definition = "http://hl7.org/fhir/OperationDefinition/Patient-everything";
        made["operation"] = json!([{"name": "everything", "definition": definition}]);
    }
    made
}

fn parameter(name: &str, by: By) -> Value {
    json!({"name": name, "type": super::conformance::form(by)})
}
