-- How much of the newest reading of a report's newest version is uncertain; `lot` draws samples: it has nothing to do with the
-- report but its number.
CREATE TABLE report_doubt (
    record BIGINT PRIMARY KEY,
    doubt BIGINT NOT NULL,
    lot BIGINT NOT NULL
);
CREATE INDEX report_doubt_by_doubt ON report_doubt (doubt, lot);
CREATE INDEX report_doubt_by_lot ON report_doubt (lot);

-- What a person says that a version of a report means, after looking at what an engine with a lexicon read. Nothing
-- changes or removes a row: the latest of a version holds.
CREATE TABLE report_check (
    record BIGINT NOT NULL,
    version BIGINT NOT NULL,
    said_at BIGINT NOT NULL,
    said_by {text} NOT NULL,
    engine {text} NOT NULL,
    lexicon {text} NOT NULL,
    content {text} NOT NULL,
    PRIMARY KEY (record, version, said_at, said_by)
) {clustered};
