//! A connection, plain or TLS.

use dicom::net::tcp::PromptStream;
use model::Sha256Digest;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncWrite};

/// Anything an association can run over.
pub(crate) trait Connection: AsyncRead + AsyncWrite + Unpin + Send + Sync {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync> Connection for T {}

/// A connection, plain or TLS.
pub(crate) type Stream = Box<dyn Connection>;

/// SHA-256 of the certificate the client at the other end showed, if it did.
pub(crate) fn fingerprint(tls: &tokio_rustls::server::TlsStream<PromptStream>) -> Option<Sha256Digest> {
    let (_, session) = tls.get_ref();
    session.peer_certificates()?.first().map(|certificate| digest(certificate))
}

/// SHA-256 of a certificate's DER bytes.
pub(crate) fn digest(certificate: &[u8]) -> Sha256Digest {
    Sha256Digest(Sha256::digest(certificate).into())
}
