-- Mapping tables of codes, as they came; made again from the archive. `state`: loading, active, superseded (a later
-- table of the same name holds instead).
CREATE TABLE code_set (
    id {text} PRIMARY KEY,
    name {text} NOT NULL,
    received_at BIGINT NOT NULL,
    account {text} NOT NULL,
    entries BIGINT NOT NULL DEFAULT 0,
    state {text} NOT NULL
);
CREATE TABLE code_entry (
    source_code {text} NOT NULL,
    source_system {text} NOT NULL,
    target_code {text} NOT NULL,
    target_system {text} NOT NULL,
    code_set {text} NOT NULL,
    display {text} NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT,
    PRIMARY KEY (source_code, source_system, target_code, target_system, code_set, valid_from)
) {clustered};
CREATE INDEX code_entry_by_target ON code_entry (target_code, target_system);
CREATE INDEX code_entry_by_set ON code_entry (code_set);
