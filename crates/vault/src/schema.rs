//! The tables. What identifies is in columns named `sealed…`; those named `found_by` are keyed hashes.

use crate::VaultError;
use crate::seal::Seal;
use crate::{requests, subjects, uids};
use store::{Ledger, MigrateError, Migration, WriteTx};

const TABLES: &str = "
CREATE TABLE vault_key (one BIGINT PRIMARY KEY CHECK (one = 1), sealed TEXT NOT NULL);
CREATE TABLE vault_project (project {text} PRIMARY KEY, sealed TEXT NOT NULL);
CREATE TABLE vault_subject (
    project {text} NOT NULL,
    code {text} NOT NULL,
    found_by {text} NOT NULL,
    sealed TEXT NOT NULL,
    sealed_known TEXT,
    generation BIGINT NOT NULL,
    PRIMARY KEY (project, code),
    UNIQUE (project, found_by)
);
CREATE INDEX vault_subject_found_by ON vault_subject (found_by);
CREATE TABLE vault_uid (
    project {text} NOT NULL,
    uid {text} NOT NULL,
    code {text} NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (project, uid)
) {clustered};
CREATE INDEX vault_uid_code ON vault_uid (project, code);
CREATE TABLE vault_request (
    id {id},
    project {text} NOT NULL,
    code {text} NOT NULL,
    sealed_reason TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    answered_by TEXT,
    answered_at BIGINT,
    granted BIGINT,
    shown_at BIGINT
);";

pub(crate) async fn migrate(ledger: &Ledger) -> Result<(), MigrateError> {
    ledger.migrate("vault", &[Migration::both(1, TABLES)]).await
}

/// Seals every entry again; the number of entries.
pub(crate) async fn reseal(tx: &mut WriteTx, old: &Seal, new: &Seal) -> Result<u64, VaultError> {
    Ok(subjects::reseal(tx, old, new).await?
        + uids::reseal(tx, old, new).await?
        + requests::reseal(tx, old, new).await?)
}
