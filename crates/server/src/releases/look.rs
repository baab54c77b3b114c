//! The first look at a request: what it is of, and whether people stand out in it. Before anybody decides.

use crate::App;
use crate::projects::ProjectsError;
use crate::projects::room::policy;
use deid::dates::DateRule;
use govern::Project;
use release::checks::{self, Check, Dates, Holders, Looks, Severity};
use release::columns::telling;
use release::desk::{Pinned, PinnedPolicy};
use std::collections::{BTreeMap, BTreeSet};
use warehouse::WarehouseError;
use warehouse::engine::Session;
use warehouse::extract::date_of;
use warehouse::keep::{Frozen, FrozenRow};
use warehouse::rows::Cell;
use warehouse::schema::{TABLES, Table, table};

/// Patients whose rows are read at once.
pub(super) const AT_ONCE: usize = 500;

/// Why a request can't be looked at.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LookError {
    #[error("the facts of the frozen cohort can't be read")]
    Warehouse(#[from] WarehouseError),
    #[error("the facts of the frozen cohort can't be read")]
    Ask(#[from] warehouse::engine::AskError),
    #[error(transparent)]
    Projects(#[from] ProjectsError),
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
}

/// What a release of a frozen cohort in a project's terms is, as things stand.
pub(crate) async fn pinned(app: &App, frozen: &Frozen, project: &Project) -> Result<Pinned, LookError> {
    let members = app.warehouse.members(frozen).await?;
    let patients: BTreeSet<i64> = members.iter().map(|member| member.patient).collect();
    let name = app.warehouse.cohort_name(&frozen.cohort).await?.unwrap_or_default();
    Ok(Pinned {
        cohort: frozen.cohort.clone(),
        cohort_version: frozen.version,
        cohort_name: name,
        facts: frozen.facts,
        definition: serde_json::to_value(&frozen.definition).unwrap_or_default(),
        digest: frozen.digest.clone(),
        patients: patients.len() as i64,
        exams: frozen.exams.cast_signed(),
        project_title: project.terms.title.clone(),
        terms: project.terms.terms.clone(),
        needed: project.terms.approvals,
        smallest_group: project.terms.smallest_group,
        policy: pinned_policy(app, project).await?,
    })
}

/// The policy of a project as it is now.
pub(crate) async fn pinned_policy(app: &App, project: &Project) -> Result<PinnedPolicy, ProjectsError> {
    let policy = policy(app, &project.terms.policy, project.terms.policy_version).await?;
    let version = i64::from(policy.document().version);
    Ok(PinnedPolicy { id: policy.document().id.clone(), version, digest: policy.digest().to_owned() })
}

/// Everything that can be told of a frozen cohort before anything is made.
pub(crate) async fn checks(app: &App, frozen: &Frozen, project: &Project) -> Result<Vec<Check>, LookError> {
    let session = app.warehouse.as_frozen(frozen).await?;
    let members = app.warehouse.members(frozen).await?;
    let people = People::of(&session, &members).await?;
    let least = project.terms.smallest_group.cast_unsigned();
    let as_of = today(frozen);
    let looks: Vec<Looks> = people.all.values().map(|person| person.looks(as_of)).collect();
    let holders = holders(&session, &people.all.keys().copied().collect::<Vec<_>>()).await?;
    let policy = pinned_policy(app, project).await?;
    let label = format!("{} version {} is approved.", policy.id, policy.version);
    Ok(vec![
        checks::small_groups(&looks, least),
        checks::rare_values(&holders, least),
        dates(app, project).await?,
        Check::new("policy", Severity::Ok, label, 0),
    ])
}

async fn dates(app: &App, project: &Project) -> Result<Check, ProjectsError> {
    let wall = app.projects.get(app, project).await?.wall.clone();
    let what = what_of(wall.date_rule(""));
    Ok(match what {
        Dates::Moved => Check::new("dates", Severity::Ok, "Dates move with their person, by the policy.", 0),
        what => checks::dates(what, (0, 0)),
    })
}

/// What a rule makes of dates.
pub(super) const fn what_of(rule: Option<DateRule>) -> Dates {
    match rule {
        None => Dates::Gone,
        Some(DateRule::Keep) => Dates::Kept,
        Some(DateRule::Shift(_)) => Dates::Moved,
        Some(DateRule::Year) => Dates::Years,
    }
}

/// The day a cohort was frozen on, in days since 1970-01-01.
pub(super) fn today(frozen: &Frozen) -> i64 {
    let micros = model::Timestamp::parse(&frozen.made_at).map_or(0, model::Timestamp::as_micros);
    micros.div_euclid(24 * 3_600_000_000)
}

/// A patient of a cohort.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    pub sex: String,
    pub birth: Option<i64>,
    /// The day of the first exam in the cohort.
    pub first: Option<i64>,
    pub studies: Vec<String>,
}

impl Person {
    /// Age in whole years on the day of the first exam; without one, on another day.
    pub fn age(&self, as_of: i64) -> Option<i64> {
        Some(((self.first.unwrap_or(as_of) - self.birth?) as f64 / 365.25).floor() as i64)
    }

    fn looks(&self, as_of: i64) -> Looks {
        let year = self.first.and_then(date_of).map(|date| i64::from(date.year()));
        Looks { decade: self.age(as_of).map(|age| age.div_euclid(10)), sex: self.sex.clone(), year }
    }
}

/// The patients of a cohort, and the numbers of its exams.
#[derive(Debug, Default)]
pub(super) struct People {
    pub all: BTreeMap<i64, Person>,
    /// The Study Instance UID and day of an exam by its number.
    pub exams: BTreeMap<i64, (String, Option<i64>)>,
}

impl People {
    pub async fn of(session: &Session, members: &[FrozenRow]) -> Result<Self, LookError> {
        let mut people = Self::default();
        for member in members {
            let person = people.all.entry(member.patient).or_default();
            person.studies.extend(member.study.clone());
        }
        let (Some(patients), Some(exams)) = (table("patient"), table("exam")) else { return Ok(people) };
        let ids: Vec<i64> = people.all.keys().copied().collect();
        for chunk in ids.chunks(AT_ONCE) {
            for row in session.rows_of(patients, chunk).await? {
                people.patient(patients, &row);
            }
            for row in session.rows_of(exams, chunk).await? {
                people.exam(exams, &row);
            }
        }
        Ok(people)
    }

    fn patient(&mut self, of: &Table, row: &[Cell]) {
        let Some(person) = number(of, row, "patient").and_then(|patient| self.all.get_mut(&patient)) else {
            return;
        };
        person.sex = text(of, row, "sex").unwrap_or_default();
        person.birth = number(of, row, "birth_day");
    }

    fn exam(&mut self, of: &Table, row: &[Cell]) {
        let Some(person) = number(of, row, "patient").and_then(|patient| self.all.get_mut(&patient)) else {
            return;
        };
        let (Some(study), Some(exam)) = (text(of, row, "study_uid"), number(of, row, "exam")) else { return };
        if person.studies.contains(&study) {
            let day = number(of, row, "day");
            person.first = [person.first, day].into_iter().flatten().min();
            self.exams.insert(exam, (study, day));
        }
    }
}

fn at<'a>(of: &Table, row: &'a [Cell], name: &str) -> Option<&'a Cell> {
    row.get(of.columns.iter().position(|column| column.name == name)?)
}

fn number(of: &Table, row: &[Cell], name: &str) -> Option<i64> {
    match at(of, row, name)? {
        Cell::Int(value) => Some(*value),
        _ => None,
    }
}

fn text(of: &Table, row: &[Cell], name: &str) -> Option<String> {
    match at(of, row, name)? {
        Cell::Text(value) => Some(value.to_string()),
        _ => None,
    }
}

async fn holders(session: &Session, patients: &[i64]) -> Result<Holders, LookError> {
    let mut holders = Holders::new();
    for table in TABLES.iter() {
        let columns = telling(table);
        if columns.is_empty() {
            continue;
        }
        for chunk in patients.chunks(AT_ONCE) {
            for row in session.rows_of(table, chunk).await? {
                let Some(Cell::Int(patient)) = row.first() else { continue };
                for (at, name) in &columns {
                    if let Cell::Text(value) = &row[*at] {
                        let values = holders.entry((table.name, name)).or_default();
                        values.entry(value.to_string()).or_default().insert(*patient);
                    }
                }
            }
        }
    }
    Ok(holders)
}
