//! NOTE: a DiagnosticReport when it is of radiology, else a DocumentReference.

use super::row::{Made, Source};
use crate::values::{attachment, put};
use serde_json::json;

/// Note types and classes of radiology: `Radiology report` (Note Type); LOINC's diagnostic imaging study, by code.
const RADIOLOGY: i64 = 44_814_641;
const IMAGING: [&str; 3] = ["18748-4", "18726-0", "68604-8"];

pub(super) fn note(of: Source<'_>) -> Made {
    let when = of.moment("note_date", "note_datetime")?;
    let text = of.get("note_text").ok_or("a note without text")?;
    let attached = attachment(text, of.get("note_title"));
    let class = of.concept_of("note_class_concept_id").or_else(|| of.concept_of("note_type_concept_id"));
    let author = of.other("provider_id", "PROVIDER", "Practitioner").map(|one| json!([one]));
    if is_radiology(of) {
        let mut made = of.event("DiagnosticReport", "subject", "encounter");
        made.insert("status".into(), "final".into());
        let imaging = json!({"coding": [{"system": "http://loinc.org", "code": "18748-4"}]});
        made.insert(
            "category".into(),
            json!([{"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/v2-0074",
                "code": "RAD",
            }]}]),
        );
        made.insert("code".into(), class.unwrap_or(imaging));
        made.insert("effectiveDateTime".into(), when.into());
        put(&mut made, "performer", author);
        made.insert("presentedForm".into(), json!([attached]));
        return of.done(made);
    }
    let mut made = of.event("DocumentReference", "subject", "");
    made.insert("status".into(), "current".into());
    put(&mut made, "type", class);
    made.insert("date".into(), when.into());
    put(&mut made, "author", author);
    made.insert("content".into(), json!([{"attachment": attached}]));
    let visit = of.other("visit_occurrence_id", "VISIT_OCCURRENCE", "Encounter");
    put(&mut made, "context", visit.map(|visit| json!({"encounter": [visit]})));
    of.done(made)
}

fn is_radiology(of: Source<'_>) -> bool {
    ["note_class_concept_id", "note_type_concept_id"].into_iter().filter_map(|column| of.concept(column)).any(
        |id| {
            let concept = of.concepts.get(id);
            id == RADIOLOGY
                || concept.is_some_and(|one| {
                    IMAGING.contains(&one.code.as_str()) || one.name.to_ascii_lowercase().contains("radiolog")
                })
        },
    )
}
