//! The sockets: plain and TLS, bounded in number, with an orderly end.

use super::admit::{PeerError, Peers};
use super::session::converse;
use super::{Door, LARGE_AT_ONCE};
use crate::App;
use crate::dimse::stream::Stream;
use crate::dimse::tls;
use crate::sockets::{self, Accepting};
use crate::tls::TlsError;
use dicom::net::tcp::PromptStream;
use govern::audit::Outcome;
use govern::{Entry, PeerRights, Principal};
use model::Timestamp;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// The door's word in the audit log.
pub(super) const DOOR: &str = "mllp";

/// Seconds for a TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(30);

/// Why the door can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Anybody could send.
    #[error("mllp.listen = \"{0}\" can be reached from other machines: say in mllp.peers who may send there")]
    PlainForAll(SocketAddr),
    /// Anybody could send.
    #[error(
        "mllp.tls_listen = \"{0}\" can be reached from other machines: say in mllp.peers who may send there, or in \
         mllp.tls_client_authorities who signs the senders' certificates"
    )]
    TlsForAll(SocketAddr),
    /// TLS is asked for without certificate and key.
    #[error("mllp.tls_listen needs mllp.tls_certificate and mllp.tls_key")]
    WithoutCertificate,
    /// A sender that can't be meant.
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// The certificate, key or authorities can't be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The port is taken or not allowed.
    #[error("can't listen on {0} for HL7")]
    Bind(SocketAddr, #[source] std::io::Error),
}

/// The open door; without an address set it is closed, and this holds nothing.
#[derive(Debug)]
pub struct Listening {
    /// Where it listens without TLS.
    pub address: Option<SocketAddr>,
    /// Where it listens with TLS.
    pub tls_address: Option<SocketAddr>,
    tasks: JoinSet<()>,
}

impl Listening {
    /// Waits for the end: after the stop, messages under way are answered.
    pub async fn ended(self) {
        self.tasks.join_all().await;
    }
}

/// Opens the door; it stays open until `stop`.
///
/// # Errors
/// [`OpenError`]; nothing listens then.
pub async fn open(app: &Arc<App>, stop: CancellationToken) -> Result<Listening, OpenError> {
    let config = &app.config.mllp;
    let mut listening = Listening { address: None, tls_address: None, tasks: JoinSet::new() };
    let peers = Peers::parse(&config.peers)?;
    refuse_strangers(config, &peers)?;
    let secure = match (config.tls_listen, &config.tls_certificate, &config.tls_key) {
        (None, ..) => None,
        (Some(address), Some(certificate), Some(key)) => {
            let tls = tls::for_peers(certificate, key, config.tls_client_authorities.as_deref())?;
            Some((bind(address).await?, TlsAcceptor::from(tls)))
        }
        (Some(_), ..) => return Err(OpenError::WithoutCertificate),
    };
    let plain = match config.listen {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    let large = Arc::new(Semaphore::new(LARGE_AT_ONCE));
    let door = Arc::new(Door { app: Arc::clone(app), peers, large, answers: AtomicU64::new(0), stop });
    let seats = Arc::new(Semaphore::new(config.connections as usize));
    if let Some(socket) = plain {
        listening.address = socket.local_addr().ok();
        listening.tasks.spawn(accept(Arc::clone(&door), socket, None, Arc::clone(&seats)));
    }
    if let Some((socket, tls)) = secure {
        listening.tls_address = socket.local_addr().ok();
        listening.tasks.spawn(accept(door, socket, Some(tls), seats));
    }
    Ok(listening)
}

/// Beyond this machine somebody must have said who may send.
fn refuse_strangers(config: &crate::config::Mllp, peers: &Peers) -> Result<(), OpenError> {
    let open = |address: Option<SocketAddr>| {
        address.filter(|address| !address.ip().is_loopback() && peers.is_empty())
    };
    match (open(config.listen), open(config.tls_listen)) {
        (Some(address), _) => Err(OpenError::PlainForAll(address)),
        (_, Some(address)) if config.tls_client_authorities.is_none() => Err(OpenError::TlsForAll(address)),
        _ => Ok(()),
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, OpenError> {
    TcpListener::bind(address).await.map_err(|error| OpenError::Bind(address, error))
}

async fn accept(door: Arc<Door>, socket: TcpListener, tls: Option<TlsAcceptor>, seats: Arc<Semaphore>) {
    let patience = Duration::from_secs(door.app.config.limits.shutdown_seconds.into());
    let accepting = Accepting { name: "HL7", stop: door.stop.clone(), patience };
    let seat = |_| Arc::clone(&seats).try_acquire_owned().ok();
    sockets::accept(accepting, socket, seat, |stream, remote| {
        welcome(Arc::clone(&door), stream, remote.ip().to_canonical(), tls.clone())
    })
    .await;
}

async fn welcome(door: Arc<Door>, stream: TcpStream, address: IpAddr, tls: Option<TlsAcceptor>) {
    let secure = tls.is_some();
    let Some((stream, proven)) = secured(&door, stream, address, tls).await else { return };
    if door.peers.admit(address, proven).await {
        converse(&door, stream, address, secure).await;
    } else {
        note_refusal(&door, address).await;
    }
}

/// The stream to speak over, and whether the sender's certificate was checked.
async fn secured(
    door: &Door,
    stream: TcpStream,
    address: IpAddr,
    tls: Option<TlsAcceptor>,
) -> Option<(Stream, bool)> {
    let stream = PromptStream::new(stream).ok()?;
    let Some(tls) = tls else { return Some((Box::new(stream), false)) };
    match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
        // With authorities set, rustls lets nobody in without a certificate signed by one.
        Ok(Ok(stream)) => Some((Box::new(stream), door.config().tls_client_authorities.is_some())),
        Ok(Err(error)) => {
            tracing::warn!(peer.address = %address, %error, "a TLS handshake for HL7 failed");
            None
        }
        Err(_) => {
            tracing::warn!(peer.address = %address, "a TLS handshake for HL7 took too long");
            None
        }
    }
}

async fn note_refusal(door: &Door, address: IpAddr) {
    let why = "no peer with this address is listed";
    tracing::warn!(peer.address = %address, why, "an HL7 connection was refused");
    let who = Principal::peer(format!("unknown:{address}"), PeerRights::default());
    let entry = Entry::event(&who, "connect", DOOR, Outcome::Refused, Timestamp::now())
        .with("address", address.to_string())
        .with("why", why);
    if door.app.govern.audit.record_soon(entry).await.is_err() {
        tracing::error!("the audit log could not be written");
    }
}
