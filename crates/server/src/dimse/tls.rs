//! TLS for DICOM (PS3.15 Annex B): peers prove themselves by certificate, signed by an authority
//! that is configured or known by its fingerprint.

use super::stream::digest;
use crate::config;
use crate::tls::{TlsError, read_chain, read_key};
use model::Sha256Digest;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, RootCertStore};
use rustls::{ServerConfig, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use std::path::Path;
use std::sync::Arc;

/// TLS for the listener, when certificate and key are set.
pub(super) fn server(config: &config::Dimse) -> Result<Option<Arc<ServerConfig>>, TlsError> {
    let (Some(certificate), Some(key)) = (&config.tls_certificate, &config.tls_key) else {
        return Ok(None);
    };
    for_peers(certificate, key, config.tls_client_authorities.as_deref()).map(Some)
}

/// TLS for a door that peers call: with authorities, they must show a certificate that one of them signed.
pub(crate) fn for_peers(
    certificate: &Path,
    key: &Path,
    authorities: Option<&Path>,
) -> Result<Arc<ServerConfig>, TlsError> {
    let provider = provider();
    let clients: Arc<dyn ClientCertVerifier> = match authorities {
        Some(authorities) => {
            let roots = Arc::new(roots(authorities)?);
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, Arc::clone(&provider));
            verifier.build().map_err(|error| pem(authorities, &error.to_string()))?
        }
        None => Arc::new(AnyClient(provider.signature_verification_algorithms)),
    };
    let server = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Pair)?
        .with_client_cert_verifier(clients)
        .with_single_cert(read_chain(certificate)?, read_key(key)?)
        .map_err(TlsError::Pair)?;
    Ok(Arc::new(server))
}

/// TLS for calling a peer: its certificate must have this fingerprint, or be signed by a configured
/// authority. We show our own certificate when we have one.
pub(crate) fn client(
    config: &config::Dimse,
    fingerprint: Option<Sha256Digest>,
) -> Result<Arc<ClientConfig>, TlsError> {
    let provider = provider();
    let algorithms = provider.signature_verification_algorithms;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Pair)?;
    let builder = match (fingerprint, &config.tls_client_authorities) {
        (Some(wanted), _) => {
            let pinned = Arc::new(Pinned { wanted, algorithms });
            builder.dangerous().with_custom_certificate_verifier(pinned)
        }
        (None, Some(authorities)) => builder.with_root_certificates(roots(authorities)?),
        (None, None) => builder.with_root_certificates(RootCertStore::empty()),
    };
    let client = match (&config.tls_certificate, &config.tls_key) {
        (Some(certificate), Some(key)) => {
            builder.with_client_auth_cert(read_chain(certificate)?, read_key(key)?).map_err(TlsError::Pair)?
        }
        _ => builder.with_no_client_auth(),
    };
    Ok(Arc::new(client))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn roots(path: &Path) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    for certificate in read_chain(path)? {
        roots.add(certificate).map_err(|error| pem(path, &error.to_string()))?;
    }
    Ok(roots)
}

fn pem(path: &Path, reason: &str) -> TlsError {
    TlsError::Pem { path: path.into(), reason: reason.into() }
}

/// Asks clients for a certificate and takes whichever they have the key of, or none: it proves
/// nothing here. Which peer it stands for is decided by its fingerprint, against the peers' entries.
#[derive(Debug)]
struct AnyClient(WebPkiSupportedAlgorithms);

impl ClientCertVerifier for AnyClient {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}

/// Takes exactly one certificate.
#[derive(Debug)]
struct Pinned {
    wanted: Sha256Digest,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if digest(end_entity) == self.wanted {
            return Ok(ServerCertVerified::assertion());
        }
        Err(CertificateError::ApplicationVerificationFailure.into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
