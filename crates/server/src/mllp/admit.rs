//! Who may send: by address, by name, or by a certificate that was checked.

use govern::peers::Network;
use std::net::IpAddr;

/// The senders that are let in.
#[derive(Debug, Default)]
pub(super) struct Peers {
    networks: Vec<Network>,
    names: Vec<String>,
}

/// An entry that is no address, network or host name.
#[derive(Debug, thiserror::Error)]
#[error("mllp.peers has {0:?}, which is no address, network or host name")]
pub struct PeerError(String);

impl Peers {
    /// Reads the setting.
    pub(super) fn parse(entries: &[String]) -> Result<Self, PeerError> {
        let mut peers = Self::default();
        for entry in entries {
            match entry.parse::<Network>() {
                Ok(network) => peers.networks.push(network),
                Err(_) if is_host_name(entry) => peers.names.push(entry.clone()),
                Err(_) => return Err(PeerError(entry.clone())),
            }
        }
        Ok(peers)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.networks.is_empty() && self.names.is_empty()
    }

    /// Whether a sender at this address is let in; `proven` when its certificate was signed by an authority of ours.
    pub(super) async fn admit(&self, address: IpAddr, proven: bool) -> bool {
        let address = address.to_canonical();
        if self.is_empty() {
            return proven || address.is_loopback();
        }
        self.networks.iter().any(|network| network.contains(address)) || self.named(address).await
    }

    /// Asks each time: a sender's address may change.
    async fn named(&self, address: IpAddr) -> bool {
        for name in &self.names {
            let Ok(mut found) = tokio::net::lookup_host((name.as_str(), 0)).await else { continue };
            if found.any(|one| one.ip().to_canonical() == address) {
                return true;
            }
        }
        false
    }
}

/// Letters, digits, hyphens and dots, with a letter among them: a mistyped address is none.
fn is_host_name(entry: &str) -> bool {
    let plain = entry.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    plain && entry.len() <= 253 && entry.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn peers(entries: &[&str]) -> Result<Peers, PeerError> {
        Peers::parse(&entries.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[tokio::test]
    async fn addresses_networks_and_names() {
        let listed = peers(&["10.1.0.0/16", "192.0.2.7", "localhost"]).unwrap();
        for (address, welcome) in [
            ("10.1.9.9", true),
            ("10.2.0.1", false),
            ("192.0.2.7", true),
            ("::ffff:192.0.2.7", true),
            ("127.0.0.1", true),
        ] {
            assert_eq!(listed.admit(address.parse().unwrap(), true).await, welcome, "{address}");
        }
    }

    #[tokio::test]
    async fn without_a_list_this_machine_and_whoever_has_proof() {
        let none = peers(&[]).unwrap();
        let far = "192.0.2.7".parse().unwrap();
        assert!(none.admit("127.0.0.1".parse().unwrap(), false).await);
        assert!(!none.admit(far, false).await);
        assert!(none.admit(far, true).await);
    }

    #[test]
    fn what_is_no_peer_is_refused() {
        for entry in ["", "10.1.0.0/33", "10.1.2", "a b", "ris.example.org:2575"] {
            assert!(peers(&[entry]).is_err(), "{entry}");
        }
    }
}
