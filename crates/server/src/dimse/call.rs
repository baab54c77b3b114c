//! Calling a peer: TCP, TLS where its entry says so, then an association.

use super::stream::Stream;
use super::tls;
use crate::App;
use crate::tls::TlsError;
use dicom::net::scu::{self, ConnectError, Proposal};
use dicom::net::tcp::PromptStream;
use dicom::net::{Association, Timeouts};
use govern::Peer;
use model::{AeTitle, source::AeTitleError};
use rustls_pki_types::ServerName;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// How long a peer may take to pick up.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a peer can't be called.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// Its entry has no address.
    #[error("the peer's entry has no host and port to call")]
    NoAddress,
    /// Our own title can't be used.
    #[error("dimse.ae_title can't be used: {0}")]
    Title(#[from] AeTitleError),
    /// Nobody picks up.
    #[error("the peer can't be reached: {0}")]
    Unreachable(std::io::Error),
    /// Nobody picks up in time.
    #[error("the peer did not pick up in {} s", PATIENCE.as_secs())]
    Slow,
    /// TLS can't be set up here.
    #[error("TLS can't be set up: {0}")]
    Tls(#[from] TlsError),
    /// The peer's TLS is not to be trusted or understood.
    #[error("no TLS connection was made: {0}")]
    Handshake(std::io::Error),
    /// No association was made.
    #[error(transparent)]
    Association(#[from] ConnectError),
}

/// A proposal to this peer in our name.
pub(crate) fn proposal(
    app: &App,
    peer: &Peer,
    contexts: Vec<(String, Vec<String>)>,
) -> Result<Proposal, CallError> {
    let ours = AeTitle::parse(&app.config.dimse.ae_title)?;
    Ok(Proposal::new(peer.ae_title.clone(), ours, contexts))
}

/// Calls a peer and makes an association.
///
/// # Errors
/// [`CallError`] says at which step it ended.
pub(crate) async fn call(
    app: &App,
    peer: &Peer,
    proposal: &Proposal,
) -> Result<Association<Stream>, CallError> {
    let stream = connect(app, peer).await?;
    let patience = Duration::from_secs(app.config.dimse.idle_seconds.into());
    let timeouts = Timeouts { artim: Duration::from_secs(30), idle: patience, stall: patience };
    Ok(scu::connect(stream, proposal, timeouts).await?)
}

async fn connect(app: &App, peer: &Peer) -> Result<Stream, CallError> {
    let (Some(host), Some(port)) = (peer.host.as_deref(), peer.port) else {
        return Err(CallError::NoAddress);
    };
    let dial = tokio::time::timeout(PATIENCE, TcpStream::connect((host, port)));
    let socket = dial.await.map_err(|_| CallError::Slow)?.map_err(CallError::Unreachable)?;
    let stream = PromptStream::new(socket).map_err(CallError::Unreachable)?;
    if !peer.tls {
        return Ok(Box::new(stream));
    }
    let tls = TlsConnector::from(tls::client(&app.config.dimse, peer.fingerprint)?);
    let name = ServerName::try_from(host.to_owned())
        .map_err(|error| CallError::Handshake(std::io::Error::other(error)))?;
    let handshake = tokio::time::timeout(PATIENCE, tls.connect(name, stream));
    let stream = handshake.await.map_err(|_| CallError::Slow)?.map_err(CallError::Handshake)?;
    Ok(Box::new(stream))
}
