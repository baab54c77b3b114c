-- Dates are numbers like 20260131 (0: none), times microseconds since midnight, moments microseconds
-- since 1970. `head` is the data set of the row's own attributes, explicit VR little endian, UTF-8.
-- `head_at` says when the instance arrived that `head` was taken from: the earliest wins, so that
-- rows don't depend on the order of indexing. `live` is 0 when nothing undeleted is left in it.

-- A patient is (Issuer of Patient ID, Patient ID). Without an ID nothing says that two exams are of
-- the same person, so each exam has a patient of its own: `stray` is its Study Instance UID then.
CREATE TABLE patient (
    id {id},
    patient_id {text} NOT NULL,
    issuer {text} NOT NULL,
    stray {text} NOT NULL,
    name_key {text} NOT NULL,
    name_other {text} NOT NULL,
    birth_date BIGINT NOT NULL,
    sex {text} NOT NULL,
    live BIGINT NOT NULL DEFAULT 0,
    head {bytes} NOT NULL,
    head_at BIGINT NOT NULL,
    UNIQUE (patient_id, issuer, stray)
);
CREATE INDEX patient_by_name ON patient (live, name_key, id);

CREATE TABLE study (
    id {id},
    uid {text} NOT NULL UNIQUE,
    patient BIGINT NOT NULL REFERENCES patient (id),
    patient_id {text} NOT NULL,
    issuer {text} NOT NULL,
    name_key {text} NOT NULL,
    name_other {text} NOT NULL,
    birth_date BIGINT NOT NULL,
    sex {text} NOT NULL,
    study_date BIGINT NOT NULL,
    study_time BIGINT,
    accession {text} NOT NULL,
    study_id {text} NOT NULL,
    description {text} NOT NULL,
    referring_key {text} NOT NULL,
    modalities {text} NOT NULL DEFAULT '',
    series_count BIGINT NOT NULL DEFAULT 0,
    instance_count BIGINT NOT NULL DEFAULT 0,
    live BIGINT NOT NULL DEFAULT 0,
    -- The day it is filed under in study_day; -1: not filed.
    filed BIGINT NOT NULL DEFAULT -1,
    search {text} NOT NULL,
    head {bytes} NOT NULL,
    head_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX study_by_patient ON study (patient);
CREATE INDEX study_by_patient_id ON study (patient_id);
CREATE INDEX study_by_accession ON study (accession);
CREATE INDEX study_by_name ON study (live, name_key, id);

-- The exams of a modality ('' for all) by day; the counts let a deep page be found without walking.
CREATE TABLE study_day (
    modality {text} NOT NULL,
    study_date BIGINT NOT NULL,
    study BIGINT NOT NULL,
    PRIMARY KEY (modality, study_date, study)
) {clustered};
CREATE TABLE day_count (
    modality {text} NOT NULL,
    study_date BIGINT NOT NULL,
    studies BIGINT NOT NULL,
    PRIMARY KEY (modality, study_date)
) {clustered};

-- Words of the patient's name, and after '~' how they sound.
CREATE TABLE study_token (
    token {text} NOT NULL,
    study BIGINT NOT NULL,
    PRIMARY KEY (token, study)
) {clustered};

-- A UID may stand in two exams by a sender's fault; then there are two series.
CREATE TABLE series (
    id {id},
    uid {text} NOT NULL,
    study BIGINT NOT NULL REFERENCES study (id),
    modality {text} NOT NULL,
    number BIGINT,
    description {text} NOT NULL,
    body_part {text} NOT NULL,
    pps_date BIGINT NOT NULL,
    pps_time BIGINT,
    instance_count BIGINT NOT NULL DEFAULT 0,
    live BIGINT NOT NULL DEFAULT 0,
    head {bytes} NOT NULL,
    head_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    UNIQUE (uid, study)
);
CREATE INDEX series_by_study ON series (study, number, id);
CREATE INDEX series_by_modality ON series (live, modality, id);

CREATE TABLE instance (
    id {id},
    sop_uid {text} NOT NULL UNIQUE,
    series BIGINT NOT NULL REFERENCES series (id),
    sop_class {text} NOT NULL,
    transfer_syntax {text} NOT NULL,
    number BIGINT,
    frames BIGINT,
    height BIGINT,
    width BIGINT,
    bits BIGINT,
    digest {text} NOT NULL,
    segment {text} NOT NULL,
    position BIGINT NOT NULL,
    length BIGINT NOT NULL,
    data_set_at BIGINT NOT NULL,
    pixel_data_at BIGINT,
    received_at BIGINT NOT NULL,
    deleted BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX instance_by_series ON instance (series, id);

-- Distinct values of all attributes of a series, one line each; see `facts`.
CREATE TABLE fact (
    id {id},
    series BIGINT NOT NULL,
    facts TEXT NOT NULL
);
CREATE INDEX fact_by_series ON fact (series, id);

-- Which door brought an exam, by whom.
CREATE TABLE exam_source (
    study BIGINT NOT NULL,
    door {text} NOT NULL,
    account {text} NOT NULL,
    peer {text} NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    instances BIGINT NOT NULL,
    PRIMARY KEY (study, door, account, peer)
) {clustered};

-- Another file under a SOP Instance UID that is held already.
CREATE TABLE conflict (
    id {id},
    sop_uid {text} NOT NULL,
    digest {text} NOT NULL,
    series_uid {text} NOT NULL,
    study_uid {text} NOT NULL,
    segment {text} NOT NULL,
    position BIGINT NOT NULL,
    length BIGINT NOT NULL,
    door {text} NOT NULL,
    account {text} NOT NULL,
    peer {text} NOT NULL,
    received_at BIGINT NOT NULL,
    UNIQUE (sop_uid, digest)
);
CREATE INDEX conflict_by_series ON conflict (series_uid);

-- state: open, retried, discarded.
CREATE TABLE quarantine (
    id {text} PRIMARY KEY,
    state {text} NOT NULL,
    reason {text} NOT NULL,
    detail TEXT NOT NULL,
    sop_class {text} NOT NULL,
    sop_uid {text} NOT NULL,
    digest {text} NOT NULL,
    segment {text} NOT NULL,
    position BIGINT NOT NULL,
    length BIGINT NOT NULL,
    source TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    decided_by {text},
    decided_at BIGINT
);
CREATE INDEX quarantine_by_time ON quarantine (state, received_at, id);
CREATE INDEX quarantine_by_digest ON quarantine (digest);

CREATE TABLE attachment (
    id {text} PRIMARY KEY,
    subject {text} NOT NULL,
    subject_id {text} NOT NULL,
    file_name {text} NOT NULL,
    media_type {text} NOT NULL,
    digest {text} NOT NULL,
    segment {text} NOT NULL,
    position BIGINT NOT NULL,
    length BIGINT NOT NULL,
    source TEXT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX attachment_by_subject ON attachment (subject, subject_id, received_at);

-- What was deleted, until it is purged or restored. series_uid and sop_uid are '' for wider scopes.
CREATE TABLE tombstone (
    id {id},
    event {text} NOT NULL UNIQUE,
    study_uid {text} NOT NULL,
    series_uid {text} NOT NULL,
    sop_uid {text} NOT NULL,
    account {text} NOT NULL,
    reason TEXT NOT NULL,
    deleted_at BIGINT NOT NULL,
    restored_at BIGINT,
    purged_at BIGINT
);
CREATE INDEX tombstone_by_study ON tombstone (study_uid, id);

CREATE TABLE catalog_cursor (
    reader {text} PRIMARY KEY,
    position TEXT NOT NULL
);
