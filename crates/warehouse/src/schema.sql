-- Moments are microseconds since 1970. The facts themselves are files; here is what leads to them.

-- Buckets of patients whose rows must be made again.
CREATE TABLE fact_bucket (bucket BIGINT PRIMARY KEY, since BIGINT NOT NULL);

-- Which bucket an exam's rows were last written in.
CREATE TABLE fact_exam (study {text} PRIMARY KEY, bucket BIGINT NOT NULL);

-- Versions of all tables that belong together: {"exam": 7, …}.
CREATE TABLE fact_version (
    id {id},
    made_at BIGINT NOT NULL,
    tables TEXT NOT NULL
);

-- People who withdrew: no rows are made of them. `gone_at` says since when none is left in any version either.
CREATE TABLE fact_withdrawn (patient BIGINT PRIMARY KEY, since BIGINT NOT NULL, gone_at BIGINT);

-- What counts are protected with; it never leaves the server.
CREATE TABLE fact_key (name {text} PRIMARY KEY, value {text} NOT NULL);

CREATE TABLE cohort (
    id {text} PRIMARY KEY,
    name {text} NOT NULL,
    about TEXT NOT NULL,
    owner {text} NOT NULL,
    shared BIGINT NOT NULL DEFAULT 0,
    forked_from {text} NOT NULL DEFAULT '',
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE INDEX cohort_by_owner ON cohort (owner, changed_at);

-- What a cohort asked, each time it was kept.
CREATE TABLE cohort_version (
    cohort {text} NOT NULL,
    version BIGINT NOT NULL,
    definition TEXT NOT NULL,
    digest {text} NOT NULL,
    made_by {text} NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (cohort, version)
) {clustered};

-- Who was in it at one version of the facts. Members are a file of that name beside the tables; the files of the
-- version are in another.
CREATE TABLE cohort_frozen (
    id {text} PRIMARY KEY,
    cohort {text} NOT NULL,
    version BIGINT NOT NULL,
    facts BIGINT NOT NULL,
    definition TEXT NOT NULL,
    digest {text} NOT NULL,
    patients BIGINT NOT NULL,
    exams BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    made_by {text} NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX cohort_frozen_by_cohort ON cohort_frozen (cohort, made_at);
