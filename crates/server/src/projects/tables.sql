-- What the projects' workers have yet to do, and what the wall withheld. Codes and UIDs are the projects' own.
CREATE TABLE project_task (
    project {text} NOT NULL,
    code {text} NOT NULL,
    asked_at BIGINT NOT NULL,
    PRIMARY KEY (project, code)
);
CREATE TABLE project_withheld (
    project {text} NOT NULL,
    sop_uid {text} NOT NULL,
    code {text} NOT NULL,
    reason {text} NOT NULL,
    detail TEXT NOT NULL,
    modality TEXT NOT NULL,
    sop_class TEXT NOT NULL,
    generation BIGINT NOT NULL,
    withheld_at BIGINT NOT NULL,
    PRIMARY KEY (project, sop_uid)
);
CREATE INDEX project_withheld_code ON project_withheld (project, code);
CREATE INDEX project_withheld_reason ON project_withheld (project, reason);
-- By which policy and engine a project's catalog was filled.
CREATE TABLE project_filled (project {text} PRIMARY KEY, by_policy TEXT NOT NULL);
