//! One act for somebody who wants to be in no research any more: it finds them in projects, facts, frozen cohorts,
//! packages and with recipients, takes them out where that can be done, and lists what a person has to do.

use super::keep::{self, KeepError};
use crate::App;
use crate::projects::{self, ProjectsError};
use govern::ProjectError;
use model::{StudyInstanceUid, Timestamp};
use release::desk::{Release, StepError};
use release::letters::{About, Draft};
use release::state::{Event, State};
use release::withdrawal::Step;
use std::collections::BTreeSet;

/// Why somebody could not be withdrawn. What was done before stays done; doing it again does the rest.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WithdrawError {
    #[error("there is no such exam, or it is nobody's")]
    NoPatient,
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    #[error(transparent)]
    Projects(#[from] ProjectsError),
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error("the facts can't be read or changed")]
    Warehouse(#[from] warehouse::WarehouseError),
    #[error(transparent)]
    Keep(#[from] KeepError),
    #[error(transparent)]
    Step(#[from] StepError),
}

/// Who somebody is here: the number, and all exams.
pub(crate) struct Who {
    pub person: i64,
    pub studies: Vec<String>,
}

/// The patient of an exam.
pub(crate) async fn who(app: &App, study: &StudyInstanceUid) -> Result<Who, WithdrawError> {
    let person = app.records.person_of_exam(study.as_str()).await?.ok_or(WithdrawError::NoPatient)?;
    let mut studies: BTreeSet<String> = [study.as_str().to_owned()].into();
    // The record may know more exams of the person than one Patient ID has.
    studies.extend(app.records.held_exams(&(person..person + 1)).await?.into_iter().map(|exam| exam.study));
    if let Some(patient) = app.catalog.patient_of(study).await? {
        studies.extend(patient.exams.into_iter().map(|exam| exam.study));
    }
    Ok(Who { person, studies: studies.into_iter().collect() })
}

/// Withdraws the patient of an exam from all research.
pub(crate) async fn withdraw(app: &App, who: &Who, by: &str, reason: &str) -> Result<String, WithdrawError> {
    let mut steps = Vec::new();
    let now = Timestamp::now();
    leave_projects(app, who, by, &mut steps).await?;
    app.warehouse.withdraw(who.person, now.as_micros()).await?;
    let says = "The facts are made again without them; counts and new cohorts have them no more.";
    steps.push(Step::done("facts", "facts", says));
    let hours = app.config.facts.withdrawn_hours;
    let says = format!("They lose their rows by themselves, {hours} hours from now (facts.withdrawn_hours).");
    steps.push(Step::done("facts", "earlier versions", &says));
    for frozen in app.warehouse.frozen_with(who.person, &who.studies).await? {
        let says = "Nothing of them leaves with it any more; their line is struck with the earlier versions, and it can be cited on.";
        steps.push(Step::done("frozen", &frozen.id, says));
    }
    let mut left = Vec::new();
    for id in app.releases.with(who.person, &who.studies).await? {
        if let Some(release) = app.releases.one(&id).await? {
            let told = leave_release(app, &release, who, &mut steps).await?;
            left.push((release, told));
        }
    }
    let told = left.iter().filter_map(|(release, codes)| Some((release, codes.as_deref()?)));
    let letters: Vec<Draft<'_>> = told
        .flat_map(|(Release { id: release, request, .. }, subjects)| {
            let about = About::Withdrawn;
            request.recipients.iter().map(move |to| Draft { release, about, to, subjects })
        })
        .collect();
    let id = app.releases.withdraw(who.person, &steps, &letters, by, reason, now).await?;
    app.wake_releases.notify_one();
    Ok(id)
}

/// Takes them out of every project, and writes down that they agree to none of its uses.
async fn leave_projects(app: &App, who: &Who, by: &str, steps: &mut Vec<Step>) -> Result<(), WithdrawError> {
    let mut found: BTreeSet<(String, String)> = BTreeSet::new();
    for study in &who.studies {
        let Ok(uid) = StudyInstanceUid::parse(study) else { continue };
        let Some(patient_id) = app.catalog.patient_id_of(&uid).await? else { continue };
        let Some(subject) = deid::subject_of(&patient_id, study) else { continue };
        let places = app.projects.vault()?.projects_of(subject.reveal()).await?;
        found.extend(places.into_iter().map(|(project, enrolled)| (project, enrolled.code)));
    }
    // Patients without an exam are known to releases alone.
    for id in app.releases.with(who.person, &who.studies).await? {
        let Some(release) = app.releases.one(&id).await? else { continue };
        for member in app.releases.members(&id).await?.into_iter().filter(|one| one.patient == who.person) {
            found.insert((release.request.project.clone(), member.subject));
        }
    }
    for (project, code) in found {
        app.govern.projects.withdraw(&project, &code, Timestamp::now()).await?;
        projects::settle(app, &project, &code).await?;
        let name = format!("{project}/{code}");
        steps.push(Step::done("project", &name, "They left the project: nothing of them is shown in it."));
        let Some(terms) = app.govern.projects.get(&project).await?.map(|project| project.terms) else {
            continue;
        };
        for word in &terms.uses {
            let said = (project.as_str(), code.as_str());
            app.govern.projects.say(said, word, false, by, Timestamp::now()).await?;
            let name = format!("{name}: {word}");
            steps.push(Step::done("consent", &name, "It is written down that they do not agree."));
        }
    }
    Ok(())
}

/// Whether somebody who withdrew while a package was made is in it all the same; then it is made again without them.
pub(super) async fn is_in_what_was_made(app: &App, id: &str) -> Result<bool, WithdrawError> {
    let withdrawn = app.warehouse.withdrawn().await?;
    let members = app.releases.members(id).await?.into_iter();
    let codes: BTreeSet<String> =
        members.filter(|member| withdrawn.contains(&member.patient)).map(|member| member.subject).collect();
    if codes.is_empty() {
        return Ok(false);
    }
    take_out(app, id, State::Ready, &codes).await?;
    Ok(true)
}

/// Removes the files of subjects. Tables and papers name several: they go, too, and are made again.
async fn take_out(app: &App, id: &str, state: State, codes: &BTreeSet<String>) -> Result<(), WithdrawError> {
    let others = |file: &release::desk::KeptFile| !file.subject.is_empty() && !codes.contains(&file.subject);
    // First the files: whoever asks for one now is told that it is not there.
    keep::clear(app, id, others).await?;
    if state == State::Ready {
        app.releases.set_package(id, None).await?;
        let why = (super::work::BY, "a subject withdrew");
        app.releases.happen(id, Event::Again, why, Timestamp::now()).await?;
        super::note(app, id, "making").await;
    }
    Ok(())
}

/// Takes them out of one release. If somebody has files of it, the codes that its recipients know them by.
async fn leave_release(
    app: &App,
    release: &Release,
    who: &Who,
    steps: &mut Vec<Step>,
) -> Result<Option<String>, WithdrawError> {
    let members = app.releases.members(&release.id).await?;
    let is_theirs = |study: &String, patient: i64| patient == who.person || who.studies.contains(study);
    let codes: BTreeSet<String> = members
        .into_iter()
        .filter(|member| is_theirs(&member.study, member.patient))
        .map(|member| member.subject)
        .collect();
    let name = format!("{} ({})", release.id, release.request.title);
    if !release.state.is_over() && release.state != State::Asked {
        take_out(app, &release.id, release.state, &codes).await?;
        steps.push(Step::done(
            "package",
            &name,
            "Their files are removed; the package is made again without them.",
        ));
    } else {
        steps.push(Step::done("package", &name, "There is no package; none will have them."));
    }
    let receipts = app.releases.receipts(&release.id).await?;
    if receipts.is_empty() {
        return Ok(None);
    }
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let codes = codes.join(", ");
    for recipient in &release.request.recipients {
        let says = format!(
            "Ask them to delete subject {codes} from what they received, and note their answer here; the release can be \
             received anew without it."
        );
        let name = format!("{} <{}>: {name}", recipient.name, recipient.email);
        steps.push(Step::waits("recipient", &name, &says));
    }
    let asked_for = &release.request.recipients;
    let others: BTreeSet<&str> = receipts.iter().map(|receipt| receipt.by.as_str()).collect();
    for account in others.into_iter().filter(|by| !asked_for.iter().any(|one| one.is(by))) {
        let says = format!(
            "Ask them to delete subject {codes} from what they received, and note their answer here."
        );
        steps.push(Step::waits("recipient", &format!("account {account}: {name}"), &says));
    }
    Ok(Some(codes))
}
