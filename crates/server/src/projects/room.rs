//! What a door looks at: the archive as it is, or one project through its wall.

use super::through::Through;
use super::{ProjectsError, decisions, evidence, tasks, withheld};
use crate::App;
use crate::policies::{self, PolicyError, State};
use catalog::{Catalog, Scope};
use deid::{Policy, ProjectKey, Wall};
use govern::{Action, Principal, Project, Resource};
use model::Timestamp;
use sqlx::Row as _;
use std::sync::Arc;
use store::Ledger;
use tokio::sync::Mutex;
use vault::Vault;
use view::{Files, View};

/// Where something is looked for and read from.
#[derive(Clone)]
pub(crate) struct Room {
    /// What there is.
    pub catalog: Arc<Catalog>,
    /// How it is read.
    pub view: View,
    /// Which of them.
    pub place: Place,
}

/// The archive or a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// The originals.
    Archive,
    /// A project, by its name.
    Project(String),
}

impl Place {
    /// What is asked of `govern` for an action here.
    pub(crate) fn action(&self, action: Action) -> Action {
        match (self, action) {
            (Self::Project(_), Action::Query) => Action::QueryProject,
            (Self::Project(_), Action::Read) => Action::ReadProject,
            _ => action,
        }
    }

    /// How the audit log names something here.
    pub(crate) fn resource(&self, scope: Option<&Scope>) -> Resource {
        match self {
            Self::Archive => scope.cloned().map_or(Resource::Archive, |scope| match scope {
                Scope::Study(study) => Resource::Exam(study),
                Scope::Series(study, series) => Resource::Series(study, series),
                Scope::Instance(study, series, sop) => Resource::Instance(study, series, sop),
            }),
            Self::Project(project) => Resource::Project(project.clone(), scope.map(part)),
        }
    }

    /// The path of its DICOMweb service.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::Archive => "/dicom-web".to_owned(),
            Self::Project(project) => format!("/{project}/dicomweb"),
        }
    }

    /// Somebody as they act here.
    ///
    /// # Errors
    /// The ledger's.
    pub(crate) async fn seat(&self, app: &App, who: &Principal) -> Result<Principal, sqlx::Error> {
        match self {
            Self::Archive => Ok(who.clone()),
            Self::Project(project) => app.govern.projects.seat(who, project).await,
        }
    }

    /// Whether data of this place may go to somebody who did not ask: a project's goes to its members alone.
    ///
    /// # Errors
    /// The ledger's.
    pub(crate) async fn gives_to(&self, app: &App, who: &Principal) -> Result<bool, sqlx::Error> {
        let Self::Project(project) = self else { return Ok(true) };
        let seats = app.govern.projects.seats(who).await?;
        Ok(seats.iter().any(|(seat, _)| seat == project))
    }

    /// What is here. Asked only after `govern` said yes: it tells whether there is such a project.
    ///
    /// # Errors
    /// [`ProjectsError`].
    pub(crate) async fn enter(&self, app: &App) -> Result<Room, ProjectsError> {
        let Self::Project(id) = self else {
            return Ok(Room { catalog: app.catalog.clone(), view: app.view.clone(), place: Self::Archive });
        };
        let project = app.govern.projects.get(id).await?.ok_or(ProjectsError::Closed)?;
        if !project.is_open(&today()) {
            return Err(ProjectsError::Closed);
        }
        if project.terms.needs_evidence && !evidence::holds(app, id).await? {
            return Err(ProjectsError::Unproved);
        }
        Ok(app.projects.get(app, &project).await?.room.clone())
    }
}

/// The day it is, as 2026-01-31 in UTC.
pub(crate) fn today() -> String {
    Timestamp::now().to_string().chars().take(10).collect()
}

fn part(scope: &Scope) -> String {
    match scope.uids() {
        (study, "", _) => format!("study/{study}"),
        (study, series, "") => format!("series/{study}/{series}"),
        (study, series, sop) => format!("instance/{study}/{series}/{sop}"),
    }
}

/// A project, open in this process.
pub(crate) struct Open {
    pub(crate) room: Room,
    /// What the room reads.
    pub(super) files: Arc<dyn Files>,
    pub(crate) wall: Arc<Wall>,
    /// Whose turn it is to make rows: two at once would begin two generations of a subject.
    pub(super) filling: Mutex<()>,
    policy: (String, i64),
}

impl Open {
    pub(super) async fn new(app: &App, vault: &Vault, project: &Project) -> Result<Self, ProjectsError> {
        let policy = policy(app, &project.terms.policy, project.terms.policy_version).await?;
        let key = ProjectKey::from_bytes(&vault.project_key(&project.id).await?);
        let wall = Arc::new(Wall::new(policy, key).with_engines(app.projects.engines.clone()));
        let part = format!("project_{}", project.id.replace('-', "_"));
        let ledger = Ledger::open_part(&app.config.ledger_uri(), &part).await?;
        let through = Arc::new(Through::new(app, vault.clone(), &project.id, Arc::clone(&wall)));
        let catalog = Catalog::open(ledger).await?.with_headers(through.clone());
        settle_policy(app, &catalog, project, &wall).await?;
        let (view, place) = (View::new(through.clone()), Place::Project(project.id.clone()));
        let policy = (project.terms.policy.clone(), project.terms.policy_version);
        let open = Self {
            room: Room { catalog: Arc::new(catalog), view, place },
            files: through,
            wall,
            filling: Mutex::default(),
            policy,
        };
        decisions::load(app, &open, &project.id).await?;
        Ok(open)
    }

    /// Whether it is by this policy and version.
    pub(super) fn is_by(&self, (id, version): (&str, i64)) -> bool {
        self.policy.0 == id && self.policy.1 == version
    }
}

/// The policy that a project names, if somebody approved it. Version 0: the one that comes with the product.
///
/// # Errors
/// [`ProjectsError::Policy`], which says what is wrong.
pub(crate) async fn policy(app: &App, id: &str, version: i64) -> Result<Policy, ProjectsError> {
    let found = match version {
        0 => policies::find(&app.ledger, id, None).await.map(|newest| match newest.state {
            State::ReadyMade => newest.version,
            _ => 0,
        }),
        version => Ok(version),
    };
    let policy = match found {
        Ok(version) => policies::approved(app, id, version).await,
        Err(error) => Err(error),
    };
    policy.map_err(|error| match error {
        PolicyError::Ledger(error) => error.into(),
        PolicyError::Locked(why) => ProjectsError::Locked(why),
        error => ProjectsError::Policy(error.to_string()),
    })
}

/// Which policy and program make what is seen.
pub(super) fn made_by(wall: &Wall) -> String {
    format!("{} {}", wall.policy().digest(), env!("CARGO_PKG_VERSION"))
}

/// What another policy, or another release of the engine, let through is forgotten before anything of it can be
/// seen again; all subjects are made anew.
async fn settle_policy(
    app: &App,
    catalog: &Catalog,
    project: &Project,
    wall: &Wall,
) -> Result<(), ProjectsError> {
    let now = made_by(wall);
    let row = sqlx::query("SELECT by_policy FROM project_filled WHERE project = $1");
    let row = row.bind(&project.id).fetch_optional(app.ledger.pool()).await?;
    if row.map(|row| row.try_get::<String, _>(0)).transpose()?.as_deref() == Some(&now) {
        return Ok(());
    }
    forget_all(app, catalog, &project.id).await?;
    let mut tx = app.ledger.write().await?;
    sqlx::query(
        "INSERT INTO project_filled (project, by_policy) VALUES ($1, $2) \
         ON CONFLICT (project) DO UPDATE SET by_policy = excluded.by_policy",
    )
    .bind(&project.id)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Forgets everything that was made or withheld; all subjects are made anew.
pub(super) async fn forget_all(app: &App, catalog: &Catalog, project: &str) -> Result<(), ProjectsError> {
    catalog.clear().await?;
    tasks::mark_all(app, project).await?;
    Ok(withheld::forget_all(app, project).await?)
}
