//! Settings of the Flight SQL door.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Statements over the facts by Arrow Flight SQL, for notebooks and tools with ADBC, JDBC or ODBC. Closed unless an
/// address is set.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Flight {
    /// Address and port to listen on, e.g. "127.0.0.1:8481". Beyond loopback, TLS is required. Programs come with an
    /// API token, as a bearer token or as the password of an account.
    #[schemars(with = "Option<String>")]
    pub listen: Option<SocketAddr>,
    /// The TLS certificate chain, a PEM file.
    pub tls_certificate: Option<PathBuf>,
    /// The private key of `tls_certificate`, a PEM file readable by Isocenter alone.
    pub tls_key: Option<PathBuf>,
}
