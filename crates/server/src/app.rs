//! What the handlers and workers share: the settings and every open room.

use crate::config::{Config, SignIn};
use crate::desk::Desk;
use crate::dimse::transfers;
use crate::downloads;
use crate::elsewhere;
use crate::forecast::History;
use crate::health::Health;
use crate::http::limits::Rates;
use crate::http::slides::Openings;
use crate::http::stow;
use crate::metrics::Metrics;
use crate::policies;
use crate::polling::{self, Polls};
use crate::projects::{self, Projects};
use crate::routing;
use crate::scrubs;
use crate::text_model::TextModel;
use crate::tls;
use crate::workers::indexer;
use archive::Archive;
use catalog::{Catalog, Counts, ModalityCounts};
use govern::oidc::Oidc;
use govern::{Govern, Secret, SessionLife};
use intake::{Intake, uploads::Uploads};
use model::Timestamp;
use records::Records;
use records::vocabulary::Vocabulary;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use store::Ledger;
use tokio::sync::Mutex;
use tokio_util::task::TaskTracker;
use view::View;
use warehouse::Warehouse;
use warehouse::engine::omop::Vocabularies;

/// The open rooms. One per process; handlers get it as axum's state.
pub struct App {
    /// The settings in force.
    pub config: Config,
    /// The relational ledger.
    pub ledger: Ledger,
    /// Accounts, sessions, tokens, peers and the audit log.
    pub govern: Govern,
    /// The shelves.
    pub archive: Arc<Archive>,
    /// What is on the shelves.
    pub catalog: Arc<Catalog>,
    /// Orders, reports and the rest of the clinical record.
    pub records: Records,
    /// Facts about all of it, and the questions asked of them.
    pub(crate) warehouse: Warehouse,
    /// Reads reports, with the words of the site.
    pub(crate) reader: Arc<reading::Reader>,
    /// A model that says a word on what was read, if the settings name one that works.
    pub(crate) text_model: Option<Arc<TextModel>>,
    /// Projects, and who their subjects are.
    pub(crate) projects: Projects,
    /// Retrieval, frames and pictures.
    pub view: View,
    /// Whose turn it is to index: the indexer's, or a rebuild's.
    pub(crate) indexing: Arc<Mutex<()>>,
    /// Told when a rebuild has ended, wherever it got to: the indexer goes on from there.
    pub(crate) catalog_moved: tokio::sync::Notify,
    /// The law behind every front door.
    pub intake: Intake,
    /// Uploads in progress.
    pub(crate) uploads: Uploads,
    /// Memory for instances made of metadata and bulk data, in KiB, for all requests together.
    pub(crate) assembling: tokio::sync::Semaphore,
    /// What `/metrics` tells.
    pub metrics: Metrics,
    /// What the workers last met.
    pub(crate) health: Health,
    /// How often each caller may come.
    pub(crate) rates: Rates,
    /// Slides somebody looks at.
    pub(crate) slides_open: Openings,
    /// The OpenID Connect provider, once someone has asked for it.
    pub(crate) provider: OnceLock<Oidc>,
    counted: Mutex<Option<(Instant, Counts)>>,
    counted_by_modality: Mutex<Option<Told>>,
    /// Told when a transfer to or from a peer was put in the queue.
    pub(crate) transfers: tokio::sync::Notify,
    /// Told when a transfer was cancelled.
    pub(crate) transfer_cancelled: tokio::sync::Notify,
    /// Told when a download was put in the queue.
    pub(crate) downloads: tokio::sync::Notify,
    /// FHIR servers that are being asked, or shall be.
    pub(crate) polls: Polls,
    /// Told when a download was cancelled or forgotten.
    /// What was asked to leave, and what became of it.
    pub(crate) releases: release::Releases,
    /// Where the packages of releases are.
    pub(crate) packages: store::Blobs,
    /// Told when a release is to be made.
    pub(crate) wake_releases: tokio::sync::Notify,
    pub(crate) download_ended: tokio::sync::Notify,
    /// What runs beside the server in this process; it ends before the rooms are closed.
    pub beside: TaskTracker,
    /// People's work on exams as it is changed.
    pub(crate) desk: Desk,
    /// When this process opened its rooms.
    pub started: Timestamp,
    /// The address HTTP really listens on, once it does: the settings may leave the port open.
    pub(crate) http_address: OnceLock<SocketAddr>,
    /// The address the DICOM network door really listens on, once it does.
    pub(crate) dimse_address: OnceLock<SocketAddr>,
    /// The operator's bearer token, told through [`crate::local`].
    pub(crate) local_token: Secret,
}

/// Counts as they were told.
struct Told {
    at: Timestamp,
    counted: Instant,
    took: Duration,
    counts: Vec<ModalityCounts>,
    arrived: History,
}

/// How long a request waits for indexing.
const FINDABLE_WITHIN: Duration = Duration::from_secs(5);

/// Why the rooms can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The ledger.
    #[error("the ledger can't be opened")]
    Ledger(#[from] store::OpenError),
    /// Its tables.
    #[error("the ledger's tables can't be brought up to date")]
    Migrate(#[from] store::MigrateError),
    /// A place for segments.
    #[error("a place for segments can't be used: see store.objects and archive.second_copy")]
    Location(#[from] store::blobs::LocationError),
    /// The facts.
    #[error(
        "the warehouse can't be opened: see store.facts; if its files are damaged, remove them and they are made again"
    )]
    Warehouse(#[from] warehouse::WarehouseError),
    /// The vocabularies of OMOP.
    #[error("the vocabularies of OMOP can't be used: see facts.vocabularies")]
    Concepts(#[source] std::io::Error),
    /// The shelves.
    #[error("the archive can't be opened")]
    Archive(#[from] archive::OpenError),
    /// A question to the ledger.
    #[error("the ledger did not answer")]
    Query(#[from] sqlx::Error),
    /// The words reports are read with.
    #[error("the words reports are read with can't be used: see reading.lexicon")]
    Words(#[from] crate::lexicon::WordsError),
    /// The first account.
    #[error("the first administrator's account can't be made")]
    FirstAccount(#[source] govern::accounts::AccountError),
    /// The audit log.
    #[error(transparent)]
    Audit(govern::audit::AuditError),
    /// The folder of uploads in progress.
    #[error("the folder for uploads in progress can't be made")]
    Uploads(#[source] std::io::Error),
}

impl App {
    /// Opens every room. The caller holds the data folder's lock.
    ///
    /// # Errors
    /// [`OpenError`] says which room and why.
    pub async fn open(config: Config) -> Result<Arc<Self>, OpenError> {
        tls::prepare();
        let ledger = Ledger::open(&config.ledger_uri()).await?;
        ledger.migrate_jobs().await?;
        scrubs::migrate(&ledger).await?;
        downloads::migrate(&ledger).await?;
        transfers::migrate(&ledger).await?;
        routing::migrate(&ledger).await?;
        elsewhere::migrate(&ledger).await?;
        policies::migrate(&ledger).await?;
        polling::migrate(&ledger).await?;
        projects::migrate(&ledger).await?;
        let projects = Projects::open(&config).await;
        let govern = Govern::open(&ledger, session_life(&config)).await?;
        let archive = Arc::new(Archive::open(config.archive_config()?).await?);
        let catalog = Catalog::open(ledger.clone()).await?;
        let catalog = Arc::new(catalog.with_headers(archive.clone()));
        let records = Records::open(ledger.clone()).await?;
        let facts = config.facts()?;
        let warehouse = Warehouse::open(ledger.clone(), (*catalog).clone(), records.clone(), &facts).await?;
        let warehouse = warehouse.answered_at(&config.facts.engine).await?;
        let reader = Arc::new(crate::lexicon::reader(config.reading.lexicon.as_deref())?);
        let warehouse = warehouse.with_vocabulary(Vocabulary::of(reader.lexicon()));
        let warehouse = match &config.facts.vocabularies {
            Some(folder) => warehouse.with_concepts(Vocabularies::at(folder).map_err(OpenError::Concepts)?),
            None => warehouse,
        };
        let releases = release::Releases::open(ledger.clone()).await?;
        let packages = config.releases()?;
        let health = Health::default();
        let text_model = text_model(&config, &health);
        let intake = Intake::new(archive.clone(), catalog.clone(), config.intake_limits());
        let uploads = Uploads::open(config.data.join("uploads")).map_err(OpenError::Uploads)?;
        let view = View::new(archive.clone());
        let rates = Rates::new(config.limits.requests_per_second);
        Ok(Arc::new(Self {
            config,
            ledger,
            govern,
            archive,
            records,
            warehouse,
            reader,
            text_model,
            projects,
            view,
            catalog,
            indexing: Arc::default(),
            catalog_moved: tokio::sync::Notify::new(),
            intake,
            uploads,
            assembling: tokio::sync::Semaphore::new(stow::ASSEMBLING_KIB),
            metrics: Metrics::default(),
            health,
            rates,
            slides_open: Openings::default(),
            provider: OnceLock::new(),
            counted: Mutex::default(),
            counted_by_modality: Mutex::default(),
            transfers: tokio::sync::Notify::new(),
            transfer_cancelled: tokio::sync::Notify::new(),
            releases,
            packages,
            wake_releases: tokio::sync::Notify::new(),
            downloads: tokio::sync::Notify::new(),
            polls: Polls::default(),
            download_ended: tokio::sync::Notify::new(),
            beside: TaskTracker::new(),
            desk: Desk::default(),
            started: Timestamp::now(),
            http_address: OnceLock::new(),
            dimse_address: OnceLock::new(),
            local_token: Secret::random(""),
        }))
    }

    /// Finishes what is under way and closes the rooms, the shelves first.
    pub async fn close(&self) {
        let archive = Arc::clone(&self.archive);
        // It waits for its threads, which may be waiting for the disk.
        if tokio::task::spawn_blocking(move || archive.close()).await.is_err() {
            tracing::error!("the archive did not close in order");
        }
        self.govern.audit.close().await;
        self.projects.close().await;
        self.ledger.close().await;
    }

    /// Waits until what the archive holds now is found by queries: people look for what they have just
    /// done. Gives up after some seconds, when much is arriving; then it is found a little later.
    pub(crate) async fn findable(&self) {
        if let Ok(Err(error)) = tokio::time::timeout(FINDABLE_WITHIN, self.catch_up()).await {
            tracing::warn!(%error, "what was done will be found once indexing works again");
        }
    }

    /// Indexes what the archive holds now, when it is our turn.
    ///
    /// # Errors
    /// [`indexer::IndexerError`]; what was indexed before stays.
    pub(crate) async fn catch_up(&self) -> Result<u64, indexer::IndexerError> {
        let _turn = self.indexing.lock().await;
        indexer::catch_up(&self.archive, &self.catalog, |_| ()).await
    }

    /// How much there is, as of a while ago: counting takes seconds in a catalog of a million exams, so
    /// it is done again after half a minute or a hundred times as long as it took.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn counts(&self) -> Result<Counts, sqlx::Error> {
        let mut counted = self.counted.lock().await;
        if let Some((until, counts)) = *counted
            && Instant::now() < until
        {
            return Ok(counts);
        }
        let begun = Instant::now();
        let counts = self.catalog.counts().await?;
        let took = begun.elapsed();
        // A small catalog is counted every time, so that what was just sent shows.
        let until = Instant::now() + (took * 100).max(Duration::from_secs(30));
        *counted = (took > Duration::from_millis(100)).then_some((until, counts));
        Ok(counts)
    }

    /// How much there is of each modality, what came in the last weeks, and when that was counted. Counting reads every instance's
    /// row, so it is done again only after a hundred times as long as it took.
    ///
    /// # Errors
    /// The ledger's.
    pub(crate) async fn counts_by_modality(
        &self,
    ) -> Result<(Timestamp, Vec<ModalityCounts>, History), sqlx::Error> {
        let mut told = self.counted_by_modality.lock().await;
        if let Some(told) = &*told
            && told.counted.elapsed() < told.took * 100
        {
            return Ok((told.at, told.counts.clone(), told.arrived.clone()));
        }
        let (at, counted) = (Timestamp::now(), Instant::now());
        let counts = self.catalog.counts_by_modality().await?;
        let arrived = History::of(at, self.catalog.arrived_by_day(History::since(at)).await?);
        let took = counted.elapsed();
        *told = Some(Told { at, counted, took, counts: counts.clone(), arrived: arrived.clone() });
        Ok((at, counts, arrived))
    }

    /// Makes a one-time sign-in link for an account: the URL and when it stops working.
    ///
    /// # Errors
    /// The ledger's, also when there is no such account.
    pub async fn sign_in_link(&self, account: &str) -> Result<(String, Timestamp), sqlx::Error> {
        let life = i64::from(self.config.sign_in.link_minutes) * 60_000_000;
        let expires_at = Timestamp::from_micros(Timestamp::now().as_micros() + life);
        let secret = self.govern.links.create(account, expires_at).await?;
        Ok((format!("{}/auth/link/{}", self.base_url(), secret.reveal()), expires_at))
    }

    /// The address people and programs reach us at, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.config.base_url(self.http_address.get().copied().unwrap_or(self.config.http.listen))
    }
}

/// The text model, if there is one that works. Without it reports are read by rules.
fn text_model(config: &Config, health: &Health) -> Option<Arc<TextModel>> {
    let opened = TextModel::of(config);
    health.note("reading", opened.as_ref().map(drop));
    if let Err(error) = &opened {
        tracing::warn!(error = error as &dyn std::error::Error, "reports are read without the text model");
    }
    opened.ok().flatten().map(Arc::new)
}

fn session_life(config: &Config) -> SessionLife {
    let SignIn { idle_minutes, session_hours, .. } = config.sign_in;
    SessionLife { idle_minutes, minutes: session_hours.saturating_mul(60) }
}
