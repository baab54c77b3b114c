//! Settings of the HL7 door.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;

/// HL7 v2 messages over MLLP: patients, orders, reports, schedules. Closed unless an address is set.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mllp {
    /// Address and port to listen on without TLS, e.g. "127.0.0.1:2575". Beyond loopback it needs `peers`, and
    /// what they send can be read on the way: only on a network that is protected otherwise.
    #[schemars(with = "Option<String>")]
    pub listen: Option<SocketAddr>,
    /// Address and port for MLLP over TLS; needs `tls_certificate` and `tls_key`. Beyond loopback it needs `peers`
    /// or `tls_client_authorities` too: whoever may send can change what is known of patients.
    #[schemars(with = "Option<String>")]
    pub tls_listen: Option<SocketAddr>,
    /// The TLS certificate chain, a PEM file.
    pub tls_certificate: Option<PathBuf>,
    /// The private key of `tls_certificate`, a PEM file.
    pub tls_key: Option<PathBuf>,
    /// Certificates of authorities that sign the senders' certificates, a PEM file. When set, every sender that
    /// uses TLS must present a certificate signed by one.
    pub tls_client_authorities: Option<PathBuf>,
    /// Who may send: addresses ("10.1.2.3"), networks ("10.1.0.0/16") and host names. Empty: programs on this
    /// machine, and over TLS whoever has a certificate signed by one of `tls_client_authorities`.
    pub peers: Vec<String>,
    /// How many connections may be open at once.
    #[schemars(range(min = 1))]
    pub connections: u32,
    /// The largest message that is taken, in bytes.
    #[schemars(range(min = 65_536))]
    pub message_bytes: u64,
    /// Seconds without a byte between two messages after which a connection is closed.
    #[schemars(range(min = 1))]
    pub idle_seconds: u32,
    /// Seconds without a byte within a message after which a connection is closed.
    #[schemars(range(min = 1))]
    pub stall_seconds: u32,
}

impl Default for Mllp {
    fn default() -> Self {
        Self {
            listen: None,
            tls_listen: None,
            tls_certificate: None,
            tls_key: None,
            tls_client_authorities: None,
            peers: Vec::new(),
            connections: 256,
            message_bytes: 64 << 20,
            idle_seconds: 3600,
            stall_seconds: 60,
        }
    }
}
