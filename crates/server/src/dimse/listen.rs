//! The sockets: plain and TLS, bounded in number, with an orderly end.

use super::commitment::{self, Commitments};
use super::session::converse;
use super::stream::{Stream, fingerprint};
use super::{Door, tls, transfers};
use crate::App;
use crate::sockets::{self, Accepting};
use crate::tls::TlsError;
use dicom::net::negotiate::SyntaxPreference;
use dicom::net::tcp::PromptStream;
use model::AeTitle;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// Connections that may wait for an answer to their request besides the open associations, so that
/// one too many hears "local limit exceeded" instead of silence.
const WAITING_ROOM: usize = 64;

/// Why the door can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The AE title breaks PS3.5 §6.2.
    #[error("dimse.ae_title can't be used: {0}")]
    Title(#[from] model::source::AeTitleError),
    /// Plain DICOM is for this machine alone, unless it is asked for.
    #[error(
        "dimse.listen = \"{0}\" can be reached from other machines, and what peers send there can be read \
         on the way; use dimse.tls_listen, or set dimse.plain_beyond_loopback = true on a protected network"
    )]
    PlainBeyondLoopback(SocketAddr),
    /// The table of jobs.
    #[error("the ledger's table of jobs can't be brought up to date")]
    Jobs(#[from] store::MigrateError),
    /// TLS is asked for without certificate and key.
    #[error("dimse.tls_listen needs dimse.tls_certificate and dimse.tls_key")]
    WithoutCertificate,
    /// The certificate, key or authorities can't be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The port is taken or not allowed.
    #[error("can't listen on {0} for DICOM")]
    Bind(SocketAddr, #[source] std::io::Error),
}

/// The open door.
#[derive(Debug)]
pub struct Listening {
    /// Where it listens without TLS.
    pub address: Option<SocketAddr>,
    /// Where it listens with TLS.
    pub tls_address: Option<SocketAddr>,
    tasks: JoinSet<()>,
}

impl Listening {
    /// Waits for the end: after the stop, associations get their time to finish.
    pub async fn ended(self) {
        self.tasks.join_all().await;
    }
}

/// Opens the door; it stays open until `stop`, and then gives associations their time to finish
/// what they are at.
///
/// # Errors
/// [`OpenError`]; nothing listens then.
pub async fn open(app: &Arc<App>, stop: CancellationToken) -> Result<Listening, OpenError> {
    let config = &app.config.dimse;
    let mut listening = Listening { address: None, tls_address: None, tasks: JoinSet::new() };
    let door = Arc::new(door(app, stop.clone())?);
    listening.tasks.spawn(commitment::work(Arc::clone(&door)));
    for number in 0..config.transfers_at_once {
        listening.tasks.spawn(transfers::work(Arc::clone(app), number, stop.clone()));
    }
    if !config.enabled {
        return Ok(listening);
    }
    if !config.listen.ip().is_loopback() && !config.plain_beyond_loopback {
        return Err(OpenError::PlainBeyondLoopback(config.listen));
    }
    let plain = bind(config.listen).await?;
    listening.address = plain.local_addr().ok();
    if let Some(address) = listening.address {
        // Set before only where a test opens the door twice.
        let _ = app.dimse_address.set(address);
    }
    let secure = match (config.tls_listen, tls::server(config)?) {
        (None, _) => None,
        (Some(_), None) => return Err(OpenError::WithoutCertificate),
        (Some(address), Some(tls)) => Some((bind(address).await?, TlsAcceptor::from(tls))),
    };
    listening.tls_address = secure.as_ref().and_then(|(socket, _)| socket.local_addr().ok());
    listening.tasks.spawn(accept(Arc::clone(&door), plain, None));
    if let Some((socket, tls)) = secure {
        listening.tasks.spawn(accept(door, socket, Some(tls)));
    }
    Ok(listening)
}

fn door(app: &Arc<App>, stop: CancellationToken) -> Result<Door, OpenError> {
    let config = &app.config.dimse;
    let title = AeTitle::parse(&config.ae_title)?;
    let syntaxes = SyntaxPreference { preferred: config.preferred_transfer_syntaxes.clone() };
    let seats = Arc::new(Semaphore::new(config.max_associations as usize));
    let commitments = Commitments::default();
    Ok(Door { app: Arc::clone(app), title, syntaxes, seats, commitments, stop })
}

async fn bind(address: SocketAddr) -> Result<TcpListener, OpenError> {
    TcpListener::bind(address).await.map_err(|error| OpenError::Bind(address, error))
}

async fn accept(door: Arc<Door>, socket: TcpListener, tls: Option<TlsAcceptor>) {
    let patience = Duration::from_secs(door.app.config.limits.shutdown_seconds.into());
    let places = door.config().max_associations as usize + WAITING_ROOM;
    let accepting = Accepting { name: "DICOM", stop: door.stop.clone(), patience };
    let seat = |open| (open < places).then_some(());
    sockets::accept(accepting, socket, seat, |stream, remote| {
        welcome(Arc::clone(&door), stream, remote, tls.clone())
    })
    .await;
}

async fn welcome(door: Arc<Door>, stream: TcpStream, remote: SocketAddr, tls: Option<TlsAcceptor>) {
    let Ok(stream) = PromptStream::new(stream) else { return };
    let Some(tls) = tls else {
        let stream: Stream = Box::new(stream);
        return converse(&door, stream, remote, None, false).await;
    };
    match tokio::time::timeout(door.timeouts().artim, tls.accept(stream)).await {
        Ok(Ok(stream)) => {
            let certificate = fingerprint(&stream);
            converse(&door, Box::new(stream), remote, certificate, true).await;
        }
        Ok(Err(error)) => {
            tracing::warn!(peer.address = %remote.ip(), %error, "a TLS handshake for DICOM failed");
        }
        Err(_) => tracing::warn!(peer.address = %remote.ip(), "a TLS handshake for DICOM took too long"),
    }
}
