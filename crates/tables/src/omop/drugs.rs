//! DRUG_EXPOSURE: an order, a dispensing, an administration or a statement, by where it is known from.

use super::row::{Made, Source};
use crate::values::{self, period, put};
use serde_json::{Map, Value, json};

pub(super) fn exposure(of: Source<'_>) -> Made {
    let (start, end) = of.span("drug_exposure_")?;
    let kind = kind(of.concept("drug_type_concept_id"));
    let visit = if kind == "MedicationRequest" { "encounter" } else { "context" };
    let mut made = of.event(kind, "subject", visit);
    let code = of.code("drug_concept_id", "drug_source_concept_id", "drug_source_value");
    made.insert("medicationCodeableConcept".into(), code.ok_or("neither a concept nor a source value")?);
    match kind {
        "MedicationRequest" => request(of, &mut made, &start, end.as_deref()),
        "MedicationDispense" => dispense(of, &mut made, &start),
        "MedicationAdministration" => {
            made.insert("status".into(), "completed".into());
            put(&mut made, "effectivePeriod", period(Some(&start), end.as_deref()));
            let mut dosage = Map::new();
            put(&mut dosage, "text", of.get("sig"));
            put(&mut dosage, "route", of.code("route_concept_id", "", "route_source_value"));
            put(&mut dosage, "dose", amount(of));
            put(&mut made, "dosage", (!dosage.is_empty()).then_some(dosage));
        }
        _ => {
            made.insert("status".into(), if end.is_some() { "completed" } else { "unknown" }.into());
            put(&mut made, "effectivePeriod", period(Some(&start), end.as_deref()));
            put(&mut made, "dosage", instruction(of));
        }
    }
    put(&mut made, "note", of.get("stop_reason").map(|why| json!([{"text": why}])));
    of.done(made)
}

/// The resource type behind a type concept (vocabulary `Type Concept`, and `Drug Type` before 2020).
fn kind(concept: Option<i64>) -> &'static str {
    match concept {
        Some(32_833 | 32_838 | 32_839 | 38_000_177) => "MedicationRequest",
        Some(32_825 | 32_869 | 38_000_175 | 38_000_176 | 581_452) => "MedicationDispense",
        Some(32_818 | 38_000_179 | 38_000_180 | 43_542_356 | 43_542_357 | 43_542_358 | 581_373) => {
            "MedicationAdministration"
        }
        _ => "MedicationStatement",
    }
}

fn request(of: Source<'_>, made: &mut Map<String, Value>, start: &str, end: Option<&str>) {
    made.insert("status".into(), if end.is_some() { "completed" } else { "unknown" }.into());
    made.insert("intent".into(), "order".into());
    made.insert("authoredOn".into(), start.into());
    put(made, "requester", of.other("provider_id", "PROVIDER", "Practitioner"));
    put(made, "dosageInstruction", instruction(of));
    let mut supply = Map::new();
    put(&mut supply, "validityPeriod", period(Some(start), end));
    put(&mut supply, "numberOfRepeatsAllowed", of.get("refills").and_then(|n| n.parse::<u32>().ok()));
    put(&mut supply, "quantity", amount(of));
    put(&mut supply, "expectedSupplyDuration", days(of));
    made.insert("dispenseRequest".into(), supply.into());
}

fn dispense(of: Source<'_>, made: &mut Map<String, Value>, start: &str) {
    made.insert("status".into(), "completed".into());
    made.insert("whenHandedOver".into(), start.into());
    put(made, "quantity", amount(of));
    put(made, "daysSupply", days(of));
    put(made, "dosageInstruction", instruction(of));
}

fn instruction(of: Source<'_>) -> Option<Value> {
    let mut made = Map::new();
    put(&mut made, "text", of.get("sig"));
    put(&mut made, "route", of.code("route_concept_id", "", "route_source_value"));
    (!made.is_empty()).then(|| json!([made]))
}

/// A quantity of 0 means that none was told.
fn amount(of: Source<'_>) -> Option<Value> {
    let number = values::number(of.get("quantity")?)?;
    let mut made = json!({"value": number});
    if let Some(unit) = of.get("dose_unit_source_value") {
        made["unit"] = unit.into();
    }
    (number != 0).then_some(made)
}

fn days(of: Source<'_>) -> Option<Value> {
    let days = values::number(of.get("days_supply")?)?;
    Some(json!({"value": days, "unit": "d", "system": values::UCUM, "code": "d"}))
}
