-- Versions of people's work on an exam, each an instance that Isocenter made. `number` counts from 1 in
-- the series, `replaces` is the version before ('' if none), `changed` the tracking UIDs of what changed,
-- separated by spaces. An instance whose version was replaced has -1 as `deleted`: it is listed nowhere
-- else and stays.
CREATE TABLE work_version (
    sop_uid {text} PRIMARY KEY,
    study_uid {text} NOT NULL,
    series_uid {text} NOT NULL,
    account {text} NOT NULL,
    kind {text} NOT NULL,
    number BIGINT NOT NULL,
    replaces {text} NOT NULL,
    changed {text} NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX work_version_by_series ON work_version (study_uid, series_uid, number);
