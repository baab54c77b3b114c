//! Every setting, its default and its meaning. The doc comments here are the manual:
//! `isocenter config example` and `docs/CONFIG.md` are made from them.

mod cluster;
mod facts;
mod flight;
mod links;
mod mail;
mod mllp;
mod reading;
mod records;
mod routing;

pub use cluster::Cluster;
pub use facts::Facts;
pub use flight::Flight;
pub use links::{Links, Origin, ViewerAddress};
pub use mail::{Mail, MailSecurity};
pub use mllp::Mllp;
pub use reading::Reading;
pub use records::{FhirSource, Records};
pub use routing::Routing;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;
use store::{Blobs, blobs::LocationError};

/// The settings of one installation, as `isocenter.toml` holds them.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The folder for everything Isocenter keeps on this machine. Relative paths count from the
    /// folder Isocenter is started in.
    pub data: PathBuf,
    /// The web pages, the API and DICOMweb.
    pub http: Http,
    /// The DICOM network: C-STORE, C-FIND, C-MOVE, C-GET.
    pub dimse: Dimse,
    /// HL7 v2 messages over MLLP: patients, orders, reports, schedules. Closed unless an address is set.
    pub mllp: Mllp,
    /// Statements over the facts by Arrow Flight SQL. Closed unless an address is set.
    pub flight: Flight,
    /// The clinical record: what counts as current, and servers that are asked for what is new.
    pub records: Records,
    /// What reports are read with.
    pub reading: Reading,
    /// Where the catalog and the originals are kept.
    pub store: Store,
    /// The tables of facts: how long what is no longer the newest stays.
    pub facts: Facts,
    /// The roles of a cluster that answers questions over the facts.
    pub cluster: Cluster,
    /// Who the subjects of projects are.
    pub vault: Vault,
    /// How projects' data loses its identity.
    pub deid: Deid,
    /// How what comes in is taken.
    pub intake: Intake,
    /// How the originals are kept.
    pub archive: Archive,
    /// Where routing rules may send to, beside peers.
    pub routing: Routing,
    /// Packages that are made in the background for whoever asks.
    pub downloads: Downloads,
    /// Letters by e-mail to the recipients of releases. Sent only where `server` is set.
    pub mail: Mail,
    /// Pages and programs elsewhere that show our images.
    pub links: Links,
    /// How people sign in.
    pub sign_in: SignIn,
    /// Signing in through the organisation's own provider, by OpenID Connect.
    pub oidc: Oidc,
    /// Bounds that keep one caller from harming the others.
    pub limits: Limits,
    /// What is written to the log. Never names, dates or other protected health information.
    pub log: Log,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: "./data".into(),
            http: Http::default(),
            dimse: Dimse::default(),
            mllp: Mllp::default(),
            flight: Flight::default(),
            records: Records::default(),
            reading: Reading::default(),
            store: Store::default(),
            facts: Facts::default(),
            cluster: Cluster::default(),
            vault: Vault::default(),
            deid: Deid::default(),
            intake: Intake::default(),
            archive: Archive::default(),
            routing: Routing::default(),
            downloads: Downloads::default(),
            mail: Mail::default(),
            links: Links::default(),
            sign_in: SignIn::default(),
            oidc: Oidc::default(),
            limits: Limits::default(),
            log: Log::default(),
        }
    }
}

/// The web pages, the API and DICOMweb.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Address and port to listen on. Beyond loopback, TLS and an account are required.
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// The address people type, when it differs from `listen`, e.g. "https://images.example.org".
    pub public_url: Option<String>,
    /// The TLS certificate chain, a PEM file.
    pub tls_certificate: Option<PathBuf>,
    /// The private key of `tls_certificate`, a PEM file readable by Isocenter alone.
    pub tls_key: Option<PathBuf>,
}

impl Default for Http {
    fn default() -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 8480));
        Self { listen, public_url: None, tls_certificate: None, tls_key: None }
    }
}

/// The DICOM network.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Dimse {
    /// Whether to listen at all.
    pub enabled: bool,
    /// Address and port to listen on.
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// The application entity title peers call, 1 to 16 characters.
    pub ae_title: String,
    /// Whether `listen` may be an address that other machines reach. Without TLS everything peers send
    /// and fetch can be read on the way: only on a network that is protected otherwise.
    pub plain_beyond_loopback: bool,
    /// Whether peers may call any AE title; otherwise only `ae_title`, and others are rejected.
    pub any_called_title: bool,
    /// Who may call without an entry among the peers: "loopback" (programs on this machine) or "refuse".
    pub unknown_peers: UnknownPeers,
    /// Whether programs on this machine without an entry may query (C-FIND). They may always store.
    pub loopback_may_query: bool,
    /// Whether programs on this machine without an entry may retrieve (C-MOVE, C-GET).
    pub loopback_may_retrieve: bool,
    /// The most matches one C-FIND answers; more end in "out of resources".
    #[schemars(range(min = 1))]
    pub find_limit: u32,
    /// Transfers to and from peers that run at once; others wait.
    pub transfers_at_once: u32,
    /// The SOP classes taken by C-STORE, by UID; empty: every one, unknown and private ones too.
    pub storage_classes: Vec<String>,
    /// Transfer syntaxes to choose when a peer offers several for storage, by UID, best first.
    /// Otherwise the peer's first choice; instances are kept as they come, never re-encoded.
    pub preferred_transfer_syntaxes: Vec<String>,
    /// Address and port for DICOM over TLS; needs `tls_certificate` and `tls_key`.
    #[schemars(with = "Option<String>")]
    pub tls_listen: Option<SocketAddr>,
    /// The TLS certificate chain, a PEM file.
    pub tls_certificate: Option<PathBuf>,
    /// The private key of `tls_certificate`, a PEM file.
    pub tls_key: Option<PathBuf>,
    /// Certificates of authorities that sign the peers' certificates, a PEM file. When set, a peer
    /// that calls must present a certificate signed by one, and so must a peer that is called with
    /// TLS unless its fingerprint is entered.
    pub tls_client_authorities: Option<PathBuf>,
    /// How many associations may be open at once.
    #[schemars(range(min = 1))]
    pub max_associations: u32,
    /// The largest PDU we offer to receive, in bytes.
    #[schemars(range(min = 4096))]
    pub max_pdu: u32,
    /// Seconds without a byte after which an association is aborted.
    #[schemars(range(min = 1))]
    pub idle_seconds: u32,
}

impl Default for Dimse {
    fn default() -> Self {
        Self {
            enabled: true,
            listen: SocketAddr::from(([127, 0, 0, 1], 11112)),
            ae_title: "ISOCENTER".into(),
            plain_beyond_loopback: false,
            any_called_title: true,
            unknown_peers: UnknownPeers::Loopback,
            loopback_may_query: false,
            loopback_may_retrieve: false,
            find_limit: 100_000,
            transfers_at_once: 2,
            storage_classes: Vec::new(),
            preferred_transfer_syntaxes: Vec::new(),
            tls_listen: None,
            tls_certificate: None,
            tls_key: None,
            tls_client_authorities: None,
            max_associations: 512,
            max_pdu: 131_072,
            idle_seconds: 120,
        }
    }
}

/// What to do with a DIMSE peer that has no entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UnknownPeers {
    /// Let it in when it calls from this machine.
    Loopback,
    /// Refuse it.
    Refuse,
}

/// Where the catalog and the originals are kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Store {
    /// The ledger of accounts, audit and catalog: "sqlite:///path/file.db" or
    /// "postgres://user@host/database". Left out: a SQLite file in the data folder.
    pub ledger: Option<String>,
    /// Where sealed segments move to: "s3://bucket/prefix?region=…&endpoint=…" or a folder.
    /// Left out: they stay in the data folder.
    pub objects: Option<String>,
    /// Where the tables of facts are kept that cohorts are counted from: "s3://bucket/prefix?region=…" or a folder.
    /// They can always be made again. Left out: a folder in the data folder.
    pub facts: Option<String>,
    /// Where the packages of releases are kept until their last day: "s3://bucket/prefix?region=…" or a folder.
    /// Left out: a folder in the data folder.
    pub releases: Option<String>,
}

/// Who the subjects of projects are. Keep the key file apart from the backups of the database: either is
/// worth nothing without the other.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Vault {
    /// A database of its own: "sqlite:///path/vault.db" or "postgres://user@host/database".
    /// Left out: a SQLite file in the data folder.
    pub ledger: Option<String>,
    /// The master key: a file of 64 hexadecimal digits that Isocenter alone can read. Left out: a file in
    /// the data folder. It is made when the vault is new; without it, nobody can open the vault again.
    pub key_file: Option<PathBuf>,
}

/// How projects' data loses its identity.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Deid {
    /// The folder with the detector that finds text burned into pixels: `libonnxruntime.so` and
    /// `text-detector.onnx`, as `scripts/tools detector FOLDER` puts them there. Left out: `lib/isocenter` beside
    /// the folder the program is in. Where there is none, images that may have text in their pixels are withheld.
    pub detector: Option<PathBuf>,
    /// The program that reads text burned into pixels: Tesseract 4 or 5, Debian's package tesseract-ocr. Where
    /// there is none, words that name nobody are masked with all other text, and policies that mask only
    /// identifiers withhold images with text.
    pub ocr: String,
}

impl Default for Deid {
    fn default() -> Self {
        Self { detector: None, ocr: "tesseract".into() }
    }
}

/// How what comes in is taken.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Intake {
    /// Bytes of files on their way in that are held in memory, over all senders; beyond, files go
    /// to disk as they arrive.
    #[schemars(range(min = 16_777_216))]
    pub memory_bytes: u64,
    /// The largest file that is taken, in bytes.
    #[schemars(range(min = 1_048_576))]
    pub largest_file_bytes: u64,
}

impl Default for Intake {
    fn default() -> Self {
        Self { memory_bytes: 96 << 20, largest_file_bytes: 1 << 40 }
    }
}

/// How the originals are kept.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Archive {
    /// Bytes at which a segment is sealed and a new one begun.
    #[schemars(range(min = 1_048_576))]
    pub segment_bytes: u64,
    /// Bytes of the disk that are left free: what would need them is refused.
    pub reserve_bytes: u64,
    /// Bytes of segments that stay in the data folder although `store.objects` has them; the
    /// newest stay. Left out: all stay.
    pub keep_local_bytes: Option<u64>,
    /// Where a second copy of every sealed segment is kept, to repair damage from: a folder on
    /// another disk, or "s3://bucket/prefix?region=…&endpoint=…".
    pub second_copy: Option<String>,
    /// Whether uncompressed pixels of sealed segments are compressed without loss: "off" or
    /// "jpeg-ls". Readers get the original bytes back either way.
    pub recompress: Recompress,
    /// Seconds between two rounds of moving, copying and recompressing sealed segments.
    #[schemars(range(min = 1))]
    pub upkeep_seconds: u32,
}

impl Default for Archive {
    fn default() -> Self {
        Self {
            segment_bytes: 1 << 30,
            reserve_bytes: 256 << 20,
            keep_local_bytes: None,
            second_copy: None,
            recompress: Recompress::Off,
            upkeep_seconds: 60,
        }
    }
}

/// Packages that are made in the background for whoever asks.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Downloads {
    /// Hours a finished package is kept for whoever asked; then its file is removed.
    #[schemars(range(min = 1, max = 8760))]
    pub keep_hours: u32,
}

impl Default for Downloads {
    fn default() -> Self {
        Self { keep_hours: 72 }
    }
}

/// Lossless compression of what is on the shelves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Recompress {
    /// Originals stay as they are.
    Off,
    /// JPEG-LS, lossless.
    JpegLs,
}

/// How people sign in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SignIn {
    /// Minutes without a request after which a session ends.
    #[schemars(range(min = 1))]
    pub idle_minutes: u32,
    /// Hours after which a session ends whatever happens.
    #[schemars(range(min = 1))]
    pub session_hours: u32,
    /// Minutes a one-time sign-in link works.
    #[schemars(range(min = 1))]
    pub link_minutes: u32,
}

impl Default for SignIn {
    fn default() -> Self {
        Self { idle_minutes: 60, session_hours: 12, link_minutes: 60 }
    }
}

/// Signing in through the organisation's own provider.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Oidc {
    /// The provider's address, e.g. "https://login.example.org/realms/hospital"; left out, there is none.
    /// Its redirect URI for Isocenter is `http.public_url` followed by /auth/oidc/callback.
    pub issuer: Option<String>,
    /// What the provider calls Isocenter.
    pub client_id: String,
    /// A file with the secret the provider gave Isocenter; left out for a public client.
    pub client_secret_file: Option<PathBuf>,
    /// Certificates of more authorities that may vouch for the provider, a PEM file.
    pub authorities: Option<PathBuf>,
    /// What to ask for besides "openid".
    pub scopes: Vec<String>,
    /// The claim that gives the account's name. A new account is made at the first sign-in.
    pub name_claim: String,
    /// The claim that lists the person's groups or roles.
    pub role_claim: String,
    /// Which values of `role_claim` give which role. Someone without any can't sign in.
    pub roles: OidcRoles,
}

impl Default for Oidc {
    fn default() -> Self {
        Self {
            issuer: None,
            client_id: "isocenter".into(),
            client_secret_file: None,
            authorities: None,
            scopes: vec!["profile".into(), "email".into()],
            name_claim: "preferred_username".into(),
            role_claim: "groups".into(),
            roles: OidcRoles::default(),
        }
    }
}

/// Which values of the role claim give which role.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OidcRoles {
    /// Values that give the admin role.
    pub admin: Vec<String>,
    /// Values that give the broker role.
    pub broker: Vec<String>,
    /// Values that give the researcher role.
    pub researcher: Vec<String>,
    /// Values that give the auditor role.
    pub auditor: Vec<String>,
}

/// Bounds that keep one caller from harming the others.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Requests a second from one address or account, sustained; twice as many at once.
    /// Programs on this machine are not counted by address. 0: no limit.
    pub requests_per_second: u32,
    /// The largest JSON or form body, in bytes. Uploads and STOW have no such bound.
    pub body_bytes: u64,
    /// The largest request header section, in bytes.
    #[schemars(range(min = 8192))]
    pub header_bytes: u32,
    /// Seconds a client may take to send its request headers.
    #[schemars(range(min = 1))]
    pub header_seconds: u32,
    /// Seconds without a byte after which a request's body is given up.
    #[schemars(range(min = 1))]
    pub stall_seconds: u32,
    /// HTTP connections that may be open at once.
    #[schemars(range(min = 1))]
    pub connections: u32,
    /// Seconds open requests and associations get to finish when Isocenter stops.
    pub shutdown_seconds: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_second: 1000,
            body_bytes: 2 << 20,
            header_bytes: 64 << 10,
            header_seconds: 15,
            stall_seconds: 60,
            connections: 4096,
            shutdown_seconds: 15,
        }
    }
}

/// What is written to the log.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// "human" for a terminal, "json" for a log collector.
    pub format: LogFormat,
    /// What to show: "error", "warn", "info", "debug", or a filter such as "info,isocenter_server=debug".
    pub level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Human, level: "info".into() }
    }
}

/// The shape of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

impl Config {
    /// The ledger's URI: the one set, or a SQLite file in the data folder.
    #[must_use]
    pub fn ledger_uri(&self) -> String {
        let default = || format!("sqlite://{}", self.data.join("ledger.db").display());
        self.store.ledger.clone().unwrap_or_else(default)
    }

    /// The URI of the vault's database.
    #[must_use]
    pub fn vault_uri(&self) -> String {
        let default = || format!("sqlite://{}", self.data.join("vault.db").display());
        self.vault.ledger.clone().unwrap_or_else(default)
    }

    /// The file with the vault's master key.
    #[must_use]
    pub fn vault_key_file(&self) -> PathBuf {
        self.vault.key_file.clone().unwrap_or_else(|| self.data.join("vault.key"))
    }

    /// What intake allows itself.
    #[must_use]
    pub fn intake_limits(&self) -> intake::Limits {
        intake::Limits {
            memory_budget: usize::try_from(self.intake.memory_bytes).unwrap_or(usize::MAX),
            largest_file: self.intake.largest_file_bytes,
            ..intake::Limits::default()
        }
    }

    /// The folder of the segments.
    #[must_use]
    pub fn archive_folder(&self) -> PathBuf {
        self.data.join("archive")
    }

    /// The archive's own settings, its places opened.
    ///
    /// # Errors
    /// [`LocationError`] when `store.objects` or `archive.second_copy` can't be used.
    pub fn archive_config(&self) -> Result<archive::ArchiveConfig, LocationError> {
        let open = |uri: &Option<String>| uri.as_deref().map(Blobs::open).transpose();
        Ok(archive::ArchiveConfig {
            segment_size: self.archive.segment_bytes,
            reserve: self.archive.reserve_bytes,
            tier: open(&self.store.objects)?,
            keep_local: self.archive.keep_local_bytes.unwrap_or(u64::MAX),
            second_copy: open(&self.archive.second_copy)?,
            ..archive::ArchiveConfig::new(self.archive_folder())
        })
    }

    /// The place of the facts.
    ///
    /// # Errors
    /// [`LocationError`] when `store.facts` can't be used.
    pub fn facts(&self) -> Result<Blobs, LocationError> {
        let default = || self.data.join("facts").to_string_lossy().into_owned();
        Blobs::open(&self.store.facts.clone().unwrap_or_else(default))
    }

    /// Where the packages of releases are.
    ///
    /// # Errors
    /// When the URI can't be understood or the folder can't be made.
    pub fn releases(&self) -> Result<Blobs, LocationError> {
        let default = || self.data.join("releases").to_string_lossy().into_owned();
        Blobs::open(&self.store.releases.clone().unwrap_or_else(default))
    }

    /// Whether HTTP speaks TLS.
    #[must_use]
    pub const fn has_tls(&self) -> bool {
        self.http.tls_certificate.is_some() && self.http.tls_key.is_some()
    }

    /// The address people type.
    #[must_use]
    pub fn base_url(&self, listening: SocketAddr) -> String {
        let scheme = if self.has_tls() { "https" } else { "http" };
        let default = || format!("{scheme}://{listening}");
        let url = self.http.public_url.clone().unwrap_or_else(default);
        url.trim_end_matches('/').to_owned()
    }
}
