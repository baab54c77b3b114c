//! Making a package: members entered and filled, files written once, everything searched before it counts.
//! It can stop anywhere and goes on; made again, it is the same.

use super::fetch::{self, Lacking};
use super::keep::{self, KeepError, Of};
use super::look::{self, LookError, People};
use super::{images, sheets};
use crate::App;
use crate::projects::leaving::{Entered, Leaving, LeavingError};
use crate::projects::{ProjectsError, leaving};
use deid::verify::evidence::Residue;
use deid::verify::pictures::{Reader, Which};
use deid::verify::residual::Identifiers;
use govern::Project;
use model::{StudyInstanceUid, Timestamp};
use release::checks::{self, Check, Severity};
use release::desk::{KeptFile, Member, Missing, Package, Release};
use release::papers::{self, About};
use release::request::Form;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::jobs::Job;
use view::ViewError;
use warehouse::extract::SheetError;
use warehouse::keep::Frozen;

/// Between two notes of progress.
const NOTE_EVERY: Duration = Duration::from_millis(500);
/// Between two signs of life.
const ALIVE_EVERY: Duration = Duration::from_secs(60);
/// In whose name members are entered.
const BY: &str = "worker:releases";

/// Why a package was not made.
#[derive(Debug, thiserror::Error)]
pub(super) enum MakeError {
    #[error("it is not being made any more")]
    Stopped,
    #[error("the frozen cohort or the project is gone")]
    Gone,
    #[error("the project is closed; open it and make the release again")]
    Closed,
    #[error("the project's policy is not the one that was approved: {0} was. Set it back, or ask anew")]
    Policy(String),
    #[error("the project was changed while the package was made")]
    Changed,
    #[error("a subject left while the package was made")]
    Left,
    #[error("somebody who withdrew could not be taken out of the package")]
    After(#[source] Box<super::withdraw::WithdrawError>),
    #[error("nothing of the cohort may leave: {0}")]
    Empty(String),
    #[error("an object could not be read through the wall")]
    View(#[from] ViewError),
    #[error(transparent)]
    Keep(#[from] KeepError),
    #[error(transparent)]
    Look(#[from] LookError),
    #[error(transparent)]
    Leaving(#[from] LeavingError),
    #[error(transparent)]
    Projects(#[from] ProjectsError),
    #[error(transparent)]
    Sheet(#[from] SheetError),
    #[error("the facts can't be read")]
    Warehouse(#[from] warehouse::WarehouseError),
    #[error("the facts can't be read")]
    Ask(#[from] warehouse::engine::AskError),
    #[error("the audit log did not take what is fetched")]
    Audit(#[source] govern::audit::AuditError),
    #[error("a file could not be written beside")]
    Write(#[from] std::io::Error),
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
}

impl MakeError {
    /// Whether it may go better another time.
    pub(super) const fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Left
                | Self::After(_)
                | Self::Changed
                | Self::View(_)
                | Self::Keep(_)
                | Self::Leaving(_)
                | Self::Look(LookError::Ledger(_))
                | Self::Ledger(_)
                | Self::Write(_)
                | Self::Audit(_)
                | Self::Projects(ProjectsError::Locked(_) | ProjectsError::Ledger(_))
        )
    }
}

/// A subject of the release.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub code: String,
    /// The patient's number.
    pub patient: i64,
    /// The exams: as they are, and as they are named.
    pub exams: Vec<(String, String)>,
}

/// How a package ended.
pub(super) enum Outcome {
    Made(Package),
    /// Something was found, or forbids it.
    Found(Check),
}

/// A package on its way.
pub(super) struct Making<'a> {
    pub app: &'a App,
    pub release: &'a Release,
    pub leaving: Leaving<'a>,
    pub frozen: Frozen,
    pub people: People,
    job: &'a Job,
    missing: BTreeMap<(String, String), u64>,
    /// Exams of which a PACS has more than is here.
    lacking: BTreeMap<String, Lacking>,
    found: Vec<(String, String, String)>,
    searched: u64,
    /// Paths that belong to the package.
    visited: BTreeSet<String>,
    /// Files an earlier try has kept.
    kept: BTreeMap<String, KeptFile>,
    pub counts: Package,
    progress: (i64, i64),
    noted: Option<Instant>,
    alive: Instant,
}

/// Makes the package of a release.
pub(super) async fn make(app: &App, job: &Job, release: &Release) -> Result<Outcome, MakeError> {
    let project = app.govern.projects.get(&release.request.project).await?.ok_or(MakeError::Gone)?;
    let frozen = app.warehouse.frozen(&release.request.frozen).await?.ok_or(MakeError::Gone)?;
    if let Some(check) = policy_changed(app, &project, release).await? {
        return Ok(Outcome::Found(check));
    }
    let mut making = Making::begin(app, job, release, &project, frozen).await?;
    if !making.leaving.holds().await? {
        return Err(MakeError::Closed);
    }
    let subjects = making.enter().await?;
    for subject in &subjects {
        making.subject(subject).await?;
    }
    if release.request.wants(Form::Nifti) {
        images::about_bids(&mut making, &subjects).await?;
    }
    let of_facts = [Form::Tables, Form::Reports, Form::InPlace];
    let dates = match of_facts.iter().any(|form| release.request.wants(*form)) {
        true => Some(sheets::write(&mut making, &subjects).await?),
        false => None,
    };
    making.end(&subjects, dates).await
}

async fn policy_changed(app: &App, project: &Project, release: &Release) -> Result<Option<Check>, MakeError> {
    let now = look::pinned_policy(app, project).await?;
    let then = &release.pinned.policy;
    let label = format!("{} version {}", then.id, then.version);
    Ok((now != *then)
        .then(|| Check::new("policy", Severity::Stop, format!("{}.", MakeError::Policy(label)), 1)))
}

impl<'a> Making<'a> {
    async fn begin(
        app: &'a App,
        job: &'a Job,
        release: &'a Release,
        project: &'a Project,
        frozen: Frozen,
    ) -> Result<Self, MakeError> {
        let session = app.warehouse.pinned(frozen.facts).await?;
        let members = app.warehouse.members(&frozen).await?;
        let kept = app.releases.files(&release.id).await?.into_iter();
        Ok(Self {
            app,
            release,
            leaving: Leaving::of(app, project).await?,
            people: People::of(&session, &members).await?,
            frozen,
            job,
            missing: BTreeMap::new(),
            lacking: fetch::lacking(app, &release.id).await?,
            found: Vec::new(),
            searched: 0,
            visited: BTreeSet::new(),
            kept: kept.map(|file| (file.path.clone(), file)).collect(),
            counts: Package::default(),
            progress: (0, members.len() as i64),
            noted: None,
            alive: Instant::now(),
        })
    }

    /// Says how far it is; an error when it is not wanted any more.
    pub(super) async fn tell(&mut self, more: i64, says: &str) -> Result<(), MakeError> {
        self.progress.0 += more;
        if self.alive.elapsed() >= ALIVE_EVERY {
            self.alive = Instant::now();
            self.app.ledger.keep(self.job.id, Timestamp::now()).await?;
        }
        if self.noted.is_some_and(|at| at.elapsed() < NOTE_EVERY) {
            return Ok(());
        }
        self.noted = Some(Instant::now());
        let (done, total) = self.progress;
        match self.app.releases.progress(&self.release.id, done, total.max(done), says).await? {
            true => Ok(()),
            false => Err(MakeError::Stopped),
        }
    }

    pub(super) fn lacks(&mut self, what: &str, why: &str, count: u64) {
        *self.missing.entry((what.to_owned(), why.to_owned())).or_default() += count;
    }

    /// Enters all members, and has made what may be seen of them.
    async fn enter(&mut self) -> Result<Vec<Subject>, MakeError> {
        let withdrawn = self.app.warehouse.withdrawn().await?;
        let mut subjects: BTreeMap<(String, i64), Vec<(String, String)>> = BTreeMap::new();
        let people: Vec<(i64, Vec<String>)> =
            self.people.all.iter().map(|(patient, person)| (*patient, person.studies.clone())).collect();
        for (patient, studies) in people {
            self.tell(0, "members are entered").await?;
            if withdrawn.contains(&patient) {
                self.lacks("patient", "withdrew from research", 1);
                continue;
            }
            if studies.is_empty() {
                match self.leaving.enter_person(patient, BY).await? {
                    Entered::As(code) => drop(subjects.entry((code, patient)).or_default()),
                    Entered::Not(why) => self.lacks("patient", why, 1),
                }
            }
            for study in studies {
                if let Some((code, named)) = self.enter_exam(&study).await? {
                    subjects.entry((code, patient)).or_default().push((study, named));
                }
                self.tell(1, "members are entered").await?;
            }
        }
        let mut all = Vec::with_capacity(subjects.len());
        for ((code, patient), mut exams) in subjects {
            exams.sort_by(|a, b| a.1.cmp(&b.1));
            if !exams.is_empty() {
                self.leaving.fill(&code).await?;
                self.tell(0, "images lose their identity").await?;
            }
            all.push(Subject { code, patient, exams });
        }
        for subject in &all {
            self.note_members(subject).await?;
        }
        match all.is_empty() {
            true => Err(MakeError::Empty(self.why_nothing())),
            false => Ok(all),
        }
    }

    fn why_nothing(&self) -> String {
        let each = self.missing.iter().map(|((what, why), count)| format!("{count} {what}: {why}"));
        let all = each.collect::<Vec<_>>().join("; ");
        if all.is_empty() { "it has no members".into() } else { all }
    }

    async fn enter_exam(&mut self, study: &str) -> Result<Option<(String, String)>, MakeError> {
        let Ok(uid) = StudyInstanceUid::parse(study) else { return Ok(None) };
        match self.leaving.enter(&uid, BY).await? {
            Entered::As(code) => {
                if let Some((count, why)) = self.lacking.get(study).and_then(Lacking::instances) {
                    self.lacks("instance", &why, count);
                }
                Ok(Some((code, self.leaving.wall().new_uid(study))))
            }
            Entered::Not(why) => {
                let still_there = self.lacking.get(study).filter(|lacking| lacking.held == 0);
                let why = still_there.map_or_else(|| why.to_owned(), Lacking::told);
                self.lacks("exam", &why, 1);
                Ok(None)
            }
        }
    }

    async fn note_members(&self, subject: &Subject) -> Result<(), MakeError> {
        let none = [(String::new(), String::new())];
        let exams = if subject.exams.is_empty() { &none[..] } else { &subject.exams };
        for (study, named) in exams {
            let member = Member {
                patient: subject.patient,
                study: study.clone(),
                subject: subject.code.clone(),
                named: named.clone(),
            };
            self.app.releases.enter(&self.release.id, &member).await?;
        }
        Ok(())
    }

    /// What is made of one subject, searched for what identifies it.
    async fn subject(&mut self, subject: &Subject) -> Result<(), MakeError> {
        let identifiers = Arc::new(self.leaving.identifiers(&subject.code, subject.patient).await?);
        self.search_words(&identifiers);
        images::write(self, subject, &identifiers).await
    }

    /// What people typed stands in the papers.
    fn search_words(&mut self, identifiers: &Identifiers) {
        let Release { request, pinned, .. } = self.release;
        let definition = pinned.definition.to_string();
        let words =
            [&request.title, &request.purpose, &pinned.cohort_name, &pinned.project_title, &pinned.terms];
        let all: Vec<&str> = words.iter().map(|text| text.as_str()).chain([definition.as_str()]).collect();
        self.searched_text(papers::MANIFEST, identifiers, &all.join("\n"));
    }

    /// Searches text that leaves.
    pub(super) fn searched_text(&mut self, path: &str, identifiers: &Identifiers, text: &str) {
        let searched = identifiers.search(&bytes::Bytes::from(text.to_owned()));
        for trace in searched.traces {
            self.found.push((path.to_owned(), trace.category.to_string(), trace.place));
        }
    }

    /// The paths that belong to the package so far.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.visited.iter().map(String::as_str)
    }

    /// Whether an earlier try has kept a file already; it belongs to the package then.
    pub(super) fn has(&mut self, path: &str) -> bool {
        let has = self.kept.contains_key(path);
        if has {
            self.visited.insert(path.to_owned());
            self.searched += 1;
        }
        has
    }

    /// Searches a file, and keeps it if nothing is found in it.
    pub(super) async fn keep(
        &mut self,
        path: &str,
        bytes: bytes::Bytes,
        identifiers: &Arc<Identifiers>,
        of: Of<'_>,
    ) -> Result<(), MakeError> {
        self.searched += 1;
        let found = self.search(path, bytes.clone(), identifiers).await?;
        if !found.is_empty() {
            self.found.extend(found);
            return Ok(());
        }
        let file = keep::put(self.app, &self.release.id, path, bytes, of).await?;
        self.enter_file(file).await
    }

    pub(super) async fn enter_file(&mut self, file: KeptFile) -> Result<(), MakeError> {
        self.app.releases.enter_files(&self.release.id, std::slice::from_ref(&file)).await?;
        self.visited.insert(file.path.clone());
        Ok(())
    }

    async fn search(
        &self,
        path: &str,
        bytes: bytes::Bytes,
        identifiers: &Arc<Identifiers>,
    ) -> Result<Vec<(String, String, String)>, MakeError> {
        let (name, identifiers) = (path.to_owned(), Arc::clone(identifiers));
        let ocr = self.app.projects.engines.ocr.clone();
        let searching = tokio::task::spawn_blocking(move || {
            let mut residue = Residue::default();
            let reader = ocr.as_deref().map(|ocr| Reader { ocr, which: Which::MayHaveText });
            let reader = reader.filter(|_| name.ends_with(".dcm"));
            residue.search(&identifiers, name, &bytes, reader);
            residue
        });
        let residue = searching.await.map_err(|_| MakeError::Stopped)?;
        let told = |(_, trace): &(usize, deid::verify::residual::Trace)| {
            (path.to_owned(), trace.category.to_string(), trace.place.clone())
        };
        let mut found: Vec<_> = residue.traces.iter().map(told).collect();
        let unread = residue.unreadable + residue.pictures.map_or(0, |pictures| pictures.unreadable);
        if unread > 0 {
            found.push((path.to_owned(), "could not be read to be searched".into(), "all of it".into()));
        }
        Ok(found)
    }

    /// Papers, a last look, and the verdict.
    async fn end(mut self, subjects: &[Subject], dates: Option<Check>) -> Result<Outcome, MakeError> {
        self.tell(0, "papers are written").await?;
        for subject in subjects {
            if !self.leaving.may_be_used(&subject.code).await? {
                return Err(MakeError::Left);
            }
        }
        let mut checks = self.release.checks.clone();
        let residual = papers::residual(self.searched, &self.found);
        checks::put(&mut checks, residual.clone());
        if let Some(dates) = dates.clone() {
            checks::put(&mut checks, dates);
        }
        let missing = self.missing();
        self.app.releases.set_checks(&self.release.id, &checks).await?;
        self.app.releases.set_missing(&self.release.id, &missing).await?;
        if let Some(stop) = [Some(residual), dates].into_iter().flatten().find(Check::stops) {
            return Ok(Outcome::Found(stop));
        }
        let package = self.papers(subjects, &missing).await?;
        if !self.leaving.holds().await? {
            return Err(MakeError::Changed);
        }
        Ok(Outcome::Made(package))
    }

    fn missing(&self) -> Vec<Missing> {
        let one = |((what, why), count): (&(String, String), &u64)| Missing {
            what: what.clone(),
            why: why.clone(),
            count: *count,
        };
        self.missing.iter().map(one).collect()
    }

    async fn papers(&mut self, subjects: &[Subject], missing: &[Missing]) -> Result<Package, MakeError> {
        let id = &self.release.id;
        let visited = std::mem::take(&mut self.visited);
        let others = |file: &KeptFile| visited.contains(&file.path) && file.form != PAPERS;
        keep::clear(self.app, id, others).await?;
        self.counts.subjects = subjects.len() as u64;
        let is_in: BTreeSet<&str> = subjects.iter().map(|subject| subject.code.as_str()).collect();
        let members = self.app.releases.members(id).await?;
        for gone in members.iter().filter(|one| !is_in.contains(one.subject.as_str())) {
            self.app.releases.strike(id, &gone.subject).await?;
        }
        let members: Vec<Member> =
            members.into_iter().filter(|one| is_in.contains(one.subject.as_str())).collect();
        self.counts.exams = members.iter().filter(|one| !one.named.is_empty()).count() as u64;
        let counts = self.counts.clone();
        let about = About { release: self.release, members: &members, missing, counts: &counts };
        self.paper(papers::README, about.readme()).await?;
        self.paper(papers::MANIFEST, pretty(&about.manifest())).await?;
        let listed = self.app.releases.leaving_files(id).await?;
        self.paper(papers::CRATE, pretty(&about.ro_crate(&listed))).await?;
        let listed = self.app.releases.leaving_files(id).await?;
        let checksums = papers::checksums(&listed);
        let digest = papers::sha256(checksums.as_bytes());
        self.paper(papers::CHECKSUMS, checksums).await?;
        let all = self.app.releases.leaving_files(id).await?;
        Ok(Package {
            digest,
            bytes: all.iter().map(|file| file.size).sum(),
            files: all.len() as u64,
            made_at: Timestamp::now().to_string(),
            ..counts
        })
    }

    async fn paper(&self, path: &str, text: String) -> Result<(), MakeError> {
        let of = Of { form: PAPERS, subject: "", study: "" };
        let file = keep::put(self.app, &self.release.id, path, text.into(), of).await?;
        Ok(self.app.releases.enter_files(&self.release.id, &[file]).await?)
    }
}

/// The form of what is written about the package.
pub(super) const PAPERS: &str = "papers";

pub(super) fn pretty(value: &serde_json::Value) -> String {
    // Of plain data, which can always be written.
    format!("{}\n", serde_json::to_string_pretty(value).unwrap_or_default())
}

impl From<leaving::LeavingError> for LookError {
    fn from(error: leaving::LeavingError) -> Self {
        match error {
            LeavingError::Projects(error) => Self::Projects(error),
            LeavingError::Ledger(error) => Self::Ledger(error),
            other => Self::Projects(ProjectsError::Filling(Box::new(other))),
        }
    }
}
