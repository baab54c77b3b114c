//! De-identification policies, kept as documents in numbered versions.
//!
//! A version never changes once it is kept. It starts as a draft; somebody with the right approves it, and only what is
//! approved serves a project. The ready-made policies of [`deid`] are there from the start, stand in no table, count
//! as approved, and can only be copied. Read in this order: this file, [`wording`], [`approval`], [`mod@preview`].

mod approval;
pub(crate) mod preview;
pub(crate) mod wording;

pub(crate) use approval::approve;
pub use approval::approved;

use deid::policy::ready;
use deid::{Document, Policy};
use model::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use store::{Ledger, MigrateError, Migration};
use wording::Fault;

const TABLES: &[Migration] = &[
    Migration::both(
        1,
        "CREATE TABLE policy_version (
        policy {text} NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL, digest TEXT NOT NULL,
        note TEXT NOT NULL, author TEXT NOT NULL, made_at BIGINT NOT NULL,
        approved_by TEXT NOT NULL, approved_at BIGINT NOT NULL, alone BIGINT NOT NULL,
        PRIMARY KEY (policy, version));",
    ),
    Migration::both(2, "ALTER TABLE policy_version ADD COLUMN signature TEXT NOT NULL DEFAULT '';"),
];

/// A version of a policy as it is kept.
#[derive(Debug, Clone)]
pub struct Version {
    /// The policy's name.
    pub id: String,
    /// From 1.
    pub version: i64,
    /// The document, as it was written.
    pub text: String,
    /// SHA-256 of its plain form, in hexadecimal.
    pub digest: String,
    /// What its author says of it.
    pub note: String,
    /// Who made it, and when; nobody made the ready-made ones.
    pub made: Option<(String, Timestamp)>,
    /// Whether somebody may use it.
    pub state: State,
}

/// Whether a version may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It comes with the program.
    ReadyMade,
    /// Nobody has approved it.
    Draft,
    /// Somebody has.
    Approved {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
        /// Its author, because no other account had the right.
        alone: bool,
        /// Ed25519, by the key of this server's vault, in hexadecimal.
        signature: String,
    },
}

/// Why a policy can't be had or kept.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The document.
    #[error("{0}")]
    Invalid(Fault),
    /// There is no such policy, or not in this version.
    #[error("there is no policy {id}{}; the ready-made ones are {}", of_version(*.version), ready_names())]
    Missing {
        /// Its name.
        id: String,
        /// The version asked for.
        version: Option<i64>,
    },
    /// A name that is taken.
    #[error("there is a policy {0} already; choose another id")]
    Taken(String),
    /// One that comes with the program.
    #[error("{0} is ready-made and stays as it is; copy it under an id of your own")]
    ReadyMade(String),
    /// Somebody made a version meanwhile.
    #[error("somebody made version {0} meanwhile; look at it and change that")]
    Changed(i64),
    /// It is approved already.
    #[error("this version is approved already")]
    Approved,
    /// A draft where an approved one is wanted.
    #[error("version {1} of policy {0} is a draft; somebody with the right must approve it first")]
    Draft(String, i64),
    /// The author approves what they wrote, though others could.
    #[error(
        "you wrote this version; another account that may manage policies must approve it ({0} have the right)"
    )]
    Own(usize),
    /// It can't be signed, or its signature can't be checked.
    #[error("the vault is locked: {0}")]
    Locked(String),
    /// What is kept is not what was approved.
    #[error("version {1} of policy {0} is not what was approved: its text or its approval was changed since")]
    Forged(String, i64),
    /// The ledger.
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
}

fn of_version(version: Option<i64>) -> String {
    version.map(|version| format!(" in version {version}")).unwrap_or_default()
}

fn ready_names() -> String {
    ready::names().collect::<Vec<_>>().join(", ")
}

/// Makes the tables.
pub(crate) async fn migrate(ledger: &Ledger) -> Result<(), MigrateError> {
    ledger.migrate("server.policies", TABLES).await
}

/// A version of a policy, ready to run: a draft too.
///
/// # Errors
/// [`PolicyError`].
pub async fn get(ledger: &Ledger, id: &str, version: i64) -> Result<Policy, PolicyError> {
    compiled(&find(ledger, id, Some(version)).await?)
}

fn compiled(version: &Version) -> Result<Policy, PolicyError> {
    wording::read(&version.text).map(|(_, policy)| policy).map_err(PolicyError::Invalid)
}

/// A version as it is kept; the newest unless one is named.
///
/// # Errors
/// [`PolicyError::Missing`], and the ledger's.
pub async fn find(ledger: &Ledger, id: &str, version: Option<i64>) -> Result<Version, PolicyError> {
    let found = match ready_made(id) {
        Some(ready) => Some(ready).filter(|ready| version.is_none_or(|wanted| wanted == ready.version)),
        None => versions(ledger, id).await?.into_iter().find(|one| version.is_none_or(|v| v == one.version)),
    };
    found.ok_or_else(|| PolicyError::Missing { id: id.into(), version })
}

/// All versions of a policy, the newest first.
///
/// # Errors
/// The ledger's.
pub async fn versions(ledger: &Ledger, id: &str) -> Result<Vec<Version>, sqlx::Error> {
    if let Some(ready) = ready_made(id) {
        return Ok(vec![ready]);
    }
    let rows = sqlx::query(
        "SELECT policy, version, body, digest, note, author, made_at, approved_by, approved_at, alone, \
         signature FROM policy_version WHERE policy = $1 ORDER BY version DESC",
    );
    rows.bind(id).fetch_all(ledger.pool()).await?.iter().map(kept).collect()
}

/// Every version of every policy: the ready-made ones first, then by name, the newest version first.
///
/// # Errors
/// The ledger's.
pub async fn all(ledger: &Ledger) -> Result<Vec<Version>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT policy, version, body, digest, note, author, made_at, approved_by, approved_at, alone, \
         signature FROM policy_version ORDER BY policy, version DESC",
    );
    let rows = rows.fetch_all(ledger.pool()).await?;
    ready::names().filter_map(ready_made).map(Ok).chain(rows.iter().map(kept)).collect()
}

/// One that comes with the program, also with options added to its name.
fn ready_made(id: &str) -> Option<Version> {
    let document = ready::policy(id).ok()?;
    let text = ready::text(id).map_or_else(|| document.to_toml(), Into::into);
    let version = i64::from(document.version);
    let digest = document.compile().ok()?.digest().to_owned();
    let (note, made) = (String::new(), None);
    Some(Version { id: id.into(), version, text, digest, note, made, state: State::ReadyMade })
}

fn kept(row: &AnyRow) -> Result<Version, sqlx::Error> {
    let approved_by: String = row.try_get(7)?;
    let state = if approved_by.is_empty() {
        State::Draft
    } else {
        let at = Timestamp::from_micros(row.try_get(8)?);
        State::Approved {
            by: approved_by,
            at,
            alone: row.try_get::<i64, _>(9)? == 1,
            signature: row.try_get(10)?,
        }
    };
    Ok(Version {
        id: row.try_get(0)?,
        version: row.try_get(1)?,
        text: row.try_get(2)?,
        digest: row.try_get(3)?,
        note: row.try_get(4)?,
        made: Some((row.try_get(5)?, Timestamp::from_micros(row.try_get(6)?))),
        state,
    })
}

/// Keeps the first version of a policy under the id that its document bears.
///
/// # Errors
/// [`PolicyError`] if the document is not valid or the id is taken.
pub(crate) async fn create(
    ledger: &Ledger,
    text: &str,
    note: &str,
    by: &str,
) -> Result<Version, PolicyError> {
    let (document, _) = wording::read(text).map_err(PolicyError::Invalid)?;
    let id = document.id.clone();
    wording::check_id(&id).map_err(PolicyError::Invalid)?;
    if ready_made(&id).is_some() {
        return Err(PolicyError::ReadyMade(id));
    }
    keep(ledger, &document, text, 1, (note, by)).await?.map_err(|_| PolicyError::Taken(id))
}

/// Keeps the next version of a policy, if the one that was seen is still the last.
///
/// # Errors
/// [`PolicyError`] if the document is not valid or somebody was faster.
pub(crate) async fn next(
    ledger: &Ledger,
    id: &str,
    seen: i64,
    text: &str,
    note: &str,
    by: &str,
) -> Result<Version, PolicyError> {
    if ready_made(id).is_some() {
        return Err(PolicyError::ReadyMade(id.into()));
    }
    let last = find(ledger, id, None).await?.version;
    if last != seen {
        return Err(PolicyError::Changed(last));
    }
    let (mut document, _) = wording::read(text).map_err(PolicyError::Invalid)?;
    id.clone_into(&mut document.id);
    keep(ledger, &document, text, seen + 1, (note, by)).await?.map_err(|()| PolicyError::Changed(seen + 1))
}

/// Writes a version down; the inner error says that there is one of this number.
async fn keep(
    ledger: &Ledger,
    document: &Document,
    text: &str,
    version: i64,
    (note, by): (&str, &str),
) -> Result<Result<Version, ()>, PolicyError> {
    let number = u32::try_from(version).unwrap_or(u32::MAX);
    let text = wording::numbered(text, &document.id, number).map_err(PolicyError::Invalid)?;
    let (document, policy) = wording::read(&text).map_err(PolicyError::Invalid)?;
    let (id, digest, now) = (document.id, policy.digest().to_owned(), Timestamp::now());
    let mut tx = ledger.write().await?;
    let written = sqlx::query(
        "INSERT INTO policy_version (policy, version, body, digest, note, author, made_at, approved_by, \
         approved_at, alone) VALUES ($1, $2, $3, $4, $5, $6, $7, '', 0, 0) ON CONFLICT DO NOTHING",
    );
    let written = written.bind(&id).bind(version).bind(&text).bind(&digest).bind(note).bind(by);
    let written = written.bind(now.as_micros()).execute(&mut *tx).await?.rows_affected();
    tx.commit().await?;
    if written == 0 {
        return Ok(Err(()));
    }
    let (note, made) = (note.to_owned(), Some((by.to_owned(), now)));
    Ok(Ok(Version { id, version, text, digest, note, made, state: State::Draft }))
}
