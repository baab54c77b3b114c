-- A record, or all that was under an identifier, belongs under another: of what was said before (A43 to A45).
CREATE TABLE record_move (
    gone BIGINT NOT NULL,
    source {text} NOT NULL,
    seq BIGINT NOT NULL,
    said_at BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    system {text} NOT NULL,
    value {text} NOT NULL,
    PRIMARY KEY (gone, source, seq)
) {clustered};
CREATE INDEX record_move_by_source ON record_move (source);

-- What people decided of links, by the names of records: it stands whenever the records do.
CREATE TABLE record_decision (
    kind {text} NOT NULL,
    value {text} NOT NULL,
    system {text} NOT NULL,
    study {text} NOT NULL,
    to_kind {text} NOT NULL,
    to_value {text} NOT NULL,
    to_system {text} NOT NULL,
    linked BIGINT NOT NULL,
    decided_by {text} NOT NULL,
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (kind, value, system, study, to_kind, to_value, to_system)
) {clustered};
CREATE INDEX record_decision_by_other ON record_decision (to_kind, to_value, to_system);

-- Records that a source that is read again spoke of.
CREATE TABLE record_again (source {text} NOT NULL, record BIGINT NOT NULL, PRIMARY KEY (source, record)) {clustered};

-- Versions of reports that nobody has read with the present engine and lexicon.
CREATE TABLE record_unread (record BIGINT NOT NULL, version BIGINT NOT NULL, PRIMARY KEY (record, version)) {clustered};
