-- Moments are microseconds since 1970. Studies, series and instances of originals stay in the ledger; what leaves
-- has those of the project.
CREATE TABLE release (
    id {text} PRIMARY KEY,
    asked TEXT NOT NULL,
    project {text} NOT NULL,
    frozen {text} NOT NULL,
    asked_by {text} NOT NULL,
    asked_at BIGINT NOT NULL,
    expires {text} NOT NULL,
    pinned TEXT NOT NULL,
    state {text} NOT NULL,
    ethics_type TEXT NOT NULL DEFAULT '',
    checks TEXT NOT NULL DEFAULT '[]',
    missing TEXT NOT NULL DEFAULT '[]',
    done BIGINT NOT NULL DEFAULT 0,
    total BIGINT NOT NULL DEFAULT 0,
    says TEXT NOT NULL DEFAULT '',
    package TEXT NOT NULL DEFAULT '',
    changed_at BIGINT NOT NULL
);
CREATE INDEX release_project ON release (project, asked_at);
CREATE TABLE release_decision (
    release {text} NOT NULL,
    decided_by {text} NOT NULL,
    decided_at BIGINT NOT NULL,
    approve BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (release, decided_by)
);
-- Every change of a release's state.
CREATE TABLE release_step (
    id {id},
    release {text} NOT NULL,
    stepped_at BIGINT NOT NULL,
    stepped_by {text} NOT NULL,
    was {text} NOT NULL,
    became {text} NOT NULL,
    why TEXT NOT NULL
);
CREATE INDEX release_step_release ON release_step (release, id);
-- Whom a release is about, as they are named inside and outside of it.
CREATE TABLE release_member (
    release {text} NOT NULL,
    patient BIGINT NOT NULL,
    study {text} NOT NULL,
    subject {text} NOT NULL,
    named {text} NOT NULL,
    PRIMARY KEY (release, patient, study)
);
CREATE INDEX release_member_patient ON release_member (patient);
CREATE INDEX release_member_study ON release_member (study);
-- The instances that its exams had when it was first made.
CREATE TABLE release_instance (
    release {text} NOT NULL,
    study {text} NOT NULL,
    sop {text} NOT NULL,
    PRIMARY KEY (release, study, sop)
);
CREATE TABLE release_file (
    release {text} NOT NULL,
    path {text} NOT NULL,
    size BIGINT NOT NULL,
    sha256 {text} NOT NULL,
    form {text} NOT NULL,
    subject {text} NOT NULL,
    study {text} NOT NULL,
    PRIMARY KEY (release, path)
);
CREATE TABLE release_receipt (
    id {id},
    release {text} NOT NULL,
    received_by {text} NOT NULL,
    began_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    files BIGINT NOT NULL
);
CREATE INDEX release_receipt_release ON release_receipt (release, id);
CREATE TABLE withdrawal (
    id {text} PRIMARY KEY,
    patient BIGINT NOT NULL,
    withdrawn_by {text} NOT NULL,
    withdrawn_at BIGINT NOT NULL,
    reason TEXT NOT NULL
);
CREATE TABLE withdrawal_step (
    withdrawal {text} NOT NULL,
    n BIGINT NOT NULL,
    place {text} NOT NULL,
    name TEXT NOT NULL,
    state {text} NOT NULL,
    says TEXT NOT NULL,
    done_by TEXT NOT NULL DEFAULT '',
    done_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (withdrawal, n)
);
