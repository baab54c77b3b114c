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

/// Brings the tables up to date.
pub(crate) async fn migrate(ledger: &Ledger) -> Result<(), MigrateError> {
    let steps = [
        Migration::both(1, ACCOUNTS),
        Migration::both(2, AUDIT),
        Migration::each(3, APPEND_ONLY_SQLITE, APPEND_ONLY_POSTGRES),
    ];
    ledger.migrate("govern", &steps).await
}
