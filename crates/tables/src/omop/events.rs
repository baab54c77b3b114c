//! CONDITION_OCCURRENCE, PROCEDURE_OCCURRENCE, DEVICE_EXPOSURE and SPECIMEN.

use super::row::{Made, Source};
use crate::values::{self, period, put};
use serde_json::{Value, json};

/// Condition status concepts that doubt the diagnosis: preliminary, suspected.
const DOUBTED: [i64; 2] = [32_899, 32_908];

pub(super) fn condition(of: Source<'_>) -> Made {
    let (start, end) = of.span("condition_")?;
    let mut made = of.event("Condition", "subject", "encounter");
    let state = if end.is_some() { "resolved" } else { "active" };
    made.insert("clinicalStatus".into(), status("condition-clinical", state));
    let doubted = of.concept("condition_status_concept_id").is_some_and(|id| DOUBTED.contains(&id));
    let verified = if doubted { "provisional" } else { "confirmed" };
    made.insert("verificationStatus".into(), status("condition-ver-status", verified));
    let code = of.code("condition_concept_id", "condition_source_concept_id", "condition_source_value");
    put(&mut made, "code", code);
    made.insert("onsetDateTime".into(), start.into());
    put(&mut made, "abatementDateTime", end);
    put(&mut made, "asserter", of.other("provider_id", "PROVIDER", "Practitioner"));
    put(&mut made, "note", of.get("stop_reason").map(|why| json!([{"text": why}])));
    of.done(made)
}

fn status(system: &str, code: &str) -> Value {
    json!({"coding": [{"system": format!("http://terminology.hl7.org/CodeSystem/{system}"), "code": code}]})
}

pub(super) fn procedure(of: Source<'_>) -> Made {
    let start = of.moment("procedure_date", "procedure_datetime")?;
    let end = values::moment(of.get("procedure_end_date"), of.get("procedure_end_datetime"))?;
    if values::is_after(Some(&start), end.as_deref()) {
        return Err("it ends before it starts");
    }
    let mut made = of.event("Procedure", "subject", "encounter");
    made.insert("status".into(), "completed".into());
    let code = of.code("procedure_concept_id", "procedure_source_concept_id", "procedure_source_value");
    put(&mut made, "code", code);
    match end.filter(|end| *end != start) {
        Some(end) => put(&mut made, "performedPeriod", period(Some(&start), Some(&end))),
        None => put(&mut made, "performedDateTime", Some(start)),
    }
    let doctor = of.other("provider_id", "PROVIDER", "Practitioner");
    put(&mut made, "performer", doctor.map(|one| json!([{"actor": one}])));
    of.done(made)
}

pub(super) fn device(of: Source<'_>) -> Made {
    let (start, end) = of.span("device_exposure_")?;
    let mut made = of.event("DeviceUseStatement", "subject", "");
    let mut device = json!({"resourceType": "Device", "id": "device"});
    let code = of.code("device_concept_id", "device_source_concept_id", "device_source_value");
    if let Some(code) = code {
        device["type"] = code;
    }
    if let Some(udi) = of.get("unique_device_id") {
        device["udiCarrier"] = json!([{"carrierHRF": udi}]);
    }
    made.insert("contained".into(), json!([device]));
    made.insert("status".into(), if end.is_some() { "completed" } else { "active" }.into());
    put(&mut made, "timingPeriod", period(Some(&start), end.as_deref()));
    made.insert("device".into(), json!({"reference": "#device"}));
    of.done(made)
}

pub(super) fn specimen(of: Source<'_>) -> Made {
    let when = of.moment("specimen_date", "specimen_datetime")?;
    let mut made = of.event("Specimen", "subject", "");
    put(&mut made, "type", of.code("specimen_concept_id", "", "specimen_source_value"));
    let mut taken = json!({"collectedDateTime": when});
    if let Some(site) = of.code("anatomic_site_concept_id", "", "anatomic_site_source_value") {
        taken["bodySite"] = site;
    }
    if let Some(quantity) = of.quantity("quantity", "unit_concept_id", "unit_source_value") {
        taken["quantity"] = quantity;
    }
    made.insert("collection".into(), taken);
    put(&mut made, "condition", of.concept_of("disease_status_concept_id").map(|code| json!([code])));
    of.done(made)
}
