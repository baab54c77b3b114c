-- Evidence of a project's de-identification. Nothing in it identifies.
CREATE TABLE project_evidence (
    id {id},
    project {text} NOT NULL,
    made_by {text} NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    scored BIGINT NOT NULL,
    state {text} NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    reason TEXT,
    ended_at BIGINT,
    policy TEXT,
    document TEXT,
    page TEXT,
    signature TEXT
);
CREATE INDEX project_evidence_project ON project_evidence (project, id);
