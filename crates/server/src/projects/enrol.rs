//! Enrolling patients: by one of their exams, under a code that follows from the project's key.

use super::{ProjectsError, fill, tasks};
use crate::App;
use govern::Project;
use model::{Phi, StudyInstanceUid, Timestamp};
use vault::Person;

/// What became of one exam that a patient was to be enrolled by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Enrolment {
    /// The patient is the subject with this code.
    Done(String),
    /// There is no such exam.
    NoExam,
    /// A patient of another house with the same Patient ID is in the project: they would become one subject.
    Namesake,
}

/// Enrols the patient of an exam: with all exams, those to come too, or with the given ones alone.
///
/// # Errors
/// [`ProjectsError`].
pub(crate) async fn enrol(
    app: &App,
    project: &Project,
    study: &StudyInstanceUid,
    only: bool,
    by: &str,
) -> Result<Enrolment, ProjectsError> {
    let Some(patient) = app.catalog.patient_of(study).await? else { return Ok(Enrolment::NoExam) };
    let of = &patient.summary;
    let Some(subject) = deid::subject_of(&of.patient_id, study.as_str()) else {
        return Ok(Enrolment::NoExam);
    };
    let vault = app.projects.vault()?;
    let open = app.projects.get(app, project).await?;
    let code = open.wall.code(subject.reveal());
    let mut exams = if only { vec![study.as_str().to_owned()] } else { Vec::new() };
    if let Some(before) = vault.subject(&project.id, &code).await? {
        let before = before.person.reveal();
        if before.issuer != of.issuer {
            return Ok(Enrolment::Namesake);
        }
        // Exam by exam adds; once all belong to the project, all do.
        if only && !before.exams.is_empty() {
            exams.extend(before.exams.iter().filter(|exam| *exam != study.as_str()).cloned());
        } else {
            exams.clear();
        }
    }
    let person = Person {
        subject: subject.reveal().clone(),
        patient_id: of.patient_id.clone(),
        issuer: of.issuer.clone(),
        exam: study.as_str().to_owned(),
        exams,
    };
    vault.enrol(&project.id, &code, &Phi::new(person)).await?;
    app.govern.projects.enrol(&project.id, &code, by, Timestamp::now()).await?;
    tasks::mark(app, &project.id, &code).await?;
    Ok(Enrolment::Done(code))
}

/// An exam as a project names it.
pub(crate) struct Through {
    /// Its Study Instance UID there.
    pub study: StudyInstanceUid,
    /// The SOP Instance UIDs of some of its instances there, also of those that are withheld.
    pub instances: Vec<String>,
}

/// Enrols the patient by an exam, has what belongs to it made, and names it in the project's terms.
///
/// # Errors
/// [`ProjectsError`]; also where the patient can't be enrolled.
pub(crate) async fn through(
    app: &App,
    project: &Project,
    study: &StudyInstanceUid,
    originals: &[String],
    by: &str,
) -> Result<Through, ProjectsError> {
    let code = match enrol(app, project, study, true, by).await? {
        Enrolment::Done(code) => code,
        Enrolment::NoExam => return Err(ProjectsError::NotEnrolled("the exam is gone")),
        Enrolment::Namesake => {
            return Err(ProjectsError::NotEnrolled("another house's patient with this ID is in the project"));
        }
    };
    fill::subject(app, &project.id, &code).await.map_err(|error| ProjectsError::Filling(Box::new(error)))?;
    let open = app.projects.get(app, project).await?;
    let instances = originals.iter().map(|sop| open.wall.new_uid(sop)).collect();
    let study = StudyInstanceUid::parse(&open.wall.new_uid(study.as_str()));
    let study = study.map_err(|_| ProjectsError::NotEnrolled("its UID can't be replaced"))?;
    Ok(Through { study, instances })
}
