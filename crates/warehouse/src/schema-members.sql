-- Who is in which project, by an exam of the patient: the rows of `membership` are made of it. `only`: that exam alone.
-- No codes of subjects: beside an exam they would say who is who.
CREATE TABLE fact_member (
    project {text} NOT NULL,
    study {text} NOT NULL,
    title TEXT NOT NULL,
    only_this BIGINT NOT NULL,
    since BIGINT NOT NULL,
    left_project BIGINT NOT NULL,
    until BIGINT,
    consent TEXT NOT NULL,
    PRIMARY KEY (project, study)
);
CREATE INDEX fact_member_by_study ON fact_member (study);
