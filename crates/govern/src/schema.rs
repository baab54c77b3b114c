//! The tables of this room.

use store::{Ledger, MigrateError, Migration};

const ACCOUNTS: &str = "
CREATE TABLE account (
    name {text} PRIMARY KEY,
    roles TEXT NOT NULL,
    password TEXT,
    oidc_issuer TEXT,
    oidc_subject TEXT,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    signed_in_at BIGINT
);
CREATE UNIQUE INDEX account_oidc ON account (oidc_issuer, oidc_subject);
CREATE TABLE session (
    hash {text} PRIMARY KEY,
    account {text} NOT NULL REFERENCES account (name) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account);
CREATE TABLE token (
    id {text} PRIMARY KEY,
    hash {text} NOT NULL UNIQUE,
    account {text} NOT NULL REFERENCES account (name) ON DELETE CASCADE,
    label TEXT NOT NULL,
    roles TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX token_account ON token (account);
CREATE TABLE sign_in_link (
    hash {text} PRIMARY KEY,
    account {text} NOT NULL REFERENCES account (name) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE TABLE oidc_flow (
    hash {text} PRIMARY KEY,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    next TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE TABLE peer (
    name {text} PRIMARY KEY,
    ae_title {text} NOT NULL,
    host TEXT,
    port BIGINT,
    tls BIGINT NOT NULL,
    networks TEXT NOT NULL,
    fingerprint TEXT,
    may_store BIGINT NOT NULL,
    may_query BIGINT NOT NULL,
    may_retrieve BIGINT NOT NULL
);
CREATE INDEX peer_ae_title ON peer (ae_title);";

/// A token may be for one exam alone.
const TOKENS_OF_EXAMS: &str = "ALTER TABLE token ADD COLUMN study TEXT;";

/// A project may require evidence of its de-identification.
const EVIDENCE: &str = "ALTER TABLE project ADD COLUMN needs_evidence BIGINT NOT NULL DEFAULT 0;";

/// How many approve what leaves a project, and how small a group may be in it.
const RELEASES: &str = "
ALTER TABLE project ADD COLUMN approvals BIGINT NOT NULL DEFAULT 1;
ALTER TABLE project ADD COLUMN smallest_group BIGINT NOT NULL DEFAULT 5;";

/// When a subject left.
const LEFT: &str = "ALTER TABLE project_subject ADD COLUMN left_at BIGINT;";

/// Projects; members are named as the audit log names them.
const PROJECTS: &str = "
CREATE TABLE project (
    id {text} PRIMARY KEY,
    title TEXT NOT NULL,
    protocol_number TEXT NOT NULL,
    description TEXT NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    terms TEXT NOT NULL,
    uses TEXT NOT NULL,
    needs_consent BIGINT NOT NULL,
    policy {text} NOT NULL,
    policy_version BIGINT NOT NULL,
    ae_title {text},
    closed BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX project_ae_title ON project (ae_title);
CREATE TABLE project_member (
    project {text} NOT NULL REFERENCES project (id),
    member {text} NOT NULL,
    role TEXT NOT NULL,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (project, member)
);
CREATE INDEX project_member_member ON project_member (member);
CREATE TABLE project_subject (
    project {text} NOT NULL REFERENCES project (id),
    code {text} NOT NULL,
    withdrawn BIGINT NOT NULL,
    enrolled_by TEXT NOT NULL,
    enrolled_at BIGINT NOT NULL,
    PRIMARY KEY (project, code)
);
CREATE TABLE project_consent (
    id {id},
    project {text} NOT NULL,
    code {text} NOT NULL,
    purpose {text} NOT NULL,
    granted BIGINT NOT NULL,
    said_by TEXT NOT NULL,
    said_at BIGINT NOT NULL
);
CREATE INDEX project_consent_code ON project_consent (project, code, purpose, id);";

/// The log and its head. The head's row is what writers of several processes take turns on.
const AUDIT: &str = "
CREATE TABLE audit (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    door TEXT NOT NULL,
    action TEXT NOT NULL,
    resources TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE TABLE audit_head (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO audit_head (one, seq, hash)
    VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');";

const APPEND_ONLY_SQLITE: &str = "
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;";

const APPEND_ONLY_POSTGRES: &str = "
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();";

const PEER_TERMS: &str = "
CREATE TABLE peer_terms (
    peer {text} PRIMARY KEY,
    index_from {text} NOT NULL,
    questions BIGINT NOT NULL,
    rate BIGINT NOT NULL,
    hours {text} NOT NULL
);";

/// Brings the tables up to date.
pub(crate) async fn migrate(ledger: &Ledger) -> Result<(), MigrateError> {
    let steps = [
        Migration::both(1, ACCOUNTS),
        Migration::both(2, AUDIT),
        Migration::each(3, APPEND_ONLY_SQLITE, APPEND_ONLY_POSTGRES),
        Migration::both(4, TOKENS_OF_EXAMS),
        Migration::both(5, PROJECTS),
        Migration::both(6, EVIDENCE),
        Migration::both(7, RELEASES),
        Migration::both(8, PEER_TERMS),
        Migration::both(9, LEFT),
    ];
    ledger.migrate("govern", &steps).await
}
