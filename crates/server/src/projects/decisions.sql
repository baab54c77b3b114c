-- What somebody decided about objects that the wall was in doubt about, and of which kind those are.
CREATE TABLE project_decision (
    id {id},
    project {text} NOT NULL,
    doubt {text} NOT NULL,
    sop_uid {text},
    kind TEXT,
    action {text} NOT NULL,
    boxes TEXT NOT NULL,
    note TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at BIGINT NOT NULL
);
CREATE INDEX project_decision_project ON project_decision (project, id);
ALTER TABLE project_withheld ADD COLUMN kind {text} NOT NULL DEFAULT '';
CREATE INDEX project_withheld_kind ON project_withheld (project, reason, kind);
