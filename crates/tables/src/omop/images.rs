//! IMAGE_OCCURRENCE and IMAGE_FEATURE of the imaging extension (MI-CDM).

use super::row::{Made, Source};
use crate::values::{self, put};
use serde_json::{Map, Value, json};

/// A row is a series; its study is an identifier, so that the rows of a study stay apart.
pub(super) fn occurrence(of: Source<'_>) -> Made {
    let when = of.moment("image_occurrence_date", "image_occurrence_datetime")?;
    let mut made = of.event("ImagingStudy", "subject", "encounter");
    made.insert("status".into(), "available".into());
    if let (Some(study), Some(Value::Array(list))) = (of.get("image_study_uid"), made.get_mut("identifier")) {
        list.push(json!({"system": "urn:dicom:uid", "value": format!("urn:oid:{study}")}));
    }
    made.insert("started".into(), when.into());
    let procedure = of.other("procedure_occurrence_id", "PROCEDURE_OCCURRENCE", "Procedure");
    put(&mut made, "procedureReference", procedure);
    let modality = of.concept("modality_concept_id").and_then(|id| of.concepts.coding(id));
    if let Some(series) = of.get("image_series_uid") {
        let mut one = Map::new();
        one.insert("uid".into(), series.into());
        put(&mut one, "modality", modality.clone());
        let site = of.concept("anatomic_site_concept_id").and_then(|id| of.concepts.coding(id));
        put(&mut one, "bodySite", site);
        made.insert("series".into(), json!([one]));
    }
    put(&mut made, "modality", modality.map(|one| json!([one])));
    if let Some(address) = of.get("wadors_uri") {
        let endpoint = json!({"resourceType": "Endpoint", "id": "wado", "status": "active", "address": address,
            "connectionType": {"system": "http://terminology.hl7.org/CodeSystem/endpoint-connection-type",
                "code": "dicom-wado-rs"},
            "payloadType": [{"text": "DICOM"}]});
        made.insert("contained".into(), json!([endpoint]));
        made.insert("endpoint".into(), json!([{"reference": "#wado"}]));
    }
    of.done(made)
}

/// What was found in an image; the figure itself stands in the row of another table.
pub(super) fn feature(of: Source<'_>) -> Made {
    let when = values::moment(of.get("image_feature_date"), of.get("alg_datetime"))?;
    let mut made = of.event("Observation", "subject", "");
    made.insert("status".into(), "final".into());
    put(&mut made, "code", of.concept_of("image_feature_concept_id"));
    put(&mut made, "effectiveDateTime", when);
    put(&mut made, "valueCodeableConcept", of.concept_of("image_finding_concept_id"));
    put(&mut made, "bodySite", of.concept_of("anatomic_site_concept_id"));
    put(&mut made, "device", of.get("alg_system").map(|name| json!({"display": name})));
    let image = of.other("image_occurrence_id", "IMAGE_OCCURRENCE", "ImagingStudy");
    put(&mut made, "derivedFrom", image.map(|one| json!([one])));
    let table = match of.concept("image_feature_event_field_concept_id") {
        Some(1_147_330) => Some("MEASUREMENT"),
        Some(1_147_304) => Some("OBSERVATION"),
        _ => None,
    };
    let figure = table.and_then(|table| of.other("image_feature_event_id", table, "Observation"));
    put(&mut made, "hasMember", figure.map(|one| json!([one])));
    of.done(made)
}
