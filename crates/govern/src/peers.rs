//! DIMSE peers: who may call under which AE title, from where, and for what.

mod terms;

pub use terms::{PeerTerms, TermsError, Window, WindowError};

use crate::{PeerRights, Principal};
use model::{AeTitle, Sha256Digest};
use sqlx::Row;
use sqlx::any::AnyRow;
use std::fmt;
use std::net::IpAddr;
use store::Ledger;

/// One peer: where we call it, and how it proves itself when it calls us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// The entry's name, for people and the audit log.
    pub name: String,
    /// Its application entity title.
    pub ae_title: AeTitle,
    /// Where we call it.
    pub host: Option<String>,
    /// The port we call.
    pub port: Option<u16>,
    /// Whether we call it with TLS.
    pub tls: bool,
    /// Addresses it may call from; with none its certificate decides.
    pub networks: Vec<Network>,
    /// SHA-256 of its TLS certificate (DER); with none its address decides.
    pub fingerprint: Option<Sha256Digest>,
    /// What it may do when it calls.
    pub rights: PeerRights,
}

impl Peer {
    /// Who acts when it calls.
    #[must_use]
    pub fn principal(&self) -> Principal {
        Principal::peer(self.name.clone(), self.rights)
    }
}

/// An address or a range of addresses: `10.1.2.3`, `10.1.0.0/16`, `fd00::/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// The text is no address or range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an address is written like 10.1.2.3, a range like 10.1.0.0/16")]
pub struct NetworkError;

impl Network {
    /// Whether the address lies in it. An IPv4 address mapped into IPv6 counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            // `bits` is at least 1, so the shift is always shorter than the address.
            (IpAddr::V4(net), IpAddr::V4(it)) => (u32::from(net) ^ u32::from(it)) >> (32 - self.bits) == 0,
            (IpAddr::V6(net), IpAddr::V6(it)) => (u128::from(net) ^ u128::from(it)) >> (128 - self.bits) == 0,
            _ => false,
        }
    }
}

impl std::str::FromStr for Network {
    type Err = NetworkError;
    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.trim().parse().map_err(|_| NetworkError)?;
        let widest = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(widest), |bits| bits.parse().map_err(|_| NetworkError))?;
        if bits == 0 || bits > widest { Err(NetworkError) } else { Ok(Self { address, bits }) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widest = if self.address.is_ipv4() { 32 } else { 128 };
        if self.bits == widest {
            write!(f, "{}", self.address)
        } else {
            write!(f, "{}/{}", self.address, self.bits)
        }
    }
}

impl TryFrom<String> for Network {
    type Error = NetworkError;
    fn try_from(text: String) -> Result<Self, NetworkError> {
        text.parse()
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.to_string()
    }
}

/// Why a caller is not taken for a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unrecognised {
    /// No entry has the title.
    #[error("no peer with this calling AE title is entered")]
    Title,
    /// An entry has the title, but its proof is another address or certificate.
    #[error("the peer with this calling AE title is entered with another address or certificate")]
    Proof,
}

/// Why an entry can't be made.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// Names appear in logs and URLs.
    #[error("a peer's name has 1 to 64 of the characters a-z 0-9 . _ - @")]
    Name,
    /// AE titles are no proof: anyone can claim one.
    #[error("a peer that may call needs its addresses or its certificate's fingerprint")]
    WithoutProof,
    /// The ledger.
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
}

/// The peers in the ledger.
#[derive(Debug, Clone)]
pub struct Peers {
    ledger: Ledger,
}

const COLUMNS: &str = "SELECT name, ae_title, host, port, tls, networks, fingerprint, \
     may_store, may_query, may_retrieve FROM peer";

impl Peers {
    pub(crate) const fn new(ledger: Ledger) -> Self {
        Self { ledger }
    }

    /// Enters a peer, or changes the entry of that name. A host given as an address counts as the
    /// address it calls from when no other is given.
    ///
    /// # Errors
    /// [`PeerError::Name`], [`PeerError::WithoutProof`].
    pub async fn put(&self, mut peer: Peer) -> Result<(), PeerError> {
        crate::accounts::check_name(&peer.name).map_err(|_| PeerError::Name)?;
        if peer.networks.is_empty() && peer.fingerprint.is_none() {
            peer.networks.extend(peer.host.as_deref().and_then(|host| host.parse::<Network>().ok()));
        }
        let proven = !peer.networks.is_empty() || peer.fingerprint.is_some();
        if !proven && peer.rights != PeerRights::default() {
            return Err(PeerError::WithoutProof);
        }
        let mut tx = self.ledger.write().await?;
        sqlx::query("DELETE FROM peer WHERE name = $1").bind(&peer.name).execute(&mut *tx).await?;
        insert(&peer).execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    /// All peers by name.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn list(&self) -> Result<Vec<Peer>, sqlx::Error> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} ORDER BY name")))
            .fetch_all(self.ledger.pool())
            .await?;
        rows.iter().map(peer).collect()
    }

    /// One peer by its entry's name.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn get(&self, name: &str) -> Result<Option<Peer>, sqlx::Error> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE name = $1")))
            .bind(name)
            .fetch_optional(self.ledger.pool())
            .await?;
        row.as_ref().map(peer).transpose()
    }

    /// The peers with this AE title: C-MOVE looks its destination up here.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn with_title(&self, title: &AeTitle) -> Result<Vec<Peer>, sqlx::Error> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE ae_title = $1 ORDER BY name")))
            .bind(title.as_str())
            .fetch_all(self.ledger.pool())
            .await?;
        rows.iter().map(peer).collect()
    }

    /// Removes an entry; says whether there was one.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn remove(&self, name: &str) -> Result<bool, sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        let gone = sqlx::query("DELETE FROM peer WHERE name = $1").bind(name).execute(&mut *tx).await?;
        sqlx::query("DELETE FROM peer_terms WHERE peer = $1").bind(name).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(gone.rows_affected() == 1)
    }

    /// Finds the peer that calls: by its title, and its address or certificate as the entry demands.
    ///
    /// # Errors
    /// The ledger's, outside; [`Unrecognised`], inside.
    pub async fn identify(
        &self,
        calling: &AeTitle,
        address: IpAddr,
        certificate: Option<Sha256Digest>,
    ) -> Result<Result<Peer, Unrecognised>, sqlx::Error> {
        let peers = self.with_title(calling).await?;
        if peers.is_empty() {
            return Ok(Err(Unrecognised::Title));
        }
        let found = peers.into_iter().find(|peer| proves(peer, address, certificate));
        Ok(found.ok_or(Unrecognised::Proof))
    }
}

/// Everything the entry asks for must fit; an entry that asks for nothing fits nobody.
fn proves(peer: &Peer, address: IpAddr, certificate: Option<Sha256Digest>) -> bool {
    let by_address = peer.networks.iter().any(|network| network.contains(address));
    match peer.fingerprint {
        Some(wanted) => certificate == Some(wanted) && (by_address || peer.networks.is_empty()),
        None => by_address,
    }
}

fn insert(peer: &Peer) -> sqlx::query::Query<'_, sqlx::Any, sqlx::any::AnyArguments> {
    let words: Vec<_> = peer.networks.iter().map(Network::to_string).collect();
    sqlx::query(
        "INSERT INTO peer (name, ae_title, host, port, tls, networks, fingerprint, \
         may_store, may_query, may_retrieve) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&peer.name)
    .bind(peer.ae_title.as_str())
    .bind(peer.host.clone())
    .bind(peer.port.map(i64::from))
    .bind(i64::from(peer.tls))
    .bind(words.join(","))
    .bind(peer.fingerprint.map(Sha256Digest::to_hex))
    .bind(i64::from(peer.rights.may_store))
    .bind(i64::from(peer.rights.may_query))
    .bind(i64::from(peer.rights.may_retrieve))
}

fn peer(row: &AnyRow) -> Result<Peer, sqlx::Error> {
    let flag = |at: usize| row.try_get::<i64, _>(at).map(|value| value != 0);
    let damaged = |column: &'static str| move || sqlx::Error::ColumnNotFound(format!("readable {column}"));
    let title: String = row.try_get(1)?;
    let networks: String = row.try_get(5)?;
    let fingerprint: Option<String> = row.try_get(6)?;
    Ok(Peer {
        name: row.try_get(0)?,
        ae_title: AeTitle::parse(&title).ok().ok_or_else(damaged("ae_title"))?,
        host: row.try_get(2)?,
        port: row.try_get::<Option<i64>, _>(3)?.and_then(|port| u16::try_from(port).ok()),
        tls: flag(4)?,
        networks: networks.split(',').filter_map(|word| word.parse().ok()).collect(),
        fingerprint: fingerprint
            .map(|hex| Sha256Digest::parse(&hex))
            .transpose()
            .ok()
            .ok_or_else(damaged("fingerprint"))?,
        rights: PeerRights { may_store: flag(7)?, may_query: flag(8)?, may_retrieve: flag(9)? },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(network: &str, address: &str) -> bool {
        let network: Network = network.parse().expect("a network");
        network.contains(address.parse().expect("an address"))
    }

    #[test]
    fn a_range_contains_its_addresses() {
        assert!(inside("10.1.0.0/16", "10.1.255.255"));
        assert!(!inside("10.1.0.0/16", "10.2.0.0"));
        assert!(inside("10.1.2.3", "10.1.2.3"));
        assert!(inside("10.1.2.3", "::ffff:10.1.2.3"));
        assert!(!inside("10.1.2.3", "10.1.2.2"));
        assert!(inside("fd00::/8", "fd12::1") && !inside("fd00::1", "fd00::2"));
    }

    #[test]
    fn the_whole_internet_is_no_proof() {
        assert!("0.0.0.0/0".parse::<Network>().is_err());
        assert!("10.0.0.0/33".parse::<Network>().is_err());
    }
}
