//! Settings of the letters that recipients of releases get.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Letters by e-mail to the recipients of releases. Sent only where `server` is set.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// The host that takes mail, by SMTP, e.g. "mail.example.org". Left out: no letters are sent, and people see which
    /// ones they have to write.
    pub server: Option<String>,
    /// Its port. Left out: 465 with "tls", 587 with "starttls", 25 with "none".
    pub port: Option<u16>,
    /// How the way to it is protected: "tls", "starttls", or "none", which is allowed on this machine alone.
    pub security: MailSecurity,
    /// Certificates of authorities that its certificate may be signed by, a PEM file. Left out: the usual ones.
    pub authorities: Option<PathBuf>,
    /// The name to sign in to it with. Left out: without signing in.
    pub user: Option<String>,
    /// A file that holds the password of `user`, readable by Isocenter alone.
    pub password_file: Option<PathBuf>,
    /// Whom letters come from and are answered to, e.g. "Data office <data@example.org>".
    pub from: Option<String>,
}

/// How the way to the mail server is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    /// TLS from the first byte (RFC 8314).
    #[default]
    Tls,
    /// STARTTLS, which must succeed (RFC 3207).
    StartTls,
    /// Not at all.
    None,
}
