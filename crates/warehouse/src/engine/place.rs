//! Where questions are answered, as one word of the settings says it.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// The port of a scheduler where the URI names none.
pub const PORT: u16 = 50050;

/// Where questions are answered: `local`, in this process; or `ballista://host:port`, on the cluster of the scheduler
/// that listens there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Place {
    /// In this process.
    #[default]
    Local,
    /// On a cluster.
    Cluster {
        /// The scheduler's host.
        host: String,
        /// The scheduler's port.
        port: u16,
    },
}

/// Why a text names no place.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PlaceError {
    /// Neither of the two.
    #[error("an engine is \"local\" or \"ballista://host:port\", not \"{0}\"")]
    Unknown(String),
    /// Whoever reaches the ports of a cluster can read the facts.
    #[error(
        "ballista://{0} is not on this machine: the ports of a cluster know no accounts and no TLS, so they must be \
         loopback ones; tunnel them (ssh, WireGuard) where the cluster spans machines"
    )]
    Beyond(String),
}

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        if text == "local" {
            return Ok(Self::Local);
        }
        let unknown = || PlaceError::Unknown(text.to_owned());
        let uri = url::Url::parse(text).map_err(|_| unknown())?;
        let host = uri.host_str().filter(|host| !host.is_empty()).ok_or_else(unknown)?;
        let plain = uri.scheme() == "ballista"
            && uri.username().is_empty()
            && matches!(uri.path(), "" | "/")
            && uri.query().is_none();
        if !plain {
            return Err(unknown());
        }
        if !is_here(host) {
            return Err(PlaceError::Beyond(host.to_owned()));
        }
        Ok(Self::Cluster { host: host.to_owned(), port: uri.port().unwrap_or(PORT) })
    }
}

fn is_here(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local => f.write_str("local"),
            Self::Cluster { host, port } => write!(f, "ballista://{host}:{port}"),
        }
    }
}

impl TryFrom<String> for Place {
    type Error = PlaceError;

    fn try_from(text: String) -> Result<Self, PlaceError> {
        text.parse()
    }
}

impl From<Place> for String {
    fn from(place: Place) -> Self {
        place.to_string()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_named_by_one_word() {
        assert_eq!("local".parse(), Ok(Place::Local));
        for (text, host, port) in [
            ("ballista://127.0.0.1:7000", "127.0.0.1", 7000),
            ("ballista://localhost", "localhost", PORT),
            ("ballista://[::1]:7000", "[::1]", 7000),
        ] {
            let place: Place = text.parse().unwrap();
            assert_eq!(place, Place::Cluster { host: host.into(), port });
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        for text in [
            "",
            "spark",
            "ballista://",
            "http://127.0.0.1:1",
            "ballista://u@127.0.0.1",
            "ballista://127.0.0.1/x",
        ] {
            assert_eq!(text.parse::<Place>(), Err(PlaceError::Unknown(text.into())), "{text}");
        }
    }

    #[test]
    fn a_cluster_beyond_this_machine_is_refused_with_the_reason() {
        let refused = "ballista://10.1.2.3:50050".parse::<Place>().unwrap_err();
        assert_eq!(refused, PlaceError::Beyond("10.1.2.3".into()));
        assert!(refused.to_string().contains("no accounts"));
    }
}
