//! What a release takes of a project: members entered by their exams, what is shown of them, what identifies them.

use super::enrol::{Enrolment, enrol};
use super::fill::{self, FillError};
use super::room::{self, Open};
use super::{ProjectsError, reports, withheld};
use crate::App;
use bytes::Bytes;
use catalog::{Located, Scope};
use deid::verify::residual::Identifiers;
use deid::{Known, Wall};
use dicom::{DataSet, tags};
use govern::Project;
use model::{StudyInstanceUid, Timestamp};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use view::{View, ViewError};

/// Why something of a project can't leave now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LeavingError {
    #[error(transparent)]
    Projects(#[from] ProjectsError),
    #[error("what belongs to a subject can't be made now")]
    Filling(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
}

impl From<FillError> for LeavingError {
    fn from(error: FillError) -> Self {
        Self::Filling(Box::new(error))
    }
}

/// What became of a member on the way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entered {
    /// The subject has this code.
    As(String),
    /// It is not to be used, for this reason.
    Not(&'static str),
}

const GONE: &str = "the exam is not held any more";
const LEFT: &str = "the subject left the project or did not agree to what it is for";
const NAMESAKE: &str = "another house's patient with the same Patient ID is in the project";

/// A project that a release is made of.
pub(crate) struct Leaving<'a> {
    app: &'a App,
    project: &'a Project,
    open: Arc<Open>,
}

impl<'a> Leaving<'a> {
    pub(crate) async fn of(app: &'a App, project: &'a Project) -> Result<Self, ProjectsError> {
        Ok(Self { app, project, open: app.projects.get(app, project).await? })
    }

    pub(crate) fn wall(&self) -> &Arc<Wall> {
        &self.open.wall
    }

    pub(crate) fn view(&self) -> &View {
        &self.open.room.view
    }

    /// Enters a patient by one of the exams, that exam alone. Who left before is not brought back.
    pub(crate) async fn enter(&self, study: &StudyInstanceUid, by: &str) -> Result<Entered, LeavingError> {
        let Some(patient_id) = self.app.catalog.patient_id_of(study).await? else {
            return Ok(Entered::Not(GONE));
        };
        let Some(subject) = deid::subject_of(&patient_id, study.as_str()) else {
            return Ok(Entered::Not(GONE));
        };
        let code = self.open.wall.code(subject.reveal());
        let before = self.app.govern.projects.subject(&self.project.id, &code).await?;
        if before.is_some_and(|before| !before.may_be_used(self.project)) {
            return Ok(Entered::Not(LEFT));
        }
        match enrol(self.app, self.project, study, true, by).await? {
            Enrolment::Done(code) if self.may_be_used(&code).await? => Ok(Entered::As(code)),
            Enrolment::Done(_) => Ok(Entered::Not(LEFT)),
            Enrolment::NoExam => Ok(Entered::Not(GONE)),
            Enrolment::Namesake => Ok(Entered::Not(NAMESAKE)),
        }
    }

    /// A patient without an exam, by the identifier that was known first: the code that an exam would give them.
    pub(crate) async fn enter_person(&self, person: i64, by: &str) -> Result<Entered, LeavingError> {
        let Some(subject) = self.subject_of_person(person).await? else {
            return Ok(Entered::Not("the patient has no identifier any more"));
        };
        let code = self.open.wall.code(&subject);
        let projects = &self.app.govern.projects;
        if projects.subject(&self.project.id, &code).await?.is_none() {
            projects.enrol(&self.project.id, &code, by, Timestamp::now()).await?;
        }
        Ok(if self.may_be_used(&code).await? { Entered::As(code) } else { Entered::Not(LEFT) })
    }

    async fn subject_of_person(&self, person: i64) -> Result<Option<String>, LeavingError> {
        let Some(person) = self.app.records.person(person).await? else { return Ok(None) };
        let first = person.identifiers.first().and_then(|one| deid::subject_of(&one.value, ""));
        Ok(first.map(|subject| subject.reveal().clone()))
    }

    /// Whether the project may use a subject now.
    pub(crate) async fn may_be_used(&self, code: &str) -> Result<bool, LeavingError> {
        let subject = self.app.govern.projects.subject(&self.project.id, code).await?;
        Ok(subject.is_some_and(|subject| subject.may_be_used(self.project)))
    }

    /// Makes what may be seen of a subject.
    pub(crate) async fn fill(&self, code: &str) -> Result<(), LeavingError> {
        Ok(fill::subject(self.app, &self.project.id, code).await?)
    }

    /// What is shown of an exam, by its UID in the project.
    pub(crate) async fn shown(&self, named: &str) -> Result<Vec<Located>, LeavingError> {
        let Ok(study) = StudyInstanceUid::parse(named) else { return Ok(Vec::new()) };
        Ok(self.open.room.catalog.locate(&Scope::Study(study)).await?)
    }

    /// A file that is shown, as a whole.
    pub(crate) async fn read(&self, shown: &Located) -> Result<Bytes, ViewError> {
        self.open.files.read_all(&shown.locator).await
    }

    /// Why instances of a subject are withheld, by their UID in the project.
    pub(crate) async fn withheld(&self, code: &str) -> Result<HashMap<String, String>, LeavingError> {
        Ok(withheld::of(self.app, &self.project.id, code).await?)
    }

    /// What the dates of a subject are moved by; the subject is named by its code.
    pub(crate) async fn subject(&self, code: &str, person: i64) -> Result<Option<String>, LeavingError> {
        if let Some(enrolled) = self.app.projects.vault()?.subject(&self.project.id, code).await? {
            return Ok(Some(enrolled.person.reveal().subject.clone()));
        }
        self.subject_of_person(person).await
    }

    /// What is known of a subject's people, from images and from the record.
    pub(crate) async fn known(
        &self,
        code: &str,
        person: i64,
        studies: &[&str],
    ) -> Result<Known, LeavingError> {
        let vault = self.app.projects.vault()?;
        let kept = vault.known(&self.project.id, code).await?;
        let mut known = kept.and_then(|kept| Known::from_bytes(&kept)).unwrap_or_default();
        for study in studies {
            reports::learn_of_exam(self.app, study, &mut known).await?;
        }
        reports::learn_person(self.app, person, &mut known).await?;
        Ok(known)
    }

    /// A report's text as it was known at some time, without what identifies people. None: it is not held, or is no
    /// plain text.
    pub(crate) async fn report(
        &self,
        record: i64,
        by: Timestamp,
        known: &Known,
        person: &str,
    ) -> Result<Option<String>, LeavingError> {
        let versions = self.app.records.versions(record).await?;
        let was = |at: &str| Timestamp::parse(at).is_some_and(|at| at <= by);
        let then = versions.iter().find(|version| was(&version.known_at)).or(versions.last());
        let Some((content, text)) =
            then.and_then(|then| Some((&then.content, records::marks::report_text(&then.content)?)))
        else {
            return Ok(None);
        };
        let mut known = known.clone();
        reports::learn_from(content, &mut known);
        let (wall, person) = (Arc::clone(self.wall()), person.to_owned());
        let clean = tokio::task::spawn_blocking(move || wall.narrative(&text, &known, &person));
        clean.await.map(Some).map_err(|error| LeavingError::Filling(Box::new(error)))
    }

    /// What identifies a subject and the people about it, gathered anew from originals and the record.
    pub(crate) async fn identifiers(&self, code: &str, person: i64) -> Result<Identifiers, LeavingError> {
        let mut identifiers = Identifiers::default();
        let policy = self.open.wall.policy();
        if let Some(enrolled) = self.app.projects.vault()?.subject(&self.project.id, code).await? {
            for original in fill::originals(self.app, &enrolled).await? {
                if let Ok(header) = self.app.archive.header(&original.locator).await {
                    identifiers.gather(&header.data_set, policy);
                }
            }
        }
        if let Some(person) = self.app.records.person(person).await? {
            for one in &person.identifiers {
                let mut set = DataSet::new();
                set.put_text(tags::PATIENT_ID, &one.value);
                identifiers.gather(&set, policy);
            }
            for patient in &person.patients {
                identifiers.gather(&as_header(patient), policy);
            }
        }
        Ok(identifiers)
    }

    /// Whether the project is still what it was when this began.
    pub(crate) async fn holds(&self) -> Result<bool, LeavingError> {
        let Some(project) = self.app.govern.projects.get(&self.project.id).await? else { return Ok(false) };
        if project.terms.needs_evidence && !super::evidence::holds(self.app, &project.id).await? {
            return Err(ProjectsError::Unproved.into());
        }
        Ok(project.is_open(&room::today())
            && Arc::ptr_eq(&self.app.projects.get(self.app, &project).await?, &self.open))
    }
}

/// What a Patient resource says, as the header of an image says it.
fn as_header(patient: &Value) -> DataSet {
    let mut set = DataSet::new();
    let list = |value: &Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    let names: Vec<String> = list(patient, "name")
        .iter()
        .map(|name| {
            let given: Vec<String> =
                list(name, "given").iter().filter_map(|one| one.as_str().map(str::to_owned)).collect();
            format!("{}^{}", name["family"].as_str().unwrap_or_default(), given.join("^"))
        })
        .collect();
    if !names.is_empty() {
        set.put_text(tags::PATIENT_NAME, &names.join("\\"));
    }
    if let Some(birth) = patient["birthDate"].as_str() {
        set.put_text(tags::PATIENT_BIRTH_DATE, &birth.replace('-', ""));
    }
    let calls: Vec<String> =
        list(patient, "telecom").iter().filter_map(|one| one["value"].as_str().map(str::to_owned)).collect();
    if !calls.is_empty() {
        set.put_text(tags::PATIENT_TELEPHONE_NUMBERS, &calls.join("\\"));
    }
    let lines: Vec<String> = list(patient, "address")
        .iter()
        .flat_map(|address| list(address, "line"))
        .filter_map(|line| line.as_str().map(str::to_owned))
        .collect();
    if !lines.is_empty() {
        set.put_text(tags::PATIENT_ADDRESS, &lines.join("\\"));
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;
    use deid::policy::ready;
    use serde_json::json;

    #[test]
    fn what_the_record_says_of_a_patient_is_searched_for() {
        let patient = json!({
            "name": [{ "family": "Quartermain", "given": ["Allison", "Jane"] }],
            "birthDate": "1950-02-03",
            "telecom": [{ "value": "+1 415 555 0142" }],
            "address": [{ "line": ["77 Beacon Street"] }],
        });
        let policy = ready::policy("public-sharing").and_then(deid::Document::compile).expect("a policy");
        let mut identifiers = Identifiers::default();
        identifiers.gather(&as_header(&patient), &policy);
        for text in ["seen by Quartermain", "born 1950-02-03", "lives at 77 Beacon Street"] {
            let searched = identifiers.search(&Bytes::from(text.to_owned()));
            assert!(!searched.traces.is_empty(), "{text}");
        }
        assert!(identifiers.search(&Bytes::from_static(b"nodule in the left lung")).traces.is_empty());
    }
}
