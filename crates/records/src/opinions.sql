-- What a text model said of the findings of a reading. The rules' reading is the one that is searched.
CREATE TABLE report_opinion (
    record BIGINT NOT NULL,
    version BIGINT NOT NULL,
    engine {text} NOT NULL,
    lexicon {text} NOT NULL,
    digest {text} NOT NULL,
    model {text} NOT NULL,
    made_at BIGINT NOT NULL,
    content {text} NOT NULL,
    PRIMARY KEY (record, version, engine, lexicon, digest)
) {clustered};

-- On how many findings of its newest version rules and model differ; reports on which they agree are not here.
CREATE TABLE report_dispute (
    record BIGINT PRIMARY KEY,
    digest {text} NOT NULL,
    disputes BIGINT NOT NULL
);
CREATE INDEX report_dispute_by_number ON report_dispute (digest, disputes);
