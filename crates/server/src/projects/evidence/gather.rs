//! Gathering: group by group of subjects, so that what is known of their patients is never all in memory.

use super::super::fill::{self, FillError};
use super::super::room::{self, Open};
use super::super::{ProjectsError, withheld};
use crate::App;
use bytes::Bytes;
use catalog::Located;
use deid::ProjectKey;
use deid::verify::canary::Planting;
use deid::verify::evidence::{Evidence, Pack, Residue, Software};
use deid::verify::pictures::{Reader, Which};
use deid::verify::residual::Identifiers;
use deid::verify::{Check, Score, score};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use govern::Project;
use govern::projects::Subject;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use view::ViewError;

/// Subjects whose identifiers are looked for at a time, in everything that is shown of them.
const GROUP: usize = 16;
/// Originals that canaries are planted into, spread over all.
const CANARIES: i64 = 200;
/// Bytes of an original, at most, that canaries are planted into.
const LARGEST_PLANTED: u64 = 64 << 20;
/// Bytes, at most, of all objects that an answer key is about.
const LARGEST_SCORED: u64 = 2 << 30;

/// Why there is no evidence.
#[derive(Debug, thiserror::Error)]
pub(super) enum GatherError {
    #[error("subjects are still being made; it goes on when they are")]
    BeingMade,
    #[error("the project shows nothing, so there is nothing to prove")]
    Empty,
    #[error("the project is closed or its policy was changed meanwhile; ask again")]
    Changed,
    #[error("the answer key went when the server stopped; give it again")]
    AnswersLost,
    #[error("the answer key is about more than 2 GiB of objects; give it in parts")]
    TooMuch,
    #[error("it was given up because the server is stopping")]
    Stopped,
    #[error("the program itself can't be read to tell its digest")]
    Program(#[source] std::io::Error),
    #[error("an object that is listed could not be read through the wall; ask again")]
    Unread(#[source] ViewError),
    #[error(transparent)]
    Filling(#[from] FillError),
    #[error(transparent)]
    Projects(#[from] ProjectsError),
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    #[error("the archive could not be read")]
    Read(#[from] archive::ReadError),
}

impl GatherError {
    /// Whether it may go better another time.
    pub(super) const fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::BeingMade
                | Self::Unread(_)
                | Self::Filling(_)
                | Self::Vault(_)
                | Self::Ledger(_)
                | Self::Read(_)
                | Self::Projects(ProjectsError::Locked(_) | ProjectsError::Ledger(_))
        )
    }
}

/// What was gathered.
pub(super) struct Gathered {
    pub(super) pack: Pack,
    pub(super) clean: bool,
}

/// A search on its way.
pub(super) struct Search<'a> {
    app: &'a App,
    project: &'a Project,
    open: Arc<Open>,
    residue: Residue,
    planting: Arc<Mutex<Planting>>,
    /// Canaries go into every so-manieth original.
    every: i64,
    originals: i64,
    /// Instances that are shown.
    pub(super) total: i64,
}

impl<'a> Search<'a> {
    /// Looks at what there is.
    pub(super) async fn begin(app: &'a App, project: &'a Project) -> Result<Self, GatherError> {
        let open = app.projects.get(app, project).await?;
        if super::super::waiting(app, &project.id).await? > 0 {
            return Err(GatherError::BeingMade);
        }
        let total = open.room.catalog.counts().await?.instances;
        if total == 0 {
            return Err(GatherError::Empty);
        }
        let policy = room::policy(app, &project.terms.policy, project.terms.policy_version).await?;
        let planting = Arc::new(Mutex::new(Planting::new(policy, app.projects.engines.clone())));
        let every = (total / CANARIES).max(1);
        Ok(Self { app, project, open, residue: Residue::default(), planting, every, originals: 0, total })
    }

    /// By which policy and program.
    pub(super) fn made_by(&self) -> String {
        room::made_by(&self.open.wall)
    }

    /// The subjects that are shown, in groups.
    pub(super) async fn groups(&self) -> Result<Vec<Vec<Subject>>, GatherError> {
        let subjects = self.app.govern.projects.subjects(&self.project.id).await?;
        let shown: Vec<_> =
            subjects.into_iter().filter(|subject| subject.may_be_used(self.project)).collect();
        Ok(shown.chunks(GROUP).map(<[Subject]>::to_vec).collect())
    }

    /// Searches everything that is shown of a group for what identifies anybody in it. How many were searched.
    pub(super) async fn group(&mut self, group: &[Subject]) -> Result<i64, GatherError> {
        let mut identifiers = Identifiers::default();
        for subject in group {
            self.originals(subject, &mut identifiers).await?;
        }
        self.residue.look_for(&identifiers);
        let identifiers = Arc::new(identifiers);
        for subject in group {
            for shown in self.shown(subject).await? {
                self.search(&identifiers, shown).await?;
            }
        }
        Ok(self.residue.outputs.len() as i64)
    }

    async fn originals(
        &mut self,
        subject: &Subject,
        identifiers: &mut Identifiers,
    ) -> Result<(), GatherError> {
        let vault = self.app.projects.vault()?;
        let Some(enrolled) = vault.subject(&self.project.id, &subject.code).await? else { return Ok(()) };
        for original in fill::originals(self.app, &enrolled).await? {
            if let Ok(header) = self.app.archive.header(&original.locator).await {
                identifiers.gather(&header.data_set, self.open.wall.policy());
                self.residue.inputs.push(original.digest.to_string());
            }
            if self.originals % self.every == 0 && original.locator.length <= LARGEST_PLANTED {
                self.plant(&original).await?;
            }
            self.originals += 1;
        }
        Ok(())
    }

    async fn plant(&mut self, original: &Located) -> Result<(), GatherError> {
        let file = self.app.archive.read_all(&original.locator).await?;
        let planting = Arc::clone(&self.planting);
        let planted = tokio::task::spawn_blocking(move || locked(&planting).one(&file));
        planted.await.map_err(|_| GatherError::Stopped)
    }

    /// What is shown of a subject.
    async fn shown(&self, subject: &Subject) -> Result<Vec<Located>, GatherError> {
        let mut shown = Vec::new();
        for study in fill::studies(&self.open, &subject.code).await? {
            shown.extend(self.open.room.catalog.locate(&catalog::Scope::Study(study)).await?);
        }
        Ok(shown)
    }

    async fn search(&mut self, identifiers: &Arc<Identifiers>, shown: Located) -> Result<(), GatherError> {
        let file = self.file(&shown).await?;
        let (mut residue, identifiers) = (std::mem::take(&mut self.residue), Arc::clone(identifiers));
        let ocr = self.app.projects.engines.ocr.clone();
        let searched = tokio::task::spawn_blocking(move || {
            let reader = ocr.as_deref().map(|ocr| Reader { ocr, which: Which::MayHaveText });
            residue.search(&identifiers, shown.sop, &file, reader);
            residue
        });
        self.residue = searched.await.map_err(|_| GatherError::Stopped)?;
        Ok(())
    }

    async fn file(&self, shown: &Located) -> Result<Bytes, GatherError> {
        self.open.files.read_all(&shown.locator).await.map_err(GatherError::Unread)
    }

    /// Scores an answer key.
    async fn score(&self, checks: Vec<Check>) -> Result<Score, GatherError> {
        let vault = self.app.projects.vault()?;
        let key = ProjectKey::from_bytes(&vault.project_key(&self.project.id).await?);
        let asked: BTreeSet<&str> = checks.iter().map(|check| check.sop_instance.as_str()).collect();
        let uids: Vec<String> = asked.into_iter().map(|sop| self.open.wall.new_uid(sop)).collect();
        let found = self.open.room.catalog.locate_sops(&uids).await?;
        if found.iter().map(|one| one.locator.length).sum::<u64>() > LARGEST_SCORED {
            return Err(GatherError::TooMuch);
        }
        let outputs: BTreeMap<String, Bytes> = stream::iter(&found)
            .then(async |one| Ok::<_, GatherError>((one.sop.clone(), self.file(one).await?)))
            .try_collect()
            .await?;
        let scoring = tokio::task::spawn_blocking(move || score(&checks, &outputs, &key));
        scoring.await.map_err(|_| GatherError::Stopped)
    }

    /// Writes the pack, unless the project is not what it was when the search began.
    pub(super) async fn end(self, checks: Option<Vec<Check>>) -> Result<Gathered, GatherError> {
        let score = match checks {
            Some(checks) => Some(self.score(checks).await?),
            None => None,
        };
        let project = self.app.govern.projects.get(&self.project.id).await?;
        let project = project.ok_or(GatherError::Changed)?;
        if !Arc::ptr_eq(&self.app.projects.get(self.app, &project).await?, &self.open) {
            return Err(GatherError::Changed);
        }
        let mut kept_back = BTreeMap::new();
        for (reason, _, instances) in withheld::by_reason(self.app, &self.project.id).await? {
            *kept_back.entry(reason).or_default() += instances.cast_unsigned();
        }
        let evidence = Evidence {
            software: &Software::this().map_err(GatherError::Program)?,
            policy: self.open.wall.policy(),
            project: Some(&self.project.id),
            residue: &self.residue,
            canaries: Some(&locked(&self.planting).counted),
            withheld: &kept_back,
            score: score.as_ref(),
        };
        Ok(Gathered { pack: evidence.pack(), clean: evidence.is_clean() })
    }
}

fn locked(planting: &Mutex<Planting>) -> MutexGuard<'_, Planting> {
    planting.lock().unwrap_or_else(PoisonError::into_inner)
}
