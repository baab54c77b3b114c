//! Who is in which project, told to the facts: without the codes, which belong to the projects alone.

use super::ProjectsError;
use crate::App;
use govern::projects::Subject;
use model::Timestamp;
use std::collections::{BTreeMap, HashMap};
use vault::{Enrolled, Person};
use warehouse::WarehouseError;
use warehouse::members::Member;

/// Microseconds of a day.
const DAY: i64 = 24 * 3_600_000_000;

/// Why the facts were not told; they are told again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TellError {
    #[error(transparent)]
    Projects(#[from] ProjectsError),
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
}

/// Tells who is in any project.
pub(crate) async fn tell_all(app: &App) -> Result<(), TellError> {
    for project in app.govern.projects.list().await? {
        tell(app, &project.id).await?;
    }
    Ok(())
}

/// Tells who is in a project. The same again changes nothing.
pub(crate) async fn tell(app: &App, project: &str) -> Result<(), TellError> {
    let Some(of) = app.govern.projects.get(project).await? else { return Ok(()) };
    let subjects = app.govern.projects.subjects(project).await?;
    let enrolled = app.projects.vault()?.subjects(project).await.map_err(ProjectsError::from)?;
    let exams: Vec<String> = enrolled.iter().map(|one| one.person.reveal().exam.clone()).collect();
    // The exam somebody was enrolled by may be gone; another one leads to the same patient.
    let seen = app.catalog.seen_beside(&exams).await?;
    let enrolled: HashMap<String, Enrolled> =
        enrolled.into_iter().map(|one| (one.code.clone(), one)).collect();
    let mut members = Vec::new();
    for subject in subjects {
        // Who came without an exam is not in the vault: nothing leads to them.
        let Some(enrolled) = enrolled.get(&subject.code) else { continue };
        members.extend(members_of(&subject, enrolled.person.reveal(), &seen, &of.terms.uses));
    }
    app.warehouse.set_members(project, &of.terms.title, members, Timestamp::now().as_micros()).await?;
    Ok(())
}

fn members_of(
    subject: &Subject,
    person: &Person,
    seen: &BTreeMap<String, String>,
    uses: &[String],
) -> Vec<Member> {
    let day = |at: Timestamp| at.as_micros().div_euclid(DAY);
    let member = |study: &String, only_this: bool| Member {
        study: study.clone(),
        only_this,
        since: day(subject.enrolled_at),
        left: subject.withdrawn,
        until: subject.left_at.map(day),
        consent: consent(subject, uses).into(),
    };
    if person.exams.is_empty() {
        return vec![member(seen.get(&person.exam).unwrap_or(&person.exam), false)];
    }
    person.exams.iter().map(|exam| member(exam, true)).collect()
}

/// What a subject said of all that a project is for.
fn consent(subject: &Subject, uses: &[String]) -> &'static str {
    let said = || uses.iter().map(|word| subject.consents.get(word).map(|said| said.granted));
    match uses.is_empty() {
        true => "",
        false if said().any(|said| said == Some(false)) => "refused",
        false if said().all(|said| said == Some(true)) => "agreed",
        false => "unknown",
    }
}
