//! Projects: the originals of enrolled patients, seen through the privacy wall in the project's own terms.
//!
//! A project has a catalog of its own, filled from de-identified headers alone (`fill`), so that searching in it
//! can neither find nor tell what the wall took away. Its images are made while they are read (`through`): there is
//! no second copy. What the wall withholds is kept in a list with the reason (`withheld`).
//! Read in this order: [`room`], `through`, `fill`, `tasks`, [`withheld`], [`decisions`],
//! [`enrol`], [`evidence`], [`leaving`], [`membership`].

pub(crate) mod decisions;
pub(crate) mod enrol;
pub(crate) mod evidence;
mod expected;
pub(crate) mod explain;
mod fill;
mod kept;
pub(crate) mod leaving;
pub(crate) mod membership;
mod read_before;
pub(crate) mod reports;
pub(crate) mod room;
mod tasks;
mod through;
pub(crate) mod withheld;

pub(crate) use room::{Place, Room};
pub(crate) use tasks::{count as waiting, mark_all, run, settle, settle_exam};

use crate::App;
use crate::config::Config;
use deid::pixels::{Engines, Onnx, Tesseract};
use govern::Project;
use kept::Kept;
use read_before::ReadBefore;
use room::Open;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use store::{Ledger, MigrateError, Migration};
use tokio::sync::{Mutex, Notify};
use vault::{MasterKey, Vault};

const TABLES: &[Migration] = &[
    Migration::both(1, include_str!("projects/tables.sql")),
    Migration::both(2, include_str!("projects/evidence.sql")),
    Migration::both(3, include_str!("projects/decisions.sql")),
];

/// Makes the tables.
pub(crate) async fn migrate(ledger: &Ledger) -> Result<(), MigrateError> {
    ledger.migrate("server.projects", TABLES).await
}

/// The projects that are open in this process, and the vault.
pub(crate) struct Projects {
    vault: Result<Vault, String>,
    open: RwLock<HashMap<String, Arc<Open>>>,
    opening: Mutex<()>,
    /// Files made lately, of all projects.
    kept: Arc<Kept>,
    /// What reads text in pixels, for all projects.
    pub(crate) engines: Engines,
    /// Told when there is something to fill.
    pub(crate) wake: Notify,
    answers: evidence::Answers,
    /// Told when evidence is asked for.
    wake_evidence: Notify,
}

/// Why a project can't be looked into. Nothing of it is shown then.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProjectsError {
    /// There is no such project, or it is closed now.
    #[error("there is no such project, or it is closed")]
    Closed,
    /// The vault is locked; the text says why and what to do.
    #[error("the vault is locked: {0}")]
    Locked(String),
    /// Evidence is required, and there is none that passed.
    #[error(
        "the project shows nothing before evidence of its de-identification has passed; \
         whoever manages the project asks for it on its page"
    )]
    Unproved,
    /// The policy can't be had.
    #[error("the project's policy can't be used: {0}")]
    Policy(String),
    /// A patient can't be enrolled.
    #[error("the patient can't be enrolled: {0}")]
    NotEnrolled(&'static str),
    /// A subject's rows can't be made now.
    #[error("what belongs to the subject can't be made now")]
    Filling(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The ledger.
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    /// The vault.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// The project's own catalog.
    #[error("the project's catalog can't be opened")]
    Open(#[from] store::OpenError),
    /// Its tables.
    #[error("the project's catalog can't be brought up to date")]
    Migrate(#[from] MigrateError),
}

/// What finds and reads text in pixels.
fn engines(deid: &crate::config::Deid) -> Engines {
    let detector = deid.detector.as_ref().map_or_else(Onnx::default, Onnx::new);
    let ocr = ReadBefore::new(Arc::new(Tesseract::new(&deid.ocr)));
    Engines { detector: Some(Arc::new(detector)), ocr: Some(Arc::new(ocr)) }
}

impl Projects {
    /// Opens the vault. One that stays locked locks the projects, nothing else.
    pub(crate) async fn open(config: &Config) -> Self {
        let vault = open_vault(config).await;
        let engines = engines(&config.deid);
        if let Err(why) = &vault {
            tracing::error!(%why, "the vault is locked; projects show nothing");
        }
        Self {
            vault,
            open: RwLock::default(),
            opening: Mutex::default(),
            kept: Arc::default(),
            engines,
            wake: Notify::new(),
            answers: evidence::Answers::default(),
            wake_evidence: Notify::new(),
        }
    }

    /// The vault, if it is open.
    pub(crate) fn vault(&self) -> Result<&Vault, ProjectsError> {
        self.vault.as_ref().map_err(|why| ProjectsError::Locked(why.clone()))
    }

    /// A project as it is now, opened anew where its policy has changed.
    pub(crate) async fn get(&self, app: &App, project: &Project) -> Result<Arc<Open>, ProjectsError> {
        let wanted = (project.terms.policy.as_str(), project.terms.policy_version);
        let found = |open: &Self| {
            let open = open.open.read().unwrap_or_else(PoisonError::into_inner);
            open.get(&project.id).filter(|one| one.is_by(wanted)).cloned()
        };
        if let Some(open) = found(self) {
            return Ok(open);
        }
        let _turn = self.opening.lock().await;
        if let Some(open) = found(self) {
            return Ok(open);
        }
        let opened = Arc::new(Open::new(app, self.vault()?, project).await?);
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.insert(project.id.clone(), Arc::clone(&opened));
        Ok(opened)
    }

    /// Closes what is open.
    pub(crate) async fn close(&self) {
        let open: Vec<_> =
            self.open.write().unwrap_or_else(PoisonError::into_inner).drain().map(|(_, open)| open).collect();
        for project in open {
            project.room.catalog.ledger().close().await;
        }
        if let Ok(vault) = &self.vault {
            vault.close().await;
        }
    }
}

async fn open_vault(config: &Config) -> Result<Vault, String> {
    let told = |error: &dyn std::error::Error| match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    };
    let ledger = Ledger::open(&config.vault_uri()).await.map_err(|error| told(&error))?;
    let file = config.vault_key_file();
    let made = Vault::is_made(&ledger).await.map_err(|error| told(&error))?;
    // A new key for a vault that is there would open nothing, and hide that the old one is missing.
    let master = if file.exists() || made { MasterKey::read(&file) } else { MasterKey::create(&file) };
    let master = master.map_err(|error| told(&error))?;
    Vault::open(ledger, &master).await.map_err(|error| told(&error))
}
