-- Moments are microseconds since 1970. Everything here is made again from the archive and the catalog.

-- A message or file as it came. `state`: reading, read, partly (something in it was refused), refused, part.
CREATE TABLE record_source (
    id {text} PRIMARY KEY,
    format {text} NOT NULL,
    file_name {text} NOT NULL,
    system {text} NOT NULL,
    door {text} NOT NULL,
    account {text} NOT NULL,
    received_at BIGINT NOT NULL,
    segment {text} NOT NULL,
    start BIGINT NOT NULL,
    length BIGINT NOT NULL,
    digest {text} NOT NULL,
    state {text} NOT NULL,
    title {text} NOT NULL DEFAULT '',
    control {text} NOT NULL DEFAULT '',
    sender {text} NOT NULL DEFAULT '',
    sent_at BIGINT,
    statements BIGINT NOT NULL DEFAULT 0,
    kept BIGINT NOT NULL DEFAULT 0,
    refused BIGINT NOT NULL DEFAULT 0,
    times BIGINT NOT NULL DEFAULT 1,
    reason {text} NOT NULL DEFAULT ''
);
CREATE INDEX record_source_by_time ON record_source (received_at, id);
CREATE INDEX record_source_by_state ON record_source (state, received_at);

-- What of a source became no statement.
CREATE TABLE record_left (
    source {text} NOT NULL,
    seq BIGINT NOT NULL,
    place {text} NOT NULL,
    why {text} NOT NULL,
    refused BIGINT NOT NULL,
    PRIMARY KEY (source, seq)
) {clustered};

-- An identifier of a person. Where two people were given the same one, the second has a `variant`: what tells
-- them apart. `person` is the connected component it is in.
CREATE TABLE person_identifier (
    id {id},
    system {text} NOT NULL,
    value {text} NOT NULL,
    variant {text} NOT NULL,
    kind {text} NOT NULL,
    person BIGINT NOT NULL,
    birth {text} NOT NULL DEFAULT '',
    name {text} NOT NULL DEFAULT '',
    sex {text} NOT NULL DEFAULT '',
    UNIQUE (value, system, variant)
);
CREATE INDEX person_identifier_by_person ON person_identifier (person);
CREATE INDEX person_identifier_by_birth ON person_identifier (birth);

-- What joins or parts two identifiers; the latest word on a pair holds, a person's word above all.
CREATE TABLE person_edge (
    low BIGINT NOT NULL,
    high BIGINT NOT NULL,
    said_at BIGINT NOT NULL,
    why {text} NOT NULL,
    joins BIGINT NOT NULL,
    source {text} NOT NULL,
    PRIMARY KEY (low, high, why, source, said_at)
) {clustered};
CREATE INDEX person_edge_by_high ON person_edge (high);

-- Of whom somebody must decide something. `state`: open, decided.
CREATE TABLE person_doubt (
    id {id},
    kind {text} NOT NULL,
    low BIGINT NOT NULL,
    high BIGINT NOT NULL,
    evidence {text} NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    state {text} NOT NULL,
    decision {text} NOT NULL DEFAULT '',
    decided_by {text} NOT NULL DEFAULT '',
    raised_at BIGINT NOT NULL,
    UNIQUE (kind, low, high)
);

-- What holds by now, of all that was said. `holder`: the identifier it is under.
CREATE TABLE record (
    id {id},
    kind {text} NOT NULL,
    holder BIGINT,
    status {text} NOT NULL DEFAULT '',
    state {text} NOT NULL DEFAULT '',
    title {text} NOT NULL DEFAULT '',
    begins BIGINT,
    ends BIGINT,
    version BIGINT NOT NULL DEFAULT 0,
    known_at BIGINT NOT NULL DEFAULT 0,
    content {text} NOT NULL DEFAULT '{}'
);
CREATE INDEX record_by_holder ON record (holder, kind, begins);
CREATE INDEX record_by_kind ON record (kind, begins, id);

CREATE TABLE record_key (
    kind {text} NOT NULL,
    value {text} NOT NULL,
    system {text} NOT NULL,
    record BIGINT NOT NULL,
    PRIMARY KEY (kind, value, system)
) {clustered};
CREATE INDEX record_key_by_record ON record_key (record);

-- Each thing that was said, for ever.
CREATE TABLE record_statement (
    source {text} NOT NULL,
    seq BIGINT NOT NULL,
    record BIGINT NOT NULL,
    holder BIGINT,
    place {text} NOT NULL,
    speaker {text} NOT NULL,
    said_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    told {text} NOT NULL,
    state {text} NOT NULL,
    content {text} NOT NULL,
    PRIMARY KEY (source, seq)
) {clustered};
CREATE INDEX record_statement_by_record ON record_statement (record, said_at);

-- What held from `known_at` on, until the next version.
CREATE TABLE record_version (
    record BIGINT NOT NULL,
    version BIGINT NOT NULL,
    known_at BIGINT NOT NULL,
    source {text} NOT NULL,
    state {text} NOT NULL,
    content {text} NOT NULL,
    PRIMARY KEY (record, version)
) {clustered};

-- What a record names that others name too: accession, study, placer, filler, visit, code.
CREATE TABLE record_mark (
    role {text} NOT NULL,
    value {text} NOT NULL,
    system {text} NOT NULL,
    record BIGINT NOT NULL,
    PRIMARY KEY (role, value, system, record)
) {clustered};
CREATE INDEX record_mark_by_record ON record_mark (record);

-- What linking needs to know of the catalog's exams.
CREATE TABLE record_exam (
    study {text} PRIMARY KEY,
    holder BIGINT,
    accession {text} NOT NULL,
    modalities {text} NOT NULL,
    words {text} NOT NULL,
    begins BIGINT,
    series BIGINT NOT NULL,
    instances BIGINT NOT NULL,
    title {text} NOT NULL
);
CREATE INDEX record_exam_by_holder ON record_exam (holder);
CREATE INDEX record_exam_by_accession ON record_exam (accession);

-- Which record belongs to which exam (`study`) or other record (`other`). `state`: linked, waiting, refused.
-- `decided_by` is empty while no person has spoken; then nothing changes it but a person.
CREATE TABLE record_link (
    id {id},
    kind {text} NOT NULL,
    record BIGINT NOT NULL,
    study {text} NOT NULL,
    other BIGINT NOT NULL,
    rule {text} NOT NULL,
    evidence {text} NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    state {text} NOT NULL,
    decided_by {text} NOT NULL DEFAULT '',
    decided_at BIGINT,
    UNIQUE (record, study, other)
);
CREATE INDEX record_link_by_study ON record_link (study);
CREATE INDEX record_link_by_other ON record_link (other);
CREATE INDEX record_link_by_state ON record_link (state, id);

-- What a version of a report says, as an engine with a lexicon read it.
CREATE TABLE record_reading (
    record BIGINT NOT NULL,
    version BIGINT NOT NULL,
    engine {text} NOT NULL,
    lexicon {text} NOT NULL,
    made_at BIGINT NOT NULL,
    content {text} NOT NULL,
    PRIMARY KEY (record, version, engine, lexicon)
) {clustered};

CREATE TABLE record_cursor (reader {text} PRIMARY KEY, position {text} NOT NULL);
