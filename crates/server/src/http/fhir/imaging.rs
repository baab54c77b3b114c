//! An exam of the archive as an ImagingStudy (R4 §10.5), with where its images are to be had.

use super::{people, resource};
use crate::App;
use crate::http::Problem;
use clinical::identifier::TYPES;
use model::{StudyInstanceUid, Timestamp};
use records::find::{ExamRow, FindExams};
use records::marks::{DICOM_UID, MODALITY};
use serde_json::{Value, json};

/// The exam with this UID, with its series and instances.
pub(super) async fn study(app: &App, uid: &str) -> Result<Option<Value>, Problem> {
    let find = FindExams { studies: Some(vec![uid.to_owned()]), ..FindExams::default() };
    let Some(exam) = app.records.find_exams(&find, 1).await?.pop() else { return Ok(None) };
    shape(app, &exam, true).await.map(Some)
}

/// An exam; `full` with its instances.
pub(super) async fn shape(app: &App, exam: &ExamRow, full: bool) -> Result<Value, Problem> {
    let modality = |code: &str| json!({"system": MODALITY, "code": code});
    let mut identifiers = vec![json!({"system": DICOM_UID, "value": format!("urn:oid:{}", exam.study)})];
    if !exam.accession.is_empty() {
        let kind = json!({"coding": [{"system": TYPES, "code": "ACSN"}]});
        identifiers.push(json!({"type": kind, "value": exam.accession}));
    }
    let subject = match exam.person {
        Some(person) => json!({"reference": format!("Patient/{}", people::name(app, person).await?)}),
        None => json!({"display": "unknown"}),
    };
    let mut made = json!({
        "resourceType": "ImagingStudy",
        "id": exam.study,
        "contained": [endpoint(app)],
        "identifier": identifiers,
        "status": "available",
        "modality": exam.modalities.iter().map(|code| modality(code)).collect::<Vec<_>>(),
        // FHIR demands a subject.
        "subject": subject,
        "endpoint": [{"reference": "#wado"}],
        "numberOfSeries": exam.series,
        "numberOfInstances": exam.instances,
    });
    if exam.modalities.is_empty() {
        made.as_object_mut().map(|object| object.shift_remove("modality"));
    }
    if let Some(begins) = exam.begins {
        // By the clock of its place, wherever that is (RFC 3339 §4.3).
        made["started"] = Timestamp::from_micros(begins).to_string().replace('Z', "-00:00").into();
    }
    if !exam.title.is_empty() {
        made["description"] = exam.title.as_str().into();
    }
    let orders = orders(app, &exam.study).await?;
    if !orders.is_empty() {
        made["basedOn"] = orders.into();
    }
    if let Ok(study) = StudyInstanceUid::parse(&exam.study) {
        let series = series(app, &study, full).await?;
        if !series.is_empty() {
            made["series"] = series.into();
        }
    }
    Ok(made)
}

/// Where DICOMweb gives its images.
fn endpoint(app: &App) -> Value {
    json!({
        "resourceType": "Endpoint",
        "id": "wado",
        "status": "active",
        "connectionType": {
            "system": "http://terminology.hl7.org/CodeSystem/endpoint-connection-type",
            "code": "dicom-wado-rs",
        },
        "payloadType": [{"text": "DICOM"}],
        "payloadMimeType": ["application/dicom"],
        "address": format!("{}/dicom-web", app.base_url()),
    })
}

/// The orders that are linked to it.
async fn orders(app: &App, study: &str) -> Result<Vec<Value>, Problem> {
    let links = app.records.links_of_exam(study).await?;
    let linked = links.into_iter().filter(|link| link.state == "linked" && link.kind == "order-exam");
    let mut orders = Vec::new();
    for link in linked {
        let name = resource::name(app, link.record).await?;
        orders.push(json!({"reference": format!("ServiceRequest/{name}")}));
    }
    Ok(orders)
}

async fn series(app: &App, study: &StudyInstanceUid, full: bool) -> Result<Vec<Value>, Problem> {
    let mut all = Vec::new();
    for one in app.catalog.series_of(study).await? {
        let mut made = json!({
            "uid": one.series,
            "modality": {"system": MODALITY, "code": one.modality},
            "numberOfInstances": one.instances.len(),
        });
        if let Some(number) = one.number.filter(|number| *number >= 0) {
            made["number"] = number.into();
        }
        if !one.description.is_empty() {
            made["description"] = one.description.into();
        }
        if !one.body_part.is_empty() {
            made["bodySite"] = json!({"display": one.body_part});
        }
        if full {
            made["instance"] = one.instances.iter().map(instance).collect();
        }
        all.push(made);
    }
    Ok(all)
}

fn instance(one: &catalog::InstanceSummary) -> Value {
    let class = json!({"system": "urn:ietf:rfc:3986", "code": format!("urn:oid:{}", one.sop_class)});
    let mut made = json!({"uid": one.sop, "sopClass": class});
    if let Some(number) = one.number.filter(|number| *number >= 0) {
        made["number"] = number.into();
    }
    made
}
