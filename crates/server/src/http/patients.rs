//! The patient page's resource. A patient stands in addresses by the UID of one of their exams, which says
//! nothing about the person.

use super::exams::shapes::{Exam, day};
use super::{Caller, Problem};
use crate::App;
use axum::Json;
use axum::extract::{Path, State};
use catalog::{Identity, Patient, PatientSummary};
use govern::{Action, Resource};
use model::StudyInstanceUid;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(patient))
}

/// A patient in a list.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PatientRow {
    /// Names the patient in addresses: the Study Instance UID of their first exam here.
    key: String,
    /// Empty where the exam names none.
    patient_id: String,
    /// Who gave the ID; empty where that isn't said.
    issuer: String,
    /// As written: family^given^middle^prefix^suffix, groups parted by `=`.
    patient_name: String,
    patient_sex: String,
    /// YYYY-MM-DD.
    #[serde(skip_serializing_if = "Option::is_none")]
    patient_birth_date: Option<String>,
    exam_count: i64,
    /// The day of the latest exam, YYYY-MM-DD.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_study_date: Option<String>,
}

/// How some of the exams name the person.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PatientIdentity {
    patient_name: String,
    /// YYYY-MM-DD.
    #[serde(skip_serializing_if = "Option::is_none")]
    patient_birth_date: Option<String>,
    patient_sex: String,
    /// The exams that say so.
    study_instance_uids: Vec<String>,
}

/// A patient, every exam, and what the exams say differently about the person.
#[derive(serde::Serialize, ToSchema)]
struct PatientContents {
    patient: PatientRow,
    /// Newest first.
    exams: Vec<Exam>,
    /// The most frequent first; more than one is a conflict to be looked into.
    identities: Vec<PatientIdentity>,
    /// Patients with the same ID from another issuer.
    namesakes: Vec<PatientRow>,
}

/// The patient of an exam.
#[utoipa::path(get, path = "/patients/{study}", tag = "exams",
    params(("study" = String, Path, description = "The Study Instance UID of any of the patient's exams")),
    responses((status = 200, body = PatientContents), (status = 404, body = Problem)))]
async fn patient(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(study): Path<String>,
) -> Result<Json<PatientContents>, Problem> {
    let missing = || Problem::not_found("patient");
    let study = StudyInstanceUid::parse(&study).map_err(|_| missing())?;
    let resource = Resource::Other("patient-of", study.as_str().to_owned());
    let grant = caller.authorize(&app, Action::Read, &resource).await?;
    let patient = app.catalog.patient_of(&study).await?.ok_or_else(missing)?;
    app.govern.audit.record_soon(caller.record(&grant).with("listed", patient.exams.len())).await?;
    Ok(Json(patient.into()))
}

impl From<PatientSummary> for PatientRow {
    fn from(patient: PatientSummary) -> Self {
        Self {
            key: patient.key,
            patient_id: patient.patient_id,
            issuer: patient.issuer,
            patient_name: patient.name,
            patient_sex: patient.sex,
            patient_birth_date: patient.birth_date.map(day),
            exam_count: patient.exams,
            last_study_date: patient.last_date.map(day),
        }
    }
}

impl From<Identity> for PatientIdentity {
    fn from(identity: Identity) -> Self {
        Self {
            patient_name: identity.name,
            patient_birth_date: identity.birth_date.map(day),
            patient_sex: identity.sex,
            study_instance_uids: identity.exams,
        }
    }
}

impl From<Patient> for PatientContents {
    fn from(patient: Patient) -> Self {
        Self {
            patient: patient.summary.into(),
            exams: patient.exams.into_iter().map(Into::into).collect(),
            identities: patient.identities.into_iter().map(Into::into).collect(),
            namesakes: patient.namesakes.into_iter().map(Into::into).collect(),
        }
    }
}
