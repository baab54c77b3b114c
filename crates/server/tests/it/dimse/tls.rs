//! DICOM over TLS: certificates as a peer's proof.

use super::support::{EVERYTHING, House, dcmtk, run};
use govern::Peer;
use model::{AeTitle, Sha256Digest};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use server::config::UnknownPeers;
use sha2::{Digest as _, Sha256};
use std::path::Path;

/// Writes a certificate and its key; gives the certificate's fingerprint.
pub fn write(folder: &Path, name: &str, authority: Option<&CertifiedIssuer<'_, KeyPair>>) -> Sha256Digest {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["localhost".into(), "127.0.0.1".into()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    let certificate = match authority {
        Some(authority) => params.signed_by(&key, authority).unwrap(),
        None => params.self_signed(&key).unwrap(),
    };
    std::fs::write(folder.join(format!("{name}.pem")), certificate.pem()).unwrap();
    std::fs::write(folder.join(format!("{name}.key")), key.serialize_pem()).unwrap();
    Sha256Digest(Sha256::digest(certificate.der()).into())
}

pub fn authority(folder: &Path) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, "Test authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    std::fs::write(folder.join("authority.pem"), authority.pem()).unwrap();
    authority
}

async fn house(with_authority: bool) -> (House, Sha256Digest) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let authority = authority(&path);
    write(&path, "server", Some(&authority));
    let client = write(&path, "client", with_authority.then_some(&authority));
    write(&path, "stranger", None);
    let house = House::open_in(folder, |config| {
        config.unknown_peers = UnknownPeers::Refuse;
        config.tls_listen = Some("127.0.0.1:0".parse().unwrap());
        config.tls_certificate = Some(path.join("server.pem"));
        config.tls_key = Some(path.join("server.key"));
        config.tls_client_authorities = with_authority.then(|| path.join("authority.pem"));
    })
    .await;
    (house, client)
}

async fn echo(house: &House, certificate: &str) -> (bool, String) {
    let file = |name: &str| house.folder.path().join(name).display().to_string();
    let (key, pem, trusted) =
        (file(&format!("{certificate}.key")), file(&format!("{certificate}.pem")), file("authority.pem"));
    let port = house.tls_address.unwrap().port().to_string();
    let arguments = ["-aet", "CT1", "+tls", &key, &pem, "+cf", &trusted, "127.0.0.1", &port];
    run(Path::new("/usr/bin/echoscu"), &arguments).await
}

fn by_certificate(fingerprint: Sha256Digest) -> Peer {
    Peer {
        name: "ct1".into(),
        ae_title: AeTitle::parse("CT1").unwrap(),
        host: None,
        port: None,
        tls: true,
        networks: Vec::new(),
        fingerprint: Some(fingerprint),
        rights: EVERYTHING,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_is_known_by_its_certificate() {
    if dcmtk("echoscu").is_none() {
        return;
    }
    let (house, client) = house(false).await;
    house.app.govern.peers.put(by_certificate(client)).await.unwrap();
    let (done, said) = echo(&house, "client").await;
    assert!(done, "{said}");
    let (done, said) = echo(&house, "stranger").await;
    assert!(!done && said.contains("Calling AE Title Not Recognized"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_authorities_only_their_certificates_pass() {
    if dcmtk("echoscu").is_none() {
        return;
    }
    let (house, client) = house(true).await;
    house.app.govern.peers.put(by_certificate(client)).await.unwrap();
    let (done, said) = echo(&house, "client").await;
    assert!(done, "{said}");
    assert!(!echo(&house, "stranger").await.0);
}
