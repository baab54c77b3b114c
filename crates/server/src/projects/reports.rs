//! The reports of a project's exams: text alone, through the wall, with the code and the shift of the images.

use super::{Place, ProjectsError};
use crate::App;
use catalog::Scope;
use deid::Known;
use govern::Project;
use model::{SopInstanceUid, StudyInstanceUid};
use reading::Reading;
use records::timeline::RecordRow;
use serde_json::Value;

/// A report as a project sees it.
pub(crate) struct ProjectReport {
    /// FHIR's status.
    pub status: String,
    /// What was done, cleaned as the text.
    pub title: String,
    /// The text.
    pub text: String,
    /// What that text says, read as every report is: places are those of the cleaned text, and nothing comes from the
    /// original.
    pub reading: Reading,
}

/// The reports of an exam, by its UID in the project; the newest versions. `None`: the project shows no such exam.
///
/// # Errors
/// [`ProjectsError`].
pub(crate) async fn reports(
    app: &App,
    project: &Project,
    study: &StudyInstanceUid,
) -> Result<Option<Vec<ProjectReport>>, ProjectsError> {
    let room = Place::Project(project.id.clone()).enter(app).await?;
    let shown = room.catalog.locate(&Scope::Study(study.clone())).await?;
    let Some(first) = shown.first() else { return Ok(None) };
    let vault = app.projects.vault()?;
    let Some((code, sop)) = vault.original(&project.id, &first.sop).await? else { return Ok(None) };
    let Ok(sop) = SopInstanceUid::parse(sop.reveal()) else { return Ok(None) };
    let Some(original) = app.catalog.locate_sop(&sop).await? else { return Ok(None) };
    let known = vault.known(&project.id, &code).await?.and_then(|kept| Known::from_bytes(&kept));
    let (Some(mut known), Some(enrolled)) = (known, vault.subject(&project.id, &code).await?) else {
        return Ok(None);
    };
    let linked = linked(app, &original.study).await?;
    learn(app, &original.study, &linked, &mut known).await?;
    let wall = app.projects.get(app, project).await?.wall.clone();
    let subject = enrolled.person.reveal().subject.clone();
    let reader = app.reader.clone();
    let clean = tokio::task::spawn_blocking(move || {
        let clean = |text: &str| wall.narrative(text, &known, &subject);
        let report = |record: &RecordRow| {
            let text = record.text.as_deref().map(clean).unwrap_or_default();
            let (status, title) = (record.status.clone(), clean(&record.title));
            ProjectReport { status, title, reading: reader.read(&text), text }
        };
        linked.iter().map(report).collect()
    });
    clean.await.map(Some).map_err(|error| ProjectsError::Filling(Box::new(error)))
}

/// The reports that belong to an exam; those that only may are left out.
async fn linked(app: &App, study: &str) -> Result<Vec<RecordRow>, sqlx::Error> {
    let mut reports = Vec::new();
    for link in app.records.links_of_exam(study).await? {
        if link.kind == "report-exam" && link.state == "linked" {
            reports.extend(app.records.record(link.record).await?);
        }
    }
    Ok(reports)
}

/// Adds what the records say of the people of an exam.
pub(super) async fn learn_of_exam(app: &App, study: &str, known: &mut Known) -> Result<(), sqlx::Error> {
    let reports = linked(app, study).await?;
    learn(app, study, &reports, known).await
}

/// Adds what the records say of a patient.
pub(super) async fn learn_person(app: &App, person: i64, known: &mut Known) -> Result<(), sqlx::Error> {
    if let Some(person) = app.records.person(person).await? {
        person.identifiers.iter().for_each(|one| known.add_id(&one.value));
        person.patients.iter().for_each(|patient| learn_from(patient, known));
    }
    Ok(())
}

/// Adds what the records say of the people: the patient under every identifier, and whoever the orders and reports
/// of the exam name.
async fn learn(app: &App, study: &str, reports: &[RecordRow], known: &mut Known) -> Result<(), sqlx::Error> {
    if let Some(number) = app.records.person_of_exam(study).await? {
        learn_person(app, number, known).await?;
    }
    for link in app.records.links_of_exam(study).await? {
        if let Some(record) = app.records.record(link.record).await? {
            learn_from(&record.content, known);
        }
    }
    reports.iter().for_each(|report| learn_from(&report.content, known));
    Ok(())
}

/// Names, numbers, telephones and addresses of a FHIR resource, wherever they stand in it.
pub(super) fn learn_from(content: &Value, known: &mut Known) {
    match content {
        Value::Array(list) => list.iter().for_each(|one| learn_from(one, known)),
        Value::Object(object) => {
            let text = |name: &str| object.get(name).and_then(Value::as_str);
            let given = object.get("given").and_then(Value::as_array).into_iter().flatten();
            if let Some(family) = text("family") {
                let given: Vec<&str> = given.filter_map(Value::as_str).collect();
                known.add_name(&format!("{family}^{}", given.join("^")));
            }
            // People are referred to with their name on display, and have identifiers and numbers to call.
            let person = matches!(
                text("type"),
                Some("Practitioner" | "Patient" | "RelatedPerson" | "PractitionerRole")
            );
            text("display").filter(|_| person).into_iter().for_each(|name| known.add_name(name));
            let identifier = object.get("identifier").is_some_and(|one| one.is_object() || one.is_array());
            if identifier || object.contains_key("system") {
                text("value").into_iter().for_each(|value| known.add_id(value));
            }
            text("birthDate").into_iter().for_each(|date| known.add_date(date));
            object.values().for_each(|value| learn_from(value, known));
        }
        _ => {}
    }
}
