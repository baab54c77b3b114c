//! From settings to a listening server, and back down in order.

use crate::app::{App, OpenError};
use crate::config::Config;
use crate::dimse;
use crate::flight;
use crate::http::{self, Listener};
use crate::local::{FolderLock, LocalError};
use crate::mail::{MailError, Post};
use crate::mllp;
use crate::tls::{self, TlsError};
use crate::workers::indexer;
use rustls::ServerConfig;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Why the server can't start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The data folder.
    #[error(transparent)]
    Folder(#[from] LocalError),
    /// A room.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The certificate or key.
    #[error("TLS can't be set up")]
    Tls(#[from] TlsError),
    /// Plain HTTP is for this machine alone.
    #[error(
        "http.listen = \"{0}\" can be reached from other machines, so TLS is required: \
         set http.tls_certificate and http.tls_key, or listen on 127.0.0.1"
    )]
    PlainBeyondLoopback(SocketAddr),
    /// Nobody could sign in, and a stranger might be the first to try.
    #[error(
        "http.listen = \"{0}\" can be reached from other machines and there is no account yet; \
         make one first: isocenter user add NAME --role admin"
    )]
    NoAccount(SocketAddr),
    /// Only one of certificate and key.
    #[error("http.tls_certificate and http.tls_key belong together; one of them is missing")]
    HalfTls,
    /// The DICOM door.
    #[error(transparent)]
    Dimse(#[from] dimse::OpenError),
    /// The HL7 door.
    #[error(transparent)]
    Mllp(#[from] mllp::OpenError),
    /// The Flight SQL door.
    #[error(transparent)]
    Flight(#[from] flight::OpenError),
    /// The letters.
    #[error("letters can't be sent")]
    Mail(#[from] MailError),
    /// The port is taken or not allowed.
    #[error("can't listen on {0}")]
    Bind(SocketAddr, #[source] std::io::Error),
}

/// A server that listens; told to the caller so that it can print where.
pub struct Started {
    /// The open rooms.
    pub app: Arc<App>,
    /// The address HTTP listens on.
    pub http: SocketAddr,
    /// The address DICOM peers call without TLS, when that door is open.
    pub dimse: Option<SocketAddr>,
    /// The address DICOM peers call with TLS, when that door is open.
    pub dimse_tls: Option<SocketAddr>,
    /// The address HL7 messages are sent to without TLS, when that door is open.
    pub mllp: Option<SocketAddr>,
    /// The address HL7 messages are sent to with TLS, when that door is open.
    pub mllp_tls: Option<SocketAddr>,
    /// The address of Flight SQL, when that door is open, and whether it speaks TLS.
    pub flight: Option<(SocketAddr, bool)>,
    /// The address people type, without a slash at the end.
    pub url: String,
}

/// Runs the server until `stop`; calls `ready` once everything listens.
///
/// # Errors
/// [`ServeError`] when something can't be opened; nothing listens then.
pub async fn serve(
    config: Config,
    stop: CancellationToken,
    ready: impl AsyncFnOnce(Started),
) -> Result<(), ServeError> {
    let tls = tls_for(&config)?;
    let folder = FolderLock::take(&config.data)?;
    let app = App::open(config).await?;
    refuse_strangers(&app).await?;
    let doors = Doors::open(&app.config, tls).await?;
    run(&folder, app, doors, true, &stop, ready).await
}

/// Opens the data folder for the command line while no server runs: the same rooms behind the same
/// API, but reachable only by programs of this user on this machine. Runs until `stop`.
///
/// # Errors
/// As [`serve`].
pub async fn serve_locally(
    mut config: Config,
    stop: CancellationToken,
    ready: impl AsyncFnOnce(Started),
) -> Result<(), ServeError> {
    config.dimse.enabled = false;
    (config.mllp.listen, config.mllp.tls_listen, config.flight.listen) = (None, None, None);
    let folder = FolderLock::take(&config.data)?;
    let app = App::open(config).await?;
    let doors = Doors::local().await?;
    run(&folder, app, doors, false, &stop, ready).await
}

async fn run(
    folder: &FolderLock,
    app: Arc<App>,
    doors: Doors,
    stays: bool,
    stop: &CancellationToken,
    ready: impl AsyncFnOnce(Started),
) -> Result<(), ServeError> {
    let (http, local) = (doors.http_address, doors.local_address);
    // Set once: a process runs one server on one set of rooms.
    let _ = app.http_address.set(http);
    let post = Post::open(&app.config.mail)?;
    // Before anyone sends: intake asks the catalog once per series what is held.
    stay_behind(&app).await?;
    index_the_rest(&app).await;
    let peers = dimse::open(&app, stop.clone()).await?;
    let (dimse, dimse_tls) = (peers.address, peers.tls_address);
    let senders = mllp::open(&app, stop.clone()).await?;
    let (mllp, mllp_tls) = (senders.address, senders.tls_address);
    let statements = flight::open(&app).await?;
    let flight = statements.as_ref().map(|(listener, _, address)| (*address, listener.tls.is_some()));
    let mut running = doors.run(&app, stop);
    if let Some((listener, router, _)) = statements {
        running.spawn(http::run(listener, router, app.config.limits.clone(), stop.clone()));
    }
    running.spawn(crate::upkeep::run(Arc::clone(&app), stop.clone()));
    running.spawn(indexer::run(Arc::clone(&app), stop.clone()));
    running.spawn(crate::records::run(Arc::clone(&app), stop.clone()));
    running.spawn(crate::polling::run(Arc::clone(&app), stays, stop.clone()));
    running.spawn(crate::elsewhere::run(Arc::clone(&app), stop.clone()));
    running.spawn(crate::facts::run(Arc::clone(&app), stop.clone()));
    running.spawn(crate::routing::run(Arc::clone(&app), stop.clone()));
    running.spawn(crate::projects::run(Arc::clone(&app), stop.clone()));
    running.spawn(crate::projects::evidence::work(Arc::clone(&app), stop.clone()));
    running.spawn(crate::downloads::work(Arc::clone(&app), stop.clone()));
    running.spawn(crate::releases::work::work(Arc::clone(&app), stop.clone()));
    running.spawn(crate::mail::run(Arc::clone(&app), post.filter(|_| stays), stop.clone()));
    folder.announce(local, &app.local_token, stays)?;
    let url = app.config.base_url(http);
    ready(Started { app: Arc::clone(&app), http, dimse, dimse_tls, mllp, mllp_tls, flight, url }).await;
    running.join_all().await;
    peers.ended().await;
    senders.ended().await;
    app.beside.close();
    app.beside.wait().await;
    index_the_rest(&app).await;
    app.close().await;
    Ok(())
}

/// Has everything new appended behind what is indexed already, even if the archive has lost some of that:
/// it would be taken for known, and never be found.
async fn stay_behind(app: &App) -> Result<(), ServeError> {
    let Some(reached) = indexer::reached(&app.catalog).await.map_err(OpenError::Query)? else {
        return Ok(());
    };
    match app.archive.begin_behind(reached).await {
        Ok(true) => tracing::error!("the archive has lost something that was indexed; run isocenter verify"),
        Ok(false) => {}
        Err(error) => tracing::error!(%error, "the archive could not begin a new segment"),
    }
    Ok(())
}

/// Indexes what an earlier process, or the last moment, left. A failure is no reason not to go on:
/// the indexer tries again.
async fn index_the_rest(app: &App) {
    let caught_up = indexer::catch_up(&app.archive, &app.catalog, |entries| {
        tracing::info!(entries, "indexing what was left");
    });
    if let Err(error) = caught_up.await {
        tracing::warn!(%error, "not everything the archive holds is indexed");
    }
}

/// Beyond this machine there must be someone who can sign in.
async fn refuse_strangers(app: &App) -> Result<(), ServeError> {
    let listen = app.config.http.listen;
    if listen.ip().is_loopback() {
        return Ok(());
    }
    let accounts = app.govern.accounts.list().await.map_err(OpenError::Query)?;
    if accounts.is_empty() { Err(ServeError::NoAccount(listen)) } else { Ok(()) }
}

fn tls_for(config: &Config) -> Result<Option<Arc<ServerConfig>>, ServeError> {
    match (&config.http.tls_certificate, &config.http.tls_key) {
        (Some(certificate), Some(key)) => Ok(Some(tls::http_server(certificate, key)?)),
        (None, None) if config.http.listen.ip().is_loopback() => Ok(None),
        (None, None) => Err(ServeError::PlainBeyondLoopback(config.http.listen)),
        _ => Err(ServeError::HalfTls),
    }
}

/// The bound sockets. The command line on this machine gets a plain loopback one of its own
/// when the public one speaks TLS.
struct Doors {
    listeners: Vec<Listener>,
    http_address: SocketAddr,
    local_address: SocketAddr,
}

impl Doors {
    async fn open(config: &Config, tls: Option<Arc<ServerConfig>>) -> Result<Self, ServeError> {
        let (socket, http_address) = bind(config.http.listen).await?;
        let public = Listener { socket, tls };
        if public.tls.is_none() {
            return Ok(Self { listeners: vec![public], http_address, local_address: http_address });
        }
        let local = Self::local().await?;
        let local_address = local.local_address;
        let listeners = local.listeners.into_iter().chain([public]).collect();
        Ok(Self { listeners, http_address, local_address })
    }

    /// A plain door on loopback alone, on whatever port is free.
    async fn local() -> Result<Self, ServeError> {
        let (socket, address) = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let listeners = vec![Listener { socket, tls: None }];
        Ok(Self { listeners, http_address: address, local_address: address })
    }

    fn run(self, app: &Arc<App>, stop: &CancellationToken) -> JoinSet<()> {
        let router = http::router(Arc::clone(app));
        let limits = &app.config.limits;
        let tasks = self.listeners.into_iter();
        tasks.map(|listener| http::run(listener, router.clone(), limits.clone(), stop.clone())).collect()
    }
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServeError> {
    let failed = |error| ServeError::Bind(address, error);
    let socket = TcpListener::bind(address).await.map_err(failed)?;
    let bound = socket.local_addr().map_err(failed)?;
    Ok((socket, bound))
}
