use crate::open;
use govern::peers::{PeerError, Unrecognised};
use govern::{Peer, PeerRights};
use model::{AeTitle, Sha256Digest};
use std::net::IpAddr;
use store::Ledger;

const STORE: PeerRights = PeerRights { may_store: true, may_query: false, may_retrieve: false };

fn ct(name: &str) -> Peer {
    Peer {
        name: name.into(),
        ae_title: AeTitle::parse("CT1").unwrap(),
        host: Some("10.0.0.7".into()),
        port: Some(104),
        tls: false,
        networks: Vec::new(),
        fingerprint: None,
        rights: STORE,
    }
}

fn from(address: &str) -> IpAddr {
    address.parse().unwrap()
}

async fn a_peer_is_known_by_title_and_address(ledger: Ledger) {
    let peers = open(&ledger).await.peers;
    peers.put(ct("ct1")).await.unwrap();
    let title = AeTitle::parse("CT1").unwrap();
    let other = AeTitle::parse("CT2").unwrap();
    let known = peers.identify(&title, from("10.0.0.7"), None).await.unwrap();
    assert_eq!(known.unwrap().rights, STORE);
    assert_eq!(peers.identify(&title, from("10.0.0.8"), None).await.unwrap(), Err(Unrecognised::Proof));
    assert_eq!(peers.identify(&other, from("10.0.0.7"), None).await.unwrap(), Err(Unrecognised::Title));
    assert!(peers.remove("ct1").await.unwrap() && !peers.remove("ct1").await.unwrap());
}

async fn a_peer_is_known_by_its_certificate(ledger: Ledger) {
    let peers = open(&ledger).await.peers;
    let print = Sha256Digest([9; 32]);
    peers.put(Peer { host: None, fingerprint: Some(print), ..ct("ct1") }).await.unwrap();
    let title = AeTitle::parse("CT1").unwrap();
    assert!(peers.identify(&title, from("192.0.2.1"), Some(print)).await.unwrap().is_ok());
    for wrong in [None, Some(Sha256Digest([8; 32]))] {
        assert_eq!(peers.identify(&title, from("192.0.2.1"), wrong).await.unwrap(), Err(Unrecognised::Proof));
    }
}

async fn a_title_alone_is_no_proof(ledger: Ledger) {
    let peers = open(&ledger).await.peers;
    let refused = peers.put(Peer { host: Some("ct1.example".into()), ..ct("ct1") }).await;
    assert!(matches!(refused, Err(PeerError::WithoutProof)));
    let destination = Peer { host: Some("ct1.example".into()), rights: PeerRights::default(), ..ct("ct1") };
    peers.put(destination.clone()).await.unwrap();
    assert_eq!(peers.get("ct1").await.unwrap(), Some(destination));
}

store::each_ledger!(
    a_peer_is_known_by_title_and_address,
    a_peer_is_known_by_its_certificate,
    a_title_alone_is_no_proof,
);
